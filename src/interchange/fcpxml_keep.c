/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keeping what Kerf has no place for, so that it comes back when the film is written as FCPXML again. */
#include <string.h>

#include "interchange/fcpxml.h"

void fx_keep_begin(fx_kept *kept)
{
    *kept = (fx_kept){{0}, {0}};
    kept->w = (kf_json_writer){.out = &kept->text, .compact = true};
    kf_json_begin_object(&kept->w);
}

void fx_keep_attributes(fx_kept *kept, const kf_xml *element, const char *const *names)
{
    bool any = false;
    for (; *names; names++) {
        const char *value = kf_xml_attr(element, *names);
        if (value && !any) {
            kf_json_key(&kept->w, "attributes");
            kf_json_begin_object(&kept->w);
            any = true;
        }
        if (value) {
            kf_json_put_string(&kept->w, *names, value);
        }
    }
    if (any) {
        kf_json_end_object(&kept->w);
    }
}

void fx_keep_element(kf_json_writer *w, const kf_xml *element)
{
    kf_str text = {0};
    kf_xml_writer xml = {.out = &text};
    kf_xml_put_tree(&xml, element);
    if (text.failed) {
        w->out->failed = true;
    } else {
        text.data[text.length - 1] = '\0'; /* its last newline */
        kf_json_write_string(w, text.data);
    }
    kf_str_finish(&text);
}

void fx_keep_children(fx_kept *kept, const char *key, const kf_xml *element, const char *const *names, bool others)
{
    bool any = false;
    for (const kf_xml *child = element ? element->first : NULL; child; child = child->next) {
        if (fx_is_one_of(child, names) == others) {
            continue;
        }
        if (!any) {
            kf_json_key(&kept->w, key);
            kf_json_begin_array(&kept->w);
            any = true;
        }
        fx_keep_element(&kept->w, child);
    }
    if (any) {
        kf_json_end_array(&kept->w);
    }
}

bool fx_keep_end(fx_kept *kept, kf_json_writer *w)
{
    kf_json_end_object(&kept->w);
    bool fits = kept->text.length < KF_MODEL_MAX_METADATA - 16;
    w->out->failed |= kept->text.failed;
    if (kept->text.length > 2 && fits && !kept->text.failed) {
        kf_json_key(w, "metadata");
        kf_json_begin_object(w);
        kf_json_key(w, "fcpxml");
        kf_json_write_raw(w, kept->text.data);
        kf_json_end_object(w);
    }
    kf_str_finish(&kept->text);
    return fits;
}

/* ---- Clips ---- */

static bool is_read_param(const fx_placed *p, const kf_xml *child)
{
    const char *name = p->source.kind == FX_TITLE ? "Position" : p->source.kind == FX_GENERATOR ? "Color" : NULL;
    return name && kf_xml_is(child, "param") && fx_attr_is(child, "name", name);
}

/* What the reader understands, or reads elsewhere. */
static bool is_read(fx_story *s, const fx_placed *p, const kf_xml *child)
{
    static const char *const read[] = {
        "timeMap", "conform-rate", "adjust-transform", "adjust-blend", "adjust-volume",
        "adjust-conform", "text", "text-style-def", "spine", NULL};
    if (fx_attr_is(child, "enabled", "0") && strncmp(child->name, "adjust-", 7) == 0) {
        return false;
    }
    if (fx_is_story_item(child) || fx_is_one_of(child, read) || fx_is_marker_inside(s, p, child)) {
        return true;
    }
    if (kf_xml_is(child, "adjust-crop")) {
        return fx_attr_is(child, "mode", "trim");
    }
    if (kf_xml_is(child, "adjust-panner")) {
        return child->child_count == 0 && !kf_xml_attr(child, "mode");
    }
    return (kf_xml_is(child, "mc-source") && !child->first) || is_read_param(p, child);
}

/* Several of a kind in a row are one entry of the report. */
static void report_kept(fx_story *s, const fx_placed *p, const kf_xml *child, const kf_xml *last)
{
    const char *name = kf_xml_attr(child, "name");
    if (!last || strcmp(last->name, child->name) != 0 || (name && !kf_xml_is(child, "param"))) {
        fx_lose(s, KF_LOSS_METADATA, p, "<%.60s>%s%.80s is kept as metadata", child->name, name ? " " : "",
                name ? name : "");
    }
}

