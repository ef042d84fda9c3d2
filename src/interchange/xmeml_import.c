/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Projects, bins and sequences of xmeml. */
#include <stdio.h>
#include <string.h>

#include "base/api/alloc.h"
#include "interchange/xmeml.h"

enum { MOST_BIN_NAME = 200, MOST_BIN_PATH = 800 };

/* ---- Elements by id ---- */

static void make_key(const kf_xml *element, char key[200])
{
    const char *id = kf_xml_attr(element, "id");
    snprintf(key, 200, "%.20s %.170s", element->name, id ? id : "");
}

const kf_xml *xm_resolve(const xm_import *im, const kf_xml *element)
{
    char key[200];
    if (!element || !kf_xml_attr(element, "id")) {
        return element;
    }
    make_key(element, key);
    const ix_entry *entry = ix_table_find(&im->elements, key);
    return entry ? (const kf_xml *)(intptr_t)entry->number : element;
}

/* The same thing is written out once, and referred to by an element with nothing in it. */
static kf_status note_element(xm_import *im, const kf_xml *element)
{
    char key[200];
    if (!kf_xml_attr(element, "id") || element->child_count == 0) {
        return KF_OK;
    }
    make_key(element, key);
    ix_entry *entry = ix_table_add(&im->elements, key);
    if (!entry) {
        return kf_fail_memory(im->err);
    }
    const kf_xml *known = (const kf_xml *)(intptr_t)entry->number;
    if (!known || known->child_count < element->child_count) {
        entry->number = (int64_t)(intptr_t)element;
    }
    return KF_OK;
}

/* The element after this one within `top`, in the order of the file, without recursion. */
static const kf_xml *walk(const kf_xml *top, const kf_xml *element)
{
    if (element->first) {
        return element->first;
    }
    while (element != top && !element->next) {
        element = element->parent;
    }
    return element == top ? NULL : element->next;
}

static kf_status note_elements(xm_import *im, const kf_xml *root)
{
    static const char *const kinds[] = {"file", "sequence", "multiclip", NULL};
    kf_status status = KF_OK;
    for (const kf_xml *e = root; e && status == KF_OK; e = walk(root, e)) {
        for (int i = 0; kinds[i]; i++) {
            if (kf_xml_is(e, kinds[i])) {
                status = note_element(im, e);
            }
        }
    }
    return status;
}

/* ---- Bins ---- */

/* A bin's name holds no '/'. Names and paths are bounded, as every thing in a bin repeats its path: what is nested
 * deeper than that is put into the last bin that fits. */
static void add_name(kf_str *path, const char *name)
{
    size_t length = kf_utf8_prefix(name, strnlen(name, MOST_BIN_NAME));
    if (path->length > MOST_BIN_PATH) {
        return;
    }
    kf_str_add(path, path->length ? "/" : "");
    for (size_t i = 0; i < length; i++) {
        kf_str_add_n(path, name[i] == '/' ? "_" : name + i, 1);
    }
}

static kf_status set_bin(xm_import *im, const kf_xml *element, const kf_str *path)
{
    char key[200];
    make_key(element, key);
    ix_entry *entry = path->length ? ix_table_add(&im->bins, key) : NULL;
    if (!path->length || (entry && entry->text)) {
        return KF_OK;
    }
    if (entry) {
        entry->text = kf_strdup(path->data);
    }
    return entry && entry->text ? KF_OK : kf_fail_memory(im->err);
}

static const char *bin_of(const xm_import *im, const kf_xml *element)
{
    char key[200];
    make_key(element, key);
    const ix_entry *entry = ix_table_find(&im->bins, key);
    return entry ? entry->text : NULL;
}

/* The files that a clip of the browser stands for. */
static kf_status note_clip(xm_import *im, const kf_xml *clip, const kf_str *path)
{
    kf_status status = KF_OK;
    for (const kf_xml *e = clip; e && status == KF_OK; e = walk(clip, e)) {
        if (kf_xml_is(e, "file")) {
            status = set_bin(im, e, path);
        }
    }
    return status;
}

