# SPDX-License-Identifier: LGPL-2.1-or-later
"""What renders write is what was asked for, and reads back: python3 test_output.py KERF prints TAP."""
import glob
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import *  # noqa: E402,F403

FLAT = {"generator": "solid", "duration": 0.4, "params": {"color": "#808080"}}
FILM = {"size": [64, 36], "rate": 25, "tracks": [
    {"clips": [{"generator": "bars", "duration": 0.4}]},
    {"kind": "audio", "clips": [{"asset": "tone", "duration": 0.4}]}], "assets": {"tone": "tone.wav"}}


def with_tone():
    if not os.path.exists("tone.wav"):
        ffmpeg("-f", "lavfi", "-i", "sine=440:r=48000:d=1", "-ac", "2", "tone.wav")
    return FILM


def streams(path):
    return {s["codec_type"]: s for s in ffprobe(path).get("streams", [])}


# ---- What is written ----

def test_presets():
    listed = json.loads(kerf("formats", "--json").out)
    names = [p["name"] for p in listed["presets"]]
    check(len(names) > 15, f"presets: {names}")
    render(with_tone(), "-o", "warm.mkv")
    for preset in listed["presets"]:
        name = preset["name"]
        out = f"p-{name}.{preset['container']}" if name != "png-sequence" else "p_%03d.png"
        done = kerf("render", "film.json", "-o", out, "--preset", name, "-q", "--size", "256x144", "--range", "..10f")
        if not check(done.code == 0, f"{name}: {done}"):
            continue
        shown = streams(out if name != "png-sequence" else sorted(glob.glob("p_*.png"))[0])
        check(shown, f"{name}: ffprobe cannot read {out}")
        if "video" in shown:
            equal((shown["video"]["width"], shown["video"]["height"]), (256, 144), name)
    done = kerf("render", "film.json", "-o", "small.mov", "--preset", "dnxhr-hq", "--size", "64x36")
    check(done.code == 7 and "256x120" in done.err, f"DNxHR has a least size: {done}")


def test_every_codec_and_container():
    """Each codec of `kerf formats` can be written, and each container with each of its codecs for sound."""
    listed = json.loads(kerf("formats", "--json").out)
    film = write_film(with_tone())
    seen = {"gif", "hevc", "av1", "vp9"}  # the presets write these
    for box in listed["containers"]:
        if box["name"] in ("png", "jpeg", "gif"):
            continue
        video = [codec for codec in box["video"] if codec not in seen]
        seen.update(video)
        sound = [codec for codec in box["audio"] if codec not in video]
        for codec in video:
            write_pair(film, f"v-{codec}.{box['name']}", "--video-codec", codec)
        for codec in sound:
            write_pair(film, f"a-{codec}.{box['name']}", "--video-codec", "none", "--audio-codec", codec)


def write_pair(film, out, *arguments):
    done = kerf("render", film, "-o", out, "-q", "--range", "..3f", "--size", "256x144", *arguments)
    if check(done.code == 0, f"{out}: {done}"):
        check(os.path.getsize(out) > 400, f"{out}: {os.path.getsize(out)} bytes")


def test_size_rate_range_and_format():
    render(with_tone(), "-o", "o.mkv", "--size", "128x72", "--rate", "30000/1001", "--range", "0.1..0.3",
           "--pixel-format", "yuv422p10", "--video-codec", "ffv1", "--audio-codec", "pcm_s24")
    shown = streams("o.mkv")
    video = shown["video"]
    equal((video["width"], video["height"], video["pix_fmt"]), (128, 72, "yuv422p10le"), "video")
    equal(video["r_frame_rate"], "30000/1001", "rate")
    equal(len(brightness("o.mkv", 128, 72)), 6, "frames")
    equal(len(samples("o.mkv")), 9600, "samples")
    render(FILM, "-o", "fit.mkv", "--size", "100x100", "--video-codec", "ffv1", "--pixel-format", "yuv444p")
    raw = ffmpeg("-i", "fit.mkv", "-frames:v", "1", "-pix_fmt", "gray", "-f", "rawvideo", "-")
    check(max(raw[:100 * 15]) < 20 and max(raw[100 * 50:100 * 51]) > 100, "another shape is not fitted")


