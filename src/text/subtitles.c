/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "text/sub.h"

kf_subtitle_style kf_subtitle_style_defaults(void)
{
    return (kf_subtitle_style){
        .size = 54,
        .color = {1, 1, 1, 1},
        .outline_width = 3,
        .outline_color = {0, 0, 0, 1},
        .shadow_color = {0, 0, 0, 0.5f},
        .shadow_offset = {2, 2},
        .box_color = {0, 0, 0, 0.6f},
        .box_padding = {20, 8},
        .box_radius = 10,
        .margin_h = 120,
        .margin_v = 60,
        .place = KF_ANCHOR_BOTTOM,
    };
}

/* ---- Order and intervals ---- */

static int compare_times(const void *a, const void *b)
{
    kf_time x = *(const kf_time *)a, y = *(const kf_time *)b;
    return (x > y) - (x < y);
}

typedef struct sort_entry { kf_time start; int index; } sort_entry;

static int compare_entries(const void *a, const void *b)
{
    const sort_entry *x = a, *y = b;
    if (x->start != y->start) return x->start > y->start ? 1 : -1;
    return (x->index > y->index) - (x->index < y->index);
}

/* Moves items of `size` bytes into the order of `entries`; NULL arrays are left. */
static bool permute(void **items, size_t size, const sort_entry *entries, int count)
{
    if (!*items) return true;
    char *moved = kf_alloc_zero((size_t)count, size);
    if (!moved) return false;
    for (int i = 0; i < count; i++)
        memcpy(moved + (size_t)i * size, (char *)*items + (size_t)entries[i].index * size, size);
    kf_free(*items);
    *items = moved;
    return true;
}

static kf_status sort_events(kf_subtitles *s, kf_error *err)
{
    sort_entry *entries = kf_alloc_zero((size_t)s->count, sizeof *entries);
    if (!entries) return kf_fail_memory(err);
    for (int i = 0; i < s->count; i++) entries[i] = (sort_entry){s->events[i].start, i};
    qsort(entries, (size_t)s->count, sizeof *entries, compare_entries);
    bool ok = permute((void **)&s->events, sizeof *s->events, entries, s->count) &&
        permute((void **)&s->cues, sizeof *s->cues, entries, s->count) &&
        permute((void **)&s->animated, sizeof *s->animated, entries, s->count);
    kf_free(entries);
    return ok ? KF_OK : kf_fail_memory(err);
}

static kf_status find_latest(kf_subtitles *s, kf_error *err)
{
    s->latest = kf_alloc_zero((size_t)s->count, sizeof *s->latest);
    if (!s->latest) return kf_fail_memory(err);
    for (int i = 0; i < s->count; i++) {
        kf_time before = i ? s->latest[i - 1] : s->events[0].end;
        s->latest[i] = s->events[i].end > before ? s->events[i].end : before;
    }
    return KF_OK;
}

int kf_interval_at(const kf_intervals *v, kf_time t)
{
    int low = 0, high = v->count;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (v->times[middle] <= t) low = middle + 1;
        else high = middle;
    }
    return low - 1;
}

/* shown[i] becomes the number of events in interval i. */
static void count_shown(const kf_subtitles *s, int *shown)
{
    const kf_intervals *v = &s->intervals;
    for (int i = 0; i < s->count; i++) {
        shown[kf_interval_at(v, s->events[i].start)]++;
        shown[kf_interval_at(v, s->events[i].end)]--;
    }
    for (int i = 1; i < v->count; i++) shown[i] += shown[i - 1];
}

static void find_segments(kf_intervals *v, const int *shown)
{
    int first = 0;
    for (int i = 0; i < v->count; i++) {
        if (i == 0 || shown[i] == 0 || shown[i - 1] == 0 || i - first == KF_SUB_MAX_STEPS) first = i;
        v->first[i] = first;
        if (shown[i] > 1) v->overlap[first] = true;
    }
}

static kf_status find_intervals(kf_subtitles *s, kf_error *err)
{
    kf_intervals *v = &s->intervals;
    size_t room = 2 * (size_t)s->count;
    int *shown = kf_alloc_zero(room, sizeof *shown);
    v->times = kf_alloc_zero(room, sizeof *v->times);
    v->first = kf_alloc_zero(room, sizeof *v->first);
    v->overlap = kf_alloc_zero(room, sizeof *v->overlap);
    bool ok = shown && v->times && v->first && v->overlap;
    if (ok) {
        for (int i = 0; i < s->count; i++) {
            v->times[2 * i] = s->events[i].start;
            v->times[2 * i + 1] = s->events[i].end;
        }
        qsort(v->times, room, sizeof *v->times, compare_times);
        for (size_t i = 0; i < room; i++) {
            if (i == 0 || v->times[i] != v->times[i - 1]) v->times[v->count++] = v->times[i];
        }
        count_shown(s, shown);
        find_segments(v, shown);
    }
    kf_free(shown);
    return ok ? KF_OK : kf_fail_memory(err);
}

