# SPDX-License-Identifier: LGPL-2.1-or-later
"""Renders that end early leave nothing behind and touch nothing: python3 test_stop.py KERF prints TAP."""
import hashlib
import os
import resource
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import *  # noqa: E402,F403

NOT_FOUND, INVALID, EXISTS, IO, NO_SPACE, CANCELLED = 4, 3, 8, 9, 10, 13
LONG = {"size": [320, 180], "rate": 25, "tracks": [
    {"clips": [{"generator": "noise", "duration": 3600, "effects": [{"effect": "blur", "radius": 9}]}]}]}
SHORT = {"size": [64, 36], "rate": 25, "tracks": [{"clips": [{"generator": "bars", "duration": 0.2}]}]}
NOISE = {"size": [320, 180], "rate": 25, "tracks": [{"clips": [{"generator": "noise", "duration": 4}]}]}


def inside(name):
    """A new folder with an older film in it; its files by content."""
    os.makedirs(name)
    with open(f"{name}/old.mkv", "wb") as file:
        file.write(b"older film" * 1000)
    return name


def files(name):
    out = {}
    for entry in sorted(os.listdir(name)):
        with open(f"{name}/{entry}", "rb") as file:
            out[entry] = hashlib.sha256(file.read()).hexdigest()
    return out


def test_there_already():
    folder = inside("there")
    before = files(folder)
    done = kerf("render", write_film(SHORT), "-o", f"{folder}/old.mkv")
    check(done.code == EXISTS and "--overwrite" in done.err and "old.mkv" in done.err, done)
    equal(files(folder), before, "files")
    render(SHORT, "-o", f"{folder}/old.mkv")
    check(ffprobe(f"{folder}/old.mkv").get("streams"), "--overwrite wrote no film")
    equal(sorted(files(folder)), ["old.mkv"], "files after --overwrite")
    done = kerf("frame", "film.json", "--at", 0, "-o", f"{folder}/old.mkv")
    check(done.code != 0, f"frame: {done}")
    check(kerf("frame", "film.json", "--at", 0, "-o", "f.png").code == 0, "frame")
    done = kerf("frame", "film.json", "--at", 0, "-o", "f.png")
    check(done.code == EXISTS and "--overwrite" in done.err, f"frame: {done}")


def test_no_folder():
    done = kerf("render", write_film(SHORT), "-o", "nowhere/out.mkv")
    check(done.code == NOT_FOUND and "nowhere" in done.err, done)
    done = kerf("frame", "film.json", "--at", 0, "-o", "nowhere/out.png")
    check(done.code == NOT_FOUND and "nowhere" in done.err, done)
    os.mkdir("folder.mkv")
    done = kerf("render", "film.json", "-o", "folder.mkv", "--overwrite")
    check(done.code in (EXISTS, INVALID, IO) and "folder.mkv" in done.err, done)
    check(os.path.isdir("folder.mkv") and not os.listdir("folder.mkv"), "the folder was replaced")


def test_output_is_an_input():
    make_clip("in.mkv", 10, "25", "-c:v", "ffv1")
    os.link("in.mkv", "link.mkv")
    os.symlink("in.mkv", "soft.mkv")
    film = write_film({"assets": {"shot": "in.mkv"}, "tracks": [{"clips": [{"asset": "shot"}]}]}, "self.json")
    before = hashlib.sha256(open("in.mkv", "rb").read()).hexdigest()
    for name in ("in.mkv", "./in.mkv", os.path.abspath("in.mkv"), "link.mkv", "soft.mkv"):
        done = kerf("render", film, "-o", name, "--overwrite")
        check(done.code == INVALID and "shot" in done.err, f"{name}: {done}")
    done = kerf("render", film, "-o", "self.json", "--overwrite", "--preset", "mkv")
    check(done.code != 0 and "film" in done.err, f"over the film: {done}")
    equal(hashlib.sha256(open("in.mkv", "rb").read()).hexdigest(), before, "the asset")
    check(kerf("check", film).code == 0, "the film is damaged")
    os.mkdir("seq")
    make_clip("seq/s_%03d.png", 5, "25")
    film = {"assets": {"shot": {"path": "seq/s_%03d.png", "rate": 25}}, "tracks": [{"clips": [{"asset": "shot"}]}]}
    done = kerf("render", write_film(film), "-o", "seq/s_%03d.png", "--overwrite", "--preset", "png-sequence")
    check(done.code == INVALID and "shot" in done.err, f"over numbered pictures: {done}")


