# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a render takes of memory: most that its process ever had, as the system counts it."""
import os
import subprocess
import sys
import time

import harness as h

MB = 1 << 20
PICTURE = 1920 * 1080 * 3 // 2


def peak(*arguments):
    """Peak resident memory of a run of kerf, bytes."""
    with subprocess.Popen([h.KERF, *map(str, arguments)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          stdin=subprocess.DEVNULL) as process:
        said = process.stderr.read().decode(errors="replace")
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    h.check(process.returncode == 0, f"kerf {' '.join(map(str, arguments))}: {process.returncode}, {said[-400:]}")
    return usage.ru_maxrss * 1024


def clip():
    """Six seconds of 1080p with a key frame a second."""
    h.ffmpeg("-f", "lavfi", "-i", "testsrc2=s=1920x1080:r=24:d=6", "-c:v", "libx264", "-preset", "ultrafast", "-g", "24",
             "-pix_fmt", "yuv420p", "-crf", "28", "a.mp4")


def layers(seconds):
    """Three places of one file on top of each other, so that three decoders and their pictures are held."""
    return {"assets": {"a": "a.mp4"}, "size": [1920, 1080], "rate": 24, "tracks": [
        {"clips": [{"asset": "a", "in": i, "duration": seconds, "opacity": 0.6}]} for i in (0, 2, 4)]}


def test_limit_of_caches_is_kept():
    clip()
    film = h.write_film(layers(1.5), "three.json")
    base = peak("render", h.write_film({"size": [1920, 1080], "rate": 24, "tracks": [{"clips": [
        {"generator": "solid", "duration": 0.2}]}]}, "none.json"), "--null", "--threads", 2)
    # three decoders of two threads, with the pictures that their streams refer to, do not count as caches
    decoders = 3 * 8 * PICTURE
    for limit in (32, 96):
        took = peak("render", film, "--null", "--threads", 2, "--memory", limit)
        most = base + decoders + int(1.25 * limit * 1e6) + 24 * MB
        h.check(took <= most, f"--memory {limit}: {took / MB:.0f} MB, expected at most {most / MB:.0f}")


def test_memory_does_not_grow_with_length():
    short = peak("render", h.write_film(layers(0.5), "short.json"), "--null", "--threads", 2, "--memory", 48)
    long = peak("render", h.write_film(layers(2), "long.json"), "--null", "--threads", 2, "--memory", 48)
    h.check(long <= short + 40 * MB, f"0.5 s took {short / MB:.0f} MB, 2 s {long / MB:.0f} MB")


def test_a_stream_does_not_pile_up():
    """A reader that is slow makes the render wait: what was made and not yet taken stays small."""
    film = h.write_film({"size": [640, 360], "rate": 25, "tracks": [{"clips": [
        {"generator": "noise", "duration": 6, "params": {"size": 1}}]}]}, "noise.json")
    os.mkfifo("pipe.mp4")
    with subprocess.Popen([h.KERF, "render", film, "-o", "pipe.mp4", "--crf", "1", "--speed", "ultrafast", "-q"],
                          stdin=subprocess.DEVNULL) as process:
        with open("pipe.mp4", "rb") as pipe:
            read, high = len(pipe.read(1 << 16)), 0
            for _ in range(20):  # a second in which nobody reads
                with open(f"/proc/{process.pid}/statm", encoding="ascii") as facts:
                    high = max(high, int(facts.read().split()[1]) * 4096)
                time.sleep(0.05)
            while block := pipe.read(1 << 20):
                read += len(block)
        process.wait()
    h.equal(process.returncode, 0, "exit")
    h.check(read > 12 * MB, f"the film has {read} bytes: too few to tell")
    h.check(high < 220 * MB, f"{high / MB:.0f} MB while nobody read")


if __name__ == "__main__":
    sys.exit(h.main([test_limit_of_caches_is_kept, test_memory_does_not_grow_with_length, test_a_stream_does_not_pile_up]))
