/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>
#include <string.h>

#include "audio/dsp/api/dsp.h"
#include "base/api/alloc.h"
#include "base/api/json.h"
#include "base/api/time.h"
#include "engine/api/engine.h"
#include "engine/probe.h"
#include "media/api/source.h"

typedef struct probe {
    const kf_media_info *info;
    bool loud;
    kf_loudness_values loudness;
    float peak_db, rms_db;
} probe;

/* ---- Measuring the sound ---- */

enum { BLOCK = 16384 };

static kf_status measure_blocks(kf_audio_source *source, int channels, int rate, probe *p, kf_error *err)
{
    kf_loudness *loudness = NULL;
    kf_meter meter = {0};
    float *memory = kf_alloc((size_t)channels * BLOCK * sizeof(float)), *planes[KF_DSP_MAX_CHANNELS];
    kf_status status = memory ? kf_loudness_create(rate, channels, &loudness, err) : kf_fail_memory(err);
    for (int c = 0; c < channels; c++) planes[c] = memory + (size_t)c * BLOCK;
    int64_t length = status == KF_OK ? kf_audio_source_length(source) : 0;
    for (int64_t at = 0; at < length && status == KF_OK; at += BLOCK) {
        int n = (int)(length - at < BLOCK ? length - at : BLOCK);
        status = kf_audio_source_read(source, at, planes, n, err);
        if (status != KF_OK) break;
        kf_meter_add(&meter, channels, n, (const float *const *)planes);
        status = kf_loudness_add(loudness, n, (const float *const *)planes, err);
    }
    p->loudness = kf_loudness_get(loudness);
    p->peak_db = kf_meter_peak_db(&meter, channels);
    p->rms_db = kf_meter_rms_db(&meter, channels);
    p->loud = status == KF_OK;
    kf_loudness_destroy(loudness);
    kf_free(memory);
    return status;
}

static kf_status measure(kf_media *media, probe *p, kf_error *err)
{
    kf_audio_source *source;
    if (p->info->best_audio < 0) return KF_OK;
    const kf_stream_info *s = &p->info->streams[p->info->best_audio];
    kf_status status = kf_audio_source_open(media, -1, s->sample_rate, s->channels > 2 ? 0 : s->channels, &source, err);
    if (status != KF_OK) return status;
    int channels = kf_audio_source_channels(source);
    if (channels <= KF_DSP_MAX_CHANNELS) status = measure_blocks(source, channels, s->sample_rate, p, err);
    kf_audio_source_close(source);
    return status;
}

/* ---- Words ---- */

static const char *primaries_name(uint8_t code) { return kf_color_name(kf_primaries_names, kf_primaries_codes, code); }
static const char *transfer_name(uint8_t code) { return kf_color_name(kf_transfer_names, kf_transfer_codes, code); }
static const char *matrix_name(uint8_t code) { return kf_color_name(kf_matrix_names, kf_matrix_codes, code); }
static const char *range_name(uint8_t code) { return kf_color_name(kf_range_names, kf_range_codes, code); }

static const char *const type_names[] = {"video", "audio", "subtitle", "other"};
static const char *const field_names[] = {"progressive", "top first", "bottom first"};

static double rate_of(kf_rational r)
{
    return r.den > 0 ? (double)r.num / (double)r.den : 0;
}

/* ---- Plain text ---- */

static void write_clock(kf_str *out, kf_time t)
{
    char text[32];
    kf_clock_format(t, text);
    kf_str_add(out, text);
}

static void plain_video(kf_str *out, const kf_stream_info *s)
{
    kf_str_addf(out, ", %dx%d", s->width, s->height);
    if (s->shown_width != s->width || s->shown_height != s->height)
        kf_str_addf(out, " (shown %dx%d)", s->shown_width, s->shown_height);
    if (s->rotation) kf_str_addf(out, ", turned %d degrees", s->rotation);
    if (s->rate.num) kf_str_addf(out, ", %.6g frames/s%s", rate_of(s->rate), s->variable_rate ? " (variable)" : "");
    if (s->fields != KF_FIELDS_PROGRESSIVE) kf_str_addf(out, ", interlaced %s", field_names[s->fields]);
    kf_str_addf(out, ", %s, %s/%s/%s %s", s->pixel_format, primaries_name(s->color.primaries),
                transfer_name(s->color.transfer), matrix_name(s->color.matrix), range_name(s->color.range));
    if (s->alpha) kf_str_add(out, ", alpha");
    if (s->frames) kf_str_addf(out, ", %lld frames", (long long)s->frames);
}

