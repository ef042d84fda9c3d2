/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "lane.h"

#include <math.h>
#include <string.h>

#include "keys.h"

enum { LANE = 22, GRAPH = 104, PAD = 8, KEY = 9, NEAR = 8 };

#define KERF_TYPE_LANE (kerf_lane_get_type())
G_DECLARE_FINAL_TYPE(KerfLane, kerf_lane, KERF, LANE, GtkWidget)

/* What is dragged. */
typedef enum Grip { GRIP_NONE, GRIP_KEY, GRIP_OUT, GRIP_IN } Grip;

struct _KerfLane {
    GtkWidget parent;
    KerfTargets *targets;
    KerfParam param;
    KerfKeys *keys;
    kf_time duration, now;
    gboolean graph;
    double low, high;         /* values of the graph's edges */
    int chosen;               /* -1: none */
    Grip grip;
    gboolean moving;
    kf_key_info from;         /* the key as the drag began; of GRIP_IN: the key before */
    int carried;              /* index of the key that changes */
    GtkWidget *area, *way, *key_button, *graph_button;
    gboolean showing;
};

G_DEFINE_FINAL_TYPE(KerfLane, kerf_lane, GTK_TYPE_WIDGET)

static KerfDocument *document_of(KerfLane *l) { return kerf_targets_document(l->targets); }
static kf_key_info *key_of(KerfLane *l, int i) { return kerf_key_at(l->keys, i); }
static int count_of(KerfLane *l) { return (int)l->keys->len; }

static char *label_of(KerfLane *l) { return g_strdup_printf("%s: keyframes", l->param.info.label); }

/* ---- Edits ---- */

static void edit_once(KerfLane *l, char *value)
{
    g_autofree char *taken = value;
    g_autofree char *label = label_of(l);
    kerf_document_edit(document_of(l), label, kerf_targets_op_replace(l->targets, &l->param, taken));
}

static void remove_key(KerfLane *l, int i)
{
    if (count_of(l) > 1) {
        g_array_remove_index(l->keys, (guint)i);
        l->chosen = -1;
        edit_once(l, kerf_keys_json(l->keys, &l->param, -1));
        return;
    }
    g_autofree char *label = label_of(l);
    kerf_document_edit(document_of(l), label, kerf_targets_op_still(l->targets, &l->param));
}

static void seek_to(KerfLane *l, kf_time clip_time)
{
    const kf_timeline_item *item = kerf_targets_focus(l->targets);
    if (item) kerf_document_seek(document_of(l), item->start + clip_time);
}

static kf_time frame_of(KerfLane *l, kf_time t)
{
    const kf_sequence_info *q = kerf_document_sequence_info(document_of(l));
    const kf_time half = kf_sequence_frame_time(q, 1) / 2;
    return kf_sequence_frame_time(q, kf_sequence_frame(q, MAX(t, 0) + half));
}

/* ---- Places ---- */

static double x_of(KerfLane *l, kf_time t)
{
    const double width = gtk_widget_get_width(l->area) - 2 * PAD;
    return PAD + (double)t / (double)MAX(l->duration, 1) * MAX(width, 1);
}

static kf_time time_at(KerfLane *l, double x)
{
    const double width = gtk_widget_get_width(l->area) - 2 * PAD;
    return (kf_time)((x - PAD) / MAX(width, 1) * (double)l->duration);
}

static double y_of(KerfLane *l, double value)
{
    const double height = gtk_widget_get_height(l->area);
    return l->graph ? PAD + (l->high - value) / (l->high - l->low) * (height - 2 * PAD) : height / 2;
}

static double value_at(KerfLane *l, double y)
{
    const double height = gtk_widget_get_height(l->area) - 2 * PAD;
    return l->high - (y - PAD) / MAX(height, 1) * (l->high - l->low);
}

static int numbers_of(KerfLane *l)
{
    return l->param.info.value == KF_VALUE_POINT ? 2 : l->param.info.value == KF_VALUE_NUMBER ? 1 : 3;
}

static void find_range(KerfLane *l)
{
    if (l->moving) return;
    l->low = G_MAXDOUBLE;
    l->high = -G_MAXDOUBLE;
    for (int i = 0; i < count_of(l); i++) {
        for (int n = 0; n < numbers_of(l); n++) {
            l->low = MIN(l->low, key_of(l, i)->value[n]);
            l->high = MAX(l->high, key_of(l, i)->value[n]);
        }
    }
    const double room = l->high - l->low > 1e-9 ? (l->high - l->low) * 0.15 : MAX(l->param.info.step * 10, 1e-6);
    l->low -= room;
    l->high += room;
}

