/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an element shows: an asset, a sequence, a title or a generator, and which local time its source time 0 is. */
#include <string.h>

#include "interchange/fcpxml.h"

/* Reports that fx_resolve makes need a place, which is not known yet: the element's offset will do. */
static void lose(fx_story *s, const kf_xml *element, kf_loss_kind kind, const char *what)
{
    fx_placed p = {.element = element};
    p.place.start = KF_TIME_NONE;
    fx_lose(s, kind, &p, "%s", what);
}

static void enable(const kf_xml *element, fx_source *out)
{
    const char *enabled = kf_xml_attr(element, "srcEnable");
    if (enabled && strcmp(enabled, "video") == 0) {
        out->audio = false;
    } else if (enabled && strcmp(enabled, "audio") == 0) {
        out->video = false;
    }
}

static void resolve_asset(fx_story *s, const kf_xml *asset, fx_source *out)
{
    bool video = fx_attr_is(asset, "hasVideo", "1"), audio = fx_attr_is(asset, "hasAudio", "1");
    out->kind = FX_ASSET;
    out->resource = asset;
    out->id = fx_asset(s->r, asset);
    out->start = out->origin = fx_time_attr(s->r, asset, "start", 0);
    out->video = video || !audio;
    out->audio = audio || !video;
    out->still = video && !audio && fx_time_attr(s->r, asset, "duration", 1) == 0;
}

static void resolve_reference(fx_story *s, const kf_xml *element, fx_source *out)
{
    const kf_xml *asset = fx_resource(s->r, element, "ref", "asset");
    if (asset) {
        resolve_asset(s, asset, out);
        out->video &= !kf_xml_is(element, "audio");
        out->audio &= !kf_xml_is(element, "video");
        enable(element, out);
    } else if (fx_resource(s->r, element, "ref", "effect")) {
        *out = (fx_source){.kind = FX_GENERATOR, .element = element, .video = true};
    } else {
        lose(s, element, KF_LOSS_DROPPED, "it refers to an asset that the file does not hold");
    }
}

/* ---- Compound and multicam clips ---- */

static int32_t angle_number(const kf_xml *multicam, const char *id)
{
    int32_t n = 1;
    const kf_xml *angle = kf_xml_child(multicam, "mc-angle");
    for (; angle; angle = kf_xml_again(angle), n++) {
        if (id && fx_attr_is(angle, "angleID", id)) {
            return n;
        }
    }
    return 0;
}

static void resolve_angles(fx_story *s, const kf_xml *element, const kf_xml *multicam, fx_source *out)
{
    const kf_xml *source = kf_xml_child(element, "mc-source");
    bool given = source != NULL;
    for (; source; source = kf_xml_again(source)) {
        const char *enabled = kf_xml_attr(source, "srcEnable");
        int32_t n = angle_number(multicam, kf_xml_attr(source, "angleID"));
        bool all = !enabled || strcmp(enabled, "all") == 0;
        if (n && (all || strcmp(enabled, "video") == 0)) {
            out->angle = n;
        }
        if (n && (all || strcmp(enabled, "audio") == 0)) {
            if (out->audio_angle) {
                lose(s, element, KF_LOSS_CHANGED, "only one of the angles that are heard is kept");
            }
            out->audio_angle = n;
        }
    }
    out->angle = given || !multicam->first ? out->angle : 1;
    out->audio_angle = given || !multicam->first ? out->audio_angle : 1;
    out->audio &= out->audio_angle > 0;
    out->video &= out->angle > 0;
}

static void resolve_media(fx_story *s, const kf_xml *element, fx_source *out)
{
    const kf_xml *media = fx_resource(s->r, element, "ref", "media");
    const kf_xml *multicam = kf_xml_child(media, "multicam");
    const kf_xml *timed = multicam ? multicam : kf_xml_child(media, "sequence");
    const char *id = media ? fx_media(s->r, media) : NULL;
    if (!id) {
        lose(s, element, KF_LOSS_DROPPED, "it refers to a compound clip that the file does not hold");
        return;
    }
    out->kind = FX_SEQUENCE;
    out->id = id;
    out->video = out->audio = true;
    out->start = out->origin = fx_time_attr(s->r, timed, "tcStart", 0);
    enable(element, out);
    if (multicam && kf_xml_is(element, "mc-clip")) {
        resolve_angles(s, element, multicam, out);
    }
}

/* ---- Clips with content of their own ---- */

/* What is found inside of a clip. Times are local times of the clip. */
typedef struct leaves {
    const kf_xml *asset, *generator;
    kf_time origin;              /* of source time 0 */
    kf_time begin, end;          /* of the longest one */
    bool video, audio;
    bool many;                   /* more than one picture and sound of one asset */
    bool channels;               /* some of several channels are chosen */
} leaves;

static bool is_plain(const kf_xml *e)
{
    return !kf_xml_child(e, "timeMap") && !kf_xml_child(e, "conform-rate") && !fx_attr_is(e, "enabled", "0") &&
           (kf_xml_is(e, "video") || kf_xml_is(e, "audio") || kf_xml_is(e, "gap"));
}

