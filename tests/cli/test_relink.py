# SPDX-License-Identifier: LGPL-2.1-or-later
"""Finding missing media: python3 test_relink.py KERF prints TAP."""
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import *  # noqa: E402,F403

USAGE, INVALID, NOT_FOUND = 2, 3, 4
ABC = "44bc2cf5ad770999"  # XXH64 of "abc"


def put(path, text="x"):
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path, "w") as file:
        file.write(text)


def film(**assets):
    return write_film({"kerf": 1, "size": [32, 18], "rate": 25, "assets": assets,
                       "tracks": [{"clips": [{"generator": "bars", "duration": 1}]}]}, "r.json")


def relink(path, *arguments):
    done = kerf("relink", path, "--search", *arguments)
    equal(done.code, 0, f"relink ({done})")
    return dict(line.split(": ", 1) for line in done.out.splitlines() if ": " in line)


def path_of(path, asset):
    found = json.load(open(path))["assets"][asset]
    return found if isinstance(found, str) else found["path"]


def test_by_name_and_tail():
    put("one/day1/A001.mov")
    put("one/day2/A001.mov")
    put("one/Music.WAV")
    put("there.mov")
    path = film(a="/gone/day2/A001.mov", b="Z:\\shoot\\day1\\A001.mov", m={"path": "music.wav", "offline": True},
                t="there.mov", n="nowhere.mov")
    said = relink(path, "one")
    equal(path_of(path, "a"), "one/day2/A001.mov", "by the end of its path")
    equal(path_of(path, "b"), "one/day1/A001.mov", "by the end of a path with other slashes")
    equal(json.load(open(path))["assets"]["m"], "one/Music.WAV", "offline no more, whatever the case")
    equal((path_of(path, "t"), path_of(path, "n")), ("there.mov", "nowhere.mov"), "left alone")
    check("not found" in said["n"] and "t" not in said, f"{said}")
    check("nothing is missing" not in kerf("relink", path, "--search", "one").out, "n still is")


def test_by_content():
    put("two/renamed.bin", "abc")
    put("two/k.mov", "abd")
    put("two/s.mov", "four")
    path = film(h={"path": "k.mov", "media": {"video": True, "bytes": 3, "hash": ABC}},
                s={"path": "old/s.mov", "media": {"video": True, "bytes": 5}})
    said = relink(path, "two")
    equal(path_of(path, "h"), "two/renamed.bin", "by its hash")
    check("content" in said["h"], f"{said}")
    equal(path_of(path, "s"), "old/s.mov", "another size: another file")
    check("another file" in said["s"], f"{said}")
    equal(json.load(open(path))["assets"]["h"]["media"]["hash"], ABC, "what is known stays")


def test_ambiguous_and_dry():
    put("three/x/c.mov")
    put("three/y/c.mov")
    put("three/only.mov")
    path = film(c="z/c.mov", o="only.mov")
    before = open(path).read()
    done = kerf("relink", path, "--search", "three", "--dry-run")
    check(done.code == 0 and "three/only.mov" in done.out, f"{done}")
    equal(open(path).read(), before, "nothing is changed")
    said = relink(path, "three")
    check("more than once" in said["c"], f"{said}")
    equal(path_of(path, "c"), "z/c.mov", "left alone")
    equal(path_of(path, "o"), "three/only.mov", "the other one")
    relink(path, "three/x", "./three/x")
    equal(path_of(path, "c"), "three/x/c.mov", "one file, found in two ways")


def test_one_step_of_history():
    put("four/p.mov")
    put("four/q.mov")
    if os.path.exists("r.kerf"):
        os.remove("r.kerf")
    equal(kerf("convert", film(p="p.mov", q="q.mov"), "r.kerf").code, 0, "convert")
    relink("r.kerf", "four")
    log = [entry["label"] for entry in json.loads(kerf("log", "r.kerf", "--json").out)]
    equal(log[0], "Relink", f"log {log}")
    equal(kerf("undo", "r.kerf").code, 0, "undo")
    equal(kerf("convert", "r.kerf", "back.json", "--overwrite").code, 0, "convert back")
    equal((path_of("back.json", "p"), path_of("back.json", "q")), ("p.mov", "q.mov"), "one step back")


def test_beside_another_folder():
    put("five/m.mov")
    os.makedirs("films", exist_ok=True)
    path = film(m="m.mov")
    os.replace(path, "films/f.json")
    relink("films/f.json", "five")
    equal(path_of("films/f.json", "m"), "../five/m.mov", "from the film's folder")


def test_errors():
    path = film(m="m.mov")
    done = kerf("relink", path, "--search", "no-such-folder")
    check(done.code == NOT_FOUND and "no-such-folder" in done.err, f"{done}")
    check(kerf("relink", path).code != 0, "no folder is given")
    put("here.mov")
    check("nothing is missing" in kerf("relink", film(m="here.mov"), "--search", ".").out, "all there")


if __name__ == "__main__":
    sys.exit(main([test_by_name_and_tail, test_by_content, test_ambiguous_and_dry, test_one_step_of_history,
                   test_beside_another_folder, test_errors]))
