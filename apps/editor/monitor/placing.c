/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "placing.h"

#include <math.h>

#include "box.h"
#include "clip_place.h"
#include "paths.h"
#include "shapes.h"
#include "text.h"

struct KerfPlacing {
    KerfDocument *document;
    KerfDeck *deck;
    KerfPicture *picture;
    GtkGesture *click;        /* of the picture */
    GtkWidget *box, *paths, *knobs;
    gboolean show_box, show_paths;
    kf_timeline_item clip;    /* what the box is around; its texts are not used later */
    KerfClipPlace place;
};

/* ---- What is selected ---- */

static kf_time shown_time(KerfPlacing *p) { return kerf_document_playhead(p->document); }

/* A clip with a picture that is seen now. */
static gboolean find_clip(KerfPlacing *p, kf_timeline_item *out)
{
    const uint64_t id = kerf_document_focus(p->document);
    const kf_time t = shown_time(p);
    kf_track_info track;
    if (id == 0 || !kerf_document_find(p->document, id, out)) return FALSE;
    if (out->kind != KF_TIMELINE_CLIP || !out->enabled || out->source == KF_TIMELINE_ADJUSTMENT) return FALSE;
    if (t < out->start || t >= out->start + out->duration) return FALSE;
    return kf_film_track(kerf_document_film(p->document), out->sequence, out->track, &track) && !track.audio && !track.hide;
}

static KerfShapes shapes_of(KerfPlacing *p)
{
    const KerfPictureSpace space = kerf_picture_space(p->picture);
    return (KerfShapes){kerf_document_film(p->document), &p->clip, &p->place, shown_time(p) - p->clip.start,
                        space.place.w > 0 ? space.width / space.place.w : 1};
}

static void show_knobs(KerfPlacing *p)
{
    const KerfShapes shapes = shapes_of(p);
    g_autoptr(GArray) knobs = kerf_shapes_knobs(&shapes);
    kerf_knobs_set(KERF_KNOBS(p->knobs), (const KerfKnob *)(void *)knobs->data, knobs->len);
    kerf_knobs_set_adds(KERF_KNOBS(p->knobs), kerf_shapes_has_polygon(&shapes));
}

static void show_paths(KerfPlacing *p)
{
    KerfPaths *paths = KERF_PATHS(p->paths);
    const kf_film_handle *film = kerf_document_film(p->document);
    kerf_paths_clear(paths);
    if (!p->show_paths) {
        kerf_knobs_set(KERF_KNOBS(p->knobs), NULL, 0);
        return;
    }
    show_knobs(p);
    kerf_clip_motion(film, &p->clip, paths);
    kerf_clip_masks(film, &p->clip, &p->place, shown_time(p) - p->clip.start, paths);
}

void kerf_placing_update(KerfPlacing *p)
{
    kf_timeline_item clip;
    const gboolean playing = kerf_deck_state(p->deck)->playing;
    const gboolean dragging = kerf_box_dragging(KERF_BOX(p->box));
    if (playing || !find_clip(p, &clip) ||
        !kerf_clip_place(kerf_document_film(p->document), &clip, shown_time(p) - clip.start, &p->place)) {
        if (dragging) return;
        p->clip.id = 0;
        kerf_box_set(KERF_BOX(p->box), NULL, NULL);
        kerf_paths_clear(KERF_PATHS(p->paths));
        kerf_knobs_set(KERF_KNOBS(p->knobs), NULL, 0);
        return;
    }
    p->clip = clip;
    kerf_box_set(KERF_BOX(p->box), p->show_box ? &p->place.outline : NULL, &p->place.pose);
    show_paths(p);
}

void kerf_placing_show(KerfPlacing *p, gboolean box, gboolean paths)
{
    p->show_box = box;
    p->show_paths = paths;
    kerf_placing_update(p);
}

/* ---- Edits ---- */

typedef struct Number {
    char text[G_ASCII_DTOSTR_BUF_SIZE];
} Number;

static Number number(double v)
{
    Number n;
    g_ascii_formatd(n.text, sizeof n.text, "%.5f", v);
    return n;
}

