/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a list of events to a film. Record times decide: an event lasts as long as it is recorded, whatever its source
 * times say. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "interchange/edl.h"
#include "interchange/internal.h"

enum { MAX_LAYERS = 100 };

/* What one event puts on a track. Times are frames of the list's rate. */
typedef struct item {
    const edl_event *event, *from;   /* from: the other line of a transition */
    int64_t record_in, record_out, source_in, source_length;
    int layer;                       /* of its kind: 0 is V1 or A1 */
    bool audio;
    bool black;
    int64_t fade;                    /* frames of the transition at its start; 0: a cut */
    bool fade_by_opacity;            /* from black though a clip stands before it */
} item;

typedef struct importer {
    const kf_import_params *params;
    edl_list list;
    item *items;
    size_t count;
    kf_rational rate;
    int nominal;
    int64_t start;                   /* record time of the sequence's first frame */
    bool sequence_drop;
    int layers[2];                   /* video, audio */
    ix_film film;
    ix_sequence sequence;
    kf_report *report;
    kf_error *err;
} importer;

static kf_status fail_event(const importer *im, const edl_event *e, const char *message)
{
    return kf_fail(im->err, KF_ERR_INVALID, "%s:%d: event %s: %s", im->params->name, e->line, e->number, message);
}

static const char *where(const edl_event *e, ix_place place)
{
    snprintf(place, sizeof(ix_place), "event %.20s (line %d), %.100s", e->number, e->line, e->reel);
    return place;
}

/* ---- Times ---- */

static kf_status frame_of(const importer *im, const edl_event *e, edl_timecode t, int64_t *out)
{
    if (t.frames >= im->nominal) {
        return kf_fail(im->err, KF_ERR_INVALID,
                       "%s:%d: event %s: %02d:%02d:%02d:%02d does not exist at %d frames a second: give the list's rate",
                       im->params->name, e->line, e->number, t.hours, t.minutes, t.seconds, t.frames, im->nominal);
    }
    *out = edl_frame(t, im->nominal, t.drop && ix_rate_drops(im->rate));
    return KF_OK;
}

static kf_status set_rate(importer *im)
{
    kf_rational given = im->params->rate;
    ix_place place;
    im->rate = given.num > 0 ? given : edl_guess_rate(&im->list);
    bool drop = kf_rational_equal(edl_guess_rate(&im->list), (kf_rational){30000, 1001}) ||
                kf_rational_equal(edl_guess_rate(&im->list), (kf_rational){60000, 1001});
    if (drop && given.den == 1 && (given.num == 30 || given.num == 60)) {
        im->rate = (kf_rational){given.num * 1000, 1001};
    }
    im->nominal = ix_rate_nominal(im->rate);
    snprintf(place, sizeof place, "%.200s", im->params->name);
    if (given.num <= 0) {
        kf_report_add(im->report, KF_LOSS_NOTE, place,
                      "An EDL does not say its frame rate; %d%s is the first that its timecodes fit.", im->nominal,
                      im->rate.den == 1001 ? "/1.001" : "");
    } else if (drop && !ix_rate_drops(im->rate)) {
        kf_report_add(im->report, KF_LOSS_CHANGED, place,
                      "The list counts drop-frame, which exists at 29.97 and 59.94 only; labels are read without it.");
    }
    if (im->list.latin1) {
        kf_report_add(im->report, KF_LOSS_NOTE, place, "The text is not UTF-8 and was read as ISO 8859-1.");
    }
    return KF_OK;
}

/* ---- Events to items ---- */

static bool is_black(const edl_event *e)
{
    return strcasecmp(e->reel, "BL") == 0 || strcasecmp(e->reel, "BLACK") == 0;
}

static bool is_transition(const edl_event *e)
{
    return e->edit == EDL_DISSOLVE || e->edit == EDL_WIPE;
}

