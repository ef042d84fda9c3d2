/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "reel/film.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- The frame ---- */

static kf_status bad_resolution(reel *r)
{
    const kf_json *value = kf_json_get(kf_json_get(r->config.root, "videoSettings"), "resolution");
    return REEL_FAIL(r, value ? value : r->config.root,
                     "\"%.40s\" is no resolution: write width x height, each even and from 16 to 8192, such as \"1080x1920\"",
                     r->config.video.resolution);
}

static kf_status read_resolution(reel *r)
{
    const char *text = r->config.video.resolution;
    int32_t side[2] = {0, 0};
    int part = 0;
    for (; *text; text++) {
        bool digit = *text >= '0' && *text <= '9';
        if (digit && side[part] < 10000) {
            side[part] = side[part] * 10 + (*text - '0');
        } else if (!digit && (*text == 'x' || *text == 'X') && part == 0) {
            part = 1;
        } else {
            return bad_resolution(r);
        }
    }
    for (int i = 0; i < 2; i++) {
        if (side[i] < 16 || side[i] > 8192 || side[i] % 2) {
            return bad_resolution(r);
        }
    }
    r->width = side[0];
    r->height = side[1];
    return KF_OK;
}

/* 29.97 and the like stand for the exact NTSC rates; others are kept to a thousandth. */
static kf_rational exact_rate(double fps)
{
    static const int32_t nominals[] = {24, 30, 48, 60, 120};
    kf_rational rate = {30, 1};
    for (size_t i = 0; i < sizeof nominals / sizeof *nominals; i++) {
        if (fabs(fps - nominals[i] * 1000.0 / 1001) < 0.0051) {
            return (kf_rational){nominals[i] * 1000, 1001};
        }
    }
    kf_rational_make(llround(fps * 1000), 1000, &rate);
    return rate;
}

/* ---- The film ---- */

static void write_asset(reel *r, const reel_asset *a)
{
    const kf_media_facts *f = &a->facts;
    kf_json_key(&r->w, a->id);
    kf_json_begin_object(&r->w);
    kf_json_put_string(&r->w, "path", a->file);
    if (f->video || f->audio) {
        kf_json_key(&r->w, "media");
        kf_json_begin_object(&r->w);
        kf_json_put_bool(&r->w, "video", f->video);
        kf_json_put_bool(&r->w, "audio", f->audio);
        if (f->still) {
            kf_json_put_bool(&r->w, "still", true);
        }
        if (f->duration > 0) {
            film_time(r, "duration", f->duration);
        }
        if (f->video && f->width > 0) {
            film_point(r, "size", f->width, f->height);
        }
        if (f->video && f->rate.num > 0 && !f->still) {
            kf_str rate = {0};
            kf_str_addf(&rate, "%d/%d", (int)f->rate.num, (int)f->rate.den);
            kf_json_put_string(&r->w, "rate", rate.data);
            kf_str_finish(&rate);
        }
        kf_json_end_object(&r->w);
    }
    kf_json_end_object(&r->w);
}

static void write_assets(reel *r)
{
    if (r->asset_count == 0) {
        return;
    }
    kf_json_key(&r->w, "assets");
    kf_json_begin_object(&r->w);
    for (size_t i = 0; i < r->asset_count; i++) {
        write_asset(r, &r->assets[i]);
    }
    kf_json_end_object(&r->w);
}

static void write_main(reel *r)
{
    film_sequence_begin(r, "main", "Reel", r->width, r->height);
    if (r->config.audio.master_volume != 100) {
        kf_json_put_number(&r->w, "master_gain", reel_gain(r->config.audio.master_volume));
    }
    if (!isnan(r->config.background.color[0])) {
        film_color(r, "background", r->config.background.color);
    }
    film_tracks_begin(r);
    reel_write_backdrop(r);
    r->config.kind->write_tracks(r);
    reel_write_sound(r);
    film_sequence_end(r);
}

static void write_film(reel *r)
{
    kf_json_begin_object(&r->w);
    kf_json_put_int(&r->w, "kerf", 1);
    kf_json_put_string(&r->w, "main", "main");
    write_assets(r);
    kf_json_key(&r->w, "sequences");
    kf_json_begin_array(&r->w);
    write_main(r);
    if (r->config.kind->write_sequences) {
        r->config.kind->write_sequences(r);
    }
    kf_json_end_array(&r->w);
    kf_json_end_object(&r->w);
}

/* ---- The whole way ---- */

