/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Films as JSON. What is at its default is left out; times are exact. */
#include <stdio.h>
#include <string.h>

#include "model/json/writer.h"

/* ---- Tracks ---- */

static void write_track_keys(film_writer *fw, const kf_track_view *t)
{
    kf_json_writer *w = &fw->w;
    const struct { const char *key; bool on; } flags[] = {
        {"mute", t->mute}, {"hide", t->hide}, {"lock", t->lock}, {"solo", t->solo}, {"target", t->target}};
    write_id(w, t->uid);
    write_text_key(w, "kind", t->kind == KF_TRACK_AUDIO ? "audio" : "video");
    write_text_key(w, "name", t->name);
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        if (flags[i].on) {
            kf_json_put_bool(w, flags[i].key, true);
        }
    }
    if (!t->sync_lock) {
        kf_json_put_bool(w, "sync_lock", false);
    }
    if (t->matte != KF_MATTE_NONE) {
        write_text_key(w, "matte", t->matte == KF_MATTE_LUMA ? "luma" : "alpha");
    }
    if (t->matte_invert) {
        kf_json_put_bool(w, "matte_invert", true);
    }
    write_params(fw, &t->video);
    write_params(fw, &t->audio);
    write_effects(fw, "effects", t->effects);
    write_effects(fw, "audio_effects", t->audio_effects);
    write_text_key(w, "label", t->label);
    write_metadata(fw, t->metadata);
}

void write_track_head(film_writer *fw, const void *track)
{
    kf_json_begin_object(&fw->w);
    write_track_keys(fw, track);
    kf_json_end_object(&fw->w);
}

void write_track(film_writer *fw, const kf_track_view *t)
{
    kf_json_writer *w = &fw->w;
    kf_cursor cursor;
    kf_json_begin_object(w);
    write_track_keys(fw, t);
    kf_json_key(w, "clips");
    kf_json_begin_array(w);
    kf_cursor_init(&cursor, fw->snapshot, t);
    for (int64_t i = 0; i < t->item_count && kf_cursor_next(&cursor) && write_count(fw); i++) {
        write_item(fw, &cursor);
    }
    kf_json_end_array(w);
    kf_json_end_object(w);
}

/* ---- Sequences ---- */

static void write_code(kf_json_writer *w, const char *key, const char *const *names, const uint8_t *codes, uint8_t code,
                       uint8_t otherwise)
{
    for (int i = 0; names[i] && code != otherwise; i++) {
        if (codes[i] == code) {
            write_text_key(w, key, names[i]);
            return;
        }
    }
}

static void write_color_description(kf_json_writer *w, kf_color c, kf_color otherwise)
{
    if (c.matrix == otherwise.matrix && c.primaries == otherwise.primaries && c.transfer == otherwise.transfer &&
        c.range == otherwise.range) {
        return;
    }
    kf_json_key(w, "color");
    kf_json_begin_object(w);
    write_code(w, "matrix", kf_matrix_names, kf_matrix_codes, c.matrix, otherwise.matrix);
    write_code(w, "primaries", kf_primaries_names, kf_primaries_codes, c.primaries, otherwise.primaries);
    write_code(w, "transfer", kf_transfer_names, kf_transfer_codes, c.transfer, otherwise.transfer);
    write_code(w, "range", kf_range_names, kf_range_codes, c.range, otherwise.range);
    kf_json_end_object(w);
}

static void write_size(kf_json_writer *w, int32_t width, int32_t height)
{
    kf_json_key(w, "size");
    bool was = write_compact(w);
    kf_json_begin_array(w);
    kf_json_write_int(w, width);
    kf_json_write_int(w, height);
    kf_json_end_array(w);
    w->compact = was;
}

