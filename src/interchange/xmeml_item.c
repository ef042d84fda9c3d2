/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Clip items, generator items and transitions of xmeml. */
#include <stdio.h>
#include <string.h>

#include "base/api/alloc.h"
#include "interchange/xmeml_write.h"

enum { MOST_LINKED = 32 };

/* ---- Times ---- */

/* Where the clip's own time stands at its first frame: its source time over its speed, or, backwards, what the source
 * has behind the range that is played. */
static kf_time own_base(const xm_item *item)
{
    const kf_clip_view *c = item->clip;
    if (c->frozen) {
        return c->freeze;
    }
    if (c->remap_count > 0) {
        return c->remap[0].time < 0 ? -c->remap[0].time : 0;
    }
    if (c->source == KF_SOURCE_GENERATOR) {
        return 0;
    }
    kf_time from = c->source_in;
    if (c->reverse) {
        kf_time high = c->source_in + kf_muldiv_ceil(c->duration, c->speed.num, c->speed.den);
        kf_time media = item->has_asset ? item->asset.media.facts.duration : 0;
        from = media > high ? media - high : 0;
    }
    return kf_muldiv_floor(from, c->speed.den, c->speed.num);
}

static bool is_whole(kf_time t, kf_rational rate)
{
    return kf_frame_start(kf_frame_at(t, rate), rate) == t;
}

/* A transition in frames of the sequence. Half of one is rounded down, as on the way in. */
typedef struct span {
    int64_t start, end, cut;
    int64_t middle;          /* where readers put the cut if it says no more */
    kf_time before, after;   /* the cut */
} span;

static span span_of(const xm_target *t, const kf_transition_view *transition)
{
    kf_rational rate = t->sequence.rate;
    kf_time before = transition->cut - transition->start;
    int64_t cut = xm_frame(transition->cut, rate), length = xm_frame(transition->duration, rate);
    int64_t part = before == transition->duration / 2 ? length / 2 : xm_frame(before, rate);
    span out = {.start = cut - (part < length ? part : length), .cut = cut};
    out.end = out.start + length;
    out.middle = out.start + length / 2;
    out.before = kf_frame_start(cut - out.start, rate);
    out.after = kf_frame_start(out.end - cut, rate);
    return out;
}

static void take_asset(const xm_target *t, xm_item *item)
{
    const kf_clip_view *c = item->clip;
    item->has_asset = c->source == KF_SOURCE_ASSET &&
                      kf_asset_at(t->x->snapshot, kf_asset_index(t->x->snapshot, c->source_uid), &item->asset);
}

static bool is_timeless(const kf_clip_view *c)
{
    return c->source == KF_SOURCE_GENERATOR || c->frozen || c->remap_count > 0;
}

bool xm_fit_transition(xm_target *t, kf_transition_view *transition, bool tell)
{
    xm_item item = {.clip = transition->to};
    kf_time before = span_of(t, transition).before;
    if (!transition->to || before == 0 || is_timeless(transition->to)) {
        return true;
    }
    take_asset(t, &item);
    if (own_base(&item) >= before) {
        return true;
    }
    if (tell) {
        xm_lost(t, transition->to, KF_LOSS_CHANGED,
                "Its source has nothing before its first frame: the transition begins at the cut.");
    }
    transition->duration -= transition->cut - transition->start;
    transition->start = transition->cut;
    return transition->duration > 0;
}

static void set_times(xm_target *t, xm_item *item)
{
    const kf_clip_view *c = item->clip;
    const kf_media_facts *facts = &item->asset.media.facts;
    bool media_rate = item->has_asset && facts->video && xm_rate_fits(facts->rate);
    item->before = item->head ? span_of(t, item->head).before : 0;
    item->after = item->tail ? span_of(t, item->tail).after : 0;
    item->base = own_base(item);
    if (item->base < item->before && is_timeless(c)) {
        item->base = item->before;
    }
    item->rate = media_rate && is_whole(item->base, facts->rate) ? facts->rate : t->sequence.rate;
    if (c->speed.num != c->speed.den || c->reverse) {
        item->base = kf_frame_start(xm_frame(item->base, item->rate), item->rate); /* the graph says the rest */
    }
    item->in = xm_frame(item->base - item->before, item->rate);
    item->out = xm_frame(item->base + c->duration + item->after, item->rate);
    if (item->in < 0) {
        item->in = 0;
        xm_lost(t, c, KF_LOSS_CHANGED, "Its source would begin before its first frame: it begins there.");
    }
    if (!c->remap_count && !c->frozen && c->speed.num == c->speed.den && !is_whole(item->base, item->rate)) {
        xm_lost(t, c, KF_LOSS_CHANGED, "Its source begins between two frames: the nearest was taken.");
    }
    kf_time media = item->has_asset ? kf_muldiv_floor(facts->duration, c->speed.den, c->speed.num) : 0;
    item->duration = xm_frame(media, item->rate);
    item->duration = item->duration > item->out ? item->duration : item->out;
}