/* Sets a parameter, or its keyframe of this moment if it has any. */
static void append_param(KerfPlacing *p, GString *ops, const char *name, const char *value)
{
    const kf_param_place place = {.item = &p->clip, .group = KF_PARAMS_TRANSFORM};
    kf_param_now now = {0};
    char *op;
    kf_film_param(kerf_document_film(p->document), &place, name, 0, &now);
    if (now.keys > 0) {
        op = kerf_json_operation("set_key", "\"clip\": %" G_GUINT64_FORMAT ", \"field\": \"transform.%s\", \"at\": %s, \"value\": %s",
                                 p->clip.id, name, kerf_json_time(shown_time(p) - p->clip.start).text, value);
    } else {
        op = kerf_json_operation("set_clip", "\"clips\": [%" G_GUINT64_FORMAT "], \"set\": {\"transform\": {\"%s\": %s}}",
                                 p->clip.id, name, value);
    }
    g_string_append(ops, op);
    g_free(op);
}

static void append_pair(KerfPlacing *p, GString *ops, const char *name, const double v[2])
{
    g_autofree char *value = g_strdup_printf("[%s, %s]", number(v[0]).text, number(v[1]).text);
    append_param(p, ops, name, value);
}

static gboolean differ(const double a[2], const double b[2]) { return fabs(a[0] - b[0]) > 1e-6 || fabs(a[1] - b[1]) > 1e-6; }

static void pose_begin(KerfBox *box, gpointer data)
{
    KerfPlacing *p = data;
    kerf_deck_pause(p->deck);
    kerf_document_gesture_begin(p->document);
}

static void pose_moved(KerfBox *box, gpointer moved, gpointer data)
{
    KerfPlacing *p = data;
    const KerfPose *pose = moved, *from = &p->place.pose;
    const double position[2] = {pose->position[0] - p->place.offset[0], pose->position[1] - p->place.offset[1]};
    kf_timeline_item clip;
    if (!kerf_document_in_gesture(p->document) || !kerf_document_find(p->document, p->clip.id, &clip)) return;
    p->clip = clip;
    GString *ops = g_string_new(NULL);
    if (differ(pose->position, from->position)) append_pair(p, ops, "position", position);
    if (differ(pose->scale, from->scale)) append_pair(p, ops, "scale", pose->scale);
    if (fabs(pose->rotation - from->rotation) > 1e-6) append_param(p, ops, "rotation", number(pose->rotation).text);
    kerf_document_gesture_update(p->document, g_string_free(ops, FALSE), NULL);
}

static void pose_end(KerfBox *box, gboolean keep, gpointer data)
{
    KerfPlacing *p = data;
    if (keep) {
        kerf_document_gesture_commit(p->document, "Place Clip");
    } else {
        kerf_document_gesture_cancel(p->document);
    }
    kerf_placing_update(p);
}

/* ---- Points ---- */

static void knob_begin(KerfKnobs *knobs, gpointer knob, gpointer data)
{
    KerfPlacing *p = data;
    kerf_deck_pause(p->deck);
    kerf_document_gesture_begin(p->document);
}

/* What it comes to is told from the film as it is by now, which the gesture has changed already. */
static void knob_moved(KerfKnobs *knobs, gpointer knob, gpointer data)
{
    KerfPlacing *p = data;
    const KerfShapes shapes = shapes_of(p);
    if (!kerf_document_in_gesture(p->document)) return;
    char *operations = kerf_shapes_move(&shapes, knob);
    if (operations) kerf_document_gesture_update(p->document, operations, NULL);
}

static void knob_end(KerfKnobs *knobs, gboolean keep, gpointer data)
{
    KerfPlacing *p = data;
    if (keep) {
        kerf_document_gesture_commit(p->document, "Move a Point");
    } else {
        kerf_document_gesture_cancel(p->document);
    }
    kerf_placing_update(p);
}

static void knob_removed(KerfKnobs *knobs, gpointer knob, gpointer data)
{
    KerfPlacing *p = data;
    const KerfShapes shapes = shapes_of(p);
    char *operations = kerf_shapes_remove(&shapes, knob);
    if (operations) kerf_document_edit(p->document, "Remove a Point", operations);
}

static void knob_added(KerfKnobs *knobs, gpointer point, gpointer data)
{
    KerfPlacing *p = data;
    const KerfShapes shapes = shapes_of(p);
    char *operations = kerf_shapes_add(&shapes, point);
    if (operations) kerf_document_edit(p->document, "Add a Point", operations);
}

/* ---- Selecting ---- */

typedef struct Search {
    KerfPlacing *placing;
    double point[2];          /* of the film */
} Search;