def test_colour_tags():
    for name, path in (("mp4", "t.mp4"), ("mkv", "t.mkv"), ("mov", "t.mov")):
        render(with_tone(), "-o", path)
        video = streams(path)["video"]
        got = tuple(video.get(k) for k in ("color_space", "color_primaries", "color_transfer", "color_range"))
        equal(got, ("bt709", "bt709", "bt709", "tv"), name)


def test_gif():
    render(with_tone(), "-o", "o.gif")
    check(streams("o.gif")["video"]["codec_name"] == "gif", "codec")
    level = brightness("o.gif", *(streams("o.gif")["video"][k] for k in ("width", "height")))
    check(len(level) >= 4 and 60 < level[0] < 200, f"{level}")


def test_png_sequence():
    os.mkdir("png")
    render(with_tone(), "-o", "png/f_%03d.png", "--pixel-format", "rgba")
    names = sorted(os.path.basename(p) for p in glob.glob("png/*"))
    check(len(names) == 10 and names[1] > names[0], f"{names}")
    done = kerf("render", "film.json", "-o", "png/f_%03d.png", "-q")
    check(done.code == 8, f"there already: {done}")
    with open(f"png/{names[0]}", "rb") as file:
        check(file.read(8) == b"\x89PNG\r\n\x1a\n", "signature")


def test_sound_alone():
    render(with_tone(), "-o", "o.wav")
    equal(list(streams("o.wav")), ["audio"], "streams")
    values = samples("o.wav")
    equal(len(values), 19200, "samples")
    check(max(values) > 1000, "silence")
    render(FILM, "-o", "o.flac")
    check(samples("o.flac") == values, "FLAC differs from WAVE")


def test_same_file_twice():
    for name in ("one.mkv", "two.mkv"):
        render(with_tone(), "-o", name, "--video-codec", "ffv1", "--audio-codec", "flac")
    a, b = (ffmpeg("-i", n, "-f", "framemd5", "-") for n in ("one.mkv", "two.mkv"))
    check(a == b, "two renders differ")


# ---- What is printed ----

def test_progress():
    done = kerf("render", write_film(with_tone()), "-o", "pr.mkv", "--overwrite", "--progress", "json")
    lines = [json.loads(line) for line in done.out.splitlines()]
    check(lines[-1].get("done") is True and lines[-1]["frames"] == 10 and lines[-1]["samples"] == 19200, f"{lines[-1]}")
    check(all(line["frames"] == 10 for line in lines if line.get("stage") == "render"), f"{lines}")
    check(any(line.get("stage") == "render" for line in lines), "no progress")
    done = kerf("render", "film.json", "-o", "pr.mkv", "--overwrite", "--progress", "plain")
    check("10/10" in done.err and not done.out, f"plain: {done}")
    done = kerf("render", "film.json", "-o", "pr.mkv", "--overwrite", "--progress", "none", "-q")
    check(not done.out and not done.err, f"none: {done}")


def test_warnings_as_json():
    film = {"size": [32, 18], "rate": 25, "tracks": [{"clips": [
        {"generator": "title", "duration": 0.1, "params": {"text": "a", "font": "No \"Such\" \\ Font\n"}}]}]}
    done = kerf("render", write_film(film), "--null", "--progress", "json")
    lines = [json.loads(line) for line in done.out.splitlines()]
    check(any("warning" in line for line in lines), f"{done}")


