/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Clips on the way out: their elements, times and everything in them, in the order that the format's DTD wants. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "interchange/fcpxml_out.h"

void fo_lose_clip(const fo_story *s, const fo_clip *c, kf_loss_kind kind, const char *format, ...)
{
    char message[500], lane[24];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    snprintf(lane, sizeof lane, "lane %d", (int)c->lane);
    fo_lose(s, kind, *c->track->name ? c->track->name : lane, c->clip.start, c->name, "%s", message);
}

bool fo_param(const kf_params *params, const char *name, kf_param_value *out)
{
    int field = params->kind ? kf_kind_field(params->kind, name) : -1;
    *out = (kf_param_value){.set = false};
    return field >= 0 && kf_params_get(params, field, out);
}

/* ---- What a clip becomes ---- */

static bool is_generator(const kf_clip_view *clip, uint16_t kind)
{
    return clip->source == KF_SOURCE_GENERATOR && clip->generator.kind_id == kind;
}

bool fo_is_shown(const kf_clip_view *clip, const kf_track_view *track)
{
    if (clip->source == KF_SOURCE_GENERATOR) {
        return track->kind == KF_TRACK_VIDEO && clip->generator.kind && !is_generator(clip, KF_GEN_TONE) &&
               !is_generator(clip, KF_GEN_SUBTITLES);
    }
    return clip->source == KF_SOURCE_ASSET || clip->source == KF_SOURCE_SEQUENCE;
}

void fo_lose_unshown(fo_story *s, const kf_clip_view *clip, const kf_track_view *track)
{
    const kf_kind *kind = clip->source == KF_SOURCE_GENERATOR ? clip->generator.kind : NULL;
    fo_clip c = {.clip = *clip, .track = track, .name = clip->name};
    fo_lose_clip(s, &c, KF_LOSS_DROPPED, "%s%s cannot be carried; there is a gap in its place",
                 kind ? "the generator " : "an adjustment layer", kind ? kind->name : "");
}

/* What a clip shows: the element's name, its resource and the local time of source time 0. */
typedef struct shown {
    const char *element, *ref;
    kf_time origin;
    bool timed;                  /* has source time */
} shown;

static shown show_sequence(fo_story *s, fo_clip *c)
{
    kf_sequence_view nested = {.rate = {30, 1}, .name = "", .id = ""};
    int32_t index = kf_sequence_index(s->o->snapshot, c->clip.source_uid);
    kf_sequence_at(s->o->snapshot, index, &nested);
    c->name = *c->name ? c->name : *nested.name ? nested.name : nested.id;
    return (shown){nested.multicam ? "mc-clip" : "ref-clip", fo_media(s->o, index),
                   kf_frame_start(nested.start_timecode, nested.rate), true};
}

static shown show_asset(fo_story *s, fo_clip *c)
{
    kf_asset_view asset;
    if (!kf_asset_at(s->o->snapshot, kf_asset_index(s->o->snapshot, c->clip.source_uid), &asset)) {
        return (shown){"gap", NULL, 0, false};
    }
    c->name = *c->name ? c->name : *asset.name ? asset.name : asset.id;
    return (shown){"asset-clip", fo_asset(s->o, &asset), fo_asset_start(&asset), true};
}

static shown show_generator(fo_story *s, fo_clip *c)
{
    bool title = is_generator(&c->clip, KF_GEN_TITLE);
    const char *kept = c->kept.root ? fo_kept_text(c->kept.root, "effect") : NULL;
    const char *ref = kept && ix_table_find(&s->o->used, kept) ? kept : title
        ? fo_effect(s->o, "Basic Title",
                    ".../Titles.localized/Bumper:Opener.localized/Basic Title.localized/Basic Title.moti")
        : fo_effect(s->o, "Custom", ".../Generators.localized/Solids.localized/Custom.localized/Custom.motn");
    return (shown){title ? "title" : "video", ref, FO_GAP_START, false};
}

