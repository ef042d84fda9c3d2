/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The area's events: pointer, wheel, pinch, keys that belong to a drag. */
#include <math.h>

#include "area.h"
#include "cursors.h"
#include "context.h"

static const double WHEEL_PX = 90, WHEEL_ZOOM = 1.25, SCROLL_EDGE = 24;

/* ---- Cursor ---- */

static void apply_hint(KerfTimelineArea *area, const kt_hit *hit, kt_hint hint)
{
    bool end = hit->zone == KT_ZONE_HEAD || hit->zone == KT_ZONE_TAIL;
    area->marks.end = (kt_end){.kind = end ? hint.edge : KT_EDGE_NONE, .track = hit->on_row ? hit->row.track : -1};
    if (end) area->marks.end.time = hit->zone == KT_ZONE_TAIL ? hit->item.start + hit->item.duration : hit->item.start;
    if (g_strcmp0(area->cursor, hint.cursor) == 0) return;
    area->cursor = hint.cursor;
    gtk_widget_set_cursor(GTK_WIDGET(area), kt_cursor_get(hint.cursor));
}

static kt_hint ruler_hint(const kt_hit *hit)
{
    bool mark = hit->zone == KT_ZONE_MARK_IN || hit->zone == KT_ZONE_MARK_OUT;
    return (kt_hint){hit->zone == KT_ZONE_SPLIT ? "row-resize" : mark ? "ew-resize" : "default", KT_EDGE_NONE};
}

void kerf_timeline_area_update_cursor(KerfTimelineArea *area)
{
    if (area->drag.action) {
        if (area->drag.action->cursor)
            apply_hint(area, &area->drag.start, (kt_hint){area->drag.action->cursor, area->marks.end.kind});
        return;
    }
    area->marks.razor = KF_TIME_NONE;
    area->marks.end.kind = KT_EDGE_NONE;
    if (!area->pointer_inside) return;
    const kt_hit_query query = kerf_timeline_area_query(area);
    kt_hit hit = kt_hit_at(&query, area->pointer_x, area->pointer_y);
    bool ruler = hit.zone >= KT_ZONE_RULER && hit.zone <= KT_ZONE_SPLIT;
    apply_hint(area, &hit, ruler ? ruler_hint(&hit) : area->tool->hint(area, &hit));
    kerf_timeline_area_redraw(area);
}

/* ---- Scrolling while something is dragged beyond the edge ---- */

static gboolean scroll_tick(GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
    KerfTimelineArea *area = data;
    double x = area->drag.x, beyond = x < SCROLL_EDGE ? x - SCROLL_EDGE : x - (area->view.width - SCROLL_EDGE);
    bool outside = x < SCROLL_EDGE || x > area->view.width - SCROLL_EDGE;
    bool scrolls = area->drag.action && (area->drag.action->label || area->drag.action->scrolls);
    if (!scrolls || !area->drag.moved || !outside) {
        area->scrolling = 0;
        return G_SOURCE_REMOVE;
    }
    kf_time before = area->view.from;
    kt_view_scroll_to(&area->view, area->view.from + kt_view_span(&area->view, CLAMP(beyond, -60, 60) / 2));
    if (area->view.from == before) return G_SOURCE_CONTINUE;
    kerf_timeline_area_view_changed(area);
    kt_drag_refresh(area);
    return G_SOURCE_CONTINUE;
}

static void scroll_at_edge(KerfTimelineArea *area)
{
    bool outside = area->drag.x < SCROLL_EDGE || area->drag.x > area->view.width - SCROLL_EDGE;
    if (!outside || !area->drag.moved || area->scrolling) return;
    area->scrolling = gtk_widget_add_tick_callback(GTK_WIDGET(area), scroll_tick, area, NULL);
}

/* ---- Pointer ---- */

static GdkModifierType state_of(GtkEventController *controller)
{
    return gtk_event_controller_get_current_event_state(controller);
}