/* The handle of the way out of key i (part 0), or into key i + 1 (part 1). */
static void handle_place(KerfLane *l, int i, int part, double *x, double *y)
{
    const kf_key_info *a = key_of(l, i), *b = key_of(l, i + 1);
    const double *bezier = a->bezier + 2 * part;
    *x = x_of(l, a->time) + bezier[0] * (x_of(l, b->time) - x_of(l, a->time));
    *y = y_of(l, a->value[0] + bezier[1] * (b->value[0] - a->value[0]));
}

static gboolean has_handles(KerfLane *l, int i)
{
    return l->graph && i >= 0 && i + 1 < count_of(l) && key_of(l, i)->interp == KF_KEY_BEZIER;
}

/* ---- Finding what is under the pointer ---- */

static int key_near(KerfLane *l, double x, double y)
{
    for (int i = count_of(l) - 1; i >= 0; i--) {
        const double dy = l->graph ? y_of(l, key_of(l, i)->value[0]) - y : 0;
        if (hypot(x_of(l, key_of(l, i)->time) - x, dy) <= NEAR) return i;
    }
    return -1;
}

static gboolean handle_near(KerfLane *l, int i, int part, double x, double y)
{
    double hx, hy;
    if (!has_handles(l, i)) return FALSE;
    handle_place(l, i, part, &hx, &hy);
    return hypot(hx - x, hy - y) <= NEAR;
}

/* Handles are those of the chosen key. */
static Grip grip_at(KerfLane *l, double x, double y, int *carried)
{
    if (handle_near(l, l->chosen, 0, x, y)) {
        *carried = l->chosen;
        return GRIP_OUT;
    }
    if (handle_near(l, l->chosen - 1, 1, x, y)) {
        *carried = l->chosen - 1;
        return GRIP_IN;
    }
    *carried = key_near(l, x, y);
    return *carried >= 0 ? GRIP_KEY : GRIP_NONE;
}

/* ---- Dragging ---- */

static void show_way(KerfLane *l);

static void drag_begin(GtkGestureDrag *drag, double x, double y, KerfLane *l)
{
    gtk_widget_grab_focus(l->area);
    l->grip = grip_at(l, x, y, &l->carried);
    l->moving = FALSE;
    if (l->grip == GRIP_NONE) return;
    if (l->grip == GRIP_KEY) l->chosen = l->carried;
    l->from = *key_of(l, l->carried);
    show_way(l);
    gtk_widget_queue_draw(l->area);
}

/* Keys stay in order: the time of a moved one lies between its neighbours, or on one, which then goes. */
static void carry_key(KerfLane *l, double dx, double dy)
{
    kf_key_info *key = key_of(l, l->carried);
    const kf_time low = l->carried > 0 ? key_of(l, l->carried - 1)->time : 0;
    const kf_time high =
        l->carried + 1 < count_of(l) ? key_of(l, l->carried + 1)->time : MAX(l->duration, l->from.time);
    const kf_time t = frame_of(l, time_at(l, x_of(l, l->from.time) + dx));
    key->time = CLAMP(t, low, high);
    if (!l->graph || fabs(dy) < 2) return;
    const double by = value_at(l, y_of(l, l->from.value[0]) + dy) - l->from.value[0];
    for (int n = 0; n < numbers_of(l); n++) {
        key->value[n] = CLAMP(l->from.value[n] + by, l->param.info.min, l->param.info.max);
    }
}

static void carry_handle(KerfLane *l, double dx, double dy)
{
    kf_key_info *a = key_of(l, l->carried);
    const kf_key_info *b = key_of(l, l->carried + 1);
    const int part = l->grip == GRIP_IN;
    const double width = x_of(l, b->time) - x_of(l, a->time), height = y_of(l, b->value[0]) - y_of(l, a->value[0]);
    a->bezier[2 * part] = CLAMP(l->from.bezier[2 * part] + dx / MAX(width, 1), 0, 1);
    if (fabs(height) >= 1) a->bezier[2 * part + 1] = CLAMP(l->from.bezier[2 * part + 1] + dy / height, -4, 5);
}

