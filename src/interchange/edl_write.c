/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "interchange/edl_write.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/api/alloc.h"
#include "interchange/edl.h"

/* ---- Sources ---- */

static int64_t record_frame(const edl_writer *w, kf_time t)
{
    kf_rational rate = w->sequence.rate;
    int64_t frame = kf_frame_at(t, rate);
    return frame + (kf_frame_start(frame + 1, rate) - t < t - kf_frame_start(frame, rate));
}

kf_time edl_nearest_frame(const edl_writer *w, kf_time t)
{
    return kf_frame_start(record_frame(w, t), w->sequence.rate);
}

/* Reels have no blanks; of a file's name its stem is taken. */
static void set_reel(edl_source *source, const char *text, bool stem)
{
    const char *dot = stem ? strrchr(text, '.') : NULL;
    size_t length = dot && dot > text ? (size_t)(dot - text) : strlen(text), used = 0;
    for (size_t i = 0; i < length && used < 32; i++) {
        unsigned char c = (unsigned char)text[i];
        source->reel[used++] = c <= ' ' || c > '~' || c == '*' ? '_' : (char)c;
    }
    source->reel[used] = '\0';
    if (used == 0) {
        snprintf(source->reel, sizeof source->reel, "AX");
    }
}

/* The label of an asset's first frame, counted at the sequence's nominal rate. */
static int64_t start_label(const edl_writer *w, const kf_source_timecode *timecode)
{
    if (!timecode->known || timecode->rate.num <= 0) {
        return timecode->known ? timecode->start : 0;
    }
    int64_t from = ix_rate_nominal(timecode->rate), to = ix_rate_nominal(w->sequence.rate);
    return from == to ? timecode->start : kf_muldiv_floor(timecode->start, to, from);
}

static void describe_asset(const edl_writer *w, const kf_asset_view *asset, edl_source *out)
{
    const char *file = kf_path_name(asset->path);
    out->name = *asset->name ? asset->name : file;
    out->file = asset->path;
    out->start = start_label(w, &asset->timecode);
    out->drop = asset->timecode.known ? asset->timecode.drop_frame : w->sequence.drop_frame;
    out->drop = out->drop && ix_rate_drops(w->sequence.rate);
    out->silent = asset->media.known && !asset->media.facts.audio;
    set_reel(out, *asset->reel ? asset->reel : *file ? file : out->name, !*asset->reel);
}

static bool is_black(const kf_params *generator)
{
    kf_gen_solid solid;
    if (generator->kind_id != KF_GEN_SOLID || !generator->constant || !kf_params_eval(generator, 0, &solid)) {
        return false;
    }
    return solid.color[0] == 0 && solid.color[1] == 0 && solid.color[2] == 0 && solid.color[3] == 1;
}

void edl_describe(const edl_writer *w, const kf_clip_view *clip, edl_source *out)
{
    kf_asset_view asset;
    kf_sequence_view nested;
    *out = (edl_source){.reel = "AX", .name = "", .file = "", .drop = w->sequence.drop_frame};
    if (clip->source == KF_SOURCE_ASSET &&
        kf_asset_at(w->snapshot, kf_asset_index(w->snapshot, clip->source_uid), &asset)) {
        describe_asset(w, &asset, out);
    } else if (clip->source == KF_SOURCE_SEQUENCE &&
               kf_sequence_at(w->snapshot, kf_sequence_index(w->snapshot, clip->source_uid), &nested)) {
        out->name = *nested.name ? nested.name : nested.id;
    } else if (clip->source == KF_SOURCE_GENERATOR && clip->generator.kind) {
        out->name = clip->generator.kind->name;
        out->silent = true;
        out->black = is_black(&clip->generator);
        snprintf(out->reel, sizeof out->reel, out->black ? "BL" : "AX");
    }
    out->name = *clip->name ? clip->name : out->name;
}

void edl_times(const edl_writer *w, const kf_clip_view *clip, edl_part *part)
{
    kf_rational rate = w->sequence.rate;
    kf_time length = part->out - part->in, from, to;
    if (part->source.black) {
        part->source_out = kf_frame_at(part->out, rate) - kf_frame_at(part->in, rate);
        return;
    }
    kf_time t = part->in - clip->start;
    kf_clip_source_span(clip, t, length > 0 ? t + length : t + 1, &from, &to);
    if (length == 0 && clip->reverse) {
        from = to;
    }
    kf_time frame = kf_frame_start(1, rate);
    part->source_in = part->source.start + kf_frame_at(from + frame / 1000, rate);
    part->early = part->source_in < 0;
    part->source_in = part->early ? 0 : part->source_in;
    part->source_out = part->source_in + (length > 0 ? kf_frame_at(to - from + frame - 1, rate) : 0);
    double seconds = length > 0 ? (double)(to - from) / (double)length : 1;
    double speed = clip->frozen ? 0 : clip->remap_count ? seconds : (double)clip->speed.num / clip->speed.den;
    part->has_speed = speed != 1 || clip->reverse;
    part->speed = (clip->reverse ? -speed : speed) * ix_rate_nominal(rate);
    if (clip->frozen && length > 0) {
        part->source_out = part->source_in + 1;
    }
}