static void write_picture(film_writer *fw, const kf_sequence_view *s)
{
    kf_json_writer *w = &fw->w;
    if (!s->auto_size) {
        write_size(w, s->width, s->height);
    }
    if (s->pixel_aspect.num != s->pixel_aspect.den) {
        kf_json_key(w, "pixel_aspect");
        write_ratio(w, s->pixel_aspect);
    }
    if (!s->auto_rate) {
        kf_json_key(w, "rate");
        write_ratio(w, s->rate);
    }
    if (s->working == KF_WORKING_LINEAR) {
        write_text_key(w, "working", "linear");
    }
    write_color_description(w, s->color, (kf_color){KF_PRI_BT709, KF_TRC_BT709, KF_MAT_BT709, KF_RANGE_LIMITED, 0});
    if (s->background[0] != 0 || s->background[1] != 0 || s->background[2] != 0 || s->background[3] != 1) {
        kf_json_key(w, "background");
        write_float_color(w, s->background);
    }
    if (s->start_timecode != 0) {
        char text[32];
        kf_timecode_format(s->start_timecode, s->rate, s->drop_frame, text);
        write_text_key(w, "start_timecode", text);
    }
    if (s->drop_frame) {
        kf_json_put_bool(w, "drop_frame", true);
    }
}

static void write_sound(film_writer *fw, const kf_sequence_view *s)
{
    kf_json_writer *w = &fw->w;
    if (s->sample_rate != 48000) {
        kf_json_put_int(w, "sample_rate", s->sample_rate);
    }
    if (s->channels != 2) {
        kf_json_put_int(w, "channels", s->channels);
    }
    if (s->master_gain != 0) {
        kf_json_key(w, "master_gain");
        write_float(w, s->master_gain);
    }
    if (!s->limiter) {
        kf_json_put_bool(w, "limiter", false);
    }
    if (s->has_loudness) {
        kf_json_key(w, "loudness");
        write_float(w, s->loudness);
    }
    write_effects(fw, "audio_effects", s->audio_effects);
}

static void write_notes(film_writer *fw, const kf_sequence_view *s)
{
    if (s->mark_in != KF_TIME_NONE) {
        write_time_key(fw, "mark_in", s->mark_in);
    }
    if (s->mark_out != KF_TIME_NONE) {
        write_time_key(fw, "mark_out", s->mark_out);
    }
    if (s->multicam) {
        kf_json_put_bool(&fw->w, "multicam", true);
    }
    write_text_key(&fw->w, "bin", s->bin);
    write_text_key(&fw->w, "label", s->label);
}

static void write_sequence(film_writer *fw, const kf_sequence_view *s)
{
    kf_track_view track;
    fw->rate = s->auto_rate ? (kf_rational){0} : s->rate;
    write_picture(fw, s);
    write_sound(fw, s);
    write_markers(fw, s->markers);
    write_notes(fw, s);
    kf_json_key(&fw->w, "tracks");
    kf_json_begin_array(&fw->w);
    for (int32_t i = 0; kf_track_get(fw->snapshot, s, i, &track); i++) {
        write_track(fw, &track);
    }
    kf_json_end_array(&fw->w);
}

static void write_names(film_writer *fw, const kf_sequence_view *s)
{
    write_text_key(&fw->w, "id", s->id);
    write_text_key(&fw->w, "name", s->name);
    write_metadata(fw, s->metadata);
}

void write_named_sequence(film_writer *fw, const kf_sequence_view *s)
{
    kf_json_begin_object(&fw->w);
    write_names(fw, s);
    write_sequence(fw, s);
    kf_json_end_object(&fw->w);
}

void write_sequence_head(film_writer *fw, const void *sequence)
{
    kf_json_begin_object(&fw->w);
    write_names(fw, sequence);
    write_picture(fw, sequence);
    write_sound(fw, sequence);
    write_notes(fw, sequence);
    kf_json_end_object(&fw->w);
}

/* ---- The film ---- */

static void write_source_timecode(kf_json_writer *w, const kf_source_timecode *t)
{
    char text[32];
    kf_timecode_format(t->start, t->rate, t->drop_frame, text);
    kf_json_key(w, "timecode");
    bool was = write_compact(w);
    kf_json_begin_object(w);
    write_text_key(w, "start", text);
    kf_json_key(w, "rate");
    write_ratio(w, t->rate);
    if (t->drop_frame) {
        kf_json_put_bool(w, "drop_frame", true);
    }
    kf_json_end_object(w);
    w->compact = was;
}

