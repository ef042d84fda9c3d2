/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cues.h"

#include <string.h>

#include "kerf/catalog.h"
#include "markup.h"
#include "text.h"

#define LENGTH (3 * KF_SECOND)
#define SAFE 0.05             /* of the picture, at each side: what is left is safe for titles */
#define ID "%" G_GUINT64_FORMAT

G_DEFINE_FINAL_TYPE(KerfCue, kerf_cue, G_TYPE_OBJECT)

static void finalize(GObject *object)
{
    g_free(KERF_CUE(object)->text);
    G_OBJECT_CLASS(kerf_cue_parent_class)->finalize(object);
}

static void kerf_cue_class_init(KerfCueClass *class) { G_OBJECT_CLASS(class)->finalize = finalize; }
static void kerf_cue_init(KerfCue *cue) {}

/* ---- Reading ---- */

static gboolean is_title(const kf_timeline_item *item)
{
    return item->kind == KF_TIMELINE_CLIP && item->source == KF_TIMELINE_GENERATOR && strcmp(item->generator, "title") == 0;
}

gboolean kerf_cue_find(KerfDocument *document, uint64_t id, kf_timeline_item *out)
{
    return kerf_document_find(document, id, out) && is_title(out);
}

const char *kerf_cue_text(KerfDocument *document, const kf_timeline_item *title, gboolean *markup)
{
    const kf_param_place place = {.item = title, .group = KF_PARAMS_GENERATOR};
    kf_param_now text, marked;
    *markup = kf_film_param(kerf_document_film(document), &place, "markup", 0, &marked) && marked.number[0] > 0;
    return kf_film_param(kerf_document_film(document), &place, "text", 0, &text) ? text.text : "";
}

typedef struct Reading {
    KerfDocument *document;
    GPtrArray *cues;
} Reading;

static bool add_cue(void *context, const kf_timeline_item *item)
{
    Reading *r = context;
    gboolean markup;
    if (!is_title(item)) return true;
    const char *text = kerf_cue_text(r->document, item, &markup);
    KerfCue *cue = g_object_new(KERF_TYPE_CUE, NULL);
    cue->id = item->id;
    cue->start = item->start;
    cue->end = item->start + item->duration;
    cue->text = g_strdelimit(kerf_markup_plain(text, markup), "\n", ' ');
    g_ptr_array_add(r->cues, cue);
    return true;
}

static int earlier(gconstpointer a, gconstpointer b)
{
    const KerfCue *x = *(KerfCue *const *)a, *y = *(KerfCue *const *)b;
    return x->start != y->start ? (x->start < y->start ? -1 : 1) : x->id < y->id ? -1 : x->id > y->id;
}

GPtrArray *kerf_cues_read(KerfDocument *document)
{
    Reading r = {document, g_ptr_array_new_with_free_func(g_object_unref)};
    kf_track_info track;
    for (int32_t i = 0; kf_film_track(kerf_document_film(document), kerf_document_sequence(document), i, &track); i++) {
        const kf_timeline_range all = {.sequence = kerf_document_sequence(document), .track = i, .to = INT64_MAX};
        if (!track.audio) kf_timeline_each(kerf_document_film(document), &all, add_cue, &r);
    }
    g_ptr_array_sort(r.cues, earlier);
    return r.cues;
}

/* ---- Operations ---- */

char *kerf_cue_text_operation(uint64_t id, const char *text, gboolean markup)
{
    g_autofree char *quoted = kerf_json_quote(text);
    return kerf_json_operation("set_clip", "\"clips\": [" ID "], \"set\": {\"params\": {\"text\": %s, \"markup\": %s}}", id,
                               quoted, markup ? "true" : "false");
}

static void append(GString *out, char *operation)
{
    g_string_append(out, operation);
    g_free(operation);
}

static void set_params(KerfDocument *document, const kf_timeline_item *title, const char *params, const char *label)
{
    kerf_document_edit(document, label,
                       kerf_json_operation("set_clip", "\"clips\": [" ID "], \"set\": {\"params\": %s}", title->id, params));
}

