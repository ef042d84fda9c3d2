# SPDX-License-Identifier: LGPL-2.1-or-later
"""kerf convert as a script sees it, and films of other editors given to other commands."""
import json
import os
import sys

from harness import check, equal, kerf, main, write_film

FILM = {"sequences": [
    {"id": "cut", "rate": 25, "size": [64, 48], "tracks": [{"clips": [
        {"generator": "solid", "duration": "50f", "params": {"color": "#ff0000"}, "name": "red", "opacity": 0.5},
        {"transition": "wipe", "duration": "10f"},
        {"generator": "solid", "duration": "25f", "params": {"color": "#0000ff"}, "name": "blue"}]}]},
    {"id": "other", "rate": 24, "size": [64, 48], "tracks": [{"clips": [
        {"generator": "solid", "duration": "7f", "params": {"color": "#00ff00"}, "name": "green"}]}]}]}


def test_a_film_goes_to_otio_and_back():
    film = write_film(FILM)
    done = kerf("convert", film, "cut.otio", "--overwrite")
    equal(done.code, 0, f"{done}")
    check("differences when read back" in done.err and ", 0 diff" in done.err, done)
    with open("cut.otio", encoding="utf-8") as file:
        timeline = json.load(file)
    equal(timeline["OTIO_SCHEMA"], "Timeline.1", "schema")
    children = timeline["tracks"]["children"][0]["children"]
    equal([each["OTIO_SCHEMA"] for each in children], ["Clip.2", "Transition.1", "Clip.2"], "children")
    equal(children[0]["source_range"]["duration"]["value"], 50, "frames of the first clip")
    done = kerf("convert", "cut.otio", "back.json", "--overwrite")
    equal(done.code, 0, f"{done}")
    with open("back.json", encoding="utf-8") as file:
        clips = json.load(file)["sequences"][0]["tracks"][0]["clips"]
    equal(clips[0]["opacity"], 0.5, "opacity")
    equal(clips[1]["transition"], "wipe", "transition")
    equal(clips[2]["params"], {"color": "#0000ff"}, "parameters")


def test_the_report_names_each_loss_and_a_dry_run_writes_nothing():
    film = write_film(FILM)
    done = kerf("convert", film, "dry.otio", "--report=json", "--dry-run")
    equal(done.code, 0, f"{done}")
    losses = [json.loads(line) for line in done.out.splitlines()]
    check(any(loss["kind"] == "metadata" and "red" in loss["where"] and "opacity" in loss["what"] for loss in losses),
          losses)
    check(any(loss["kind"] == "changed" and "wipe" in loss["what"] for loss in losses), losses)
    check(any(loss["kind"] == "dropped" and loss["where"] == "other" for loss in losses), losses)
    check(not os.path.exists("dry.otio"), "a dry run wrote its file")
    plain = kerf("convert", film, "dry.otio", "--report", "--dry-run")
    check("write: metadata: cut / V1 / 00:00:00:00 red: " in plain.out, plain)
    check("not written: dry.otio" in plain.err, plain)


def test_another_sequence_can_be_written():
    done = kerf("convert", write_film(FILM), "other.otio", "--sequence", "other", "--overwrite")
    equal(done.code, 0, f"{done}")
    with open("other.otio", encoding="utf-8") as file:
        check('"green"' in file.read(), "the other sequence is not there")
    equal(kerf("convert", write_film(FILM), "x.otio", "--sequence", "nope").code, 3, "an unknown sequence")


def test_captions_become_titles_and_titles_captions():
    with open("in.srt", "w", encoding="utf-8") as file:
        file.write("1\n00:00:01,000 --> 00:00:02,000\nOne <i>two</i>\n\n2\n00:00:02,500 --> 00:00:03,000\nThree\n")
    done = kerf("convert", "in.srt", "titles.json", "--rate", "25", "--overwrite")
    equal(done.code, 0, f"{done}")
    with open("titles.json", encoding="utf-8") as file:
        clips = json.load(file)["sequences"][0]["tracks"][0]["clips"]
    equal([clip["params"]["text"] for clip in clips if "params" in clip], ["One <i>two</i>", "Three"], "texts")
    done = kerf("convert", "titles.json", "out.vtt", "--report", "--overwrite")
    equal((done.code, done.out), (0, ""), f"{done}")
    with open("out.vtt", encoding="utf-8") as file:
        equal(file.read(), "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nOne <i>two</i>\n\n"
                           "00:00:02.500 --> 00:00:03.000\nThree\n\n", "WebVTT")
    done = kerf("convert", write_film(FILM), "none.srt")
    equal(done.code, 7, f"a film without titles: {done}")