static void write_media(film_writer *fw, const kf_media_known *m)
{
    kf_json_writer *w = &fw->w;
    kf_json_key(w, "media");
    bool was = write_compact(w);
    kf_json_begin_object(w);
    kf_json_put_bool(w, "video", m->facts.video);
    kf_json_put_bool(w, "audio", m->facts.audio);
    if (m->facts.still) {
        kf_json_put_bool(w, "still", true);
    }
    if (m->facts.duration > 0) {
        write_time_key(fw, "duration", m->facts.duration);
    }
    if (m->facts.width > 0) {
        write_size(w, m->facts.width, m->facts.height);
    }
    if (m->facts.rate.num > 0) {
        kf_json_key(w, "rate");
        write_ratio(w, m->facts.rate);
    }
    if (m->bytes > 0) {
        kf_json_put_int(w, "bytes", m->bytes);
    }
    if (m->has_hash) {
        char text[20];
        snprintf(text, sizeof text, "%016llx", (unsigned long long)m->hash);
        write_text_key(w, "hash", text);
    }
    kf_json_end_object(w);
    w->compact = was;
}

static void write_proxy(kf_json_writer *w, const kf_proxy *p)
{
    static const char *const states[] = {"", "queued", "building", "ready", "failed", "offline"};
    kf_json_key(w, "proxy");
    bool was = write_compact(w);
    kf_json_begin_object(w);
    write_text_key(w, "path", p->path);
    write_text_key(w, "state", states[p->state]);
    if (p->use) {
        kf_json_put_bool(w, "use", true);
    }
    kf_json_end_object(w);
    w->compact = was;
}

static void write_subclips(film_writer *fw, const kf_asset_view *a)
{
    kf_json_writer *w = &fw->w;
    kf_subclip c;
    if (a->subclip_count == 0) {
        return;
    }
    kf_json_key(w, "subclips");
    kf_json_begin_array(w);
    for (int32_t i = 0; kf_subclip_at(fw->snapshot, a, i, &c); i++) {
        kf_json_begin_object(w);
        write_text_key(w, "name", c.name);
        if (c.in != 0) {
            write_time_key(fw, "in", c.in);
        }
        write_time_key(fw, "out", c.out);
        write_text_key(w, "label", c.label);
        write_text_key(w, "bin", c.bin);
        write_metadata(fw, c.metadata);
        kf_json_end_object(w);
    }
    kf_json_end_array(w);
}

/* What to believe instead of what the file says. */
static void write_beliefs(film_writer *fw, const kf_asset_view *a)
{
    static const char *const deinterlace[] = {"auto", "on", "off"};
    static const char *const alpha[] = {"auto", "straight", "premultiplied", "ignore"};
    kf_color none = {KF_PRI_UNSPECIFIED, KF_TRC_UNSPECIFIED, KF_MAT_UNSPECIFIED, KF_RANGE_UNSPECIFIED, 0};
    kf_json_writer *w = &fw->w;
    if (a->rate.num > 0) {
        kf_json_key(w, "rate");
        write_ratio(w, a->rate);
    }
    write_color_description(w, a->color, none);
    if (a->deinterlace != KF_DEINTERLACE_AUTO) {
        write_text_key(w, "deinterlace", deinterlace[a->deinterlace]);
    }
    if (a->alpha != KF_ALPHA_AUTO) {
        write_text_key(w, "alpha", alpha[a->alpha]);
    }
}

static void write_asset_keys(film_writer *fw, const kf_asset_view *a, bool markers)
{
    kf_json_writer *w = &fw->w;
    write_text_key(w, "path", a->path);
    write_text_key(w, "name", a->name);
    write_beliefs(fw, a);
    if (a->offline) {
        kf_json_put_bool(w, "offline", true);
    }
    if (a->timecode.known) {
        write_source_timecode(w, &a->timecode);
    }
    write_text_key(w, "reel", a->reel);
    if (a->media.known) {
        write_media(fw, &a->media);
    }
    if (a->proxy.state != KF_PROXY_NONE) {
        write_proxy(w, &a->proxy);
    }
    write_text_key(w, "bin", a->bin);
    write_text_key(w, "label", a->label);
    if (markers) {
        write_markers(fw, a->markers);
    }
    write_subclips(fw, a);
    write_metadata(fw, a->metadata);
}