static void put_times(xm_target *t, const xm_item *item)
{
    kf_xml_writer *w = &t->x->w;
    const kf_clip_view *c = item->clip;
    kf_rational rate = t->sequence.rate;
    kf_xml_putf(w, "duration", "%lld", (long long)item->duration);
    xm_put_rate(t->x, item->rate);
    kf_xml_putf(w, "start", "%lld", item->head ? -1LL : (long long)xm_frame(c->start, rate));
    kf_xml_putf(w, "end", "%lld", item->tail ? -1LL : (long long)xm_frame(c->start + c->duration, rate));
    kf_xml_putf(w, "in", "%lld", (long long)item->in);
    kf_xml_putf(w, "out", "%lld", (long long)item->out);
    if (c->frozen) {
        kf_xml_put(w, "stillframe", "TRUE");
        kf_xml_putf(w, "stillframeoffset", "%lld", (long long)xm_frame(c->freeze, item->rate));
    }
    if (!is_whole(c->start, rate) || !is_whole(c->start + c->duration, rate)) {
        xm_lost(t, c, KF_LOSS_CHANGED, "It begins or ends between two frames: the nearest was taken.");
    }
}

/* ---- Links ---- */

static void put_link(xm_target *t, int32_t item, bool audio, int32_t track, int32_t index)
{
    kf_xml_writer *w = &t->x->w;
    kf_xml_begin(w, "link");
    kf_xml_putf(w, "linkclipref", "clipitem-%d", item);
    kf_xml_put(w, "mediatype", audio ? "audio" : "video");
    kf_xml_putf(w, "trackindex", "%d", track);
    kf_xml_putf(w, "clipindex", "%d", index);
    if (audio) {
        kf_xml_put(w, "groupindex", "1");
    }
    kf_xml_end(w, "link");
}

static void put_place(xm_target *t, const xm_place *place)
{
    if (place && place->video_item) {
        put_link(t, place->video_item, false, place->video_track, place->video_index);
    }
    for (int32_t i = 0; place && place->audio_item && i < 2; i++) {
        put_link(t, place->audio_item + i, true, place->audio_track + i, place->audio_index);
    }
}

static void put_links(xm_target *t, const kf_clip_view *clip)
{
    kf_links links = kf_clip_links(t->x->snapshot, clip, KF_LINK);
    const xm_place *own = xm_find_place(t, clip->id);
    if (links.count == 0 && own && own->audio_item) {
        put_place(t, own);
    }
    if (links.count > MOST_LINKED) {
        xm_lost(t, clip, KF_LOSS_DROPPED, "It is linked with more than 32 clips: the links are not written.");
        return;
    }
    for (int32_t i = 0; i < links.count; i++) {
        put_place(t, xm_find_place(t, links.ids[i]));
    }
}

/* ---- Clips ---- */

static void put_kept(xm_target *t, const kf_clip_view *clip)
{
    kf_json_doc *doc = NULL;
    if (!*clip->metadata || kf_json_parse(clip->metadata, strlen(clip->metadata), "metadata", 0, &doc, NULL)) {
        return;
    }
    const kf_json *kept = kf_json_get(kf_json_root(doc), "xmeml");
    for (const kf_json *v = kept && kept->type == KF_JSON_ARRAY ? kept->first : NULL; v; v = v->next) {
        if (v->type == KF_JSON_STRING) {
            kf_xml_put_source(&t->x->w, v->text);
        }
    }
    kf_json_free(doc);
}

static void put_markers(xm_target *t, const xm_item *item)
{
    kf_marker marker;
    for (int32_t i = 0; kf_marker_at(t->x->snapshot, item->clip->markers, i, &marker); i++) {
        xm_put_marker(t->x, &marker, item->base, item->rate);
    }
}