static void motion(GtkEventControllerMotion *controller, double x, double y, KerfTimelineArea *area)
{
    area->pointer_x = x;
    area->pointer_y = y;
    area->pointer_inside = true;
    area->modifiers = state_of(GTK_EVENT_CONTROLLER(controller));
    if (area->drag.action) {
        kt_drag_update(area, x, y, area->modifiers);
        scroll_at_edge(area);
    } else {
        kerf_timeline_area_update_cursor(area);
    }
}

static void leave(GtkEventControllerMotion *controller, KerfTimelineArea *area)
{
    area->pointer_inside = false;
    if (!area->drag.action) kerf_timeline_area_update_cursor(area);
    kerf_timeline_area_redraw(area);
}

static void double_press(KerfTimelineArea *area, const kt_hit *hit)
{
    if (hit->zone == KT_ZONE_HEAD || hit->zone == KT_ZONE_TAIL) kt_trim_edit_at(area, hit);
    else if (kt_hit_on_clip(hit) && hit->item.source == KF_TIMELINE_SEQUENCE) kt_open_nested(area, &hit->item);
    else if (kt_hit_on_clip(hit)) kerf_window_show_panel(area->window, "inspector");
}

static void pressed(GtkGestureClick *gesture, int presses, double x, double y, KerfTimelineArea *area)
{
    area->modifiers = state_of(GTK_EVENT_CONTROLLER(gesture));
    gtk_widget_grab_focus(GTK_WIDGET(area));
    const kt_hit_query query = kerf_timeline_area_query(area);
    kt_hit hit = kt_hit_at(&query, x, y);
    guint button = gtk_gesture_single_get_current_button(GTK_GESTURE_SINGLE(gesture));
    bool menu = gdk_event_triggers_context_menu(gtk_event_controller_get_current_event(GTK_EVENT_CONTROLLER(gesture)));
    if (menu || button == GDK_BUTTON_SECONDARY) {
        kt_context_menu(area, &hit);
    } else if (button == GDK_BUTTON_MIDDLE) {
        kt_tool_find("hand")->press(area, &hit);
    } else if (button == GDK_BUTTON_PRIMARY && presses == 2) {
        double_press(area, &hit);
    } else if (button == GDK_BUTTON_PRIMARY && hit.zone == KT_ZONE_SPLIT) {
        kt_split_begin(area, &hit);
    } else if (button == GDK_BUTTON_PRIMARY && hit.zone >= KT_ZONE_RULER && hit.zone <= KT_ZONE_MARK_OUT) {
        kt_ruler_press(area, &hit);
    } else if (button == GDK_BUTTON_PRIMARY) {
        area->tool->press(area, &hit);
    }
}

static void released(GtkGestureClick *gesture, int presses, double x, double y, KerfTimelineArea *area)
{
    kt_drag_end(area, false);
    area->pointer_x = x;
    area->pointer_y = y;
    kerf_timeline_area_update_cursor(area);
}

static void cancelled(GtkGesture *gesture, GdkEventSequence *sequence, KerfTimelineArea *area)
{
    kt_drag_end(area, true);
}

/* ---- Wheel and pinch ---- */

static void scroll_rows(KerfTimelineArea *area, double dy)
{
    if (area->pointer_y > kt_view_split_y(&area->view)) {
        area->view.audio_scroll += dy;
    } else {
        area->view.video_scroll -= dy;
    }
}

static gboolean scrolled(GtkEventControllerScroll *controller, double dx, double dy, KerfTimelineArea *area)
{
    GdkModifierType state = state_of(GTK_EVENT_CONTROLLER(controller));
    bool wheel = gtk_event_controller_scroll_get_unit(controller) == GDK_SCROLL_UNIT_WHEEL;
    double px = wheel ? WHEEL_PX : 1;
    area->fit_pending = false;
    if (state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) {
        kerf_timeline_area_zoom(area, pow(WHEEL_ZOOM, wheel ? -dy : -dy / 40), area->pointer_x);
    } else if (state & GDK_SHIFT_MASK) {
        scroll_rows(area, (dx != 0 ? dx : dy) * px * 0.5);
    } else {
        double along = wheel ? dx + dy : dx;
        kt_view_scroll_to(&area->view, area->view.from + kt_view_span(&area->view, along * px));
        if (!wheel) scroll_rows(area, dy);
    }
    kerf_timeline_area_view_changed(area);
    if (area->drag.action) kt_drag_refresh(area);
    else kerf_timeline_area_update_cursor(area);
    return TRUE;
}