static void focus(KerfDocument *document, uint64_t id)
{
    kerf_document_select(document, &id, 1);
}

/* ---- Looks ---- */

const char *const kerf_cue_styles[] = {"Title", "Lower Third", "Caption", "Caption in a Box", NULL};

/* Of a picture of a height; sizes count from 1080 lines. New. */
static char *style_json(const kf_sequence_info *info, int style)
{
    const double k = MAX(info->height, 16) / 1080.0, w = info->width, h = info->height;
    switch (style) {
    case 0:
        return g_strdup_printf("{\"size\": %d, \"weight\": 700, \"position\": [\"center\", \"center\"], \"anchor_h\": \"center\", "
                               "\"anchor_v\": \"middle\", \"align\": \"center\", \"box\": \"none\"}", (int)(110 * k));
    case 1:
        return g_strdup_printf("{\"size\": %d, \"weight\": 600, \"position\": [%d, %d], \"anchor_h\": \"left\", "
                               "\"anchor_v\": \"bottom\", \"align\": \"left\", \"box\": \"whole\"}",
                               (int)(56 * k), (int)(w * SAFE), (int)(h * (1 - 2 * SAFE)));
    default:
        return g_strdup_printf("{\"size\": %d, \"weight\": 0, \"outline_width\": %d, \"position\": [\"center\", %d], "
                               "\"anchor_h\": \"center\", \"anchor_v\": \"bottom\", \"align\": \"center\", \"box\": \"%s\"}",
                               (int)(54 * k), style == 2 ? MAX((int)(4 * k), 1) : 0, (int)(h * (1 - SAFE)),
                               style == 2 ? "none" : "lines");
    }
}

void kerf_cue_set_style(KerfDocument *document, const kf_timeline_item *title, int style)
{
    g_autofree char *params = style_json(kerf_document_sequence_info(document), style);
    g_autofree char *label = g_strdup_printf("Style: %s", kerf_cue_styles[style]);
    set_params(document, title, params, label);
}

void kerf_cue_place(KerfDocument *document, const kf_timeline_item *title, int across, int down)
{
    static const char *const h[] = {"left", "center", "right"}, *const v[] = {"top", "middle", "bottom"};
    const kf_sequence_info *info = kerf_document_sequence_info(document);
    const double parts[] = {SAFE, 0.5, 1 - SAFE};
    g_autofree char *params = g_strdup_printf(
        "{\"position\": [%d, %d], \"anchor_h\": \"%s\", \"anchor_v\": \"%s\", \"align\": \"%s\"}",
        (int)(info->width * parts[across]), (int)(info->height * parts[down]), h[across], v[down], h[across]);
    set_params(document, title, params, "Place Title");
}

/* The parameters of a title but for its text, as it has them. New. */
static char *params_of(KerfDocument *document, const kf_timeline_item *title)
{
    const kf_param_place place = {.item = title, .group = KF_PARAMS_GENERATOR};
    GString *out = g_string_new("{");
    kf_catalog_kind kind;
    kf_catalog_param param;
    const gboolean known = kf_catalog_find(KF_CATALOG_GENERATOR, "title", &kind);
    for (int32_t i = 0; known && kf_catalog_param_at(&kind, i, &param); i++) {
        if (strcmp(param.name, "text") == 0 || strcmp(param.name, "markup") == 0) continue;
        char *json = kf_film_param_json(kerf_document_film(document), &place, param.name);
        if (json) g_string_append_printf(out, "%s\"%s\": %s", out->len > 1 ? ", " : "", param.name, json);
        kf_string_free(json);
    }
    g_string_append_c(out, '}');
    return g_string_free(out, FALSE);
}

/* ---- Adding ---- */

static gboolean is_captions(const kf_track_info *track)
{
    return !track->audio && g_ascii_strcasecmp(track->name, "captions") == 0;
}