static const edl_event *neighbour(const importer *im, size_t index, int by)
{
    size_t at = index + (size_t)by;
    const edl_event *e = &im->list.events[index], *other = at < im->list.count ? &im->list.events[at] : NULL;
    return other && strcmp(other->number, e->number) == 0 ? other : NULL;
}

/* A zero-length line is the first half of a transition, of which the second half follows under the same number. */
static kf_status check_pair(const importer *im, size_t index, const item *it)
{
    const edl_event *e = it->event, *next = neighbour(im, index, 1);
    if (is_transition(e) && !it->from) {
        return fail_event(im, e, e->edit == EDL_WIPE
                                     ? "a wipe without the line it comes from: put the outgoing clip's line, with the "
                                       "same number, right before it"
                                     : "a dissolve without the line it comes from: put the outgoing clip's line, with "
                                       "the same number, right before it");
    }
    if (it->record_in == it->record_out && !(next && next->edit != EDL_CUT)) {
        return fail_event(im, e, "no length, and no transition with the same number follows: it is neither an edit nor "
                                 "the first line of one");
    }
    return KF_OK;
}

static kf_status read_times(importer *im, item *it)
{
    int64_t out = 0;
    const edl_event *e = it->event;
    kf_status status = frame_of(im, e, e->source_in, &it->source_in);
    status = status ? status : frame_of(im, e, e->source_out, &out);
    it->source_length = out - it->source_in;
    status = status ? status : frame_of(im, e, e->record_in, &it->record_in);
    status = status ? status : frame_of(im, e, e->record_out, &it->record_out);
    if (status == KF_OK && it->record_out < it->record_in) {
        return fail_event(im, e, "it is recorded backwards: the record out comes before the record in");
    }
    if (it->source_length < 0) { /* some write reversed clips so */
        it->source_in += it->source_length;
        it->source_length = -it->source_length;
    }
    return status;
}

static void check_length(importer *im, const item *it)
{
    ix_place place;
    const edl_event *e = it->event;
    int64_t recorded = it->record_out - it->record_in, wanted = recorded, tolerance = 0;
    bool frozen = e->has_speed ? e->speed_num == 0 : e->freeze;
    if (frozen || it->black) {
        return;
    }
    if (e->has_speed) {
        int64_t size = e->speed_num < 0 ? -e->speed_num : e->speed_num;
        wanted = kf_muldiv_floor(recorded, size, e->speed_den * im->nominal);
        tolerance = 1 + recorded / (20 * im->nominal); /* M2 has one decimal of a frame a second */
    }
    if (llabs(it->source_length - wanted) > tolerance) {
        kf_report_add(im->report, e->has_speed ? KF_LOSS_NOTE : KF_LOSS_CHANGED, where(e, place),
                      "The source lasts %lld frames where %lld are needed for a record of %lld; the record's length and "
                      "the %s hold.",
                      (long long)it->source_length, (long long)wanted, (long long)recorded,
                      e->has_speed ? "speed of M2" : "normal speed");
    }
}

static void set_fade(importer *im, item *it)
{
    ix_place place;
    const edl_event *e = it->event;
    int64_t length = it->record_out - it->record_in;
    it->fade = is_transition(e) || e->edit == EDL_KEY ? e->length : 0;
    if (it->fade > length) {
        kf_report_add(im->report, KF_LOSS_CHANGED, where(e, place),
                      "A transition of %lld frames is longer than its clip; it was cut to %lld.", (long long)it->fade,
                      (long long)length);
        it->fade = length;
    }
}

static void add_item(importer *im, const item *it, bool audio)
{
    item *to = &im->items[im->count++];
    *to = *it;
    to->audio = audio;
    for (to->layer = audio ? 0 : it->event->edit == EDL_KEY || it->event->edit == EDL_KEY_OUT;
         audio && !(it->event->audio >> to->layer & 1);) {
        to->layer++;
    }
}

