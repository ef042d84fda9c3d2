# SPDX-License-Identifier: LGPL-2.1-or-later
"""The render queue with real processes: python3 test_queue.py KERF prints TAP."""
import json
import os
import resource
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import *  # noqa: E402,F403

USAGE, INVALID, NOT_FOUND, EXISTS, NO_SPACE, CANCELLED, INTERNAL = 1, 3, 4, 8, 10, 13, 14
SHORT = {"size": [64, 36], "rate": 25, "tracks": [{"clips": [{"generator": "bars", "duration": 0.4}]}]}
LONG = {"size": [320, 180], "rate": 25, "tracks": [
    {"clips": [{"generator": "noise", "duration": 3600, "effects": [{"effect": "blur", "radius": 9}]}]}]}
FAST = ("--preset", "archive-ffv1")
_folders = 0


def fresh():
    """An empty queue and a folder for outputs."""
    global _folders
    _folders += 1
    os.environ["XDG_STATE_HOME"] = os.path.abspath(f"state{_folders}")
    out = os.path.abspath(f"out{_folders}")
    os.mkdir(out)
    return out


def jobs():
    done = kerf("queue", "--json")
    check(done.code == 0, done)
    return [json.loads(line) for line in done.out.splitlines()]


def job(number):
    return next(j for j in jobs() if j["id"] == number)


def add(film, out, *arguments):
    done = kerf("queue", "add", write_film(film), "-o", out, *arguments)
    check(done.code == 0, f"add: {done}")
    return int(done.out or 0)


def queue(*arguments):
    done = kerf("queue", *arguments)
    check(done.code == 0, f"{arguments}: {done}")


