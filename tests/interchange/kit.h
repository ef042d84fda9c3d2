/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* For tests of formats: import, load, and say a film in lines that a test can hold against what it computed by hand. */
#ifndef KF_TEST_INTERCHANGE_KIT_H
#define KF_TEST_INTERCHANGE_KIT_H

#include "base/api/alloc.h"
#include "base/api/time.h"
#include "interchange/api/interchange.h"
#include "test.h"

typedef struct kit {
    kf_str json;
    kf_report report;
    kf_error err;
    kf_film *film;      /* NULL if the import or the load failed */
} kit;

static inline void kit_finish(kit *k)
{
    kf_film_destroy(k->film);
    kf_str_finish(&k->json);
    kf_report_finish(&k->report);
    *k = (kit){0};
}

static inline kit kit_import(const char *format, const char *bytes, size_t length, const char *name, kf_rational rate)
{
    kit k = {0};
    kf_import_params params = {bytes, length, name, rate};
    if (kf_interchange_find(format)->import(&params, &k.json, &k.report, &k.err) == KF_OK) {
        kf_film_load load = {.name = name};
        kf_film_load_json(k.json.data, k.json.length, &load, &k.film, &k.err);
    }
    return k;
}

static inline kit kit_text(const char *format, const char *text, kf_rational rate)
{
    return kit_import(format, text, strlen(text), "test", rate);
}

/* A shared sample; false when the folder of samples is absent. */
static inline bool kit_sample(const char *file, kf_rational rate, kit *out)
{
    char path[600];
    char *bytes;
    size_t length;
    snprintf(path, sizeof path, "%s/../shared/interchange/%s", KF_SOURCE_ROOT, file);
    if (kf_file_read(path, 1 << 26, &bytes, &length, NULL)) return false;
    const kf_interchange *format = kf_interchange_sniff(bytes, length);
    *out = (kit){0};
    if (format) *out = kit_import(format->name, bytes, length, file, rate);
    kf_free(bytes);
    return true;
}

static inline kf_sequence_view kit_sequence(const kit *k, int32_t index)
{
    kf_sequence_view s = {.name = "", .id = "", .rate = {25, 1}};
    kf_project_view project;
    if (k->film && kf_project_get(kf_film_snapshot(k->film), &project)) {
        kf_sequence_at(kf_film_snapshot(k->film), index < 0 ? project.main_sequence : index, &s);
    }
    return s;
}

/* Frames, with a '+' behind what is not a whole one. */
static inline void kit_add_time(kf_str *out, kf_time t, kf_rational rate)
{
    int64_t frame = kf_frame_at(t, rate);
    kf_str_addf(out, "%lld%s", (long long)frame, kf_frame_start(frame, rate) == t ? "" : "+");
}

static inline void kit_add_clip(kf_str *out, kf_snapshot snapshot, const kf_clip_view *c, kf_rational rate)
{
    kf_asset_view asset;
    kf_sequence_view nested;
    if (c->source == KF_SOURCE_ASSET) {
        kf_asset_at(snapshot, kf_asset_index(snapshot, c->source_uid), &asset);
        kf_str_add(out, *asset.name ? asset.name : asset.id);
    } else if (c->source == KF_SOURCE_SEQUENCE) {
        kf_sequence_at(snapshot, kf_sequence_index(snapshot, c->source_uid), &nested);
        kf_str_addf(out, "{%s}", nested.id);
    } else {
        kf_str_addf(out, "(%s)", c->source == KF_SOURCE_GENERATOR ? c->generator.kind->name : "adjustment");
    }
    kf_str_add(out, " ");
    kit_add_time(out, c->start, rate);
    kf_str_add(out, "+");
    kit_add_time(out, c->duration, rate);
    kf_str_add(out, c->frozen ? " freeze " : " in ");
    kit_add_time(out, c->frozen ? c->freeze : c->source_in, rate);
    if (c->speed.num != c->speed.den) kf_str_addf(out, " x%d/%d", c->speed.num, c->speed.den);
    kf_str_addf(out, "%s%s%s", c->reverse ? " reverse" : "", c->remap_count ? " remap" : "", c->enabled ? "" : " off");
}

