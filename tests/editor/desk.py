# SPDX-License-Identifier: LGPL-2.1-or-later
"""A desk for the tests of windows: a display, a session bus, the editor on them, and a person's hands and eyes.

Widgets are found through AT-SPI by their names, as a screen reader finds them; keys and the pointer are those of the display.
What was edited is read back with the command line, from the project's file."""
import fnmatch
import glob
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

PYTHON = "/usr/bin/python3"  # has the bindings where another one comes first in the path
try:
    import gi
    gi.require_version("Atspi", "2.0")
except (ImportError, ValueError):
    if sys.executable != PYTHON and os.path.exists(PYTHON):
        os.execv(PYTHON, [PYTHON] + sys.argv)
    print("1..0 # SKIP there are no AT-SPI bindings for Python (python3-gi, gir1.2-atspi-2.0)")
    sys.exit(0)

NEEDED = {"Xvfb": "xvfb", "xdotool": "xdotool", "dbus-daemon": "dbus-daemon", "import": "imagemagick"}
SIZE = "1680x1000x24"
PATIENCE = 30
# Roles of widgets that are looked at as a whole: every step into them is a question to the editor.
LEAVES = ("push button", "toggle button", "check box", "combo box", "scroll bar", "slider", "spin button", "menu item", "label",
          "image", "text", "page tab", "progress bar", "level bar")


class Missing(Exception):
    """Something did not come to be in time."""