static gboolean covers(Search *s, const kf_timeline_item *clip)
{
    const kf_film_handle *film = kerf_document_film(s->placing->document);
    KerfClipPlace place;
    double part[2];
    if (clip->kind != KF_TIMELINE_CLIP || !clip->enabled || clip->source == KF_TIMELINE_ADJUSTMENT) return FALSE;
    if (!kerf_clip_place(film, clip, shown_time(s->placing) - clip->start, &place)) return FALSE;
    kerf_pose_part(&place.outline, &place.pose, s->point, part);
    return part[0] >= 0 && part[0] <= 1 && part[1] >= 0 && part[1] <= 1;
}

/* The topmost clip at a point of the picture; 0: none. */
static uint64_t clip_at(Search *s)
{
    KerfDocument *document = s->placing->document;
    const kf_film_handle *film = kerf_document_film(document);
    const int32_t sequence = kerf_document_sequence(document);
    for (int32_t i = kerf_document_sequence_info(document)->tracks - 1; i >= 0; i--) {
        kf_timeline_item clip;
        kf_track_info track;
        if (!kf_film_track(film, sequence, i, &track) || track.audio || track.hide) continue;
        if (kf_timeline_at(film, sequence, i, shown_time(s->placing), &clip) && covers(s, &clip)) return clip.id;
    }
    return 0;
}

static void clicked(GtkGestureClick *click, int count, double x, double y, gpointer data)
{
    KerfPlacing *p = data;
    Search s = {.placing = p};
    const KerfPictureSpace space = kerf_picture_space(p->picture);
    kerf_space_to_film(&space, x, y, s.point);
    const uint64_t id = clip_at(&s);
    if (kerf_deck_state(p->deck)->playing) return;
    kerf_document_select(p->document, &id, id ? 1 : 0);
}

/* ---- The object ---- */

static void document_changed(KerfDocument *document, gpointer changes, guint count, gpointer data)
{
    KerfPlacing *p = data;
    if (!kerf_box_dragging(KERF_BOX(p->box))) kerf_placing_update(p);
}

static void looked_elsewhere(KerfDocument *document, gpointer data) { kerf_placing_update(data); }

KerfPlacing *kerf_placing_new(KerfDocument *document, KerfDeck *deck, KerfPicture *picture)
{
    KerfPlacing *p = g_new0(KerfPlacing, 1);
    p->document = g_object_ref(document);
    p->deck = g_object_ref(deck);
    p->picture = picture;
    p->paths = g_object_ref_sink(kerf_paths_new(picture));
    p->box = g_object_ref_sink(kerf_box_new(picture));
    kerf_picture_add_layer(picture, p->paths);
    p->knobs = g_object_ref_sink(kerf_knobs_new(picture));
    kerf_picture_add_layer(picture, p->box);
    kerf_picture_add_layer(picture, p->knobs);
    p->click = gtk_gesture_click_new();
    g_signal_connect(p->click, "released", G_CALLBACK(clicked), p);
    gtk_widget_add_controller(GTK_WIDGET(picture), GTK_EVENT_CONTROLLER(p->click));
    g_signal_connect(p->box, "pose-begin", G_CALLBACK(pose_begin), p);
    g_signal_connect(p->box, "pose-moved", G_CALLBACK(pose_moved), p);
    g_signal_connect(p->box, "pose-end", G_CALLBACK(pose_end), p);
    g_signal_connect(p->knobs, "knob-begin", G_CALLBACK(knob_begin), p);
    g_signal_connect(p->knobs, "knob-moved", G_CALLBACK(knob_moved), p);
    g_signal_connect(p->knobs, "knob-end", G_CALLBACK(knob_end), p);
    g_signal_connect(p->knobs, "knob-removed", G_CALLBACK(knob_removed), p);
    g_signal_connect(p->knobs, "knob-added", G_CALLBACK(knob_added), p);
    g_signal_connect(document, "changed", G_CALLBACK(document_changed), p);
    g_signal_connect(document, "selection-changed", G_CALLBACK(looked_elsewhere), p);
    g_signal_connect(document, "playhead-changed", G_CALLBACK(looked_elsewhere), p);
    return p;
}

void kerf_placing_free(KerfPlacing *p)
{
    g_signal_handlers_disconnect_by_data(p->document, p);
    g_signal_handlers_disconnect_by_data(p->box, p);
    g_signal_handlers_disconnect_by_data(p->knobs, p);
    gtk_widget_remove_controller(GTK_WIDGET(p->picture), GTK_EVENT_CONTROLLER(p->click));
    g_object_unref(p->paths);
    g_object_unref(p->box);
    g_object_unref(p->knobs);
    g_object_unref(p->deck);
    g_object_unref(p->document);
    g_free(p);
}
