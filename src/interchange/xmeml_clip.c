/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Clip items of xmeml: what they show, when, and with which other clips they are linked. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/api/alloc.h"
#include "interchange/xmeml.h"

enum { MOST_KEPT = 100 << 10 }; /* bytes of XML kept as metadata of a clip */

const char *xm_where(const xm_scope *s, const xm_clip *clip, ix_place place)
{
    kf_sequence_view view = {.id = s->name, .name = s->name, .rate = s->rate};
    const char *name = kf_xml_text(clip->node, "name");
    if (!name || !*name) {
        name = kf_xml_text(kf_xml_child(clip->node, "effect"), "name");
    }
    return ix_where(place, &view, s->track, clip->start, name);
}

/* ---- Reading ---- */

static kf_status check_frames(xm_scope *s, const kf_xml *node, const char *const *names)
{
    for (; *names; names++) {
        int64_t frames = xm_int(node, *names, 0);
        if (frames > INT64_C(1000) * 3600 * 1000 || frames < -INT64_C(1000) * 3600 * 1000) {
            return kf_xml_fail(node, s->im->params->name, s->im->err, "%s %lld lies past 1000 hours", *names,
                               (long long)frames);
        }
    }
    return KF_OK;
}

kf_status xm_read_clip(xm_scope *s, const kf_xml *node, bool audio, xm_clip *out)
{
    static const char *const times[] = {"start", "end", "in", "out", "duration", NULL};
    int64_t start = xm_int(node, "start", -1), end = xm_int(node, "end", -1);
    int64_t in = xm_int(node, "in", -1), last = xm_int(node, "out", -1);
    *out = (xm_clip){.node = node, .audio = audio, .rate = xm_rate(node, s->rate)};
    out->start = start < 0 ? -1 : xm_time(start, s->rate);
    out->end = end < 0 ? -1 : xm_time(end, s->rate);
    out->in = in < 0 ? 0 : xm_time(in, out->rate);
    out->out = last < 0 ? out->in + (out->end > out->start && out->start >= 0 ? out->end - out->start : 0)
                        : xm_time(last, out->rate);
    return check_frames(s, node, times);
}

bool xm_is_twin(xm_scope *s, const xm_clip *clip)
{
    ix_place place;
    kf_str key = {0};
    const kf_xml *file = kf_xml_child(clip->node, "file"), *nested = kf_xml_child(clip->node, "sequence");
    const char *id = kf_xml_attr(file ? file : nested, "id");
    int64_t channel = xm_int(kf_xml_child(clip->node, "sourcetrack"), "trackindex", 1);
    kf_str_addf(&key, "%s %lld %lld %lld %lld", id ? id : "", (long long)clip->start, (long long)clip->end,
                (long long)clip->in, (long long)clip->out);
    ix_entry *known = key.data && id ? ix_table_add(&s->twins, key.data) : NULL;
    kf_str_finish(&key);
    bool twin = known && known->number && known->number != s->track_number;
    if (known && !known->number) {
        known->number = s->track_number;
    }
    if (!twin && channel > 1) {
        kf_report_add(s->im->report, KF_LOSS_CHANGED, xm_where(s, clip, place),
                      "It plays channel %lld of its file alone; in a film it plays all of them.", (long long)channel);
    }
    return twin;
}

/* ---- What it shows ---- */

/* A picture of one colour that needs no file. */
static bool is_slug(const kf_xml *file)
{
    const char *source = kf_xml_text(file, "mediaSource"), *name = kf_xml_text(file, "name");
    return source && strcmp(source, "Slug") == 0 && (!name || strstr(name, "Black") || strcmp(name, "Slug") == 0);
}

static void put_solid(kf_json_writer *w, const char *color)
{
    kf_json_put_string(w, "generator", "solid");
    kf_json_key(w, "params");
    kf_json_begin_object(w);
    kf_json_put_string(w, "color", color);
    kf_json_end_object(w);
}

