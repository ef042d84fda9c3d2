# SPDX-License-Identifier: LGPL-2.1-or-later
"""kerf diff: python3 test_diff.py KERF prints TAP."""
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import *  # noqa: E402,F403

NOT_FOUND, UNSUPPORTED, DIFFERENT = 4, 7, 15


def film(*clips):
    return {"kerf": 1, "size": [32, 18], "rate": 25, "tracks": [{"id": 9, "clips": list(clips)}]}


def bars(seconds, **more):
    return {"generator": "bars", "duration": seconds, **more}


def diff(a, b, code, *options):
    done = kerf("diff", a, b, *options)
    equal(done.code, code, f"exit code ({done})")
    return done.out


def test_states_of_a_project_and_its_source():
    source = write_film(film(bars(2, id=1), bars(2, id=2), bars(2, id=3)))
    equal(kerf("convert", source, "d.kerf").code, 0, "convert")
    equal(diff(source, "d.kerf", 0), "", "nothing differs")
    equal(json.loads(diff(source, "d.kerf", 0, "--json")), [], "nothing differs, as JSON")
    equal(kerf("edit", "d.kerf", "trim", "clip=1", "by=-10f", "ripple=true", "-q").code, 0, "trim")
    equal(kerf("edit", "d.kerf", "delete", "clips=2", "-q").code, 0, "delete")
    told = diff(source, "d.kerf", DIFFERENT).splitlines()
    equal(told, ["removed clip 2, V1 of main at 2 s", "changed clip 1, V1 of main at 0 s: duration 2 -> 1.6",
                 "moved clip 3, V1 of main at 3.6 s: by -0.4 s"], "lines")
    told = json.loads(diff("d.kerf#1", "d.kerf#2", DIFFERENT, "--json"))
    equal([(d["change"], d["what"], d["id"]) for d in told], [("changed", "clip", "1"), ("moved", "clip", "2")], "JSON")
    equal(told[0]["fields"], {"duration": {"from": 2, "to": 1.6}}, "fields")
    equal((told[1]["count"], told[1]["by"], told[1]["start"]), (2, -0.4, 1.6), "the run")
    equal(diff("d.kerf#3", "d.kerf", 0), "", "the last state is the present one")


def test_names_with_a_hash():
    write = json.dumps(film(bars(1, id=1)))
    for name in ("a#1", "b#x.json"):
        with open(name, "w") as out:
            out.write(write)
    equal(diff("a#1", "b#x.json", 0), "", "files, not states")


def test_errors():
    source = write_film(film(bars(1, id=1)))
    equal(kerf("convert", source, "e.kerf").code, 0, "convert")
    for a, code, words in [("e.kerf#7", NOT_FOUND, "no state 7"), ("none.kerf", NOT_FOUND, "none.kerf"),
                           ("none.kerf#1", NOT_FOUND, "none.kerf"), (source + "#1", UNSUPPORTED, "no history")]:
        done = kerf("diff", a, source)
        equal(done.code, code, f"{a} ({done})")
        check(words in done.err, f"{words!r} in {done.err!r}")


main([test_states_of_a_project_and_its_source, test_names_with_a_hash, test_errors])