static void drag_update(GtkGestureDrag *drag, double dx, double dy, KerfLane *l)
{
    if (l->grip == GRIP_NONE || (!l->moving && hypot(dx, dy) < 3)) return;
    if (!l->moving && !kerf_document_gesture_begin(document_of(l))) return;
    l->moving = TRUE;
    if (l->grip == GRIP_KEY) {
        carry_key(l, dx, dy);
    } else {
        carry_handle(l, dx, dy);
    }
    g_autofree char *value = kerf_keys_json(l->keys, &l->param, l->grip == GRIP_KEY ? l->carried : -1);
    kerf_document_gesture_update(document_of(l), kerf_targets_op_replace(l->targets, &l->param, value), NULL);
    gtk_widget_queue_draw(l->area);
}

static void drag_end(GtkGestureDrag *drag, double dx, double dy, KerfLane *l)
{
    const Grip grip = l->grip;
    g_autofree char *label = label_of(l);
    l->grip = GRIP_NONE;
    if (l->moving) {
        l->moving = FALSE;
        kerf_document_gesture_commit(document_of(l), label);
    } else if (grip == GRIP_KEY && l->chosen >= 0 && l->chosen < count_of(l)) {
        seek_to(l, key_of(l, l->chosen)->time);
    }
}

static void cancel(KerfLane *l)
{
    if (l->moving) kerf_document_gesture_cancel(document_of(l));
    l->moving = FALSE;
    l->grip = GRIP_NONE;
    kerf_keys_read(l->keys, l->targets, &l->param);
    gtk_widget_queue_draw(l->area);
}

static void drag_cancelled(GtkGesture *g, GdkEventSequence *e, KerfLane *l) { cancel(l); }

/* A key where there is none. */
static void pressed(GtkGestureClick *click, int times, double x, double y, KerfLane *l)
{
    if (times != 2 || key_near(l, x, y) >= 0) return;
    g_autofree char *label = label_of(l);
    seek_to(l, frame_of(l, CLAMP(time_at(l, x), 0, l->duration)));
    kerf_document_edit(document_of(l), label, kerf_targets_op_key(l->targets, &l->param, TRUE));
}

/* ---- Steps and ways ---- */

static void step(KerfLane *l, int direction)
{
    const int i = kerf_keys_beside(l->keys, kerf_targets_now(l->targets), direction);
    if (i < 0) return;
    l->chosen = i;
    seek_to(l, key_of(l, i)->time);
    show_way(l);
}

static void go_back(GtkButton *button, KerfLane *l) { step(l, -1); }
static void go_on(GtkButton *button, KerfLane *l) { step(l, 1); }

static void key_toggled(GtkToggleButton *button, KerfLane *l)
{
    if (l->showing) return;
    g_autofree char *label = label_of(l);
    const gboolean there = gtk_toggle_button_get_active(button);
    kerf_document_edit(document_of(l), label, kerf_targets_op_key(l->targets, &l->param, there));
}

static void graph_toggled(GtkToggleButton *button, KerfLane *l)
{
    l->graph = gtk_toggle_button_get_active(button);
    gtk_widget_set_size_request(l->area, -1, l->graph ? GRAPH : LANE);
    gtk_widget_queue_draw(l->area);
}

/* Ways of the list; the bezier ones as in CSS. */
static const struct { const char *label; kf_key_interp interp; double bezier[4];
} ways[] = {{"Linear", KF_KEY_LINEAR, {0}},
            {"Hold", KF_KEY_HOLD, {0}},
            {"Ease", KF_KEY_BEZIER, {0.42, 0, 0.58, 1}},
            {"Ease in", KF_KEY_BEZIER, {0.42, 0, 1, 1}},
            {"Ease out", KF_KEY_BEZIER, {0, 0, 0.58, 1}},
            {"Bezier", KF_KEY_BEZIER, {0.33, 0, 0.67, 1}}};
enum { OWN_WAY = G_N_ELEMENTS(ways) - 1 };

static guint way_of(const kf_key_info *key)
{
    for (guint i = 0; i < OWN_WAY; i++) {
        const gboolean same =
            key->interp != KF_KEY_BEZIER || memcmp(key->bezier, ways[i].bezier, sizeof key->bezier) == 0;
        if (ways[i].interp == key->interp && same) return i;
    }
    return OWN_WAY;
}

static void show_way(KerfLane *l)
{
    const gboolean showing = l->showing;
    l->showing = TRUE;
    const gboolean any = l->chosen >= 0 && l->chosen < count_of(l);
    gtk_widget_set_sensitive(l->way, any);
    gtk_drop_down_set_selected(GTK_DROP_DOWN(l->way), any ? way_of(key_of(l, l->chosen)) : GTK_INVALID_LIST_POSITION);
    l->showing = showing;
}

