# SPDX-License-Identifier: LGPL-2.1-or-later
"""The JSON Schema and the reader agree, and docs are as the tables: python3 test_schema.py TOOL EDITS_TOOL SOURCE_ROOT
prints TAP."""
import glob
import json
import re
import subprocess
import sys

TOOL, EDITS_TOOL, ROOT = sys.argv[1:4]

# What both must refuse.
BAD = {
    "unknown key of a film": '{"kerf":1,"colour":1,"tracks":[]}',
    "unknown key of a clip": '{"kerf":1,"tracks":[{"clips":[{"generator":"bars","duration":1,"opacty":1}]}]}',
    "unknown effect": '{"kerf":1,"tracks":[{"effects":[{"effect":"blurr"}]}]}',
    "unknown parameter": '{"kerf":1,"tracks":[{"effects":[{"effect":"blur","radus":1}]}]}',
    "parameter of another generator": '{"kerf":1,"tracks":[{"clips":[{"generator":"bars","duration":1,'
                                     '"params":{"text":"x"}}]}]}',
    "opacity out of range": '{"kerf":1,"tracks":[{"opacity":2}]}',
    "opacity of the wrong type": '{"kerf":1,"tracks":[{"opacity":"1"}]}',
    "empty keyframes": '{"kerf":1,"tracks":[{"opacity":{"keys":[]}}]}',
    "keyframe without value": '{"kerf":1,"tracks":[{"opacity":{"keys":[{"t":0}]}}]}',
    "keyframe out of range": '{"kerf":1,"tracks":[{"opacity":{"keys":[{"t":0,"v":7}]}}]}',
    "what cannot be animated": '{"kerf":1,"tracks":[{"clips":[{"generator":"bars","duration":1,'
                               '"pitch_preserve":{"keys":[]}}]}]}',
    "bad colour": '{"kerf":1,"background":"#12345","tracks":[]}',
    "bad time": '{"kerf":1,"tracks":[{"clips":[{"gap":"12 frames"}]}]}',
    "bad size": '{"kerf":1,"size":[0,1],"tracks":[]}',
    "bad choice": '{"kerf":1,"working":"lineal","tracks":[]}',
    "no version": '{"tracks":[]}',
    "no path": '{"kerf":1,"assets":{"a":{"name":"x"}},"tracks":[]}',
    "neither path nor offline": '{"kerf":1,"assets":{"a":{"offline":false}},"tracks":[]}',
    "metadata that is no object": '{"kerf":1,"metadata":[],"tracks":[]}',
    "bad bin": '{"kerf":1,"bins":["a//b"],"tracks":[]}',
    "unknown state of a proxy": '{"kerf":1,"assets":{"a":{"path":"x","proxy":{"path":"y","state":"done"}}},"tracks":[]}',
    "timecode without rate": '{"kerf":1,"assets":{"a":{"path":"x","timecode":{"start":"01:00:00:00"}}},"tracks":[]}',
    "subclip without out": '{"kerf":1,"assets":{"a":{"path":"x","subclips":[{"in":1}]}},"tracks":[]}',
    "link 0": '{"kerf":1,"tracks":[{"clips":[{"generator":"bars","duration":1,"link":0}]}]}',
    "a list": '[]',
}

count = failed = 0


def result(good, name, why=""):
    global count, failed
    count += 1
    failed += not good
    print(f"{'ok' if good else 'not ok'} {count} - {name}")
    if not good:
        print(f"# {why}")


def run(what, text=None):
    done = subprocess.run([TOOL, what], input=text, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def films():
    yield "rich film", run("rich")[1]
    yield "every field", run("kinds")[1]
    for folder in ("examples", "bench/timelines", "tests/films"):
        for path in sorted(glob.glob(f"{ROOT}/{folder}/*.json")):
            with open(path, encoding="utf-8") as file:
                yield path[len(ROOT) + 1:], file.read()
    with open(f"{ROOT}/docs/film-format.md", encoding="utf-8") as file:
        for number, text in enumerate(re.findall(r"```json\n(.*?)```", file.read(), re.DOTALL), 1):
            yield f"example {number} of docs/film-format.md", text


def docs_are_current():
    with open(f"{ROOT}/docs/effects.md", encoding="utf-8") as file:
        result(file.read() == run("docs")[1], "docs/effects.md is as the tables are", f"{TOOL} docs > docs/effects.md")
    tool = [EDITS_TOOL, "docs", f"{ROOT}/src/catalog/edits.md"]
    printed = subprocess.run(tool, capture_output=True, text=True, check=False).stdout
    with open(f"{ROOT}/docs/edits.md", encoding="utf-8") as file:
        result(file.read() == printed, "docs/edits.md is as the tables are", " ".join(tool) + " > docs/edits.md")


def main():
    docs_are_current()
    try:
        import jsonschema
        validator = jsonschema.Draft202012Validator
    except (ImportError, AttributeError):
        print(f"ok {count + 1} - the schema # SKIP python3-jsonschema 4 is not installed\n1..{count + 1}")
        return 1 if failed else 0
    schema = json.loads(run("schema")[1])
    validator.check_schema(schema)
    check = validator(schema)
    for name, text in films():
        wrong = [f"{list(e.absolute_path)}: {e.message[:200]}" for e in check.iter_errors(json.loads(text))]
        result(not wrong, f"the schema takes {name}", wrong[:1])
        code, said = run("check", text)
        result(code == 0, f"the reader takes {name}", said)
    for name, text in BAD.items():
        result(not check.is_valid(json.loads(text)), f"the schema refuses: {name}")
        result(run("check", text)[0] == 1, f"the reader refuses: {name}")
    print(f"1..{count}")
    return 1 if failed else 0


sys.exit(main())