static void plain_stream(kf_str *out, int i, const kf_stream_info *s)
{
    kf_str_addf(out, "  %d %-8s %s", i, type_names[s->type], s->codec);
    if (s->profile[0]) kf_str_addf(out, " (%s)", s->profile);
    if (s->type == KF_STREAM_VIDEO) plain_video(out, s);
    if (s->type == KF_STREAM_AUDIO) kf_str_addf(out, ", %d Hz, %s", s->sample_rate, s->layout);
    if (s->bit_rate) kf_str_addf(out, ", %lld kbit/s", (long long)(s->bit_rate / 1000));
    if (s->language[0]) kf_str_addf(out, ", %s", s->language);
    if (s->start > 0) kf_str_addf(out, ", starts at %.3f s", kf_time_seconds(s->start));
    kf_str_add(out, "\n");
}

static void write_plain(const probe *p, kf_str *out)
{
    const kf_media_info *m = p->info;
    kf_str_addf(out, "%s: %s", m->path, m->container_label);
    if (m->still) {
        kf_str_add(out, ", one picture");
    } else if (m->duration != KF_TIME_NONE) {
        kf_str_add(out, ", ");
        write_clock(out, m->duration);
    }
    if (m->bit_rate) kf_str_addf(out, ", %lld kbit/s", (long long)(m->bit_rate / 1000));
    kf_str_add(out, "\n");
    for (int i = 0; i < m->stream_count; i++) plain_stream(out, i, &m->streams[i]);
    if (m->timecode[0]) kf_str_addf(out, "  timecode %s\n", m->timecode);
    for (int i = 0; i < m->chapter_count; i++) {
        kf_str_add(out, "  chapter ");
        write_clock(out, m->chapters[i].start);
        kf_str_addf(out, " %s\n", m->chapters[i].title);
    }
    if (!p->loud) return;
    kf_str_addf(out, "  sound: peak %.1f dBFS, RMS %.1f dB", p->peak_db, p->rms_db);
    if (p->loudness.available)
        kf_str_addf(out, ", %.1f LUFS, range %.1f LU, true peak %.1f dBTP", p->loudness.integrated, p->loudness.range,
                    p->loudness.true_peak_db);
    kf_str_add(out, "\n");
}

/* ---- JSON ---- */

static void json_text(kf_json_writer *w, const char *key, const char *text)
{
    if (!text || !text[0]) return;
    kf_json_put_string(w, key, text);
}

static void json_time(kf_json_writer *w, const char *key, kf_time t)
{
    if (t != KF_TIME_NONE) kf_json_put_number(w, key, kf_time_seconds(t));
}

static void json_rate(kf_json_writer *w, const char *key, kf_rational r)
{
    kf_str text = {0};
    kf_str_addf(&text, "%lld/%lld", (long long)r.num, (long long)r.den);
    if (r.num) json_text(w, key, text.data);
    kf_str_finish(&text);
}

static void json_video(kf_json_writer *w, const kf_stream_info *s)
{
    kf_json_put_int(w, "width", s->width);
    kf_json_put_int(w, "height", s->height);
    kf_json_put_int(w, "shown_width", s->shown_width);
    kf_json_put_int(w, "shown_height", s->shown_height);
    kf_json_put_int(w, "rotation", s->rotation);
    json_rate(w, "rate", s->rate);
    kf_json_put_bool(w, "variable_rate", s->variable_rate);
    json_text(w, "fields", field_names[s->fields]);
    json_text(w, "pixel_format", s->pixel_format);
    json_text(w, "primaries", primaries_name(s->color.primaries));
    json_text(w, "transfer", transfer_name(s->color.transfer));
    json_text(w, "matrix", matrix_name(s->color.matrix));
    json_text(w, "range", range_name(s->color.range));
    kf_json_put_bool(w, "alpha", s->alpha);
    kf_json_put_int(w, "frames", s->frames);
}

