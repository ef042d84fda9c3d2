#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Makes sure that what the build, the tests and the demo need is there. Quick and silent when nothing is missing.
#   tools/install-deps.sh [build|bench|sdk]  bench: the peers that `make bench` measures too; sdk: what the SDKs need
# Debian and Ubuntu: installs with apt-get (with sudo when not root). Elsewhere: prints the packages and stops.
set -eu

cd "$(dirname "$0")/.."
want=${1:-build}
missing=''

first_of() { # of paths with colons between: whether any is there
    for path in $(echo "$1" | tr : ' '); do
        [ -e "$path" ] && return 0
    done
    return 1
}

# need KIND NAME DEBIAN-PACKAGE, where KIND is "command", "library" (a pkg-config name, with an optional floor), "font", or
# "file" (paths with colons between, of which one is enough)
need() {
    case $1 in
    command) command -v "$2" >/dev/null 2>&1 || missing="$missing $3" ;;
    library) pkg-config --exists "$2" 2>/dev/null || missing="$missing $3" ;;
    file) first_of "$2" || missing="$missing $3" ;;
    font) fc-list 2>/dev/null | grep -q "$2" || missing="$missing $3" ;;
    esac
}

need command git git
need command gcc gcc
need command g++ g++
need command make make
need command meson meson
need command ninja ninja-build
need command pkg-config pkg-config
need command python3 python3
need command ffmpeg ffmpeg
need command fc-list fontconfig
need font DejaVu fonts-dejavu-core
need font NotoColorEmoji fonts-noto-color-emoji
need font Inter fonts-inter
need library 'libavformat >= 59.27' libavformat-dev
need library 'libavcodec >= 59.37' libavcodec-dev
need library libavutil libavutil-dev
need library libavfilter libavfilter-dev
need library libswscale libswscale-dev
need library libswresample libswresample-dev
need library zlib zlib1g-dev
need library 'sqlite3 >= 3.20' libsqlite3-dev
need library 'pangocairo >= 1.50' libpango1.0-dev
need library libass libass-dev
need library rubberband librubberband-dev
need library libebur128 libebur128-dev
need library sdl2 libsdl2-dev
need library jack libjack-jackd2-dev
need library 'libxml-2.0 >= 2.9' libxml2-dev
need library 'gtk4 >= 4.8' libgtk-4-dev
need library 'libadwaita-1 >= 1.2' libadwaita-1-dev
need library libpanel-1 libpanel-dev
need library epoxy libepoxy-dev
need command Xvfb xvfb
need command xdotool xdotool
need command dbus-daemon dbus-daemon
need command import imagemagick
need file /usr/lib/at-spi2-registryd:/usr/libexec/at-spi2-registryd at-spi2-core
need file /usr/lib/x86_64-linux-gnu/girepository-1.0/Atspi-2.0.typelib:/usr/lib/girepository-1.0/Atspi-2.0.typelib gir1.2-atspi-2.0
need file /usr/lib/python3/dist-packages/gi/__init__.py python3-gi
need file /usr/share/icons/Adwaita/index.theme adwaita-icon-theme
if [ "$want" = bench ]; then
    need command melt melt
    need command mpv mpv
    need library mlt-framework-7 libmlt-dev
fi
if [ "$want" = sdk ]; then
    need command node nodejs
    need command npm npm
    need command chromium chromium
    need command firefox-esr firefox-esr
    need command emcc emscripten
    need file /usr/include/node/node_api.h:/usr/include/nodejs/src/node_api.h libnode-dev
fi

# The packages that an SDK's package-lock.json names.
node_packages() {
    [ "$want" = sdk ] || return 0
    for folder in sdk/*/; do
        [ -f "$folder/package-lock.json" ] || continue
        [ "$folder/node_modules/.package-lock.json" -nt "$folder/package-lock.json" ] && continue
        npm ci --prefix "$folder" --no-audit --no-fund --loglevel=error || exit 1
    done
}
[ -n "$missing" ] || {
    node_packages
    exit 0
}

if command -v apt-get >/dev/null 2>&1; then
    as_root=''
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null 2>&1 || {
            echo "install-deps: missing, and neither root nor sudo to install them:$missing" >&2
            exit 1
        }
        as_root='sudo'
    fi
    echo "install-deps: installing$missing"
    export DEBIAN_FRONTEND=noninteractive
    $as_root apt-get update -q
    # shellcheck disable=SC2086 # a list of packages
    $as_root apt-get install -q -y --no-install-recommends $missing
    node_packages
    exit 0
fi

extra_dnf='' extra_pacman='' extra_brew=''
if [ "$want" = bench ]; then
    extra_dnf=' mlt mpv' extra_pacman=' mlt mpv' extra_brew=' mlt mpv'
fi
cat >&2 <<END
install-deps: something is missing (by Debian's names:$missing).
Install these, then run the same command again:
  Debian, Ubuntu   apt-get install$missing
  Fedora           dnf install gcc gcc-c++ make meson ninja-build pkgconf-pkg-config python3 ffmpeg ffmpeg-devel \\
                       fontconfig dejavu-sans-fonts google-noto-color-emoji-fonts pango-devel libass-devel \\
                       rubberband-devel libebur128-devel SDL2-devel \\
                       jack-audio-connection-kit-devel libxml2-devel zlib-devel sqlite-devel \\
                       gtk4-devel libadwaita-devel libpanel-devel libepoxy-devel$extra_dnf
                   (ffmpeg and ffmpeg-devel with H.264 are in RPM Fusion)
  Arch             pacman -S gcc make meson ninja pkgconf python ffmpeg fontconfig ttf-dejavu noto-fonts-emoji pango \\
                       libass rubberband libebur128 sdl2 jack2 sqlite gtk4 libadwaita libpanel$extra_pacman
  macOS            brew install meson ninja pkg-config python ffmpeg fontconfig pango libass rubberband \\
                       libebur128 sdl2 jack libxml2$extra_brew
                   brew install --cask font-dejavu font-noto-color-emoji
END
exit 1