static kf_status read_item(importer *im, size_t index)
{
    ix_place place;
    const edl_event *e = &im->list.events[index];
    item it = {.event = e, .black = is_black(e)};
    kf_status status = read_times(im, &it);
    if (index > 0 && e->edit != EDL_CUT && e->edit != EDL_KEY_BACKGROUND) {
        it.from = neighbour(im, index, -1);
    }
    status = status ? status : check_pair(im, index, &it);
    if (status || it.record_in == it.record_out) {
        return status;
    }
    check_length(im, &it);
    set_fade(im, &it);
    if (e->edit == EDL_KEY || e->edit == EDL_KEY_OUT) {
        kf_report_add(im->report, KF_LOSS_CHANGED, where(e, place), "A key became a clip on a track above.");
    }
    if (e->video || e->audio) {
        add_item(im, &it, !e->video);
    } else {
        kf_report_add(im->report, KF_LOSS_DROPPED, where(e, place), "The event records no channel.");
    }
    return KF_OK;
}

static int by_record(const void *a, const void *b)
{
    const item *x = a, *y = b;
    if (x->record_in != y->record_in) {
        return x->record_in < y->record_in ? -1 : 1;
    }
    return x->event < y->event ? -1 : x->event > y->event;
}

static kf_status read_items(importer *im)
{
    im->items = kf_alloc_zero(im->list.count, sizeof *im->items);
    if (!im->items) {
        return kf_fail_memory(im->err);
    }
    for (size_t i = 0; i < im->list.count; i++) {
        kf_status status = read_item(im, i);
        if (status) {
            return status;
        }
    }
    if (im->count > 1) {
        qsort(im->items, im->count, sizeof *im->items, by_record);
    }
    im->start = im->count ? im->items[0].record_in : 0;
    im->sequence_drop = im->count && im->items[0].event->record_in.drop && ix_rate_drops(im->rate);
    return KF_OK;
}

/* ---- Items to tracks ---- */

/* The end of each layer and what stands there. */
typedef struct layer {
    int64_t end;
    const item *last;
} layer;

static int find_layer(const layer *layers, const item *it)
{
    for (int i = it->layer; i < MAX_LAYERS && it->fade; i++) {
        if (layers[i].last && layers[i].end == it->record_in) {
            return i;
        }
    }
    for (int i = it->layer; i < MAX_LAYERS; i++) {
        if (!layers[i].last || layers[i].end <= it->record_in) {
            return i;
        }
    }
    return -1;
}

/* A dissolve's first line names what the clip before it should be. */
static void check_from(importer *im, item *it, const layer *before)
{
    ix_place place;
    const edl_event *from = it->from;
    bool touches = before->last && before->end == it->record_in && !before->last->black;
    if (!it->fade || !from) {
        return;
    }
    if (is_black(from) && touches) {
        it->fade_by_opacity = !it->audio && !it->black;
        kf_report_add(im->report, KF_LOSS_CHANGED, where(it->event, place),
                      "It fades in from black right after a clip: the fade became keyframes of its opacity.");
    } else if (!is_black(from) && !touches) {
        kf_report_add(im->report, KF_LOSS_CHANGED, where(it->event, place),
                      "Nothing is recorded right before it: its transition became a fade in.");
    } else if (!is_black(from) && strcmp(from->reel, before->last->event->reel) != 0) {
        kf_report_add(im->report, KF_LOSS_CHANGED, where(it->event, place),
                      "It comes from reel %.100s, but reel %.100s is recorded right before it, which was taken.",
                      from->reel, before->last->event->reel);
    }
}