def test_relative_paths_lead_to_the_same_files():
    os.makedirs("there/deep", exist_ok=True)
    film = {"assets": {"a": {"path": "media/a b.mov", "offline": True}},
            "sequences": [{"id": "s", "name": "S", "rate": 25, "size": [64, 48], "tracks": [{"clips": [
                {"asset": "a", "duration": "50f"}]}]}]}
    done = kerf("convert", write_film(film), "there/deep/x.otio", "--overwrite")
    equal(done.code, 0, f"{done}")
    with open("there/deep/x.otio", encoding="utf-8") as file:
        clip = json.load(file)["tracks"]["children"][0]["children"][0]
    equal(clip["media_references"]["DEFAULT_MEDIA"]["target_url"], "../../media/a b.mov", "the URL")
    done = kerf("convert", "there/deep/x.otio", "back.json", "--overwrite")
    equal(done.code, 0, f"{done}")
    with open("back.json", encoding="utf-8") as file:
        equal(json.load(file)["assets"]["a"]["path"], "media/a b.mov", "the path")


def test_mistakes_have_their_codes():
    film = write_film(FILM)
    kerf("convert", film, "there.otio", "--overwrite")
    done = kerf("convert", film, "there.otio")
    equal(done.code, 8, f"a file that exists: {done}")
    equal(kerf("convert", film, "x.nothing").code, 7, "an unknown form")
    equal(kerf("convert", "missing.otio", "x.json").code, 4, "a missing source")
    equal(kerf("convert", film, "x.otio", "--report=xml").code, 1, "an unknown report")
    equal(kerf("convert", film).code, 1, "one argument")
    with open("broken.otio", "w", encoding="utf-8") as file:
        file.write('{"OTIO_SCHEMA": "Timeline.1", "tracks": ')
    equal(kerf("convert", "broken.otio", "x.json").code, 2, "a broken source")
    check(not os.path.exists("x.json"), "a failed conversion left a file")


def test_other_commands_take_other_forms():
    kerf("convert", write_film(FILM), "cut.otio", "--overwrite")
    done = kerf("check", "cut.otio")
    equal(done.code, 0, f"{done}")
    done = kerf("render", "cut.otio", "--null", "--hash", "frames", "-q")
    equal(done.code, 0, f"{done}")
    reference = kerf("render", write_film(FILM), "--null", "--hash", "frames", "-q")
    equal(done.out, reference.out, "hashes of frames")
    os.rename("cut.otio", "cut.unknown")  # told by its content
    equal(kerf("check", "cut.unknown").code, 0, "a film without its extension")



def test_source_timecode_is_no_difference():
    """An EDL counts from the label of the media's first frame; read back, it counts from 0."""
    asset = {"path": "a.mov", "offline": True, "timecode": {"start": "01:00:00:00", "rate": 25},
             "media": {"video": True, "duration": 100}}
    film = write_film({"size": [64, 36], "rate": 25, "assets": {"a": asset},
                       "tracks": [{"clips": [{"asset": "a", "in": 10, "out": 14}]}]}, "tc.json")
    done = kerf("convert", film, "tc.edl", "--report", "--overwrite")
    equal(done.code, 0, f"exit code ({done})")
    check("0 differences" in done.out + done.err, f"nothing differs ({done})")
    check("01:00:10:00 01:00:14:00" in open("tc.edl", encoding="utf-8").read(), "the labels")


if __name__ == "__main__":
    sys.exit(main([function for name, function in list(globals().items()) if name.startswith("test_")]))
