# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the tests of whole renders share: TAP, running kerf, numbered clips and reading the numbers back.

A numbered picture is the one that tests/media/source_util.h draws: 4x3 blocks of 32x32, block k white where bit k of
the frame's number is set. Standard library only; clips are made and read with the ffmpeg program."""
import array
import json
import os
import shutil
import subprocess
import sys
import tempfile
import wave as wavefile

WIDTH, HEIGHT, BLOCK = 128, 96, 32
TIMEOUT = 120

# absolute: Meson gives a path from where it runs, the cases run in a folder of their own
KERF = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else "kerf"
folder = ""
_number = _failed = 0
_problems = []


def check(good, why):
    """Records a failure of the case that runs."""
    if not good:
        _problems.append(str(why))
    return good


def equal(got, expected, what):
    return check(got == expected, f"{what}: got {got!r}, expected {expected!r}")


def case(name, function, *arguments):
    """Runs one case and prints its line. A function may return a text: why it was left out."""
    global _number, _failed
    _number += 1
    _problems.clear()
    left_out = None
    try:
        left_out = function(*arguments)
    except Exception as error:  # a broken case must not hide the rest
        line = error.__traceback__
        while line.tb_next:
            line = line.tb_next
        _problems.append(f"{type(error).__name__} in line {line.tb_lineno}: {error}")
    _failed += bool(_problems)
    print(f"{'not ok' if _problems else 'ok'} {_number} - {name}{' # SKIP ' + left_out if left_out else ''}")
    for why in _problems[:20]:
        print("# " + why.replace("\n", "\n# "))
    sys.stdout.flush()


def main(cases):
    """cases: callables named test_..., run in order in a folder of their own; an argument after KERF picks by name."""
    global folder
    if not shutil.which("ffmpeg"):
        print("1..0 # SKIP ffmpeg is not installed")
        return 0
    folder = tempfile.mkdtemp(prefix="kerf-test-")
    os.chdir(folder)
    only = sys.argv[2] if len(sys.argv) > 2 else ""
    try:
        for function in cases:
            if only in function.__name__:
                case(function.__name__.removeprefix("test_").replace("_", " "), function)
    finally:
        os.chdir("/")
        if "KF_TEST_KEEP" in os.environ:
            print("# kept: " + folder)
        else:
            shutil.rmtree(folder, ignore_errors=True)
    print(f"1..{_number}")
    return 1 if _failed else 0


# ---- Running ----

class Done:
    """What a run of kerf gave."""

    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    def __repr__(self):
        return f"exit {self.code}, stdout {self.out[-300:]!r}, stderr {self.err[-600:]!r}"


def kerf(*arguments, **options):
    command = [KERF, *map(str, arguments)]
    try:
        p = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT, stdin=subprocess.DEVNULL,
                           errors="replace", **options)
    except subprocess.TimeoutExpired:
        return Done("timeout", "", "")
    return Done(p.returncode, p.stdout, p.stderr)


def render(film, *arguments):
    """Renders and expects success; film: an object or a path."""
    done = kerf("render", write_film(film), "--overwrite", "-q", *arguments)
    check(done.code == 0, f"kerf render {' '.join(map(str, arguments))}: {done}")
    return done


def write_film(film, name="film.json"):
    if isinstance(film, str):
        return film
    with open(name, "w", encoding="utf-8") as file:
        json.dump({"kerf": 1, **film}, file)
    return name


def ffmpeg(*arguments, data=None):
    quiet = "-nostdin" if data is None else "-hide_banner"
    p = subprocess.run(["ffmpeg", "-v", "error", quiet, "-y", *map(str, arguments)], input=data, capture_output=True,
                       timeout=TIMEOUT, check=False)
    if p.returncode:
        raise RuntimeError(f"ffmpeg {' '.join(map(str, arguments))}: {p.stderr.decode()[-500:]}")
    return p.stdout


def ffprobe(path):
    p = subprocess.run(["ffprobe", "-v", "error", "-show_streams", "-show_format", "-of", "json", path],
                       capture_output=True, text=True, timeout=TIMEOUT, check=False)
    return json.loads(p.stdout) if p.returncode == 0 and p.stdout.strip() else {}


def has_encoder(name):
    out = subprocess.run(["ffmpeg", "-v", "error", "-encoders"], capture_output=True, text=True,
                         check=False).stdout
    return f" {name} " in out


# ---- Numbered pictures ----

def picture(number):
    """Luma of a numbered picture, 8 bits."""
    out = bytearray()
    for y in range(3):
        row = b"".join((b"\xdc" if number >> (4 * y + x) & 1 else b"\x1e") * BLOCK for x in range(4))
        out += row * BLOCK
    return bytes(out)


def raw_clip(numbers):
    """yuv420p frames."""
    chroma = b"\x80" * (WIDTH * HEIGHT // 2)
    return b"".join(picture(n) + chroma for n in numbers)


def make_clip(path, frames, rate, *encoding, first=0):
    """Frame i carries the number first + i."""
    color = ("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv")
    ffmpeg("-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", f"{WIDTH}x{HEIGHT}", "-r", rate, "-i", "-", "-threads", "1",
           *color, *encoding, path, data=raw_clip(range(first, first + frames)))
    return path


def number_of(luma, offset=0, width=WIDTH, height=HEIGHT):
    number = 0
    for k in range(12):
        x, y = (2 * (k % 4) + 1) * width // 8, (2 * (k // 4) + 1) * height // 6
        number |= (luma[offset + y * width + x] > 125) << k
    return number


def read_numbers(path):
    """Numbers of all frames of a file, in order, as they are stored (no frames dropped or doubled)."""
    raw = ffmpeg("-i", path, "-map", "0:v:0", "-vsync", "0", "-pix_fmt", "gray", "-f", "rawvideo", "-")
    size = WIDTH * HEIGHT
    return [number_of(raw, i * size) for i in range(len(raw) // size)]


def rendered_numbers(film, *arguments, out="out.mkv"):
    lossless = ("--video-codec", "ffv1", "--pixel-format", "gray8", "--audio-codec", "none")
    if render(film, "-o", out, *lossless, *arguments).code:
        return []
    return read_numbers(out)


def same_numbers(got, expected, what):
    wrong = [i for i, (a, b) in enumerate(zip(got, expected)) if a != b]
    text = ", ".join(f"{i}: {got[i]} for {expected[i]}" for i in wrong[:8])
    return check(len(got) == len(expected) and not wrong,
                 f"{what}: {len(got)} frames for {len(expected)}, {len(wrong)} wrong ({text})")


def samples(path, rate=48000):
    """The sound of a file as it is stored, mixed to one channel, as 16 bit numbers."""
    return array.array("h", ffmpeg("-i", path, "-map", "0:a:0", "-ac", 1, "-ar", rate, "-f", "s16le", "-"))


def wave(path, values, rate=48000, channels=1):
    """Writes 16 bit samples."""
    with wavefile.open(path, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(array.array("h", values).tobytes())
    return path


def brightness(path, width, height):
    """Mean luma of each frame as it is stored, 0 to 255."""
    raw = ffmpeg("-i", path, "-map", "0:v:0", "-vsync", "0", "-pix_fmt", "gray", "-f", "rawvideo", "-")
    size = width * height
    return [sum(raw[i:i + size]) / size for i in range(0, len(raw) - size + 1, size)]
