#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""How long the editor takes to its first frame with a project in it, and how much memory it holds then, beside an empty window
of the same toolkit.   bench/editor_start.py BUILD [CLIPS ...]

On a display of its own (Xvfb, software GL). Each is started three times; medians. Memory is what is private to the process
(Private_Clean and Private_Dirty of smaps_rollup): shared libraries do not count."""
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROUNDS = 3


def private_bytes(pid):
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        return sum(int(line.split()[1]) * 1024 for line in file if line.startswith("Private_"))


def start(command, env):
    """Seconds to the first frame, private bytes two seconds later."""
    begun = time.clock_gettime(time.CLOCK_MONOTONIC)
    process = subprocess.Popen(command, env=env, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    for line in process.stderr:
        if "first frame at" in line:
            shown = int(line.split()[-2]) / 1e6 - begun
            break
    else:
        raise SystemExit(f"{command[0]} ended without a frame")
    time.sleep(2)
    memory = private_bytes(process.pid)
    process.kill()
    process.wait()
    return shown, memory


def project(kerf, clips, folder):
    path = os.path.join(folder, f"clips-{clips}.kerf")
    footage = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../shared/media/flower.mp4")
    film = os.path.join(folder, "film.json")
    with open(film, "w", encoding="utf-8") as file:
        item = '{"asset": "a", "in": %d, "duration": 1}'
        items = ",".join(item % (i % 3) for i in range(clips))
        file.write('{"kerf": 1, "assets": {"a": {"path": "%s", "media": {"video": true, "duration": 5}}}, "sequences": '
                   '[{"id": "main", "size": [1920, 1080], "rate": 25, "tracks": [{"kind": "video", "clips": [%s]}]}]}'
                   % (os.path.abspath(footage), items))
    subprocess.run([kerf, "convert", film, path], check=True, stdout=subprocess.DEVNULL)
    return path


def main():
    build = os.path.abspath(sys.argv[1])
    counts = [int(n) for n in sys.argv[2:]] or [100, 100000]
    folder = tempfile.mkdtemp(prefix="kerf-bench-")
    read, write = os.pipe()
    display = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", "1680x1000x24"], pass_fds=[write],
                               stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as told:
        number = told.readline().strip()
    env = dict(os.environ, DISPLAY=":" + number, HOME=folder, XDG_RUNTIME_DIR=folder, GDK_BACKEND="x11", LIBGL_ALWAYS_SOFTWARE="1",
               GSETTINGS_BACKEND="memory", KERF_TIMING="1", GTK_A11Y="none", DBUS_SESSION_BUS_ADDRESS="disabled:")
    try:
        empty = [start([build + "/bench/empty_window"], env) for _ in range(ROUNDS)]
        base_time, base_memory = (statistics.median(column) for column in zip(*empty))
        print(f"{'':24}{'first frame':>12}{'memory':>12}{'over empty':>12}")
        print(f"{'empty window':24}{base_time:10.2f} s{base_memory / 1e6:9.0f} MB")
        for clips in counts:
            path = project(build + "/apps/kerf/kerf", clips, folder)
            runs = [start([build + "/apps/editor/kerf-editor", path], env) for _ in range(ROUNDS)]
            shown, memory = (statistics.median(column) for column in zip(*runs))
            print(f"{f'project of {clips} clips':24}{shown:10.2f} s{memory / 1e6:9.0f} MB{(memory - base_memory) / 1e6:9.0f} MB"
                  f"    asked: 1 s, 120 MB over empty; {shown / base_time:.2f} x the empty window's time")
    finally:
        display.kill()
        display.wait()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
