#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The chat film (15 s, 1080x1920, 30 fps, x264 medium crf 18) beside ffmpeg's drawtext and drawbox, in turn in one run.

    bench/reel.py [--rounds 5] [--only video,static] [--parts full,null,memory,jobs] [--kerf build/release/apps/kerf/kerf]

video: over a looping clip; static: over a gradient, where 389 of the 450 frames equal the one before. full: exports, at a
constant and at a variable frame rate; null: composing without encoding beside bare decoding; memory: the peak over that
of a bare encode with the same settings, at two sizes; jobs: 4 and 8 exports at once beside one after another. Every
figure is written to build/bench/reel.json."""
import argparse
import json
import os
import subprocess
import time

import measure
import peers
import run

SIZE, RATE, SECONDS, SLIDE = (1080, 1920), 30, 15, 0.2
X264 = ["-c:v", "libx264", "-preset", "medium", "-crf", "18", "-pix_fmt", "yuv420p"]
AAC = ["-c:a", "aac", "-b:a", "128k"]
TITLE = "Alex"
MESSAGES = [(0.4, 0, "Hey, are you awake?"), (1.8, 1, "Yes, what happened?"), (3.2, 0, "You will not believe this"),
            (4.6, 0, "The server rendered it in ten seconds"), (6, 1, "No way. Show me!"),
            (7.4, 0, "Sending the link now"), (8.8, 1, "It opens"), (10.2, 1, "That was a thousand films?"),
            (11.6, 0, "A thousand, and lunch is not even over"), (13, 1, "See you there")]
TEXT, INK, HEADER = 45, "#101010", "#075e54"
COLOURS = ("#ffffff", "#dcf8c6")
GOALS = {("video", "full"): {("ffmpeg", "wall"): 0.95, ("ffmpeg", "cpu"): 0.95},
         ("static", "full"): {("ffmpeg", "wall"): 0.70}, ("static", "vfr"): {("ffmpeg", "wall"): 0.30},
         ("video", "null"): {("decode", "wall"): 1.25}}
MEMORY_GOAL = 120


# ---- The reel ----

def reel(scene, m, size):
    """A config in which each message stays until the next one, and slides in within SLIDE seconds."""
    starts = [message[0] for message in MESSAGES] + [SECONDS]
    messages = [{"text": text, "sender": "me" if side else TITLE, "audioDuration": round(starts[i + 1] - start, 3)}
                for i, (start, side, text) in enumerate(MESSAGES)]
    behind = {"backgroundType": "video", "backgroundUrl": m.clip} if scene == "video" else {
        "gradientColors": ["#1f4037", "#99f2c8"]}
    return {"template": "meadow", "videoSettings": {"duration": SECONDS, "resolution": f"{size[0]}x{size[1]}", "fps": RATE},
            "audioSettings": {"music": m.friday, "musicVolume": 100}, "backgroundSettings": behind,
            "animationSettings": {"baseDelay": starts[0], "transitionDuration": 1000 * SLIDE}, "messages": messages}


# ---- What ffmpeg is given: the same boxes (square, and there at once) and the same words, which slide in ----

def ffmpeg_bubble(m, index, start, side, text):
    width, y = 100 + int(TEXT * 0.6) * len(text), 230 + 160 * index
    away, home = (1080, 1020 - width) if side else (-width, 60)
    x = f"{home}+50+({away - home})*pow(1-min((t-{start})/{SLIDE}\\,1)\\,2)"
    text = text.replace(",", "\\,")
    return (f"drawbox=x={home}:y={y}:w={width}:h=120:color=0x{COLOURS[side][1:]}:t=fill:enable='gte(t,{start})',"
            f"drawtext=fontfile={m.font}:text='{text}':fontsize={TEXT}:fontcolor=0x{INK[1:]}:x={x}:y={y + 40}"
            f":enable='gte(t,{start})'")


def ffmpeg_graph(scene, m):
    head = "" if scene == "video" else f"loop=loop=-1:size=1:start=0,setpts=N/{RATE}/TB,fps={RATE},format=yuv420p,"
    chain = [f"drawbox=x=0:y=0:w=iw:h=180:color=0x{HEADER[1:]}:t=fill",
             f"drawtext=fontfile={m.font}:text='{TITLE}':fontsize=64:fontcolor=white:x=60:y=58"]
    chain += [ffmpeg_bubble(m, i, *message) for i, message in enumerate(MESSAGES)]
    back = ["-stream_loop", "-1", "-i", m.clip] if scene == "video" else ["-i", m.still]
    return peers.FFMPEG + back + ["-stream_loop", "-1", "-i", m.friday, "-filter_complex",
                                  "[0:v]" + head + ",".join(chain) + "[v]", "-map", "[v]", "-map", "1:a", "-t",
                                  str(SECONDS)]


def prepare(m):
    """The clip behind the bubbles, and the still."""
    m.clip, m.still = (os.path.join(m.work, name) for name in ("reel-back.mp4", "reel-back.png"))
    crop = "crop=608:1080,scale=1080:1920:flags=bicubic,setsar=1,fps=30"
    if not os.path.exists(m.clip):
        subprocess.run(peers.FFMPEG + ["-ss", "3", "-i", m.bunny, "-t", "10", "-an", "-vf", crop, "-c:v", "libx264",
                                       "-preset", "veryfast", "-crf", "20", m.clip], check=True)
    subprocess.run(peers.FFMPEG + ["-f", "lavfi", "-i", "gradients=s=1080x1920:c0=0x1f4037:c1=0x99f2c8:x0=540:y0=0"
                                   ":x1=540:y1=1919:d=1", "-frames:v", "1", m.still], check=True)


def write_reel(scene, m, size=SIZE):
    path = os.path.join(m.work, f"reel-{scene}-{size[1]}.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(reel(scene, m, size), file)
    return path


# ---- Commands ----

def kerf_export(kerf, path, out, *more):
    return [kerf, "reel", path, "-o", out, "--overwrite", "--progress", "none", "--video-codec", "h264", "--speed",
            "medium", "--crf", "18", "--audio-codec", "aac", "--audio-bitrate", "128k", *more]


def contestants(scene, part, options, m):
    path = write_reel(scene, m)
    out = {who: os.path.join(m.work, f"reel-{scene}-{who}.mp4") for who in ("kerf", "ffmpeg")}
    if part == "null":
        commands = {"kerf": [options.kerf, "reel", path, "--null", "--progress", "none"],
                    "ffmpeg": ffmpeg_graph(scene, m) + peers.NULL}
        if scene == "video":
            commands["decode"] = peers.FFMPEG + ["-stream_loop", "-1", "-i", m.clip, "-t", str(SECONDS)] + peers.NULL
        return commands
    more = ["--vfr"] if part == "vfr" else []
    return {"kerf": kerf_export(options.kerf, path, out["kerf"], *more),
            "ffmpeg": ffmpeg_graph(scene, m) + X264 + AAC + [out["ffmpeg"]]}


def bench_speed(scene, part, options, m):
    label = f"{scene} {part}"
    runs = run.run_rounds(label, contestants(scene, part, options, m), options.rounds, m.work)
    return {"runs": runs, "ratios": run.print_table(label, runs, GOALS.get((scene, part), {}))}


# ---- Memory ----

def bare_encode(m, size):
    """What x264 itself needs with these settings, fed with pictures that cost next to nothing."""
    source = f"testsrc2=s={size[0]}x{size[1]}:r={RATE}:d=5"
    return peers.FFMPEG + ["-f", "lavfi", "-i", source] + X264 + [os.path.join(m.work, "reel-bare.mp4")]


def bench_memory(scene, options, m):
    result = {}
    for size in (SIZE, (SIZE[0] // 2, SIZE[1] // 2)):
        out = os.path.join(m.work, "reel-memory.mp4")
        path = write_reel(scene, m, size)
        more = ["--range", "0..6"]
        runs = {who: measure.run(command, os.path.join(m.work, "run.log"))["mb"] for who, command in
                (("kerf", kerf_export(options.kerf, path, out, *more)), ("bare", bare_encode(m, size)))}
        over = runs["kerf"] - runs["bare"]
        verdict = "" if size != SIZE else f", at most {MEMORY_GOAL}: {'reached' if over <= MEMORY_GOAL else 'missed'}"
        print(f"\n{scene} memory at {size[0]}x{size[1]}: {runs['kerf']:.0f} MB, {over:.0f} over a bare encode{verdict}")
        result[f"{size[0]}x{size[1]}"] = runs
    return result


# ---- Jobs ----

def wall_of(commands):
    start = time.monotonic()
    children = [subprocess.Popen(c, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) for c in commands]
    if any([child.wait() for child in children]):
        raise measure.CommandFailed("a job failed")
    return time.monotonic() - start


def bench_jobs(scene, options, m):
    path, result = write_reel(scene, m), {}
    for count in (4, 8):
        jobs = [kerf_export(options.kerf, path, os.path.join(m.work, f"reel-job{i}.mp4")) for i in range(count)]
        alone, together = sum(wall_of([job]) for job in jobs), wall_of(jobs)
        verdict = "reached" if together <= alone else "missed"
        print(f"\n{scene}, {count} jobs: {together:.1f} s at once, {alone:.1f} s one after another: {verdict}")
        result[count] = {"alone": alone, "together": together}
    return result


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="video,static", help="video, static, separated by commas")
    parser.add_argument("--parts", default="full,vfr,null,memory,jobs", help="some of them, separated by commas")
    parser.add_argument("--kerf", default=os.path.join(run.ROOT, "build", "release", "apps", "kerf", "kerf"))
    return parser.parse_args()


def main():
    options = parse_options()
    work = os.path.join(run.ROOT, "build", "bench")
    os.makedirs(work, exist_ok=True)
    m = peers.Material(run.media_folder(), run.TIMELINES, work)
    prepare(m)
    result = {"machine": run.machine(), "rounds": options.rounds}
    others = {"memory": bench_memory, "jobs": bench_jobs}
    for scene in options.only.split(","):
        parts = [p for p in options.parts.split(",") if p != "vfr" or scene == "static"]
        result[scene] = {p: others[p](scene, options, m) if p in others else bench_speed(scene, p, options, m)
                         for p in parts}
    with open(os.path.join(work, "reel.json"), "w", encoding="utf-8") as file:
        json.dump(result, file, indent=1)


if __name__ == "__main__":
    main()