static void json_stream(kf_json_writer *w, const kf_stream_info *s)
{
    kf_json_begin_object(w);
    json_text(w, "type", type_names[s->type]);
    json_text(w, "codec", s->codec);
    json_text(w, "profile", s->profile);
    json_text(w, "language", s->language);
    json_text(w, "title", s->title);
    json_time(w, "start", s->start);
    json_time(w, "duration", s->duration);
    kf_json_put_int(w, "bit_rate", s->bit_rate);
    if (s->type == KF_STREAM_VIDEO) json_video(w, s);
    if (s->type == KF_STREAM_AUDIO) {
        kf_json_put_int(w, "sample_rate", s->sample_rate);
        kf_json_put_int(w, "channels", s->channels);
        json_text(w, "layout", s->layout);
    }
    kf_json_end_object(w);
}

static void json_sound(kf_json_writer *w, const probe *p)
{
    kf_json_key(w, "sound");
    kf_json_begin_object(w);
    kf_json_put_number(w, "peak_db", p->peak_db);
    kf_json_put_number(w, "rms_db", p->rms_db);
    if (p->loudness.available) {
        kf_json_put_number(w, "lufs", p->loudness.integrated);
        kf_json_put_number(w, "range_lu", p->loudness.range);
        kf_json_put_number(w, "true_peak_db", p->loudness.true_peak_db);
    }
    kf_json_end_object(w);
}

static void write_json(const probe *p, kf_str *out)
{
    kf_json_writer w = {.out = out};
    const kf_media_info *m = p->info;
    kf_json_begin_object(&w);
    json_text(&w, "path", m->path);
    json_text(&w, "container", m->container);
    json_text(&w, "label", m->container_label);
    json_time(&w, "duration", m->duration);
    kf_json_put_int(&w, "bytes", m->bytes);
    kf_json_put_int(&w, "bit_rate", m->bit_rate);
    kf_json_put_bool(&w, "still", m->still);
    json_text(&w, "timecode", m->timecode);
    kf_json_key(&w, "streams");
    kf_json_begin_array(&w);
    for (int i = 0; i < m->stream_count; i++) json_stream(&w, &m->streams[i]);
    kf_json_end_array(&w);
    kf_json_key(&w, "chapters");
    kf_json_begin_array(&w);
    for (int i = 0; i < m->chapter_count; i++) {
        kf_json_begin_object(&w);
        json_time(&w, "start", m->chapters[i].start);
        json_time(&w, "end", m->chapters[i].end);
        json_text(&w, "title", m->chapters[i].title);
        kf_json_end_object(&w);
    }
    kf_json_end_array(&w);
    kf_json_key(&w, "metadata");
    kf_json_begin_object(&w);
    for (int i = 0; i < m->metadata_count; i++) json_text(&w, m->metadata[i].key, m->metadata[i].value);
    kf_json_end_object(&w);
    if (p->loud) json_sound(&w, p);
    kf_json_end_object(&w);
    kf_str_add(out, "\n");
}

void kf_probe_write_json(const kf_media_info *info, kf_str *out)
{
    write_json(&(probe){.info = info}, out);
}

kf_status kf_engine_probe(const char *path, const kf_probe_params *params, kf_text_format format, kf_str *out,
                          kf_error *err)
{
    kf_media_params mp = kf_media_params_default();
    kf_media *media;
    probe p = {0};
    kf_status status = kf_media_open(path, &mp, &media, err);
    if (status != KF_OK) return status;
    if (params && params->index) status = kf_media_index(media, err);
    p.info = kf_media_describe(media);
    if (status == KF_OK && params && params->loudness) status = measure(media, &p, err);
    if (status == KF_OK) {
        if (format == KF_TEXT_JSON)
            write_json(&p, out);
        else
            write_plain(&p, out);
        if (out->failed) status = kf_fail_memory(err);
    }
    kf_media_close(media);
    return status;
}
