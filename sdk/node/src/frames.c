/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pictures in JavaScript's buffers: effects on them, and films made of them. A processor or an encoder is used by one
 * call at a time; calls that come together wait for each other. */
#include "addon.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kerf/frames.h"

/* ---- Buffers ---- */

/* Memory of JavaScript's that is in use as long as the reference is there. */
typedef struct buffer {
    napi_ref reference;
    uint8_t *bytes;
    size_t length;
} buffer;

static bool hold(napi_env env, napi_value value, buffer *out)
{
    void *bytes;
    bool is = false;
    if (napi_is_buffer(env, value, &is) == napi_ok && is &&
        napi_get_buffer_info(env, value, &bytes, &out->length) == napi_ok &&
        napi_create_reference(env, value, 1, &out->reference) == napi_ok) {
        out->bytes = bytes;
        return true;
    }
    kn_throw(env, KF_ERR_USAGE, "buffer: it must be a Buffer or a Uint8Array");
    return false;
}

static void let_go(napi_env env, buffer *b)
{
    if (b->reference) napi_delete_reference(env, b->reference);
    b->reference = NULL;
}

typedef struct shape {
    int32_t width, height;
    char *format;
} shape;
#define SHAPE_FIELDS(type, member) \
    {"width", KN_INT, offsetof(type, member.width)}, \
    {"height", KN_INT, offsetof(type, member.height)}, \
    {"format", KN_TEXT, offsetof(type, member.format)}

static kf_status pixels_of(const shape *s, const buffer *b, kf_pixels *out, kf_error *error)
{
    kf_pixel_layout layout;
    if (!kf_pixel_layout_find(s->format ? s->format : "rgba", &layout)) {
        snprintf(error->message, sizeof error->message,
                 "format: there is no \"%s\"; there are rgba, bgra, rgb24, i420, nv12", s->format);
        return KF_ERR_INVALID;
    }
    size_t size = kf_pixels_size(layout, s->width, s->height);
    if (size == 0 || size != b->length) {
        snprintf(error->message, sizeof error->message, "buffer: %dx%d %s takes %zu bytes, but there are %zu", s->width,
                 s->height, kf_pixel_layout_name(layout), size, b->length);
        return KF_ERR_INVALID;
    }
    *out = kf_pixels_in(layout, s->width, s->height, b->bytes);
    return KF_OK;
}

/* ---- Processors ---- */

typedef struct processor {
    pthread_mutex_t lock;
    kf_frame_processor *made; /* by the first call, on its thread */
    kf_frame_processor_params params;
} processor;

static const kn_field processor_options[] = {
    {"width", KN_INT, offsetof(processor, params.width)},
    {"height", KN_INT, offsetof(processor, params.height)},
    {"effects", KN_TEXT, offsetof(processor, params.effects)},
    {"folder", KN_TEXT, offsetof(processor, params.folder)},
    {"rate", KN_RATIO, offsetof(processor, params.rate)},
    {"threads", KN_INT, offsetof(processor, params.threads)},
};
enum { PROCESSOR_OPTIONS = sizeof processor_options / sizeof *processor_options };

static void free_processor(napi_env env, void *data, void *hint)
{
    processor *p = data;
    kf_frame_processor_destroy(p->made);
    pthread_mutex_destroy(&p->lock);
    kn_free_texts(processor_options, PROCESSOR_OPTIONS, p);
    free(p);
}

napi_value kn_processor(napi_env env, napi_callback_info info)
{
    napi_value arguments[1], handle;
    processor *p = calloc(1, sizeof *p);
    if (!p || !kn_arguments(env, info, arguments, 1)) {
        free(p);
        return kn_undefined(env);
    }
    p->params = kf_frame_processor_params_default();
    pthread_mutex_init(&p->lock, NULL);
    if (kn_read(env, arguments[0], processor_options, PROCESSOR_OPTIONS, p) &&
        napi_create_external(env, p, free_processor, NULL, &handle) == napi_ok)
        return handle;
    free_processor(env, p, NULL);
    return kn_undefined(env);
}

typedef struct process_work {
    processor *processor;
    napi_ref handle; /* keeps the processor */
    shape shape;
    kf_time at;
    buffer in, out;
} process_work;

static const kn_field process_options[] = {
    SHAPE_FIELDS(process_work, shape),
    {"at", KN_TIME, offsetof(process_work, at)},
};
enum { PROCESS_OPTIONS = sizeof process_options / sizeof *process_options };

static void free_process(napi_env env, void *data)
{
    process_work *w = data;
    let_go(env, &w->in);
    let_go(env, &w->out);
    if (w->handle) napi_delete_reference(env, w->handle);
    kn_free_texts(process_options, PROCESS_OPTIONS, w);
    free(w);
}