/* Two bins of the same name in one place are one. The text of a path in the table of bins begins with '/'. */
static kf_status list_bin(xm_import *im, const kf_str *path, kf_json_writer *list)
{
    kf_str key = {0};
    kf_str_addf(&key, "/%s", path->data);
    ix_entry *known = key.data && !key.failed ? ix_table_add(&im->bins, key.data) : NULL;
    kf_str_finish(&key);
    if (!known) {
        return kf_fail_memory(im->err);
    }
    if (!known->number && im->bin_count < KF_MODEL_MAX_BINS) {
        known->number = ++im->bin_count;
        kf_json_write_string(list, path->data);
    }
    return KF_OK;
}

static kf_status note_bins(xm_import *im, const kf_xml *parent, kf_str *path, kf_json_writer *list)
{
    kf_status status = KF_OK;
    size_t length = path->length;
    for (const kf_xml *e = parent->first; e && status == KF_OK; e = e->next) {
        if (kf_xml_is(e, "bin")) {
            const char *name = kf_xml_text(e, "name");
            const kf_xml *children = kf_xml_child(e, "children");
            add_name(path, name && *name ? name : "Bin");
            if (path->failed) {
                return kf_fail_memory(im->err);
            }
            status = list_bin(im, path, list);
            status = status == KF_OK && children ? note_bins(im, children, path, list) : status;
            path->length = length;
            path->data[length] = '\0';
        } else if (kf_xml_is(e, "clip")) {
            status = note_clip(im, e, path);
        } else if (kf_xml_is(e, "sequence")) {
            status = set_bin(im, e, path);
        } else if (kf_xml_is(e, "project")) {
            const kf_xml *children = kf_xml_child(e, "children");
            status = children ? note_bins(im, children, path, list) : KF_OK;
        }
    }
    return status;
}

/* ---- Assets ---- */

static void write_asset_timecode(xm_import *im, const kf_xml *file, kf_rational rate)
{
    kf_json_writer *w = &im->film.assets;
    const kf_xml *timecode = kf_xml_child(file, "timecode");
    const char *label = kf_xml_text(timecode, "string"), *format = kf_xml_text(timecode, "displayformat");
    rate = xm_rate(timecode, rate);
    bool drop = ix_rate_drops(rate) && format && strncmp(format, "DF", 2) == 0;
    int64_t frame = xm_int(timecode, "frame", -1);
    if (!timecode || rate.num <= 0 || (frame < 0 && (!label || ix_timecode_read(label, rate, drop, &frame, NULL))) ||
        kf_frame_start(frame, rate) > KF_MODEL_MAX_TIME) {
        return;
    }
    kf_json_key(w, "timecode");
    kf_json_begin_object(w);
    kf_json_put_int(w, "start", frame);
    ix_put_ratio(w, "rate", rate);
    if (drop) {
        kf_json_put_bool(w, "drop_frame", true);
    }
    kf_json_end_object(w);
}

static void write_size(kf_json_writer *w, const kf_xml *video)
{
    const kf_xml *characteristics = kf_xml_child(video, "samplecharacteristics");
    int64_t width = xm_int(characteristics, "width", 0), height = xm_int(characteristics, "height", 0);
    if (width < 1 || height < 1 || width > KF_MODEL_MAX_SIDE || height > KF_MODEL_MAX_SIDE) {
        return;
    }
    kf_json_key(w, "size");
    kf_json_begin_array(w);
    kf_json_write_int(w, width);
    kf_json_write_int(w, height);
    kf_json_end_array(w);
}

static void write_asset_media(xm_import *im, const kf_xml *file, kf_rational rate)
{
    kf_json_writer *w = &im->film.assets;
    const kf_xml *media = kf_xml_child(file, "media"), *video = kf_xml_child(media, "video");
    int64_t duration = xm_int(file, "duration", 0);
    if (!media) {
        return;
    }
    kf_json_key(w, "media");
    kf_json_begin_object(w);
    kf_json_put_bool(w, "video", video != NULL);
    kf_json_put_bool(w, "audio", kf_xml_child(media, "audio") != NULL);
    if (video && duration == 1) {
        kf_json_put_bool(w, "still", true);
    } else if (duration > 0 && rate.num > 0) {
        ix_put_time(w, "duration", xm_time(duration, rate), (kf_rational){0});
    }
    write_size(w, video);
    if (video && rate.num > 0) {
        ix_put_ratio(w, "rate", rate);
    }
    kf_json_end_object(w);
}

