#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Devices on real sound servers, each started here with a card that is not there.   test_servers.py DEVICE_RUN

What is not installed is skipped. Whether a machine is busy must not matter, so what is checked is that the clock is in
order and near the right rate, that samples arrive, and that the end of a server is noticed."""
import json
import os
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time

RUN = sys.argv[1]
number = failed = 0


class Failure(Exception):
    pass


class Skip(Exception):
    pass


def check(condition, what):
    if not condition:
        raise Failure(what)


def need(*programs):
    for program in programs:
        if not shutil.which(program):
            raise Skip(f"{program} is not installed")


class Place:
    """A home and a runtime folder of its own, and the servers started in it."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="kerf-test-")
        self.env = {key: value for key, value in os.environ.items()
                    if not key.startswith(("PULSE_", "PIPEWIRE_", "SDL_"))}
        self.env.update(HOME=self.folder, XDG_RUNTIME_DIR=self.folder, XDG_CONFIG_HOME=self.folder + "/config",
                        XDG_STATE_HOME=self.folder + "/state", JACK_NO_AUDIO_RESERVATION="1",
                        JACK_DEFAULT_SERVER=f"kerf-test-{os.getpid()}", LC_ALL="C")
        self.servers = []

    def __enter__(self):
        return self

    def __exit__(self, *reason):
        for server in reversed(self.servers):
            self.end(server, signal.SIGTERM)
        shutil.rmtree(self.folder, ignore_errors=True)

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def start(self, command):
        log = open(os.path.join(self.folder, os.path.basename(command[0]) + ".log"), "wb")
        server = subprocess.Popen(command, env=self.env, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                                  start_new_session=True)
        log.close()
        self.servers.append(server)
        return server

    @staticmethod
    def end(server, how):
        if server.poll() is None:
            os.killpg(server.pid, how)
            try:
                server.wait(5)
            except subprocess.TimeoutExpired:
                os.killpg(server.pid, signal.SIGKILL)
                server.wait()

    def begin(self, *arguments):
        return subprocess.Popen([RUN, *map(str, arguments)], env=self.env, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True)

    def finish(self, process):
        try:
            out, err = process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            raise Failure("it hangs") from None
        return process.returncode, out, err

    def play(self, *arguments):
        return self.finish(self.begin(*arguments))

    def wait_for(self, system, seconds=10, rate=48000):
        """Until the server takes a device."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.play(system, 0.05, rate)[0] == 0:
                return
            time.sleep(0.2)
        raise Skip(f"no {system} server can be started here")


def report_of(result):
    code, out, err = result
    check(code == 0, f"exit code {code}: {err}")
    return json.loads(out.split("\n")[0])


def check_clock(report, system, timed=True):
    check(report["system"] == system, f"the system is {report['system']}")
    check(report["handed"] > 0 and report["looks"] > 0, f"nothing was played: {report}")
    check(report["wrong"] == 0, f"blocks out of order: {report}")
    check(report["backwards"] == 0, f"the clock went back: {report}")
    check(not report["handlers"], "there are signal handlers")
    if timed:
        check(report["rate"] * 0.985 < report["slowest"] <= report["fastest"] < report["rate"] * 1.015, f"{report}")


def check_loss(place, system, server):
    process = place.begin(system, 6)
    time.sleep(1.5)
    place.end(server, signal.SIGKILL)
    report = report_of(place.finish(process))
    check(report["lost"], f"not noticed: {report}")
    check(report["backwards"] == 0 and report["beyond"] < 0.01, f"the clock ran on: {report}")


def jack():
    need("jackd")
    with Place() as place:
        server = place.start(["jackd", "-n", place.env["JACK_DEFAULT_SERVER"], "--no-realtime", "-d", "dummy",
                              "-r", "48000", "-p", "256"])
        place.wait_for("jack")
        result = place.play("jack", 2.5)
        report = report_of(result)
        check_clock(report, "jack")
        check(report["frames"] == 256 and report["beyond"] < 0.01, f"{report}")
        check('jack out "system"' in result[1] and 'jack in "system"' in result[1], result[1])
        check_clock(report_of(place.play("jack", 2, 48000, "in")), "jack")
        code, _, err = place.play("jack", 1, 44100)
        check(code == 1 and "JACK runs at 48000 Hz, not at 44100" in err, err)
        check_loss(place, "jack", server)
        code, _, err = place.play("jack", 1)
        check(code == 1 and "no JACK server runs here" in err, err)


PIPEWIRE = """
context.properties = { core.daemon = true core.name = pipewire-0 default.clock.quantum = 512 }
context.spa-libs = { audio.convert.* = audioconvert/libspa-audioconvert support.* = support/libspa-support }
context.modules = [
  { name = libpipewire-module-protocol-native } { name = libpipewire-module-metadata }
  { name = libpipewire-module-spa-node-factory } { name = libpipewire-module-client-node }
  { name = libpipewire-module-access } { name = libpipewire-module-adapter } { name = libpipewire-module-link-factory }
  { name = libpipewire-module-session-manager } ]