static void put_source_times(xm_scope *s, const xm_clip *clip)
{
    ix_place place;
    kf_json_writer *w = &s->seq.w;
    kf_rational none = {0};
    if (clip->frozen) {
        ix_put_time(w, "freeze", clip->low, none);
    } else if (clip->graph) {
        xm_write_remap(s, clip);
    } else {
        if (clip->low) {
            ix_put_time(w, "in", clip->low, s->rate);
        }
        if (clip->speed.num != clip->speed.den) {
            ix_put_ratio(w, "speed", clip->speed);
        }
        if (clip->reverse) {
            kf_json_put_bool(w, "reverse", true);
        }
    }
    if (clip->graph && clip->audio) {
        kf_report_add(s->im->report, KF_LOSS_NOTE, xm_where(s, clip, place), "Its sound follows a varying speed.");
    }
}

static kf_status put_sequence(xm_scope *s, const xm_clip *clip, const kf_xml *nested)
{
    ix_place place;
    const char *id;
    int angle = 0;
    bool multi = kf_xml_is(nested, "multiclip");
    kf_status status = multi ? xm_multiclip(s->im, nested, &id, &angle) : xm_sequence(s->im, nested, &id);
    if (status == KF_OK && id) {
        kf_json_put_string(&s->seq.w, "sequence", id);
        if (angle > 0) {
            kf_json_put_int(&s->seq.w, "angle", angle);
        }
        put_source_times(s, clip);
    } else if (status == KF_OK) {
        kf_report_add(s->im->report, KF_LOSS_DROPPED, xm_where(s, clip, place),
                      "Sequences are nested in a circle, or deeper than %d levels: it became black.", XM_MAX_DEPTH + 1);
        put_solid(&s->seq.w, "#000000");
    }
    return status;
}

static kf_status put_source(xm_scope *s, const xm_clip *clip, const kf_xml *file)
{
    ix_place place;
    const kf_xml *nested = kf_xml_child(clip->node, "sequence"), *multi = kf_xml_child(clip->node, "multiclip");
    if (nested || multi) {
        return put_sequence(s, clip, nested ? nested : multi);
    }
    if (kf_xml_is(clip->node, "generatoritem") || (!file && kf_xml_child(clip->node, "effect"))) {
        if (clip->audio || !xm_write_generator(s, clip)) {
            put_solid(&s->seq.w, "#00000000");
        }
        return KF_OK;
    }
    if (is_slug(file) && !clip->audio) {
        put_solid(&s->seq.w, "#000000");
        return KF_OK;
    }
    if (!file) {
        kf_report_add(s->im->report, KF_LOSS_NOTE, xm_where(s, clip, place), "It names no file: it is offline.");
    }
    static const kf_xml nothing = {.name = "file", .text = ""};
    kf_json_put_string(&s->seq.w, "asset",
                       xm_asset(s->im, file ? file : &nothing, kf_xml_text(clip->node, "name")));
    put_source_times(s, clip);
    return KF_OK;
}

/* ---- Links ---- */

/* The group of a clip: the first number that one of those it is linked with has. */
static int64_t link_of(xm_scope *s, const kf_xml *node)
{
    int64_t number = 0;
    const char *own = kf_xml_attr(node, "id");
    int members = 0;
    for (const kf_xml *l = kf_xml_child(node, "link"); l && members < 100; l = kf_xml_again(l), members++) {
        const char *ref = kf_xml_text(l, "linkclipref");
        const ix_entry *known = ref ? ix_table_find(&s->links, ref) : NULL;
        number = known && !number ? known->number : number;
    }
    if (members < 2) {
        const ix_entry *known = own ? ix_table_find(&s->links, own) : NULL;
        return known ? known->number : 0;
    }
    number = number ? number : ++s->link_count;
    members = 0;
    for (const kf_xml *l = kf_xml_child(node, "link"); l && members < 100; l = kf_xml_again(l), members++) {
        const char *ref = kf_xml_text(l, "linkclipref");
        ix_entry *entry = ref ? ix_table_add(&s->links, ref) : NULL;
        if (entry && !entry->number) {
            entry->number = number;
        }
    }
    return number;
}

