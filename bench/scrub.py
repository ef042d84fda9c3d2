#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Scrubbing the Bunny clip, beside mpv's exact seeks, in one run.

    bench/scrub.py [--count 60] [--rounds 3] [--scrub build/release/bench/scrub]

Three gestures: on by 3 frames, 30 times a second; back by one; jumps to random frames, at once and after a look of half
a second. For each: ms until the exact picture is there, converted for a screen of 960x540 by Kerf; decoded only, without
sound and output, by mpv. For Kerf also ms until any picture is there. The figures are written to
build/bench/scrub.json."""
import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time

import measure
from run import ROOT, media_folder

RATE = 24
# Name: (gesture, pause between looks in ms, {(who, figure): most it may be}); "ratio" is kerf / mpv
GESTURES = {
    "on by 3 frames": ("forward", 33, {("kerf", "median"): 25, ("kerf", "p95"): 60}),
    "back by 1 frame": ("back", 0, {("kerf", "p95"): 17}),
    "random jumps": ("random", 0, {("ratio", "median"): 0.8}),
    "random jumps with a look": ("random", 500, {("ratio", "median"): 0.8}),
}
SHOWN_MOST = 40
START = {"forward": 100, "back": 240, "random": 0}  # looked at for some time beforehand


class Mpv:
    """mpv driven through its socket."""

    def __init__(self, path):
        self.folder = tempfile.TemporaryDirectory()
        address = os.path.join(self.folder.name, "mpv")
        self.process = subprocess.Popen(
            ["mpv", "--no-config", "--idle", "--pause", "--hr-seek=yes", "--keep-open=yes", "--vo=null", "--audio=no",
             "--sid=no", "--really-quiet", "--input-ipc-server=" + address, path], stdin=subprocess.DEVNULL)
        self.socket = socket.socket(socket.AF_UNIX)
        for _ in range(200):
            try:
                self.socket.connect(address)
                break
            except OSError:
                time.sleep(0.05)
        self.socket.settimeout(30)
        self.lines = self.socket.makefile("r", encoding="utf-8")
        time.sleep(0.5)

    def command(self, *words):
        self.socket.sendall((json.dumps({"command": list(words)}) + "\n").encode())

    def wait_for(self, key, value):
        for line in self.lines:
            message = json.loads(line)
            if message.get(key) == value:
                return message
        raise OSError("mpv has gone")

    def seek(self, frame):
        """ms until the frame is there, and whether it is the right one."""
        begin = time.monotonic()
        self.command("seek", frame / RATE, "absolute+exact")
        self.wait_for("event", "playback-restart")
        ms = 1000 * (time.monotonic() - begin)
        self.command("get_property", "time-pos")
        return ms, abs(self.wait_for("error", "success").get("data", -1) * RATE - frame) < 0.5

    def close(self):
        self.process.kill()
        self.process.wait()
        self.socket.close()
        self.folder.cleanup()


def drain(mpv):
    """Forgets what has been said so far."""
    mpv.command("get_property", "pid")
    while "data" not in mpv.wait_for("error", "success"):
        pass


def play_mpv(path, frames, pause, start):
    """Asks mpv for the frames that Kerf was asked for."""
    mpv = Mpv(path)
    try:
        drain(mpv)
        mpv.seek(start)
        time.sleep(2.5)
        looks, begin = [], 0
        for frame in frames:
            time.sleep(max(0, begin + pause / 1000 - time.monotonic()))
            begin = time.monotonic()
            looks.append(mpv.seek(frame))
        return looks
    finally:
        mpv.close()


def play_kerf(tool, path, gesture, count, pause):
    """[(frame, ms until shown, ms until exact, right)] and a line of statistics."""
    out = subprocess.run([tool, path, gesture, str(count), str(pause)], check=True, capture_output=True, text=True,
                         timeout=300).stdout.splitlines()
    looks = [line.split() for line in out if not line.startswith("#")]
    return [(int(i), float(shown), float(exact), right == "1") for i, shown, exact, right in looks], out[-1]


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * share))]


def figures(values):
    return {"median": measure.median(values), "p95": percentile(values, 0.95), "max": max(values)}


def print_line(who, f, note=""):
    print(f"  {who:<22}{f['median']:>9.1f}{f['p95']:>9.1f}{f['max']:>9.1f}  {note}")


def bench_gesture(name, options, path):
    gesture, pause, goals = GESTURES[name]
    exact, shown, peer, wrong, notes = [], [], [], 0, ""
    for _ in range(options.rounds):
        looks, notes = play_kerf(options.scrub, path, gesture, options.count, pause)
        exact += [look[2] for look in looks]
        shown += [look[1] for look in looks]
        wrong += sum(not look[3] for look in looks)
        if shutil.which("mpv"):
            theirs = play_mpv(path, [look[0] for look in looks], pause, START[gesture])
            peer += [ms for ms, _ in theirs]
    print(f"\n{name}: ms, median / p95 / most of {len(exact)}")
    result = {"kerf": figures(exact), "shown": figures(shown), "wrong": wrong}
    print_line("kerf, exact", result["kerf"], notes.lstrip("# "))
    print_line("kerf, any picture", result["shown"])
    if peer:
        result["mpv"] = figures(peer)
        result["ratio"] = {key: result["kerf"][key] / result["mpv"][key] for key in ("median", "p95")}
        print_line("mpv, exact", result["mpv"])
        print(f"  kerf / mpv            {result['ratio']['median']:>9.2f}{result['ratio']['p95']:>9.2f}")
    for (who, figure), most in goals.items():
        if who in result:
            said = "reached" if result[who][figure] <= most else "missed"
            print(f"  {who}'s {figure} at most {most}: {said}")
    print(f"  a picture within {SHOWN_MOST} ms: {sum(ms <= SHOWN_MOST for ms in shown)} of {len(shown)}; "
          f"wrong pictures: {wrong}")
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--only", default=",".join(GESTURES))
    parser.add_argument("--scrub", default=os.path.join(ROOT, "build", "release", "bench", "scrub"))
    options = parser.parse_args()
    path = os.path.join(media_folder(), "big-buck-bunny-1080p24-30s.mp4")
    if not shutil.which("mpv"):
        print("bench: mpv is not installed and is left out: make bench-deps", file=sys.stderr)
    result = {name: bench_gesture(name, options, path) for name in options.only.split(",")}
    folder = os.path.join(ROOT, "build", "bench")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "scrub.json"), "w", encoding="utf-8") as file:
        json.dump(result, file, indent=1)
    return 1 if any(r["wrong"] for r in result.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
