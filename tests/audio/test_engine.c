/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/api/time.h"
#include "sound.h"

static kf_audio_graph graph_of(const kf_audio_track *tracks, int32_t count)
{
    return (kf_audio_graph){.rate = 48000, .channels = 2, .tracks = tracks, .track_count = count, .limiter_off = true};
}

static const kf_sample_source position_everywhere = {.read = position_read};

/* Cuts at 29.97 fps frame boundaries three days into the timeline fall on their samples. */
TEST(cuts_are_sample_accurate)
{
    const kf_rational rate = {30000, 1001};
    enum { CLIPS = 40 };
    static kf_audio_clip clips[CLIPS];
    int64_t frame = INT64_C(7700000); /* > 2^33 samples */
    for (int i = 0; i < CLIPS; i++) {
        int64_t start = kf_sample_at(kf_frame_start(frame, rate), 48000);
        frame += 1 + i % 3;
        int64_t end = kf_sample_at(kf_frame_start(frame, rate), 48000);
        clips[i] = (kf_audio_clip){.start = start,
                                   .length = end - start,
                                   .source = position_everywhere,
                                   .source_first = 1000 * i + (INT64_C(1) << 33)};
    }
    kf_audio_track track = {.clips = clips, .clip_count = CLIPS};
    kf_audio_graph graph = graph_of(&track, 1);
    int64_t first = clips[0].start - 100;
    int32_t n = (int32_t)(clips[CLIPS - 1].start + clips[CLIPS - 1].length - first + 100);
    CHECK(first > INT64_C(1) << 33);
    float *l = floats(n), *r = floats(n);
    CHECK_INT(render_blocks(&graph, first, n, 777, l, r), KF_OK);
    int wrong = 0, at = 0;
    for (int32_t i = 0; i < n; i++) {
        int64_t t = first + i;
        while (at < CLIPS && t >= clips[at].start + clips[at].length) at++;
        bool inside = at < CLIPS && t >= clips[at].start;
        float want_l = inside ? position_sample(clips[at].source_first + t - clips[at].start, 0) : 0.0f;
        float want_r = inside ? position_sample(clips[at].source_first + t - clips[at].start, 1) : 0.0f;
        wrong += l[i] != want_l || r[i] != want_r;
    }
    CHECK_INT(wrong, 0);
    CHECK_INT(kf_audio_graph_end(&graph), clips[CLIPS - 1].start + clips[CLIPS - 1].length);
    kf_free(l);
    kf_free(r);
}

TEST(mixes_with_gain_fades_and_pan)
{
    float one = 1.0f, half = 0.5f;
    kf_audio_clip a = {.start = 0, .length = 4000, .source = {.read = dc_read, .ctx = &one}, .fade_in = 1000,
                       .fade_in_shape = KF_FADE_LINEAR, .gain = {.constant = -6.0206f}};
    kf_audio_clip b = {
        .start = 2000, .length = 2000, .source = {.read = dc_read, .ctx = &half}, .pan = {.constant = 1.0f}};
    kf_audio_track tracks[2] = {{.clips = &a, .clip_count = 1},
                                {.clips = &b, .clip_count = 1, .gain = {.constant = 6.0206f}}};
    kf_audio_graph graph = graph_of(tracks, 2);
    float l[4100], r[4100];
    CHECK_INT(render_blocks(&graph, 0, 4100, 512, l, r), KF_OK);
    CHECK_NEAR(l[0], 0.5 * 0.5 / 1000, 1e-6);
    CHECK_NEAR(l[499], 0.5 * 0.4995, 1e-5);
    CHECK_NEAR(l[1500], 0.5, 1e-5);
    CHECK_NEAR(l[2500], 0.5, 1e-5);
    CHECK_NEAR(r[2500], 1.5, 1e-5);
    CHECK_NEAR(r[1999], 0.5, 1e-5);
    CHECK(l[4000] == 0.0f && r[4000] == 0.0f);
}

int main(void)
{
    RUN(cuts_are_sample_accurate);
    RUN(mixes_with_gain_fades_and_pan);
    return test_end();
}