/* What an import kept under metadata.edl. The document is new; *member may be NULL. */
static kf_json_doc *kept(const char *metadata, const char *member, const kf_json **out)
{
    kf_json_doc *doc = NULL;
    *out = NULL;
    if (*metadata && kf_json_parse(metadata, strlen(metadata), "metadata", 0, &doc, NULL) == KF_OK) {
        *out = kf_json_get(kf_json_get(kf_json_root(doc), "edl"), member);
    }
    return doc;
}

static bool has_sound(const char *channels)
{
    return strpbrk(channels, "AB") != NULL;
}

void edl_channels(const edl_writer *w, const kf_clip_view *clip, const edl_source *source, int channel, char out[16])
{
    const kf_json *written;
    kf_json_doc *doc = kept(clip->metadata, "channels", &written);
    const char *text = written && written->type == KF_JSON_STRING && written->length < 16 ? written->text : "";
    bool heard = clip->audio && !source->silent;
    bool fits = channel ? !strpbrk(text, "VB") && has_sound(text) : strpbrk(text, "VB") && has_sound(text) == heard;
    if (*text && fits && strspn(text, "VAB0123456789/") == strlen(text)) {
        snprintf(out, 16, "%s", text);
    } else if (channel > 1) {
        snprintf(out, 16, "A%d", channel);
    } else {
        snprintf(out, 16, "%s", channel ? "A" : heard ? "AA/V" : "V");
    }
    kf_json_free(doc);
}

/* ---- Lines ---- */

void edl_put_line(kf_str *out, const char *text)
{
    for (size_t part; *text; text += part) {
        part = strcspn(text, "\r\n");
        kf_str_add_n(out, text, part);
        if (text[part]) {
            kf_str_add(out, " ");
            part += strspn(text + part, "\r\n");
        }
    }
    kf_str_add(out, "\n");
}

void edl_put_fcm(edl_writer *w, bool drop)
{
    w->source_drop = drop;
    kf_str_add(w->out, drop ? "FCM: DROP FRAME\n" : "FCM: NON-DROP FRAME\n");
}

static void put_label(edl_writer *w, int64_t frame, bool drop)
{
    char label[32];
    int64_t nominal = ix_rate_nominal(w->sequence.rate);
    int64_t day = drop && ix_rate_drops(w->sequence.rate) ? 2589408 * (nominal / 30) : 86400 * nominal;
    if (frame >= day && !w->wrapped) {
        w->wrapped = true;
        kf_report_add(w->report, KF_LOSS_CHANGED, w->sequence.id, "Labels of 24 hours and more begin again at 0.");
    }
    kf_timecode_format(frame % day, w->sequence.rate, drop, label);
    kf_str_addf(w->out, " %s", label);
}

static void put_part(edl_writer *w, const edl_part *part, const char *edit)
{
    int64_t start = w->sequence.start_timecode;
    bool drop = w->sequence.drop_frame;
    kf_str_addf(w->out, "%03d  %-8s %-5s %-8s", w->number, part->source.reel, part->channels, edit);
    put_label(w, part->source_in, part->source.drop);
    put_label(w, part->source_out, part->source.drop);
    put_label(w, start + record_frame(w, part->in), drop);
    put_label(w, start + record_frame(w, part->out), drop);
    kf_str_add(w->out, "\n");
}

static void put_speed(edl_writer *w, const edl_part *part)
{
    if (part->has_speed) {
        kf_str_addf(w->out, "M2   %-8s %s%05.1f               ", part->source.reel, part->speed < 0 ? "-" : " ",
                    fabs(part->speed));
        put_label(w, part->source_in, part->source.drop);
        kf_str_add(w->out, "\n");
    }
}

static void put_key(edl_writer *w, const char *key, const char *value)
{
    if (*value) {
        kf_str_addf(w->out, "* %s: ", key);
        edl_put_line(w->out, value);
    }
}

/* A source whose labels count otherwise than those before it is announced. */
static void announce(edl_writer *w, const edl_part *part)
{
    if (part->source.drop != w->source_drop && !part->source.black) {
        edl_put_fcm(w, part->source.drop);
    }
}

