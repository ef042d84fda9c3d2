/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "picture.h"

#include <epoxy/egl.h>
#include <epoxy/glx.h>

#include "kerf/monitor.h"

#define ZOOM_MIN 0.05
#define ZOOM_MAX 16.0
#define SQUARES_FROM 4.0      /* zoom from where pixels are shown as squares */

struct _KerfPicture {
    GtkWidget parent;
    GtkWidget *area;
    kf_monitor *monitor;
    kf_picture *shown;
    gboolean uploaded, checker;
    KerfZoom view;
    double width, height;     /* of the film; what the picture shows when there is one */
    double aspect;            /* of its pixels */
    char *failure;
    double pointer[2];        /* where it was last */
    double drag[2];           /* offset of a drag that has been dealt with */
};

G_DEFINE_FINAL_TYPE(KerfPicture, kerf_picture, GTK_TYPE_WIDGET)

enum { VIEW_CHANGED, SIGNALS };
static guint signals[SIGNALS];

/* ---- Place ---- */

static KerfSizes sizes_of(KerfPicture *p)
{
    GtkWidget *w = GTK_WIDGET(p);
    return (KerfSizes){gtk_widget_get_width(w), gtk_widget_get_height(w), p->width * p->aspect, p->height,
                       gtk_widget_get_scale_factor(w)};
}

KerfPictureSpace kerf_picture_space(KerfPicture *p)
{
    const KerfSizes sizes = sizes_of(p);
    return (KerfPictureSpace){kerf_place(&p->view, &sizes), sizes.picture_width, sizes.picture_height};
}

void kerf_picture_drawn(KerfPicture *p, int *width, int *height)
{
    const KerfPlace place = kerf_picture_space(p).place;
    const int scale = gtk_widget_get_scale_factor(GTK_WIDGET(p));
    *width = (int)(place.w * scale);
    *height = (int)(place.h * scale);
}

void kerf_space_to_widget(const KerfPictureSpace *s, double x, double y, double out[2])
{
    out[0] = s->place.x + x * s->place.w / s->width;
    out[1] = s->place.y + y * s->place.h / s->height;
}

void kerf_space_to_film(const KerfPictureSpace *s, double x, double y, double out[2])
{
    out[0] = (x - s->place.x) * s->width / s->place.w;
    out[1] = (y - s->place.y) * s->height / s->place.h;
}

static void view_changed(KerfPicture *p)
{
    gtk_gl_area_queue_render(GTK_GL_AREA(p->area));
    for (GtkWidget *layer = gtk_widget_get_next_sibling(p->area); layer; layer = gtk_widget_get_next_sibling(layer)) {
        gtk_widget_queue_draw(layer);
    }
    g_signal_emit(p, signals[VIEW_CHANGED], 0);
}

static void set_view(KerfPicture *p, KerfZoom view)
{
    p->view = view;
    view_changed(p);
}

void kerf_picture_set_zoom(KerfPicture *p, double percent)
{
    const KerfSizes sizes = sizes_of(p);
    if (percent <= 0) {
        set_view(p, (KerfZoom){0});
    } else {
        const double zoom = CLAMP(percent / 100, ZOOM_MIN, ZOOM_MAX) / sizes.scale;
        set_view(p, kerf_place_zoom_at(&p->view, &sizes, zoom, sizes.width / 2, sizes.height / 2));
    }
}

double kerf_picture_zoom(KerfPicture *p) { return p->view.zoom > 0 ? kerf_picture_zoom_shown(p) : 0; }

double kerf_picture_zoom_shown(KerfPicture *p)
{
    const KerfSizes sizes = sizes_of(p);
    return kerf_place_zoom(&p->view, &sizes) * sizes.scale * 100;
}

/* ---- The picture ---- */

static void set_film_size(KerfPicture *p, double width, double height, double aspect)
{
    if (p->width == width && p->height == height && p->aspect == aspect) return;
    p->width = width;
    p->height = height;
    p->aspect = aspect;
    view_changed(p);
}

void kerf_picture_set_size(KerfPicture *p, int width, int height)
{
    if (!p->shown && width > 0 && height > 0) set_film_size(p, width, height, 1);
}

void kerf_picture_show(KerfPicture *p, kf_picture *shown)
{
    if (p->shown == shown) return;
    if (shown) kf_picture_ref(shown);
    kf_picture_release(p->shown);
    p->shown = shown;
    p->uploaded = FALSE;
    if (p->monitor) g_clear_pointer(&p->failure, g_free);
    if (shown && shown->full_width > 0 && shown->full_height > 0) {
        const kf_rational a = shown->pixel_aspect;
        set_film_size(p, shown->full_width, shown->full_height, a.num > 0 && a.den > 0 ? (double)a.num / a.den : 1);
    }
    gtk_gl_area_queue_render(GTK_GL_AREA(p->area));
}

