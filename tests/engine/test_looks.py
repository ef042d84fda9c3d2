# SPDX-License-Identifier: LGPL-2.1-or-later
"""Clips that say how they are to be shown are shown so: python3 test_looks.py KERF prints TAP.

Turned, anamorphic, interlaced, of other colour spaces, with alpha: a few places of a rendered picture are compared."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cli"))
from harness import *  # noqa: E402,F403

# Four quarters: white, black above; grey, black below.
QUARTERS = "color=black:s=160x120:r=25:d=0.4,format=yuv420p,drawbox=0:0:80:60:white:fill,drawbox=0:60:80:60:gray:fill"


def show(path, size, **clip):
    """Luma of the first frame of a film that shows the clip; 0 to 255, full range."""
    width, height = size
    film = {"assets": {"a": {"path": path, **clip.pop("asset", {})}}, "size": [width, height], "rate": 25,
            "tracks": [{"clips": [{"asset": "a", "duration": 0.2, **clip}]}]}
    done = kerf("frame", write_film(film), "--at", 0.12, "-o", "look.png", "--overwrite")
    if not check(done.code == 0, f"{path}: {done}"):
        return lambda x, y: -1
    raw = ffmpeg("-i", "look.png", "-pix_fmt", "gray", "-f", "rawvideo", "-")
    return lambda x, y: raw[int(y * height) * width + int(x * width)]


def near(got, expected, what, slack=6):
    check(all(abs(g - e) <= slack for g, e in zip(got, expected)), f"{what}: {got}, expected {expected}")


def corners(at):
    return [at(0.25, 0.25), at(0.75, 0.25), at(0.25, 0.75), at(0.75, 0.75)]


def probed(path):
    return json.loads(kerf("probe", "--json", path).out)["streams"][0]


def test_turned():
    """Displays turn such a picture clockwise by what kerf probe says."""
    ffmpeg("-f", "lavfi", "-i", QUARTERS, "-c:v", "libx264", "-qp", "4", "upright.mp4")
    upright = corners(show("upright.mp4", (160, 120)))
    near(upright, (255, 0, 128, 0), "upright")
    a, b, c, d = upright
    expected = {0: (a, b, c, d), 90: (c, a, d, b), 180: (d, c, b, a), 270: (b, d, a, c)}
    for degrees in (90, 180, 270):
        ffmpeg("-i", "upright.mp4", "-c", "copy", "-metadata:s:v", f"rotate={degrees}", "turned.mp4")
        stream = probed("turned.mp4")
        size = (stream["shown_width"], stream["shown_height"])
        equal(size, (160, 120) if degrees == 180 else (120, 160), f"{degrees}: shown size")
        near(corners(show("turned.mp4", size)), expected[stream["rotation"]], f"turned by {stream['rotation']}")
        # the same as what ffmpeg makes of it
        raw = ffmpeg("-i", "turned.mp4", "-frames:v", "1", "-vf", "scale=out_range=full,format=gray", "-f", "rawvideo",
                     "-")
        theirs = [raw[int(y * size[1]) * size[0] + int(x * size[0])] for y in (0.25, 0.75) for x in (0.25, 0.75)]
        near(corners(show("turned.mp4", size)), theirs, f"{degrees}: ffmpeg")


def test_anamorphic():
    """80x120 stored with pixels twice as wide as high is 160x120."""
    ffmpeg("-f", "lavfi", "-i", QUARTERS + ",scale=80:120,setsar=2/1", "-c:v", "libx264", "-qp", "4", "wide.mp4")
    stream = probed("wide.mp4")
    equal((stream["shown_width"], stream["shown_height"]), (160, 120), "shown size")
    near(corners(show("wide.mp4", (160, 120))), (255, 0, 128, 0), "fills its shape")
    at = show("wide.mp4", (160, 240))
    near((at(0.25, 0.1), at(0.25, 0.4), at(0.25, 0.6), at(0.25, 0.9)), (0, 255, 128, 0), "letterbox")


def test_interlaced():
    """A bar that moves: no comb, and both orders of fields move the right way."""
    moving = "nullsrc=s=160x120:r=50:d=1,format=yuv420p,geq=lum='if(lt(mod(X-4*N+1600,160),40),235,16)':cb=128:cr=128"
    for order, name in (("top", "tff"), ("bottom", "bff")):
        mode = "interleave_top" if order == "top" else "interleave_bottom"
        ffmpeg("-f", "lavfi", "-i", f"{moving},tinterlace={mode},setfield={name},fieldorder={name}",
               "-c:v", "mpeg2video", "-q:v", "2", "-flags", "+ildct+ilme",
               "-field_order", "tt" if order == "top" else "bb", f"{name}.mov")
        stream = probed(f"{name}.mov")
        check(stream["fields"] != "progressive", f"{name}: {stream['fields']}")
        combs = {}
        for choice in ("auto", "off"):
            at = show(f"{name}.mov", (160, 120), asset={"deinterlace": choice}, **{"in": 0.4})
            combs[choice] = sum(abs(at(x / 160, y / 120) - at(x / 160, (y + 1) / 120)) > 80
                                for x in range(0, 160, 2) for y in range(40, 80))
        check(combs["off"] > 20 and combs["auto"] * 8 < combs["off"], f"{name}: combs {combs}")


def test_high_dynamic_range():
    """Half of the signal of HLG and of PQ is a sane grey on an SDR display, white is not clipped away."""
    for transfer, low, high in (("arib-std-b67", 70, 190), ("smpte2084", 60, 240)):
        steps = "gradients=s=160x120:c0=black:c1=white:x0=0:y0=60:x1=159:y1=60:d=0.4:r=25,format=yuv420p10le"
        ffmpeg("-f", "lavfi", "-i", steps, "-c:v", "libx265", "-x265-params", "log-level=none", "-crf", "8",
               "-color_trc", transfer, "-color_primaries", "bt2020", "-colorspace", "bt2020nc", "-color_range", "tv",
               "hdr.mp4")
        stream = probed("hdr.mp4")
        check(stream["transfer"] in ("hlg", "pq", "arib-std-b67", "smpte2084"), f"{stream['transfer']}")
        at = show("hdr.mp4", (160, 120))
        row = [at(x / 20 + 0.01, 0.5) for x in range(20)]
        check(all(b >= a - 4 for a, b in zip(row, row[1:])), f"{transfer} does not rise: {row}")
        check(row[0] < 10 and low <= row[10] <= high and row[19] > 200, f"{transfer}: {row}")


def test_ranges_and_matrices():
    """The same grey and red whatever way they are stored."""
    source = "color=0x808080:s=160x120:r=25:d=0.4,format=gbrp,drawbox=0:0:80:120:0xc83c28:fill"
    ways = {"limited.mp4": ("scale=out_range=tv:out_color_matrix=bt709,format=yuv420p", "bt709", "tv"),
            "full.mp4": ("scale=out_range=pc:out_color_matrix=bt709,format=yuvj420p", "bt709", "pc"),
            "601.mp4": ("scale=out_range=tv:out_color_matrix=bt601,format=yuv420p", "smpte170m", "tv")}
    for path, (change, matrix, reach) in ways.items():
        ffmpeg("-f", "lavfi", "-i", source + "," + change, "-c:v", "libx264", "-qp", "2", "-colorspace", matrix,
               "-color_range", reach, "-color_primaries", "bt709", "-color_trc", "bt709", path)
        at = show(path, (160, 120))
        near((at(0.75, 0.5),), (128,), f"{path}: grey", 2)
        raw = ffmpeg("-i", "look.png", "-pix_fmt", "rgb24", "-f", "rawvideo", "-")
        near(raw[(60 * 160 + 40) * 3:][:3], (200, 60, 40), f"{path}: red", 4)


def test_alpha():
    half = "geq=r=255:g=255:b=255:a='if(lt(X,80),128,255)'"
    ffmpeg("-f", "lavfi", "-i", f"color=white:s=160x120:r=25:d=0.4,format=rgba,{half}", "-c:v", "qtrle", "half.mov")
    at = show("half.mov", (160, 120))
    near((at(0.25, 0.5), at(0.75, 0.5)), (128, 255), "alpha", 3)
    near((show("half.mov", (160, 120), asset={"alpha": "ignore"})(0.25, 0.5),), (255,), "alpha ignored", 3)


def test_many_formats():
    """Mid-grey is mid-grey in every pixel format."""
    for codec, pixels, path in (("ffv1", "yuv422p", "g.mkv"), ("ffv1", "yuv444p12le", "g.mkv"),
                                ("ffv1", "gbrp", "g.mkv"), ("ffv1", "gray", "g.mkv"), ("ffv1", "gray16le", "g.mkv"),
                                ("png", "pal8", "g.mov"),
                                ("rawvideo", "uyvy422", "g.avi"), ("rawvideo", "rgb555le", "g.avi"),
                                ("mjpeg", "yuvj422p", "g.avi"), ("prores_ks", "yuva444p10le", "g.mov"),
                                ("huffyuv", "rgb24", "g.avi"), ("libvpx-vp9", "yuv420p", "g.webm")):
        ffmpeg("-f", "lavfi", "-i", "color=0x808080:s=162x121:r=25:d=0.4", "-pix_fmt", pixels, "-c:v", codec, path)
        near((show(path, (162, 121))(0.5, 0.5),), (128,), f"{codec} {pixels}", 5)


if __name__ == "__main__":
    sys.exit(main([value for key, value in list(globals().items()) if key.startswith("test_")]))