def runner(*arguments):
    return subprocess.Popen([KERF, "queue", "run", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def until(condition, what, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        got = condition()
        if got:
            return got
        time.sleep(0.05)
    check(False, f"not within {seconds} s: {what}; {jobs()}")
    return None


def process(number):
    with open(f"{os.environ['XDG_STATE_HOME']}/kerf/queue/{number}/process", encoding="ascii") as file:
        return int(file.read())


def under_way(number, frame=5):
    return until(lambda: job(number)["state"] == "running" and job(number)["frame"] > frame, f"job {number} runs")


def end(p):
    p.terminate()
    p.communicate(timeout=TIMEOUT)


def test_two_jobs_in_order():
    out = fresh()
    equal((add(SHORT, f"{out}/a.mkv"), add(SHORT, f"{out}/b.mkv", "--range", "0.08..0.2")), (1, 2), "numbers")
    equal([(j["id"], j["state"], j["frames"]) for j in jobs()], [(1, "queued", 10), (2, "queued", 3)], "before")
    done = kerf("queue", "run")
    check(done.code == 0, done)
    told = [line.split("/")[-1] for line in done.out.splitlines() if "queued" not in line]
    equal(told, ["a.mkv: running", "a.mkv: done", "b.mkv: running", "b.mkv: done"], "order")
    for j, name in zip(jobs(), ("a", "b")):
        equal((j["state"], j["frame"], j["status"]), ("done", j["frames"], "ok"), f"job {name}")
        equal(j["bytes"], os.path.getsize(f"{out}/{name}.mkv"), "bytes")
        check(0 < j["added"] <= j["started"] <= j["ended"] <= time.time() + 1, f"times {j}")
    equal(ffprobe(f"{out}/a.mkv").get("format", {}).get("duration"), "0.400000", "duration of the film")


def test_later_edits_do_not_count():
    out = fresh()
    make_clip("clip.mkv", 10, "25", "-c:v", "ffv1")
    film = {"size": [128, 96], "rate": 25, "assets": {"a": "clip.mkv"}, "tracks": [{"clips": [{"asset": "a"}]}]}
    add(film, f"{out}/a.mkv", "--video-codec", "ffv1", "--pixel-format", "gray8", "--audio-codec", "none")
    write_film(SHORT)
    os.mkdir("elsewhere")
    done = kerf("queue", "run", cwd="elsewhere")
    check(done.code == 0, done)
    equal(read_numbers(f"{out}/a.mkv"), list(range(10)), "frames")


def test_state_of_a_project():
    out = fresh()
    check(kerf("convert", write_film(SHORT), "p.kerf").code == 0, "convert")
    first = kerf("log", "p.kerf", "--json").out
    number = json.loads(first)[0]["number"] if first.startswith("[") else 1
    check(kerf("edit", "p.kerf", "trim", "clip=1", "by=-0.2").code == 0, "edit")
    add(f"p.kerf#{number}", f"{out}/old.mkv")
    add("p.kerf", f"{out}/new.mkv")
    equal([j["frames"] for j in jobs()], [10, 5], "frames")


def test_output_there():
    out = fresh()
    add(SHORT, f"{out}/a.mkv")
    done = kerf("queue", "add", "film.json", "-o", f"{out}/../{os.path.basename(out)}/a.mkv")
    check(done.code == EXISTS and "job 1" in done.err, f"two jobs, one file: {done}")
    open(f"{out}/b.mkv", "w").close()
    done = kerf("queue", "add", "film.json", "-o", f"{out}/b.mkv")
    check(done.code == EXISTS and "--overwrite" in done.err, done)
    add(SHORT, f"{out}/b.mkv", "--overwrite")
    for arguments, code in (((f"{out}/none/x.mkv",), NOT_FOUND), ((f"{out}/x.mkv", "--preset", "nonsense"), NOT_FOUND),
                            (("film.json", "--overwrite"), INVALID)):
        done = kerf("queue", "add", "film.json", "-o", *arguments)
        check(done.code == code and done.err, f"{arguments}: {done}")
    equal(len(jobs()), 2, "jobs")
    left = os.listdir(os.environ["XDG_STATE_HOME"] + "/kerf/queue")
    check(not any(name.startswith("new-") for name in left), f"left of refused jobs: {left}")
    check(kerf("queue", "run").code == 0, "run")
    check(os.path.getsize(f"{out}/b.mkv") > 0, "overwritten")


def test_pause_and_resume():
    out = fresh()
    add(LONG, f"{out}/a.mkv", *FAST)
    p = runner()
    under_way(1)
    queue("pause", 1)
    time.sleep(0.3)
    before = job(1)
    size = sum(os.path.getsize(f"{out}/{f}") for f in os.listdir(out))
    time.sleep(1)
    after = job(1)
    equal((after["state"], after["frame"]), ("paused", before["frame"]), "it stands still")
    equal(sum(os.path.getsize(f"{out}/{f}") for f in os.listdir(out)), size, "bytes written")
    check(kerf("queue", "pause", 1).code == INVALID, "twice")
    queue("resume", 1)
    until(lambda: job(1)["frame"] > after["frame"] + 5, "it goes on")
    until(lambda: job(1)["eta"] > 0, "an estimate")
    queue("cancel", 1)
    out_text, _ = p.communicate(timeout=TIMEOUT)
    equal(job(1)["state"], "cancelled", "state")
    equal(os.listdir(out), [], "left behind")


def test_pause_lets_another_run():
    out = fresh()
    add(LONG, f"{out}/a.mkv", *FAST)
    p = runner()
    under_way(1)
    add(SHORT, f"{out}/b.mkv")
    equal(job(2)["state"], "queued", "it waits")
    queue("pause", 1)
    until(lambda: job(2)["state"] == "done", "the other runs")
    queue("cancel", 1)
    p.communicate(timeout=TIMEOUT)
    equal(sorted(os.listdir(out)), ["b.mkv"], "files")


def test_cancel_leaves_the_older_file():
    out = fresh()
    with open(f"{out}/a.mkv", "w") as file:
        file.write("older")
    add(LONG, f"{out}/a.mkv", "--overwrite", *FAST)
    p = runner()
    under_way(1)
    queue("cancel", 1)
    p.communicate(timeout=TIMEOUT)
    equal(os.listdir(out), ["a.mkv"], "files")
    equal(open(f"{out}/a.mkv").read(), "older", "the older file")


def test_killed_child():
    out = fresh()
    add(LONG, f"{out}/a.mkv", *FAST)
    p = runner()
    under_way(1)
    os.kill(process(1), signal.SIGKILL)
    p.communicate(timeout=TIMEOUT)
    equal(p.returncode, INTERNAL, "exit code of the runner")
    j = job(1)
    check(j["state"] == "failed" and "signal 9" in j["message"] and "a.mkv" in j["message"] and "retry" in j["message"], j)
    equal(os.listdir(out), [], "left behind")
    queue("retry", 1)
    equal((job(1)["state"], job(1)["message"], job(1)["frame"]), ("queued", "", 0), "before it begins anew")
    p = runner()
    under_way(1)
    queue("remove", 1)
    p.communicate(timeout=TIMEOUT)
    until(lambda: not jobs() and not os.listdir(out), "gone")


def test_killed_runner():
    """Jobs end with their runner, unless told otherwise, and begin anew with the next."""
    out = fresh()
    add(LONG, f"{out}/a.mkv", *FAST)
    p = runner()
    under_way(1)
    child = process(1)
    p.kill()
    p.communicate(timeout=TIMEOUT)
    until(lambda: job(1)["state"] == "queued", "it waits again")
    check(not os.path.exists(f"/proc/{child}") or open(f"/proc/{child}/stat").read().split()[2] == "Z", "it still runs")
    equal(os.listdir(out), [], "left behind")
    p = runner()
    under_way(1)
    queue("cancel", 1)
    p.communicate(timeout=TIMEOUT)


def test_full_disk():
    out = fresh()
    mount = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", out]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        return "only root can mount"
    try:
        with open(f"{out}/a.mkv", "w") as file:
            file.write("older")
        add(LONG, f"{out}/a.mkv", "--overwrite", *FAST)
        equal(kerf("queue", "run").code, NO_SPACE, "exit code")
        j = job(1)
        check(j["state"] == "failed" and j["status"] == "no-space" and "a.mkv" in j["message"] and
              "free some space" in j["message"], j)
        equal(os.listdir(out), ["a.mkv"], "files")
        equal(open(f"{out}/a.mkv").read(), "older", "the older file")
    finally:
        subprocess.run(["umount", out], check=False)
    return None


def test_full_disk_of_the_queue():
    """What is rendered elsewhere gets done; what cannot be kept is refused."""
    out = fresh()
    state = os.environ["XDG_STATE_HOME"]
    os.mkdir(state)
    mount = ["mount", "-t", "tmpfs", "-o", "size=100k", "tmpfs", state]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        return "only root can mount"
    try:
        add({**LONG, "tracks": [{"clips": [{"generator": "noise", "duration": 8}]}]}, f"{out}/a.mkv", *FAST)
        p = runner()
        under_way(1, 0)
        with open(f"{state}/full", "wb") as file:
            try:
                file.write(bytes(200000))
            except OSError:
                pass
        done = kerf("queue", "add", write_film(SHORT), "-o", f"{out}/b.mkv")
        check(done.code == NO_SPACE, f"add: {done}")
        until(lambda: os.listdir(out) == ["a.mkv"], "it gets done")
        time.sleep(0.5)
        os.remove(f"{state}/full")
        p.communicate(timeout=TIMEOUT)
        equal([(j["state"], j["bytes"]) for j in jobs()], [("done", os.path.getsize(f"{out}/a.mkv"))], "jobs")
        left = os.listdir(f"{state}/kerf/queue")
        equal(sorted(left), ["1", "lock", "queue.json"], "files of the queue")
    finally:
        subprocess.run(["umount", "-l", state], check=False)
    return None


def test_file_too_large():
    out = fresh()

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (300000, 300000))
    add(LONG, f"{out}/a.mkv", *FAST)
    done = kerf("queue", "run", preexec_fn=limit)
    check(done.code != 0 and job(1)["state"] == "failed" and "a.mkv" in job(1)["message"], f"{done} {jobs()}")
    equal(os.listdir(out), [], "left behind")


def test_leftovers_of_a_killed_render():
    out = fresh()
    command = [KERF, "render", write_film(LONG), "-o", f"{out}/a.mkv", "--progress", "json", *FAST]
    killed, alive = (subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2))
    for p in (killed, alive):
        p.stdout.readline()
    until(lambda: len(os.listdir(out)) == 2, "two temporary files")
    killed.kill()
    killed.communicate(timeout=TIMEOUT)
    render(SHORT, "-o", f"{out}/a.mkv")
    names = os.listdir(out)
    check(len(names) == 2 and any(f"part-{alive.pid}-" in name for name in names), f"only the dead one's goes: {names}")
    end(alive)
    equal(os.listdir(out), ["a.mkv"], "left behind")


def test_wrong_use():
    fresh()
    check(kerf("queue", "dance").code == USAGE, "no such action")
    check(kerf("queue", "pause").code == USAGE, "no number")
    check(kerf("queue", "add", "film.json").code == USAGE, "no output")
    done = kerf("queue", "cancel", 77)
    check(done.code == NOT_FOUND and "77" in done.err, done)
    path = os.environ["XDG_STATE_HOME"] + "/kerf/queue/queue.json"
    with open(path, "w") as file:
        file.write("{")
    done = kerf("queue")
    check(done.code != 0 and "queue.json" in done.err, f"damaged: {done}")


if __name__ == "__main__":
    sys.exit(main([value for key, value in list(globals().items()) if key.startswith("test_")]))