/* ---- What is kept ---- */

static bool is_read(const kf_xml *child)
{
    static const char *const names[] = {
        "name",        "enabled",      "duration",    "rate",         "start",
        "end",         "in",           "out",         "file",         "sequence",
        "link",        "labels",       "marker",      "filter",       "compositemode",
        "sourcetrack", "effect",       "pproTicksIn", "pproTicksOut", "multiclip",
        "mediatype",   "masterclipid", "alphatype",   "anamorphic",   "pixelaspectratio",
        "stillframe",  "subclipinfo",  NULL};
    for (int i = 0; names[i]; i++) {
        if (strcmp(child->name, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_bare(const kf_xml *element)
{
    for (const kf_xml *c = element->first; c; c = c->next) {
        if (*c->text || c->first) {
            return false;
        }
    }
    return !*element->text;
}

static size_t keep_tree(kf_json_writer *w, const kf_xml *element)
{
    kf_str text = {0};
    kf_xml_writer x = {.out = &text};
    kf_xml_put_tree(&x, element);
    size_t length = text.length;
    if (text.data && length < MOST_KEPT) {
        text.data[length - 1] = '\0'; /* the end of its line */
        kf_json_write_string(w, text.data);
    }
    kf_str_finish(&text);
    return length;
}

/* Filters that became something of the film are not kept. */
static bool is_kept(const kf_xml *child)
{
    return kf_xml_is(child, "filter") ? !xm_filter_is_read(child) : !is_read(child) && !is_bare(child);
}

static void put_metadata(xm_scope *s, const xm_clip *clip)
{
    ix_place place;
    kf_json_writer *w = &s->seq.w;
    size_t kept = 0;
    bool begun = false;
    xm_where(s, clip, place);
    for (const kf_xml *c = clip->node->first; c; c = c->next) {
        if (!is_kept(c)) {
            continue;
        }
        if (!begun) {
            kf_json_key(w, "metadata");
            kf_json_begin_object(w);
            kf_json_key(w, "xmeml");
            kf_json_begin_array(w);
            begun = true;
        }
        const char *effect = kf_xml_text(kf_xml_child(c, "effect"), "name");
        bool fits = kept < MOST_KEPT && (kept += keep_tree(w, c)) < MOST_KEPT;
        if (kf_xml_is(c, "filter") || !fits) {
            kf_report_add(s->im->report, fits ? KF_LOSS_METADATA : KF_LOSS_DROPPED, place,
                          "The filter %.100s is not one of Kerf's.", effect ? effect : c->name);
        }
    }
    if (begun) {
        kf_json_end_array(w);
        kf_json_end_object(w);
    }
}

/* ---- Writing ---- */

kf_status xm_write_clip(xm_scope *s, const xm_clip *given)
{
    xm_clip clip = *given;
    kf_json_writer *w = &s->seq.w;
    const kf_xml *file = xm_resolve(s->im, kf_xml_child(clip.node, "file"));
    const char *name = kf_xml_text(clip.node, "name"),
               *label = kf_xml_text(kf_xml_child(clip.node, "labels"), "label2");
    xm_read_speed(s, &clip);
    kf_json_begin_object(w);
    kf_status status = put_source(s, &clip, file);
    ix_put_time(w, "duration", clip.end - clip.start, s->rate);
    ix_put_text(w, "name", name);
    ix_put_text(w, "label", label);
    if (!xm_true(clip.node, "enabled", true)) {
        kf_json_put_bool(w, "enabled", false);
    }
    if (!clip.audio) {
        kf_json_put_bool(w, "audio", false);
    }
    int64_t link = link_of(s, clip.node);
    if (link) {
        kf_json_put_int(w, "link", link);
    }
    xm_write_filters(s, &clip, file);
    xm_write_markers(w, clip.node, clip.rate, clip.in + clip.head, clip.in + clip.head + clip.end - clip.start);
    put_metadata(s, &clip);
    kf_json_end_object(w);
    return status;
}