static shown show(fo_story *s, fo_clip *c)
{
    c->name = c->clip.name;
    if (!fo_is_shown(&c->clip, c->track)) {
        fo_lose_unshown(s, &c->clip, c->track);
        return (shown){"gap", NULL, 0, false};
    }
    return c->clip.source == KF_SOURCE_ASSET      ? show_asset(s, c)
           : c->clip.source == KF_SOURCE_SEQUENCE ? show_sequence(s, c) : show_generator(s, c);
}

/* ---- Times ---- */

static void put_point(kf_xml_writer *x, kf_time time, kf_time value)
{
    kf_xml_begin(x, "timept");
    fx_put_time(x, "time", time);
    fx_put_time(x, "value", value);
    kf_xml_put_attr(x, "interp", "linear");
    kf_xml_end(x, "timept");
}

static void put_remap(fo_story *s, const fo_clip *c, kf_time origin)
{
    for (int32_t i = 0; i < c->clip.remap_count; i++) {
        const kf_time_key *key = &c->clip.remap[i];
        put_point(s->x, c->local + key->time, origin + key->source);
        if (key->interp != KF_INTERP_LINEAR && i + 1 < c->clip.remap_count) {
            fo_lose_clip(s, c, KF_LOSS_CHANGED, "its speed is even between two keys of its remap");
        }
    }
}

/* A time map that says the speed from the clip's beginning to its end; readers let it go on beyond. */
static void put_time_map(fo_story *s, const fo_clip *c, kf_time origin)
{
    const kf_clip_view *v = &c->clip;
    kf_time steps = (v->duration - 1) / v->speed.den + 1, in = origin + v->source_in;
    kf_time end = c->local + steps * v->speed.den; /* so that the source time there is a whole number */
    kf_time played = kf_muldiv_ceil(v->duration, v->speed.num, v->speed.den);
    kf_param_value pitch;
    bool keeps = !fo_param(&v->sound, "pitch_preserve", &pitch) || pitch.number[0] != 0;
    if (!v->frozen && !v->remap_count && !v->reverse && v->speed.num == v->speed.den) {
        return;
    }
    kf_xml_begin(s->x, "timeMap");
    kf_xml_put_attr(s->x, "preservesPitch", keeps ? NULL : "0");
    if (v->remap_count) {
        put_remap(s, c, origin);
    } else if (v->frozen) {
        put_point(s->x, c->local, origin + v->freeze);
        put_point(s->x, end, origin + v->freeze);
    } else {
        put_point(s->x, c->local, v->reverse ? in + played : in);
        put_point(s->x, end, v->reverse ? in + played - steps * v->speed.num : in + steps * v->speed.num);
    }
    kf_xml_end(s->x, "timeMap");
}

static void put_sound_times(fo_story *s, const fo_clip *c)
{
    if (c->sound == &c->clip || !c->sound) {
        return;
    }
    kf_time start = c->local + c->sound->start - c->clip.start;
    bool apart = start != c->local || c->sound->duration != c->clip.duration;
    if (apart) {
        fx_put_time(s->x, "audioStart", start);
        fx_put_time(s->x, "audioDuration", c->sound->duration);
    }
    if (!apart || fo_pair_of(s, c->clip.id)->lane != -1) {
        fo_lose_clip(s, c, KF_LOSS_NOTE, "its linked sound became part of it, and is on no track of its own");
    }
}

/* ---- Kept elements ---- */

static const char *const adjust_order[] = {
    "object-tracker", "adjust-crop", "adjust-corners", "adjust-conform", "adjust-transform", "adjust-blend",
    "adjust-stabilization", "adjust-rollingShutter", "adjust-360-transform", "adjust-reorient", "adjust-orientation",
    "adjust-cinematic", "adjust-volume", "adjust-panner", NULL};

