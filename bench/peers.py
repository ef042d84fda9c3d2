# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the peers are given: for each reference timeline the same picture and sound as an ffmpeg filter graph and, where
melt can do the work, as an MLT project. Each maker takes a Material and returns a command without its output."""
import os
from xml.sax.saxutils import quoteattr

FFMPEG = ["ffmpeg", "-v", "error", "-nostdin", "-y"]
X264 = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "192k"]
MELT_X264 = ["vcodec=libx264", "preset=veryfast", "crf=20", "pix_fmt=yuv420p", "acodec=aac", "ab=192k",
             "movflags=+faststart"]
MELT_NULL = ["f=rawvideo", "vcodec=rawvideo", "an=1"]
NULL = ["-f", "null", "-"]
R4_STARTS = [20, 4, 12, 26, 8, 0, 16, 24, 6, 14, 2, 22]


class Material:
    def __init__(self, media, timelines, work):
        self.bunny = os.path.join(media, "big-buck-bunny-1080p24-30s.mp4")
        self.flower = os.path.join(media, "flower.mp4")
        self.friday = os.path.join(media, "friday.mp4")
        self.timelines = timelines
        self.work = work
        self.font = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"


def graph(inputs, chains, duration):
    return FFMPEG + inputs + ["-filter_complex", ";".join(chains), "-map", "[v]", "-map", "[a]", "-t", str(duration)]


# ---- R1: dissolves, a grade, a picture in the picture, a title ----

def r1_ffmpeg(m):
    cuts = [f"[c{k}]trim={5 * k}:{5 * k + 5},setpts=PTS-STARTPTS[v{k}]" for k in range(6)]
    fades, last = [], "v0"
    for k in range(1, 6):
        fades.append(f"[{last}][v{k}]xfade=transition=fade:duration=0.5:offset={4.5 * k}[x{k}]")
        last = f"x{k}"
    chains = ["[0:v]split=6" + "".join(f"[c{k}]" for k in range(6))] + cuts + fades + [
        f"[{last}]eq=brightness=0.03:contrast=1.1:saturation=1.2[graded]",
        "[1:v]fps=24,scale=480:270[small]",
        "[graded][small]overlay=1400:40:shortest=1[both]",
        "[both]drawtext=text='Kerf reference title':fontsize=72:fontcolor=white:x=(w-tw)/2:y=900[v]",
        "[0:a]pan=stereo|c0=FL+0.7*FC|c1=FR+0.7*FC,volume=-2dB[first]",
        "[1:a]aresample=48000,volume=-8dB[second]",
        "[first][second]amix=inputs=2:duration=shortest[a]"]
    return graph(["-i", m.bunny, "-stream_loop", "6", "-i", m.flower], chains, 27.5)


def xml_properties(values):
    return "".join(f'<property name="{name}">{value}</property>' for name, value in values.items())


def xml_transition(first, last, b_track, service, **values):
    values = {"mlt_service": service, "a_track": 0, "b_track": b_track, **values}
    return f'<transition in="{first}" out="{last}">{xml_properties(values)}</transition>'


def r1_playlists():
    """Bunny's six pieces of 120 frames, alternating between two tracks and overlapping by 12 frames."""
    tracks = [[], []]
    ends = [0, 0]
    for k in range(6):
        start, side = 108 * k, k % 2
        if start > ends[side]:
            tracks[side].append(f'<blank length="{start - ends[side]}"/>')
        tracks[side].append(f'<entry producer="bunny{k}" in="{120 * k}" out="{120 * k + 119}"/>')
        ends[side] = start + 120
    return ["".join(track) for track in tracks]


def r1_mlt(m):
    bunny, flower = quoteattr(m.bunny)[1:-1], quoteattr(m.flower)[1:-1]
    a, b = r1_playlists()
    loops = "".join(f'<entry producer="flower" in="0" out="{59 if k == 5 else 119}"/>' for k in range(6))
    parts = ['<mlt profile="atsc_1080p_24">']
    parts += [f'<producer id="bunny{k}" in="0" out="719">{xml_properties({"resource": bunny})}</producer>'
              for k in range(6)]
    parts += [f'<producer id="flower" in="0" out="119">{xml_properties({"resource": flower})}</producer>',
              '<producer id="title" in="0" out="659">' +
              xml_properties({"mlt_service": "pango", "text": "Kerf reference title", "size": 72}) + "</producer>",
              f'<playlist id="A">{a}</playlist><playlist id="B">{b}</playlist><playlist id="P">{loops}</playlist>',
              '<playlist id="T"><entry producer="title" in="0" out="659"/></playlist>',
              '<tractor id="film" in="0" out="659"><multitrack>',
              "".join(f'<track producer="{name}"/>' for name in "ABPT"), "</multitrack>"]
    parts += [xml_transition(108 * k, 108 * k + 11, 1, "luma", reverse=(k + 1) % 2) for k in range(1, 6)]
    whole = {"geometry": "0/0:100%x100%:100"}
    parts += [xml_transition(first, last, 1, "composite", **whole) for first, last in ((120, 215), (336, 431),
                                                                                       (552, 659))]
    parts += [xml_transition(0, 659, 2, "composite", geometry="1400/40:480x270:100", progressive=1),
              xml_transition(0, 659, 3, "composite", geometry="0/860:1920x120:100", halign="centre", progressive=1),
              xml_transition(0, 659, 1, "mix", always_active=1, sum=1),
              xml_transition(0, 659, 2, "mix", always_active=1, sum=1)]
    parts += ['<filter in="0" out="659" track="0">' + xml_properties(values) + "</filter>"
              for values in ({"mlt_service": "brightness", "level": 1.03},
                             {"mlt_service": "frei0r.saturat0r", "0": 0.15})]
    return "\n".join(parts + ["</tractor></mlt>"])