static void way_chosen(GtkDropDown *list, GParamSpec *spec, KerfLane *l)
{
    const guint way = gtk_drop_down_get_selected(list);
    if (l->showing || l->chosen < 0 || l->chosen >= count_of(l) || way >= G_N_ELEMENTS(ways)) return;
    kf_key_info *key = key_of(l, l->chosen);
    key->interp = ways[way].interp;
    memcpy(key->bezier, ways[way].bezier, sizeof key->bezier);
    edit_once(l, kerf_keys_json(l->keys, &l->param, -1));
}

static void nudge(KerfLane *l, int frames)
{
    if (l->chosen < 0 || l->chosen >= count_of(l)) return;
    const kf_time frame = kf_sequence_frame_time(kerf_document_sequence_info(document_of(l)), 1);
    kf_key_info *key = key_of(l, l->chosen);
    const kf_time low = l->chosen > 0 ? key_of(l, l->chosen - 1)->time + frame : 0;
    const kf_time high =
        l->chosen + 1 < count_of(l) ? key_of(l, l->chosen + 1)->time - frame : MAX(l->duration, key->time);
    key->time = CLAMP(frame_of(l, key->time + frames * frame), low, MAX(low, high));
    edit_once(l, kerf_keys_json(l->keys, &l->param, -1));
}

static gboolean key_pressed(GtkEventControllerKey *keys, guint keyval, guint code, GdkModifierType state, KerfLane *l)
{
    const int far = state & GDK_SHIFT_MASK ? 10 : 1;
    switch (keyval) {
    case GDK_KEY_Left:
        nudge(l, -far);
        return TRUE;
    case GDK_KEY_Right:
        nudge(l, far);
        return TRUE;
    case GDK_KEY_Page_Up:
    case GDK_KEY_Up:
        step(l, -1);
        return TRUE;
    case GDK_KEY_Page_Down:
    case GDK_KEY_Down:
        step(l, 1);
        return TRUE;
    case GDK_KEY_Delete:
    case GDK_KEY_BackSpace:
        if (l->chosen >= 0 && l->chosen < count_of(l)) remove_key(l, l->chosen);
        return TRUE;
    case GDK_KEY_Escape:
        if (!l->moving) return FALSE;
        cancel(l);
        return TRUE;
    default:
        return FALSE;
    }
}

/* ---- Drawing ---- */

static void draw_graph(KerfLane *l, cairo_t *cr, double width)
{
    static const double colors[3][3] = {{0.55, 0.72, 1}, {1, 0.65, 0.5}, {0.6, 0.9, 0.6}};
    cairo_set_line_width(cr, 1.2);
    for (int n = 0; n < numbers_of(l); n++) {
        cairo_move_to(cr, 0, y_of(l, key_of(l, 0)->value[n]));
        for (int i = 0; i + 1 < count_of(l); i++) {
            const kf_key_info *a = key_of(l, i), *b = key_of(l, i + 1);
            const double from = x_of(l, a->time), to = x_of(l, b->time);
            for (double x = from; x < to; x += 2) {
                cairo_line_to(cr, x, y_of(l, kerf_key_between(a, b, (x - from) / MAX(to - from, 1), n)));
            }
            if (a->interp == KF_KEY_HOLD) cairo_line_to(cr, to, y_of(l, a->value[n]));
            cairo_line_to(cr, to, y_of(l, b->value[n]));
        }
        cairo_line_to(cr, width, y_of(l, key_of(l, count_of(l) - 1)->value[n]));
        cairo_set_source_rgb(cr, colors[n][0], colors[n][1], colors[n][2]);
        cairo_stroke(cr);
    }
}

static void draw_handle(KerfLane *l, cairo_t *cr, int i, int part)
{
    double x, y;
    const kf_key_info *key = key_of(l, i + part);
    if (!has_handles(l, i)) return;
    handle_place(l, i, part, &x, &y);
    cairo_set_source_rgba(cr, 1, 1, 1, 0.6);
    cairo_set_line_width(cr, 1);
    cairo_move_to(cr, x_of(l, key->time), y_of(l, key->value[0]));
    cairo_line_to(cr, x, y);
    cairo_stroke(cr);
    cairo_arc(cr, x, y, 3.5, 0, 2 * G_PI);
    cairo_fill(cr);
}

