# SPDX-License-Identifier: LGPL-2.1-or-later
"""Sound and picture stay together: python3 test_sync.py KERF prints TAP.

The clip flashes and clicks at each whole second. A click is one sample, so its place in a film is known exactly."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cli"))
from harness import *  # noqa: E402,F403

W, H, LENGTH, LOUD = 64, 36, 10, 12000


def make_source(path, rate, *encoding):
    """LENGTH seconds; the frame that is on screen at each whole second is white, the sample there is LOUD."""
    num, _, den = rate.partition("/")
    frames = LENGTH * int(num) // int(den or 1)
    white = {second * int(num) // int(den or 1) for second in range(LENGTH)}
    luma = {True: b"\xeb" * (W * H), False: b"\x10" * (W * H)}
    raw = b"".join(luma[i in white] + b"\x80" * (W * H // 2) for i in range(frames))
    sound = [0] * (LENGTH * 48000)
    for second in range(LENGTH):
        sound[second * 48000] = LOUD
    wave("click.wav", sound)
    ffmpeg("-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", f"{W}x{H}", "-r", rate, "-i", "-", "-i", "click.wav",
           *encoding, path, data=raw)
    return path


def clicks(values, least=LOUD // 3):
    """Places of the loudest sample of each click."""
    found = []
    i = 0
    while i < len(values):
        if abs(values[i]) > least:
            around = range(i, min(i + 400, len(values)))
            found.append(max(around, key=lambda k: abs(values[k])))
            i += 2000
        i += 1
    return found


def flashes(path):
    level = brightness(path, W, H)
    return [i for i, v in enumerate(level) if v > 120 and (i == 0 or level[i - 1] <= 120)]


PCM = ("-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-g", "30", "-c:a", "pcm_s16le")
LOSSLESS = ("--video-codec", "ffv1", "--pixel-format", "gray8", "--audio-codec", "pcm_s16")


def film_of(clips, rate="25", **more):
    return {"assets": {"a": "clip.mov"}, "size": [W, H], "rate": rate, "channels": 1, "tracks": [{"clips": clips}],
            **more}


def clicks_at(path, seconds, slack, what, least=LOUD // 3):
    """slack: in samples; below 0.5 a place in whole samples must be met exactly."""
    heard = clicks(samples(path), least)
    check(len(heard) == len(seconds) and all(abs(h - s * 48000) <= slack for h, s in zip(heard, seconds)),
          f"{what}: clicks at {heard}, expected {[s * 48000 for s in seconds]}")


def expect(path, seconds, rate, what):
    """Clicks and flashes of a file at these seconds, which are whole frames and samples."""
    clicks_at(path, seconds, 0.01, what)
    equal(flashes(path), [round(s * rate) for s in seconds], f"{what}: flashes")


def test_plain_and_cut():
    make_source("clip.mov", "25", *PCM)
    film = film_of([{"asset": "a", "in": 0, "duration": 2.4}, {"gap": 0.6}, {"asset": "a", "in": 4.6, "duration": 3}])
    render(film, "-o", "out.mkv", *LOSSLESS)
    expect("out.mkv", [0, 1, 2, 3.4, 4.4, 5.4], 25, "cut")
    render(film, "-o", "out.mkv", *LOSSLESS, "--range", "2..5")
    expect("out.mkv", [0, 1.4, 2.4], 25, "range")


def test_ntsc():
    make_source("clip.mov", "30000/1001", *PCM)
    film = film_of([{"asset": "a", "in": "10f", "duration": "61f"}, {"asset": "a", "in": "100f", "duration": "47f"}],
                   "30000/1001")
    render(film, "-o", "out.mkv", *LOSSLESS)
    frame = 1001 / 30000
    times = [s - 10 * frame for s in (1, 2)] + [s - 39 * frame for s in (4,)]
    clicks_at("out.mkv", times, 1, "29.97")
    equal(flashes("out.mkv"), [29 - 10, 59 - 10, 119 - 39], "flashes")


def test_backward_and_fast():
    make_source("clip.mov", "25", *PCM)
    plain = {"asset": "a", "pitch_preserve": False}
    render(film_of([{**plain, "in": 0.5, "out": 3.5, "reverse": True}]), "-o", "out.mkv", *LOSSLESS)
    clicks_at("out.mkv", (0.5, 1.5, 2.5), 1, "backward")
    equal(flashes("out.mkv"), [12, 37, 62], "backward: flashes")
    render(film_of([{**plain, "in": 0.5, "out": 4.5, "speed": 2}]), "-o", "out.mkv", *LOSSLESS)
    clicks_at("out.mkv", (0.25, 0.75, 1.25, 1.75), 1, "fast", LOUD // 8)


def test_compressed_sound():
    """Encoders and decoders delay; that must not show. Matroska rounds times to 48 samples, and pictures in what ffmpeg
    writes there may begin later than the sound by the delay of Opus, 312 samples."""
    for path, slack, *sound in (("clip.mp4", 2, "-c:a", "aac", "-b:a", "128k"), ("clip.mkv", 360, "-c:a", "libopus"),
                                ("clip.webm", 48, "-c:a", "libvorbis"), ("clip.ts", 48, "-c:a", "aac")):
        video = ("-c:v", "libvpx", "-deadline", "realtime") if path.endswith("webm") else PCM[:-2]
        make_source(path, "25", *video, *sound)
        film = {**film_of([{"asset": "a", "in": 0.6, "duration": 2}]), "assets": {"a": path}}
        render(film, "-o", "out.mkv", *LOSSLESS)
        clicks_at("out.mkv", (0.4, 1.4), slack, path, LOUD // 8)
        equal(flashes("out.mkv"), [10, 35], f"{path}: flashes")


def test_written_sound():
    """The same for what Kerf itself encodes."""
    make_source("clip.mov", "25", *PCM)
    film = film_of([{"asset": "a", "in": 0.6, "duration": 3}])
    for path in ("out.mp4", "out.mov", "out.mkv", "out.webm"):
        render(film, "-o", path, "--speed", "ultrafast")
        clicks_at(path, (0.4, 1.4, 2.4), 2, path, LOUD // 8)
        equal(flashes(path), [10, 35, 60], f"{path}: flashes")


def test_end_of_three_hours():
    make_source("clip.mov", "30000/1001", *PCM)
    film = film_of([{"asset": "a", "in": 0, "out": 10, "loop": True, "duration": "03:00:00.000"}], "30000/1001")
    render(film, "-o", "out.mkv", *LOSSLESS, "--range", "02:59:00.000..")
    frame = 1001 / 30000
    clicks_at("out.mkv", range(60), 1, "last minute")
    seen = flashes("out.mkv")
    # the flash is a frame long, a loop is no whole number of frames
    check(len(seen) == 60 and all(-frame < i * frame - s < frame for s, i in enumerate(seen)), f"flashes at {seen}")


def test_end_of_many_cuts():
    """Ten hours of short clips: nothing adds up."""
    make_source("clip.mov", "30000/1001", *PCM)
    one = {"asset": "a", "in": "7f", "duration": "53f"}
    count = 10 * 3600 * 30000 // 1001 // 53
    render(film_of([one] * count, "30000/1001"), "-o", "out.mkv", *LOSSLESS, "--range", f"{(count - 10) * 53}f..")
    first = (count - 10) * 53
    starts = [53 * k - 7 for k in range(10)]
    begin = -(-first * 8008 // 5)  # sample that the range begins with: 1601.6 to a frame
    times = [(first + s) * 1001 / 30000 + second - begin / 48000 for s in starts for second in (1, 2)]
    clicks_at("out.mkv", [t for t in times if t < 530 * 1001 / 30000], 1, "cuts")
    equal(flashes("out.mkv"), [s + i for s in starts for i in (29, 59)], "flashes")


if __name__ == "__main__":
    sys.exit(main([value for key, value in list(globals().items()) if key.startswith("test_")]))