static void next_number(edl_writer *w)
{
    if (++w->number == 1000) {
        kf_report_add(w->report, KF_LOSS_NOTE, w->sequence.id,
                      "The list has more than 999 events, which old systems do not read.");
    }
}

void edl_put_cut(edl_writer *w, const edl_part *part)
{
    next_number(w);
    announce(w, part);
    put_part(w, part, "C");
    put_speed(w, part);
    put_key(w, "FROM CLIP NAME", part->source.name);
}

static void set_edit(edl_writer *w, const kf_transition_view *t, int64_t frames, char edit[16])
{
    ix_place place;
    kf_tr_wipe wipe;
    const char *name = t->params.kind ? t->params.kind->name : "transition";
    bool is_wipe = t->params.kind_id == KF_TR_WIPE && kf_params_eval(&t->params, 0, &wipe);
    int code = is_wipe ? edl_wipe_code((double)wipe.angle) : 0;
    if (code) {
        snprintf(edit, 16, "W%03d %03lld", code, (long long)frames);
    } else {
        snprintf(edit, 16, "D    %03lld", (long long)frames);
    }
    if (!code && t->params.kind_id != KF_TR_DISSOLVE) {
        kf_report_add(w->report, KF_LOSS_CHANGED, ix_where(place, &w->sequence, NULL, t->start, name),
                      "A list has no such transition: it became a dissolve.");
    } else if (code && wipe.feather != 0) {
        kf_report_add(w->report, KF_LOSS_CHANGED, ix_where(place, &w->sequence, NULL, t->start, name),
                      "A list cannot say how soft a wipe's edge is.");
    }
}

void edl_put_transition(edl_writer *w, const kf_transition_view *transition, const edl_part *from, const edl_part *to)
{
    char edit[16];
    ix_place place;
    kf_time start = transition->start, end = start + transition->duration;
    int64_t frames = record_frame(w, end) - record_frame(w, start);
    if (edl_nearest_frame(w, start) != start || edl_nearest_frame(w, end) != end) {
        kf_report_add(w->report, KF_LOSS_CHANGED, ix_where(place, &w->sequence, NULL, start, to->source.name),
                      "Its transition begins or ends between two frames: the list has the nearest.");
    }
    set_edit(w, transition, frames < 0 ? 0 : frames > 99999 ? 99999 : frames, edit);
    next_number(w);
    announce(w, from);
    put_part(w, from, "C");
    announce(w, to);
    put_part(w, to, edit);
    put_speed(w, from);
    put_speed(w, to);
    put_key(w, "FROM CLIP NAME", from->source.name);
    put_key(w, "TO CLIP NAME", to->source.name);
}

/* ---- Comments ---- */

void edl_put_comments(edl_writer *w, const char *metadata)
{
    const kf_json *comments;
    kf_json_doc *doc = kept(metadata, "comments", &comments);
    for (const kf_json *c = comments && comments->type == KF_JSON_ARRAY ? comments->first : NULL; c; c = c->next) {
        if (c->type == KF_JSON_STRING) {
            kf_str_add(w->out, "* ");
            edl_put_line(w->out, c->text);
        }
    }
    kf_json_free(doc);
}

/* The numbers of a wheel: "(r g b)". */
static void put_triple(edl_writer *w, const double v[3])
{
    kf_str_addf(w->out, " (%.6g %.6g %.6g)", v[0], v[1], v[2]);
}

static void put_sop(edl_writer *w, const kf_fx_lift_gamma_gain *v)
{
    double slope[3], offset[3], power[3];
    for (int i = 0; i < 3; i++) {
        offset[i] = (double)v->lift[i];
        slope[i] = (double)v->gain[i] - (double)v->lift[i];
        power[i] = 1 / (double)v->gamma[i];
    }
    kf_str_add(w->out, "* ASC_SOP:");
    put_triple(w, slope);
    put_triple(w, offset);
    put_triple(w, power);
    kf_str_add(w->out, "\n");
}

/* The first effects, as far as a CDL says them: wheels, then saturation. Returns how many. */
static int32_t put_cdl(edl_writer *w, const kf_clip_view *clip)
{
    kf_params p;
    kf_fx_lift_gamma_gain wheels;
    kf_fx_saturation saturation;
    int32_t i = 0;
    if (kf_effect_at(w->snapshot, clip->effects, i, &p) && p.enabled && p.constant &&
        p.kind_id == KF_FX_LIFT_GAMMA_GAIN && kf_params_eval(&p, 0, &wheels)) {
        put_sop(w, &wheels);
        i++;
    }
    if (kf_effect_at(w->snapshot, clip->effects, i, &p) && p.enabled && p.constant && p.kind_id == KF_FX_SATURATION &&
        kf_params_eval(&p, 0, &saturation)) {
        kf_str_addf(w->out, "* ASC_SAT: %.6g\n", (double)saturation.amount);
        i++;
    }
    return i;
}