/* A leaf of the same asset may lie off by less than a frame: sound begins at samples. */
static void add_leaf(fx_story *s, leaves *l, const kf_xml *e, const kf_xml *asset, kf_time shift)
{
    bool video = kf_xml_is(e, "video");
    kf_time start = fx_time_attr(s->r, asset, "start", 0), local = fx_time_attr(s->r, e, "start", start);
    kf_time origin = start + shift, frame = kf_frame_start(1, s->view.rate), begin = local + shift;
    kf_time end = begin + fx_time_attr(s->r, e, "duration", 0), off = origin - l->origin;
    bool first = !l->asset;
    l->many |= (!first && (l->asset != asset || off >= frame || -off >= frame)) || (video && l->video) || l->generator;
    l->asset = asset;
    if (first || video) {
        l->origin = origin;
        l->begin = begin;
        l->end = end;
    }
    l->video |= video;
    l->audio |= !video;
    l->channels |= !video && kf_xml_attr(e, "srcCh") && kf_xml_attr(asset, "audioChannels") &&
                   !fx_attr_is(asset, "audioChannels", "1");
}

/* `shift` makes local time of e's parent into that of the clip. */
static void gather(fx_story *s, leaves *l, const kf_xml *e, kf_time shift)
{
    const kf_xml *asset = fx_resource(s->r, e, "ref", "asset");
    kf_time local = fx_time_attr(s->r, e, "start", fx_time_attr(s->r, asset, "start", 0));
    shift += fx_time_attr(s->r, e, "offset", 0) - local;
    if (!is_plain(e)) {
        l->many = true;
    } else if (asset) {
        add_leaf(s, l, e, asset, shift);
    } else if (!kf_xml_is(e, "gap")) {
        l->many |= l->asset || l->generator;
        l->generator = e;
        l->begin = local + shift;
        l->end = l->begin + fx_time_attr(s->r, e, "duration", 0);
    }
    for (const kf_xml *child = e->first; child && !l->many; child = child->next) {
        if (fx_is_story_item(child)) {
            gather(s, l, child, shift);
        } else if (!kf_xml_is(child, "note")) {
            l->many |= !kf_xml_is(e, "gap") && !kf_xml_is(child, "param");
        }
    }
}

static bool covers(fx_story *s, const leaves *l, const kf_xml *clip)
{
    kf_time start = fx_time_attr(s->r, clip, "start", 0), duration = fx_time_attr(s->r, clip, "duration", 0);
    kf_time slack = 2 * kf_frame_start(1, s->view.rate);
    return l->begin <= start + slack && l->end >= start + duration - slack;
}

/* One picture and its sound is a clip; anything more becomes a nested sequence. */
static void resolve_content(fx_story *s, const kf_xml *clip, fx_source *out)
{
    leaves l = {0};
    int items = 0;
    for (const kf_xml *child = clip->first; child && !l.many; child = child->next) {
        bool own = !kf_xml_attr(child, "lane"), spine = kf_xml_is(child, "spine");
        if (own && (spine || fx_is_story_item(child))) {
            l.many |= spine || items++ > 0;
            gather(s, &l, child, 0);
        }
    }
    bool mapped = kf_xml_child(clip, "timeMap") || kf_xml_child(clip, "conform-rate");
    l.many |= !mapped && (l.asset || l.generator) && !covers(s, &l, clip);
    if (l.many) {
        out->kind = FX_SEQUENCE;
        out->id = fx_nest(s, clip, &out->origin);
        out->video = out->audio = true;
        lose(s, clip, KF_LOSS_NOTE, "what it is made of became a nested sequence");
    } else if (l.asset) {
        resolve_asset(s, l.asset, out);
        if (l.channels) {
            lose(s, clip, KF_LOSS_CHANGED, "its choice of channels is left out: all of its sound is heard");
        }
        out->origin = l.origin;
        out->video = l.video;
        out->audio = l.audio;
    } else if (l.generator) {
        *out = (fx_source){.kind = FX_GENERATOR, .element = l.generator, .video = true};
    } else {
        lose(s, clip, KF_LOSS_DROPPED, "nothing in it can be shown");
    }
    out->start = 0;
}

static void resolve(fx_story *s, const kf_xml *element, fx_source *out)
{
    *out = (fx_source){0};
    if (kf_xml_is(element, "clip") || kf_xml_is(element, "sync-clip")) {
        resolve_content(s, element, out);
    } else if (kf_xml_is(element, "ref-clip") || kf_xml_is(element, "mc-clip")) {
        resolve_media(s, element, out);
    } else if (kf_xml_is(element, "title") || kf_xml_is(element, "caption")) {
        *out = (fx_source){.kind = FX_TITLE, .element = element, .video = true};
    } else if (!kf_xml_is(element, "gap")) {
        resolve_reference(s, element, out);
    }
}

void fx_resolve(fx_story *s, const kf_xml *element, fx_source *out)
{
    resolve(s, element, out);
    if (out->kind == FX_SEQUENCE && s->r->height > s->height) {
        s->height = s->r->height;
    }
}
