#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Kerf beside ffmpeg and melt on the reference timelines, alternating in one run.

    bench/run.py [--rounds 5] [--only r1,r4] [--parts null,full,frame] [--kerf build/release/apps/kerf/kerf]

Prints for each peer the median over the rounds of kerf / peer in CPU seconds, wall seconds and peak memory, with the
least and the greatest. The figures, and every single run, are written to build/bench/result.json."""
import argparse
import json
import os
import platform
import shutil
import subprocess
import sys

import measure
import peers

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
TIMELINES = os.path.join(HERE, "timelines")
# Times of R1 outside its dissolves, and the source times of Bunny that they show
FRAMES = [("at a keyframe", 10.875, 11.875), ("1 s after a keyframe", 11.875, 12.875),
          ("4 s after a keyframe", 4.0, 4.0), ("9 s after a keyframe", 8.9, 9.4), ("5 s after a keyframe", 18.8, 20.8)]
METRICS = (("cpu", "CPU s"), ("wall", "wall s"), ("mb", "MB"))
# Of R1: (part, peer, metric) and the ratio to reach on two cores
GOALS = {("null", "ffmpeg", "cpu"): 0.55, ("null", "melt", "cpu"): 0.23, ("null", "decode", "cpu"): 1.4,
         ("full", "transcode", "wall"): 1.15, ("full", "transcode", "mb"): 1.25}


def media_folder():
    for folder in (os.environ.get("KERF_MEDIA"), os.path.join(ROOT, "..", "shared", "media")):
        if folder and os.path.exists(os.path.join(folder, "flower.mp4")):
            return os.path.abspath(folder)
    sys.exit("bench: the clips are missing: set KERF_MEDIA to the folder of big-buck-bunny-1080p24-30s.mp4, flower.mp4 "
             "and friday.mp4")


def film_for(name, media, work):
    """The timeline with its media found in `media`, as a file of its own beside what it refers to."""
    with open(os.path.join(TIMELINES, name + ".json"), encoding="utf-8") as file:
        film = json.load(file)
    film["assets"] = {key: os.path.join(media, os.path.basename(path)) for key, path in film["assets"].items()}
    text = json.dumps(film)
    for helper in ("r2.srt", "look.cube"):
        text = text.replace(f'"{helper}"', json.dumps(os.path.join(TIMELINES, helper)))
    path = os.path.join(work, name + ".json")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def contestants(name, part, kerf, film, m):
    """Peer: command, for one timeline and "null" or "full"."""
    duration, ffmpeg, mlt = peers.TIMELINES[name]
    out = {who: os.path.join(m.work, f"{name}-{who}.mp4") for who in ("kerf", "ffmpeg", "melt", "transcode")}
    if part == "null":
        commands = {"kerf": [kerf, "render", film, "--null", "--progress", "none"], "ffmpeg": ffmpeg(m) + peers.NULL}
        if name == "r1":
            commands["decode"] = peers.bare_decode(m)
    else:
        commands = {"kerf": [kerf, "render", film, "-o", out["kerf"], "--overwrite", "--progress", "none",
                             "--video-codec", "h264", "--speed", "veryfast", "--crf", "20", "--audio-codec", "aac",
                             "--audio-bitrate", "192k"],
                    "ffmpeg": ffmpeg(m) + peers.X264 + [out["ffmpeg"]]}
        if name in ("r1", "r4"):
            commands["transcode"] = peers.plain_transcode(m, duration) + peers.X264 + [out["transcode"]]
    if mlt and shutil.which("melt"):
        commands["melt"] = peers.melt(m, name, mlt(m), out["melt"] if part == "full" else None)
    return commands


def run_rounds(label, commands, rounds, work):
    """Runs the commands in turn, `rounds` times; peer: list of measurements. One that fails is left out, and said."""
    runs = {who: [] for who in commands}
    for number in range(rounds):
        for who in list(runs):
            try:
                runs[who].append(measure.run(commands[who], os.path.join(work, "run.log")))
            except measure.CommandFailed as error:
                print(f"bench: {label}: {who} failed and is left out: {error}", file=sys.stderr)
                del runs[who]
        print(f"  {label} round {number + 1}/{rounds}: " + ", ".join(
            f"{who} {r[-1]['cpu']:.2f}/{r[-1]['wall']:.2f}/{r[-1]['mb']:.0f}" for who, r in runs.items()), flush=True)
    return runs


def ratios(runs, peer, metric):
    return measure.summary([a[metric] / b[metric] for a, b in zip(runs["kerf"], runs[peer])])


def busy(run):
    """Percent of the machine's cores that a run kept busy."""
    return 100 * run["cpu"] / run["wall"] / len(os.sched_getaffinity(0))