static kf_status place_items(importer *im)
{
    ix_place place;
    layer (*layers)[MAX_LAYERS] = kf_alloc_zero(2, sizeof *layers);
    kf_status status = layers ? KF_OK : kf_fail_memory(im->err);
    for (size_t i = 0; i < im->count && status == KF_OK; i++) {
        item *it = &im->items[i];
        layer *kind = layers[it->audio];
        int at = find_layer(kind, it);
        if (at < 0) {
            status = fail_event(im, it->event, "too many events are recorded at the same time");
            break;
        }
        if (at != it->layer && kind[it->layer].end > it->record_in) {
            kf_report_add(im->report, KF_LOSS_CHANGED, where(it->event, place),
                          "Another event is recorded at the same time: it was put on track %c%d.", it->audio ? 'A' : 'V',
                          at + 1);
        }
        it->layer = at;
        check_from(im, it, &kind[at]);
        kind[at] = (layer){it->record_out, it};
        im->layers[it->audio] = at + 1 > im->layers[it->audio] ? at + 1 : im->layers[it->audio];
    }
    kf_free(layers);
    return status;
}

/* ---- Writing ---- */

static void put_frames(importer *im, const char *key, int64_t frames)
{
    ix_put_time(&im->sequence.w, key, kf_frame_start(frames, im->rate), im->rate);
}

static const char *clip_name(const edl_event *e)
{
    if (e->edit != EDL_CUT && *e->to_name) {
        return e->to_name;
    }
    return *e->from_name && e->edit == EDL_CUT ? e->from_name : e->reel;
}

/* Source times count from a timecode of zero: what the file's own timecode is, a list does not say. */
static void write_asset(importer *im, const edl_event *e, const char *name)
{
    kf_json_writer *w = &im->film.assets;
    ix_put_text(w, "name", name);
    ix_put_text(w, "path", e->source_file);
    if (!*e->source_file) {
        kf_json_put_bool(w, "offline", true);
    }
    ix_put_text(w, "reel", e->reel);
    kf_json_key(w, "timecode");
    kf_json_begin_object(w);
    kf_json_put_string(w, "start", "00:00:00:00");
    ix_put_ratio(w, "rate", im->rate);
    if (e->source_in.drop && ix_rate_drops(im->rate)) {
        kf_json_put_bool(w, "drop_frame", true);
    }
    kf_json_end_object(w);
    kf_json_end_object(w);
}

/* Of a path of any system. */
static const char *file_name(const char *path)
{
    const char *last = strrchr(path, '\\');
    return last ? last + 1 : kf_path_name(path);
}

static void put_asset(importer *im, const edl_event *e)
{
    bool fresh;
    kf_str key = {0};
    const char *name = clip_name(e), *source = *e->source_file ? e->source_file : name;
    kf_str_addf(&key, "%s\n%s", e->reel, source);
    const char *id = ix_film_asset(&im->film, key.data ? key.data : "", name, &fresh);
    if (fresh) {
        write_asset(im, e, file_name(source));
    }
    im->film.failed |= key.failed;
    kf_str_finish(&key);
    kf_json_put_string(&im->sequence.w, "asset", id);
}

static void put_speed(importer *im, const item *it)
{
    ix_place place;
    const edl_event *e = it->event;
    kf_json_writer *w = &im->sequence.w;
    kf_rational speed = {1, 1};
    if (e->has_speed ? e->speed_num == 0 : e->freeze && it->source_length <= 1) {
        put_frames(im, "freeze", it->source_in);
        return;
    }
    put_frames(im, "in", it->source_in);
    if (!e->has_speed) {
        return;
    }
    int64_t size = e->speed_num < 0 ? -e->speed_num : e->speed_num, whole = e->speed_den * im->nominal;
    bool fits = kf_rational_make(size, whole, &speed) && size * 1000 >= whole && size / 1000 <= whole;
    if (!fits) {
        kf_report_add(im->report, KF_LOSS_CHANGED, where(e, place),
                      "Speeds go from a thousandth to a thousand times; it plays at normal speed.");
    } else if (speed.num != speed.den) {
        ix_put_ratio(w, "speed", speed);
    }
    if (e->speed_num < 0) {
        kf_json_put_bool(w, "reverse", true);
    }
}