# ---- R2: a vertical chat ----

R2_MESSAGES = [(0.5, 0, "Hey, are you awake?"), (2.5, 1, "Yes, what happened?"), (4.5, 0, "You will not believe this"),
               (7, 0, "The server rendered it in ten seconds"), (9.5, 1, "No way. Show me!"),
               (12, 0, "Sending the link now")]


def r2_bubble(m, index, time, right, text):
    """A plain box and its text; they slide in within 0.3 s. (drawbox has no round corners.)"""
    width, y = 100 + 24 * len(text), 260 + 190 * index
    away, home = (1080, 1020 - width) if right else (-width, 60)
    x = f"{home}+({away - home})*pow(1-min((t-{time})/0.3\\,1)\\,2)"
    colour = "0xdcf8c6" if right else "white"
    text = text.replace(",", "\\,")
    box = f"color=c={colour}:s={width}x140:r=30:d=15[box{index}]"
    over = f"overlay=x='{x}':y={y}:enable='gte(t,{time})':eof_action=repeat"
    words = (f"drawtext=fontfile={m.font}:text='{text}':fontsize=44:fontcolor=0x101010:x={x}+50:y={y + 45}"
             f":enable='gte(t,{time})'")
    return box, over, words


def r2_ffmpeg(m):
    chains = ["[0:v]trim=3:18,setpts=PTS-STARTPTS,fps=30,scale=-2:1920:flags=bicubic,crop=1080:1920,gblur=sigma=20[p0]"]
    for i, (time, right, text) in enumerate(R2_MESSAGES):
        box, over, words = r2_bubble(m, i, time, right, text)
        chains += [box, f"[p{i}][box{i}]{over}[q{i}]", f"[q{i}]{words}[p{i + 1}]"]
    srt = os.path.join(m.timelines, "r2.srt")
    chains += [f"[p6]subtitles=filename='{srt}':force_style='Fontsize=12'[v]",
               "[1:a]aresample=48000,aformat=channel_layouts=stereo,asplit[voice][key]",
               "[0:a]atrim=3:18,asetpts=PTS-STARTPTS,aformat=channel_layouts=stereo,volume=-6dB[music]",
               "[music][key]sidechaincompress=threshold=0.03:ratio=4:attack=20:release=300[ducked]",
               "[voice][ducked]amix=inputs=2:duration=shortest[a]"]
    return graph(["-i", m.bunny, "-stream_loop", "3", "-i", m.friday], chains, 15)


# ---- R3: three layers in 4K, a blur, a 3D LUT ----

def r3_ffmpeg(m):
    look = os.path.join(m.timelines, "look.cube")
    chains = [f"[0:v]scale=3840:2160:flags=bicubic,lut3d=file='{look}'[base]",
              "[1:v]scale=1600:900:flags=bicubic,gblur=sigma=12,format=yuva420p,colorchannelmixer=aa=0.9[mid]",
              "[2:v]fps=24,scale=1280:720:flags=bicubic[top]",
              "[base][mid]overlay=160:1100[two]", "[two][top]overlay=2400:160:shortest=1[v]",
              "[0:a]pan=stereo|c0=FL+0.7*FC|c1=FR+0.7*FC,volume=-2dB[first]",
              "[2:a]aresample=48000,volume=-8dB[second]", "[first][second]amix=inputs=2:duration=shortest[a]"]
    inputs = ["-t", "10", "-i", m.bunny, "-ss", "15", "-t", "10", "-i", m.bunny, "-stream_loop", "2", "-i", m.flower]
    return graph(inputs, chains, 10)


# ---- R4: cuts only ----

def r4_ffmpeg(m):
    inputs, chains, joined = [], [], ""
    for k, start in enumerate(R4_STARTS):
        inputs += ["-ss", str(start), "-t", "2", "-i", m.bunny]
        joined += f"[{k}:v][{k}:a]"
    chains = [f"{joined}concat=n={len(R4_STARTS)}:v=1:a=1[v][wide]", "[wide]pan=stereo|c0=FL+0.7*FC|c1=FR+0.7*FC[a]"]
    return graph(inputs, chains, 2 * len(R4_STARTS))


def r4_mlt(m):
    bunny = quoteattr(m.bunny)[1:-1]
    entries = "".join(f'<entry producer="bunny" in="{24 * s}" out="{24 * s + 47}"/>' for s in R4_STARTS)
    return (f'<mlt profile="atsc_1080p_24"><producer id="bunny" in="0" out="719">{xml_properties({"resource": bunny})}'
            f'</producer><playlist id="A">{entries}</playlist></mlt>')


# ---- common work ----

def plain_transcode(m, duration):
    return FFMPEG + ["-i", m.bunny, "-t", str(duration), "-ac", "2"]


def bare_decode(m):
    return FFMPEG + ["-i", m.bunny, "-stream_loop", "6", "-i", m.flower, "-map", "0:v", "-map", "0:a", "-map", "1:v",
                     "-map", "1:a", "-vsync", "passthrough", "-t", "30"] + NULL


def melt(m, name, xml, full_output):
    project = os.path.join(m.work, name + ".mlt")
    with open(project, "w", encoding="utf-8") as file:
        file.write(xml)
    target = full_output or "/dev/null"
    return ["melt", project, "-silent", "-consumer", "avformat:" + target,
            *(MELT_X264 if full_output else MELT_NULL), "real_time=-2"]


# Name: (duration in s, ffmpeg's filter graph, melt's project or None)
TIMELINES = {
    "r1": (27.5, r1_ffmpeg, r1_mlt),
    "r2": (15, r2_ffmpeg, None),
    "r3": (10, r3_ffmpeg, None),
    "r4": (24, r4_ffmpeg, r4_mlt),
}