static void write_asset(xm_import *im, const kf_xml *file, const char *name)
{
    kf_json_writer *w = &im->film.assets;
    const char *url = kf_xml_text(file, "pathurl");
    kf_rational rate = xm_rate(file, (kf_rational){0});
    char *path = url && *url ? ix_path_from_url(url) : NULL;
    bool usable = path && *path && kf_utf8_valid(path, strlen(path));
    ix_put_text(w, "name", name);
    if (usable) {
        kf_json_put_string(w, "path", path);
    } else {
        ix_put_text(w, "path", url);
        if (!url || !*url) {
            kf_json_put_bool(w, "offline", true);
        }
    }
    ix_put_text(w, "bin", bin_of(im, file));
    ix_put_text(w, "reel", kf_xml_text(kf_xml_child(kf_xml_child(file, "timecode"), "reel"), "name"));
    write_asset_timecode(im, file, rate);
    write_asset_media(im, file, rate);
    kf_json_end_object(w);
    kf_free(path);
}

const char *xm_asset(xm_import *im, const kf_xml *file, const char *name)
{
    char key[200];
    bool fresh;
    const char *own = kf_xml_text(file, "name"), *url = kf_xml_text(file, "pathurl");
    name = own && *own ? own : name && *name ? name : "media";
    make_key(file, key);
    const char *id = ix_film_asset(&im->film, url && *url ? url : kf_xml_attr(file, "id") ? key : name, name, &fresh);
    if (fresh) {
        write_asset(im, file, name);
    }
    return id;
}

/* ---- Markers ---- */

static void write_color(kf_json_writer *w, const kf_xml *color)
{
    char text[16];
    int64_t part[3];
    static const char *const names[] = {"red", "green", "blue"};
    for (int i = 0; i < 3; i++) {
        part[i] = xm_int(color, names[i], -1);
        if (part[i] < 0 || part[i] > 255) {
            return;
        }
    }
    snprintf(text, sizeof text, "#%02x%02x%02x", (unsigned)part[0], (unsigned)part[1], (unsigned)part[2]);
    kf_json_put_string(w, "color", text);
}

/* Those from `from` on and before `end`, counted from `from`. */
void xm_write_markers(kf_json_writer *w, const kf_xml *element, kf_rational rate, kf_time from, kf_time end)
{
    bool begun = false;
    for (const kf_xml *m = kf_xml_child(element, "marker"); m; m = kf_xml_again(m)) {
        int64_t in = xm_int(m, "in", 0), out = xm_int(m, "out", -1);
        kf_time t = xm_time(in, rate);
        if (t < from || t >= end) {
            continue;
        }
        if (!begun) {
            kf_json_key(w, "markers");
            kf_json_begin_array(w);
            begun = true;
        }
        kf_json_begin_object(w);
        ix_put_time(w, "time", t - from, rate);
        if (out > in) {
            ix_put_time(w, "duration", xm_time(out, rate) - t, rate);
        }
        ix_put_text(w, "name", kf_xml_text(m, "name"));
        ix_put_text(w, "note", kf_xml_text(m, "comment"));
        write_color(w, kf_xml_child(m, "color"));
        kf_json_end_object(w);
    }
    if (begun) {
        kf_json_end_array(w);
    }
}

/* ---- Sequences ---- */

static void write_format(xm_scope *s, const kf_xml *video)
{
    kf_json_writer *w = &s->seq.w;
    const kf_xml *c = kf_xml_child(kf_xml_child(video, "format"), "samplecharacteristics");
    const char *aspect = kf_xml_text(c, "pixelaspectratio");
    static const struct { const char *name, *ratio; } aspects[] = {
        {"NTSC-601", "10/11"}, {"PAL-601", "12/11"}, {"DVCPROHD-720P", "4/3"}, {"DVCPROHD-1080i60", "3/2"},
        {"DVCPROHD-1080i50", "4/3"}, {"HD-(1440x1080)", "4/3"}, {"HD-(960x720)", "4/3"}, {"HD-(1280x1080)", "3/2"}};
    s->width = (int32_t)xm_int(c, "width", 0);
    s->height = (int32_t)xm_int(c, "height", 0);
    write_size(w, kf_xml_child(video, "format"));
    for (size_t i = 0; aspect && i < sizeof aspects / sizeof *aspects; i++) {
        if (strcmp(aspect, aspects[i].name) == 0) {
            kf_json_put_string(w, "pixel_aspect", aspects[i].ratio);
        }
    }
}

