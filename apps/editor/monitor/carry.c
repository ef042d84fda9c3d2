/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "carry.h"

#include "drag.h"
#include "three_point.h"

/* ---- Out ---- */

static KerfDrag *drag_of(KerfDocument *document)
{
    const KerfSource *source = kerf_document_source(document);
    const kf_film_handle *film = kerf_document_film(document);
    const char *names[2] = {NULL, NULL};
    kf_sequence_info sequence;
    kf_asset_info asset;
    if (source->sequence) {
        if (kf_film_sequence(film, kf_film_sequence_index(film, source->uid), &sequence)) names[0] = sequence.id;
    } else if (kf_film_asset(film, kf_film_asset_index(film, source->uid), &asset)) {
        names[0] = asset.id;
    }
    if (!names[0]) return NULL;
    KerfDrag *drag = kerf_drag_new(source->sequence ? KERF_DRAG_SEQUENCES : KERF_DRAG_ASSETS, names);
    drag->in = source->in;
    drag->out = source->out;
    return drag;
}

static GdkContentProvider *prepare(GtkDragSource *source, double x, double y, gpointer document)
{
    KerfDrag *drag = drag_of(document);
    if (!drag) return NULL;
    GdkContentProvider *content = gdk_content_provider_new_typed(KERF_TYPE_DRAG, drag);
    kerf_drag_free(drag);
    return content;
}

/* ---- In ---- */

static gboolean source_of(KerfDocument *document, const KerfDrag *drag, KerfSource *out)
{
    const kf_film_handle *film = kerf_document_film(document);
    const gboolean sequence = drag->kind == KERF_DRAG_SEQUENCES;
    kf_sequence_info info;
    kf_asset_info asset;
    if (!drag->names[0] || (!sequence && drag->kind != KERF_DRAG_ASSETS)) return FALSE;
    *out = (KerfSource){.sequence = sequence, .in = drag->in, .out = drag->out};
    out->position = drag->in == KF_TIME_NONE ? 0 : drag->in;
    if (sequence && kf_film_sequence(film, kf_film_sequence_find(film, drag->names[0]), &info)) out->uid = info.uid;
    if (!sequence && kf_film_asset(film, kf_film_asset_find(film, drag->names[0]), &asset)) out->uid = asset.uid;
    return out->uid != 0;
}

static gboolean dropped_on_source(GtkDropTarget *target, const GValue *value, double x, double y, gpointer document)
{
    KerfSource source;
    if (!source_of(document, g_value_get_boxed(value), &source)) return FALSE;
    if (source.uid != kerf_document_source(document)->uid) kerf_document_set_source(document, &source);
    return TRUE;
}

static gboolean dropped_on_program(GtkDropTarget *target, const GValue *value, double x, double y, gpointer document)
{
    KerfSource source;
    if (!source_of(document, g_value_get_boxed(value), &source)) return FALSE;
    kerf_three_point(document, &source, "overwrite", "Overwrite");
    return TRUE;
}

void kerf_carry_add(GtkWidget *picture, KerfDocument *document, gboolean source)
{
    GtkDropTarget *target = gtk_drop_target_new(KERF_TYPE_DRAG, GDK_ACTION_COPY);
    g_signal_connect_object(target, "drop", source ? G_CALLBACK(dropped_on_source) : G_CALLBACK(dropped_on_program), document, 0);
    gtk_widget_add_controller(picture, GTK_EVENT_CONTROLLER(target));
    if (!source) return;
    GtkDragSource *drag = gtk_drag_source_new();
    gtk_drag_source_set_actions(drag, GDK_ACTION_COPY);
    g_signal_connect_object(drag, "prepare", G_CALLBACK(prepare), document, 0);
    gtk_widget_add_controller(picture, GTK_EVENT_CONTROLLER(drag));
}
