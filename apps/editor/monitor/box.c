/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "box.h"

#define REACH 8.0             /* px to a handle's middle */
#define THRESHOLD 3.0         /* px that the pointer moves before anything does: a click is no drag */
#define SNAP 6.0              /* px from where it snaps */
#define ARM 22.0              /* px from the top to the handle that turns */

struct _KerfBox {
    GtkWidget parent;
    KerfPicture *picture;
    KerfOutline outline;
    KerfPose pose, from;      /* now, and when the drag began */
    gboolean shown;
    KerfHandle pressed;       /* under the pointer when it was pressed */
    KerfHandle handle;        /* dragged; NONE: none */
    double start[2];          /* px of the widget */
    double lines[2];          /* of the film, that it has snapped to; negative: none */
};

G_DEFINE_FINAL_TYPE(KerfBox, kerf_box, GTK_TYPE_WIDGET)

enum { POSE_BEGIN, POSE_MOVED, POSE_END, SIGNALS };
static guint signals[SIGNALS];

/* ---- Places ---- */

static void part_to_widget(KerfBox *b, const double part[2], double out[2])
{
    const KerfPictureSpace space = kerf_picture_space(b->picture);
    double point[2];
    kerf_pose_point(&b->outline, &b->pose, part, point);
    kerf_space_to_widget(&space, point[0], point[1], out);
}

static void handle_place(KerfBox *b, KerfHandle handle, double out[2])
{
    double part[2];
    if (handle != KERF_HANDLE_TURN) {
        kerf_handle_part(handle, part);
        part_to_widget(b, part, out);
        return;
    }
    double top[2], middle[2];
    part_to_widget(b, (double[2]){0.5, 0}, top);
    part_to_widget(b, (double[2]){0.5, 0.5}, middle);
    const double length = MAX(hypot(top[0] - middle[0], top[1] - middle[1]), 1);
    for (int i = 0; i < 2; i++) out[i] = top[i] + (top[i] - middle[i]) / length * ARM;
}

static KerfHandle handle_at(KerfBox *b, double x, double y)
{
    double at[2], part[2], film[2];
    if (!b->shown) return KERF_HANDLE_NONE;
    for (int handle = KERF_HANDLE_LEFT; handle >= KERF_HANDLE_TURN; handle--) {
        handle_place(b, handle, at);
        if (hypot(at[0] - x, at[1] - y) <= REACH) return handle;
    }
    const KerfPictureSpace space = kerf_picture_space(b->picture);
    kerf_space_to_film(&space, x, y, film);
    kerf_pose_part(&b->outline, &b->pose, film, part);
    const gboolean inside = part[0] >= 0 && part[0] <= 1 && part[1] >= 0 && part[1] <= 1;
    return inside ? KERF_HANDLE_INSIDE : KERF_HANDLE_NONE;
}

/* ---- Drawing ---- */

static void trace_outline(KerfBox *b, cairo_t *cr)
{
    static const KerfHandle corners[] = {KERF_HANDLE_TOP_LEFT, KERF_HANDLE_TOP_RIGHT, KERF_HANDLE_BOTTOM_RIGHT,
                                         KERF_HANDLE_BOTTOM_LEFT};
    double at[2], turn[2];
    for (int i = 0; i < 4; i++) {
        handle_place(b, corners[i], at);
        cairo_line_to(cr, at[0], at[1]);
    }
    cairo_close_path(cr);
    handle_place(b, KERF_HANDLE_TOP, at);
    handle_place(b, KERF_HANDLE_TURN, turn);
    cairo_move_to(cr, at[0], at[1]);
    cairo_line_to(cr, turn[0], turn[1]);
}

static void draw_handles(KerfBox *b, cairo_t *cr)
{
    double at[2];
    for (int handle = KERF_HANDLE_TURN; handle <= KERF_HANDLE_LEFT; handle++) {
        handle_place(b, handle, at);
        if (handle == KERF_HANDLE_TURN) {
            cairo_arc(cr, at[0], at[1], 4.5, 0, 2 * G_PI);
        } else {
            cairo_rectangle(cr, floor(at[0]) - 3.5, floor(at[1]) - 3.5, 8, 8);
        }
        cairo_set_source_rgb(cr, 1, 1, 1);
        cairo_fill_preserve(cr);
        cairo_set_source_rgba(cr, 0, 0, 0, 0.8);
        cairo_set_line_width(cr, 1);
        cairo_stroke(cr);
    }
}