static void write_audio_format(xm_scope *s, const kf_xml *audio)
{
    int64_t rate = xm_int(kf_xml_child(kf_xml_child(audio, "format"), "samplecharacteristics"), "samplerate", 0);
    if (rate >= 8000 && rate <= 192000) {
        kf_json_put_int(&s->seq.w, "sample_rate", rate);
    }
}

static void write_start(xm_scope *s, const kf_xml *element)
{
    char label[32];
    const kf_xml *timecode = kf_xml_child(element, "timecode");
    const char *format = kf_xml_text(timecode, "displayformat"), *text = kf_xml_text(timecode, "string");
    bool drop = ix_rate_drops(s->rate) && format && strncmp(format, "DF", 2) == 0;
    int64_t frame = xm_int(timecode, "frame", -1);
    if (frame < 0 && text && ix_timecode_read(text, s->rate, drop, &frame, NULL)) {
        frame = -1;
    }
    if (drop) {
        kf_json_put_bool(&s->seq.w, "drop_frame", true);
    }
    if (frame > 0 && kf_frame_start(frame, s->rate) <= KF_MODEL_MAX_TIME) {
        kf_timecode_format(frame, s->rate, drop, label);
        kf_json_put_string(&s->seq.w, "start_timecode", label);
    }
}

static void write_marks(xm_scope *s, const kf_xml *element)
{
    int64_t in = xm_int(element, "in", -1), out = xm_int(element, "out", -1);
    if (in >= 0 && out > in) {
        ix_put_time(&s->seq.w, "mark_in", xm_time(in, s->rate), s->rate);
        ix_put_time(&s->seq.w, "mark_out", xm_time(out, s->rate), s->rate);
    }
}

static kf_status write_tracks(xm_scope *s, const kf_xml *media)
{
    kf_status status = KF_OK;
    int number = 0;
    kf_json_key(&s->seq.w, "tracks");
    kf_json_begin_array(&s->seq.w);
    for (int audio = 0; audio < 2; audio++, number = 0) {
        const kf_xml *kind = kf_xml_child(media, audio ? "audio" : "video");
        for (const kf_xml *t = kf_xml_child(kind, "track"); t && status == KF_OK; t = kf_xml_again(t)) {
            status = xm_track(s, t, audio, ++number);
        }
    }
    kf_json_end_array(&s->seq.w);
    return status;
}

static kf_status write_sequence(xm_import *im, const kf_xml *element, ix_entry *known)
{
    const char *name = kf_xml_text(element, "name");
    const kf_xml *media = kf_xml_child(element, "media");
    xm_scope *s = KF_NEW(xm_scope);
    if (!s) {
        return kf_fail_memory(im->err);
    }
    s->im = im;
    s->name = name && *name ? name : "sequence";
    s->rate = xm_rate(element, (kf_rational){30000, 1001});
    ix_sequence_begin(&im->film, &s->seq, s->name, s->rate);
    known->text = kf_strdup(s->seq.id);
    known->number = XM_OPEN;
    ix_put_text(&s->seq.w, "bin", bin_of(im, element));
    ix_put_text(&s->seq.w, "label", kf_xml_text(kf_xml_child(element, "labels"), "label2"));
    write_format(s, kf_xml_child(media, "video"));
    write_audio_format(s, kf_xml_child(media, "audio"));
    write_start(s, element);
    write_marks(s, element);
    xm_write_markers(&s->seq.w, element, s->rate, 0, KF_MODEL_MAX_TIME);
    kf_status status = write_tracks(s, media);
    ix_sequence_end(&im->film, &s->seq);
    ix_table_finish(&s->links);
    ix_table_finish(&s->twins);
    kf_free(s);
    return status;
}

