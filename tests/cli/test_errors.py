# SPDX-License-Identifier: LGPL-2.1-or-later
"""What goes wrong is said with its place, a way out and the right exit code: python3 test_errors.py KERF prints TAP."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import *  # noqa: E402,F403

OK, USAGE, PARSE, INVALID, NOT_FOUND, MEDIA, RANGE, UNSUPPORTED, EXISTS, IO = range(10)
TINY = {"size": [32, 18], "rate": 25}
BARS = {"generator": "bars", "duration": 0.2}


def fails(code, done, *words):
    """One message, on standard error only, with all these words."""
    equal(done.code, code, f"exit code ({done})")
    check(done.err.startswith("kerf: ") and done.err.endswith("\n"), f"message: {done}")
    for word in words:
        check(word.lower() in done.err.lower(), f"{word!r} is not in {done.err!r}")
    check("\n" not in done.err.strip(), f"more than one line: {done.err!r}")
    return done


def null(film, *arguments):
    return kerf("render", write_film(film), "--null", "-q", *arguments)


def written(text, name="bad.json"):
    with open(name, "wb") as file:
        file.write(text if isinstance(text, bytes) else text.encode())
    return name


def of(*clips, **more):
    return {**TINY, "tracks": [{"clips": list(clips)}], **more}


# ---- Command line ----

def test_usage():
    check(kerf().code == USAGE and "kerf render" in kerf().err, "no command")
    fails(USAGE, kerf("rendre"), "rendre", "--help")
    fails(USAGE, kerf("render"), "FILM")
    film = write_film(of(BARS))
    fails(USAGE, kerf("render", film), "-o OUT")
    fails(USAGE, kerf("render", film, "--nul"), "--nul")
    fails(USAGE, kerf("render", film, "again.json", "--null"), "again.json")
    fails(USAGE, kerf("render", film, "-o"), "--output", "value")
    fails(USAGE, kerf("render", film, "--null", "--threads", "two"), "--threads", "two")
    fails(USAGE, kerf("render", film, "--null", "--threads", "-1"), "-1")
    fails(USAGE, kerf("render", film, "--null", "--threads", "100000"), "100000")
    fails(USAGE, kerf("render", film, "--null", "--size", "0x10"), "--size", "0x10")
    fails(USAGE, kerf("render", film, "--null", "--size", "99999x10"), "--size")
    fails(USAGE, kerf("render", film, "--null", "--rate", "0"), "--rate")
    fails(USAGE, kerf("render", film, "--null", "--rate", "100000"), "rate")
    fails(USAGE, kerf("render", film, "--null", "--bitrate", "lots"), "--bitrate", "lots")
    fails(USAGE, kerf("render", film, "--null", "--quiet=1"), "--quiet")
    fails(USAGE, kerf("render", film, "--null", "--progress", "loud"), "loud", "json")
    fails(USAGE, kerf("render", film, "--null", "--isa", "mmx"), "mmx", "avx2")
    fails(USAGE, kerf("render", film, "--hash", "files"), "files", "frames")
    fails(NOT_FOUND, kerf("render", film, "--null", "--preset", "web-720"), "web-720", "did you mean", "web-720p")
    fails(NOT_FOUND, kerf("render", film, "--null", "--sequence", "none"), "none")
    fails(INVALID, kerf("render", film, "--null", "--pixel-format", "yuv9"), "yuv9", "formats")
    fails(NOT_FOUND, kerf("effects", "blurr"), "blurr", "blur")


def test_unknown_codecs_and_containers():
    film = write_film(of(BARS))
    fails(INVALID, kerf("render", film, "-o", "o.mkv", "--video-codec", "h256"), "h256", "h264")
    check(kerf("render", film, "-o", "o.xyz").code in (NOT_FOUND, UNSUPPORTED, INVALID), "an unknown extension")
    check("xyz" in kerf("render", film, "-o", "o.xyz").err, "an unknown extension is not named")
    check("o" in kerf("render", film, "-o", "o").err and kerf("render", film, "-o", "o").code != OK, "no extension")
    fails(UNSUPPORTED, kerf("render", film, "-o", "o.webm", "--video-codec", "h264"), "webm", "h264")
    equal(sorted(n for n in os.listdir(".") if n.startswith("o") or n.startswith(".o")), [], "files left behind")


def test_help():
    for command in ("render", "frame", "check", "probe", "effects", "formats", "sync", "schema"):
        done = kerf(command, "--help")
        check(done.code == OK and f"kerf {command}" in done.out and not done.err, f"{command}: {done}")
    check(kerf("--version").out.startswith("kerf "), "--version")


# ---- Films ----

def test_films_that_are_none():
    fails(NOT_FOUND, kerf("check", "absent.json"), "absent.json")
    fails(PARSE, kerf("check", written("")), "bad.json")
    fails(PARSE, kerf("check", written("not json")), "bad.json:1")
    fails(PARSE, kerf("check", written('{"kerf": 1,\n "tracks": [}')), "bad.json:2")
    fails(PARSE, kerf("check", written(b'{"kerf": 1, "name": "\xff\xfe"}')), "bad.json")
    fails(PARSE, kerf("check", written("[" * 100000)), "bad.json")
    check(kerf("check", written(os.urandom(4000))).code == PARSE, "noise")
    check(kerf("check", ".").code in (IO, PARSE, NOT_FOUND), "a folder")
    check(kerf("check", written("[1, 2]")).code in (PARSE, INVALID), "a list")
    check(kerf("check", written("{}")).code in (PARSE, INVALID), "no version")
    fails(UNSUPPORTED, kerf("check", written('{"kerf": 99, "tracks": []}')), "99")


def test_films_of_nothing():
    fails(INVALID, null({**TINY, "tracks": []}), "empty")
    fails(INVALID, null({**TINY, "tracks": [{"clips": []}]}), "empty")


def test_unknown_keys():
    done = fails(INVALID, kerf("check", written('{"kerf":1,\n"tracks":[{"clips":[\n{"generator":"bars","duration":1,'
                                                '"opacty":1}]}]}')),
                 "bad.json:3", "tracks[0].clips[0].opacty", "did you mean", '"opacity"')
    check("kerf: bad.json" in done.err, done.err)
    fails(INVALID, null(of({**BARS, "effects": [{"effect": "blur", "radus": 3}]})), "radus", "radius")
    fails(INVALID, null(of({**BARS, "effects": [{"effect": "blurr"}]})), "blurr", "did you mean")
    fails(INVALID, null(of({"generator": "barz", "duration": 1})), "barz", "bars")
    fails(INVALID, null({**of(BARS), "sise": [1, 1]}), "sise", "size")
    check(null(of({"asset": "nobody", "duration": 1})).code in (INVALID, NOT_FOUND), "an unknown asset")


def test_values_out_of_range():
    for key, value in (("size", [0, 18]), ("size", [32, 0]), ("size", [100000, 18]), ("size", [-1, 5]),
                       ("size", [1e300, 5]), ("rate", 0), ("rate", -25), ("rate", "1/0"), ("rate", 1e9),
                       ("rate", "0/5"), ("rate", 1e-9),
                       ("sample_rate", 0), ("sample_rate", 10**12), ("channels", 0), ("channels", 1000),
                       ("pixel_aspect", 0), ("pixel_aspect", -1)):
        done = null({**of(BARS), key: value})
        check(done.code == INVALID and key in done.err, f"{key} {value}: {done}")
    for clip in ({**BARS, "duration": 0}, {**BARS, "duration": -1}, {**BARS, "duration": 1e30}, {**BARS, "opacity": 2},
                 {**BARS, "speed": 0}, {**BARS, "gain": "loud"}, {**BARS, "start": -1}, {"gap": -1}, {"gap": 1e12}):
        done = null(of(clip))
        check(done.code == INVALID and "tracks[0].clips[0]" in done.err, f"{clip}: {done}")
    fails(INVALID, null(of({**BARS, "effects": [{"effect": "blur", "radius": 1}] * 300})), "effects")
    fails(INVALID, null({**TINY, "tracks": [{"clips": []}] * 1001}), "tracks")
    fails(INVALID, null(of(BARS, {**BARS, "start": 0.1})), "tracks[0].clips[1]")


def test_sizes_and_rates_at_the_ends():
    for film in (of(BARS, size=[1, 1]), of({**BARS, "duration": "2f"}, size=[1, 400]), of(BARS, rate=1000),
                 of({"generator": "bars", "duration": 100}, rate="1/100"), of({"generator": "bars", "duration": "1f"})):
        done = null(film)
        check(done.code == OK, f"{film}: {done}")
    done = null(of({**BARS, "duration": 0.01}), "--range", "0..0.0000001")
    check(done.code == OK, f"less than a frame: {done}")


def test_cycles():
    def nested(*names):
        return [{"id": a, **TINY, "tracks": [{"clips": [{"sequence": b, "duration": 1}]}]} for a, b in names]

    fails(INVALID, null({"sequences": nested(("a", "a"))}), "a")
    fails(INVALID, null({"sequences": nested(("a", "b"), ("b", "c"), ("c", "a"))}), "a")
    deep = [(f"s{i}", f"s{i + 1}") for i in range(30)]
    last = {"id": "s30", **TINY, "tracks": [{"clips": [BARS]}]}
    fails(INVALID, null({"sequences": nested(*deep) + [last]}), "16")
    check(null({"sequences": nested(("a", "zz"))}).code in (INVALID, NOT_FOUND), "an unknown sequence")


# ---- Media ----

def test_missing_media():
    film = of({"asset": "a", "duration": 0.2}, assets={"a": "absent/clip.mp4"})
    fails(NOT_FOUND, null(film), "absent/clip.mp4")
    done = null(film, "--allow-missing")
    check(done.code == OK and "warning" in done.err and "absent/clip.mp4" in done.err, f"--allow-missing: {done}")
    render(film, "-o", "hole.mkv", "--video-codec", "ffv1", "--allow-missing", "--size", "320x180")
    check(max(brightness("hole.mkv", 320, 180)) > 5, "the placeholder is black")
    check("absent" in kerf("check", "film.json").out, "check does not name it")
    equal(kerf("check", "film.json").code, NOT_FOUND, "kerf check")


def test_offline_media():
    known = {"size": [64, 36], "rate": 25, "duration": 0.2}
    film = of({"asset": "shot"}, assets={"shot": {"offline": True, "media": known}})
    fails(NOT_FOUND, null(film), '"shot" is offline')
    done = null(film, "--allow-missing")
    check(done.code == OK and '"shot" is offline' in done.err, f"--allow-missing: {done}")


def test_frames_need_what_they_show():
    make_clip("good.mp4", 25, "25", "-c:v", "libx264", "-g", "25")
    film = write_film(of({"asset": "a", "duration": 0.4}, {"asset": "b", "duration": 0.4}, {"asset": "a", "duration": 0.4},
                         assets={"a": "good.mp4", "b": "absent.mp4"}))

    def frame(at):
        return kerf("frame", film, "--at", at, "-o", "shown.png", "--overwrite")

    equal([frame(at).code for at in (0, 0.36, 0.8)], [OK, OK, OK], "frames beside a missing clip")
    fails(NOT_FOUND, frame(0.4), "absent.mp4")
    fails(NOT_FOUND, frame(0.76), "absent.mp4")
    joined = write_film(of({"asset": "a", "duration": 0.4}, {"transition": "dissolve", "duration": 0.2},
                           {"asset": "b", "in": 0.2, "duration": 0.4}, assets={"a": "good.mp4", "b": "absent.mp4"}))
    equal(kerf("frame", joined, "--at", 0.2, "-o", "shown.png", "--overwrite").code, OK, "before the transition")
    fails(NOT_FOUND, kerf("frame", joined, "--at", 0.32, "-o", "shown.png", "--overwrite"), "absent.mp4")


def test_media_that_is_none():
    make_clip("good.mp4", 50, "25", "-c:v", "libx264", "-g", "25")
    with open("good.mp4", "rb") as file:
        whole = file.read()
    written(b"", "empty.mp4")
    written(whole[:len(whole) // 3], "cut.mp4")
    written(b"This is no film at all.\n" * 100, "text.mp4")
    written(os.urandom(20000), "noise.mkv")
    for name in ("empty.mp4", "cut.mp4", "text.mp4", "noise.mkv"):
        film = of({"asset": "a", "duration": 0.2}, assets={"a": name})
        fails(MEDIA, null(film), name)
        fails(MEDIA, kerf("probe", name), name)
        check(null(film, "--allow-missing").code == OK, f"{name} with --allow-missing")
    film = of({"asset": "a", "duration": 0.2}, assets={"a": "."})
    check(null(film).code in (MEDIA, NOT_FOUND, IO), "a folder as media")
    fails(NOT_FOUND, kerf("probe", "absent.mov"), "absent.mov")


def test_unreadable_media():
    written(b"x", "secret.mp4")
    os.chmod("secret.mp4", 0)
    film = write_film(of({"asset": "a", "duration": 1}, assets={"a": "secret.mp4"}))
    other = {}
    if os.geteuid() == 0:  # root reads everything
        os.chmod(".", 0o755)
        other = {"user": 65534}
    try:
        if kerf("--version", **other).code:
            return "another user cannot run it"
    except PermissionError:
        return "another user cannot run it"
    fails(IO, kerf("render", film, "--null", **other), "secret.mp4", "permission")
    os.mkdir("locked", 0o555)
    fails(IO, kerf("render", write_film(of(BARS)), "-o", "locked/no.mp4", **other), "locked", "permission")
    os.chmod(film, 0)
    fails(IO, kerf("check", film, **other), film)
    os.chmod(film, 0o644)
    return None


def test_damaged_media_goes_on():
    make_clip("fine.mkv", 100, "25", "-c:v", "libx264", "-g", "10", "-bf", "2")
    with open("fine.mkv", "rb") as file:
        data = bytearray(file.read())
    for at in range(len(data) // 2, len(data) * 3 // 4, 97):
        data[at] ^= 0x5a
    written(bytes(data), "damaged.mkv")
    film = {**of({"asset": "a", "in": 0, "duration": 1}, assets={"a": "damaged.mkv"}), "size": [WIDTH, HEIGHT]}
    render(film, "-o", "out.mkv", "--video-codec", "ffv1", "--pixel-format", "gray8")
    same_numbers(read_numbers("out.mkv"), list(range(25)), "before the damage")
    done = null({**film, "tracks": [{"clips": [{"asset": "a", "in": 1, "duration": 2.5}]}]}, "--clamp-ranges")
    check(done.code in (OK, MEDIA) and (done.code or "damaged" in done.err), f"through the damage: {done}")


def test_ranges_beyond_the_media():
    make_clip("short.mp4", 50, "25", "-c:v", "libx264")
    film = {**of({"asset": "a", "in": 1, "duration": 4}, assets={"a": "short.mp4"}), "size": [WIDTH, HEIGHT]}
    fails(RANGE, null(film), "short.mp4", "2.000 s", "3.000 s", "--clamp-ranges", "tracks[0].clips[0]")
    done = kerf("check", write_film(film))
    check(done.code == RANGE and "3.000 s" in done.out, f"kerf check: {done}")
    numbers = rendered_numbers(film, "--clamp-ranges")
    same_numbers(numbers, list(range(25, 50)) + [49] * 75, "--clamp-ranges")
    film["tracks"][0]["clips"][0] = {"asset": "a", "in": 90, "duration": 1}
    fails(RANGE, null(film), "short.mp4")
    same_numbers(rendered_numbers(film, "--clamp-ranges"), [49] * 25, "all beyond")


def test_missing_font():
    film = of({"generator": "title", "duration": 0.1, "params": {"text": "a", "font": "No Such Font"}})
    done = null(film)
    check(done.code == OK and "warning" in done.err and "No Such Font" in done.err, f"{done}")
    check(len(done.err.split("No Such Font", 1)[1].strip(' ".\n')) > 15, f"the fallback is not named: {done.err}")


def test_check_tries_everything():
    make_clip("good.mp4", 25, "25", "-c:v", "libx264", "-g", "25")

    def clip(**more):
        return {"asset": "a", "duration": 0.2, **more}

    def checked(*clips, **more):
        return kerf("check", write_film(of(*clips, assets={"a": "good.mp4"}, **more)))

    def lut(name):
        return [{"effect": "lut", "file": name}]

    equal(checked(clip()).code, OK, "a good film")
    done = checked(clip(effects=lut("absent.cube")))
    check(done.code == NOT_FOUND and "error: " in done.out and "absent.cube" in done.out, f"a LUT: {done}")
    written("LUT_3D_SIZE two\n", "bad.cube")
    done = checked(clip(effects=lut("bad.cube")), clip(), clip(effects=lut("absent.cube")), clip(effects=lut("bad.cube")))
    check("absent.cube" in done.out and "2 problems" in done.out, f"two LUTs, each told once: {done}")
    faded = {"keys": [{"t": 0, "v": 0}, {"t": 0.1, "v": 1}]}
    done = checked(clip(opacity=faded, effects=lut("absent.cube")))
    check("absent.cube" in done.out, f"a clip that fades in: {done}")
    done = checked(clip(), {"transition": "luma_matte", "duration": 0.08, "file": "absent.png"},
                   clip(**{"in": 0.3}))
    check(done.code == NOT_FOUND and "absent.png" in done.out, f"a matte: {done}")
    done = checked({"generator": "subtitles", "duration": 0.2, "params": {"file": "absent.srt"}})
    check(done.code == NOT_FOUND and "absent.srt" in done.out, f"subtitles: {done}")
    inner = {"id": "inner", **TINY, "tracks": [{"clips": [clip(), clip(effects=lut("absent.cube"))]}]}
    outer = {"id": "outer", **TINY, "tracks": [{"clips": [{"sequence": "inner", "duration": 0.4}]}]}
    done = kerf("check", write_film({"sequences": [outer, inner], "assets": {"a": "good.mp4"}, "main": "outer"}))
    check("absent.cube" in done.out, f"a nested sequence: {done}")


def test_check_warns():
    film = of({"generator": "title", "duration": 0.1, "params": {"text": "a", "font": "No Such Font"}})
    done = kerf("check", write_film(film))
    check(done.code == OK and "warning: " in done.out and "No Such Font" in done.out, f"a font: {done}")
    check("error: " not in done.out and "problem" not in done.out, f"a font is an error: {done}")


def test_ranges_of_renders():
    film = write_film(of({"generator": "bars", "duration": 2}))
    for text in ("1", "a..b", "2..1", "5..6", "-3..-1", "1..1", "..0", "99f.."):
        done = kerf("render", film, "--null", f"--range={text}")
        check(done.code in (USAGE, PARSE, INVALID) and done.err, f"--range {text}: {done}")
    for text, frames in (("..", 50), ("1..", 25), ("..10f", 10), ("0.5..1", 13), ("00:00:01:00..00:00:01:05", 5),
                         ("1..9", 25)):
        done = kerf("render", film, "--null", "--progress", "json", f"--range={text}")
        last = json.loads(done.out.splitlines()[-1]) if done.out else {}
        check(done.code == OK and last.get("frames") == frames, f"--range {text}: {done}, expected {frames} frames")


if __name__ == "__main__":
    sys.exit(main([value for key, value in list(globals().items()) if key.startswith("test_")]))
