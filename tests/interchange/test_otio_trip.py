# SPDX-License-Identifier: LGPL-2.1-or-later
"""Round trips through OTIO: python3 test_otio_trip.py CONVERT_TOOL SCHEMA_TOOL SOURCE_ROOT prints TAP.

OTIO -> film -> OTIO is compared after taking away what the schemas' versions differ in: names of old schemas, absent
members that have a default, the one reference of a Clip.1, the order of markers."""
import glob
import json
import math
import os
import subprocess
import sys
from fractions import Fraction

CONVERT, SCHEMA, ROOT = sys.argv[1:4]
OLD = {"Sequence": "Track", "Filler": "Gap"}

count = failed = 0


def result(good, name, why=()):
    global count, failed
    count += 1
    failed += not good
    print(f"{'ok' if good else 'not ok'} {count} - {name}")
    for line in list(why)[:20] if not good else ():
        print(f"# {line}")


def rate(number):
    for whole in (24, 30, 48, 60, 120):
        if abs(number - whole * 1000 / 1001) < 0.006:
            return Fraction(whole * 1000, 1001)
    return Fraction(number).limit_denominator(10000)


def upgrade_clip(clip):
    one = clip.pop("media_reference", None)
    clip.setdefault("media_references", {"DEFAULT_MEDIA": one or {"OTIO_SCHEMA": "MissingReference"}})
    clip.setdefault("active_media_reference_key", "DEFAULT_MEDIA")


def plain(value):
    """A value without what may differ."""
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, float):
        return int(value) if math.isfinite(value) and value == int(value) else value
    if not isinstance(value, dict):
        return value
    schema = value.get("OTIO_SCHEMA", "").split(".")[0]
    schema = OLD.get(schema, schema)
    if schema == "RationalTime":
        exact = rate(value["rate"])
        return f"{Fraction(value['value']) / exact} s" + (f" at {exact}" if value["value"] else "")
    if schema == "Color":
        return value["name"]
    out = {key: plain(each) for key, each in value.items()}
    if not schema:
        return out
    out["OTIO_SCHEMA"] = schema
    out["metadata"] = {key: each for key, each in (out.get("metadata") or {}).items() if key != "kerf"}
    if schema == "Clip":
        upgrade_clip(out)
    if "markers" in out:
        out["markers"] = sorted(out["markers"] or [], key=lambda marker: json.dumps(marker, sort_keys=True))
    out = {key: each for key, each in out.items() if each not in (None, [], {}, "")}
    if out.get("enabled") is True:
        del out["enabled"]
    return out


def differences(a, b, path=""):
    if isinstance(a, dict) and isinstance(b, dict):
        for key in sorted(set(a) | set(b)):
            if key not in a or key not in b:
                yield f"{path}.{key}: {'lost' if key in a else 'added'} {str(a.get(key, b.get(key)))[:120]}"
            else:
                yield from differences(a[key], b[key], f"{path}.{key}")
    elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        for index, (left, right) in enumerate(zip(a, b)):
            yield from differences(left, right, f"{path}[{index}]")
    elif a != b:
        yield f"{path}: {str(a)[:120]} -> {str(b)[:120]}"


def convert(source, target, text):
    done = subprocess.run([CONVERT, source, target], input=text.encode(), capture_output=True, check=False, timeout=60)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def trip_otio(name, text):
    code, back, report = convert("otio", "otio", text)
    if code:
        result(False, f"{name}: OTIO -> film -> OTIO", report.splitlines())
        return
    found = list(differences(plain(json.loads(text)), plain(json.loads(back))))
    result(not found, f"{name}: OTIO -> film -> OTIO", found)


def without_others(film, kept):
    """What one OTIO file can hold of a film: one sequence with what it nests and shows."""
    sequences = {each["id"]: each for each in film.get("sequences", [])}
    wanted, todo, assets = {}, [kept], set()
    while todo:
        sequence = sequences[todo.pop()]
        wanted[sequence["id"]] = sequence
        for track in sequence["tracks"]:
            for clip in track["clips"]:
                if "asset" in clip:
                    assets.add(clip["asset"])
                if "sequence" in clip and clip["sequence"] not in wanted:
                    todo.append(clip["sequence"])
    film = dict(film, sequences=wanted, assets={key: each for key, each in film.get("assets", {}).items()
                                                if key in assets})
    film.pop("main", None)
    return film


def whole_assets(film):
    film["assets"] = {key: {"path": each} if isinstance(each, str) else each for key, each in film["assets"].items()}
    return film