static void draw_anchor(KerfBox *b, cairo_t *cr)
{
    double at[2];
    part_to_widget(b, b->outline.anchor, at);
    cairo_arc(cr, at[0], at[1], 5, 0, 2 * G_PI);
    for (int i = 0; i < 2; i++) {
        cairo_move_to(cr, at[0] - 8 * i, at[1] - 8 * !i);
        cairo_line_to(cr, at[0] + 8 * i, at[1] + 8 * !i);
    }
}

/* Over the whole of the frame. */
static void draw_lines(KerfBox *b, cairo_t *cr)
{
    const KerfPictureSpace space = kerf_picture_space(b->picture);
    for (int i = 0; i < 2; i++) {
        double from[2], to[2];
        if (b->lines[i] < 0) continue;
        kerf_space_to_widget(&space, i ? 0 : b->lines[0], i ? b->lines[1] : 0, from);
        kerf_space_to_widget(&space, i ? space.width : b->lines[0], i ? b->lines[1] : space.height, to);
        cairo_move_to(cr, round(from[0]) + 0.5, round(from[1]) + 0.5);
        cairo_line_to(cr, round(to[0]) + 0.5, round(to[1]) + 0.5);
    }
    cairo_set_source_rgb(cr, 1, 0.35, 0.75);
    cairo_set_line_width(cr, 1);
    cairo_stroke(cr);
}

static void snapshot(GtkWidget *widget, GtkSnapshot *snapshot)
{
    KerfBox *b = KERF_BOX(widget);
    GdkRGBA accent = {0.24f, 0.49f, 1, 1};
    if (!b->shown) return;
    gtk_style_context_lookup_color(gtk_widget_get_style_context(widget), "accent_color", &accent);
    cairo_t *cr = gtk_snapshot_append_cairo(
        snapshot, &GRAPHENE_RECT_INIT(0, 0, gtk_widget_get_width(widget), gtk_widget_get_height(widget)));
    for (int i = 0; i < 2; i++) {
        cairo_set_line_width(cr, i ? 1.5 : 3);
        if (i) gdk_cairo_set_source_rgba(cr, &accent);
        else cairo_set_source_rgba(cr, 0, 0, 0, 0.3);
        trace_outline(b, cr);
        cairo_new_sub_path(cr);
        draw_anchor(b, cr);
        cairo_stroke(cr);
    }
    draw_handles(b, cr);
    draw_lines(b, cr);
    if (gtk_widget_has_visible_focus(widget)) {
        cairo_set_dash(cr, (double[]){3, 3}, 2, 0);
        cairo_set_source_rgb(cr, 1, 1, 1);
        trace_outline(b, cr);
        cairo_stroke(cr);
    }
    cairo_destroy(cr);
}

/* ---- Moving ---- */

static void move_to(KerfBox *b, const KerfPose *pose)
{
    b->pose = *pose;
    gtk_widget_queue_draw(GTK_WIDGET(b));
    g_signal_emit(b, signals[POSE_MOVED], 0, &b->pose);
}

static void forget_lines(KerfBox *b) { b->lines[0] = b->lines[1] = -1; }

static void finish(KerfBox *b, gboolean keep)
{
    if (b->handle == KERF_HANDLE_NONE) return;
    forget_lines(b);
    b->handle = b->pressed = KERF_HANDLE_NONE;
    if (!keep) b->pose = b->from;
    gtk_widget_queue_draw(GTK_WIDGET(b));
    g_signal_emit(b, signals[POSE_END], 0, keep);
}

static void drag_begin(GtkGestureDrag *drag, double x, double y, gpointer data)
{
    KerfBox *b = data;
    b->pressed = handle_at(b, x, y);
    b->start[0] = x;
    b->start[1] = y;
}

