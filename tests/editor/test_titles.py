# SPDX-License-Identifier: LGPL-2.1-or-later
"""Titles, captions, points on the picture and templates, in a real window.

    test_titles.py EDITOR KERF PICTURES [CASE]     pictures of the window are kept in the folder PICTURES"""
import json
import os
import time

import desk as desks
from test_tools import RATE, Tools

SIZE = (640, 360)
SQUARE = [[0.25, 0.25], [0.75, 0.25], [0.75, 0.75], [0.25, 0.75]]


class Titles(Tools):
    def film(self):
        masked = {"generator": "solid", "name": "masked", "duration": 6, "params": {"color": "#3060c0"},
                  "effects": [{"effect": "mask", "shape": "polygon", "points": SQUARE}]}
        moving = {"generator": "solid", "name": "moving", "duration": 6, "params": {"color": "#c06030"},
                  "transform": {"scale": [0.25, 0.25], "position": {"keys": [{"t": 0, "v": [160, 90]}, {"t": 4, "v": [480, 270]}]}}}
        return {"kerf": 1, "size": SIZE, "rate": RATE, "tracks": [{"clips": [masked, moving]}, {"clips": []}]}

    # ---- Reading ----

    def json(self):
        out = os.path.join(self.desk.home, "now.json")
        self.desk.run("convert", self.project, out, "--overwrite")
        with open(out, encoding="utf-8") as file:
            return json.load(file)

    def titles(self):
        """Start and end in frames, and text, of the titles."""
        def frames(time):
            return int(time[:-1]) if isinstance(time, str) else round(time * RATE)
        out = []
        for track in self.json()["tracks"]:
            at = 0
            for clip in track["clips"]:
                length = frames(clip.get("gap", clip.get("duration", 0)))
                if clip.get("generator") == "title":
                    out.append((at, at + length, clip["params"].get("text")))
                at += length
        return out

    def wait_titles(self, expected):
        try:
            self.desk.until("titles", lambda: self.titles() == expected, 10)
        except desks.Missing:
            raise AssertionError(f"titles: {self.titles()}, expected {expected}")

    # ---- Pointing ----

    def playhead(self, seconds):
        self.desk.click(self.at(seconds + 0.5 / RATE), self.y + 20)

    def on_picture(self, x, y):
        """Where a point of the film is on the screen."""
        left, top, width, height = self.desk.place(self.desk.find("Picture of the program"))
        border = self.x - self.desk.place(self.area())[0]
        scale = min(width / SIZE[0], height / SIZE[1])
        return (left + border + (width - SIZE[0] * scale) / 2 + x * scale, top + border + (height - SIZE[1] * scale) / 2 + y * scale)

    def near(self, got, expected, by):
        return all(abs(a - b) <= by for a, b in zip(got, expected))

    # ---- Cases ----

    def test_a_title_is_made_typed_split_and_merged(self):
        self.desk.keys("ctrl+alt+t")
        self.desk.find("Titles", "list")
        self.playhead(1)
        self.desk.keys("ctrl+shift+t", pause=0.5)
        self.wait_titles([(25, 100, "Caption")])
        self.desk.type("one two three four")
        self.wait_titles([(25, 100, "one two three four")])
        time.sleep(1)
        self.playhead(2.4)
        self.desk.press("Split Title at the Playhead")
        self.wait_titles([(25, 60, "one two"), (60, 100, "three four")])
        self.desk.screenshot("titles")
        self.desk.press("Merge with the Next Title")
        self.wait_titles([(25, 100, "one two\nthree four")])

    def test_parts_of_a_title_have_styles(self):
        self.desk.keys("ctrl+alt+t")
        self.playhead(1)
        self.desk.keys("ctrl+shift+t", pause=0.5)
        self.desk.type("plain ")
        self.desk.type("bold")
        self.desk.keys("shift+ctrl+Left")
        self.desk.press("Bold")
        self.wait_titles([(25, 100, 'plain <span weight="bold">bold</span>')])
        self.desk.press("Bottom Right")
        self.desk.until("the place", lambda: [c for t in self.json()["tracks"] for c in t["clips"] if c.get("generator") == "title"]
                        [0]["params"]["position"] == [608, 342], 10)
        self.desk.screenshot("title-styles")

    def test_points_of_a_mask_are_dragged_each_as_one_step(self):
        def mask():
            return self.json()["tracks"][0]["clips"][0]["effects"][0]

        def corners():
            return mask()["points"]
        self.desk.click(self.at(3), self.row())
        self.desk.keys("Home")
        self.desk.find("6 points on the picture")
        self.desk.screenshot("mask")
        self.desk.drag(*self.on_picture(480, 270), *self.on_picture(544, 306))
        self.desk.until("the corner", lambda: self.near(corners()[2], [0.85, 0.85], 0.01), 10)
        assert corners()[:2] == SQUARE[:2], corners()
        self.desk.keys("ctrl+z")
        self.desk.until("the corner where it was", lambda: corners() == SQUARE, 10)
        scale = self.on_picture(1, 0)[0] - self.on_picture(0, 0)[0]
        x, y = self.on_picture(160, 90)
        self.desk.drag(x - 16, y, x - 16 - 40 * scale, y)
        self.desk.until("a feather", lambda: abs(mask().get("feather", 0) - 40) < 2, 10)

    def test_a_keyframe_of_a_way_is_dragged(self):
        def last():
            return self.json()["tracks"][0]["clips"][1]["transform"]["position"]["keys"][1]["v"]
        self.playhead(7)
        self.desk.click(self.at(9), self.row())
        self.desk.find("2 points on the picture")
        self.desk.screenshot("way")
        self.desk.drag(*self.on_picture(480, 270), *self.on_picture(500, 120))
        self.desk.until("the keyframe", lambda: self.near(last(), [500, 120], 4), 10)

    def test_a_project_is_kept_as_a_template_and_begun_with(self):
        self.desk.keys("ctrl+alt+s")
        self.desk.find("Save as Template", ("text", "entry"))
        self.desk.keys("ctrl+a")
        self.desk.type("News")
        self.desk.keys("Return")
        kept = os.path.join(self.desk.home, ".local/share/kerf/templates/News.json")
        self.desk.until("the template", lambda: os.path.exists(kept), 10)
        with open(kept, encoding="utf-8") as file:
            assert json.load(file)["tracks"][0]["clips"] == self.first
        self.desk.keys("ctrl+alt+b", pause=0.5)
        self.desk.find("New from Template")
        self.desk.press("Apply")
        untitled = os.path.join(self.desk.home, ".local/share/kerf/untitled")
        self.desk.until("an untitled project", lambda: os.listdir(untitled), 10)
        self.desk.until("its window", lambda: len(self.desk.children(self.desk.root())) > 1, 10)
        time.sleep(1)
        self.desk.keys("ctrl+shift+w", pause=1)

    def back(self):
        self.desk.keys("shift+3", "v", "ctrl+shift+a", "Home")
        for _ in range(12):
            film = self.json()
            if not self.titles() and film["tracks"][0]["clips"] == self.first:
                return
            self.desk.keys("ctrl+z")
        raise AssertionError("it cannot be undone")

    def __init__(self, desk):
        with open(os.path.join(desk.home, ".config/kerf/keys.ini"), "w", encoding="utf-8") as file:
            file.write("[keys]\nproject-save-template=<Control><Alt>s\nproject-template=<Control><Alt>b\n")  # they have none
        Tools.__init__(self, desk)
        self.first = self.json()["tracks"][0]["clips"]


if __name__ == "__main__":
    desks.perform(Titles)
