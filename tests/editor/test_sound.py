# SPDX-License-Identifier: LGPL-2.1-or-later
"""Sound in a real window: the mixer changes the film, a voice-over from the null device lands on the timeline.

    test_sound.py EDITOR KERF PICTURES [CASE]     pictures of the window are kept in the folder PICTURES"""
import glob
import json
import os
import time

import desk as desks



class Sound:
    def __init__(self, desk):
        self.desk = desk
        self.project = os.path.join(desk.home, "sound.kerf")
        with open(os.path.join(desk.home, ".config/kerf/settings.ini"), "w", encoding="utf-8") as file:
            file.write("[audio]\nsystem=null\ninput=null\n")

    def whole(self):
        path = os.path.join(self.desk.home, "film.json")
        if os.path.exists(path):
            os.remove(path)
        self.desk.run("convert", self.project, path)
        with open(path, encoding="utf-8") as file:
            film = json.load(file)
        return film.get("sequences", [film])[0]

    def track(self, number=0):
        return [t for t in self.whole()["tracks"] if t["kind"] == "audio"][number]

    def wait_track(self, key, value):
        self.desk.until(f"{key} = {value} of A1, which has {self.track()}", lambda: self.track().get(key) == value, 10)

    def voice(self):
        return next(t["clips"] for t in self.desk.film(self.project)["tracks"] if t["track"] == "A1")

    def test_the_mixer_mutes_and_solos_a_track(self):
        film = {"kerf": 1, "size": [320, 180], "rate": 25, "tracks": [
            {"clips": [{"generator": "bars", "duration": 4}]}, {"kind": "audio", "clips": []}, {"kind": "audio", "clips": []}]}
        path = os.path.join(self.desk.home, "sound.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(film, file)
        self.desk.run("convert", path, self.project)
        self.desk.start(self.project)
        self.desk.find("Timeline*")
        time.sleep(1)
        self.desk.keys("shift+6")
        self.desk.press("Mute A1 in the mixer")
        self.wait_track("mute", True)
        self.desk.press("Mute A1 in the mixer")
        self.wait_track("mute", None)
        self.desk.press("Solo A1 in the mixer")
        self.wait_track("solo", True)
        self.desk.keys("ctrl+z")
        self.wait_track("solo", None)

    def test_keys_move_the_fader(self):
        self.desk.keys("shift+3", "shift+6", "Tab", "Tab", "Tab", "Down", "Down", "Down", pause=0.3)
        self.wait_track("gain", -3)
        self.desk.screenshot("mixer")
        self.desk.keys("Home")
        self.wait_track("gain", 0)

    def test_a_voice_over_lands_on_the_timeline(self):
        self.desk.keys("shift+3", "Home", "alt+r", pause=0.5)
        self.desk.find("Voice-over")
        self.desk.find("Level of the microphone")
        time.sleep(1)
        self.desk.keys("Return")
        self.desk.find("Recording*")
        time.sleep(2)
        self.desk.screenshot("voice-over")
        self.desk.keys("space")
        clip = self.desk.until("a clip on A1", self.voice)[0]
        assert abs(clip["start"]) < 0.05, clip
        files = glob.glob(os.path.join(self.desk.home, "Voice-over", "*.wav"))
        assert len(files) == 1, files
        frames = (os.path.getsize(files[0]) - 44) // 3
        assert frames > 48000 * 2, frames
        assert 0 <= clip["in"] < 0.5, clip
        assert abs(clip["in"] + clip["duration"] - frames / 48000) < 0.05, (clip, frames)
        self.desk.screenshot("voice-over-placed")
        self.desk.keys("Escape")


if __name__ == "__main__":
    desks.perform(Sound)
