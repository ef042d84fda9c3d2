# SPDX-License-Identifier: LGPL-2.1-or-later
"""An editor's day in a real window, with the keyboard: from an empty project to a cut that survives a crash.

    test_day.py EDITOR KERF PICTURES [CASE]     pictures of the window are kept in the folder PICTURES"""
import glob
import os
import subprocess
import time

import desk as desks

RATE = 25


def make_clip(path, seconds, pattern):
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", f"{pattern}=s=320x180:r={RATE}:d={seconds}", "-f", "lavfi",
                    "-i", f"sine=f=440:r=48000:d={seconds}", "-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-c:a", "aac",
                    "-shortest", path], check=True)


class Day:
    def __init__(self, desk):
        self.desk = desk
        self.media = os.path.join(desk.home, "media")
        os.makedirs(self.media)
        self.project = None

    # ---- Reading ----

    def film(self):
        return self.desk.film(self.project)

    def clips(self, track="V1"):
        return next(t["clips"] for t in self.film()["tracks"] if t["track"] == track)

    def cuts(self, track="V1"):
        return [(round(c["start"] * RATE), round(c["duration"] * RATE)) for c in self.clips(track)]

    def wait_cuts(self, expected, track="V1"):
        try:
            self.desk.until("cuts", lambda: self.cuts(track) == expected, 10)
        except desks.Missing:
            raise AssertionError(f"clips of {track}: {self.cuts(track)}, expected {expected}")

    # ---- The day ----

    def test_the_start_page_offers_projects(self):
        make_clip(os.path.join(self.media, "bars.mp4"), 8, "testsrc2")
        make_clip(os.path.join(self.media, "plasma.mp4"), 6, "smptebars")
        self.desk.start()
        for name in ("Empty project", "HD, 25 fps", "Open..."):
            self.desk.find(name)
        self.desk.screenshot("start")

    def test_a_new_project_opens_all_panels(self):
        self.desk.press("HD, 25 fps")
        self.desk.find("Timeline*")
        self.desk.find("Media*")
        places = os.path.join(self.desk.home, ".local/share/kerf/untitled/*.kerf")
        self.project = self.desk.until("an untitled project", lambda: glob.glob(places))[0]
        assert len(self.film()["tracks"]) == 6

    def test_files_are_imported_by_the_dialog(self):
        self.desk.keys("ctrl+i")
        self.desk.find("Import media*")
        time.sleep(0.5)
        self.desk.type(os.path.join(self.media, "bars.mp4"))
        self.desk.keys("Return")
        self.desk.find("bars*")
        self.desk.screenshot("import")

    def test_a_clip_goes_to_the_source_monitor_and_its_marks_cut_it(self):
        self.desk.keys("shift+1", "Home", "Down", "Return", pause=0.3)
        self.desk.screenshot("source")
        self.desk.keys("shift+2", "Home", "shift+Right", "shift+Right", "i")
        self.desk.keys("shift+Right", "shift+Right", "shift+Right", "shift+Right", "o", "comma")
        self.wait_cuts([(0, 21)])
        assert round(self.clips()[0]["in"] * RATE) == 10
        self.wait_cuts([(0, 21)], "A1")

    def test_a_second_piece_is_put_before_it(self):
        self.desk.keys("shift+3", "Home", "comma")
        self.wait_cuts([(0, 21), (21, 21)])

    def test_the_razor_and_ripple_trims_cut_at_the_playhead(self):
        self.desk.keys("shift+3", "Home", "shift+Right", "ctrl+k")
        self.wait_cuts([(0, 5), (5, 16), (21, 21)])
        self.desk.keys("shift+Right", "q")
        self.wait_cuts([(0, 5), (5, 11), (16, 21)])
        self.desk.screenshot("trim")

    def test_a_storm_of_undo_and_redo_comes_back_to_the_same(self):
        before = self.cuts()
        self.desk.keys(*["ctrl+z"] * 12, pause=0.02)
        self.wait_cuts([])
        self.desk.keys(*["ctrl+shift+z"] * 12, pause=0.02)
        self.wait_cuts(before)

    def test_clips_are_copied_and_pasted_at_the_end(self):
        before = self.cuts()
        self.desk.keys("shift+3", "ctrl+a", "ctrl+c", "End", "ctrl+v")
        end = sum(before[-1])
        self.wait_cuts(before + [(start + end, length) for start, length in before])
        self.desk.keys("ctrl+z")
        self.wait_cuts(before)

    def test_after_a_kill_the_project_opens_where_it_was(self):
        before = self.cuts()
        time.sleep(3)  # the view is written a moment after a change
        self.desk.kill()
        self.desk.start()
        self.desk.find("Timeline*")
        self.wait_cuts(before)
        self.desk.keys("ctrl+z")
        self.desk.until("the last edit undone", lambda: self.cuts() != before)
        self.desk.keys("ctrl+shift+z")
        self.wait_cuts(before)
        self.desk.screenshot("reopened")


if __name__ == "__main__":
    desks.perform(Day)