/* Index of the track that a new title goes to; -1: there is none yet. */
static int32_t track_for(KerfDocument *document, const kf_timeline_item *like)
{
    kf_track_info track;
    if (like) return like->track;
    for (int32_t i = 0; kf_film_track(kerf_document_film(document), kerf_document_sequence(document), i, &track); i++) {
        if (is_captions(&track)) return i;
    }
    return -1;
}

static char *clip_json(const char *params, kf_time length)
{
    const gboolean more = strlen(params) > 2;
    return g_strdup_printf("{\"generator\": \"title\", \"duration\": %s, \"params\": {\"text\": \"Caption\"%s%s}",
                           kerf_json_time(length).text, more ? ", " : "", params + 1);
}

static gboolean add_on_new_track(KerfDocument *document, const char *params, kf_time at)
{
    g_autofree char *clip = clip_json(params, LENGTH);
    g_autofree char *sequence = kerf_json_quote(kerf_document_sequence_info(document)->id);
    g_autofree char *gap = at > 0 ? g_strdup_printf("{\"gap\": %s}, ", kerf_json_time(at).text) : g_strdup("");
    return kerf_document_edit(document, "Add Title",
                              kerf_json_operation("add_track",
                                                  "\"sequence\": %s, \"set\": {\"name\": \"Captions\", \"clips\": [%s%s]}",
                                                  sequence, gap, clip));
}

static gboolean add_on_track(KerfDocument *document, int32_t index, const char *params, kf_time at)
{
    const kf_film_handle *film = kerf_document_film(document);
    const int32_t sequence = kerf_document_sequence(document);
    kf_timeline_item there;
    kf_track_info track;
    const gboolean some = kf_timeline_at(film, sequence, index, at, &there);
    if (some && there.kind == KF_TIMELINE_CLIP) {
        kerf_document_say(document, TRUE, "There is a title at the playhead already: go on to where it ends, or split it");
        return FALSE;
    }
    g_autofree char *clip = clip_json(params, some ? MIN(LENGTH, there.start + there.duration - at) : LENGTH);
    g_autofree char *name = kerf_json_quote(kerf_document_sequence_info(document)->id);
    kf_film_track(film, sequence, index, &track);
    return kerf_document_edit(document, "Add Title",
                              kerf_json_operation("overwrite",
                                                  "\"sequence\": %s, \"track\": \"#" ID "\", \"at\": %s, \"clip\": %s",
                                                  name, track.uid, kerf_json_time(at).text, clip));
}

/* What was made is what is edited next. */
static void focus_at(KerfDocument *document, kf_time at)
{
    const kf_film_handle *film = kerf_document_film(document);
    kf_timeline_item title;
    for (int32_t i = 0; i < kerf_document_sequence_info(document)->tracks; i++) {
        const bool there = kf_timeline_at(film, kerf_document_sequence(document), i, at, &title);
        if (!there || !is_title(&title) || title.start != at) continue;
        focus(document, title.id);
        return;
    }
}

void kerf_cue_add(KerfDocument *document)
{
    const kf_time at = kerf_document_playhead(document);
    kf_timeline_item like;
    const gboolean has = kerf_cue_find(document, kerf_document_focus(document), &like);
    const int32_t track = track_for(document, has ? &like : NULL);
    g_autofree char *params = has ? params_of(document, &like) : style_json(kerf_document_sequence_info(document), 2);
    if (track < 0 ? add_on_new_track(document, params, at) : add_on_track(document, track, params, at)) focus_at(document, at);
}

/* ---- In two, and together ---- */

/* Where a text is parted: at the line or the word that is nearest to a part of it. */
static gsize parting(const char *text, double part)
{
    const gsize length = strlen(text), wanted = (gsize)((double)length * part);
    const char *const signs[] = {"\n", " "};
    gsize best = length;
    for (int i = 0; i < 2 && best == length; i++) {
        gsize nearest = length + 1;
        for (const char *p = strchr(text, *signs[i]); p; p = strchr(p + 1, *signs[i])) {
            const gsize at = (gsize)(p - text), away = at > wanted ? at - wanted : wanted - at;
            if (away >= nearest) continue;
            nearest = away;
            best = at;
        }
    }
    return best;
}