kf_time reel_frame(const reel *r, kf_time t)
{
    int64_t frame = kf_frame_at(t, r->rate);
    kf_time start = kf_frame_start(frame, r->rate);
    return start < t ? kf_frame_start(frame + 1, r->rate) : start;
}

void reel_set_duration(reel *r, kf_time content)
{
    kf_time wanted = r->config.video.duration;
    r->duration = reel_frame(r, wanted != KF_TIME_NONE ? wanted : content);
}

int32_t reel_px(const reel *r, double length)
{
    return (int32_t)lround(length * r->unit);
}

int32_t reel_even(double length)
{
    return 2 * (int32_t)ceil(length / 2 - 1e-9);
}

reel_reader reel_reader_of(reel *r)
{
    return (reel_reader){.name = r->name, .options = r->options, .arena = &r->arena, .err = r->err};
}

const kf_json *reel_member(const kf_json *object, const char *key)
{
    const kf_json *m = kf_json_get(object, key);
    return m ? m : object;
}

static kf_status check_sample_rate(reel *r)
{
    int32_t rate = r->config.audio.sample_rate;
    return rate == 44100 || rate == 48000
               ? KF_OK
               : REEL_FAIL(r, r->config.root, "audioSettings.sampleRate: %d is neither 44100 nor 48000", (int)rate);
}

/* The frame, or the upper half of it. */
static void place_area(reel *r)
{
    r->area = (reel_box){0, 0, r->width, r->config.video.brainrot ? reel_even(r->height / 2.0) : r->height};
}

static kf_status prepare(reel *r)
{
    r->rate = exact_rate((double)r->config.video.fps);
    r->unit = 1;
    kf_status status = read_resolution(r);
    if (status == KF_OK) {
        status = check_sample_rate(r);
    }
    if (status == KF_OK) {
        status = reel_prepare_backdrop(r);
    }
    if (status == KF_OK) {
        status = reel_prepare_sound(r);
    }
    if (status != KF_OK) {
        return status;
    }
    place_area(r);
    status = r->config.kind->lay_out(r);
    if (status == KF_OK && r->duration <= 0) {
        status = REEL_FAIL(r, r->config.root, "there is nothing to show: give \"messages\", or a \"duration\"");
    }
    return status;
}

/* What was written is a film like any other, or it is not given out. */
static kf_status validate(reel *r, const kf_str *film)
{
    kf_film *loaded = NULL;
    kf_film_load load = {.name = r->name};
    kf_status status = kf_film_load_json(film->data, film->length, &load, &loaded, r->err);
    kf_film_destroy(loaded);
    return status;
}

static kf_reel_output output_of(const reel *r)
{
    static const int32_t crf[] = {28, 23, 18, 14};
    return (kf_reel_output){.width = r->width, .height = r->height, .rate = r->rate, .duration = r->duration,
        .crf = crf[r->config.video.quality], .speed = "medium", .audio_bitrate = reel_is_heard(r) ? 128000 : 0};
}

static kf_status make_film(reel *r, const char *config, size_t length, kf_str *film)
{
    reel_documents documents = {0};
    kf_str text = {0};
    reel_reader reader = reel_reader_of(r);
    r->w = (kf_json_writer){.out = &text};
    kf_status status = reel_config_read(&reader, config, length, &documents, &r->config);
    if (status == KF_OK) {
        status = prepare(r);
    }
    if (status == KF_OK) {
        write_film(r);
        status = text.failed ? kf_fail_memory(r->err) : KF_OK;
    }
    if (status == KF_OK) {
        status = validate(r, &text);
    }
    if (status == KF_OK) {
        kf_str_add_n(film, text.data, text.length);
    }
    kf_str_finish(&text);
    reel_documents_finish(&documents);
    return status == KF_OK && film->failed ? kf_fail_memory(r->err) : status;
}

kf_status kf_reel_make(const char *config, size_t length, const kf_reel_resolver *resolver, const kf_reel_options *options,
                       kf_str *film, kf_reel_output *output, kf_error *err)
{
    reel r = {.resolver = resolver, .options = options, .err = err, .name = options && options->name ? options->name : "reel"};
    kf_status status = make_film(&r, config, length, film);
    if (status == KF_OK && output) {
        *output = output_of(&r);
    }
    kf_free(r.assets);
    kf_free(r.voices);
    kf_free(r.effects);
    kf_arena_finish(&r.arena);
    return status;
}