context.objects = [
  { factory = spa-node-factory
    args = { factory.name = support.node.driver node.name = Driver node.group = pipewire.dummy priority.driver = 20000 } }
  { factory = adapter
    args = { factory.name = support.null-audio-sink node.name = null-sink node.description = "Kerf test sink"
             media.class = Audio/Sink audio.position = "FL,FR" object.linger = true } } ]
"""


def pipewire():
    need("pipewire", "wireplumber", "dbus-run-session")
    with Place() as place:
        config = place.write("pipewire.conf", PIPEWIRE)
        server = place.start(["pipewire", "-c", config])
        time.sleep(0.5)
        place.start(["dbus-run-session", "--", "wireplumber"])
        place.wait_for("pipewire")
        time.sleep(1)
        result = place.play("pipewire", 2.5)
        if json.loads(result[1].split("\n")[0])["handed"] == 0:
            raise Skip("wireplumber connects nothing here")
        check_clock(report_of(result), "pipewire")
        check('pipewire out "Kerf test sink"' in result[1], result[1])
        check_loss(place, "pipewire", server)


def pulseaudio():
    need("pulseaudio")
    with Place() as place:
        server = place.start(["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--disallow-exit",
                              "--use-pid-file=no", "-L", "module-null-sink norewinds=1", "-L",
                              "module-native-protocol-unix"])
        place.wait_for("pulseaudio")
        result = place.play("pulseaudio", 3)
        check_clock(report_of(result), "pulseaudio")
        check('pulseaudio out "Null Output"' in result[1], result[1])
        check_loss(place, "pulseaudio", server)
        code, _, err = place.play("pulseaudio", 1)
        check(code == 1 and "is it running?" in err, err)


def first_sound(path, count):
    """`count` bytes of stereo floats from the first that is not silent: it runs, as fast as it can, before there is sound."""
    with open(path, "rb") as file:
        while chunk := file.read(16 << 20):
            silent = len(chunk) - len(chunk.lstrip(b"\0"))
            if silent < len(chunk):
                file.seek(silent // 8 * 8 - len(chunk), os.SEEK_CUR)
                return file.read(count)
    raise Failure("there is no sound")


def alsa():
    """ALSA's own plugins keep no time, but the samples can be looked at."""
    with Place() as place:
        raw = os.path.join(place.folder, "out.raw")
        place.write(".asoundrc", "pcm.!default { type file file \"%s\" format raw slave.pcm \"nothing\" }\n"
                                 "pcm.nothing { type null }\n" % raw)
        code, out, err = place.play("alsa", 0.1)
        if code:
            raise Skip("ALSA has no file plugin here: " + err.strip())
        check_clock(json.loads(out.split("\n")[0]), "alsa", timed=False)
        samples = struct.unpack("<8000f", first_sound(raw, 32000))
        for i in range(4000):
            left, right = samples[2 * i], samples[2 * i + 1]
            check(left == (i + 1) / 65536 and right == -left, f"frame {i} is {left}, {right}")


def no_server():
    with Place() as place:
        for system in ("jack", "pipewire", "pulseaudio"):
            code, _, err = place.play(system, 0.1)
            check(code == 1 and err.strip(), f"{system}: {code} {err}")


def run(name, case):
    global number, failed
    number += 1
    try:
        case()
        print(f"ok {number} - {name}", flush=True)
    except Skip as reason:
        print(f"ok {number} - {name} # SKIP {reason}", flush=True)
    except Failure as what:
        failed += 1
        print(f"# {what}\nnot ok {number} - {name}", flush=True)


for label, what in {"nothing runs": no_server, "ALSA": alsa, "JACK": jack, "PipeWire": pipewire,
                    "PulseAudio": pulseaudio}.items():
    run(label, what)
print(f"1..{number}")
sys.exit(1 if failed else 0)
