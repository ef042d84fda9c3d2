# SPDX-License-Identifier: LGPL-2.1-or-later
"""Projects from the command line: editing, history, moving and saving them: python3 test_project.py KERF prints TAP."""
import json
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import *  # noqa: E402,F403

PARSE, INVALID, NOT_FOUND, UNSUPPORTED, IO = 2, 3, 4, 7, 9


def bars(seconds, **more):
    return {"generator": "bars", "duration": seconds, **more}


def project(*clips):
    film = write_film({"kerf": 1, "size": [32, 18], "rate": 25, "tracks": [{"clips": list(clips)}]})
    if os.path.exists("p.kerf"):
        os.remove("p.kerf")
    done = kerf("convert", film, "p.kerf")
    equal(done.code, 0, f"convert ({done})")
    return "p.kerf"


def state(path="p.kerf"):
    """Starts and lengths of the first track's clips, in frames."""
    equal(kerf("convert", path, "state.json", "--overwrite").code, 0, "convert to JSON")
    film = json.load(open("state.json"))
    at, found = 0, []
    for item in film["tracks"][0]["clips"]:
        length = item.get("gap", item.get("duration"))
        if "gap" not in item and "transition" not in item:
            found.append((round(at * 25), round(length * 25)))
        at += 0 if "transition" in item else length
    return found


def runs(*arguments):
    done = kerf(*arguments)
    equal(done.code, 0, f"exit code ({done})")
    return done.out


def test_list():
    path = project(bars(2, id=1), {"transition": "dissolve", "duration": 0.4, "id": 7},
                   {"generator": "title", "params": {"text": "Two\nlines"}, "duration": 1, "id": 2, "enabled": False})
    equal(runs("list", path), "V1\n"
          "       1  00:00:00:00  00:00:02:00  Bars and tone\n"
          "       7  00:00:01:20  00:00:00:10  ~ Dissolve\n"
          "       2  00:00:02:00  00:00:01:00  Two ... (off)\n", "list")
    film = json.loads(runs("list", path, "--json"))
    equal((film["sequence"], film["duration"], film["tracks"][0]["track"]), ("main", 3, "V1"), "head")
    equal(film["tracks"][0]["clips"][1], {"id": 7, "start": 1.8, "duration": 0.4, "name": "Dissolve",
                                          "transition": "dissolve", "cut": 2}, "transition")
    equal(film["tracks"][0]["clips"][2]["generator"], "title", "generator")
    equal(kerf("list", path, "--sequence", "other").code, NOT_FOUND, "no such sequence")


def test_steps_are_told():
    path = project(bars(2, id=1), bars(2, id=2))
    runs("edit", path, "trim", "clip=1", "by=-10f", "-q")
    runs("edit", path, "trim", "clip=2", "by=-10f", "-q", "--label", "Shorter")
    equal(runs("undo", path), "undone: Shorter\nat 2 Trim\n", "undo")
    equal(runs("redo", path), "redone: Shorter\nat 3 Shorter\n", "redo")
    equal(runs("undo", path, "2").splitlines()[0], "undone: 2 steps", "undo 2")
    equal(runs("go", path, "2"), "at 2 Trim\n", "go")
    equal(runs("go", path, "3", "--quiet"), "", "go --quiet")


def test_edits_and_their_history():
    project(bars(2, id=1), bars(2, id=2))
    report = json.loads(runs("edit", "p.kerf", "trim", "clip=1", "by=-10f"))
    equal(report["created"], [], "created")
    equal([c["what"] for c in report["changes"]], ["items"], "changes")
    equal(state(), [(0, 40), (50, 50)], "after trim")
    runs("edit", "p.kerf", "close_gap", "track=V1", "at=1.7", "-q")
    equal(state(), [(0, 40), (40, 50)], "after close_gap")
    runs("undo", "p.kerf", "2")
    equal(state(), [(0, 50), (50, 50)], "after undo")
    runs("redo", "p.kerf")
    equal(state(), [(0, 40), (50, 50)], "after redo")
    runs("edit", "p.kerf", "ripple_delete", "clips=1", "--label", "Away with it", "-q")
    equal(state(), [(10, 50)], "after ripple_delete")
    log = json.loads(runs("log", "p.kerf", "--all", "--json"))
    equal([(e["number"], e.get("parent"), e["label"]) for e in log],
          [(4, 2, "Away with it"), (3, 2, "Close gap"), (2, 1, "Trim"), (1, None, "")], "log")
    runs("go", "p.kerf", "3")
    equal(state(), [(0, 40), (40, 50)], "after go")
    equal(len(json.loads(runs("log", "p.kerf", "--json"))), 3, "states on the way here")