kf_status xm_sequence(xm_import *im, const kf_xml *element, const char **id)
{
    char key[200];
    element = xm_resolve(im, element);
    make_key(element, key);
    if (!kf_xml_attr(element, "id")) {
        snprintf(key, sizeof key, "at %p", (const void *)element);
    }
    *id = NULL;
    ix_entry *known = ix_table_add(&im->sequences, key);
    if (!known) {
        return kf_fail_memory(im->err);
    }
    if (known->number == XM_OPEN || (!known->number && im->depth >= XM_MAX_DEPTH)) {
        return KF_OK;
    }
    if (!known->number) {
        im->depth++;
        kf_status status = write_sequence(im, element, known);
        im->depth--;
        if (status) {
            return status;
        }
        known = ix_table_find(&im->sequences, key);
        known->number = XM_DONE;
    }
    *id = known->text;
    return known->text ? KF_OK : kf_fail_memory(im->err);
}

/* ---- The file ---- */

/* Every sequence of a project's bins; the first is the main one. */
static kf_status write_sequences(xm_import *im, const kf_xml *parent, const char **main_id)
{
    const char *id;
    kf_status status = KF_OK;
    for (const kf_xml *e = parent->first; e && status == KF_OK; e = e->next) {
        if (kf_xml_is(e, "sequence")) {
            status = xm_sequence(im, e, &id);
            *main_id = *main_id ? *main_id : id;
        } else if (kf_xml_is(e, "bin") || kf_xml_is(e, "project")) {
            const kf_xml *children = kf_xml_child(e, "children");
            status = children ? write_sequences(im, children, main_id) : KF_OK;
        }
    }
    return status;
}

static kf_status write_bins(xm_import *im, const kf_xml *root)
{
    kf_str path = {0}, list = {0};
    kf_json_writer w = {.out = &list, .compact = true};
    kf_json_begin_array(&w);
    kf_status status = note_bins(im, root, &path, &w);
    kf_json_end_array(&w);
    if (status == KF_OK && !list.failed && list.length > 2) {
        kf_json_key(&im->film.head, "bins");
        kf_json_write_raw(&im->film.head, list.data);
    }
    im->film.failed |= list.failed;
    kf_str_finish(&path);
    kf_str_finish(&list);
    return status;
}

static kf_status write_film(xm_import *im, const kf_xml *root, kf_str *film)
{
    const char *main_id = NULL;
    kf_status status = write_bins(im, root);
    status = status ? status : write_sequences(im, root, &main_id);
    if (status == KF_OK && !main_id) {
        return kf_fail(im->err, KF_ERR_UNSUPPORTED, "%s: no sequence in it: nothing to open", im->params->name);
    }
    return status ? status : ix_film_write(&im->film, main_id, film, im->err);
}

static const char *project_name(const kf_xml *root)
{
    const char *name = kf_xml_text(kf_xml_child(root, "project"), "name");
    return name ? name : kf_xml_text(kf_xml_child(root, "sequence"), "name");
}

kf_status xmeml_import(const kf_import_params *params, kf_str *film, kf_report *report, kf_error *err)
{
    kf_xml_doc *doc;
    kf_import_params given = *params;
    given.name = params->name ? params->name : "timeline.xml";
    xm_import im = {.params = &given, .report = report, .err = err};
    kf_status status = kf_xml_parse(given.bytes, given.length, given.name, &doc, err);
    if (status) {
        return status;
    }
    const kf_xml *root = kf_xml_root(doc);
    if (!kf_xml_is(root, "xmeml")) {
        status = kf_fail(err, KF_ERR_PARSE, "%s:%u: <%.100s>: Final Cut Pro XML begins with <xmeml>", given.name,
                         root->line, root->name);
    }
    status = status ? status : note_elements(&im, root);
    if (status == KF_OK) {
        ix_film_init(&im.film, project_name(root));
        status = write_film(&im, root, film);
        ix_film_finish(&im.film);
    }
    ix_table_finish(&im.elements);
    ix_table_finish(&im.bins);
    ix_table_finish(&im.sequences);
    kf_xml_free(doc);
    return status;
}