static kf_status run_process(kn_task *task, void *data, kf_error *error)
{
    process_work *w = data;
    processor *p = w->processor;
    kf_pixels in, out;
    if (pixels_of(&w->shape, &w->in, &in, error) != KF_OK || pixels_of(&w->shape, &w->out, &out, error) != KF_OK)
        return KF_ERR_INVALID;
    pthread_mutex_lock(&p->lock);
    kf_status status = p->made ? KF_OK : kf_frame_processor_create(&p->params, &p->made, error);
    if (status == KF_OK) status = kf_frame_processor_run(p->made, &in, &out, w->at, error);
    pthread_mutex_unlock(&p->lock);
    return status;
}

static bool read_process(napi_env env, napi_value *arguments, process_work *w)
{
    void *data;
    if (napi_get_value_external(env, arguments[0], &data) != napi_ok) {
        kn_throw(env, KF_ERR_USAGE, "the first argument must be a processor");
        return false;
    }
    w->processor = data;
    napi_create_reference(env, arguments[0], 1, &w->handle);
    return kn_read(env, arguments[1], process_options, PROCESS_OPTIONS, w) && hold(env, arguments[2], &w->in) &&
           hold(env, arguments[3], &w->out);
}

/* process(processor, {width, height, format, at}, in, out, listener) */
napi_value kn_process(napi_env env, napi_callback_info info)
{
    static const kn_work kind = {run_process, NULL, free_process};
    napi_value arguments[5];
    process_work *w = calloc(1, sizeof *w);
    if (!w || !kn_arguments(env, info, arguments, 5)) {
        free(w);
        return kn_undefined(env);
    }
    if (read_process(env, arguments, w)) return kn_task_start(env, &kind, w, arguments[4]);
    free_process(env, w);
    return kn_undefined(env);
}

/* ---- Encoders ---- */

typedef struct encoder {
    pthread_mutex_t lock;
    kf_frame_encoder *made; /* by the first call, on its thread */
    bool ended;
    kf_frame_encoder_params params;
    kf_render_params render;
    bool chunks;
    uint8_t *bytes;         /* written and not yet given away */
    size_t length, capacity;
} encoder;

static const kn_field encoder_options[] = {
    {"width", KN_INT, offsetof(encoder, params.width)},
    {"height", KN_INT, offsetof(encoder, params.height)},
    {"rate", KN_RATIO, offsetof(encoder, params.rate)},
    {"effects", KN_TEXT, offsetof(encoder, params.effects)},
    {"folder", KN_TEXT, offsetof(encoder, params.folder)},
    {"sampleRate", KN_INT, offsetof(encoder, params.sample_rate)},
    {"channels", KN_INT, offsetof(encoder, params.channels)},
    {"output", KN_TEXT, offsetof(encoder, render.output)},
    {"overwrite", KN_BOOL, offsetof(encoder, render.overwrite)},
    {"container", KN_TEXT, offsetof(encoder, render.container)},
    {"preset", KN_TEXT, offsetof(encoder, render.preset)},
    {"videoCodec", KN_TEXT, offsetof(encoder, render.video_codec)},
    {"audioCodec", KN_TEXT, offsetof(encoder, render.audio_codec)},
    {"speed", KN_TEXT, offsetof(encoder, render.speed)},
    {"pixelFormat", KN_TEXT, offsetof(encoder, render.pixel_format)},
    {"profile", KN_TEXT, offsetof(encoder, render.profile)},
    {"crf", KN_INT, offsetof(encoder, render.crf)},
    {"videoBitrate", KN_LONG, offsetof(encoder, render.video_bitrate)},
    {"audioBitrate", KN_LONG, offsetof(encoder, render.audio_bitrate)},
    {"outputWidth", KN_INT, offsetof(encoder, render.width)},
    {"outputHeight", KN_INT, offsetof(encoder, render.height)},
    {"threads", KN_INT, offsetof(encoder, render.threads)},
    {"chunks", KN_BOOL, offsetof(encoder, chunks)},
};
enum { ENCODER_OPTIONS = sizeof encoder_options / sizeof *encoder_options };

static void free_encoder(napi_env env, void *data, void *hint)
{
    encoder *e = data;
    kf_frame_encoder_cancel(e->made);
    pthread_mutex_destroy(&e->lock);
    kn_free_texts(encoder_options, ENCODER_OPTIONS, e);
    free(e->bytes);
    free(e);
}

static int on_bytes(void *context, const uint8_t *bytes, size_t length)
{
    encoder *e = context;
    if (e->length + length > e->capacity) {
        size_t capacity = (e->length + length) * 2;
        uint8_t *grown = realloc(e->bytes, capacity);
        if (!grown) return ENOMEM;
        e->bytes = grown;
        e->capacity = capacity;
    }
    memcpy(e->bytes + e->length, bytes, length);
    e->length += length;
    return 0;
}