/* What may stand in each element, besides what the clip itself makes. */
static const struct { const char *name, *in; } places[] = {
    {"param", "title video"}, {"note", "asset-clip ref-clip mc-clip title video"},
    {"object-tracker", "asset-clip ref-clip title video"}, {"adjust-volume", "asset-clip ref-clip mc-clip"},
    {"adjust-panner", "asset-clip ref-clip mc-clip"}, {"marker", "asset-clip ref-clip mc-clip title video"},
    {"chapter-marker", "asset-clip ref-clip mc-clip title video"},
    {"rating", "asset-clip ref-clip mc-clip title video"}, {"keyword", "asset-clip ref-clip mc-clip title video"},
    {"analysis-marker", "asset-clip ref-clip mc-clip title video"}, {"audio-channel-source", "asset-clip"},
    {"audio-role-source", "ref-clip"}, {"filter-video", "asset-clip ref-clip title video"},
    {"filter-video-mask", "asset-clip ref-clip title video"}, {"filter-audio", "asset-clip ref-clip mc-clip"},
    {"metadata", "asset-clip ref-clip mc-clip title"}};

static bool is_listed(const char *list, const char *word)
{
    size_t n = strlen(word);
    const char *at = list;
    while ((at = strstr(at, word)) && ((at > list && at[-1] != ' ') || (at[n] && at[n] != ' '))) {
        at += n;
    }
    return at != NULL;
}

static bool may_stand(const char *element, const char *name)
{
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        if (strcmp(places[i].name, name) == 0) {
            return is_listed(places[i].in, element);
        }
    }
    for (const char *const *adjust = adjust_order; *adjust; adjust++) {
        if (strcmp(*adjust, name) == 0) {
            return is_listed("asset-clip ref-clip title video", element);
        }
    }
    return false;
}

/* The name of an element that was kept as text. */
static void name_of(const kf_json *value, char out[40])
{
    out[0] = '\0';
    if (value->type == KF_JSON_STRING && value->text[0] == '<') {
        size_t n = strcspn(value->text + 1, " />\n\t");
        snprintf(out, 40, "%.*s", n < 39 ? (int)n : 0, value->text + 1);
    }
}

/* Writes kept XML; not if it refers to an effect that is not kept. */
static bool put_source(fo_story *s, const char *text)
{
    kf_xml_doc *doc;
    if (kf_xml_parse(text, strlen(text), "metadata", &doc, NULL)) {
        return false;
    }
    const char *ref = kf_xml_attr(kf_xml_root(doc), "ref");
    bool fits = !ref || ix_table_find(&s->o->used, ref);
    if (fits) {
        kf_xml_put_tree(s->x, kf_xml_root(doc));
    }
    kf_xml_free(doc);
    return fits;
}

static void put_kept(fo_story *s, const fo_clip *c, const char *name)
{
    char own[40];
    const kf_json *list = c->kept.root ? kf_json_get(c->kept.root, "elements") : NULL;
    for (const kf_json *e = list && may_stand(c->element, name) ? list->first : NULL; e; e = e->next) {
        name_of(e, own);
        if (strcmp(own, name) == 0 && !put_source(s, e->text)) {
            fo_lose_clip(s, c, KF_LOSS_DROPPED, "<%s>: the effect it refers to is not kept", name);
        }
    }
}

static void put_kept_all(fo_story *s, const fo_clip *c, const char *const *names)
{
    for (; *names; names++) {
        put_kept(s, c, *names);
    }
}

static void report_unkept(fo_story *s, const fo_clip *c)
{
    char name[40];
    const kf_json *list = c->kept.root ? kf_json_get(c->kept.root, "elements") : NULL;
    for (const kf_json *e = list ? list->first : NULL; e; e = e->next) {
        name_of(e, name);
        if (!may_stand(c->element, name)) {
            fo_lose_clip(s, c, KF_LOSS_DROPPED, "<%s>, kept from the file it came from, cannot stand in <%s>", name,
                         c->element);
        }
    }
}