/* A click that never becomes a drag is for the picture below, which selects. */
static void begin(KerfBox *b, GtkGestureDrag *drag)
{
    gtk_gesture_set_state(GTK_GESTURE(drag), GTK_EVENT_SEQUENCE_CLAIMED);
    b->handle = b->pressed;
    b->from = b->pose;
    g_signal_emit(b, signals[POSE_BEGIN], 0);
}

static void drag_update(GtkGestureDrag *drag, double x, double y, gpointer data)
{
    KerfBox *b = data;
    const KerfPictureSpace space = kerf_picture_space(b->picture);
    const GdkModifierType mods = gtk_event_controller_get_current_event_state(GTK_EVENT_CONTROLLER(drag));
    double points[2][2];
    const gboolean begins = b->handle == KERF_HANDLE_NONE && b->pressed != KERF_HANDLE_NONE && hypot(x, y) >= THRESHOLD;
    if (begins) begin(b, drag);
    if (b->handle == KERF_HANDLE_NONE) return;
    kerf_space_to_film(&space, b->start[0], b->start[1], points[0]);
    kerf_space_to_film(&space, b->start[0] + x, b->start[1] + y, points[1]);
    KerfPose pose = kerf_pose_drag(&b->outline, &b->from, b->handle, points, (mods & GDK_SHIFT_MASK) != 0);
    forget_lines(b);
    if (b->handle == KERF_HANDLE_INSIDE && !(mods & GDK_CONTROL_MASK)) {
        const double frame[2] = {space.width, space.height}, reach = SNAP * space.width / space.place.w;
        pose = kerf_pose_snap(&b->outline, &pose, frame, reach, b->lines);
    }
    move_to(b, &pose);
}

static void drag_end(GtkGestureDrag *drag, double x, double y, gpointer data) { finish(data, TRUE); }
static void drag_cancelled(GtkGesture *drag, GdkEventSequence *sequence, gpointer data) { finish(data, FALSE); }

static void hovered(GtkEventControllerMotion *motion, double x, double y, gpointer data)
{
    static const char *const cursors[] = {NULL,        "move",      "crosshair", "nw-resize", "n-resize", "ne-resize",
                                          "e-resize", "se-resize", "s-resize",  "sw-resize", "w-resize"};
    KerfBox *b = data;
    if (b->handle == KERF_HANDLE_NONE) gtk_widget_set_cursor_from_name(GTK_WIDGET(b), cursors[handle_at(b, x, y)]);
}

/* ---- Keys ---- */

static gboolean pose_of_key(KerfPose *pose, guint keyval, double by)
{
    switch (keyval) {
    case GDK_KEY_Left: pose->position[0] -= by; return TRUE;
    case GDK_KEY_Right: pose->position[0] += by; return TRUE;
    case GDK_KEY_Up: pose->position[1] -= by; return TRUE;
    case GDK_KEY_Down: pose->position[1] += by; return TRUE;
    case GDK_KEY_bracketleft: pose->rotation -= by; return TRUE;
    case GDK_KEY_bracketright: pose->rotation += by; return TRUE;
    case GDK_KEY_plus:
    case GDK_KEY_KP_Add:
    case GDK_KEY_minus:
    case GDK_KEY_KP_Subtract:
        for (int i = 0; i < 2; i++) {
            pose->scale[i] *= keyval == GDK_KEY_plus || keyval == GDK_KEY_KP_Add ? 1 + by / 100 : 1 / (1 + by / 100);
        }
        return TRUE;
    default: return FALSE;
    }
}

static gboolean key_pressed(GtkEventControllerKey *keys, guint keyval, guint code, GdkModifierType state, gpointer data)
{
    KerfBox *b = data;
    KerfPose pose = b->pose;
    if (!b->shown) return GDK_EVENT_PROPAGATE;
    const gboolean plain = (state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) == 0;
    if (!plain || !pose_of_key(&pose, keyval, state & GDK_SHIFT_MASK ? 10 : 1)) return GDK_EVENT_PROPAGATE;
    b->from = b->pose;
    g_signal_emit(b, signals[POSE_BEGIN], 0);
    move_to(b, &pose);
    g_signal_emit(b, signals[POSE_END], 0, TRUE);
    return GDK_EVENT_STOP;
}

