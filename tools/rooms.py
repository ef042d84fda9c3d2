# SPDX-License-Identifier: LGPL-2.1-or-later
"""The rooms under src/ and what each may include; see docs/architecture.md. Used by lint.py."""
import os
import re

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

LOWER = ["base", "store", "catalog", "model", "interchange", "media", "color", "text", "video/graph", "compile",
         "video/ref", "video/cpu", "video/gpu", "video/gl", "audio/dsp", "audio/engine",
         "audio/host"]

# Room: the rooms whose api/ it may include. Every room may include its own files and kerf/base.h.
MAY_INCLUDE = {
    "base": [],
    "store": ["base"],
    "catalog": ["base"],
    "model": ["base", "store", "catalog"],
    "interchange": ["base", "catalog", "model"],
    "media": ["base"],
    "color": ["base"],
    "text": ["base", "catalog"],
    "video/graph": ["base", "catalog", "color"],
    # audio/engine: the description of the audio graph that it fills
    "compile": ["base", "model", "catalog", "color", "video/graph", "audio/engine"],
    "video/ref": ["video/graph", "base", "color"],
    "video/cpu": ["video/graph", "base", "color"],
    "video/gpu": ["video/graph", "base", "color"],
    "video/gl": ["base", "color"],
    "audio/dsp": ["base"],
    "audio/engine": ["audio/dsp", "base"],
    "audio/host": ["base"],
    "engine": LOWER + ["reel", "script"],
    "reel": ["base", "catalog", "model"],
    "script": ["base", "model"],
    "live": ["base", "audio/dsp", "audio/engine", "audio/host", "media", "model"],
    "plugin": ["base", "video/graph"],
    "api": ["base", "engine", "live", "reel", "interchange", "model", "video/gl"],
    "sdk/web/engine": ["base", "catalog", "model", "color", "text", "video/graph", "video/cpu", "audio/engine", "compile",
                       "reel", "script"],
}

# Rooms that see the public header: those that implement it.
PUBLIC_HEADER = ["engine", "api"]

# Parts of base that a room must do without.
WITHOUT = {
    "model": ["base/api/thread.h"],
    "audio/dsp": ["base/api/json.h", "base/api/thread.h"],
}

# Folders of an app whose headers its other folders may include.
PARTS = {"apps/editor": ["media", "monitor", "timeline"]}

# Libraries, by how their headers' names begin, and the only rooms that may include them.
LIBRARIES = [
    (r"lib(avcodec|avformat|avutil|avfilter|avdevice|swscale|swresample)/", ["media"]),
    (r"sqlite3", ["media"]),
    (r"zlib", ["media"]),
    (r"OpenColorIO|ocio", ["color"]),
    (r"fontconfig/|hb[-.]|harfbuzz|ft2build|freetype/|ass/", ["text"]),
    (r"pango/|cairo|glib|gio/", ["text", "apps/editor"]),
    (r"libplacebo/", ["video/gpu"]),
    (r"rubberband/|ebur128", ["audio/dsp"]),
    (r"SDL|jack/", ["audio/engine"]),
    (r"libxml/", ["interchange"]),
    (r"node_api", ["sdk/node"]),
    (r"framework/mlt", []),  # benchmarks only
    (r"gtk/|gdk/|adwaita|libpanel|epoxy/", ["apps/editor"]),
    (r"\w*intrin\.h|arm_neon\.h|wasm_simd128\.h", ["sdk/web/engine", "video/cpu", "audio/dsp", "color", "store", "base"]),
]
C_STANDARD = """assert complex ctype errno fenv float inttypes iso646 limits locale math setjmp signal stdalign stdarg
stdatomic stdbool stddef stdint stdio stdlib stdnoreturn string tgmath threads time uchar wchar wctype""".split()
POSIX = """dirent dlfcn fcntl fnmatch ftw glob iconv langinfo libgen malloc poll pthread pwd sched semaphore spawn
strings sys/auxv sys/file sys/ioctl sys/mman sys/random sys/resource sys/socket sys/stat sys/statvfs sys/syscall
sys/time sys/types sys/uio sys/un sys/wait termios unistd""".split()
SYSTEM = {name + ".h" for name in C_STANDARD + POSIX}


def room_of(path):
    """The room of a file: "video/cpu" of src/video/cpu/x.c, "apps/kerf" of apps/kerf/main.c, "include", "tests" ..."""
    parts = path.split("/")
    if parts[0] == "src":
        two = "/".join(parts[1:3])
        return two if two in MAY_INCLUDE else parts[1]
    if path.startswith("sdk/web/engine/"):
        return "sdk/web/engine"
    if parts[0] in ("apps", "sdk"):
        return "/".join(parts[:2])
    return parts[0]


def refuse_system(room, name):
    for pattern, allowed in LIBRARIES:
        if re.match(pattern, name):
            if room in allowed or room in ("tests", "fuzz", "bench"):
                return None
            return f"only {', '.join(allowed)} may include it"
    if room == "include" and name[:-2] not in C_STANDARD:
        return "public headers include C standard headers only"
    if name in SYSTEM:
        return None
    return "not a header that tools/rooms.py knows"


def refuse_public_side(room, name):
    if name.startswith("kerf/") or "/" not in name or os.path.exists(os.path.join(ROOT, room, name)):
        return None
    return f"{room} sees include/kerf only"


def refuse_test(path, name):
    """Tests and benchmarks include any api/ and the private headers of the room that they mirror."""
    if "/" not in name or name.startswith("kerf/") or "/api/" in name:
        return None
    under_test = re.sub(r"^fuzz_(\w+)\.c$", r"\1", path.split("/")[1])
    return None if name.split("/")[0] == under_test else f"a private header of another room than {under_test}"


def refuse(path, name, system):
    """Why the file at path may not include the header called name; None when it may."""
    room = room_of(path)
    if system:
        return refuse_system(room, name)
    if room in ("tests", "bench", "fuzz"):
        return refuse_test(path, name)
    if room == "include" or room.startswith(("apps/", "sdk")) and room not in MAY_INCLUDE:
        return refuse_public_side(room, name)
    if name == "kerf/base.h" or "/" not in name or room_of("src/" + name) == room:
        return None
    if name.startswith("kerf/"):
        return None if room in PUBLIC_HEADER else "only engine and api see the public API"
    if name in WITHOUT.get(room, []):
        return f"{room} must do without it"
    other = room_of("src/" + name)
    if other not in MAY_INCLUDE.get(room, []):
        return f"{room} may not include {other}"
    if not re.match(re.escape(other) + r"/api/\w+\.h$", name):
        return f"only {other}'s api/ is for others"
    return None
