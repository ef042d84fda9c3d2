# SPDX-License-Identifier: LGPL-2.1-or-later
"""kerf reel as a script sees it: real voices, real fonts, real pictures."""
import json
import os
import subprocess
import sys
import wave

from harness import check, equal, kerf, main

SMALL = {"resolution": "270x480"}


def write_voice(name, milliseconds):
    with wave.open(name, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48000)
        file.writeframes(b"\x00\x10\x00\xf0" * (48000 * milliseconds // 2000))


def write_config(config, name="reel.json"):
    with open(name, "w", encoding="utf-8") as file:
        json.dump({"videoSettings": SMALL} | config, file)
    return name


def read_json(name):
    with open(name, encoding="utf-8") as file:
        return json.load(file)


def pixels(name):
    done = subprocess.run(["ffmpeg", "-v", "error", "-i", name, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"],
                          capture_output=True, check=True)
    return done.stdout


def pixel(data, x, y, width=270):
    return tuple(data[3 * (y * width + x):][:3])


def close(got, expected, what):
    check(all(abs(a - b) <= 3 for a, b in zip(got, expected)), f"{what}: {got}, expected {expected}")


def chat(*texts, **more):
    return {"messages": [{"sender": "me" if i % 2 else "Anna", "text": text} for i, text in enumerate(texts)]} | more


def test_voices_give_the_times():
    write_voice("a.wav", 1410)
    config = chat("Hello", "Hi")
    config["messages"][0]["audio"] = "a.wav"
    done = kerf("reel", write_config(config), "-o", "film.json", "--overwrite")
    equal(done.code, 0, f"{done}")
    done = kerf("check", "film.json")
    check("270x480, 30 frames/s, 3.433 s" in done.out, done)
    film = read_json("film.json")
    sequences = {s["id"]: s for s in film["sequences"]}
    voice = next(t for t in sequences["main"]["tracks"] if t["name"] == "voice")
    equal(voice["clips"][0]["duration"], 1.41, "length of the voice")
    equal(sequences["chat"]["tracks"][1]["clips"][-1]["name"], "me: Hi", "the second message")


def test_a_frame_shows_the_bubbles():
    done = kerf("reel", write_config(chat("Hello there", "Hi, how are you?")), "--at", "3.9", "-o", "frame.png", "--overwrite")
    equal(done.code, 0, f"{done}")
    data = pixels("frame.png")
    # at a quarter of 1080 px: bubbles begin 58 + 7.5 px from the top, 11 from the sides, and are 28 high
    close(pixel(data, 20, 76), (233, 233, 235), "the bubble on the left, beside its text")
    close(pixel(data, 252, 112), (10, 124, 255), "the bubble on the right")
    close(pixel(data, 200, 76), (254, 254, 255), "nothing beside the one on the left")
    check(pixel(data, 200, 300)[2] > 244, "the background below")


def test_the_video_is_as_the_config_asks():
    write_voice("a.wav", 700)
    config = chat("One", "Two", animationSettings={"messageAnimationType": "pop"},
                  videoSettings=SMALL | {"fps": 25, "quality": "low"})
    config["messages"][1] |= {"audio": "a.wav"}
    done = kerf("reel", write_config(config), "-o", "out.mp4", "--overwrite", "-q")
    equal(done.code, 0, f"{done}")
    probe = subprocess.run(["ffprobe", "-v", "error", "-of", "json", "-show_streams", "out.mp4"], capture_output=True, text=True,
                           check=True)
    video, audio = json.loads(probe.stdout)["streams"]
    equal([video[k] for k in ("codec_name", "width", "height", "avg_frame_rate", "color_space", "color_range", "nb_frames")],
          ["h264", 270, 480, "25/1", "bt709", "tv", "68"], "video")
    equal([audio[k] for k in ("codec_name", "sample_rate", "channels")], ["aac", "48000", 2], "audio")


def test_frames_at_rest_repeat():
    done = kerf("reel", write_config(chat("One", "Two", "Three")), "--hash", "frames", "-q")
    equal(done.code, 0, f"{done}")
    pictures = [line.split()[1] for line in done.out.splitlines()]
    equal(len(pictures), 180, "frames")
    changes = sum(a != b for a, b in zip(pictures, pictures[1:]))
    check(20 <= changes <= 3 * 15, f"{changes} of 180 frames differ from the one before")


def test_a_project_is_edited_like_any_other():
    done = kerf("reel", write_config(chat("One")), "-o", "one.kerf", "--overwrite")
    equal(done.code, 0, f"{done}")
    done = kerf("list", "one.kerf")
    check("chat" in done.out and "header" in done.out and "background" in done.out, done)
    done = kerf("list", "one.kerf", "--sequence", "chat")
    check("Anna: One" in done.out, done)


# ---- What templates look like ----

TEMPLATES = ["modern-light", "modern-dark", "meadow", "aurora", "workspace", "terminal", "comic", "glass"]
GOLDENS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "reel")
SHAPE = (54, 96)


def draw_small(template):
    config = chat("Are you coming tonight?", "Yes! Just leaving the office now", "And maybe some ice, the freezer gave up on us",
                  template=template, chatOverlay={"showStatusBar": True, "readMarks": True})
    done = kerf("reel", write_config(config | {"videoSettings": {"resolution": "432x768"}}), "--at", "5.9", "-o", "big.png", "--overwrite")
    equal(done.code, 0, f"{done}")
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", "big.png", "-vf", f"scale={SHAPE[0]}:{SHAPE[1]}:flags=area", f"{template}.png"],
                   check=True)
    return pixels(f"{template}.png")


def test_templates_look_as_they_did():
    """At an eighth of the size fonts hardly matter: places and colours do."""
    for template in TEMPLATES:
        data, golden = draw_small(template), pixels(os.path.join(GOLDENS, f"{template}.png"))
        difference = sum(abs(a - b) for a, b in zip(data, golden)) / len(golden)
        check(difference < 3, f"{template}: {difference:.2f} of 255 away from {GOLDENS}/{template}.png on average")


def test_a_smaller_picture_shows_the_same():
    """Outlines, icons and texts grow and shrink with the frame."""
    write_config(chat("Are you coming?", "Yes!", template="comic", videoSettings={"resolution": "432x768"},
                      chatOverlay={"showStatusBar": True}))
    for size, name in (("432x768", "whole.png"), ("216x384", "half.png")):
        done = kerf("reel", "reel.json", "--at", "3.9", "--size", size, "-o", name, "--overwrite")
        equal(done.code, 0, f"{done}")
    scale = ["-vf", "scale=54:96:flags=area"]
    small = [subprocess.run(["ffmpeg", "-v", "error", "-i", name, *scale, "-f", "rawvideo", "-pix_fmt", "gray", "-"],
                            capture_output=True, check=True).stdout for name in ("whole.png", "half.png")]
    worst = max(abs(a - b) for a, b in zip(*small))
    check(worst < 48, f"a pixel differs by {worst} of 255")


def test_errors_say_where_and_what():
    done = kerf("reel", write_config({"messages": [{"text": "a", "audio": "gone.wav"}]}), "-o", "x.json")
    equal(done.code, 4, f"{done}")
    check("reel.json:1: messages[0].audio: " in done.err and "gone.wav" in done.err, done)
    done = kerf("reel", write_config({"messages": [{"txt": "a"}]}), "-o", "x.json")
    equal(done.code, 3, f"{done}")
    check('messages[0].txt: unknown; did you mean "text"?' in done.err, done)
    done = kerf("reel", write_config({"messages": [{"text": "a", "image": "https://example.org/a.png"}]}), "-o", "x.json")
    equal(done.code, 3, f"{done}")
    check("remote files are not fetched" in done.err, done)
    done = kerf("reel", "reel.json", "-o", "x.json", "--allow-hosts", "example.org")
    equal(done.code, 7, f"{done}")
    check("messages[0].image" in done.err and "opens no connections" in done.err, done)


def test_a_missing_glyph_is_named():
    done = kerf("reel", write_config(chat("a \U000e1234 b")), "--at", "1", "-o", "glyph.png", "--overwrite")
    equal(done.code, 0, f"{done}")
    check("U+E1234" in done.err, done)
    done = kerf("reel", "reel.json", "-o", "glyph.json", "--overwrite")
    equal((done.code, done.err.count("U+E1234")), (0, 1), f"{done}")


def test_the_schema_is_printed():
    done = kerf("schema", "reel")
    equal(json.loads(done.out)["title"], "Kerf reel", "title")
    equal(kerf("schema", "rel").code, 1, "another word")


if __name__ == "__main__":
    sys.exit(main([value for name, value in list(globals().items()) if name.startswith("test_")]))
