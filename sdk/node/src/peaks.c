/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* peaks({path, count, channel}, listener): the loudness of a file's sound along its length. */
#include "addon.h"

#include <stdio.h>
#include <stdlib.h>

#include "kerf/media.h"

typedef struct peaks_work {
    char *path;
    int32_t count, channel;
    kf_peaks_info info;
    kf_peak_column *columns;
} peaks_work;

static const kn_field options[] = {
    {"path", KN_TEXT, offsetof(peaks_work, path)},
    {"count", KN_INT, offsetof(peaks_work, count)},
    {"channel", KN_INT, offsetof(peaks_work, channel)},
};
enum { OPTIONS = sizeof options / sizeof *options, COUNT_MAX = 1000000 };

static void free_work(napi_env env, void *data)
{
    peaks_work *w = data;
    kn_free_texts(options, OPTIONS, w);
    free(w->columns);
    free(w);
}

static kf_status run(kn_task *task, void *data, kf_error *error)
{
    peaks_work *w = data;
    const kf_peaks_query query = {
        .path = w->path ? w->path : "", .stream = -1, .channel = w->channel, .to = KF_TIME_NONE, .count = w->count};
    if (w->count < 1 || w->count > COUNT_MAX) {
        snprintf(error->message, sizeof error->message, "points: it must be from 1 to %d", COUNT_MAX);
        return KF_ERR_USAGE;
    }
    w->columns = calloc((size_t)w->count, sizeof *w->columns);
    if (!w->columns) return KF_ERR_MEMORY;
    return kf_waveform(&query, w->columns, &w->info, kn_task_cancelled(task), error);
}

/* Of each column min, max and RMS, as a Float32Array. */
static napi_value make_columns(napi_env env, const peaks_work *w)
{
    napi_value memory, array;
    float *out;
    size_t count = (size_t)w->count * 3;
    if (napi_create_arraybuffer(env, count * sizeof *out, (void **)&out, &memory) != napi_ok) return kn_undefined(env);
    for (int32_t i = 0; i < w->count; i++) {
        out[3 * i] = w->columns[i].min;
        out[3 * i + 1] = w->columns[i].max;
        out[3 * i + 2] = w->columns[i].rms;
    }
    napi_create_typedarray(env, napi_float32_array, count, memory, 0, &array);
    return array;
}

static napi_value make_result(napi_env env, void *data)
{
    const peaks_work *w = data;
    napi_value object;
    if (napi_create_object(env, &object) != napi_ok) return kn_undefined(env);
    kn_set_number(env, object, "channels", w->info.channels);
    kn_set_number(env, object, "sampleRate", w->info.sample_rate);
    kn_set_number(env, object, "duration", (double)w->info.end / (double)KF_SECOND);
    kn_set(env, object, "columns", make_columns(env, w));
    return object;
}

napi_value kn_peaks(napi_env env, napi_callback_info info)
{
    static const kn_work kind = {run, make_result, free_work};
    napi_value arguments[2];
    peaks_work *w = calloc(1, sizeof *w);
    if (!w || !kn_arguments(env, info, arguments, 2)) {
        free(w);
        return kn_undefined(env);
    }
    w->channel = -1;
    if (kn_read(env, arguments[0], options, OPTIONS, w)) return kn_task_start(env, &kind, w, arguments[1]);
    free_work(env, w);
    return kn_undefined(env);
}
