# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every frame of a rendered film is the one that docs/film-format.md says: python3 test_exact.py KERF prints TAP.

Each clip's frames carry their numbers. One film per clip plays it in every way there is; what it should show is
computed here, with exact integers, from the words of the format."""
import bisect
import os
import random
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cli"))
from harness import *  # noqa: E402,F403

FLICKS = 705600000


def ceil_div(a, b):
    return -(-a // b)


class Rate:
    def __init__(self, text):
        num, _, den = text.partition("/")
        self.text, self.num, self.den = text, int(num), int(den or 1)

    def start(self, n):
        return ceil_div(n * self.den * FLICKS, self.num)

    def at(self, t):
        return t * self.num // (self.den * FLICKS)


class Source:
    """A clip: when its frames begin."""

    def __init__(self, path, rate, frames, times=None, first=0):
        self.path, self.rate, self.frames, self.first = path, Rate(rate), frames, first
        self.times = times or [self.rate.start(i) for i in range(frames)]

    def shown(self, t):
        return self.first + max(bisect.bisect_right(self.times, t) - 1, 0)


def sections(seed):
    """(keys of a clip, length in frames, source time of clip time t); one of each way to play."""
    def forward(r, t, first, speed=(1, 1)):
        return r.start(first) + t * speed[0] // speed[1]

    def backward(r, t, end, speed=(1, 1)):
        return r.start(end) - 1 - t * speed[0] // speed[1]

    def remap(r, t, keys):
        points = [(r.start(a), r.start(b)) for a, b in keys]
        for (t0, s0), (t1, s1) in zip(points, points[1:]):
            if t0 <= t < t1:
                return s0 + (t - t0) * (s1 - s0) // (t1 - t0)
        return points[-1][1]

    keys = [(0, 10), (20, 50), (30, 20)]
    yield {"in": "10f"}, 40, lambda r, t: forward(r, t, 10)
    yield {"in": "20f", "out": "60f", "reverse": True}, 40, lambda r, t: backward(r, t, 60)
    yield {"in": "0f", "speed": 2}, 25, lambda r, t: forward(r, t, 0, (2, 1))
    yield {"in": "30f", "speed": "1/2"}, 30, lambda r, t: forward(r, t, 30, (1, 2))
    yield {"in": "8f", "speed": "3/2"}, 21, lambda r, t: forward(r, t, 8, (3, 2))
    yield {"in": "8f", "out": "48f", "reverse": True, "speed": 2}, 20, lambda r, t: backward(r, t, 48, (2, 1))
    yield {"in": "12f", "out": "40f", "speed": -1}, 28, lambda r, t: backward(r, t, 40)
    yield {"freeze": "47f"}, 4, lambda r, t: forward(r, 0, 47)
    yield {"in": "5f", "out": "12f", "loop": True}, 30, lambda r, t: r.start(5) + t % (r.start(12) - r.start(5))
    yield {"remap": [{"t": f"{a}f", "source": f"{b}f"} for a, b in keys]}, 40, lambda r, t: remap(r, t, keys)
    rng = random.Random(seed)
    for _ in range(40):
        first, length = rng.randrange(50), rng.randrange(1, 5)
        yield {"in": f"{first}f"}, length, lambda r, t, first=first: forward(r, t, first)


def film_of(source, rate, asset=None):
    """The film and the numbers that its frames should show."""
    clips, expected = [], []
    for keys, length, mapped in sections(source.path):
        clip = {"asset": "a", **keys}
        if not ("out" in clip and "loop" not in clip):
            clip["duration"] = f"{length}f"
        clips.append(clip)
        expected += [source.shown(mapped(rate, rate.start(n))) for n in range(length)]
    whole = {"id": "inner", "size": [WIDTH, HEIGHT], "rate": rate.text, "tracks": [{"clips": clips}]}
    outer = {"id": "outer", "size": [WIDTH, HEIGHT], "rate": rate.text, "tracks": [{"clips": [
        {"sequence": "inner"}, {"sequence": "inner", "in": "7f", "duration": "20f"},
        {"sequence": "inner", "in": "30f", "out": "50f", "reverse": True}]}]}
    expected = expected + expected[7:27] + expected[30:50][::-1]
    return {"assets": {"a": asset or source.path}, "main": "outer", "sequences": [outer, whole]}, expected


def play(source, rate=None):
    film, expected = film_of(source, Rate(rate) if rate else source.rate)
    return same_numbers(rendered_numbers(film), expected, f"{source.path} in a film of {rate or source.rate.text}")


# ---- Clips ----

X264 = ("-c:v", "libx264", "-preset", "veryfast", "-crf", "26")
CLOSED = (*X264, "-g", "24", "-bf", "3", "-x264-params", "open-gop=0")
OPEN = (*X264, "-g", "24", "-bf", "3", "-x264-params", "open-gop=1:scenecut=0:b-adapt=0")
X265 = ("-c:v", "libx265", "-preset", "ultrafast", "-bf", "3")
FRAMES = 64


def clip(path, rate, *encoding, frames=FRAMES):
    make_clip(path, frames, rate, *encoding)
    return Source(path, rate, frames)


def play_clip(path, rate, *encoding):
    encoder = encoding[encoding.index("-c:v") + 1]
    if not has_encoder(encoder):
        return f"no {encoder} here"
    play(clip(path, rate, *encoding))
    return None


def test_h264_closed_gop_at_every_rate():
    for rate in ("24000/1001", "25", "30000/1001", "50", "60000/1001"):
        play(clip(f"closed-{rate.replace('/', '-')}.mp4", rate, *CLOSED))


def test_h264_open_gop():
    play(clip("open.mp4", "25", *OPEN))
    play(clip("open.ts", "25", *OPEN))


def test_one_group_of_pictures():
    play(clip("long.mov", "24", *X264, "-g", "1000", "-bf", "2"))


def test_matroska_rounds_its_times():
    for rate in ("24", "24000/1001", "30", "30000/1001", "60000/1001", "60"):
        play(clip(f"rounded-{rate.replace('/', '-')}.mkv", rate, *OPEN))


def test_transport_stream_rounds_its_times():
    play(clip("rounded.ts", "24000/1001", *CLOSED))
    play(clip("rounded-5994.ts", "60000/1001", *CLOSED))


def test_coarse_time_scale():
    play(clip("coarse.mov", "24000/1001", *CLOSED, "-video_track_timescale", "600"))


def test_hevc():
    return play_clip("hevc.mp4", "25", *X265, "-g", "24", "-x265-params", "log-level=none:open-gop=1:keyint=24")


def test_vp9():
    return play_clip("vp9.webm", "30", "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-g", "30",
                     "-auto-alt-ref", "1", "-lag-in-frames", "16", "-b:v", "500k")


def test_av1():
    return play_clip("av1.mp4", "25", "-c:v", "libsvtav1", "-preset", "12", "-crf", "35", "-g", "20")


def test_prores():
    return play_clip("prores.mov", "24000/1001", "-c:v", "prores_ks", "-pix_fmt", "yuv422p10le", "-qscale:v", "11")


def test_variable_rate():
    times, t = [], 0
    for i in range(FRAMES):
        times.append(t)
        t += (17, 40, 33, 8, 102)[i % 5]
    select = "settb=1/1000,setpts='200*floor(N/5)" + "".join(
        f"+if(eq(mod(N,5),{i}),{times[i]},0)" for i in range(5)) + "'"
    for path in ("vfr.mp4", "vfr.mkv"):
        make_clip(path, FRAMES, "25", "-vf", select, "-vsync", "passthrough", "-enc_time_base", "1/1000", *OPEN)
        play(Source(path, "25", FRAMES, [x * FLICKS // 1000 for x in times]))


def test_edit_list():
    make_clip("whole.mp4", FRAMES + 30, "25", *CLOSED)
    ffmpeg("-ss", "1.2", "-i", "whole.mp4", "-c", "copy", "edit.mp4")
    play(Source("edit.mp4", "25", FRAMES, first=30))


def test_film_of_another_rate():
    source = clip("other.mp4", "30000/1001", *CLOSED, frames=80)
    for rate in ("25", "60000/1001", "24"):
        play(source, rate)


def test_numbered_pictures():
    os.mkdir("shots")
    make_clip("shots/s_%04d.png", FRAMES, "25", "-start_number", "17")
    source = Source("shots/s_%04d.png", "25", FRAMES)
    film, expected = film_of(source, source.rate, {"path": source.path, "rate": 25})
    same_numbers(rendered_numbers(film), expected, source.path)


def test_range_shows_the_same_frames():
    film, expected = film_of(clip("range.mp4", "25", *OPEN), Rate("25"))
    same_numbers(rendered_numbers(film, "--range", "33f..90f"), expected[33:90], "--range 33f..90f")
    same_numbers(rendered_numbers(film, "--rate", "50"), [n for n in expected for _ in (0, 1)], "--rate 50")


def test_drop_frame_times():
    """01:00;02 is the 1800th frame at 29.97; a clip cut by labels starts there."""
    source = clip("df.mp4", "30000/1001", *CLOSED)
    film = {"assets": {"a": source.path}, "size": [WIDTH, HEIGHT], "rate": "29.97", "drop_frame": True,
            "tracks": [{"clips": [{"asset": "a", "start": "00:01:00;02", "in": "00:00:01;05", "duration": 1}]}]}
    numbers = rendered_numbers(film, "--range", "00:00:59;28..00:01:00;10")
    same_numbers(numbers, [0, 0] + list(range(35, 43)), "around the minute")


if __name__ == "__main__":
    sys.exit(main([value for key, value in list(globals().items()) if key.startswith("test_")]))