static void keep_rest(fx_story *s, fx_kept *kept, const fx_placed *p)
{
    bool any = false;
    const kf_xml *last = NULL;
    for (const kf_xml *child = p->element->first; child; child = child->next) {
        if (is_read(s, p, child)) {
            continue;
        }
        if (!any) {
            kf_json_key(&kept->w, "elements");
            kf_json_begin_array(&kept->w);
            any = true;
        }
        fx_keep_element(&kept->w, child);
        report_kept(s, p, child, last);
        last = child;
    }
    if (any) {
        kf_json_end_array(&kept->w);
    }
}

static const kf_xml *leaf_with_role(const kf_xml *element, const char *name)
{
    for (const kf_xml *child = element->first; child; child = child->next) {
        bool found = kf_xml_is(child, name) && kf_xml_attr(child, "role");
        const kf_xml *leaf = found ? child : fx_is_story_item(child) && !kf_xml_is(child, "clip")
                                                 ? leaf_with_role(child, name) : NULL;
        if (leaf) {
            return leaf;
        }
    }
    return NULL;
}

/* "audioRole" of a clip, of the audio in it, or the role of an audio element; and so for video. */
static const char *role_of(const fx_placed *p, const char *name, const char *leaf)
{
    const kf_xml *clip = p->element;
    const char *role = kf_xml_attr(clip, name);
    if (!role && kf_xml_is(clip, "clip")) {
        role = kf_xml_attr(leaf_with_role(clip, leaf), "role");
    }
    return role || p->source.kind != FX_ASSET || !kf_xml_is(clip, leaf) ? role : kf_xml_attr(clip, "role");
}

/* Roles of a clip, and of what it is made of. */
static void keep_attributes(fx_story *s, fx_kept *kept, const fx_placed *p)
{
    static const char *const names[] = {"audioRole", "videoRole", "role", "srcID", "srcCh", "outCh",
                                        "useAudioSubroles"};
    const kf_xml *e = p->element;
    bool any = false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = i < 2                                       ? role_of(p, names[i], i ? "video" : "audio")
                            : i == 2 && p->source.kind <= FX_SEQUENCE ? NULL : kf_xml_attr(e, names[i]);
        if (value && !any) {
            kf_json_key(&kept->w, "attributes");
            kf_json_begin_object(&kept->w);
            any = true;
        }
        if (value) {
            kf_json_put_string(&kept->w, names[i], value);
        }
        if (value && i < 3) {
            fx_lose(s, KF_LOSS_METADATA, p, "its role \"%.80s\" is kept as metadata", value);
        }
    }
    if (any) {
        kf_json_end_object(&kept->w);
    }
}

/* The template of a title or generator, if it is not what Kerf writes for all of them. */
static void keep_effect(fx_story *s, fx_kept *kept, const fx_placed *p)
{
    const kf_xml *effect = p->source.element ? fx_resource(s->r, p->source.element, "ref", "effect") : NULL;
    const char *plain = p->source.kind == FX_TITLE ? "Basic Title" : "Custom";
    if (effect && !fx_attr_is(effect, "name", plain)) {
        ix_put_text(&kept->w, "effect", kf_xml_attr(effect, "id"));
    }
}

static void keep_audition(fx_story *s, fx_kept *kept, const fx_placed *p)
{
    if (!p->audition) {
        return;
    }
    fx_lose(s, KF_LOSS_METADATA, p, "it is the chosen one of an audition of %u; the others are kept as metadata",
            p->audition->child_count);
    kf_json_key(&kept->w, "audition");
    kf_json_begin_array(&kept->w);
    for (const kf_xml *child = p->audition->first; child; child = child->next) {
        if (child != p->element) {
            fx_keep_element(&kept->w, child);
        }
    }
    kf_json_end_array(&kept->w);
}

void fx_keep_clip(fx_story *s, const fx_placed *p)
{
    fx_kept kept;
    fx_keep_begin(&kept);
    keep_effect(s, &kept, p);
    keep_attributes(s, &kept, p);
    keep_rest(s, &kept, p);
    keep_audition(s, &kept, p);
    if (!fx_keep_end(&kept, &s->w)) {
        fx_lose(s, KF_LOSS_DROPPED, p, "what would be kept as metadata is larger than 1 MiB");
    }
}
