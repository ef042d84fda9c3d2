# SPDX-License-Identifier: LGPL-2.1-or-later
"""The multicam panel in a real window: all angles, cuts between them.

    test_multicam.py EDITOR KERF PICTURES [CASE]     pictures of the window are kept in the folder PICTURES"""
import json
import os

import desk as desks
from test_tools import RATE, Tools

COLOURS = {"wide": "#c03030", "close": "#3050c0", "crowd": "#30a040", "drone": "#c0a030"}


def solid(name, colour):
    return {"generator": "solid", "name": name, "duration": 12, "params": {"color": colour}}


class Multicam(Tools):
    def film(self):
        angles = [{"name": name, "clips": [solid(name, colour)]} for name, colour in COLOURS.items()]
        clip = {"sequence": "cameras", "name": "concert", "duration": 12, "angle": 1}
        return {"kerf": 1, "sequences": [
            {"id": "main", "size": [320, 180], "rate": RATE, "tracks": [{"clips": [clip]}, {"clips": []}]},
            {"id": "cameras", "multicam": True, "size": [320, 180], "rate": RATE, "tracks": angles}]}

    def angles(self):
        """Frames from which on an angle is seen."""
        out = os.path.join(self.desk.home, "now.json")
        self.desk.run("convert", self.project, out, "--overwrite")
        with open(out, encoding="utf-8") as file:
            clips = json.load(file)["sequences"][0]["tracks"][0]["clips"]
        places = self.desk.film(self.project)["tracks"][0]["clips"]
        return [(round(place["start"] * RATE), clip.get("angle")) for place, clip in zip(places, clips)]

    def wait_angles(self, expected):
        try:
            self.desk.until("angles", lambda: self.angles() == expected, 10)
        except desks.Missing:
            raise AssertionError(f"angles: {self.angles()}, expected {expected}")

    def playhead(self, seconds):
        self.desk.click(self.at(seconds + 0.5 / RATE), self.y + 20)

    def show(self):
        self.desk.keys("ctrl+alt+0", "shift+3")
        self.desk.find("Angle 1: wide")

    # ---- Cases ----

    def test_a_click_cuts_to_an_angle(self):
        self.show()
        self.playhead(4)
        self.desk.press("Angle 2: close")
        self.wait_angles([(0, 1), (100, 2)])
        self.playhead(8)
        self.desk.press("Angle 4: drone")
        self.wait_angles([(0, 1), (100, 2), (200, 4)])
        self.desk.screenshot("multicam")

    def test_keys_cut_and_switch(self):
        self.show()
        self.playhead(6)
        self.desk.keys("3")
        self.wait_angles([(0, 1), (150, 3)])
        self.desk.keys("ctrl+2")
        self.wait_angles([(0, 1), (150, 2)])

    def test_it_cuts_while_it_plays(self):
        self.show()
        self.playhead(2)
        self.desk.keys("space", pause=0.8)
        self.desk.keys("2", pause=0.8)
        self.desk.keys("3", pause=0.4)
        self.desk.keys("space")
        self.desk.until("three pieces", lambda: len(self.angles()) == 3, 10)
        assert [angle for _, angle in self.angles()] == [1, 2, 3], self.angles()

    def back(self):
        self.desk.keys("shift+3", "v", "ctrl+shift+a", "Home")
        for _ in range(6):
            if self.angles() == [(0, 1)]:
                return
            self.desk.keys("ctrl+z")
        self.wait_angles([(0, 1)])


if __name__ == "__main__":
    desks.perform(Multicam)
