# SPDX-License-Identifier: LGPL-2.1-or-later
"""Trimming with both sides of the cut in sight, and several ends at once, in a real window.

    test_trim.py EDITOR KERF PICTURES [CASE]     pictures of the window are kept in the folder PICTURES"""
import subprocess
import time

import desk as desks
from test_tools import START, Tools


class Trim(Tools):
    def two_up(self, left, right):
        self.desk.find(f"Left of the cut: {left}*")
        self.desk.find(f"Right of the cut: {right}*")

    # ---- Cases ----

    def test_shift_t_shows_both_sides_and_buttons_roll_the_cut(self):
        self.desk.click(self.at(4.3), self.y + 20)  # the ruler
        self.desk.keys("shift+t")
        self.two_up("alpha   00:00:13:24", "beta   00:00:20:00")
        self.desk.screenshot("trim-both-sides")
        self.desk.press("Trim Five Frames Forward")
        self.desk.press("Trim One Frame Back")
        self.wait([(0, 104, 250), (104, 96, 504), START[2]])
        self.two_up("alpha   00:00:14:03", "beta   00:00:20:04")

    def test_a_side_is_chosen_and_trimmed_with_ripple(self):
        self.desk.click(self.at(4.3), self.y + 20)
        self.desk.keys("shift+t")
        self.desk.press("Trim the Clip after the Cut")
        self.desk.press("Trim Five Frames Forward")
        self.wait([START[0], (100, 95, 505), (195, 100, 750)])
        self.two_up("alpha   00:00:13:24", "beta   00:00:20:05")

    def test_double_click_on_an_end_begins_and_escape_ends(self):
        self.desk.click(self.at(8) - 3, self.row(), count=2)
        self.two_up("beta   00:00:23:24", "gamma   00:00:30:00")
        self.desk.keys("Escape")
        self.desk.until("the picture", lambda: not self.both(), 10)

    def test_a_drag_shows_what_it_does(self):
        self.desk.keys("y")
        x, y = self.at(6), self.row()
        subprocess.run(["xdotool", "mousemove", str(int(x)), str(int(y)), "mousedown", "1"], check=True)
        for step in range(10):
            subprocess.run(["xdotool", "mousemove", str(int(x - (self.at(1) - self.at(0)) * step / 9)), str(int(y))], check=True)
            time.sleep(0.03)
        self.two_up("beta   00:00:21:00", "beta   00:00:24:24")
        self.desk.screenshot("trim-slip")
        subprocess.run(["xdotool", "mouseup", "1"], check=True)
        self.wait([START[0], (100, 100, 525), START[2]])
        self.desk.until("the picture", lambda: not self.both(), 10)

    def test_playing_goes_round_the_cut_and_comes_back(self):
        self.desk.click(self.at(8.2), self.y + 20)
        self.desk.keys("shift+t")
        self.two_up("beta   00:00:23:24", "gamma   00:00:30:00")
        self.desk.keys("space")
        time.sleep(1)  # nothing is asked for meanwhile: where all is drawn by the CPU, answers wait for pictures
        self.desk.keys("space")
        self.desk.until("both sides", self.both)
        self.desk.keys("ctrl+Right")
        self.two_up("beta   00:00:24:00", "gamma   00:00:30:01")

    def test_several_ends_are_trimmed_at_once(self):
        self.desk.click(self.at(12) - 3, self.row())
        self.hold("shift", lambda: self.desk.click(self.at(4) - 3, self.row()))
        self.desk.screenshot("trim-several")
        self.desk.keys("ctrl+t", "ctrl+Left", "ctrl+Left")
        self.wait([(0, 98, 250), (98, 100, 500), (198, 98, 750)])

    def test_several_ends_are_dragged_at_once(self):
        self.desk.keys("n")
        self.desk.click(self.at(4) - 3, self.row())
        self.hold("shift", lambda: self.desk.click(self.at(8) - 3, self.row()))
        time.sleep(0.6)  # or it is a double click
        self.drag(8, 9, -3)
        self.wait([(0, 125, 250), (125, 100, 525), (225, 75, 775)])

    def both(self):
        """Whether both sides are to be seen: widgets that are hidden have no place."""
        node = next((n for n in self.desk.walk() if n.get_name() == "Both sides of the cut"), None)
        return node is not None and node.get_state_set().contains(self.desk.atspi.StateType.VISIBLE)

    def back(self):
        self.desk.keys("shift+3", "Escape")
        Tools.back(self)


if __name__ == "__main__":
    desks.perform(Trim)