napi_value kn_encoder(napi_env env, napi_callback_info info)
{
    napi_value arguments[1], handle;
    encoder *e = calloc(1, sizeof *e);
    if (!e || !kn_arguments(env, info, arguments, 1)) {
        free(e);
        return kn_undefined(env);
    }
    e->params = kf_frame_encoder_params_default();
    e->render = kf_render_params_default();
    pthread_mutex_init(&e->lock, NULL);
    if (kn_read(env, arguments[0], encoder_options, ENCODER_OPTIONS, e) &&
        napi_create_external(env, e, free_encoder, NULL, &handle) == napi_ok)
        return handle;
    free_encoder(env, e, NULL);
    return kn_undefined(env);
}

typedef struct encode_work {
    encoder *encoder;
    napi_ref handle;
    shape shape;
    bool sound, end, cancel; /* what it is; else a frame */
    buffer in;
    kn_bytes *bytes;
    kf_render_report report;
} encode_work;

static const kn_field encode_options[] = {
    SHAPE_FIELDS(encode_work, shape),
    {"sound", KN_BOOL, offsetof(encode_work, sound)},
    {"end", KN_BOOL, offsetof(encode_work, end)},
    {"cancel", KN_BOOL, offsetof(encode_work, cancel)},
};
enum { ENCODE_OPTIONS = sizeof encode_options / sizeof *encode_options };

static void free_encode(napi_env env, void *data)
{
    encode_work *w = data;
    let_go(env, &w->in);
    if (w->handle) napi_delete_reference(env, w->handle);
    kn_free_texts(encode_options, ENCODE_OPTIONS, w);
    free(w->bytes);
    free(w);
}

static kf_status finish(encoder *e, encode_work *w, kf_error *error)
{
    kf_frame_encoder *made = e->made;
    e->made = NULL;
    e->ended = true;
    if (!w->cancel) return kf_frame_encoder_finish(made, &w->report, error);
    kf_frame_encoder_cancel(made);
    return KF_OK;
}

static kf_status encode(encoder *e, encode_work *w, kf_error *error)
{
    kf_pixels frame;
    if (w->end || w->cancel) return finish(e, w, error);
    if (w->sound) {
        int64_t count = (int64_t)(w->in.length / sizeof(float)) / (e->params.channels > 0 ? e->params.channels : 1);
        return kf_frame_encoder_sound(e->made, (const float *)(const void *)w->in.bytes, count, error);
    }
    kf_status status = pixels_of(&w->shape, &w->in, &frame, error);
    return status == KF_OK ? kf_frame_encoder_video(e->made, &frame, error) : status;
}

static kf_status open_encoder(encoder *e, kf_error *error)
{
    if (e->ended) {
        snprintf(error->message, sizeof error->message, "the encoder has ended");
        return KF_ERR_USAGE;
    }
    e->params.render = &e->render;
    e->render.context = e;
    if (e->chunks) e->render.write = on_bytes;
    return e->made ? KF_OK : kf_frame_encoder_create(&e->params, &e->made, error);
}

static kf_status run_encode(kn_task *task, void *data, kf_error *error)
{
    encode_work *w = data;
    encoder *e = w->encoder;
    pthread_mutex_lock(&e->lock);
    kf_status status = w->cancel && !e->made ? KF_OK : open_encoder(e, error);
    if (status == KF_OK && (e->made || !w->cancel)) status = encode(e, w, error);
    if (status == KF_OK) w->bytes = kn_copy_bytes(e->bytes, e->length);
    e->length = 0;
    pthread_mutex_unlock(&e->lock);
    return status;
}

static napi_value make_encoded(napi_env env, void *data)
{
    encode_work *w = data;
    napi_value object;
    if (napi_create_object(env, &object) != napi_ok) return kn_undefined(env);
    if (w->bytes && w->bytes->length) kn_set(env, object, "bytes", kn_make_bytes(env, w->bytes));
    else free(w->bytes);
    w->bytes = NULL;
    if (w->end) kn_set(env, object, "report", kn_make_report(env, &w->report));
    return object;
}

static bool read_encode(napi_env env, napi_value *arguments, encode_work *w)
{
    void *data;
    if (napi_get_value_external(env, arguments[0], &data) != napi_ok) {
        kn_throw(env, KF_ERR_USAGE, "the first argument must be an encoder");
        return false;
    }
    w->encoder = data;
    napi_create_reference(env, arguments[0], 1, &w->handle);
    return kn_read(env, arguments[1], encode_options, ENCODE_OPTIONS, w) &&
           (w->end || w->cancel || hold(env, arguments[2], &w->in));
}

/* encode(encoder, {width, height, format} or {sound} or {end} or {cancel}, buffer, listener) */
napi_value kn_encode(napi_env env, napi_callback_info info)
{
    static const kn_work kind = {run_encode, make_encoded, free_encode};
    napi_value arguments[4];
    encode_work *w = calloc(1, sizeof *w);
    if (!w || !kn_arguments(env, info, arguments, 4)) {
        free(w);
        return kn_undefined(env);
    }
    if (read_encode(env, arguments, w)) return kn_task_start(env, &kind, w, arguments[3]);
    free_encode(env, w);
    return kn_undefined(env);
}