static void pinched(GtkGestureZoom *gesture, double factor, KerfTimelineArea *area)
{
    double x, y, *last = g_object_get_data(G_OBJECT(gesture), "last");
    if (!gtk_gesture_get_bounding_box_center(GTK_GESTURE(gesture), &x, &y)) x = area->pointer_x;
    kerf_timeline_area_zoom(area, factor / *last, x);
    *last = factor;
}

static void pinch_began(GtkGesture *gesture, GdkEventSequence *sequence, KerfTimelineArea *area)
{
    *(double *)g_object_get_data(G_OBJECT(gesture), "last") = 1;
    kt_drag_end(area, true);
}

/* ---- Keys ---- */

static gboolean key_pressed(GtkEventControllerKey *keys, guint keyval, guint code, GdkModifierType state,
                            KerfTimelineArea *area)
{
    if (keyval != GDK_KEY_Escape || (!area->drag.action && !area->chosen.shown)) return FALSE;
    if (area->drag.action) kt_drag_end(area, true);
    else kt_chosen_clear(area);
    return TRUE;
}

static gboolean modifiers_changed(GtkEventControllerKey *keys, GdkModifierType state, KerfTimelineArea *area)
{
    area->modifiers = state;
    if (area->drag.action && area->drag.moved) kt_drag_refresh(area);
    else kerf_timeline_area_update_cursor(area);
    return FALSE;
}

/* ---- All of them ---- */

static GtkEventController *add(KerfTimelineArea *area, gpointer controller)
{
    gtk_widget_add_controller(GTK_WIDGET(area), GTK_EVENT_CONTROLLER(controller));
    return controller;
}

static void add_pointer(KerfTimelineArea *area)
{
    GtkEventController *hover = add(area, gtk_event_controller_motion_new());
    g_signal_connect(hover, "enter", G_CALLBACK(motion), area);
    g_signal_connect(hover, "motion", G_CALLBACK(motion), area);
    g_signal_connect(hover, "leave", G_CALLBACK(leave), area);
    GtkEventController *click = add(area, gtk_gesture_click_new());
    gtk_gesture_single_set_button(GTK_GESTURE_SINGLE(click), 0);
    g_signal_connect(click, "pressed", G_CALLBACK(pressed), area);
    g_signal_connect(click, "released", G_CALLBACK(released), area);
    g_signal_connect(click, "cancel", G_CALLBACK(cancelled), area);
}

void kerf_timeline_area_add_controllers(KerfTimelineArea *area)
{
    add_pointer(area);
    GtkEventController *wheel = add(area, gtk_event_controller_scroll_new(GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES));
    g_signal_connect(wheel, "scroll", G_CALLBACK(scrolled), area);
    GtkEventController *pinch = add(area, gtk_gesture_zoom_new());
    g_object_set_data_full(G_OBJECT(pinch), "last", g_new0(double, 1), g_free);
    g_signal_connect(pinch, "begin", G_CALLBACK(pinch_began), area);
    g_signal_connect(pinch, "scale-changed", G_CALLBACK(pinched), area);
    GtkEventController *keys = add(area, gtk_event_controller_key_new());
    gtk_event_controller_set_propagation_phase(keys, GTK_PHASE_CAPTURE);
    g_signal_connect(keys, "key-pressed", G_CALLBACK(key_pressed), area);
    g_signal_connect(keys, "modifiers", G_CALLBACK(modifiers_changed), area);
}