void write_asset(film_writer *fw, const kf_asset_view *a)
{
    fw->rate = (kf_rational){0};
    kf_json_begin_object(&fw->w);
    write_asset_keys(fw, a, true);
    kf_json_end_object(&fw->w);
}

void write_asset_head(film_writer *fw, const void *asset)
{
    fw->rate = (kf_rational){0};
    kf_json_begin_object(&fw->w);
    write_asset_keys(fw, asset, false);
    kf_json_end_object(&fw->w);
}

/* Nothing but a path. */
static bool is_plain(const kf_asset_view *a)
{
    bool said = *a->name || *a->bin || *a->label || *a->reel || *a->metadata || a->rate.num > 0 || a->offline ||
                a->timecode.known || a->media.known || a->proxy.state != KF_PROXY_NONE || a->markers.count > 0 ||
                a->subclip_count > 0;
    bool believed = a->color.matrix != KF_MAT_UNSPECIFIED || a->color.primaries != KF_PRI_UNSPECIFIED ||
                    a->color.transfer != KF_TRC_UNSPECIFIED || a->color.range != KF_RANGE_UNSPECIFIED ||
                    a->deinterlace != KF_DEINTERLACE_AUTO || a->alpha != KF_ALPHA_AUTO;
    return !said && !believed;
}

static void write_assets(film_writer *fw)
{
    kf_asset_view asset;
    if (!kf_asset_at(fw->snapshot, 0, &asset)) {
        return;
    }
    kf_json_key(&fw->w, "assets");
    kf_json_begin_object(&fw->w);
    for (int32_t i = 0; kf_asset_at(fw->snapshot, i, &asset); i++) {
        kf_json_key(&fw->w, asset.id);
        if (is_plain(&asset)) {
            kf_json_write_string(&fw->w, asset.path);
        } else {
            write_asset(fw, &asset);
        }
    }
    kf_json_end_object(&fw->w);
}

static void write_bins(film_writer *fw)
{
    const char *path = kf_bin_at(fw->snapshot, 0);
    if (!path) {
        return;
    }
    kf_json_key(&fw->w, "bins");
    kf_json_begin_array(&fw->w);
    for (int32_t i = 0; (path = kf_bin_at(fw->snapshot, i)); i++) {
        kf_json_write_string(&fw->w, path);
    }
    kf_json_end_array(&fw->w);
}

static void write_sequences(film_writer *fw, const kf_project_view *project)
{
    kf_sequence_view s;
    bool one = project->sequence_count == 1 && kf_sequence_at(fw->snapshot, 0, &s);
    if (one && !*s.name && !*s.metadata && strcmp(s.id, "main") == 0) {
        write_sequence(fw, &s);
        return;
    }
    if (project->main_sequence > 0 && kf_sequence_at(fw->snapshot, project->main_sequence, &s)) {
        write_text_key(&fw->w, "main", s.id);
    }
    kf_json_key(&fw->w, "sequences");
    kf_json_begin_array(&fw->w);
    for (int32_t i = 0; kf_sequence_at(fw->snapshot, i, &s); i++) {
        write_named_sequence(fw, &s);
    }
    kf_json_end_array(&fw->w);
}

kf_status kf_film_write_json(kf_snapshot snapshot, kf_str *out, kf_error *err)
{
    kf_project_view project;
    film_writer fw = {.w = {.out = out}, .snapshot = snapshot};
    if (!kf_project_get(snapshot, &project)) {
        return kf_fail(err, KF_ERR_INTERNAL, "there is no film in this snapshot");
    }
    kf_json_begin_object(&fw.w);
    kf_json_key(&fw.w, "kerf");
    kf_json_write_int(&fw.w, 1);
    write_text_key(&fw.w, "name", project.name);
    write_metadata(&fw, project.metadata);
    write_bins(&fw);
    write_assets(&fw);
    write_sequences(&fw, &project);
    kf_json_end_object(&fw.w);
    kf_str_add(out, "\n");
    if (fw.stopped) {
        return kf_fail(err, KF_ERR_INVALID, "the film is damaged, or too large to be written as JSON (%d GiB)",
                       (int)(WRITE_MOST >> 30));
    }
    return out->failed ? kf_fail_memory(err) : KF_OK;
}
