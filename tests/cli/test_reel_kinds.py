# SPDX-License-Identifier: LGPL-2.1-or-later
"""Kinds of reels beside the chat: captions, slideshow, quote: python3 test_reel_kinds.py KERF prints TAP."""
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import *  # noqa: E402,F403

WORDS = [{"text": "One", "start": 0.5}, {"text": "two", "start": 1}, {"text": "three.", "start": 1.5, "end": 2},
         {"text": "Four", "start": 2.2, "end": 2.5}, {"text": "five", "start": 4, "end": 4.4}]


def reel(config, *arguments):
    with open("reel.json", "w", encoding="utf-8") as file:
        json.dump(config, file)
    return kerf("reel", "reel.json", "--overwrite", *arguments)


def film_of(config):
    done = reel(config, "-o", "film.json")
    check(done.code == 0, f"{done}")
    with open("film.json", encoding="utf-8") as file:
        return json.load(file)


def main_sequence(film):
    return next(s for s in film.get("sequences", [film]) if s.get("id", "main") == "main")


def seconds(value):
    if isinstance(value, str):
        return int(value[:-1]) / 30 if value.endswith("f") else float(value)
    return value


def clips(film, track):
    """(start, duration, clip) of the clips of tracks of this name; gaps count."""
    found = []
    for t in main_sequence(film)["tracks"]:
        at = 0
        for item in t["clips"] if t.get("name") == track else []:
            if "gap" in item:
                at += seconds(item["gap"])
            elif "transition" not in item:
                at = seconds(item.get("start", at))
                found.append((round(at, 3), round(seconds(item["duration"]), 3), item))
                at += seconds(item["duration"])
    return found


def said(film, word, color):
    return [(at, length) for at, length, clip in clips(film, "words")
            if clip["params"]["text"] == word and clip["params"].get("color", "#ffffff") == color]


def refused(config, *words):
    done = reel(config, "-o", "film.json")
    check(done.code != 0 and all(word in done.err for word in words), f"{json.dumps(config)}: {done}")


# ---- Captions ----

def test_words_turn_when_they_are_said():
    film = film_of({"template": "captions", "captions": {"uppercase": False}, "words": WORDS})
    check(said(film, "One", "#ffe14d") == [(0.5, 0.5)], f"One is said {said(film, 'One', '#ffe14d')}")
    check(said(film, "two", "#ffe14d") == [(1, 0.5)], f"two is said {said(film, 'two', '#ffe14d')}")
    check(said(film, "two", "#ffffff") == [(0.5, 0.5), (1.5, 0.7)], f"two else {said(film, 'two', '#ffffff')}")
    check(said(film, "Four", "#ffe14d") == [(2.2, 0.6)], "a sentence ends a page, and a silence")
    check(said(film, "five", "#ffffff") == [], "a page of one word")


def test_words_stand_beside_each_other():
    film = film_of({"template": "captions", "captions": {"uppercase": False, "position": "middle"}, "words": WORDS})
    place = {clip["params"]["text"]: clip["params"]["position"] for _, _, clip in clips(film, "words")}
    check(place["One"][0] < place["two"][0] < place["three."][0], f"{place}")
    check(place["One"][1] == place["two"][1] and abs(place["One"][1] - 960) < 60, f"{place}")


def test_right_to_left_words_go_left():
    words = [{"text": text, "start": i} for i, text in enumerate(("שלום", "עולם", "טוב"))]
    film = film_of({"template": "captions", "words": words})
    place = [clip["params"]["position"][0] for at, _, clip in clips(film, "words") if at == 0]
    check(place[0] > place[1] > place[2], f"{place}")


def test_styles():
    for style, boxes in (("box", 5), ("karaoke", 0), ("pop", 0), ("reveal", 0), ("none", 0)):
        film = film_of({"template": "captions", "captions": {"wordHighlight": style}, "words": WORDS})
        check(len(clips(film, "boxes")) == boxes, f"{style}: {len(clips(film, 'boxes'))} boxes")
        early = [c for at, _, c in clips(film, "words") if at == 0.5 and c["params"]["text"] == "TWO"]
        check(bool(early) == (style not in ("pop", "reveal")), f"{style}: two is there before it is said")


def write_files():
    with open("talk.srt", "w", encoding="utf-8") as file:
        file.write("1\n00:00:01,000 --> 00:00:02,000\nab <i>cdef</i>\n")
    with open("talk.vtt", "w", encoding="utf-8") as file:
        file.write("WEBVTT\n\n00:01.000 --> 00:03.000\nab <00:02.500>cdef\n")
    with open("talk.json", "w", encoding="utf-8") as file:
        json.dump({"segments": [{"words": [{"word": " ab", "start": 1, "end": 1.2}, {"word": " cdef", "start": 1.5}]}]},
                  file)


def test_words_from_files():
    write_files()
    for name, second in (("talk.srt", 1.4), ("talk.vtt", 2.5), ("talk.json", 1.5)):
        film = film_of({"template": "captions-karaoke", "captions": {"file": name}})
        lit = said(film, "cdef", "#ffffff")
        check(lit and lit[0][0] == second, f"{name}: cdef is said at {lit}")