static void put_roles(fo_story *s, const fo_clip *c)
{
    static const char *const names[][2] = {{"audioRole", "asset-clip"}, {"videoRole", "asset-clip"},
                                           {"role", "title video"}, {"useAudioSubroles", "ref-clip"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (is_listed(names[i][1], c->element)) {
            kf_xml_put_attr(s->x, names[i][0], fo_kept_attribute(&c->kept, names[i][0]));
        }
    }
}

/* ---- Angles ---- */

static void put_angle(fo_story *s, const kf_sequence_view *nested, int32_t number, const char *enable)
{
    kf_track_view track;
    fo_kept kept;
    char id[24];
    int32_t n = 0, i = 0;
    while (kf_track_get(s->o->snapshot, nested, i++, &track) && (n += track.kind == KF_TRACK_VIDEO) < number) {
    }
    if (n != number) {
        return;
    }
    fo_kept_read(&kept, track.metadata);
    snprintf(id, sizeof id, "angle%d", (int)number);
    const char *old = fo_kept_attribute(&kept, "angleID");
    kf_xml_begin(s->x, "mc-source");
    kf_xml_put_attr(s->x, "angleID", old ? old : id);
    kf_xml_put_attr(s->x, "srcEnable", enable);
    kf_xml_end(s->x, "mc-source");
    fo_kept_finish(&kept);
}

static void put_angles(fo_story *s, const fo_clip *c)
{
    kf_sequence_view nested;
    int32_t seen = c->clip.angle > 0 ? c->clip.angle : 1;
    int32_t heard = c->clip.audio_angle > 0 ? c->clip.audio_angle : seen;
    int32_t index = kf_sequence_index(s->o->snapshot, c->clip.source_uid);
    if (strcmp(c->element, "mc-clip") != 0 || !kf_sequence_at(s->o->snapshot, index, &nested)) {
        return;
    }
    if (c->clip.angle == 0 || (c->sound && c->clip.audio_angle == 0)) {
        fo_lose_clip(s, c, KF_LOSS_CHANGED, "all its angles are on: a multicam clip shows and plays one");
    }
    if (seen == heard && c->sound) {
        put_angle(s, &nested, seen, "all");
        return;
    }
    put_angle(s, &nested, seen, "video");
    if (c->sound) {
        put_angle(s, &nested, heard, "audio");
    }
}

/* ---- Reports ---- */

static void report_effects(fo_story *s, const fo_clip *c, kf_effects effects, const char *what)
{
    kf_params effect;
    for (int32_t i = 0; i < effects.count; i++) {
        bool known = kf_effect_at(s->o->snapshot, effects, i, &effect) && effect.kind;
        fo_lose_clip(s, c, KF_LOSS_DROPPED, "its %s %s", what, known ? effect.kind->name : "of an unknown kind");
    }
}

static void report_clip(fo_story *s, const fo_clip *c)
{
    const kf_clip_view *v = &c->clip;
    kf_param_value offset;
    bool linked = kf_clip_links(s->o->snapshot, v, KF_LINK).count > 1;
    const fo_pair *pair = linked ? fo_pair_of(s, v->id) : NULL;
    const struct { bool lost; const char *what; } checks[] = {
        {*v->label, "label"}, {v->color[3] > 0, "colour in the timeline"}, {v->loop, "loop: it plays once"},
        {linked && !(pair && pair->taken), "links"}, {kf_clip_links(s->o->snapshot, v, KF_GROUP).count > 1, "group"},
        {v->video_stream > 0 || v->audio_stream > 0, "choice of a stream"},
        {fo_param(&v->sound, "av_offset", &offset), "offset of sound against picture"}};
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        if (checks[i].lost) {
            fo_lose_clip(s, c, KF_LOSS_DROPPED, "its %s", checks[i].what);
        }
    }
    report_effects(s, c, v->effects, "effect");
    report_effects(s, c, v->audio_effects, "audio effect");
    if (c->sound && c->sound != v) {
        report_effects(s, c, c->sound->audio_effects, "audio effect");
    }
    fo_report_adjustments(s, c);
    report_unkept(s, c);
}

/* ---- Elements ---- */

static void put_place(fo_story *s, const fo_clip *c)
{
    if (c->lane) {
        kf_xml_put_attrf(s->x, "lane", "%d", (int)c->lane);
    }
    fx_put_time(s->x, "offset", c->offset);
}

