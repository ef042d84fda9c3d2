/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scope.h"

#include "graticule.h"

#define LARGEST 640           /* px of a trace's sides: enough for eight bits, and quick */

struct _KerfScope {
    GtkWidget parent;
    kf_scope_kind kind;
    GdkTexture *trace;
    uint8_t matrix;
};

G_DEFINE_FINAL_TYPE(KerfScope, kerf_scope, GTK_TYPE_WIDGET)

const char *kerf_scope_label(kf_scope_kind kind)
{
    static const char *const labels[] = {"Waveform", "RGB Parade", "Vectorscope", "Histogram"};
    return labels[kind];
}

/* Where the trace lies; labels stand around it. */
static graphene_rect_t inside(KerfScope *s)
{
    const float w = (float)gtk_widget_get_width(GTK_WIDGET(s)), h = (float)gtk_widget_get_height(GTK_WIDGET(s));
    const float left = s->kind == KF_SCOPE_WAVEFORM || s->kind == KF_SCOPE_PARADE ? 30 : 8;
    const float top = 18, bottom = s->kind == KF_SCOPE_HISTOGRAM ? 18 : 8;
    if (s->kind != KF_SCOPE_VECTORSCOPE) {
        return GRAPHENE_RECT_INIT(left, top, MAX(w - left - 8, 1), MAX(h - top - bottom, 1));
    }
    const float side = MAX(MIN(w - 16, h - top - bottom), 1);
    return GRAPHENE_RECT_INIT((float)(int)((w - side) / 2), (float)(int)(top + (h - top - bottom - side) / 2), side, side);
}

gboolean kerf_scope_wants(KerfScope *s, kf_scope_params *out)
{
    const graphene_rect_t area = inside(s);
    const int scale = gtk_widget_get_scale_factor(GTK_WIDGET(s));
    if (!gtk_widget_get_mapped(GTK_WIDGET(s)) || area.size.width < 16 || area.size.height < 16) return FALSE;
    *out = kf_scope_params_default();
    out->kind = s->kind;
    out->width = MIN((int)area.size.width * scale, LARGEST);
    out->height = MIN((int)area.size.height * scale, LARGEST);
    return TRUE;
}

void kerf_scope_show(KerfScope *s, GdkTexture *trace, uint8_t matrix)
{
    g_set_object(&s->trace, trace);
    s->matrix = matrix;
    gtk_widget_queue_draw(GTK_WIDGET(s));
}

/* ---- The widget ---- */

static void snapshot(GtkWidget *widget, GtkSnapshot *snapshot)
{
    KerfScope *s = KERF_SCOPE(widget);
    const graphene_rect_t area = inside(s);
    const GdkRGBA ground = {0.07f, 0.07f, 0.07f, 1};
    const graphene_rect_t all =
        GRAPHENE_RECT_INIT(0, 0, (float)gtk_widget_get_width(widget), (float)gtk_widget_get_height(widget));
    gtk_snapshot_push_clip(snapshot, &all);
    gtk_snapshot_append_color(snapshot, &ground, &all);
    kerf_graticule(widget, snapshot, &(KerfGraticule){s->kind, s->matrix, area});
    if (s->trace) gtk_snapshot_append_texture(snapshot, s->trace, &area);
    gtk_snapshot_pop(snapshot);
}

static void dispose(GObject *object)
{
    g_clear_object(&KERF_SCOPE(object)->trace);
    G_OBJECT_CLASS(kerf_scope_parent_class)->dispose(object);
}

static void kerf_scope_class_init(KerfScopeClass *class)
{
    G_OBJECT_CLASS(class)->dispose = dispose;
    GTK_WIDGET_CLASS(class)->snapshot = snapshot;
    gtk_widget_class_set_accessible_role(GTK_WIDGET_CLASS(class), GTK_ACCESSIBLE_ROLE_IMG);
}

static void kerf_scope_init(KerfScope *s) { s->matrix = 1; }

GtkWidget *kerf_scope_new(kf_scope_kind kind)
{
    KerfScope *s = g_object_new(KERF_TYPE_SCOPE, NULL);
    s->kind = kind;
    gtk_accessible_update_property(GTK_ACCESSIBLE(s), GTK_ACCESSIBLE_PROPERTY_LABEL, kerf_scope_label(kind), -1);
    return GTK_WIDGET(s);
}