void edl_put_notes(edl_writer *w, const kf_clip_view *clip, const edl_source *source)
{
    put_key(w, "SOURCE FILE", source->file);
    edl_put_comments(w, clip->metadata);
    int32_t said = put_cdl(w, clip);
    ix_place place;
    for (kf_params p; kf_effect_at(w->snapshot, clip->effects, said, &p); said++) {
        kf_report_add(w->report, KF_LOSS_DROPPED, ix_where(place, &w->sequence, NULL, clip->start, source->name),
                      "A list has no effects: %s is gone.", p.kind ? p.kind->name : "an unknown one");
    }
}

void edl_put_locator(edl_writer *w, const kf_marker *marker, kf_time at)
{
    ix_place place;
    kf_str_add(w->out, "* LOC:");
    put_label(w, w->sequence.start_timecode + record_frame(w, at), w->sequence.drop_frame);
    kf_str_addf(w->out, " %-7s ", edl_color_name(marker->color));
    edl_put_line(w->out, *marker->name ? marker->name : marker->note);
    if (marker->duration || (*marker->name && *marker->note)) {
        kf_report_add(w->report, KF_LOSS_CHANGED, ix_where(place, &w->sequence, NULL, at, marker->name),
                      "A list's marker has a point and one text: its %s is gone.",
                      marker->duration ? "length" : "note");
    }
}

/* ---- What is lost ---- */

static bool between_frames(const edl_writer *w, kf_time t)
{
    return kf_frame_start(kf_frame_at(t, w->sequence.rate), w->sequence.rate) != t;
}

static bool speed_is_rounded(const edl_writer *w, const kf_clip_view *clip)
{
    int64_t tenths = (int64_t)clip->speed.num * ix_rate_nominal(w->sequence.rate) * 10;
    return tenths % clip->speed.den != 0;
}

void edl_report_clip(const edl_writer *w, const kf_track_view *track, const kf_clip_view *clip,
                     const edl_part *part)
{
    ix_place place;
    const edl_source *source = &part->source;
    const struct { bool is; kf_loss_kind kind; const char *what;
    } losses[] = {
        {between_frames(w, clip->start) || between_frames(w, clip->start + clip->duration), KF_LOSS_CHANGED,
         "It begins or ends between two frames: the list has the nearest."},
        {!clip->frozen && clip->source == KF_SOURCE_ASSET && between_frames(w, clip->source_in), KF_LOSS_CHANGED,
         "Its source begins between two of the sequence's frames: the list has the one before."},
        {part->early, KF_LOSS_CHANGED, "Its source would begin before its first frame: the list begins there."},
        {clip->remap_count > 0, KF_LOSS_CHANGED,
         "A list has one speed for a clip: the mean of its time remap was taken."},
        {clip->loop, KF_LOSS_CHANGED, "A list has no loops: the source plays on."},
        {!clip->remap_count && !clip->frozen && speed_is_rounded(w, clip), KF_LOSS_CHANGED,
         "M2 has one decimal of a frame a second: the speed was rounded."},
        {clip->transform.ref != KF_REF_NONE, KF_LOSS_DROPPED, "A list cannot place, scale or crop pictures."},
        {clip->video.ref != KF_REF_NONE, KF_LOSS_DROPPED, "A list has no opacity and no blend modes."},
        {clip->sound.ref != KF_REF_NONE, KF_LOSS_DROPPED, "A list has no gain, pan and fades."},
        {clip->audio_effects.count > 0, KF_LOSS_DROPPED, "A list has no effects on sound."},
        {clip->source == KF_SOURCE_SEQUENCE, KF_LOSS_CHANGED, "A nested sequence became one clip of reel AX."},
        {clip->source == KF_SOURCE_GENERATOR && !source->black, KF_LOSS_CHANGED,
         "What is generated became a clip of reel AX: a list has its name only."},
        {strlen(source->reel) > 8, KF_LOSS_NOTE, "The reel's name is longer than 8 characters, which old systems cut."},
    };
    for (size_t i = 0; i < sizeof losses / sizeof *losses; i++) {
        if (losses[i].is) {
            kf_report_add(w->report, losses[i].kind,
                          ix_where(place, &w->sequence, track->name, clip->start, source->name), "%s", losses[i].what);
        }
    }
}