static bool is_audition(const fo_clip *c)
{
    const kf_json *list = c->kept.root ? kf_json_get(c->kept.root, "audition") : NULL;
    return list && list->count > 0 && c->element && strcmp(c->element, "mc-clip") != 0;
}

static void choose_sound(fo_story *s, fo_clip *c)
{
    const fo_pair *pair = fo_pair_of(s, c->clip.id);
    bool audio = c->track->kind == KF_TRACK_AUDIO || c->clip.audio;
    c->sound = pair && pair->taken ? &pair->sound : audio && c->clip.source != KF_SOURCE_GENERATOR ? &c->clip : NULL;
}

static void put_attributes(fo_story *s, const fo_clip *c, const shown *what)
{
    bool off =
        !c->clip.enabled || (c->track->kind == KF_TRACK_AUDIO ? c->track->mute : c->track->hide && c->track->mute);
    kf_xml_put_attr(s->x, "ref", what->ref);
    if (!is_audition(c)) {
        put_place(s, c);
    }
    kf_xml_put_attr(s->x, "name", *c->name ? c->name : NULL);
    fx_put_time(s->x, "start", c->local);
    fx_put_time(s->x, "duration", c->clip.duration);
    kf_xml_put_attr(s->x, "enabled", off ? "0" : NULL);
    if (what->timed) {
        kf_xml_put_attr(s->x, "srcEnable", c->track->kind == KF_TRACK_AUDIO ? "audio" : c->sound ? NULL : "video");
        put_sound_times(s, c);
    }
    put_roles(s, c);
}

static void put_head(fo_story *s, const fo_clip *c, const shown *what)
{
    static const char *const params[] = {"param", NULL}, *const note[] = {"note", NULL};
    if (strcmp(c->element, "video") == 0) {
        fo_put_solid(s, c);
    }
    put_kept_all(s, c, params);
    if (strcmp(c->element, "title") == 0) {
        fo_put_title(s, c);
    }
    put_kept_all(s, c, note);
    if (what->timed) {
        put_time_map(s, c, what->origin);
    }
    for (const char *const *name = adjust_order; *name; name++) {
        if (!fo_put_adjustment(s, c, *name)) {
            put_kept(s, c, *name);
        }
    }
    put_angles(s, c);
}

void fo_begin_clip(fo_story *s, fo_clip *c)
{
    fo_kept_read(&c->kept, c->clip.metadata);
    shown what = show(s, c);
    if (!what.ref) {
        fo_kept_finish(&c->kept);
        c->local = FO_GAP_START;
        c->element = NULL;
        kf_xml_begin(s->x, "gap");
        kf_xml_put_attr(s->x, "name", "Gap");
        fx_put_time(s->x, "offset", c->offset);
        fx_put_time(s->x, "start", c->local);
        fx_put_time(s->x, "duration", c->clip.duration);
        return;
    }
    c->element = what.element;
    c->local = what.origin + (what.timed ? c->clip.source_in : 0);
    choose_sound(s, c);
    if (is_audition(c)) {
        kf_xml_begin(s->x, "audition");
        put_place(s, c);
    }
    kf_xml_begin(s->x, c->element);
    put_attributes(s, c, &what);
    put_head(s, c, &what);
    report_clip(s, c);
}

static void end_audition(fo_story *s, const fo_clip *c)
{
    const kf_json *list = kf_json_get(c->kept.root, "audition");
    for (const kf_json *e = list->first; e; e = e->next) {
        if (e->type == KF_JSON_STRING) {
            kf_xml_put_source(s->x, e->text);
        }
    }
    kf_xml_end(s->x, "audition");
}

void fo_end_clip(fo_story *s, fo_clip *c)
{
    static const char *const rest[] = {"marker", "chapter-marker", "rating", "keyword", "analysis-marker",
                                       "audio-channel-source", "audio-role-source", "filter-video",
                                       "filter-video-mask", "filter-audio", "metadata", NULL};
    kf_marker m;
    if (!c->element) {
        kf_xml_end(s->x, "gap");
        return;
    }
    for (int32_t i = 0; kf_marker_at(s->o->snapshot, c->clip.markers, i, &m); i++) {
        fo_put_marker(s, &m, c->local + m.time);
    }
    put_kept_all(s, c, rest);
    kf_xml_end(s->x, c->element);
    if (is_audition(c)) {
        end_audition(s, c);
    }
    fo_kept_finish(&c->kept);
}

