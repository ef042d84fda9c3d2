#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Renders examples/trailer.json to build/trailer.mp4; kerf says how long the film is and how fast it was rendered.
set -eu
cd "$(dirname "$0")/.."

tools/demo-media.sh
echo "Rendering examples/trailer.json"
build/release/apps/kerf/kerf render examples/trailer.json -o build/trailer.mp4 --overwrite "$@"
echo "The trailer is $PWD/build/trailer.mp4"
