/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "script/short.h"

#include <string.h>

/* In order of application; rows of one effect stand together. */
typedef struct short_row {
    const char *group, *key;           /* group NULL: of the item itself */
    const char *effect, *parameter;
} short_row;
static const char correction[] = "colorCorrection";
static const short_row rows[] = {
    {NULL, "brightness", "brightness_contrast", "brightness"},
    {NULL, "contrast", "brightness_contrast", "contrast"},
    {NULL, "saturation", "saturation", "amount"},
    {NULL, "hueShift", "hue", "angle"},
    {correction, "exposure", "exposure", "stops"},
    {correction, "temperature", "white_balance", "temperature"},
    {correction, "tint", "white_balance", "tint"},
    {correction, "lift", "lift_gamma_gain", "lift"},
    {correction, "gamma", "lift_gamma_gain", "gamma"},
    {correction, "gain", "lift_gamma_gain", "gain"},
    {NULL, "blur", "blur", "radius"},
    {NULL, "sharpen", "sharpen", "amount"},
};
enum { ROWS = sizeof rows / sizeof *rows };
static const char overlay[] = "textOverlay";

bool kf_short_is(const kf_json *item)
{
    return item->type == KF_JSON_OBJECT && !kf_json_get(item, "effect") && !kf_json_get(item, "generator");
}

const char *kf_short_name(const char *effect, const char *parameter)
{
    for (int i = 0; i < ROWS; i++)
        if (strcmp(rows[i].effect, effect) == 0 && strcmp(rows[i].parameter, parameter) == 0) return rows[i].key;
    return NULL;
}

/* ---- What is not known ---- */

static bool of_group(const short_row *row, const char *group)
{
    return row->group == group || (row->group && group && strcmp(row->group, group) == 0);
}

static kf_status check_keys(const kf_json *object, const char *group, kf_error *err)
{
    const char *names[ROWS + 4];
    size_t count = 0;
    for (int i = 0; i < ROWS; i++)
        if (of_group(&rows[i], group)) names[count++] = rows[i].key;
    if (!group) {
        names[count++] = correction;
        names[count++] = overlay;
        names[count++] = "effect";
        names[count++] = "generator";
    }
    for (const kf_json *v = object->first; v; v = v->next) {
        bool known = false;
        for (size_t i = 0; i < count; i++) known = known || strcmp(names[i], v->key) == 0;
        if (known) continue;
        const char *near = kf_closest(v->key, names, count);
        return kf_json_fail(v, "effects", err, "unknown%s%s%s", near ? "; did you mean \"" : "", near ? near : "",
                            near ? "\"?" : "");
    }
    return KF_OK;
}

/* ---- Text ---- */

/* A coordinate of the text's corner; not given: the centre. */
static void write_place(kf_json_writer *w, const kf_json *value)
{
    if (value)
        kf_json_write_value(w, value);
    else
        kf_json_write_string(w, "center");
}

static void write_title(kf_json_writer *w, const kf_json *text)
{
    const kf_json *x = kf_json_get(text, "x"), *y = kf_json_get(text, "y");
    kf_json_begin_object(w);
    kf_json_put_string(w, "generator", "title");
    kf_json_key(w, "params");
    kf_json_begin_object(w);
    for (const kf_json *v = text->first; v; v = v->next) {
        if (v == x || v == y) continue;
        kf_json_key(w, strcmp(v->key, "fontSize") == 0 ? "size" : v->key);
        kf_json_write_value(w, v);
    }
    if (x || y) {
        kf_json_key(w, "position");
        kf_json_begin_array(w);
        write_place(w, x);
        write_place(w, y);
        kf_json_end_array(w);
    }
    if (x && !kf_json_get(text, "anchor_h")) kf_json_put_string(w, "anchor_h", "left");
    if (y && !kf_json_get(text, "anchor_v")) kf_json_put_string(w, "anchor_v", "top");
    kf_json_end_object(w);
    kf_json_end_object(w);
}

static kf_status write_text(const kf_json *text, kf_json_writer *w, kf_short_item_fn *fn, void *ctx, kf_error *err)
{
    if (text->type != KF_JSON_OBJECT)
        return kf_json_fail(text, "effects", err, "must be an object such as {\"text\": \"Hello\", \"x\": 40, \"y\": 40}");
    kf_status status = fn(ctx, "title", err);
    if (status == KF_OK) write_title(w, text);
    return status;
}

static kf_status write_texts(const kf_json *texts, kf_json_writer *w, kf_short_item_fn *fn, void *ctx, kf_error *err)
{
    if (!texts || texts->type == KF_JSON_NULL) return KF_OK;
    if (texts->type != KF_JSON_ARRAY) return write_text(texts, w, fn, ctx, err);
    kf_status status = KF_OK;
    for (const kf_json *v = texts->first; v && status == KF_OK; v = v->next) status = write_text(v, w, fn, ctx, err);
    return status;
}

/* ---- Effects ---- */

static const kf_json *value_of(const kf_json *item, const short_row *row)
{
    const kf_json *of = row->group ? kf_json_get(item, row->group) : item;
    const kf_json *value = of ? kf_json_get(of, row->key) : NULL;
    return value && value->type != KF_JSON_NULL ? value : NULL;
}

/* The rows of one effect, from `first` on; returns where the next begins. */
static int write_effect(const kf_json *item, int first, kf_json_writer *w, kf_short_item_fn *fn, void *ctx,
                        kf_status *status, kf_error *err)
{
    bool open = false;
    int i = first;
    for (; i < ROWS && strcmp(rows[i].effect, rows[first].effect) == 0 && *status == KF_OK; i++) {
        const kf_json *value = value_of(item, &rows[i]);
        if (!value) continue;
        if (!open) {
            *status = fn(ctx, rows[i].effect, err);
            kf_json_begin_object(w);
            kf_json_put_string(w, "effect", rows[i].effect);
            open = true;
        }
        kf_json_key(w, rows[i].parameter);
        kf_json_write_value(w, value);
    }
    if (open) kf_json_end_object(w);
    return i;
}

kf_status kf_short_write(const kf_json *item, kf_json_writer *w, kf_short_item_fn *fn, void *ctx, kf_error *err)
{
    const kf_json *group = kf_json_get(item, correction);
    if (group && group->type != KF_JSON_OBJECT && group->type != KF_JSON_NULL)
        return kf_json_fail(group, "effects", err, "must be an object such as {\"temperature\": 0.2, \"gamma\": 1.1}");
    kf_status status = check_keys(item, NULL, err);
    if (status == KF_OK && group) status = check_keys(group, correction, err);
    for (int i = 0; i < ROWS && status == KF_OK;) i = write_effect(item, i, w, fn, ctx, &status, err);
    return status == KF_OK ? write_texts(kf_json_get(item, overlay), w, fn, ctx, err) : status;
}