/* All events shown at t are among [result, *end). */
static int find_candidates(const kf_subtitles *s, kf_time t, int *end)
{
    int low = 0, high = s->count;
    while (low < high) { /* how many start at or before t */
        int middle = low + (high - low) / 2;
        if (s->events[middle].start <= t) low = middle + 1;
        else high = middle;
    }
    *end = low;
    while (low > 0 && s->latest[low - 1] > t) low--;
    return low;
}

int kf_subtitles_shown(const kf_subtitles *s, kf_time t, int *indices, int limit)
{
    int end, count = 0;
    for (int i = find_candidates(s, t, &end); i < end && count < limit; i++) {
        if (s->events[i].end > t) indices[count++] = i;
    }
    return count;
}

uint64_t kf_subtitles_change_key(const kf_subtitles *s, kf_time t)
{
    uint64_t key = KF_KEY_START;
    int end, shown = 0;
    bool moving = false;
    for (int i = find_candidates(s, t, &end); i < end; i++) {
        if (s->events[i].end <= t) continue;
        kf_key_int(&key, i);
        moving |= s->animated && s->animated[i];
        shown++;
    }
    if (!shown) return 0;
    /* Colliding events may lie elsewhere in another segment; libass counts in milliseconds. */
    if (shown > 1) kf_key_int(&key, s->intervals.first[kf_interval_at(&s->intervals, t)]);
    if (moving) kf_key_int(&key, kf_muldiv_floor(t, 1000, KF_SECOND));
    return kf_key_end(key);
}

/* ---- Loading ---- */

static const char *skip_bom(const char *bytes, size_t *length)
{
    if (*length < 3 || memcmp(bytes, "\xef\xbb\xbf", 3) != 0) return bytes;
    *length -= 3;
    return bytes + 3;
}

static bool has_line_start(const char *text, const char *word)
{
    size_t n = strlen(word);
    for (const char *p = text; p; p = strchr(p, '\n')) {
        p += *p == '\n';
        if (strncasecmp(p, word, n) == 0) return true;
    }
    return false;
}

static kf_subtitle_kind sniff(const char *text, const char *name)
{
    if (strncmp(text, "WEBVTT", 6) == 0) return KF_SUBTITLES_VTT;
    if (has_line_start(text, "[Script Info]") || has_line_start(text, "[V4+ Styles]") ||
        has_line_start(text, "[Events]"))
        return KF_SUBTITLES_ASS;
    if (strstr(text, "-->")) return KF_SUBTITLES_SRT;
    const char *extension = kf_path_extension(name);
    if (strcasecmp(extension, "ass") == 0 || strcasecmp(extension, "ssa") == 0) return KF_SUBTITLES_ASS;
    return strcasecmp(extension, "vtt") == 0 ? KF_SUBTITLES_VTT : KF_SUBTITLES_SRT;
}

/* UTF-8 text from bytes with any BOM; g_free it. */
static kf_status decode(const char *bytes, size_t length, const char *name, char **out, size_t *out_length,
                        kf_error *err)
{
    bool le = length >= 2 && memcmp(bytes, "\xff\xfe", 2) == 0, be = length >= 2 && memcmp(bytes, "\xfe\xff", 2) == 0;
    if (le || be) {
        gsize n = 0;
        *out = g_convert(bytes + 2, (gssize)length - 2, "UTF-8", le ? "UTF-16LE" : "UTF-16BE", NULL, &n, NULL);
        *out_length = n;
        if (!*out) return kf_fail(err, KF_ERR_PARSE, "%s: not valid UTF-16", name);
    } else {
        const char *text = skip_bom(bytes, &length);
        if (!kf_utf8_valid(text, length)) {
            return kf_fail(err, KF_ERR_PARSE,
                           "%s: the text is not UTF-8; convert it first, e.g. with iconv -f WINDOWS-1252 -t UTF-8",
                           name);
        }
        *out = g_strndup(text, length);
        *out_length = length;
    }
    if (strlen(*out) == *out_length) return KF_OK;
    g_free(*out);
    *out = NULL;
    return kf_fail(err, KF_ERR_PARSE, "%s: not a text file (it contains zero bytes)", name);
}

static kf_status parse_text(kf_subtitles *s, const char *text, size_t length, const char *name, kf_error *err)
{
    if (s->kind != KF_SUBTITLES_ASS) return kf_sub_parse(s, text, name, err);
#ifdef KF_HAVE_LIBASS
    return kf_sub_ass_parse(s, text, length, name, err);
#else
    return kf_fail(err, KF_ERR_UNSUPPORTED,
                   "%s: this build has no libass, so it cannot draw ASS subtitles; convert them to SRT", name);
#endif
}

static kf_status fill(kf_subtitles *s, const char *bytes, size_t length, const char *name, kf_error *err)
{
    char *text = NULL;
    size_t text_length = 0;
    kf_status status = decode(bytes, length, name, &text, &text_length, err);
    if (status) return status;
    if (s->kind == KF_SUBTITLES_AUTO) s->kind = sniff(text, name);
    status = parse_text(s, text, text_length, name, err);
    g_free(text);
    if (status || !s->count) return status;
    status = sort_events(s, err);
    if (!status) status = find_latest(s, err);
    return status ? status : find_intervals(s, err);
}

