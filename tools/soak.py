#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Renders the reference timelines over and over, in turn and with changing thread counts and memory budgets, and ends
with 1 when a render fails, when its hashes change, or when its memory goes beyond what the first round needed.

    tools/soak.py [--minutes 30] [--only r1,r4]"""
import argparse
import hashlib
import os
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "bench"))
import measure  # noqa: E402
import run as bench  # noqa: E402

SETTINGS = [(threads, memory) for threads in (1, 2, 8) for memory in (64, 128, 256)]
GROWTH = 1.25  # of peak memory, at the same settings


def render(kerf, film, threads, memory):
    """(hash of all frames' hashes, peak MB) of one render."""
    with tempfile.TemporaryDirectory() as folder:
        log = os.path.join(folder, "hashes")
        used = measure.run([kerf, "render", film, "--null", "--hash", "frames", "--quiet", "--progress", "none",
                            "--threads", str(threads), "--memory", str(memory)], log, limit=300)
        with open(log, "rb") as lines:
            return hashlib.sha256(lines.read()).hexdigest(), used["mb"]


def check(name, setting, result, known):
    """What is wrong with a result, given those before it; None if nothing is."""
    digest, mb = result
    wanted = known.setdefault(name, digest)
    if digest != wanted:
        return "the frames are not those of the first render"
    peak = known.setdefault((name, setting), mb)
    if mb > peak * GROWTH:
        return f"{mb:.0f} MB, the first time it was {peak:.0f} MB"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--only", default="r1,r2,r3,r4")
    parser.add_argument("--kerf", default=os.path.join(ROOT, "build", "release", "apps", "kerf", "kerf"))
    options = parser.parse_args()
    work = os.path.join(ROOT, "build", "bench")
    os.makedirs(work, exist_ok=True)
    films = {name: bench.film_for(name, bench.media_folder(), work) for name in options.only.split(",")}
    known, renders, problems = {}, 0, 0
    end = time.monotonic() + 60 * options.minutes
    while time.monotonic() < end or renders < len(films):
        name = list(films)[renders % len(films)]
        setting = SETTINGS[renders // len(films) % len(SETTINGS)]
        renders += 1
        try:
            result = render(options.kerf, films[name], *setting)
            problem = check(name, setting, result, known)
        except measure.CommandFailed as error:
            result, problem = (None, 0), str(error)
        problems += problem is not None
        print(f"soak {renders}: {name}, {setting[0]} threads, {setting[1]} MB budget, {result[1]:.0f} MB: "
              f"{problem or 'good'}", flush=True)
    print(f"soak: {renders} renders, {problems} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
