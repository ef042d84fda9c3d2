# SPDX-License-Identifier: LGPL-2.1-or-later
"""Proxies and the cache by command: python3 test_proxy.py KERF prints TAP."""
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import *  # noqa: E402,F403

USAGE, INVALID, NOT_FOUND, UNSUPPORTED = 1, 3, 4, 7


def clip(name, size="640x360", seconds=2):
    subprocess.run(["ffmpeg", "-y", "-loglevel", "error", "-f", "lavfi", "-i", f"testsrc2=s={size}:r=25:d={seconds}",
                    "-f", "lavfi", "-i", f"sine=d={seconds}", "-c:v", "mpeg4", "-c:a", "aac", name], check=True)
    return name


def probe(path):
    return json.loads(kerf("probe", "--index", "--json", path).out)


def stream(described, kind):
    return next(s for s in described["streams"] if s["type"] == kind)


def test_makes_and_finds():
    os.environ["XDG_CACHE_HOME"] = os.path.abspath("xdg")
    clip("a.mp4")
    done = kerf("proxy", "a.mp4", "--preset", "half", "--folder", "p")
    equal(done.code, 0, f"{done}")
    path = done.out.strip()
    check(path.startswith("p/a.") and path.endswith(".half.mov"), path)
    before, after = probe("a.mp4"), probe(path)
    video = stream(after, "video")
    equal((video["width"], video["height"], video["frames"]), (320, 180, stream(before, "video")["frames"]), "half")
    equal(stream(after, "audio")["codec"], "pcm_s16le", "sound")
    made = os.stat(path).st_mtime_ns
    equal(kerf("proxy", "a.mp4", "--preset", "half", "--folder", "p").out.strip(), path, "found again")
    equal(os.stat(path).st_mtime_ns, made, "and not made again")
    equal(os.listdir("p"), [os.path.basename(path)], "nothing else")


def test_refuses():
    done = kerf("proxy", "nowhere.mp4")
    equal(done.code, NOT_FOUND, f"{done}")
    check("nowhere.mp4: there is no such file" in done.err, done.err)
    done = kerf("proxy", "nowhere.mp4", "--preset", "haf")
    check(done.code == NOT_FOUND and "did you mean half" in done.err, f"{done}")
    subprocess.run(["ffmpeg", "-y", "-loglevel", "error", "-f", "lavfi", "-i", "sine=d=1", "s.wav"], check=True)
    equal(kerf("proxy", "s.wav").code, UNSUPPORTED, "sound only")


def test_cache():
    said = json.loads(kerf("cache", "--json").out)
    equal(said["folder"], os.path.abspath("xdg/kerf/media"), "where")
    check(said["bytes"] >= 0, "how much")
    check("MB" in kerf("cache", "clear").out, "clear")
    equal(kerf("cache", "empty").code, USAGE, "other words")


if __name__ == "__main__":
    sys.exit(main([test_makes_and_finds, test_refuses, test_cache]))
