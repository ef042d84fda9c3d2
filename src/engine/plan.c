/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a render would do, per second of film: which clips are decoded, what is composed, what is encoded. */
#include <stdio.h>
#include <string.h>

#include "base/api/alloc.h"
#include "base/api/json.h"
#include "base/api/time.h"
#include "engine/api/engine.h"
#include "engine/session.h"

typedef struct second_plan {
    int32_t decoded, generated, nested, adjustments, transitions, sounds;
} second_plan;

typedef struct plan_state {
    kf_snapshot snapshot;
    const kf_settings *settings;
    second_plan *seconds;
    int64_t count;
} plan_state;

static void count_clip(plan_state *p, const kf_track_view *track, const kf_clip_view *clip)
{
    kf_time from = clip->start, to = clip->start + clip->duration;
    if (!clip->enabled || to <= p->settings->start || from >= p->settings->end) return;
    int64_t first = (from < p->settings->start ? 0 : from - p->settings->start) / KF_SECOND;
    int64_t last = ((to > p->settings->end ? p->settings->end : to) - p->settings->start - 1) / KF_SECOND;
    for (int64_t i = first; i <= last && i < p->count; i++) {
        second_plan *s = &p->seconds[i];
        bool shown = track->kind == KF_TRACK_VIDEO && !track->hide;
        s->decoded += shown && clip->source == KF_SOURCE_ASSET;
        s->generated += shown && clip->source == KF_SOURCE_GENERATOR;
        s->nested += shown && clip->source == KF_SOURCE_SEQUENCE;
        s->adjustments += shown && clip->source == KF_SOURCE_ADJUSTMENT;
        s->sounds += !track->mute && (clip->audio || track->kind == KF_TRACK_AUDIO) && clip->source == KF_SOURCE_ASSET;
    }
}

static void count_tracks(plan_state *p)
{
    for (int32_t i = 0; i < p->settings->view.track_count; i++) {
        kf_track_view track;
        kf_cursor cursor;
        if (!kf_track_get(p->snapshot, &p->settings->view, i, &track)) continue;
        kf_cursor_init(&cursor, p->snapshot, &track);
        while (kf_cursor_next(&cursor)) {
            kf_clip_view clip;
            if (cursor.item.kind == KF_ITEM_CLIP && kf_cursor_clip(&cursor, &clip)) count_clip(p, &track, &clip);
            kf_time at = cursor.item.start - p->settings->start;
            if (cursor.item.kind == KF_ITEM_TRANSITION && at >= 0 && at / KF_SECOND < p->count)
                p->seconds[at / KF_SECOND].transitions++;
        }
    }
}

static const char *or_default(const char *text)
{
    return text ? text : "default";
}

static bool same_plan(const second_plan *a, const second_plan *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

static void write_plain(const plan_state *p, kf_str *out)
{
    const kf_settings *s = p->settings;
    kf_str_addf(out, "%dx%d at %lld/%lld frames/s, %lld frames, %.3f s\n", s->width, s->height, (long long)s->rate.num,
                (long long)s->rate.den, (long long)s->frames, kf_time_seconds(s->end - s->start));
    kf_str_addf(out, "encode: video %s, audio %s\n", or_default(s->writer.video.codec),
                or_default(s->writer.audio.codec));
    kf_str_addf(out, "%-15s %8s %10s %8s %12s %12s %7s\n", "seconds", "decoded", "generated", "nested", "adjustments",
                "transitions", "sounds");
    for (int64_t i = 0; i < p->count;) {
        int64_t j = i + 1;
        const second_plan *q = &p->seconds[i];
        char span[48];
        while (j < p->count && same_plan(q, &p->seconds[j])) j++;
        snprintf(span, sizeof span, "%lld..%lld", (long long)i, (long long)j);
        kf_str_addf(out, "%-15s %8d %10d %8d %12d %12d %7d\n", span, (int)q->decoded, (int)q->generated, (int)q->nested,
                    (int)q->adjustments, (int)q->transitions, (int)q->sounds);
        i = j;
    }
}

static void write_second(kf_json_writer *w, int64_t at, const second_plan *q)
{
    kf_json_begin_object(w);
    kf_json_put_int(w, "at", at);
    kf_json_put_int(w, "decoded", q->decoded);
    kf_json_put_int(w, "generated", q->generated);
    kf_json_put_int(w, "nested", q->nested);
    kf_json_put_int(w, "adjustments", q->adjustments);
    kf_json_put_int(w, "transitions", q->transitions);
    kf_json_put_int(w, "sounds", q->sounds);
    kf_json_end_object(w);
}

static void write_json(const plan_state *p, kf_str *out)
{
    const kf_settings *s = p->settings;
    kf_json_writer w = {.out = out};
    char rate[32];
    snprintf(rate, sizeof rate, "%d/%d", (int)s->rate.num, (int)s->rate.den);
    kf_json_begin_object(&w);
    kf_json_put_int(&w, "width", s->width);
    kf_json_put_int(&w, "height", s->height);
    kf_json_put_string(&w, "rate", rate);
    kf_json_put_int(&w, "frames", s->frames);
    kf_json_key(&w, "seconds");
    kf_json_begin_array(&w);
    for (int64_t i = 0; i < p->count; i++) write_second(&w, i, &p->seconds[i]);
    kf_json_end_array(&w);
    kf_json_end_object(&w);
    kf_str_add(out, "\n");
}

kf_status kf_engine_plan(const kf_film *film, const kf_render_params *params, kf_text_format format, kf_str *out,
                         kf_error *err)
{
    kf_settings settings = {0};
    plan_state p = {kf_film_snapshot(film), &settings, NULL, 0};
    kf_status status = kf_settings_resolve(p.snapshot, params, &settings, err);
    if (status == KF_OK) {
        p.count = (settings.end - settings.start + KF_SECOND - 1) / KF_SECOND;
        p.seconds = kf_alloc_zero((size_t)p.count, sizeof *p.seconds);
        if (!p.seconds) status = kf_fail_memory(err);
    }
    if (status == KF_OK) {
        count_tracks(&p);
        if (format == KF_TEXT_JSON)
            write_json(&p, out);
        else
            write_plain(&p, out);
        if (out->failed) status = kf_fail_memory(err);
    }
    kf_free(p.seconds);
    kf_settings_finish(&settings);
    return status;
}