void kerf_picture_set_checker(KerfPicture *p, gboolean checker)
{
    p->checker = checker;
    gtk_gl_area_queue_render(GTK_GL_AREA(p->area));
}

void kerf_picture_add_layer(KerfPicture *p, GtkWidget *layer) { gtk_widget_set_parent(layer, GTK_WIDGET(p)); }

/* ---- GL ---- */

/* The context is one of EGL's or of GLX', as the display has it. */
static void *find_function(void *context, const char *name)
{
    void *found = NULL;
    void (*address)(void) = NULL;
    if (eglGetCurrentContext() != EGL_NO_CONTEXT) {
        address = eglGetProcAddress(name);
    } else {
        address = glXGetProcAddressARB((const GLubyte *)name);
    }
    memcpy(&found, &address, sizeof found);
    return found;
}

static void fail(KerfPicture *p, const char *message)
{
    g_free(p->failure);
    p->failure = g_strdup_printf("Pictures cannot be shown: %s", message);
    g_warning("monitor: %s", message);
}

const char *kerf_picture_failure(KerfPicture *p) { return p->failure; }

static void realized(GtkGLArea *area, gpointer data)
{
    KerfPicture *p = data;
    gtk_gl_area_make_current(area);
    if (gtk_gl_area_get_error(area)) {
        fail(p, gtk_gl_area_get_error(area)->message);
        gtk_widget_set_opacity(p->area, 0); /* it would say so too */
        return;
    }
    const kf_monitor_params params = {.get_proc_address = find_function};
    kf_error error;
    if (kf_monitor_create(&params, &p->monitor, &error) != KF_OK) fail(p, error.message);
    p->uploaded = FALSE;
}

static void unrealized(GtkGLArea *area, gpointer data)
{
    KerfPicture *p = data;
    gtk_gl_area_make_current(area);
    g_clear_pointer(&p->monitor, kf_monitor_destroy);
}

static gboolean render(GtkGLArea *area, GdkGLContext *context, gpointer data)
{
    KerfPicture *p = data;
    const int scale = gtk_widget_get_scale_factor(GTK_WIDGET(area));
    const KerfPlace place = kerf_picture_space(p).place;
    kf_error error;
    if (!p->monitor) return FALSE;
    if (!p->uploaded && kf_monitor_show(p->monitor, p->shown, &error) != KF_OK) fail(p, error.message);
    p->uploaded = TRUE;
    kf_monitor_draw_params draw = kf_monitor_draw_params_default();
    draw.width = gtk_widget_get_width(GTK_WIDGET(area)) * scale;
    draw.height = gtk_widget_get_height(GTK_WIDGET(area)) * scale;
    draw.x = (float)(place.x * scale);
    draw.y = (float)(place.y * scale);
    draw.w = (float)(place.w * scale);
    draw.h = (float)(place.h * scale);
    draw.under = p->checker ? KF_MONITOR_CHECKER : KF_MONITOR_COLOR;
    draw.pixels = kerf_picture_zoom_shown(p) >= SQUARES_FROM * 100;
    for (int i = 0; i < 3; i++) draw.surround[i] = 0.06f;
    if (kf_monitor_draw(p->monitor, &draw, &error) != KF_OK) fail(p, error.message);
    return TRUE;
}

/* ---- Moving about ---- */

static void pointed(GtkEventControllerMotion *motion, double x, double y, gpointer data)
{
    KerfPicture *p = data;
    p->pointer[0] = x;
    p->pointer[1] = y;
}

static gboolean scrolled(GtkEventControllerScroll *scroll, double dx, double dy, gpointer data)
{
    KerfPicture *p = data;
    const GdkModifierType mods = gtk_event_controller_get_current_event_state(GTK_EVENT_CONTROLLER(scroll));
    const KerfSizes sizes = sizes_of(p);
    if (mods & GDK_CONTROL_MASK) {
        const double wanted = kerf_place_zoom(&p->view, &sizes) * (dy < 0 ? 1.25 : 0.8);
        const double zoom = CLAMP(wanted, ZOOM_MIN / sizes.scale, ZOOM_MAX / sizes.scale);
        set_view(p, kerf_place_zoom_at(&p->view, &sizes, zoom, p->pointer[0], p->pointer[1]));
        return TRUE;
    }
    if (p->view.zoom <= 0) return FALSE;
    set_view(p, kerf_place_pan(&p->view, &sizes, -dx * 40, -dy * 40));
    return TRUE;
}

