# SPDX-License-Identifier: LGPL-2.1-or-later
"""The timeline's tools under the pointer, in a real window: each case begins with the same film and is undone after it.

    test_tools.py EDITOR KERF PICTURES [CASE]     pictures of the window are kept in the folder PICTURES"""
import json
import os
import subprocess
import time

import desk as desks

RATE, SECONDS, RULER, SPLIT = 25, 12, 34, 6  # of the film; px of the drawn area
START = [(0, 100, 250), (100, 100, 500), (200, 100, 750)]  # frames: start, duration, in


def film():
    def clip(name, start):
        return {"asset": "tape", "name": name, "in": start, "duration": 4}
    media = {"duration": 100, "video": True, "audio": True}
    return {"kerf": 1, "assets": {"tape": {"path": "tape.mp4", "offline": True, "media": media}},
            "sequences": [{"id": "main", "size": [320, 180], "rate": RATE, "tracks": [
                {"clips": [clip("alpha", 10), clip("beta", 20), clip("gamma", 30)]}, {"clips": []},
                {"kind": "audio", "sync_lock": False, "clips": [{"asset": "tape", "in": 10, "duration": 12, "name": "sound"}]}]}]}


class Tools:
    film = staticmethod(film)

    def __init__(self, desk):
        self.desk = desk
        self.project = os.path.join(desk.home, "film.kerf")
        self.size = (1680, 1000)
        self.open()

    # ---- Reading ----

    def cuts(self, track="V1"):
        for one in self.desk.film(self.project)["tracks"]:
            if one["track"] == track:
                return [tuple(round(c[key] * RATE) for key in ("start", "duration", "in")) for c in one["clips"]]
        return []

    def wait(self, expected, track="V1"):
        try:
            self.desk.until("cuts", lambda: self.cuts(track) == expected, 10)
        except desks.Missing:
            raise AssertionError(f"clips of {track}: {self.cuts(track)}, expected {expected}")

    # ---- Pointing ----

    def measure(self):
        self.x, self.y, self.width, self.height = self.desk.place(self.area())
        border = (self.size[0] - self.desk.place(self.desk.window())[2]) // 2  # that the toolkit draws around the window
        self.x += border
        self.y += border
        self.split = self.y + RULER + int((self.height - RULER - SPLIT) * 0.5)

    def area(self):
        return next(node for node in self.desk.walk() if node.get_name().startswith(("Timeline of", "Clip ")) and
                    node.get_role_name() in ("panel", "grouping", "group"))

    def at(self, seconds):
        return self.x + seconds / SECONDS * 0.96 * self.width

    def row(self, track=1):
        """y in the name strip of a video track."""
        return self.split - 56 * track + 8

    def drag(self, seconds, to, offset=0, tracks=(1, 1)):
        x = self.at(seconds) + offset
        self.desk.drag(x, self.row(tracks[0]), x + self.at(to) - self.at(seconds), self.row(tracks[1]))

    def hold(self, key, do):
        subprocess.run(["xdotool", "keydown", key], check=True)
        try:
            do()
        finally:
            subprocess.run(["xdotool", "keyup", key], check=True)
            time.sleep(0.1)

    # ---- Cases ----

    def test_a_click_selects_and_is_spoken(self):
        self.desk.click(self.at(6), self.row())
        self.desk.find("Clip beta, track V1, from 00:00:04:00 to 00:00:08:00*")

    def test_selection_tool_trims_an_end(self):
        self.drag(12, 11, -2)
        self.wait(START[:2] + [(200, 75, 750)])

    def test_a_trim_goes_as_far_as_it_can(self):
        self.drag(12, 11.99, -2)
        self.drag(8, 3, 3)  # gamma's head, into beta: there is no gap
        self.wait(START)

    def test_ripple_tool_takes_along_what_follows(self):
        self.desk.keys("b")
        self.drag(8, 7, -3)
        self.wait([START[0], (100, 75, 500), (175, 100, 750)])

    def test_roll_tool_moves_the_cut(self):
        self.desk.keys("n")
        self.drag(4, 5, -3)
        self.wait([(0, 125, 250), (125, 75, 525), START[2]])

    def test_slip_tool_shows_another_part(self):
        self.desk.keys("y")
        self.drag(6, 5)
        self.wait([START[0], (100, 100, 525), START[2]])

    def test_slide_tool_moves_between_the_neighbours(self):
        self.desk.keys("u")
        self.drag(6, 7)
        self.wait([(0, 125, 250), (125, 100, 500), (225, 75, 775)])

    def test_rate_tool_stretches(self):
        self.desk.keys("r")
        self.drag(12, 10, -2)
        self.wait(START[:2] + [(200, 50, 750)])

    def test_razor_tool_cuts(self):
        self.desk.keys("c")
        self.desk.click(self.at(6), self.row())
        self.wait([START[0], (100, 50, 500), (150, 50, 550), START[2]])

    def test_a_clip_is_dragged_over_others(self):
        self.drag(10, 6)
        self.wait([START[0], (100, 100, 750)])

    def test_a_clip_is_dragged_to_another_track(self):
        self.drag(10, 10, tracks=(1, 2))
        self.wait(START[:2])
        self.wait([START[2]], "V2")

    def test_a_clip_is_dragged_between_others(self):
        self.hold("ctrl", lambda: self.drag(10, 6))
        self.wait([START[0], (100, 100, 750), (200, 100, 500)])

    def test_a_copy_is_dragged(self):
        self.hold("alt", lambda: self.drag(2, 2, tracks=(1, 2)))
        self.wait(START)
        self.wait([START[0]], "V2")

    def test_escape_takes_a_drag_back(self):
        x, y = self.at(10), self.row()
        subprocess.run(["xdotool", "mousemove", str(int(x)), str(int(y)), "mousedown", "1"], check=True)
        for step in range(8):
            subprocess.run(["xdotool", "mousemove", str(int(x) - 20 * step), str(int(y))], check=True)
            time.sleep(0.03)
        self.desk.screenshot("drag")
        subprocess.run(["xdotool", "key", "Escape", "sleep", "0.3", "mouseup", "1"], check=True)
        time.sleep(0.3)
        self.wait(START)

    def test_a_marquee_selects_and_delete_leaves_gaps(self):
        self.desk.drag(self.at(12.2), self.split - 2, self.at(7), self.split - 30)
        self.desk.keys("Delete")
        self.wait(START[:1])

    def test_a_gap_is_closed_by_delete(self):
        self.desk.click(self.at(6), self.row())
        self.desk.keys("Delete")
        self.wait([START[0], START[2]])
        self.desk.click(self.at(6), self.row())
        self.desk.keys("Delete")
        self.wait([START[0], (100, 100, 750)])

    def test_track_select_tool_takes_all_that_follow(self):
        self.desk.keys("a")
        self.hold("shift", lambda: self.drag(6, 7))
        self.wait([START[0], (125, 100, 500), (225, 100, 750)])

    def test_ends_are_trimmed_with_the_keyboard(self):
        self.desk.click(self.at(10), self.row())
        self.desk.keys("End", "t", "ctrl+Left", "ctrl+Left")
        self.wait(START[:2] + [(200, 98, 750)])

    def test_clips_are_walked_and_nudged_with_the_keyboard(self):
        self.desk.keys("Home", "d", "ctrl+Down", "ctrl+Down", "alt+Right")
        self.wait(START[:2] + [(201, 100, 750)])

    # ---- Setting up ----

    def open(self):
        source = os.path.join(self.desk.home, "film.json")
        with open(source, "w", encoding="utf-8") as file:
            json.dump(self.film(), file)
        self.desk.run("convert", source, self.project)
        self.desk.start(self.project)
        self.desk.find("Timeline of*")
        window = subprocess.run(["xdotool", "search", "--onlyvisible", "--class", "kerf"], capture_output=True, text=True)
        for number in window.stdout.split()[-1:]:
            subprocess.run(["xdotool", "windowmove", number, "0", "0", "windowsize", number, *map(str, self.size)], check=True)
            self.size = [int(line.split("=")[1]) for line in subprocess.run(
                ["xdotool", "getwindowgeometry", "--shell", number], capture_output=True, text=True).stdout.splitlines()
                if line.startswith(("WIDTH", "HEIGHT"))]
        time.sleep(1.5)
        self.desk.keys("shift+3", "backslash")
        time.sleep(0.5)
        self.measure()

    def back(self):
        """To where it began, with the selection tool and nothing selected."""
        self.desk.keys("v", "ctrl+shift+a", "Home")
        for _ in range(4):
            if self.cuts() == START and not self.cuts("V2"):
                return
            self.desk.keys("ctrl+z")
        self.wait(START)


if __name__ == "__main__":
    desks.perform(Tools)
