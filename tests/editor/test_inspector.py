# SPDX-License-Identifier: LGPL-2.1-or-later
"""The inspector and the effects browser in a real window: values, keyframes, effects, several clips at once.

    test_inspector.py EDITOR KERF PICTURES [CASE]     pictures of the window are kept in the folder PICTURES"""
import json
import os

import desk as desks

SPIN, SLIDER = "spin button", "slider"


class Inspector:
    def __init__(self, desk):
        self.desk = desk
        self.project = os.path.join(desk.home, "film.kerf")

    # ---- Reading ----

    def clips(self):
        """The first track's clips, as they stand in the film."""
        out = os.path.join(self.desk.home, "film.json")
        self.desk.run("convert", self.project, out, "--overwrite")
        with open(out, encoding="utf-8") as file:
            return json.load(file)["tracks"][0]["clips"]

    def clip(self):
        return self.clips()[0]

    def wait(self, what, test):
        try:
            self.desk.until(what, lambda: test(self.clip()), 15)
        except desks.Missing:
            raise AssertionError(f"{what}: {self.clip()}")

    def steps(self):
        return len(self.desk.run("log", self.project).splitlines())

    def box(self, name, role=None):
        return self.desk.place(self.desk.find(name, role))

    def middle(self, name, role=None):
        x, y, width, height = self.box(name, role)
        return x + width / 2, y + height / 2

    def number(self, name, value):
        self.desk.click(*self.middle(name, SPIN))
        self.desk.type(value)
        self.desk.keys("Return")

    # ---- The cases, in order ----

    def test_a_selected_clip_is_shown(self):
        film = {"kerf": 1, "size": [640, 360], "rate": 25, "tracks": [{"clips": [
            {"generator": "gradient", "duration": 4, "id": 1}, {"generator": "bars", "params": {"tone": False}, "duration": 4}]}]}
        path = os.path.join(self.desk.home, "start.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(film, file)
        self.desk.run("convert", path, self.project)
        self.desk.start(self.project)
        self.desk.find("Timeline*")
        self.desk.keys("shift+3", "Home", "ctrl+a")
        self.desk.find("2 selected")
        self.desk.find("Rotation", SPIN)

    def test_what_is_typed_goes_to_all_selected(self):
        self.number("Rotation", "30")
        self.wait("rotation", lambda clip: clip.get("transform", {}).get("rotation") == 30)
        assert self.clips()[1]["transform"]["rotation"] == 30

    def test_a_drag_is_one_step(self):
        before = self.steps()
        x, y, width, height = self.box("Opacity", SLIDER)
        self.desk.drag(x + width - 5, y + height / 2, x + width / 2, y + height / 2)
        self.wait("opacity", lambda clip: 0.4 < clip.get("opacity", 1) < 0.6)
        assert self.steps() == before + 1, self.desk.run("log", self.project)

    def test_numbers_are_dragged_sideways(self):
        x, y = self.middle("Position x", SPIN)
        self.desk.drag(x, y, x + 43, y)
        self.wait("position", lambda clip: clip["transform"].get("position", ["center"])[0] not in ("center", 320))

    def test_a_digit_begins_a_number(self):
        self.desk.click(*self.middle("Rotation", SPIN))
        self.desk.keys("Escape", "minus", "4", "5", "Return")
        self.wait("rotation", lambda clip: clip["transform"]["rotation"] == -45)

    def test_reset_brings_the_default_back(self):
        self.desk.press("Rotation: Reset")
        self.wait("no rotation", lambda clip: "rotation" not in clip["transform"])

    def test_the_stopwatch_sets_keyframes(self):
        self.desk.press("Rotation: Animate with keyframes")
        self.wait("a key", lambda clip: clip["transform"]["rotation"] == {"keys": [{"t": 0, "v": 0}]})
        self.desk.keys("shift+3", "shift+Right", "shift+Right")
        self.number("Rotation", "90")
        self.wait("two keys", lambda clip: [(key["t"], key["v"]) for key in clip["transform"]["rotation"]["keys"]]
                  == [(0, 0), (0.4, 90)])
        self.desk.screenshot("inspector-keys")
        self.desk.press("Rotation: Animate with keyframes")
        self.wait("no keys", lambda clip: clip["transform"]["rotation"] == 90)

    def test_effects_are_found_and_added(self):
        self.desk.keys("ctrl+alt+f", pause=1)
        self.desk.type("vign")
        self.desk.keys("Return")
        self.wait("a vignette", lambda clip: [e["effect"] for e in clip.get("effects", [])] == ["vignette"])
        self.desk.keys("ctrl+a")
        self.desk.type("curv")
        self.desk.keys("Return")
        self.wait("curves", lambda clip: [e["effect"] for e in clip["effects"]] == ["vignette", "curves"])
        assert [e["effect"] for e in self.clips()[1]["effects"]] == ["vignette", "curves"]
        self.desk.screenshot("effects")

    def test_effects_are_switched_ordered_and_removed(self):
        self.desk.click(*self.middle("Vignette: on"))
        self.wait("off", lambda clip: clip["effects"][0].get("enabled") is False)
        self.desk.click(*self.middle("Curves", "push button"))
        self.desk.keys("alt+Up")
        self.wait("another order", lambda clip: [e["effect"] for e in clip["effects"]] == ["curves", "vignette"])

    def test_all_of_it_is_undone(self):
        self.desk.keys("shift+3", *["ctrl+z"] * 16, pause=0.05)
        self.wait("as it was", lambda clip: "transform" not in clip and "effects" not in clip and "opacity" not in clip)


if __name__ == "__main__":
    desks.perform(Inspector)
