/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* thumbnails({path, height, count, format}, times, listener): small pictures of a file, each told of as a "picture" {index,
 * at, bytes} of a picture file. */
#include "addon.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kerf/media.h"

typedef struct thumbnails_work {
    char *path, *format;
    kf_thumbnails_params params;
    kf_time *at;
    kn_task *task;
    kf_error problem; /* of a picture */
} thumbnails_work;

static const kn_field options[] = {
    {"path", KN_TEXT, offsetof(thumbnails_work, path)},
    {"format", KN_TEXT, offsetof(thumbnails_work, format)},
    {"height", KN_INT, offsetof(thumbnails_work, params.height)},
    {"count", KN_INT, offsetof(thumbnails_work, params.count)},
};
enum { OPTIONS = sizeof options / sizeof *options };

static void free_work(napi_env env, void *data)
{
    thumbnails_work *w = data;
    kn_free_texts(options, OPTIONS, w);
    free(w->at);
    free(w);
}

/* ---- What is told ---- */

typedef struct made {
    int32_t index;
    kf_time at;
    kn_bytes *bytes;
} made;

static napi_value make_picture(napi_env env, void *data)
{
    made *m = data;
    napi_value object = NULL, bytes = kn_make_bytes(env, m->bytes);
    if (env && napi_create_object(env, &object) == napi_ok) {
        kn_set_number(env, object, "index", m->index);
        kn_set_number(env, object, "at", (double)m->at / (double)KF_SECOND);
        kn_set(env, object, "bytes", bytes);
    }
    free(m);
    return object;
}

static int keep(void *context, const uint8_t *bytes, size_t length)
{
    made *m = context;
    m->bytes = kn_copy_bytes(bytes, length);
    return m->bytes ? 0 : ENOMEM;
}

static bool on_picture(void *context, int32_t index, kf_time at, const kf_pixels *picture)
{
    thumbnails_work *w = context;
    made *m = calloc(1, sizeof *m);
    if (!m) return false;
    m->index = index;
    m->at = at;
    if (kf_pixels_encode(picture, w->format ? w->format : "jpg", keep, m, &w->problem) == KF_OK && m->bytes) {
        kn_task_tell(w->task, "picture", make_picture, m);
        return true;
    }
    free(m);
    return false;
}

/* ---- Running ---- */

static kf_status run(kn_task *task, void *data, kf_error *error)
{
    thumbnails_work *w = data;
    w->task = task;
    w->params.at = w->at;
    w->params.picture = on_picture;
    w->params.context = w;
    w->params.cancel = kn_task_cancelled(task);
    kf_status status = kf_thumbnails(w->path ? w->path : "", &w->params, error);
    if (w->problem.status == KF_OK) return status;
    *error = w->problem;
    return w->problem.status;
}

/* The times, from a list of numbers. */
static bool read_times(napi_env env, napi_value list, thumbnails_work *w)
{
    uint32_t count;
    if (napi_get_array_length(env, list, &count) != napi_ok || count > 100000) return false;
    w->at = calloc(count + 1, sizeof *w->at);
    for (uint32_t i = 0; w->at && i < count; i++) {
        napi_value value;
        double seconds;
        if (napi_get_element(env, list, i, &value) != napi_ok ||
            napi_get_value_double(env, value, &seconds) != napi_ok || !(fabs(seconds) < 1e9))
            return false;
        w->at[i] = (kf_time)llrint(seconds * (double)KF_SECOND);
    }
    w->params.count = (int32_t)count;
    return w->at != NULL;
}

static bool read_arguments(napi_env env, napi_value *arguments, thumbnails_work *w)
{
    bool listed = false;
    napi_is_array(env, arguments[1], &listed);
    if (!kn_read(env, arguments[0], options, OPTIONS, w)) return false;
    if (!listed || read_times(env, arguments[1], w)) return true;
    kn_throw(env, KF_ERR_USAGE, "at: it must be a list of seconds");
    return false;
}

/* thumbnails(options, times or null, listener) */
napi_value kn_thumbnails(napi_env env, napi_callback_info info)
{
    static const kn_work kind = {run, NULL, free_work};
    napi_value arguments[3];
    thumbnails_work *w = calloc(1, sizeof *w);
    if (!w || !kn_arguments(env, info, arguments, 3)) {
        free(w);
        return kn_undefined(env);
    }
    w->params = kf_thumbnails_params_default();
    if (read_arguments(env, arguments, w)) return kn_task_start(env, &kind, w, arguments[2]);
    free_work(env, w);
    return kn_undefined(env);
}