static void put_color(xm_export *x, const char *name, const float color[4])
{
    static const char *const parts[] = {"red", "green", "blue", "alpha"};
    kf_xml_begin(&x->w, name);
    for (int i = 0; i < 4; i++) {
        double v = (double)color[i] * 255 + 0.5;
        kf_xml_putf(&x->w, parts[i], "%d", v < 0 ? 0 : v > 255 ? 255 : (int)v);
    }
    kf_xml_end(&x->w, name);
}

void xm_put_marker(xm_export *x, const kf_marker *marker, kf_time from, kf_rational rate)
{
    kf_xml_begin(&x->w, "marker");
    kf_xml_put(&x->w, "comment", marker->note);
    kf_xml_put(&x->w, "name", marker->name);
    kf_xml_putf(&x->w, "in", "%lld", (long long)xm_frame(from + marker->time, rate));
    kf_xml_putf(&x->w, "out", "%lld",
                marker->duration ? (long long)xm_frame(from + marker->time + marker->duration, rate) : -1LL);
    if (marker->color[3] > 0) {
        put_color(x, "color", marker->color);
    }
    kf_xml_end(&x->w, "marker");
}

static kf_status put_source(xm_target *t, const xm_item *item)
{
    const kf_clip_view *c = item->clip;
    if (c->source == KF_SOURCE_SEQUENCE) {
        int32_t index = kf_sequence_index(t->x->snapshot, c->source_uid);
        if (c->angle || c->audio_angle) {
            xm_lost(t, c, KF_LOSS_CHANGED, "A multicam clip became a nested sequence: the angle is not written.");
        }
        return index >= 0 ? xm_put_sequence(t->x, index) : KF_OK;
    }
    if (item->has_asset) {
        xm_put_file(t->x, kf_asset_index(t->x->snapshot, c->source_uid), t->sequence.rate);
    } else {
        xm_put_generator(t, c);
    }
    return KF_OK;
}

static void put_head(xm_target *t, const xm_item *item, const char *kind)
{
    kf_xml_writer *w = &t->x->w;
    const kf_clip_view *c = item->clip;
    const xm_place *place = xm_find_place(t, c->id);
    int32_t number = !place ? 0 : t->channel ? place->audio_item + t->channel - 1 : place->video_item;
    const char *name = *c->name ? c->name : item->has_asset ? item->asset.name : "";
    kf_xml_begin(w, kind);
    kf_xml_put_attrf(w, "id", "clipitem-%d", number);
    if (item->has_asset) {
        xm_put_masterclip(t->x, kf_asset_index(t->x->snapshot, c->source_uid));
    }
    kf_xml_put(w, "name", name);
    kf_xml_put(w, "enabled", c->enabled ? "TRUE" : "FALSE");
}

static void put_rest(xm_target *t, const xm_item *item)
{
    kf_xml_writer *w = &t->x->w;
    const kf_clip_view *c = item->clip;
    if (t->kind == KF_TRACK_AUDIO) {
        kf_xml_begin(w, "sourcetrack");
        kf_xml_put(w, "mediatype", "audio");
        kf_xml_putf(w, "trackindex", "%d", t->channel);
        kf_xml_end(w, "sourcetrack");
    }
    xm_put_filters(t, item);
    put_links(t, c);
    put_markers(t, item);
    if (*c->label) {
        kf_xml_begin(w, "labels");
        kf_xml_put(w, "label2", c->label);
        kf_xml_end(w, "labels");
    }
    if (t->channel < 2) {
        put_kept(t, c);
    }
}

kf_status xm_put_clip(xm_target *t, const kf_clip_view *clip, const kf_transition_view *head,
                      const kf_transition_view *tail)
{
    xm_item item = {.clip = clip, .head = head, .tail = tail};
    take_asset(t, &item);
    const char *kind = clip->source == KF_SOURCE_GENERATOR ? "generatoritem" : "clipitem";
    set_times(t, &item);
    put_head(t, &item, kind);
    put_times(t, &item);
    kf_status status = put_source(t, &item);
    put_rest(t, &item);
    kf_xml_end(&t->x->w, kind);
    return status;
}

/* ---- Transitions ---- */