/* ---- Markers ---- */

void fo_put_marker(fo_story *s, const kf_marker *m, kf_time start)
{
    bool chapter = strcmp(m->kind, "chapter") == 0, todo = strcmp(m->kind, "todo") == 0;
    fo_kept kept;
    fo_kept_read(&kept, m->metadata);
    kf_xml_begin(s->x, chapter ? "chapter-marker" : "marker");
    fx_put_time(s->x, "start", start);
    fx_put_time(s->x, "duration", m->duration > 0 ? m->duration : kf_frame_start(1, s->view.rate));
    kf_xml_put_attr(s->x, "value", m->name);
    const char *completed = fo_kept_attribute(&kept, "completed");
    kf_xml_put_attr(s->x, "completed", !todo ? NULL : completed ? completed : "0");
    kf_xml_put_attr(s->x, "posterOffset", chapter ? fo_kept_attribute(&kept, "posterOffset") : NULL);
    kf_xml_put_attr(s->x, "note", *m->note ? m->note : NULL);
    kf_xml_end(s->x, chapter ? "chapter-marker" : "marker");
    fo_kept_finish(&kept);
    if (m->color[3] > 0) {
        fo_lose(s, KF_LOSS_DROPPED, NULL, KF_TIME_NONE, m->name, "the marker's colour");
    }
    if (!chapter && !todo && strcmp(m->kind, "comment") != 0) {
        fo_lose(s, KF_LOSS_CHANGED, NULL, KF_TIME_NONE, m->name, "a marker of the kind \"%.60s\" became a plain one",
                m->kind);
    }
}

/* ---- Transitions ---- */

static void put_filter(fo_story *s, const char *element, const char *name, const char *uid)
{
    kf_xml_begin(s->x, element);
    kf_xml_put_attr(s->x, "ref", fo_effect(s->o, name, uid));
    kf_xml_put_attr(s->x, "name", name);
    kf_xml_end(s->x, element);
}

static bool put_kept_filters(fo_story *s, const kf_transition_view *t)
{
    fo_kept kept;
    bool any = false;
    fo_kept_read(&kept, t->metadata);
    const kf_json *list = kept.root ? kf_json_get(kept.root, "elements") : NULL;
    for (const kf_json *e = list ? list->first : NULL; e; e = e->next) {
        any |= e->type == KF_JSON_STRING && put_source(s, e->text);
    }
    fo_kept_finish(&kept);
    return any;
}

void fo_write_transition(fo_story *s, const kf_transition_view *t, const kf_track_view *track, kf_time offset)
{
    const char *kind = t->params.kind ? t->params.kind->name : "dissolve";
    bool dissolve = t->params.kind_id == KF_TR_DISSOLVE, sound = track->kind == KF_TRACK_AUDIO;
    kf_param_value curve;
    kf_xml_begin(s->x, "transition");
    kf_xml_put_attr(s->x, "name", *t->name ? t->name : sound ? "Audio Crossfade" : "Cross Dissolve");
    fx_put_time(s->x, "offset", offset);
    fx_put_time(s->x, "duration", t->duration);
    if (!put_kept_filters(s, t)) {
        if (!sound) {
            put_filter(s, "filter-video", "Cross Dissolve", "FxPlug:4731E73A-8DAC-4113-9A30-AE85B1761265");
        }
        put_filter(s, "filter-audio", "Audio Crossfade", "FFAudioTransition");
        if (!dissolve || fo_param(&t->params, "curve", &curve)) {
            fo_lose(s, KF_LOSS_CHANGED, track->name, t->start, kind, "the transition became a plain cross dissolve");
        }
    }
    kf_xml_end(s->x, "transition");
}