/* The picture has the focus in a drag: arrows are steps of time there. */
static gboolean escape_pressed(GtkEventControllerKey *keys, guint keyval, guint code, GdkModifierType state, gpointer data)
{
    KerfBox *b = data;
    if (keyval != GDK_KEY_Escape || b->handle == KERF_HANDLE_NONE) return GDK_EVENT_PROPAGATE;
    finish(b, FALSE);
    return GDK_EVENT_STOP;
}

/* ---- The widget ---- */

void kerf_box_set(KerfBox *b, const KerfOutline *outline, const KerfPose *pose)
{
    if (b->handle != KERF_HANDLE_NONE) return;
    b->shown = outline != NULL;
    if (outline) {
        b->outline = *outline;
        b->pose = *pose;
    }
    gtk_widget_set_focusable(GTK_WIDGET(b), b->shown);
    gtk_widget_set_can_target(GTK_WIDGET(b), b->shown);
    gtk_widget_queue_draw(GTK_WIDGET(b));
}

gboolean kerf_box_dragging(KerfBox *b) { return b->handle != KERF_HANDLE_NONE; }

/* Only what can be dragged takes the pointer: the rest of the picture is for what lies below. */
static gboolean contains(GtkWidget *widget, double x, double y)
{
    KerfBox *b = KERF_BOX(widget);
    return b->handle != KERF_HANDLE_NONE || handle_at(b, x, y) != KERF_HANDLE_NONE;
}

static void kerf_box_class_init(KerfBoxClass *class)
{
    GTK_WIDGET_CLASS(class)->snapshot = snapshot;
    GTK_WIDGET_CLASS(class)->contains = contains;
    gtk_widget_class_set_accessible_role(GTK_WIDGET_CLASS(class), GTK_ACCESSIBLE_ROLE_GROUP);
    signals[POSE_BEGIN] = g_signal_new("pose-begin", KERF_TYPE_BOX, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
    signals[POSE_MOVED] =
        g_signal_new("pose-moved", KERF_TYPE_BOX, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
    signals[POSE_END] =
        g_signal_new("pose-end", KERF_TYPE_BOX, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
}

static void kerf_box_init(KerfBox *b)
{
    forget_lines(b);
    GtkGesture *drag = gtk_gesture_drag_new();
    g_signal_connect(drag, "drag-begin", G_CALLBACK(drag_begin), b);
    g_signal_connect(drag, "drag-update", G_CALLBACK(drag_update), b);
    g_signal_connect(drag, "drag-end", G_CALLBACK(drag_end), b);
    g_signal_connect(drag, "cancel", G_CALLBACK(drag_cancelled), b);
    gtk_widget_add_controller(GTK_WIDGET(b), GTK_EVENT_CONTROLLER(drag));
    GtkEventController *motion = gtk_event_controller_motion_new();
    g_signal_connect(motion, "motion", G_CALLBACK(hovered), b);
    gtk_widget_add_controller(GTK_WIDGET(b), motion);
    GtkEventController *keys = gtk_event_controller_key_new();
    g_signal_connect(keys, "key-pressed", G_CALLBACK(key_pressed), b);
    gtk_widget_add_controller(GTK_WIDGET(b), keys);
    gtk_widget_set_can_target(GTK_WIDGET(b), FALSE);
    gtk_accessible_update_property(GTK_ACCESSIBLE(b), GTK_ACCESSIBLE_PROPERTY_LABEL, "Position of the clip", -1);
}

GtkWidget *kerf_box_new(KerfPicture *picture)
{
    KerfBox *b = g_object_new(KERF_TYPE_BOX, NULL);
    b->picture = picture;
    GtkEventController *keys = gtk_event_controller_key_new();
    gtk_event_controller_set_propagation_phase(keys, GTK_PHASE_CAPTURE);
    g_signal_connect_object(keys, "key-pressed", G_CALLBACK(escape_pressed), b, 0);
    gtk_widget_add_controller(GTK_WIDGET(picture), keys);
    return GTK_WIDGET(b);
}
