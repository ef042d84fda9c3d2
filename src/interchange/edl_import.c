/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a list of events to a film. Record times decide: an event lasts as long as it is recorded, whatever its source
 * times say. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "interchange/edl_import.h"

static kf_status fail_event(const edl_importer *im, const edl_event *e, const char *message)
{
    return kf_fail(im->err, KF_ERR_INVALID, "%s:%d: event %s: %s", im->params->name, e->line, e->number, message);
}

/* ---- Times ---- */

static kf_status frame_of(const edl_importer *im, const edl_event *e, edl_timecode t, int64_t *out)
{
    if (t.frames >= im->nominal) {
        return kf_fail(
            im->err, KF_ERR_INVALID,
            "%s:%d: event %s: %02d:%02d:%02d:%02d does not exist at %d frames a second: give the list's rate",
            im->params->name, e->line, e->number, t.hours, t.minutes, t.seconds, t.frames, im->nominal);
    }
    *out = edl_frame(t, im->nominal, t.drop && ix_rate_drops(im->rate));
    return KF_OK;
}

static kf_status set_rate(edl_importer *im)
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

static const edl_event *neighbour(const edl_importer *im, size_t index, int by)
{
    size_t at = index + (size_t)by;
    const edl_event *e = &im->list.events[index], *other = at < im->list.count ? &im->list.events[at] : NULL;
    return other && strcmp(other->number, e->number) == 0 ? other : NULL;
}

/* A zero-length line is the first half of a transition, of which the second half follows under the same number. */
static kf_status check_pair(const edl_importer *im, size_t index, const edl_item *it)
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

static kf_status read_times(edl_importer *im, edl_item *it)
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

static void check_length(edl_importer *im, const edl_item *it)
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
        kf_report_add(
            im->report, e->has_speed ? KF_LOSS_NOTE : KF_LOSS_CHANGED, edl_where(e, place),
            "The source lasts %lld frames where %lld are needed for a record of %lld; the record's length and "
            "the %s hold.",
            (long long)it->source_length, (long long)wanted, (long long)recorded,
            e->has_speed ? "speed of M2" : "normal speed");
    }
}

static void set_fade(edl_importer *im, edl_item *it)
{
    ix_place place;
    const edl_event *e = it->event;
    int64_t length = it->record_out - it->record_in;
    it->fade = is_transition(e) || e->edit == EDL_KEY ? e->length : 0;
    if (it->fade > length) {
        kf_report_add(im->report, KF_LOSS_CHANGED, edl_where(e, place),
                      "A transition of %lld frames is longer than its clip; it was cut to %lld.", (long long)it->fade,
                      (long long)length);
        it->fade = length;
    }
}

static void add_item(edl_importer *im, const edl_item *it, bool audio)
{
    edl_item *to = &im->items[im->count++];
    *to = *it;
    to->audio = audio;
    for (to->layer = audio ? 0 : it->event->edit == EDL_KEY || it->event->edit == EDL_KEY_OUT;
         audio && !(it->event->audio >> to->layer & 1);) {
        to->layer++;
    }
}

static kf_status read_item(edl_importer *im, size_t index)
{
    ix_place place;
    const edl_event *e = &im->list.events[index];
    edl_item it = {.event = e, .black = is_black(e)};
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
        kf_report_add(im->report, KF_LOSS_CHANGED, edl_where(e, place), "A key became a clip on a track above.");
    }
    if (e->video || e->audio) {
        add_item(im, &it, !e->video);
    } else {
        kf_report_add(im->report, KF_LOSS_DROPPED, edl_where(e, place), "The event records no channel.");
    }
    return KF_OK;
}

static int by_record(const void *a, const void *b)
{
    const edl_item *x = a, *y = b;
    if (x->record_in != y->record_in) {
        return x->record_in < y->record_in ? -1 : 1;
    }
    return x->event < y->event ? -1 : x->event > y->event;
}

static kf_status read_items(edl_importer *im)
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
    const edl_item *last;
} layer;

static int find_layer(const layer *layers, const edl_item *it)
{
    for (int i = it->layer; i < EDL_MAX_LAYERS && it->fade; i++) {
        if (layers[i].last && layers[i].end == it->record_in) {
            return i;
        }
    }
    for (int i = it->layer; i < EDL_MAX_LAYERS; i++) {
        if (!layers[i].last || layers[i].end <= it->record_in) {
            return i;
        }
    }
    return -1;
}

/* A dissolve's first line names what the clip before it should be. */
static void check_from(edl_importer *im, edl_item *it, const layer *before)
{
    ix_place place;
    const edl_event *from = it->from;
    bool touches = before->last && before->end == it->record_in && !before->last->black;
    if (!it->fade || !from) {
        return;
    }
    if (is_black(from) && touches) {
        it->fade_by_opacity = !it->audio && !it->black;
        kf_report_add(im->report, KF_LOSS_CHANGED, edl_where(it->event, place),
                      "It fades in from black right after a clip: the fade became keyframes of its opacity.");
    } else if (!is_black(from) && !touches) {
        kf_report_add(im->report, KF_LOSS_CHANGED, edl_where(it->event, place),
                      "Nothing is recorded right before it: its transition became a fade in.");
    } else if (!is_black(from) && strcmp(from->reel, before->last->event->reel) != 0) {
        kf_report_add(im->report, KF_LOSS_CHANGED, edl_where(it->event, place),
                      "It comes from reel %.100s, but reel %.100s is recorded right before it, which was taken.",
                      from->reel, before->last->event->reel);
    }
}

static kf_status place_items(edl_importer *im)
{
    ix_place place;
    layer (*layers)[EDL_MAX_LAYERS] = kf_alloc_zero(2, sizeof *layers);
    kf_status status = layers ? KF_OK : kf_fail_memory(im->err);
    for (size_t i = 0; i < im->count && status == KF_OK; i++) {
        edl_item *it = &im->items[i];
        layer *kind = layers[it->audio];
        int at = find_layer(kind, it);
        if (at < 0) {
            status = fail_event(im, it->event, "too many events are recorded at the same time");
            break;
        }
        if (at != it->layer && kind[it->layer].end > it->record_in) {
            kf_report_add(im->report, KF_LOSS_CHANGED, edl_where(it->event, place),
                          "Another event is recorded at the same time: it was put on track %c%d.",
                          it->audio ? 'A' : 'V', at + 1);
        }
        it->layer = at;
        check_from(im, it, &kind[at]);
        kind[at] = (layer){it->record_out, it};
        im->layers[it->audio] = at + 1 > im->layers[it->audio] ? at + 1 : im->layers[it->audio];
    }
    kf_free(layers);
    return status;
}

kf_status edl_import(const kf_import_params *params, kf_str *film, kf_report *report, kf_error *err)
{
    kf_import_params given = *params;
    given.name = params->name ? params->name : "list.edl";
    edl_importer im = {.params = &given, .report = report, .err = err};
    kf_status status = edl_read(given.bytes, given.length, given.name, &im.list, err);
    status = status ? status : set_rate(&im);
    status = status ? status : read_items(&im);
    status = status ? status : place_items(&im);
    status = status ? status : edl_write_film(&im, film);
    kf_free(im.items);
    edl_list_finish(&im.list);
    return status;
}