static void put_markers(importer *im, const item *it)
{
    int64_t frame;
    kf_json_writer *w = &im->sequence.w;
    bool begun = false;
    for (const edl_locator *l = it->event->locators; l; l = l->next) {
        if (l->at.frames >= im->nominal) {
            continue;
        }
        frame = edl_frame(l->at, im->nominal, l->at.drop && ix_rate_drops(im->rate)) - it->record_in;
        if (!begun) {
            kf_json_key(w, "markers");
            kf_json_begin_array(w);
            begun = true;
        }
        kf_json_begin_object(w);
        put_frames(im, "time", frame < 0 ? 0 : frame);
        ix_put_text(w, "name", l->text);
        ix_put_text(w, "color", edl_color_value(l->color));
        kf_json_end_object(w);
    }
    if (begun) {
        kf_json_end_array(w);
    }
}

static void put_comments(kf_json_writer *w, const edl_comment *comment, bool with_cdl)
{
    bool begun = false;
    for (; comment; comment = comment->next) {
        if (edl_is_rewritten(comment->text) || (!with_cdl && edl_is_cdl(comment->text))) {
            continue;
        }
        if (!begun) {
            kf_json_key(w, "comments");
            kf_json_begin_array(w);
            begun = true;
        }
        kf_json_write_string(w, comment->text);
    }
    if (begun) {
        kf_json_end_array(w);
    }
}

static void put_metadata(importer *im, const item *it, bool cdl_is_effect)
{
    kf_json_writer *w = &im->sequence.w;
    kf_json_key(w, "metadata");
    kf_json_begin_object(w);
    kf_json_key(w, "edl");
    kf_json_begin_object(w);
    kf_json_put_string(w, "event", it->event->number);
    kf_json_put_string(w, "channels", it->event->channels);
    put_comments(w, it->event->comments, !cdl_is_effect);
    kf_json_end_object(w);
    kf_json_end_object(w);
}

static bool put_cdl(importer *im, const edl_event *e)
{
    ix_place place;
    if (!e->has_sop && !e->has_sat) {
        return false;
    }
    bool put = edl_put_cdl(&im->sequence.w, e);
    if (!put) {
        kf_report_add(im->report, KF_LOSS_METADATA, where(e, place),
                      "The colour decision list has values that no effect of Kerf has (a power of 0, for one).");
    }
    return put;
}

static void put_opacity_fade(importer *im, const item *it)
{
    kf_json_writer *w = &im->sequence.w;
    kf_json_key(w, "opacity");
    kf_json_begin_object(w);
    kf_json_key(w, "keys");
    kf_json_begin_array(w);
    for (int i = 0; i < 2; i++) {
        kf_json_begin_object(w);
        put_frames(im, "t", i * it->fade);
        kf_json_put_int(w, "v", i);
        kf_json_end_object(w);
    }
    kf_json_end_array(w);
    kf_json_end_object(w);
}

static void write_transition(importer *im, const item *it)
{
    ix_place place;
    kf_json_writer *w = &im->sequence.w;
    const edl_event *e = it->event;
    kf_json_begin_object(w);
    kf_json_put_string(w, "transition", e->edit == EDL_WIPE ? "wipe" : "dissolve");
    put_frames(im, "duration", it->fade);
    kf_json_put_string(w, "align", "start");
    if (e->edit == EDL_WIPE && !edl_put_wipe(w, e->wipe)) {
        kf_report_add(im->report, KF_LOSS_CHANGED, where(e, place),
                      "Kerf has no wipe like W%03d: it became a wipe to the right.", e->wipe);
    }
    kf_json_end_object(w);
}

static void write_gap(importer *im, int64_t frames)
{
    kf_json_begin_object(&im->sequence.w);
    put_frames(im, "gap", frames);
    kf_json_end_object(&im->sequence.w);
}