static const char *effect_name(xm_target *t, const kf_transition_view *transition)
{
    static const struct { uint16_t kind; const char *name; } names[] = {
        {KF_TR_DISSOLVE, "Cross Dissolve"}, {KF_TR_ADDITIVE_DISSOLVE, "Additive Dissolve"},
        {KF_TR_DIP_TO_COLOR, "Dip to Color Dissolve"}, {KF_TR_WIPE, "Edge Wipe"}, {KF_TR_PUSH, "Push"},
        {KF_TR_SLIDE, "Slide"}};
    ix_place place;
    const char *kind = transition->params.kind ? transition->params.kind->name : "transition";
    if (t->kind == KF_TRACK_AUDIO) {
        return "Cross Fade (+3dB)";
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (names[i].kind == transition->params.kind_id) {
            return names[i].name;
        }
    }
    kf_report_add(t->x->report, KF_LOSS_CHANGED, ix_where(place, &t->sequence, t->track, transition->start, kind),
                  "Final Cut Pro XML has no such transition: it became a dissolve.");
    return "Cross Dissolve";
}

static void put_wipe(xm_target *t, const kf_transition_view *transition)
{
    static const struct { int code, angle; bool reverse;
    } wipes[] = {{1, 0, false},   {1, 180, true},  {2, 90, false},   {2, 270, true},
                 {41, 45, false}, {41, 225, true}, {42, 135, false}, {42, 315, true}};
    ix_place place;
    kf_tr_wipe wipe = {0};
    size_t best = 0;
    bool is_wipe = transition->params.kind_id == KF_TR_WIPE && kf_params_eval(&transition->params, 0, &wipe);
    int turned = ((int)wipe.angle % 360 + 360) % 360;
    for (size_t i = 0; i < sizeof wipes / sizeof *wipes; i++) {
        best = wipes[i].angle == turned ? i : best;
    }
    kf_xml_putf(&t->x->w, "wipecode", "%d", is_wipe ? wipes[best].code : 0);
    kf_xml_put(&t->x->w, "reverse", is_wipe && wipes[best].reverse ? "TRUE" : "FALSE");
    if (is_wipe && (wipes[best].angle != turned || wipe.feather != 0)) {
        kf_report_add(t->x->report, KF_LOSS_CHANGED, ix_where(place, &t->sequence, t->track, transition->start, "wipe"),
                      "A wipe here has a hard edge that goes straight or diagonally.");
    }
}

static void put_effect(xm_target *t, const kf_transition_view *transition)
{
    kf_xml_writer *w = &t->x->w;
    const char *name = effect_name(t, transition);
    bool audio = t->kind == KF_TRACK_AUDIO;
    kf_xml_begin(w, "effect");
    kf_xml_put(w, "name", name);
    kf_xml_put(w, "effectid", audio ? "KGAudioTransCrossFade3dB" : name);
    kf_xml_put(w, "effectcategory", strstr(name, "Wipe") ? "Wipe" : "Dissolve");
    kf_xml_put(w, "effecttype", "transition");
    kf_xml_put(w, "mediatype", audio ? "audio" : "video");
    if (!audio) {
        put_wipe(t, transition);
        kf_xml_put(w, "startratio", "0");
        kf_xml_put(w, "endratio", "1");
    }
    kf_xml_end(w, "effect");
}

void xm_put_transition(xm_target *t, const kf_transition_view *transition)
{
    kf_xml_writer *w = &t->x->w;
    span frames = span_of(t, transition);
    bool starts = frames.before == 0, ends = frames.after == 0;
    const char *alignment = starts ? (transition->from ? "start" : "start-black")
                            : ends ? (transition->to ? "end" : "end-black")
                                   : "center";
    kf_xml_begin(w, "transitionitem");
    kf_xml_putf(w, "start", "%lld", (long long)frames.start);
    kf_xml_putf(w, "end", "%lld", (long long)frames.end);
    kf_xml_put(w, "alignment", alignment);
    if (!starts && !ends && frames.cut != frames.middle) {
        kf_xml_putf(w, "cutPointTicks", "%lld", (long long)frames.before * XM_TICKS);
    }
    xm_put_rate(t->x, t->sequence.rate);
    put_effect(t, transition);
    kf_xml_end(w, "transitionitem");
}

/* ---- Generators ---- */