/* The right half's number is known once it is there: so it is cut, and then cut again with both texts. */
void kerf_cue_split(KerfDocument *document, const kf_timeline_item *title)
{
    const kf_time at = kerf_document_playhead(document), into = at - title->start;
    kf_track_info track;
    gboolean markup;
    size_t count;
    if (into <= 0 || into >= title->duration) {
        kerf_document_say(document, TRUE, "Move the playhead to where the title is to be split");
        return;
    }
    kf_film_track(kerf_document_film(document), title->sequence, title->track, &track);
    g_autofree char *text = g_strdup(kerf_cue_text(document, title, &markup));
    g_autofree char *name = kerf_json_quote(kerf_document_sequence_info(document)->id);
    const gsize parted = markup ? strlen(text) : parting(text, (double)into / (double)title->duration);
    g_autofree char *left = g_strndup(text, parted), *right = g_strdup(text[parted] ? text + parted + 1 : text);
    g_autofree char *cut = kerf_json_operation("razor", "\"sequence\": %s, \"at\": %s, \"tracks\": \"#" ID "\"", name,
                                               kerf_json_time(at).text, track.uid);
    const uint64_t id = title->id;
    if (!kerf_document_gesture_begin(document)) return;
    const gboolean done = kerf_document_gesture_update(document, g_strdup(cut), NULL);
    const uint64_t *made = kerf_document_created(document, &count);
    GString *all = g_string_new(cut);
    append(all, kerf_cue_text_operation(id, left, markup));
    if (done && count > 0) append(all, kerf_cue_text_operation(made[0], right, markup));
    kerf_document_gesture_update(document, g_string_free(all, FALSE), NULL);
    kerf_document_gesture_commit(document, "Split Title");
}

static gboolean next_title(KerfDocument *document, const kf_timeline_item *title, kf_timeline_item *out)
{
    for (int64_t i = title->index + 1;; i++) {
        if (!kf_timeline_item_at(kerf_document_film(document), title->sequence, title->track, i, out)) return FALSE;
        if (out->kind == KF_TIMELINE_CLIP) return is_title(out);
    }
}

void kerf_cue_merge(KerfDocument *document, const kf_timeline_item *title)
{
    kf_timeline_item next;
    gboolean marked[2];
    if (!next_title(document, title, &next)) {
        kerf_document_say(document, TRUE, "No title follows on this track");
        return;
    }
    const char *one = kerf_cue_text(document, title, &marked[0]), *two = kerf_cue_text(document, &next, &marked[1]);
    const gboolean markup = marked[0] || marked[1];
    g_autofree char *first = markup && !marked[0] ? g_markup_escape_text(one, -1) : g_strdup(one);
    g_autofree char *second = markup && !marked[1] ? g_markup_escape_text(two, -1) : g_strdup(two);
    g_autofree char *both = g_strjoin("\n", first, second, NULL);
    GString *all = g_string_new(NULL);
    append(all, kerf_json_operation("delete", "\"clips\": [" ID "], \"linked\": false", next.id));
    append(all, kerf_json_operation("trim", "\"clip\": " ID ", \"to\": %s, \"linked\": false", title->id,
                                    kerf_json_time(next.start + next.duration).text));
    append(all, kerf_cue_text_operation(title->id, both, markup));
    kerf_document_edit(document, "Merge Titles", g_string_free(all, FALSE));
}

void kerf_cue_remove(KerfDocument *document, const kf_timeline_item *title)
{
    kerf_document_edit(document, "Delete Title",
                       kerf_json_operation("delete", "\"clips\": [" ID "], \"linked\": false", title->id));
}

void kerf_cue_set_time(KerfDocument *document, const kf_timeline_item *title, gboolean end, kf_time to)
{
    kerf_document_edit(document, NULL,
                       kerf_json_operation("trim", "\"clip\": " ID ", \"edge\": \"%s\", \"to\": %s, \"linked\": false", title->id,
                                           end ? "tail" : "head", kerf_json_time(to).text));
}