def trip_film(name, text):
    _, first, why = convert("json", "json", text)
    _, otio, _ = convert("json", "otio", text)
    code, back, errors = convert("otio", "json", otio)
    if code or not first:
        result(False, f"{name}: film -> OTIO -> film", (why + errors).splitlines())
        return
    film, again = json.loads(first), json.loads(back)
    main = film.get("main", film["sequences"][0]["id"])
    found = list(differences(whole_assets(without_others(film, main)), whole_assets(without_others(again, main))))
    result(not found, f"{name}: film -> OTIO -> film", found)


FILM = {
    "kerf": 1, "name": "All", "bins": ["A", "A/B"], "metadata": {"by": "hand"},
    "assets": {
        "a": {"path": "clips/a b.mov", "name": "A", "bin": "A/B", "label": "red", "reel": "R1",
              "timecode": {"start": "01:00:00;00", "rate": 29.97, "drop_frame": True},
              "media": {"video": True, "audio": True, "duration": 100, "size": [1920, 1080], "rate": 29.97},
              "markers": [{"time": 1, "name": "in the media"}],
              "subclips": [{"name": "s", "in": 1, "out": 2}], "metadata": {"x": {"y": [1, 2.50, "z"]}}},
        "b": {"path": "/shots/b_%04d.png", "rate": 24},
        "c": {"offline": True, "name": "Lost", "media": {"video": True, "duration": 10}}},
    "main": "top",
    "sequences": [
        {"id": "in", "name": "Inner", "rate": 25, "size": [640, 360], "metadata": {"inner": 1},
         "markers": [{"time": 1, "name": "inside"}], "multicam": True,
         "tracks": [{"name": "cam", "clips": [{"asset": "b", "duration": "50f"}]},
                    {"clips": [{"asset": "c", "duration": "50f"}]}]},
        {"id": "top", "name": "Top", "rate": 29.97, "size": [1920, 1080], "start_timecode": "01:00:00;00",
         "drop_frame": True, "mark_in": "10f", "mark_out": "90f", "bin": "A", "label": "blue", "metadata": {"m": None},
         "markers": [{"time": "5f", "name": "chap", "kind": "chapter", "color": "#123456", "note": "n", "id": 900}],
         "tracks": [
             {"name": "V1", "lock": True, "sync_lock": False, "target": True, "metadata": {"t": 1}, "clips": [
                 {"asset": "a", "in": "30f", "duration": "60f", "link": 1, "color": "#ff0000", "metadata": {"c": 1},
                  "markers": [{"time": "3f", "name": "mm"}],
                  "effects": [{"effect": "blur", "radius": {"keys": [{"t": 0, "v": 1}, {"t": "10f", "v": 5}]}}],
                  "transform": {"scale": 0.5}, "opacity": 0.5},
                 {"transition": "wipe", "duration": "11f", "angle": 45, "name": "w", "metadata": {"w": 1}},
                 {"asset": "a", "in": "200f", "duration": "60f", "speed": "3/7", "reverse": True, "enabled": False},
                 {"gap": "7f", "name": "hole", "metadata": {"g": 1}},
                 {"sequence": "in", "in": "10f", "duration": "30f", "angle": 2},
                 {"sequence": "in", "duration": "30f", "speed": 2},
                 {"generator": "title", "duration": 2, "params": {"text": "Hi"}},
                 {"adjustment": True, "duration": 1, "effects": [{"effect": "blur"}]},
                 {"asset": "b", "freeze": 1, "duration": 1.2345678901},
                 {"asset": "a", "remap": [{"t": 0, "source": 0}, {"t": 1, "source": 3}], "duration": 1},
                 {"asset": "a", "loop": True, "in": 1, "out": 2, "duration": 5}]},
             {"kind": "audio", "name": "A1", "mute": True, "gain": -3, "clips": [
                 {"gap": 1}, {"asset": "a", "in": 1, "duration": "60f", "link": 1, "fade_in": "3f"}]}]}]}

for path in sorted(glob.glob(f"{ROOT}/../shared/interchange/*.otio")):
    with open(path, encoding="utf-8") as file:
        trip_otio(os.path.basename(path), file.read())
trip_film("a film with everything", json.dumps(FILM))
trip_film("the model's rich film", subprocess.run([SCHEMA, "rich"], capture_output=True, text=True,
                                                  check=True).stdout)
print(f"1..{count}")
sys.exit(1 if failed else 0)