def test_dry_run():
    done = kerf("render", write_film(with_tone()), "--dry-run")
    check(done.code == 0 and done.out.strip(), f"{done}")
    done = kerf("render", "film.json", "--dry-run", "--progress", "json", "-o", "dry.mkv")
    plan = json.loads(done.out)
    equal((plan["width"], plan["height"], plan["rate"]), (64, 36, "25/1"), "the plan's form")
    equal(len(plan["seconds"]), -(-plan["frames"] // 25), "seconds of the plan")
    equal((plan["seconds"][0]["at"], plan["seconds"][0]["generated"]), (0, 1), "the first second")
    check(not os.path.exists("dry.mkv"), "it wrote")


def test_descriptions():
    kinds = json.loads(kerf("effects", "--json").out)
    text = json.dumps(kinds)
    for name in ("blur", "dissolve", "title", "duck"):
        check(f'"{name}"' in text, f"no {name} in effects --json")
    one = json.loads(kerf("effects", "blur", "--json").out)
    check("radius" in json.dumps(one), f"{one}")
    check("radius" in kerf("effects", "blur").out, "text")
    formats = json.loads(kerf("formats", "--json").out)
    check({"containers", "presets"} <= set(formats), f"{list(formats)}")
    dv = {p["name"]: p for p in json.loads(kerf("presets", "--json").out)}["pal-dv"]
    equal((dv["size"], dv["rate"], dv["pixel_aspect"], dv["channels"]), ([720, 576], "25", "12/11", 2), "pal-dv")
    check("1080p29.97" in kerf("presets").out, "presets as text")
    schema = json.loads(kerf("schema").out)
    check(schema.get("$schema", "").endswith("2020-12/schema"), "schema")


def test_probe():
    make_clip("pr.mp4", 50, "30000/1001", "-c:v", "libx264", "-bf", "2")
    info = json.loads(kerf("probe", "--json", "--index", "pr.mp4").out)
    video = info["streams"][0]
    equal((video["width"], video["height"], video["rate"], video["frames"]), (WIDTH, HEIGHT, "30000/1001", 50), "video")
    with_tone()
    info = json.loads(kerf("probe", "--json", "--loudness", "tone.wav").out)
    check("lufs" in json.dumps(info).lower(), f"{info}")
    check("128x96" in kerf("probe", "pr.mp4").out, kerf("probe", "pr.mp4"))


def test_sync():
    ffmpeg("-f", "lavfi", "-i", "anoisesrc=r=48000:d=6:seed=7", "far.wav")
    ffmpeg("-ss", "1.25", "-i", "far.wav", "near.wav")
    answer = json.loads(kerf("sync", "--json", "far.wav", "near.wav").out)
    check(abs(answer["offset"] - 1.25) < 0.001 and answer["confidence"] > 0.5, f"{answer}")


# ---- kerf frame ----

def test_frame_times():
    make_clip("count.mp4", 150, "30000/1001", "-c:v", "libx264", "-bf", "2")
    film = write_film({"assets": {"a": "count.mp4"}, "size": [WIDTH, HEIGHT], "rate": "29.97", "tracks": [{"clips": [
        {"asset": "a", "start": "00:00:59;00", "in": 0, "duration": "140f"}]}]})
    for text, number in (("1770f", 0), ("1800f", 30), ("00:01:00;02", 30), ("00:00:59;29", 29), ("00:00:59:29", 29),
                         ("00:01:00:00", 30), ("60.06", 30), ("00:01:00.060", 30), ("1:00.060", 30), ("60.0601", 30),
                         ("60.0599", 29), ("1909f", 139)):
        done = kerf("frame", film, "--at", text, "-o", "at.png", "--overwrite")
        if check(done.code == 0, f"--at {text}: {done}"):
            equal(number_of(ffmpeg("-i", "at.png", "-pix_fmt", "gray", "-f", "rawvideo", "-")), number, f"--at {text}")
    for text in ("00:01:00;00", "00:01:00;01", "1910f", "-1f", "soon", "", "00:00:00:30", "00:61:00:00"):
        done = kerf("frame", film, f"--at={text}", "-o", "never.png")
        check(done.code in (1, 2, 3) and done.err.startswith("kerf: "), f"--at {text}: {done}")
    check(not os.path.exists("never.png"), "a picture was written")


def test_frame_files():
    write_film({"size": [64, 36], "rate": 25, "tracks": [{"clips": [FLAT]}]})
    for name in ("x.png", "x.jpg", "x.webp"):
        done = kerf("frame", "film.json", "--at", 0, "-o", name, "--size", "32x18")
        if done.code == 7:
            print(f"# {done.err.strip()}")
            continue
        if check(done.code == 0, f"{name}: {done}"):
            level = ffmpeg("-i", name, "-pix_fmt", "gray", "-f", "rawvideo", "-")
            check(len(level) == 32 * 18 and abs(sum(level) / len(level) - 128) < 3, f"{name}: {len(level)} {level[:4]}")
    done = kerf("frame", "film.json", "--at", 0, "-o", "x.tiff")
    check(done.code != 0 and "tiff" in done.err and "png" in done.err.lower(), f"{done}")


if __name__ == "__main__":
    sys.exit(main([value for key, value in list(globals().items()) if key.startswith("test_")]))