/* A square holds, a diamond goes straight on, a circle eases. */
static void draw_key(KerfLane *l, cairo_t *cr, int i)
{
    const kf_key_info *key = key_of(l, i);
    const double x = x_of(l, key->time), y = y_of(l, key->value[0]), r = KEY / 2.0;
    const GdkRGBA accent = kerf_style_color(l->area, "accent_color");
    if (key->interp == KF_KEY_HOLD) {
        cairo_rectangle(cr, x - r + 0.5, y - r + 0.5, KEY - 1, KEY - 1);
    } else if (key->interp == KF_KEY_BEZIER) {
        cairo_arc(cr, x, y, r, 0, 2 * G_PI);
    } else {
        cairo_move_to(cr, x, y - r);
        cairo_line_to(cr, x + r, y);
        cairo_line_to(cr, x, y + r);
        cairo_line_to(cr, x - r, y);
        cairo_close_path(cr);
    }
    if (i == l->chosen) {
        gdk_cairo_set_source_rgba(cr, &accent);
    } else {
        cairo_set_source_rgba(cr, 0.82, 0.82, 0.84, 1);
    }
    cairo_fill(cr);
}

static void draw(GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
    KerfLane *l = data;
    if (count_of(l) == 0) return;
    find_range(l);
    cairo_set_source_rgba(cr, 0, 0, 0, 0.22);
    cairo_paint(cr);
    if (l->graph) {
        draw_graph(l, cr, width);
    } else {
        cairo_set_source_rgba(cr, 1, 1, 1, 0.12);
        cairo_rectangle(cr, PAD, height / 2.0 - 0.5, width - 2 * PAD, 1);
        cairo_fill(cr);
    }
    cairo_set_source_rgba(cr, 1, 0.35, 0.3, 0.9);
    cairo_rectangle(cr, floor(x_of(l, l->now)), 0, 1, height);
    cairo_fill(cr);
    draw_handle(l, cr, l->chosen, 0);
    draw_handle(l, cr, l->chosen - 1, 1);
    for (int i = 0; i < count_of(l); i++) {
        draw_key(l, cr, i);
    }
}

/* ---- Following ---- */

/* Without another choice, the key whose way is played now. */
static void choose_played(KerfLane *l)
{
    const int before = kerf_keys_beside(l->keys, l->now + 1, -1);
    if (l->chosen < 0 || l->chosen >= count_of(l)) l->chosen = MAX(before, 0);
}

void kerf_lane_update(GtkWidget *widget, const KerfReading *reading)
{
    KerfLane *l = KERF_LANE(widget);
    const kf_timeline_item *item = kerf_targets_focus(l->targets);
    if (!item) return;
    l->duration = item->duration;
    l->now = kerf_targets_now(l->targets);
    if (!l->moving) kerf_keys_read(l->keys, l->targets, &l->param);
    choose_played(l);
    l->showing = TRUE;
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(l->key_button), reading->at_key);
    gtk_button_set_icon_name(GTK_BUTTON(l->key_button),
                             reading->at_key ? "kerf-key-symbolic" : "kerf-key-none-symbolic");
    show_way(l);
    l->showing = FALSE;
    gtk_widget_queue_draw(l->area);
}

/* ---- The object ---- */

static void dispose(GObject *object)
{
    KerfLane *l = KERF_LANE(object);
    for (GtkWidget *child; (child = gtk_widget_get_first_child(GTK_WIDGET(object)));) {
        gtk_widget_unparent(child);
    }
    g_clear_pointer(&l->keys, g_array_unref);
    G_OBJECT_CLASS(kerf_lane_parent_class)->dispose(object);
}

static void kerf_lane_class_init(KerfLaneClass *class)
{
    G_OBJECT_CLASS(class)->dispose = dispose;
    gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(class), GTK_TYPE_BIN_LAYOUT);
}

static void kerf_lane_init(KerfLane *l)
{
    l->keys = g_array_new(FALSE, FALSE, sizeof(kf_key_info));
    l->chosen = -1;
}

static GtkWidget *new_button(KerfLane *l, GtkWidget *button, const char *icon, const char *tip)
{
    g_autofree char *label = g_strdup_printf("%s: %s", l->param.info.label, tip);
    gtk_button_set_icon_name(GTK_BUTTON(button), icon);
    gtk_widget_add_css_class(button, "flat");
    gtk_widget_add_css_class(button, "param-button");
    gtk_widget_set_tooltip_text(button, tip);
    gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
    return button;
}