static void write_clip(importer *im, const item *it)
{
    kf_json_writer *w = &im->sequence.w;
    const edl_event *e = it->event;
    kf_json_begin_object(w);
    put_asset(im, e);
    put_speed(im, it);
    put_frames(im, "duration", it->record_out - it->record_in);
    ix_put_text(w, "name", clip_name(e));
    if (!it->audio && !e->audio) {
        kf_json_put_bool(w, "audio", false);
    }
    if (it->fade_by_opacity) {
        put_opacity_fade(im, it);
    }
    bool effect = !it->audio && put_cdl(im, e);
    put_markers(im, it);
    put_metadata(im, it, effect);
    kf_json_end_object(w);
}

/* From black to black nothing fades. */
static void write_item(importer *im, const item *it, bool after_clip)
{
    if (it->fade && !it->fade_by_opacity && (after_clip || !it->black)) {
        write_transition(im, it);
    }
    if (it->black) {
        write_gap(im, it->record_out - it->record_in);
    } else {
        write_clip(im, it);
    }
}

static void write_track(importer *im, bool audio, int number)
{
    char name[16];
    int64_t end = im->start;
    const item *before = NULL;
    kf_json_writer *w = &im->sequence.w;
    snprintf(name, sizeof name, "%c%d", audio ? 'A' : 'V', number + 1);
    kf_json_begin_object(w);
    if (audio) {
        kf_json_put_string(w, "kind", "audio");
    }
    kf_json_put_string(w, "name", name);
    kf_json_key(w, "clips");
    kf_json_begin_array(w);
    for (size_t i = 0; i < im->count; i++) {
        const item *it = &im->items[i];
        if (it->audio != audio || it->layer != number) {
            continue;
        }
        if (it->record_in > end) {
            write_gap(im, it->record_in - end);
        }
        write_item(im, it, before && before->record_out == it->record_in && !before->black);
        end = it->record_out;
        before = it;
    }
    kf_json_end_array(w);
    kf_json_end_object(w);
}

static void write_sequence(importer *im, const char *name)
{
    char label[32];
    kf_json_writer *w = &im->sequence.w;
    ix_sequence_begin(&im->film, &im->sequence, name, im->rate);
    kf_timecode_format(im->start, im->rate, im->sequence_drop, label);
    kf_json_put_string(w, "start_timecode", label);
    if (im->sequence_drop) {
        kf_json_put_bool(w, "drop_frame", true);
    }
    if (im->list.comments) {
        kf_json_key(w, "metadata");
        kf_json_begin_object(w);
        kf_json_key(w, "edl");
        kf_json_begin_object(w);
        put_comments(w, im->list.comments, true);
        kf_json_end_object(w);
        kf_json_end_object(w);
    }
    kf_json_key(w, "tracks");
    kf_json_begin_array(w);
    for (int audio = 0; audio < 2; audio++) {
        for (int i = 0; i < im->layers[audio]; i++) {
            write_track(im, audio, i);
        }
    }
    kf_json_end_array(w);
    ix_sequence_end(&im->film, &im->sequence);
}

static kf_status write_film(importer *im, kf_str *out)
{
    const char *name = *im->list.title ? im->list.title : kf_path_name(im->params->name);
    ix_film_init(&im->film, name);
    write_sequence(im, name);
    kf_status status = ix_film_write(&im->film, im->sequence.id, out, im->err);
    ix_film_finish(&im->film);
    return status;
}

kf_status edl_import(const kf_import_params *params, kf_str *film, kf_report *report, kf_error *err)
{
    kf_import_params given = *params;
    given.name = params->name ? params->name : "list.edl";
    importer im = {.params = &given, .report = report, .err = err};
    kf_status status = edl_read(given.bytes, given.length, given.name, &im.list, err);
    status = status ? status : set_rate(&im);
    status = status ? status : read_items(&im);
    status = status ? status : place_items(&im);
    status = status ? status : write_film(&im, film);
    kf_free(im.items);
    edl_list_finish(&im.list);
    return status;
}
