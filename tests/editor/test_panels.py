# SPDX-License-Identifier: LGPL-2.1-or-later
"""The panels around the timeline in a real window: history, markers, scopes, the mixer's faders, exports and their queue.

    test_panels.py EDITOR KERF PICTURES [CASE]     pictures of the window are kept in the folder PICTURES"""
import json
import os
import signal
import subprocess

import desk as desks

RATE = 25


class Panels:
    def __init__(self, desk):
        self.desk = desk
        self.project = os.path.join(desk.home, "film.kerf")

    # ---- Reading ----

    def sequence(self):
        out = os.path.join(self.desk.home, "now.json")
        self.desk.run("convert", self.project, out, "--overwrite")
        with open(out, encoding="utf-8") as file:
            return json.load(file)

    def wait(self, what, test):
        try:
            self.desk.until(what, lambda: test(self.sequence()), 10)
        except desks.Missing:
            raise AssertionError(f"{what}: {self.sequence()}")

    def middle(self, name, role=None):
        x, y, width, height = self.desk.place(self.desk.find(name, role))
        return x + width / 2, y + height / 2

    def grey(self, name):
        """How bright a widget is on the screen, 0 to 1."""
        x, y, width, height = self.desk.place(self.desk.find(name, "image"))
        out = subprocess.run(["import", "-window", "root", "-crop", f"{width}x{height}+{x}+{y}", "-format", "%[fx:mean]", "info:"],
                             capture_output=True, text=True, check=True, timeout=60)
        return float(out.stdout)

    def clips(self, film):
        return [round(clip["duration"] * RATE) for clip in film["tracks"][0]["clips"]]

    def job(self, text):
        return self.desk.find(text, "list item", self.desk.find("Exports", "list"))

    def press_job(self, name):
        """A button of the long export."""
        self.desk.press(name, within=self.job("whole.mp4: *"))

    # ---- The cases, in order ----

    def test_the_history_goes_to_any_state(self):
        film = {"kerf": 1, "size": [480, 270], "rate": RATE, "tracks": [
            {"clips": [{"generator": "bars", "params": {"tone": False}, "duration": 4}, {"generator": "noise", "duration": 600}]},
            {"kind": "audio", "clips": [{"generator": "tone", "duration": 4}]}]}
        path = os.path.join(self.desk.home, "start.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(film, file)
        self.desk.run("convert", path, self.project)
        self.desk.start(self.project)
        self.desk.find("Timeline*")
        self.desk.keys("shift+3", "Home", "shift+Right", "ctrl+k", "shift+Right", "ctrl+k")
        self.wait("two cuts", lambda film: self.clips(film) == [5, 5, 90, 15000])
        self.desk.keys("shift+8", "End", "Return", pause=0.4)
        self.wait("the first state", lambda film: self.clips(film) == [100, 15000])
        self.desk.find("Beginning", "list item")
        self.desk.keys("Home", "Return", pause=0.4)
        self.wait("the last state", lambda film: self.clips(film) == [5, 5, 90, 15000])
        self.desk.screenshot("history")
        self.desk.keys("Down", "Return", pause=0.4)
        self.wait("the state before", lambda film: self.clips(film) == [5, 95, 15000])

    def test_markers_are_named_and_gone_to_and_removed(self):
        def times(film):
            return [(round(m["time"] * RATE), m.get("name", "")) for m in film.get("markers", [])]
        self.desk.keys("shift+3", "Home", "m", "shift+Right", "m", "shift+9", pause=0.4)
        self.wait("two markers", lambda film: times(film) == [(0, ""), (5, "")])
        self.desk.keys("End", "Return", pause=0.4)
        self.desk.type("the fifth")
        self.desk.keys("Return")
        self.wait("a name", lambda film: times(film) == [(0, ""), (5, "the fifth")])
        self.desk.find("00:00:00:05 the fifth", "list item")
        self.desk.screenshot("markers")
        self.desk.keys("shift+9", "Home", "Delete", pause=0.4)
        self.wait("one marker", lambda film: times(film) == [(5, "the fifth")])

    def test_scopes_follow_the_picture(self):
        self.desk.keys("shift+3", "Home", "shift+0", pause=0.4)
        self.desk.press("RGB Parade")
        self.desk.press("Histogram")
        for name in ("Waveform", "RGB Parade", "Vectorscope", "Histogram"):
            self.desk.until(f"a trace in the {name}", lambda: self.grey(name) > 0.075)
        bars = self.grey("Waveform")
        self.desk.screenshot("scopes")
        self.desk.keys("shift+3", "Down", "Down", "Right", pause=0.2)
        self.desk.until("noise everywhere in the waveform", lambda: self.grey("Waveform") > bars + 0.02)

    def test_faders_are_dragged(self):
        def gain(film):
            return next(t for t in film["tracks"] if t.get("kind") == "audio").get("gain", 0)
        self.desk.keys("shift+6", pause=0.4)
        x, y, width, height = self.desk.place(self.desk.find("Fader of A1", "slider"))
        zero = y + 8 + (1 - 0.74) * (height - 16)
        self.desk.drag(x + width / 2, zero, x + width / 2, zero + 60)
        self.wait("a lower gain", lambda film: -6 < gain(film) < -2)
        self.desk.click(x + width / 2, zero + 60, count=2)
        self.wait("the gain as it was", lambda film: gain(film) == 0)

    def test_a_range_is_exported(self):
        path = os.path.join(self.desk.home, "range.mp4")
        self.desk.keys("shift+3", "Home", "i", *["shift+Right"] * 5, "o", "ctrl+m", pause=0.2)
        self.desk.click(*self.middle("Range", "combo box"))
        self.desk.keys("Down", "Return", pause=0.3)
        self.desk.click(*self.middle("File", "text"))
        self.desk.keys("ctrl+a")
        self.desk.type(path)
        self.desk.find("480 × 270 · 25 frames/s · 0:01*", "label")
        self.desk.screenshot("export")
        self.desk.press("Export", "push button")
        self.desk.until("the file", lambda: os.path.exists(path))
        facts = json.loads(self.desk.run("probe", path, "--json"))
        video = next(s for s in facts["streams"] if s["type"] == "video")
        assert (video["width"], video["height"], video["frames"]) == (480, 270, 26), video
        self.desk.keys("ctrl+alt+q", pause=0.3)
        self.job("range.mp4: Done*")

    def test_an_export_is_paused_and_cancelled(self):
        path = os.path.join(self.desk.home, "whole.mp4")
        self.desk.keys("ctrl+m", pause=0.3)
        self.desk.click(*self.middle("Range", "combo box"))
        self.desk.keys("Up", "Return", pause=0.3)
        self.desk.click(*self.middle("File", "text"))
        self.desk.keys("ctrl+a")
        self.desk.type(path)
        self.desk.press("Export", "push button")
        self.desk.keys("ctrl+alt+q", pause=0.3)
        self.job("whole.mp4: * left")
        self.desk.find("Background work: *", "push button")
        self.desk.screenshot("queue")
        self.press_job("Pause")
        self.job("whole.mp4: Paused*")
        self.press_job("Resume")
        self.job("whole.mp4: * left")
        self.press_job("Cancel")
        self.job("whole.mp4: Cancelled")
        left = [name for name in os.listdir(self.desk.home) if "whole" in name]
        assert not left, left

    def test_an_export_goes_on_when_its_process_was_killed(self):
        self.press_job("Try Again")
        os.kill(self.desk.until("the process of the export", self.desk.exports)[0], signal.SIGKILL)
        self.job("whole.mp4: *signal 9*begins anew")
        self.desk.screenshot("queue-killed")
        self.press_job("Try Again")
        self.job("whole.mp4: * left")
        self.press_job("Cancel")
        self.job("whole.mp4: Cancelled")


if __name__ == "__main__":
    desks.perform(Panels)