def test_captions_over_a_video():
    ffmpeg("-f", "lavfi", "-i", "testsrc2=s=108x192:r=30:d=6", "-f", "lavfi", "-i", "sine=440:d=6", "-c:v", "libx264",
           "-preset", "ultrafast", "-c:a", "aac", "talk.mp4")
    film = film_of({"template": "captions", "captions": {"video": "talk.mp4"}, "words": WORDS})
    check(len(clips(film, "video")) == 1 and len(clips(film, "voice")) == 1, "a picture and a sound")
    done = reel({"template": "captions", "videoSettings": {"resolution": "108x192"}, "captions": {"video": "talk.mp4"},
                 "words": WORDS}, "-o", "out.mp4", "-q")
    length = float(ffprobe("out.mp4").get("format", {}).get("duration", 0))
    check(done.code == 0 and abs(length - 6) < 0.05, f"{length} s, {done}")


def test_captions_that_cannot_be():
    refused({"template": "captions"}, "no words")
    refused({"template": "captions", "words": [{"text": "a", "start": 2, "end": 1}]}, "words[0]", "ends before")
    refused({"template": "captions", "words": [{"txt": "a"}]}, "did you mean \"text\"")
    refused({"template": "captions", "captions": {"file": "none.srt"}}, "captions.file", "none.srt")
    refused({"template": "captions", "captions": {"file": "talk.srt"}, "words": WORDS}, "not both")


# ---- Slideshow ----

def make_pictures():
    for i, color in enumerate(("red", "green", "blue")):
        ffmpeg("-f", "lavfi", "-i", f"color={color}:s=160x120", "-frames:v", "1", f"{color}.png")
    return [{"image": "red.png", "caption": "Red"}, {"image": "green.png", "pan": "left"},
            {"image": "blue.png", "duration": 2, "transition": "none"}]


def test_slides_follow_each_other():
    film = film_of({"template": "slideshow", "slideshow": {"slideDuration": 3}, "slides": make_pictures()})
    shown = clips(film, "slides")
    check([(at, length) for at, length, _ in shown] == [(0, 3), (3, 3), (6, 2)], f"{shown}")
    track = next(t for t in main_sequence(film)["tracks"] if t.get("name") == "slides")
    joins = [item["transition"] for item in track["clips"] if "transition" in item]
    check(joins == ["dissolve"], f"transitions {joins}")
    keys = shown[1][2]["transform"]["offset"]["keys"]
    check(keys[0]["v"][0] > 0 > keys[1]["v"][0] and seconds(keys[0]["t"]) == -0.4, f"a pan to the left: {keys}")
    check(len(clips(film, "captions")) == 1 and len(clips(film, "bands")) == 1, "one caption")


def test_slideshow_renders():
    for template in ("slideshow", "slideshow-card"):
        done = reel({"template": template, "videoSettings": {"resolution": "90x160", "fps": 30000 / 1001},
                     "slideshow": {"slideDuration": 1, "transitionDuration": 0.5}, "slides": make_pictures()},
                    "-o", "out.mp4", "-q")
        check(done.code == 0, f"{template}: {done}")
        pixel = ffmpeg("-ss", "0.3", "-i", "out.mp4", "-frames:v", "1", "-vf", "crop=2:2:45:60", "-pix_fmt", "rgb24", "-f",
                       "rawvideo", "-")
        check(pixel[0] > 200 and pixel[1] < 60, f"{template}: {list(pixel[:3])} is not red")


def test_slides_that_cannot_be():
    refused({"template": "slideshow"}, "slides")
    refused({"template": "slideshow", "slides": [{"caption": "x"}]}, "slides[0]", "image")
    refused({"template": "slideshow", "slides": [{"image": "red.png", "pan": "lefft"}]}, "did you mean \"left\"")


# ---- Quote ----

def test_lines_of_a_quote():
    text = "A short line\nand one more"
    film = film_of({"template": "quote-paper", "quote": {"text": text, "author": "Somebody"}})
    lines = clips(film, "line 1") + clips(film, "line 2")
    check([c["params"]["text"] for _, _, c in lines] == text.split("\n"), f"{lines}")
    check(lines[0][0] == 0 < lines[1][0] < clips(film, "author")[0][0], "one after the other")
    y = [c["params"]["position"][1] for _, _, c in lines]
    check(y[0] < y[1] and all(v == int(v) for v in y), f"baselines {y}")


def test_a_long_quote_becomes_smaller():
    def size(text):
        return clips(film_of({"template": "quote-bold", "quote": {"text": text}}), "line 1")[0][2]["params"]["size"]
    check(size("Less") == 108 and size("more " * 120) < 80, "sizes")


def test_a_quote_needs_a_text():
    refused({"template": "quote-paper"}, "text")


def test_schema_has_the_kinds():
    done = kerf("schema", "reel")
    for word in ("captions", "words", "slideshow", "slides", "quote", "quote-night"):
        check(f'"{word}"' in done.out, f"the schema does not say {word}")


if __name__ == "__main__":
    sys.exit(main([value for key, value in list(globals().items()) if key.startswith("test_")]))
