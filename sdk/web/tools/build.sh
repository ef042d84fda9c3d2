#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Builds the browser package into sdk/web/dist, the engine by way of build/web; does nothing where nothing changed.
set -eu
cd "$(dirname "$0")/../../.."
build=build/web
export NODE_PATH=/usr/share/nodejs # where Debian's emscripten looks for acorn, whoever's node it is
export CCACHE_COMPILERTYPE=clang # which emcc is
unset EM_CACHE

mkdir -p build
exec 9>build/web.lock
flock 9
if [ ! -f $build/build.ninja ]; then
    compiler="'emcc'"
    if command -v ccache >/dev/null 2>&1; then compiler="['ccache', 'emcc']"; fi
    printf "[binaries]\nc = %s\n" "$compiler" >build/web.ini
    meson setup $build --cross-file sdk/web/emscripten.ini --cross-file build/web.ini --buildtype=release -Dtests=false \
        >build/web.log || { cat build/web.log; exit 1; }
fi
ninja -C $build >build/web.log || { cat build/web.log; exit 1; }
cd sdk/web
if [ -z "$(find dist/API.md -newer tsconfig.json 2>/dev/null)" ] ||
    [ -n "$(find src package.json -newer dist/API.md)" ]; then
    node_modules/.bin/tsc -p .
    node tools/reference.mjs
fi
cmp -s ../../$build/sdk/web/engine/kerf.wasm dist/kerf.wasm || cp ../../$build/sdk/web/engine/kerf.wasm dist/
