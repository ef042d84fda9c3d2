# SPDX-License-Identifier: LGPL-2.1-or-later
"""What goes wrong on an editor's day, in a real window: files that are no media, media that vanish, a sound device that is
unplugged, a full disk. Each time a message says what to do, and the project survives.

    test_disasters.py EDITOR KERF PICTURES [CASE]     pictures of the window are kept in the folder PICTURES

The program drag_files, beside PICTURES, is the window that files are dragged from."""
import json
import os
import resource
import shutil
import subprocess
import time

import desk as desks

RATE = 25
MEDIA_PANEL = (150, 500)  # px of the window: below what is listed


def make_clip(path):
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", f"testsrc2=s=320x180:r={RATE}:d=6", "-f", "lavfi", "-i",
                    "sine=d=6", "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", "-shortest", path], check=True)


class Disasters:
    def __init__(self, desk):
        self.desk = desk
        self.project = self.path("film.kerf")
        self.dragger = os.path.join(os.path.dirname(desk.pictures), "drag_files")
        with open(self.path(".config/kerf/settings.ini"), "w", encoding="utf-8") as file:
            file.write("[audio]\nsystem=null\ndevice=lost_after_ms=1500\n")

    def path(self, name):
        return os.path.join(self.desk.home, name)

    # ---- Hands and eyes ----

    def drop(self, place, *names):
        """Drags files from another window to a place in the editor's."""
        dragger = subprocess.Popen([self.dragger, *map(self.path, names)])
        self.desk.processes.append(dragger)
        found = ["xdotool", "search", "--onlyvisible", "--name", "Files to drag"]
        number = self.desk.until("the other window", lambda: subprocess.run(found, capture_output=True, text=True).stdout.split())[-1]
        subprocess.run(["xdotool", "windowmove", "--sync", number, "1615", "300"], check=True, timeout=20)
        time.sleep(0.3)
        self.desk.drag(1640, 330, *place, hold=1)  # two programs talk about it
        dragger.wait(20)

    def cuts(self):
        return [round(clip["duration"] * RATE) for clip in self.desk.film(self.project)["tracks"][0]["clips"]]

    def color(self):
        """The colour of the program's left edge, as a number from 0 to 255 for each of R, G, B."""
        x, y, width, height = self.picture
        out = subprocess.run(["import", "-window", "root", "-crop", f"16x16+{x + 20}+{y + height * 59 // 100}", "-format",
                              "%[fx:int(255*mean.r)] %[fx:int(255*mean.g)] %[fx:int(255*mean.b)]", "info:"],
                             capture_output=True, text=True, check=True, timeout=60)
        return tuple(map(int, out.stdout.split()))

    def shows_clip(self):
        """Red at the left, where the placeholder and bars are nearly grey."""
        red, green, _ = self.color()
        return red > green + 80

    # ---- The cases, in order ----

    def test_files_are_dropped_and_wrong_ones_are_named(self):
        make_clip(self.path("tape.mp4"))
        with open(self.path("tape.mp4"), "rb") as whole, open(self.path("torn.mp4"), "wb") as torn:
            torn.write(whole.read()[:200000])
        with open(self.path("notes.txt"), "w", encoding="utf-8") as file:
            file.write("Call the sound mixer.\n" * 20)
        os.makedirs(self.path("folder/deep"))
        shutil.copy(self.path("tape.mp4"), self.path("folder/deep/inner.mp4"))
        film = {"kerf": 1, "size": [320, 180], "rate": RATE, "assets": {"tape": {"path": "tape.mp4"}}, "tracks": [
            {"clips": [{"asset": "tape", "in": 1, "duration": 4}, {"generator": "bars", "params": {"tone": False}, "duration": 16}]},
            {"kind": "audio", "clips": [{"asset": "tape", "in": 1, "duration": 4}]}]}
        with open(self.path("film.json"), "w", encoding="utf-8") as file:
            json.dump(film, file)
        self.desk.run("convert", self.path("film.json"), self.project)
        self.desk.start(self.project)
        self.desk.find("Timeline*")
        self.drop(MEDIA_PANEL, "notes.txt")
        self.desk.says("*notes.txt: is a text file, not media; name a video, sound or picture file")
        self.drop(MEDIA_PANEL, "torn.mp4")
        self.desk.says("*torn.mp4: the file is cut off*Copy it again or repair it")
        self.drop(MEDIA_PANEL, "folder")
        self.desk.find("inner.mp4", "label")
        x, y, width, height = self.desk.place(self.desk.find("Timeline of*", "panel"))
        self.drop((x + width / 2, y + 34 + (height - 40) / 2 - 28), "folder/deep/inner.mp4")
        self.desk.until("the dropped clip", lambda: 150 in self.cuts())
        self.picture = self.desk.place(self.desk.find("Picture of the program"))

    def test_an_unplugged_device_does_not_stop_the_picture(self):
        self.desk.keys("shift+3", "Home", "space", pause=0.3)
        self.desk.says("the audio device * is gone; plug it in again or choose another one")
        self.desk.until("the next clip", lambda: abs(self.color()[0] - self.color()[1]) < 9 and self.color()[0] > 150)
        self.desk.keys("space")

    def test_media_that_vanish_are_offline_until_they_are_relinked(self):
        self.desk.keys("shift+3", "Home", pause=0.3)
        self.desk.until("the clip", self.shows_clip)
        os.rename(self.path("tape.mp4"), self.path("folder/moved.mp4"))
        self.desk.find("Offline", "label")
        self.desk.says("*tape.mp4: there is no such file*placeholder*")
        self.desk.until("a placeholder", lambda: not self.shows_clip())
        self.desk.screenshot("offline")
        self.desk.keys("shift+1", "Home", "Down", "ctrl+alt+r", pause=0.4)
        self.desk.find("Where is the file now?*")
        time.sleep(0.5)
        self.desk.type(self.path("folder/moved.mp4"))
        self.desk.keys("Return")
        self.desk.until("the clip again", self.shows_clip)

    def limit_files(self, size):
        """No file may be written beyond so many bytes: what the editor sees of a full disk, without one."""
        for number in [self.desk.app.pid]:
            resource.prlimit(number, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def test_a_full_disk_loses_nothing(self):
        before = self.cuts()
        self.limit_files(os.path.getsize(self.project))
        self.desk.keys("shift+3", "Home", *["shift+Right", "ctrl+k"] * 3)
        self.desk.find("Free some space. *film.kerf: *nothing is lost*", "label")
        self.desk.screenshot("full-disk")
        self.desk.keys("ctrl+q")
        self.desk.find("Close without the last edits?*")
        self.desk.keys("Escape")
        self.desk.keys("ctrl+m", pause=0.4)
        self.desk.press("Export", "push button")
        self.desk.keys("ctrl+alt+q", pause=0.4)
        self.desk.find("film.mp4: *film.mp4*limit*", "list item", self.desk.find("Exports", "list"))
        self.limit_files(resource.RLIM_INFINITY)
        self.desk.says("All edits are on the disk again")
        self.desk.kill()
        assert self.cuts() == [5, 5, 5, before[0] - 15] + before[1:], self.cuts()


if __name__ == "__main__":
    desks.perform(Disasters)
