# SPDX-License-Identifier: LGPL-2.1-or-later
# The short commands. Each build is a Meson build of its own under build/; tools/build.sh has their options.
.PHONY: all release relwithdebinfo debug test asan tsan lint soak demo edit clean bench bench-deps bench-kernels bench-model \
  bench-scrub bench-reel bench-play bench-audio bench-editor bench-node bench-web sdk-node sdk-node-versions reel-server \
  sdk-web web-demo
.NOTPARALLEL:

all: release

release relwithdebinfo debug:
	@tools/build.sh $@

# Ends with "N passed, N failed, N skipped".
test asan tsan:
	@tools/run-tests.sh $@

lint:
	@tools/install-deps.sh
	@python3 tools/lint.py

bench-deps:
	@tools/install-deps.sh bench

# Kerf beside ffmpeg and melt on bench/timelines; ARGS="--rounds 1 --only r1" for less of it.
bench: bench-deps release
	@python3 bench/run.py $(ARGS)
	@build/release/bench/model_bench
	@python3 bench/scrub.py
	@python3 bench/reel.py

# Milliseconds per frame of the compositor's work at 480 to 2160 lines; ARGS="--lines 1080 --isa avx2".
bench-kernels: release
	@build/release/bench/kernels $(ARGS)

# Opening, asking, editing and undoing in projects of 1 000 to 1 000 000 clips, beside MLT; ARGS="1000 100000".
bench-model: bench-deps release
	@build/release/bench/model_bench $(ARGS)

# Scrubbing, stepping and jumping in the Bunny clip, beside mpv; ARGS="--rounds 3 --count 100".
bench-scrub: bench-deps release
	@python3 bench/scrub.py $(ARGS)

# The chat film beside ffmpeg: exports, composing alone, memory, several at once; ARGS="--rounds 1 --only static".
bench-reel: bench-deps release
	@python3 bench/reel.py $(ARGS)

# Dropped frames of playing R1, and how long pictures take under a moving hand; MEDIA=path of another film or clip.
bench-play: release
	@build/release/bench/play $(or $(MEDIA),bench/timelines/r1.json) $(ARGS)

# What playing R1's sound costs with buffers of 64 and 1024 frames, alone and beside a render; ARGS="SECONDS".
bench-audio: release
	@build/release/bench/audio_live bench/timelines/r1.json build/release/apps/kerf/kerf $(ARGS)

# The editor: start and memory, the drawn timeline, scrubbing beside mpv, dropped frames.
bench-editor: bench-deps release
	@python3 bench/editor_start.py build/release $(ARGS)
	@build/release/bench/timeline

# Kills, edits and damages projects; plays, edits and exports at once; renders over and over and watches memory and hashes;
# ARGS="--minutes 60".
soak: release
	@tools/soak-data.sh
	@tools/build.sh soak tests/engine/test_engine_player
	@KERF_SOAK=600 build/soak/tests/engine/test_engine_player
	@python3 tools/soak.py $(ARGS)
	@KERF_SOAK=500 KERF_NODE_FOLDER=build/release/sdk/node node --test sdk/node/test/proof.test.mjs

# build/trailer.mp4 from examples/trailer.json.
demo: release
	@tools/demo.sh

# The Node SDK's packages in build/sdk-node.
sdk-node:
	@tools/install-deps.sh sdk
	@$(MAKE) -s release
	@node sdk/node/tools/pack.cjs build/release build/sdk-node

# The browser package in sdk/web/dist.
sdk-web:
	@tools/install-deps.sh sdk
	@sdk/web/tools/build.sh

# Milliseconds of frames in headless Chromium, and the size of the engine.
bench-web: sdk-web
	@node sdk/web/bench/bench.mjs

# The Node SDK's tests with Node 20, 22 and 24, which come from npm.
sdk-node-versions:
	@tools/install-deps.sh sdk
	@tools/build.sh test
	@node sdk/node/tools/versions.cjs build/test fetch

# The example server over the packages of make sdk-node; PORT=8080 MEDIA=media OUTPUT=videos, from build/reel-server.
reel-server: sdk-node
	@rm -rf build/reel-server
	@cp -r examples/reel-server build/reel-server
	@npm install --prefix build/reel-server --offline --no-audit --no-fund --silent $(CURDIR)/build/sdk-node/*.tgz
	@cd build/reel-server && exec node main.mjs

# The browser package at work: a chat is edited, seen, heard and exported in a page; PORT=8090.
web-demo: sdk-web
	@node sdk/web/demo/serve.mjs

# The desktop editor; FILM=path opens one.
edit: release
	@build/release/apps/editor/kerf-editor $(FILM)

clean:
	rm -rf build