static GtkWidget *new_way(KerfLane *l)
{
    const char *names[G_N_ELEMENTS(ways) + 1] = {0};
    for (size_t i = 0; i < G_N_ELEMENTS(ways); i++) {
        names[i] = ways[i].label;
    }
    g_autofree char *label = g_strdup_printf("%s: way to the next keyframe", l->param.info.label);
    l->way = gtk_drop_down_new_from_strings(names);
    gtk_widget_add_css_class(l->way, "param-way");
    gtk_widget_set_hexpand(l->way, TRUE);
    gtk_widget_set_halign(l->way, GTK_ALIGN_END);
    gtk_widget_set_tooltip_text(l->way, "Way from the chosen keyframe to the next");
    gtk_accessible_update_property(GTK_ACCESSIBLE(l->way), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
    g_signal_connect(l->way, "notify::selected", G_CALLBACK(way_chosen), l);
    return l->way;
}

static GtkWidget *new_bar(KerfLane *l)
{
    GtkWidget *bar = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
    GtkWidget *back = new_button(l, gtk_button_new(), "go-previous-symbolic", "Previous keyframe");
    GtkWidget *on = new_button(l, gtk_button_new(), "go-next-symbolic", "Next keyframe");
    l->key_button = new_button(l, gtk_toggle_button_new(), "kerf-key-none-symbolic", "Keyframe at the playhead");
    l->graph_button = new_button(l, gtk_toggle_button_new(), "kerf-curve-symbolic", "Graph");
    g_signal_connect(back, "clicked", G_CALLBACK(go_back), l);
    g_signal_connect(on, "clicked", G_CALLBACK(go_on), l);
    g_signal_connect(l->key_button, "toggled", G_CALLBACK(key_toggled), l);
    g_signal_connect(l->graph_button, "toggled", G_CALLBACK(graph_toggled), l);
    gtk_box_append(GTK_BOX(bar), l->graph_button);
    gtk_box_append(GTK_BOX(bar), back);
    gtk_box_append(GTK_BOX(bar), l->key_button);
    gtk_box_append(GTK_BOX(bar), on);
    gtk_box_append(GTK_BOX(bar), new_way(l));
    return bar;
}

static GtkWidget *new_area(KerfLane *l)
{
    GtkGesture *drag = gtk_gesture_drag_new(), *click = gtk_gesture_click_new();
    GtkEventController *keys = gtk_event_controller_key_new();
    g_autofree char *label = g_strdup_printf("Keyframes of %s", l->param.info.label);
    l->area = gtk_drawing_area_new();
    gtk_drawing_area_set_draw_func(GTK_DRAWING_AREA(l->area), draw, l, NULL);
    gtk_widget_set_size_request(l->area, -1, LANE);
    gtk_widget_set_focusable(l->area, TRUE);
    gtk_widget_add_css_class(l->area, "key-lane");
    gtk_accessible_update_property(GTK_ACCESSIBLE(l->area), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
    g_signal_connect(drag, "drag-begin", G_CALLBACK(drag_begin), l);
    g_signal_connect(drag, "drag-update", G_CALLBACK(drag_update), l);
    g_signal_connect(drag, "drag-end", G_CALLBACK(drag_end), l);
    g_signal_connect(drag, "cancel", G_CALLBACK(drag_cancelled), l);
    g_signal_connect(click, "pressed", G_CALLBACK(pressed), l);
    g_signal_connect(keys, "key-pressed", G_CALLBACK(key_pressed), l);
    gtk_gesture_group(drag, click);
    gtk_widget_add_controller(l->area, GTK_EVENT_CONTROLLER(drag));
    gtk_widget_add_controller(l->area, GTK_EVENT_CONTROLLER(click));
    gtk_widget_add_controller(l->area, keys);
    return l->area;
}

GtkWidget *kerf_lane_new(KerfTargets *targets, const KerfParam *param)
{
    KerfLane *l = g_object_new(KERF_TYPE_LANE, NULL);
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 1);
    l->targets = targets;
    l->param = *param;
    gtk_box_append(GTK_BOX(box), new_bar(l));
    gtk_box_append(GTK_BOX(box), new_area(l));
    gtk_widget_set_parent(box, GTK_WIDGET(l));
    gtk_widget_add_css_class(GTK_WIDGET(l), "key-box");
    return GTK_WIDGET(l);
}