/* "name 0+31 in 86501; <dissolve 31+10>; ..." in frames of the sequence. Gaps show in the starts. New string. */
static inline char *kit_track(const kit *k, int32_t sequence, int32_t index)
{
    kf_str out = {0};
    kf_sequence_view s = kit_sequence(k, sequence);
    kf_track_view track;
    kf_cursor cursor;
    kf_clip_view clip;
    kf_transition_view t;
    if (!k->film || !kf_track_get(kf_film_snapshot(k->film), &s, index, &track)) return kf_strdup("(no track)");
    kf_cursor_init(&cursor, kf_film_snapshot(k->film), &track);
    while (kf_cursor_next(&cursor)) {
        bool is_clip = kf_cursor_clip(&cursor, &clip);
        if (cursor.item.kind == KF_ITEM_GAP) continue;
        kf_str_add(&out, out.length ? "; " : "");
        if (is_clip) {
            kit_add_clip(&out, cursor.snapshot, &clip, s.rate);
        } else if (kf_cursor_transition(&cursor, &t)) {
            kf_str_addf(&out, "<%s ", t.params.kind->name);
            kit_add_time(&out, t.start, s.rate);
            kf_str_add(&out, "+");
            kit_add_time(&out, t.duration, s.rate);
            kf_str_add(&out, ">");
        }
    }
    return out.data ? out.data : kf_strdup("");
}

#define CHECK_TRACK(k, sequence, index, wanted) \
    do { \
        char *track_ = kit_track((k), (sequence), (index)); \
        CHECK_STR(track_, wanted); \
        kf_free(track_); \
    } while (0)

static inline bool kit_reported(const kit *k, kf_loss_kind kind, const char *what)
{
    for (size_t i = 0; i < k->report.count; i++) {
        if (k->report.losses[i].kind == kind && strstr(k->report.losses[i].what, what)) return true;
    }
    return false;
}

static inline void kit_print_report(const kf_report *report)
{
    for (size_t i = 0; i < report->count; i++) {
        printf("# %s | %s | %s\n", kf_loss_kind_name(report->losses[i].kind), report->losses[i].where,
               report->losses[i].what);
    }
}

/* The film written in a format and read back; text (new, or NULL on failure) and the export's report are kept. */
typedef struct kit_trip {
    kf_str text;
    kf_report report;
    kf_error err;
    kit back;
} kit_trip;
static inline kit_trip kit_round(const kit *k, const char *format, kf_rational rate)
{
    kit_trip trip = {0};
    kf_export_params params = {-1, "test"};
    if (k->film && kf_interchange_find(format)->export(kf_film_snapshot(k->film), &params, &trip.text, &trip.report,
                                                       &trip.err) == KF_OK) {
        trip.back = kit_import(format, trip.text.data, trip.text.length, "back", rate);
    }
    return trip;
}
static inline void kit_trip_finish(kit_trip *trip)
{
    kit_finish(&trip->back);
    kf_str_finish(&trip->text);
    kf_report_finish(&trip->report);
}

/* Fails each of the first `count` allocations of an export in turn: it succeeds or says so. */
static inline void kit_starve_export(const kit *k, const char *format, uint64_t count)
{
    for (uint64_t n = 1; n <= count && k->film; n++) {
        kf_str out = {0};
        kf_report report = {0};
        kf_error err = {0};
        kf_export_params params = {-1, "test"};
        kf_alloc_fail_from(n);
        kf_status status = kf_interchange_find(format)->export(kf_film_snapshot(k->film), &params, &out, &report, &err);
        kf_alloc_fail_from(0);
        CHECK(status == KF_OK || status == KF_ERR_MEMORY);
        kf_str_finish(&out);
        kf_report_finish(&report);
    }
}

/* Loads a film written in JSON. */
static inline kit kit_film(const char *json)
{
    kit k = {0};
    kf_film_load load = {.name = "film"};
    kf_film_load_json(json, strlen(json), &load, &k.film, &k.err);
    return k;
}

#endif