kf_status kf_subtitles_parse(kf_text_context *context, const char *bytes, size_t length, const char *name,
                             kf_subtitle_kind kind, kf_subtitles **out, kf_error *err)
{
    *out = NULL;
    if ((int)kind < 0 || kind > KF_SUBTITLES_ASS)
        return kf_fail(err, KF_ERR_INVALID, "subtitle kind has the unknown value %d", (int)kind);
    if (length > KF_SUB_MAX_FILE)
        return kf_fail(err, KF_ERR_INVALID, "%s: larger than %d MiB", name, KF_SUB_MAX_FILE >> 20);
    kf_subtitles *s = KF_NEW(kf_subtitles);
    if (!s) return kf_fail_memory(err);
    s->context = context;
    s->kind = kind;
    kf_status status = fill(s, bytes, length, name, err);
    if (status) {
        kf_subtitles_destroy(s);
        return status;
    }
    *out = s;
    return KF_OK;
}

kf_status kf_subtitles_load(kf_text_context *context, const char *path, kf_subtitle_kind kind, kf_subtitles **out,
                            kf_error *err)
{
    *out = NULL;
    char *bytes;
    size_t length;
    kf_status status = kf_file_read(path, KF_SUB_MAX_FILE, &bytes, &length, err);
    if (status) return status;
    status = kf_subtitles_parse(context, bytes, length, path, kind, out, err);
    kf_free(bytes);
    return status;
}

void kf_subtitles_destroy(kf_subtitles *s)
{
    if (!s) return;
#ifdef KF_HAVE_LIBASS
    kf_sub_ass_destroy(s->ass);
#endif
    kf_free(s->events);
    kf_free(s->cues);
    kf_free(s->animated);
    kf_free(s->latest);
    kf_free(s->intervals.times);
    kf_free(s->intervals.first);
    kf_free(s->intervals.overlap);
    kf_arena_finish(&s->arena);
    kf_free(s);
}

/* ---- Reading ---- */

kf_subtitle_kind kf_subtitles_kind(const kf_subtitles *s)
{
    return s->kind;
}

int kf_subtitles_skipped(const kf_subtitles *s, int *line)
{
    if (line) *line = s->skipped_line;
    return s->skipped;
}

int kf_subtitles_count(const kf_subtitles *s)
{
    return s->count;
}

const kf_subtitle_event *kf_subtitles_event_at(const kf_subtitles *s, int index)
{
    return index >= 0 && index < s->count ? &s->events[index] : NULL;
}

/* ---- Drawing ---- */

static kf_status check_style(const kf_subtitle_style *p, kf_error *err)
{
    const struct { const char *what; double value, min, max; } checks[] = {
        {"subtitle size", p->size, 1, 1000},
        {"subtitle outline width", p->outline_width, 0, 100},
        {"subtitle box padding", p->box_padding[0], 0, 1000},
        {"subtitle box padding", p->box_padding[1], 0, 1000},
        {"subtitle box radius", p->box_radius, 0, 1e6},
        {"subtitle margin", p->margin_h, 0, 10000},
        {"subtitle margin", p->margin_v, 0, 10000},
        {"subtitle engine", (int)p->engine, KF_SUBTITLE_ENGINE_AUTO, KF_SUBTITLE_ENGINE_PANGO},
        {"subtitle place", (int)p->place, KF_ANCHOR_TOP, KF_ANCHOR_BOTTOM},
    };
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        kf_status status = kf_text_check_range(checks[i].what, checks[i].value, checks[i].min, checks[i].max, err);
        if (status) return status;
    }
    kf_status status = kf_check_color("subtitle colour", p->color, err);
    if (!status) status = kf_check_color("subtitle outline colour", p->outline_color, err);
    if (!status) status = kf_check_color("subtitle box colour", p->box_color, err);
    return status ? status : kf_check_shadow(p->shadow_color, p->shadow_offset, 0, err);
}

kf_status kf_subtitles_render(kf_subtitles *s, const kf_subtitles_view *view, kf_raster *out, kf_text_report *report,
                              kf_error *err)
{
    *out = (kf_raster){0};
    if (report) *report = (kf_text_report){0};
    kf_subtitle_style defaults = kf_subtitle_style_defaults();
    const kf_subtitle_style *style = view->style ? view->style : &defaults;
    kf_status status = kf_text_check_range("picture width", view->width, 1, KF_TEXT_MAX_SIDE, err);
    if (!status) status = kf_text_check_range("picture height", view->height, 1, KF_TEXT_MAX_SIDE, err);
    if (!status) status = check_style(style, err);
    if (status) return status;
    int any;
    if (!kf_subtitles_shown(s, view->t, &any, 1)) return KF_OK;
#ifdef KF_HAVE_LIBASS
    if (s->kind == KF_SUBTITLES_ASS || style->engine == KF_SUBTITLE_ENGINE_AUTO)
        return kf_sub_ass_render(s, view, style, out, report, err);
#endif
    return kf_sub_pango_render(s, view, style, out, report, err);
}