def wait_for(what, test, seconds=PATIENCE):
    """The first true value of test()."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            value = test()
        except Exception:  # widgets vanish while they are looked at
            value = None
        if value:
            return value
        time.sleep(0.05)
    raise Missing(what)


class Desk:
    def __init__(self, editor, kerf, pictures):
        self.editor, self.kerf, self.pictures = editor, kerf, pictures
        self.home = tempfile.mkdtemp(prefix="kerf-desk-")
        self.processes = []
        self.app = None
        self.clicked = 0.0
        os.makedirs(pictures, exist_ok=True)

    # ---- Setting up ----

    def open(self):
        read, write = os.pipe()
        display = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", SIZE, "-nolisten", "tcp"],
                                   pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(write)
        self.processes.append(display)
        with os.fdopen(read) as told:
            number = told.readline().strip()
        os.environ.update(DISPLAY=":" + number, HOME=self.home, XDG_RUNTIME_DIR=self.home, GDK_BACKEND="x11",
                          LIBGL_ALWAYS_SOFTWARE="1", GSETTINGS_BACKEND="memory", NO_AT_BRIDGE="0", LC_ALL="C.UTF-8")
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "GTK_A11Y"):
            os.environ.pop(name, None)
        bus = subprocess.Popen(["dbus-daemon", "--session", "--print-address", "--nofork"], stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True)
        self.processes.append(bus)
        os.environ["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().strip()
        from gi.repository import Atspi
        self.atspi = Atspi
        Atspi.init()

    def silence(self):
        """No sound device is looked for."""
        folder = os.path.join(self.home, ".config/kerf")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "settings.ini"), "w", encoding="utf-8") as file:
            file.write("[audio]\nsystem=null\n")

    def start(self, *arguments):
        log = open(os.path.join(self.home, "editor.log"), "ab")
        self.app = subprocess.Popen([self.editor, *arguments], stdout=log, stderr=log)
        log.close()
        wait_for("a window of the editor", self.window)

    def window(self):
        if self.app.poll() is not None:
            raise SystemExit(f"# the editor ended with {self.app.returncode}: {self.log()[-2000:]}")
        for frame in self.children(self.root()):
            if frame.get_role_name() in ("frame", "window", "application"):
                return frame
        return None

    def root(self):
        desktop = self.atspi.get_desktop(0)
        for i in range(desktop.get_child_count()):
            app = desktop.get_child_at_index(i)
            if app and app.get_process_id() == self.app.pid:
                return app
        return None

    def log(self):
        with open(os.path.join(self.home, "editor.log"), encoding="utf-8", errors="replace") as file:
            return file.read()

    def kill(self):
        self.app.send_signal(signal.SIGKILL)
        self.app.wait()

    def exports(self):
        """Numbers of the processes that export; they outlive the editor."""
        numbers = []
        for path in glob.glob(os.path.join(self.home, ".local/state/kerf/queue/*/process")):
            with open(path, encoding="ascii") as file:
                numbers += [int(word) for word in file.read().split()]
        return [number for number in numbers if os.path.exists(f"/proc/{number}")]

    def close(self):
        if self.app and self.app.poll() is None:
            self.kill()
        for number in self.exports():
            os.kill(number, signal.SIGKILL)
        for process in reversed(self.processes):
            process.kill()
            process.wait()
        shutil.rmtree(self.home, ignore_errors=True)

    # ---- Eyes ----

    @staticmethod
    def children(node):
        return [c for c in (node.get_child_at_index(i) for i in range(node.get_child_count())) if c] if node else []

    def walk(self, node=None):
        stack = [node or self.root()]
        while stack:
            node = stack.pop()
            if node is None:
                continue
            yield node
            if node.get_role_name() not in LEAVES:
                stack.extend(reversed(self.children(node)))

    def find(self, name, role=None, within=None):
        """A widget by its name, in which * stands for anything. GTK 4.8 does not say which ones are showing."""
        def fits(node):
            roles = role if isinstance(role, tuple) else (role,)
            return fnmatch.fnmatchcase(node.get_name() or "", name) and (not role or node.get_role_name() in roles)

        def look():
            return next((node for node in self.walk(within) if fits(node)), None)
        return wait_for(f"a widget called {name!r}", look)

    def says(self, text):
        """Waits for a message, in which * stands for anything. Those on the screen are there for seconds only; the log keeps them."""
        return wait_for(f"a message like {text!r}", lambda: any(fnmatch.fnmatchcase(line, "*" + text) for line in self.log().splitlines()))

    def screenshot(self, name):
        path = os.path.join(self.pictures, name + ".png")
        subprocess.run(["import", "-window", "root", path], check=True, stderr=subprocess.DEVNULL, timeout=60)
        return path

    # ---- Hands ----

    def keys(self, *keys, pause=0.12):
        for key in keys:
            subprocess.run(["xdotool", "key", "--clearmodifiers", key], check=True, timeout=20)
            time.sleep(pause)

    def type(self, text):
        subprocess.run(["xdotool", "type", "--delay", "15", text], check=True, timeout=60)
        time.sleep(0.1)

    def press(self, name, role=("push button", "toggle button", "check box", "radio button", "list item"), within=None):
        """Does what a click on a widget does."""
        self.find(name, role, within).get_action_iface().do_action(0)
        time.sleep(0.15)

    def place(self, node):
        box = node.get_component_iface().get_extents(self.atspi.CoordType.WINDOW)
        return box.x, box.y, box.width, box.height

    def click(self, x, y, button=1, count=1):
        time.sleep(max(0, self.clicked + 0.6 - time.monotonic()))  # two clicks are no double click
        subprocess.run(["xdotool", "mousemove", str(int(x)), str(int(y)), "click", "--repeat", str(count), "--delay", "60",
                        str(button)], check=True, timeout=20)
        self.clicked = time.monotonic()
        time.sleep(0.15)

    def drag(self, x0, y0, x1, y1, steps=12, hold=0):
        subprocess.run(["xdotool", "mousemove", str(int(x0)), str(int(y0)), "mousedown", "1"], check=True, timeout=20)
        for i in range(1, steps + 1):
            subprocess.run(["xdotool", "mousemove", str(int(x0 + (x1 - x0) * i / steps)), str(int(y0 + (y1 - y0) * i / steps))],
                           check=True, timeout=20)
            time.sleep(0.02)
        time.sleep(hold)
        subprocess.run(["xdotool", "mouseup", "1"], check=True, timeout=20)
        time.sleep(0.2)

    # ---- What is in the project ----

    def run(self, *arguments):
        done = subprocess.run([self.kerf, *arguments], capture_output=True, text=True, timeout=60)
        if done.returncode:
            raise AssertionError(f"kerf {' '.join(arguments)}: {done.stderr}")
        return done.stdout

    def film(self, path):
        return json.loads(self.run("list", path, "--json"))

    def until(self, what, test, seconds=PATIENCE):
        return wait_for(what, test, seconds)


def missing():
    """Why the tests cannot run here; empty if they can."""
    return ", ".join(package for program, package in NEEDED.items() if not shutil.which(program))


def perform(cases):
    """Runs the test_ methods of a class, made for a desk, in their order. Each builds on those before it, and a failure ends the
    run; unless the class has a method back(), which is called after each and goes to where the next may begin. Ends the program.

    Arguments: EDITOR KERF PICTURES [CASE]."""
    reason = missing()
    if reason:
        print(f"1..0 # SKIP these packages are not installed: {reason}")
        sys.exit(0)
    editor, kerf, pictures = (os.path.abspath(path) for path in sys.argv[1:4])
    only = sys.argv[4] if len(sys.argv) > 4 else ""
    desk = Desk(editor, kerf, pictures)
    number = failed = 0
    try:
        desk.open()
        desk.silence()
        tests = cases(desk)
        for name, case in list(vars(cases).items()):
            if not name.startswith("test_") or only not in name:
                continue
            number += 1
            why = ""
            try:
                case(tests)
            except (Exception, SystemExit) as error:
                why = f"{type(error).__name__}: {error}"
            print(f"{'not ok' if why else 'ok'} {number} - {name[5:].replace('_', ' ')}", flush=True)
            if why:
                print("# " + why.replace("\n", "\n# "), flush=True)
                desk.screenshot("failed-" + name)
                failed += 1
            if hasattr(tests, "back"):
                tests.back()
            elif why:
                break
    finally:
        desk.close()
    print(f"1..{number}")
    sys.exit(1 if failed else 0)