static void drag_begin(GtkGestureDrag *drag, double x, double y, gpointer data)
{
    KerfPicture *p = data;
    p->drag[0] = p->drag[1] = 0;
    gtk_widget_set_cursor_from_name(GTK_WIDGET(p), "grabbing");
}

static void drag_update(GtkGestureDrag *drag, double x, double y, gpointer data)
{
    KerfPicture *p = data;
    const KerfSizes sizes = sizes_of(p);
    set_view(p, kerf_place_pan(&p->view, &sizes, x - p->drag[0], y - p->drag[1]));
    p->drag[0] = x;
    p->drag[1] = y;
}

static void drag_end(GtkGestureDrag *drag, double x, double y, gpointer data)
{
    gtk_widget_set_cursor(GTK_WIDGET(data), NULL);
}

/* ---- The widget ---- */

static void measure(GtkWidget *w, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *mb, int *nb)
{
    *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 96 : 54;
    *natural = *minimum * 3;
    *mb = *nb = -1;
}

static void allocate(GtkWidget *w, int width, int height, int baseline)
{
    for (GtkWidget *child = gtk_widget_get_first_child(w); child; child = gtk_widget_get_next_sibling(child)) {
        gtk_widget_allocate(child, width, height, -1, NULL);
    }
    view_changed(KERF_PICTURE(w));
}

static void dispose(GObject *object)
{
    KerfPicture *p = KERF_PICTURE(object);
    for (GtkWidget *child; (child = gtk_widget_get_first_child(GTK_WIDGET(p)));) {
        gtk_widget_unparent(child);
    }
    g_clear_pointer(&p->shown, kf_picture_release);
    g_clear_pointer(&p->failure, g_free);
    G_OBJECT_CLASS(kerf_picture_parent_class)->dispose(object);
}

static void kerf_picture_class_init(KerfPictureClass *class)
{
    GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);
    G_OBJECT_CLASS(class)->dispose = dispose;
    widget->measure = measure;
    widget->size_allocate = allocate;
    gtk_widget_class_set_accessible_role(widget, GTK_ACCESSIBLE_ROLE_GROUP); /* an image has no children to tell of */
    gtk_widget_class_set_css_name(widget, "kerf-picture");
    signals[VIEW_CHANGED] =
        g_signal_new("view-changed", KERF_TYPE_PICTURE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void kerf_picture_init(KerfPicture *p)
{
    p->width = 1920;
    p->height = 1080;
    p->aspect = 1;
    p->area = gtk_gl_area_new();
    gtk_gl_area_set_auto_render(GTK_GL_AREA(p->area), FALSE);
    gtk_widget_set_can_target(p->area, FALSE);
    gtk_widget_set_overflow(GTK_WIDGET(p), GTK_OVERFLOW_HIDDEN);
    g_signal_connect(p->area, "realize", G_CALLBACK(realized), p);
    g_signal_connect(p->area, "unrealize", G_CALLBACK(unrealized), p);
    g_signal_connect(p->area, "render", G_CALLBACK(render), p);
    gtk_widget_set_parent(p->area, GTK_WIDGET(p));
    GtkEventController *motion = gtk_event_controller_motion_new();
    gtk_event_controller_set_propagation_phase(motion, GTK_PHASE_CAPTURE);
    g_signal_connect(motion, "enter", G_CALLBACK(pointed), p);
    g_signal_connect(motion, "motion", G_CALLBACK(pointed), p);
    gtk_widget_add_controller(GTK_WIDGET(p), motion);
    GtkEventController *scroll = gtk_event_controller_scroll_new(GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
    g_signal_connect(scroll, "scroll", G_CALLBACK(scrolled), p);
    gtk_widget_add_controller(GTK_WIDGET(p), scroll);
    GtkGesture *drag = gtk_gesture_drag_new();
    gtk_gesture_single_set_button(GTK_GESTURE_SINGLE(drag), GDK_BUTTON_MIDDLE);
    g_signal_connect(drag, "drag-begin", G_CALLBACK(drag_begin), p);
    g_signal_connect(drag, "drag-update", G_CALLBACK(drag_update), p);
    g_signal_connect(drag, "drag-end", G_CALLBACK(drag_end), p);
    gtk_widget_add_controller(GTK_WIDGET(p), GTK_EVENT_CONTROLLER(drag));
}

GtkWidget *kerf_picture_new(void) { return g_object_new(KERF_TYPE_PICTURE, NULL); }
