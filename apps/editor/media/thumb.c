/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "thumb.h"

struct _KerfThumb {
    GtkWidget parent;
    KerfWorker *worker;
    int height;
    char *file, *icon;
    kf_time duration;
    double hover;             /* 0..1; negative: the pointer is elsewhere */
    uint64_t shown;           /* id of the thumbnail in texture */
    GdkTexture *texture;
};

G_DEFINE_FINAL_TYPE(KerfThumb, kerf_thumb, GTK_TYPE_WIDGET)

static void update_texture(KerfThumb *t)
{
    kf_worker *worker = kerf_worker_get(t->worker);
    const kf_thumbnail *thumb;
    kf_thumbnail_request request = {.path = t->file, .stream = -1, .height = t->height * gtk_widget_get_scale_factor(GTK_WIDGET(t)),
                                    .urgency = KF_WORK_VISIBLE, .owner = t};
    if (!worker || !t->file) return;
    request.at = (kf_time)((t->hover >= 0 ? t->hover : 0.1) * (double)t->duration);
    request.spacing = t->duration / (t->hover >= 0 ? 48 : 8); /* the poster may be one that is cheap to decode */
    kf_worker_thumbnail(worker, &request, &thumb);
    if (thumb && thumb->id != t->shown) {
        g_autoptr(GBytes) bytes = g_bytes_new_with_free_func(thumb->pixels, (gsize)thumb->stride * (gsize)thumb->height,
                                                             (GDestroyNotify)(void (*)(void))kf_thumbnail_release, (gpointer)thumb);
        g_clear_object(&t->texture);
        t->texture = gdk_memory_texture_new(thumb->width, thumb->height, GDK_MEMORY_R8G8B8A8_PREMULTIPLIED, bytes,
                                            (gsize)thumb->stride);
        t->shown = thumb->id;
    } else {
        kf_thumbnail_release(thumb);
    }
}

static void draw_icon(KerfThumb *t, GtkSnapshot *snapshot, int width, int height)
{
    GtkIconTheme *theme = gtk_icon_theme_get_for_display(gtk_widget_get_display(GTK_WIDGET(t)));
    const int size = MIN(width, height) / 2;
    g_autoptr(GtkIconPaintable) icon = gtk_icon_theme_lookup_icon(theme, t->icon ? t->icon : "video-x-generic-symbolic", NULL, size,
                                                                  gtk_widget_get_scale_factor(GTK_WIDGET(t)),
                                                                  GTK_TEXT_DIR_NONE, GTK_ICON_LOOKUP_FORCE_SYMBOLIC);
    GdkRGBA color;
    gtk_style_context_get_color(gtk_widget_get_style_context(GTK_WIDGET(t)), &color);
    color.alpha *= 0.5f;
    gtk_snapshot_translate(snapshot, &GRAPHENE_POINT_INIT((float)(width - size) / 2, (float)(height - size) / 2));
    gtk_symbolic_paintable_snapshot_symbolic(GTK_SYMBOLIC_PAINTABLE(icon), snapshot, size, size, &color, 1);
}

static void draw(GtkWidget *widget, GtkSnapshot *snapshot)
{
    KerfThumb *t = KERF_THUMB(widget);
    const int width = gtk_widget_get_width(widget), height = gtk_widget_get_height(widget);
    gtk_snapshot_append_color(snapshot, &(GdkRGBA){0, 0, 0, 0.35f}, &GRAPHENE_RECT_INIT(0, 0, (float)width, (float)height));
    update_texture(t);
    if (!t->texture) {
        draw_icon(t, snapshot, width, height);
        return;
    }
    const double aspect = (double)gdk_texture_get_width(t->texture) / gdk_texture_get_height(t->texture);
    const double w = MIN(width, height * aspect), h = w / aspect;
    gtk_snapshot_append_texture(snapshot, t->texture,
                                &GRAPHENE_RECT_INIT((float)(width - w) / 2, (float)(height - h) / 2, (float)w, (float)h));
    if (t->hover >= 0) {
        gtk_snapshot_append_color(snapshot, &(GdkRGBA){1, 1, 1, 0.9f},
                                  &GRAPHENE_RECT_INIT((float)(t->hover * width), 0, 1.5f, (float)height));
    }
}

static void measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *b1, int *b2)
{
    const int height = KERF_THUMB(widget)->height;
    *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? height * 16 / 9 : height;
}

static void moved(GtkEventControllerMotion *motion, double x, double y, gpointer data)
{
    KerfThumb *t = data;
    const int width = gtk_widget_get_width(data);
    t->hover = width > 0 && t->duration > 0 ? CLAMP(x / width, 0, 1) : -1;
    gtk_widget_queue_draw(data);
}

static void left(GtkEventControllerMotion *motion, gpointer data)
{
    KERF_THUMB(data)->hover = -1;
    gtk_widget_queue_draw(data);
}

static void worker_event(KerfWorker *worker, int kind, const char *path, gboolean done, gpointer data)
{
    KerfThumb *t = data;
    if ((kind == KF_WORK_THUMBNAIL || kind == KF_WORK_CHANGED) && g_strcmp0(path, t->file) == 0) gtk_widget_queue_draw(data);
}

static void finalize(GObject *object)
{
    KerfThumb *t = KERF_THUMB(object);
    if (kerf_worker_get(t->worker)) kf_worker_forget(kerf_worker_get(t->worker), t);
    g_clear_object(&t->texture);
    g_object_unref(t->worker);
    g_free(t->file);
    g_free(t->icon);
    G_OBJECT_CLASS(kerf_thumb_parent_class)->finalize(object);
}

static void kerf_thumb_class_init(KerfThumbClass *class)
{
    G_OBJECT_CLASS(class)->finalize = finalize;
    GTK_WIDGET_CLASS(class)->snapshot = draw;
    GTK_WIDGET_CLASS(class)->measure = measure;
    gtk_widget_class_set_accessible_role(GTK_WIDGET_CLASS(class), GTK_ACCESSIBLE_ROLE_IMG);
}

static void kerf_thumb_init(KerfThumb *t)
{
    GtkEventController *motion = gtk_event_controller_motion_new();
    t->hover = -1;
    g_signal_connect(motion, "motion", G_CALLBACK(moved), t);
    g_signal_connect(motion, "leave", G_CALLBACK(left), t);
    gtk_widget_add_controller(GTK_WIDGET(t), motion);
    gtk_widget_set_overflow(GTK_WIDGET(t), GTK_OVERFLOW_HIDDEN);
}

GtkWidget *kerf_thumb_new(KerfWorker *worker, int height)
{
    KerfThumb *t = g_object_new(KERF_TYPE_THUMB, NULL);
    t->worker = g_object_ref(worker);
    t->height = height;
    g_signal_connect_object(worker, "event", G_CALLBACK(worker_event), t, 0);
    return GTK_WIDGET(t);
}

void kerf_thumb_set(KerfThumb *t, const char *file, kf_time duration, const char *icon)
{
    if (g_strcmp0(file, t->file) != 0) {
        g_clear_object(&t->texture);
        t->shown = 0;
        g_free(t->file);
        t->file = g_strdup(file);
    }
    g_free(t->icon);
    t->icon = g_strdup(icon);
    t->duration = duration;
    gtk_widget_queue_draw(GTK_WIDGET(t));
}

kf_time kerf_thumb_hover(KerfThumb *t)
{
    return t->hover >= 0 ? (kf_time)(t->hover * (double)t->duration) : KF_TIME_NONE;
}