def test_steps_are_all_or_nothing():
    project(bars(2, id=1), bars(2, id=2))
    runs("edit", "p.kerf", "delete", "clips=2", "-q")
    runs("edit", "p.kerf", "delete", "clips=1", "-q")
    done = kerf("undo", "p.kerf", "3")
    equal(done.code, INVALID, f"three of two ({done})")
    check("only 2 steps, not 3" in done.err, done.err)
    equal(state(), [], "nothing was undone")
    runs("undo", "p.kerf", "2")
    done = kerf("redo", "p.kerf", "9")
    equal(done.code, INVALID, f"nine of two ({done})")
    equal(state(), [(0, 50), (50, 50)], "nothing was redone")
    runs("redo", "p.kerf", "2")
    equal(state(), [], "all is redone")


def test_projects_that_lost_their_beginning():
    whole = open(project(bars(2, id=1)), "rb").read()
    for name, content in [("empty", b""), ("magic", b"\xff" + whole[1:]), ("short", whole[:10])]:
        open("bad.kerf", "wb").write(content)
        for command in ["check bad.kerf", "edit bad.kerf razor at=1", "convert bad.kerf x.json"]:
            done = kerf(*command.split())
            equal(done.code, PARSE, f"{name}, {command} ({done})")
            check("not a Kerf project" in done.err and "kerf recover" in done.err, done.err)
        equal(open("bad.kerf", "rb").read(), content, f"{name}: it stays as it was")


def test_scripts_are_all_or_nothing():
    project(bars(2, id=1), bars(2, id=2))
    open("ops.jsonl", "w").write('{"op": "razor", "at": 1}\n\n# a comment\n{"op": "trim", "clip": 2, "by": -9}\n')
    done = kerf("edit", "p.kerf", "--script", "ops.jsonl")
    equal(done.code, INVALID, f"exit code ({done})")
    check("ops.jsonl:4:" in done.err, f"names the line: {done.err}")
    equal(state(), [(0, 50), (50, 50)], "nothing happened")
    open("ops.jsonl", "w").write('{"op": "razor", "at": 1}\n{"op": "trim", "clip": 2, "by": "-9f"}\n')
    runs("edit", "p.kerf", "--script", "ops.jsonl", "--dry-run")
    equal(state(), [(0, 50), (50, 50)], "dry run")
    runs("edit", "p.kerf", "--script", "ops.jsonl")
    equal(state(), [(0, 25), (25, 25), (50, 41)], "after the script")
    runs("undo", "p.kerf")
    equal(state(), [(0, 50), (50, 50)], "one step")


def test_json_films_are_edited_in_place():
    write_film({"kerf": 1, "size": [32, 18], "rate": 25, "tracks": [{"clips": [bars(2, id=1)]}]}, "e.json")
    runs("edit", "e.json", "trim", "clip=1", "to=1", "-q")
    equal(state("e.json"), [(0, 25)], "after trim")
    done = kerf("undo", "e.json")
    equal(done.code, UNSUPPORTED, f"undo of JSON ({done})")
    before = open("e.json").read()
    equal(kerf("edit", "e.json", "trim", "clip=1", "to=-1").code, INVALID, "impossible")
    equal(open("e.json").read(), before, "the file is as it was")


def test_paths_follow_the_film():
    os.makedirs("deep/er", exist_ok=True)
    film = {"kerf": 1, "size": [32, 18], "rate": 25, "assets": {"a": {"path": "media/a.mp4", "offline": True}},
            "tracks": [{"clips": [{"asset": "a", "duration": 1}]}]}
    json.dump(film, open("deep/f.json", "w"))
    runs("convert", "deep/f.json", "deep/er/f.kerf")
    runs("convert", "deep/er/f.kerf", "back.json")
    equal(json.load(open("back.json"))["assets"]["a"]["path"], "deep/media/a.mp4", "from the top")
    runs("convert", "deep/er/f.kerf", "deep/back.json")
    equal(json.load(open("deep/back.json"))["assets"]["a"]["path"], "media/a.mp4", "as it was")


