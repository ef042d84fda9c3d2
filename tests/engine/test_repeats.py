# SPDX-License-Identifier: LGPL-2.1-or-later
"""Pictures that stay as they were are not composed, nor at a variable rate encoded, again: python3 test_repeats.py KERF
prints TAP."""
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cli"))
from harness import *  # noqa: E402,F403

RATE, FRAMES, SLIDES = 20, 80, (10, 45)
# A title that slides in within 0.25 s is elsewhere in five frames; what is off the picture moves unseen
MOVING = {frame + k for frame in SLIDES for k in range(1, 6)}


def title(start, y):
    keys = {"keys": [{"t": 0, "v": [-160, 0], "interp": "ease_out"}, {"t": 0.25, "v": [0, 0]}]}
    return {"clips": [{"gap": f"{start}f"},
                      {"generator": "title", "duration": f"{FRAMES - start}f", "transform": {"offset": keys},
                       "params": {"text": "Hey", "size": 30, "position": [80, y], "box": "whole",
                                  "box_color": "#3050ff"}}]}


def chat(**more):
    back = {"generator": "gradient", "duration": f"{FRAMES}f", "params": {"stops": [[0, "#102030"], [1, "#a0c0e0"]]}}
    tracks = [{"clips": [back]}] + [title(start, 50 + 60 * i) for i, start in enumerate(SLIDES)]
    return {"size": [160, 240], "rate": RATE, "tracks": tracks, **more}


def hashes(*arguments):
    done = kerf("render", "chat.json", "--null", "-q", "--hash", "frames", *arguments)
    check(done.code == 0, f"{' '.join(arguments)}: {done}")
    return [line.split()[1] for line in done.out.splitlines()]


def report(film, *arguments):
    done = kerf("render", write_film(film), "--progress", "json", "--overwrite", *arguments)
    check(done.code == 0, f"{' '.join(arguments)}: {done}")
    return json.loads(done.out.splitlines()[-1])


def packets(path):
    out = subprocess.run(["ffprobe", "-v", "error", "-select_streams", "v", "-show_entries", "packet=pts_time,flags",
                          "-of", "json", path], capture_output=True, text=True, check=True).stdout
    return sorted((float(p["pts_time"]), "K" in p["flags"]) for p in json.loads(out)["packets"])


def at_constant_rate(path):
    out = ffmpeg("-i", path, "-map", "0:v", "-vf", f"fps={RATE}", "-f", "framemd5", "-")
    return [line.split()[-1] for line in out.decode().splitlines() if not line.startswith("#")]


def test_repeated_frames_are_those_that_stay():
    done = report(chat(), "--null")
    check(done["repeated"] == FRAMES - 1 - len(MOVING), f"{done['repeated']} frames repeated")


def test_repeated_frames_are_what_they_would_be_alone():
    write_film(chat(), "chat.json")
    whole = hashes()
    check(len(whole) == FRAMES, f"{len(whole)} frames")
    changed = {i for i in range(1, FRAMES) if whole[i] != whole[i - 1]}
    check(changed == MOVING, f"frames that differ from the one before: {sorted(changed)}")
    for frame in (0, 9, 10, 11, 15, 16, 44, 50, 51, 79):
        alone = hashes("--range", f"{frame}f..{frame + 1}f")
        check(alone == [whole[frame]], f"frame {frame} is another alone")


def test_stills_and_slow_clips_repeat():
    make_clip("slow.mkv", 10, 5, "-c:v", "ffv1")
    film = {"assets": {"a": "slow.mkv"}, "size": [64, 48], "rate": 20, "tracks": [{"clips": [{"asset": "a"}]}]}
    done = report(film, "--null")
    check(done["frames"] == 40 and done["repeated"] == 30, f"{done}")


def test_what_changes_does_not_repeat():
    film = chat()
    film["tracks"][0]["clips"][0]["effects"] = [{"effect": "grain", "amount": 0.2}]
    done = report(film, "--null")
    check(done["repeated"] == 0, f"{done['repeated']} frames of moving grain repeated")


def variable_gives_the_same(name, *how):
    report(chat(), "-o", "constant." + name, *how)
    done = report(chat(), "-o", "variable." + name, "--vfr", *how)
    check(done["frames"] == FRAMES, f"{done['frames']} frames of film")
    shown = packets("variable." + name)
    check(len(shown) < 40, f"{len(shown)} frames in the file")
    gaps = [b[0] - a[0] for a, b in zip(shown, shown[1:])]
    check(max(gaps) < 1.001, f"a frame shows for {max(gaps)} s")
    length = float(ffprobe("variable." + name)["format"]["duration"])
    check(abs(length - FRAMES / RATE) < 0.002, f"the file is {length} s long")
    check(at_constant_rate("variable." + name) == at_constant_rate("constant." + name), "other frames")
    return shown


def test_variable_rate_in_mkv():
    variable_gives_the_same("mkv", "--video-codec", "ffv1")


def test_variable_rate_in_mp4():
    if not has_encoder("libx264"):
        return "no libx264"
    variable_gives_the_same("mp4", "--video-codec", "h264", "--crf", "0")
    return None


def test_variable_rate_has_keyframes_by_time():
    if not has_encoder("libx264"):
        return "no libx264"
    film = chat(tracks=[{"clips": [{"generator": "solid", "duration": 30}]}])
    report(film, "-o", "long.mp4", "--preset", "stills")
    shown = packets("long.mp4")
    keys = [t for t, key in shown if key]
    check(len(shown) < 50 and len(keys) >= 3, f"{len(shown)} frames, keyframes at {keys}")
    check(max(b - a for a, b in zip(keys, keys[1:])) <= 13.6, f"keyframes at {keys}")
    return None


def test_variable_rate_needs_a_container_that_can():
    done = kerf("render", write_film(chat()), "-o", "chat.avi", "--vfr", "--video-codec", "mpeg4")
    check(done.code != 0 and "mkv" in done.err and not os.path.exists("chat.avi"), f"{done}")


if __name__ == "__main__":
    sys.exit(main([value for key, value in list(globals().items()) if key.startswith("test_")]))