def cell(value):
    return f"{value['median']:.2f} ({value['min']:.2f}-{value['max']:.2f})"


def print_table(label, runs, goals):
    """Medians of each contestant; then kerf / peer, with the goal where there is one."""
    print(f"\n{label}: " + " / ".join(title for _, title in METRICS) + ", busy %")
    for who, results in runs.items():
        medians = [measure.median([r[metric] for r in results]) for metric, _ in METRICS]
        percent = measure.median([busy(r) for r in results])
        print(f"  {who:<24}{medians[0]:>9.2f}{medians[1]:>9.2f}{medians[2]:>9.0f}{percent:>8.0f}")
    result = {}
    if "kerf" not in runs:
        return result
    for peer in (who for who in runs if who != "kerf"):
        result[peer] = {metric: ratios(runs, peer, metric) for metric, _ in METRICS}
        line = f"  kerf / {peer:<17}" + "".join(f"{cell(result[peer][metric]):>21}" for metric, _ in METRICS)
        for metric, title in METRICS:
            goal = goals.get((peer, metric))
            if goal:
                reached = "reached" if result[peer][metric]["median"] <= goal else "missed"
                line += f"   {title} at most {goal}: {reached}"
        print(line)
    return result


def bench_timeline(name, part, options, m, film):
    label = f"{name} {'without encoding' if part == 'null' else 'export'}"
    runs = run_rounds(label, contestants(name, part, options.kerf, film, m), options.rounds, m.work)
    goals = {key[1:]: goal for key, goal in GOALS.items() if name == "r1" and key[0] == part}
    return {"runs": runs, "ratios": print_table(label, runs, goals)}


def bench_frames(options, m, film):
    result = {}
    for label, at, source in FRAMES:
        commands = {"kerf": [options.kerf, "frame", film, "--at", str(at), "-o", os.path.join(m.work, "kerf.png"),
                             "--overwrite"],
                    "ffmpeg -ss": peers.FFMPEG + ["-ss", str(source), "-i", m.bunny, "-frames:v", "1",
                                                  os.path.join(m.work, "ffmpeg.png")]}
        runs = run_rounds(f"one frame, {label}", commands, options.rounds, m.work)
        result[label] = {"runs": runs, "ratios": print_table(f"one frame, {label}", runs,
                                                              {("ffmpeg -ss", "wall"): 0.8})}
    return result


def machine():
    def first_line(command):
        try:
            return subprocess.run(command, capture_output=True, text=True).stdout.splitlines()[0]
        except (OSError, IndexError):
            return None
    return {"cpu": platform.processor() or platform.machine(), "cores": len(os.sched_getaffinity(0)),
            "ffmpeg": first_line(["ffmpeg", "-version"]), "melt": first_line(["melt", "--version"])}


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default=",".join(peers.TIMELINES), help="timelines, separated by commas")
    parser.add_argument("--parts", default="null,full,frame", help="null, full, frame, separated by commas")
    parser.add_argument("--kerf", default=os.path.join(ROOT, "build", "release", "apps", "kerf", "kerf"))
    return parser.parse_args()


def main():
    options = parse_options()
    work = os.path.join(ROOT, "build", "bench")
    os.makedirs(work, exist_ok=True)
    media = media_folder()
    m = peers.Material(media, TIMELINES, work)
    result = {"machine": machine(), "rounds": options.rounds, "timelines": {}}
    parts = options.parts.split(",")
    for name in options.only.split(","):
        film = film_for(name, media, work)
        result["timelines"][name] = {part: bench_timeline(name, part, options, m, film)
                                     for part in ("null", "full") if part in parts}
        if name == "r1" and "frame" in parts:
            result["frames"] = bench_frames(options, m, film)
    path = os.path.join(work, "result.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(result, file, indent=1)
    print(f"\nEvery run: {os.path.relpath(path)}")


if __name__ == "__main__":
    main()