def test_one_writer():
    project(bars(2, id=1))
    holder = subprocess.Popen(["python3", "-c", "import fcntl, sys, time\n"
                               "f = open('p.kerf.lock', 'a+')\nfcntl.flock(f, fcntl.LOCK_EX)\nprint('locked', flush=True)\n"
                               "sys.stdin.read()"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    holder.stdout.readline()
    done = kerf("edit", "p.kerf", "razor", "at=1")
    equal(done.code, IO, f"a second writer ({done})")
    equal(kerf("log", "p.kerf").code, 0, "a reader is fine")
    holder.communicate()


def test_save_revert_compact_recover():
    project(bars(2, id=1), bars(2, id=2))
    runs("save", "p.kerf")
    runs("edit", "p.kerf", "delete", "clips=1", "-q")
    runs("revert", "p.kerf")
    equal(state(), [(0, 50), (50, 50)], "after revert")
    size = os.path.getsize("p.kerf")
    runs("compact", "p.kerf", "--drop-history")
    check(os.path.getsize("p.kerf") < size, "smaller")
    equal(state(), [(0, 50), (50, 50)], "after compact")
    for _ in range(5):
        runs("edit", "p.kerf", "razor", "at=1", "-q")
        runs("undo", "p.kerf")
    runs("redo", "p.kerf")
    data = bytearray(open("p.kerf", "rb").read())
    data[-40] ^= 0xff
    open("bad.kerf", "wb").write(data)
    check("states saved" in runs("recover", "bad.kerf", "good.kerf"), "says what was saved")
    check(state("good.kerf") in ([(0, 25), (25, 25), (50, 50)], [(0, 50), (50, 50)]), "a state there was")
    equal(kerf("recover", "bad.kerf", "good.kerf").code, 8, "does not overwrite")


def test_a_project_cut_short_while_it_renders():
    project(*[bars(0.2)] * 20000)  # more than what is held in memory
    p = subprocess.Popen([KERF, "render", "p.kerf", "-o", "cut.mp4", "-q"], stderr=subprocess.PIPE, text=True)
    time.sleep(0.5)
    running = p.poll() is None
    os.truncate("p.kerf", 0)
    err = p.communicate(timeout=TIMEOUT)[1]
    if not running:
        return "the render was over before the file was cut"
    equal(p.returncode, IO, f"exit code ({err})")
    check("p.kerf" in err, f"names the file: {err}")
    check(not os.path.exists("cut.mp4"), "nothing is left behind")


def test_new_projects():
    presets = json.loads(runs("presets", "--json"))
    runs("new", "n.kerf", "--preset", presets[0]["name"], "--video-tracks", "3", "--audio-tracks", "1")
    runs("edit", "n.kerf", "append", "track=V3", 'clip={"generator": "bars", "duration": 1}', "-q")
    runs("convert", "n.kerf", "n.json")
    film = json.load(open("n.json"))
    equal([t.get("kind", "video") for t in film["tracks"]], ["video"] * 3 + ["audio"], "tracks")
    equal(film["size"], [1920, 1080], "size of the first preset")
    equal(kerf("new", "n.kerf").code, 8, "does not overwrite")
    equal(kerf("new", "m.kerf", "--preset", "nothing").code, NOT_FOUND, "no such preset")
    check(not os.path.exists("m.kerf"), "nothing is left behind")
    os.environ["XDG_DATA_HOME"] = os.path.abspath("data")
    first, second = runs("new").strip(), runs("new").strip()
    check(first != second and first.startswith(os.path.abspath("data")), f"untitled: {first}, {second}")
    runs("edit", first, "append", 'clip={"generator": "bars", "duration": 1}', "-q")


def test_errors_name_the_way_out():
    project(bars(2, id=1))
    for code, arguments, words in [
            (NOT_FOUND, ["edit", "p.kerf", "trimm", "clip=1"], "did you mean"),
            (INVALID, ["edit", "p.kerf", "trim", "clip=1"], "one of to and by"),
            (INVALID, ["edit", "p.kerf", "trim", "clop=1"], "did you mean"),
            (NOT_FOUND, ["edit", "p.kerf", "delete", "clips=7"], "no clip 7"),
            (NOT_FOUND, ["go", "p.kerf", "99"], "log --all"),
            (INVALID, ["undo", "p.kerf"], "nothing to undo"),
            (1, ["edit", "p.kerf"], "operation"),
            (1, ["convert", "p.kerf", "-"], "not to standard output"),
            (NOT_FOUND, ["edit", "p.kerf", "--script", "none.jsonl"], "none.jsonl: cannot be read: No such file"),
            (IO, ["edit", "p.kerf", "--script", "/"], "Is a directory"),
            (NOT_FOUND, ["edit", "none.kerf", "razor", "at=1"], "none.kerf")]:
        done = kerf(*arguments)
        equal(done.code, code, f"{arguments} ({done})")
        check(words in done.err, f"{words!r} in {done.err!r}")


main([test_list, test_steps_are_told, test_edits_and_their_history, test_steps_are_all_or_nothing,
      test_projects_that_lost_their_beginning,
      test_scripts_are_all_or_nothing, test_json_films_are_edited_in_place,
      test_paths_follow_the_film, test_one_writer, test_save_revert_compact_recover,
      test_a_project_cut_short_while_it_renders, test_new_projects, test_errors_name_the_way_out])