def start(folder, *arguments):
    """A long render that is well under way."""
    command = [KERF, "render", write_film(LONG), "-o", f"{folder}/old.mkv", "--overwrite", "--progress", "json",
               "--preset", "archive-ffv1", *arguments]
    p = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    for line in p.stdout:
        if json.loads(line).get("frame", 0) > 5:
            break
    return p


def stop(number):
    folder = inside(f"stop{number}")
    before = files(folder)
    p = start(folder)
    check(len(os.listdir(folder)) == 2, f"no temporary file: {os.listdir(folder)}")
    begin = time.monotonic()
    p.send_signal(number)
    try:
        out, err = p.communicate(timeout=TIMEOUT)
    except subprocess.TimeoutExpired:
        p.kill()
        check(False, "it does not stop")
        return
    took = time.monotonic() - begin
    check(p.returncode == CANCELLED and "stopped" in err, f"exit {p.returncode}, {err!r}")
    check('"done"' not in out, f"it says that it is done: {out[-200:]}")
    check(took < 20, f"stopping took {took:.1f} s")
    equal(files(folder), before, "files")


def test_sigint():
    stop(signal.SIGINT)


def test_sigterm():
    stop(signal.SIGTERM)


def test_two_signals():
    folder = inside("twice")
    p = start(folder)
    for _ in range(200):
        p.send_signal(signal.SIGTERM)
        if p.poll() is not None:
            break
    p.communicate(timeout=TIMEOUT)
    check(p.returncode in (CANCELLED, 128 + signal.SIGTERM, -signal.SIGTERM), f"exit {p.returncode}")
    check(files(folder)["old.mkv"] == hashlib.sha256(b"older film" * 1000).hexdigest(), "the older film")


def limit_file():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300000, 300000))


def test_file_too_large():
    folder = inside("limit")
    before = files(folder)
    for extra in (("-o", f"{folder}/old.mkv", "--preset", "archive-ffv1"), ("-o", f"{folder}/new.mp4", "--crf", "5"),
                  ("-o", f"{folder}/new.mov", "--preset", "prores-422-hq", "--size", "320x180")):
        done = kerf("render", write_film(NOISE), "--overwrite", *extra, preexec_fn=limit_file)
        check(done.code in (IO, NO_SPACE) and folder in done.err, f"{extra}: {done}")
        equal(files(folder), before, f"{extra}: files")


def test_full_disk():
    os.mkdir("disk")
    mount = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", "disk"]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        return "only root can mount"
    try:
        with open("disk/old.mkv", "wb") as file:
            file.write(b"older")
        before = files("disk")
        for out, *more in (("old.mkv", "--preset", "archive-ffv1"), ("new.mp4", "--crf", "5"),
                           ("p_%03d.png", "--preset", "png-sequence"), ("new.gif", "--preset", "gif-480")):
            done = kerf("render", write_film(NOISE), "--overwrite", "-o", f"disk/{out}", *more)
            check(done.code == NO_SPACE and "disk/" in done.err and ("full" in done.err or "space" in done.err),
                  f"{out}: {done}")
            equal(files("disk"), before, f"{out}: files")
        check(kerf("render", write_film(SHORT), "-o", "disk/fits.mp4").code == 0, "what fits is written")
    finally:
        subprocess.run(["umount", "disk"], check=False)
    return None


def test_output_closed():
    """A reader that goes away does not kill a render silently."""
    read, write = os.pipe()
    os.close(read)
    p = subprocess.run([KERF, "formats"], stdout=write, stderr=subprocess.PIPE, timeout=TIMEOUT, check=False)
    os.close(write)
    check(p.returncode in (0, IO, -signal.SIGPIPE), f"exit {p.returncode}")
    with open("/dev/full", "wb") as full:
        p = subprocess.run([KERF, "formats"], stdout=full, stderr=subprocess.PIPE, timeout=TIMEOUT, check=False)
    check(p.returncode in (IO, NO_SPACE), f"standard output full: exit {p.returncode} {p.stderr}")


if __name__ == "__main__":
    sys.exit(main([value for key, value in list(globals().items()) if key.startswith("test_")]))