static void put_parameter(kf_xml_writer *w, const char *id, const char *value)
{
    kf_xml_begin(w, "parameter");
    kf_xml_put(w, "parameterid", id);
    kf_xml_put(w, "name", id);
    kf_xml_put(w, "value", value);
    kf_xml_end(w, "parameter");
}

static void put_number(kf_xml_writer *w, const char *id, double value)
{
    char text[40];
    snprintf(text, sizeof text, "%.10g", value);
    put_parameter(w, id, text);
}

static void put_color_parameter(xm_target *t, const char *id, const float color[4])
{
    kf_xml_writer *w = &t->x->w;
    kf_xml_begin(w, "parameter");
    kf_xml_put(w, "parameterid", id);
    kf_xml_put(w, "name", id);
    put_color(t->x, "value", color);
    kf_xml_end(w, "parameter");
}

static void put_effect_head(kf_xml_writer *w, const char *name)
{
    kf_xml_put(w, "name", name);
    kf_xml_put(w, "effectid", name);
    kf_xml_put(w, "effectcategory", "Generators");
    kf_xml_put(w, "effecttype", "generator");
    kf_xml_put(w, "mediatype", "video");
}

/* "Sans Bold Italic" is the font Sans in style 4. */
static void put_font(kf_xml_writer *w, const char *font)
{
    static const struct { const char *suffix; int style; } styles[] = {
        {" Bold Italic", 4}, {" Bold", 2}, {" Italic", 3}, {"", 1}};
    char name[200];
    size_t length = strlen(font), i = 0;
    for (; i < 3; i++) {
        size_t suffix = strlen(styles[i].suffix);
        if (length > suffix && strcmp(font + length - suffix, styles[i].suffix) == 0) {
            length -= suffix;
            break;
        }
    }
    snprintf(name, sizeof name, "%.*s", (int)(length < 190 ? length : 190), font);
    put_parameter(w, "fontname", name);
    put_number(w, "fontstyle", styles[i].style);
}

static void put_title(xm_target *t, const kf_clip_view *c, const kf_gen_title *v)
{
    kf_xml_writer *w = &t->x->w;
    put_effect_head(w, "Text");
    put_parameter(w, "str", v->text ? v->text : "");
    put_font(w, v->font ? v->font : "Sans");
    put_number(w, "fontsize", (double)v->size);
    put_number(w, "fontalign", v->align + 1);
    put_color_parameter(t, "fontcolor", v->color);
    kf_xml_begin(w, "parameter");
    kf_xml_put(w, "parameterid", "origin");
    kf_xml_put(w, "name", "origin");
    kf_xml_begin(w, "value");
    bool x = (double)v->position[0] != (double)KF_POSITION_CENTER,
         y = (double)v->position[1] != (double)KF_POSITION_CENTER;
    kf_xml_putf(w, "horiz", "%.10g", x ? (double)v->position[0] / t->sequence.width - 0.5 : 0);
    kf_xml_putf(w, "vert", "%.10g", y ? (double)v->position[1] / t->sequence.height - 0.5 : 0);
    kf_xml_end(w, "value");
    kf_xml_end(w, "parameter");
    xm_lost(t, c, KF_LOSS_CHANGED,
            "A title keeps its text, font, size, colour, alignment and place; nothing else of it.");
}

void xm_put_generator(xm_target *t, const kf_clip_view *c)
{
    kf_xml_writer *w = &t->x->w;
    _Alignas(16) unsigned char values[KF_KIND_MAX_VALUES];
    bool known = c->generator.kind && kf_params_eval(&c->generator, 0, values);
    kf_xml_begin(w, "effect");
    if (known && c->generator.kind_id == KF_GEN_TITLE) {
        put_title(t, c, (const kf_gen_title *)(const void *)values);
    } else if (known && c->generator.kind_id == KF_GEN_SOLID) {
        put_effect_head(w, "Color");
        put_color_parameter(t, "fillcolor", ((const kf_gen_solid *)(const void *)values)->color);
    } else if (c->generator.kind_id == KF_GEN_BARS) {
        put_effect_head(w, "Bars and Tone");
    } else {
        put_effect_head(w, "Slug");
        xm_lost(t, c, KF_LOSS_CHANGED, "Final Cut Pro XML has no such generator: it became black.");
    }
    kf_xml_end(w, "effect");
}
