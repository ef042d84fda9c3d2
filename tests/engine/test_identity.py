# SPDX-License-Identifier: LGPL-2.1-or-later
"""Pictures and sound are bit for bit the same however they are made: python3 test_identity.py KERF prints TAP.

Hashes of every frame with other numbers of threads, instruction sets and budgets, and of a second run."""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(HERE, "..", "cli"))
from harness import *  # noqa: E402,F403

WAYS = [("--threads", "1"), ("--threads", "2"), ("--threads", "8"), ("--isa", "c"), ("--isa", "avx2"),
        ("--isa", "avx512"), ("--memory", "16"), ()]


def hashes(film, *arguments):
    done = kerf("render", film, "--null", "-q", "--hash", "frames", *arguments)
    check(done.code == 0, f"{film} {' '.join(arguments)}: {done}")
    return [line.split() for line in done.out.splitlines()]


def same_every_way(film, *arguments, ways=WAYS):
    first = hashes(film, *arguments)
    check(len(first) > 1 and len({line[1] for line in first}) > 1, f"{film}: {len(first)} frames, all alike")
    for way in ways:
        other = hashes(film, *arguments, *way)
        for column, what in ((1, "picture"), (2, "sound")):
            wrong = [a[0] for a, b in zip(first, other) if a[column] != b[column]]
            check(len(first) == len(other) and not wrong,
                  f"{' '.join(way) or 'again'}: {len(other)} frames for {len(first)}; {what} differs at {wrong[:6]}")
    return first


def dense_film():
    """A bit of everything: effects, blends, turning, titles, transitions, keyframes, speeds and much sound."""
    ffmpeg("-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=4", "-f", "lavfi", "-i", "sine=440:r=44100:d=4",
           "-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-c:a", "aac", "dense.mp4")
    ffmpeg("-f", "lavfi", "-i", "mandelbrot=s=200x150:r=30", "-t", "2", "-c:v", "ffv1", "-pix_fmt", "yuv444p10",
           "small.mkv")
    keys = {"keys": [{"t": 0, "v": 0}, {"t": 1, "v": 0.9, "interp": "ease"}, {"t": 2, "v": 0.3}]}
    return write_film({"assets": {"a": "dense.mp4", "b": "small.mkv"}, "size": [322, 182], "rate": 25, "tracks": [
        {"clips": [
            {"asset": "a", "in": 0.5, "out": 1.5, "effects": [{"effect": "blur", "radius": 5}]},
            {"transition": "dissolve", "duration": 0.4},
            {"asset": "a", "in": 2, "out": 3, "speed": "3/2", "effects": [{"effect": "saturation", "amount": 1.7}]},
            {"transition": "wipe", "duration": 0.2},
            {"asset": "a", "in": 1, "out": 2, "reverse": True, "gain": -3, "fade_out": 0.3}]},
        {"opacity": 0.8, "blend_mode": "screen", "clips": [
            {"asset": "b", "duration": 1.5, "opacity": keys, "transform": {"scale": 0.7, "rotation": 20}},
            {"generator": "title", "duration": 1, "params": {"text": "Same\nagain", "size": 40}}]},
        {"kind": "audio", "gain": -6, "clips": [{"asset": "a", "in": 0.1, "duration": 2.5, "speed": "5/4"}]}]},
        "dense.json")


def test_made_film():
    whole = same_every_way(dense_film())
    part = hashes("dense.json", "--range", "20f..40f")
    check([line[1] for line in part] == [line[1] for line in whole[20:40]], "a range has other pictures than the whole")


def test_timelines_of_the_benchmarks():
    if not os.path.exists(f"{ROOT}/../shared/media/flower.mp4"):
        return "no shared media"
    for name, part in (("r1", "4..4.5"), ("r2", "2..2.3"), ("r3", "1..1.3"), ("r4", "1..1.3")):
        same_every_way(f"{ROOT}/bench/timelines/{name}.json", "--range", part, "--size", "640x360",
                       ways=[("--threads", "1", "--isa", "c"), ("--threads", "8", "--isa", "avx2")])
    return None


if __name__ == "__main__":
    sys.exit(main([value for key, value in list(globals().items()) if key.startswith("test_")]))
