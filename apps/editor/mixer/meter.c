/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "meter.h"

#include <math.h>

#include "inspector/edit.h"

enum { LIGHT = 6, BAR = 6, GAP = 1, SCALE = 22 };

static const float FLOOR = -60;
static const float FALL = 20;            /* dB a second, of the peak bar */
static const gint64 HOLD = 1500000;      /* us that the highest peak stands */
static const float WARM = -18, HOT = -6; /* where colours change, dB */

typedef struct Channel {
    float peak, rms, held; /* dB, as shown */
    gint64 held_at;
} Channel;

struct _KerfMeter {
    GtkWidget parent;
    Channel channels[2];
    gint64 last; /* when it was fed; 0: never */
    gboolean clipped, scale;
};

G_DEFINE_FINAL_TYPE(KerfMeter, kerf_meter, GTK_TYPE_WIDGET)

/* As on studio meters the upper 20 dB take half of the way. */
float kerf_meter_place(float db)
{
    if (!(db > FLOOR)) return 0;
    if (db >= 0) return 1;
    if (db >= -20) return 1 + db / 40;
    return (db - FLOOR) / 80;
}

/* ---- Ballistics ---- */

static gboolean move_channel(Channel *c, float peak, float rms, gint64 now, float seconds)
{
    const Channel before = *c;
    peak = MAX(peak, FLOOR);
    c->peak = MAX(peak, c->peak - FALL * seconds);
    c->rms = MAX(rms, FLOOR);
    if (peak >= c->held) {
        c->held = peak;
        c->held_at = now;
    } else if (now - c->held_at > HOLD) {
        c->held = MAX(c->peak, c->held - FALL * seconds);
    }
    return c->peak != before.peak || c->rms != before.rms || c->held != before.held;
}

static gboolean is_resting(const Channel *c)
{
    return c->peak <= FLOOR && c->rms <= FLOOR && c->held <= FLOOR;
}

static void tell_level(KerfMeter *m)
{
    const float peak = MAX(m->channels[0].peak, m->channels[1].peak);
    char text[48];
    g_snprintf(text, sizeof text, "%.0f dB%s", (double)peak, m->clipped ? ", clipped" : "");
    gtk_accessible_update_property(GTK_ACCESSIBLE(m), GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, (double)peak,
                                   GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text, -1);
}

gboolean kerf_meter_feed(KerfMeter *m, const kf_player_meter *reading, gint64 now)
{
    const float seconds = m->last ? CLAMP((float)(now - m->last) / 1e6f, 0, 0.25f) : 0;
    gboolean moved = FALSE, resting = TRUE;
    m->last = now;
    for (int i = 0; i < 2; i++) {
        moved |= move_channel(&m->channels[i], reading->peak_db[i], reading->rms_db[i], now, seconds);
        resting &= is_resting(&m->channels[i]);
        if (reading->peak_db[i] >= 0 && !m->clipped) moved = m->clipped = TRUE;
    }
    if (moved) gtk_widget_queue_draw(GTK_WIDGET(m));
    if (moved && resting) tell_level(m);
    return !resting;
}

gboolean kerf_meter_clipped(KerfMeter *m)
{
    return m->clipped;
}

void kerf_meter_reset(KerfMeter *m)
{
    m->clipped = FALSE;
    for (int i = 0; i < 2; i++) { m->channels[i].held = m->channels[i].peak; }
    tell_level(m);
    gtk_widget_queue_draw(GTK_WIDGET(m));
}

/* ---- Drawing ---- */

static const GdkRGBA green = {0.25f, 0.72f, 0.42f, 1}, yellow = {0.87f, 0.76f, 0.26f, 1}, red = {0.9f, 0.3f, 0.26f, 1};

static const GdkRGBA *color_of(float db)
{
    return db > HOT ? &red : db > WARM ? &yellow : &green;
}

static void fill(GtkSnapshot *snapshot, const GdkRGBA *color, float x, float y, float width, float height)
{
    if (width > 0 && height > 0) gtk_snapshot_append_color(snapshot, color, &GRAPHENE_RECT_INIT(x, y, width, height));
}

/* A bar from the bottom up to a level, in the colours of the levels that it passes. */
static void draw_bar(GtkSnapshot *snapshot, const graphene_rect_t *box, float db, float alpha)
{
    const float tops[] = {WARM, HOT, 0};
    const float bottom = box->origin.y + box->size.height;
    float from = 0;
    for (int i = 0; i < 3 && from < kerf_meter_place(db); i++) {
        GdkRGBA color = i == 0 ? green : i == 1 ? yellow : red;
        const float to = MIN(kerf_meter_place(db), kerf_meter_place(tops[i]));
        color.alpha = alpha;
        fill(snapshot, &color, box->origin.x, bottom - to * box->size.height, box->size.width,
             (to - from) * box->size.height);
        from = to;
    }
}

static void draw_channel(GtkSnapshot *snapshot, const graphene_rect_t *box, const Channel *c)
{
    const GdkRGBA back = {0, 0, 0, 0.45f};
    fill(snapshot, &back, box->origin.x, box->origin.y, box->size.width, box->size.height);
    draw_bar(snapshot, box, c->peak, 0.42f);
    draw_bar(snapshot, box, c->rms, 1);
    if (c->held <= FLOOR) return;
    const float y = box->origin.y + (1 - kerf_meter_place(c->held)) * box->size.height;
    fill(snapshot, color_of(c->held), box->origin.x, MIN(y, box->origin.y + box->size.height - 1), box->size.width,
         1.5f);
}

static void draw_scale(GtkWidget *widget, GtkSnapshot *snapshot, float x, const graphene_rect_t *box)
{
    static const int marks[] = {0, -6, -12, -18, -24, -30, -40, -50};
    const GdkRGBA color = kerf_text_color(widget, 0.6f), tick = kerf_text_color(widget, 0.25f);
    g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout(widget, NULL);
    float last = -100;
    for (size_t i = 0; i < G_N_ELEMENTS(marks); i++) {
        const float y = box->origin.y + (1 - kerf_meter_place((float)marks[i])) * box->size.height;
        char text[8];
        int width, height;
        if (y - last < 13) continue;
        last = y;
        g_snprintf(text, sizeof text, "%d", -marks[i]);
        pango_layout_set_text(layout, text, -1);
        pango_layout_get_pixel_size(layout, &width, &height);
        fill(snapshot, &tick, x, y, 3, 1);
        gtk_snapshot_save(snapshot);
        gtk_snapshot_translate(snapshot, &GRAPHENE_POINT_INIT(x + 5, MAX(y - (float)height / 2, 0)));
        gtk_snapshot_append_layout(snapshot, layout, &color);
        gtk_snapshot_restore(snapshot);
    }
}

static void draw(GtkWidget *widget, GtkSnapshot *snapshot)
{
    KerfMeter *m = KERF_METER(widget);
    const float width = (float)gtk_widget_get_width(widget) - (m->scale ? SCALE : 0);
    const float bar = (width - GAP) / 2, top = LIGHT + 2;
    const GdkRGBA off = kerf_text_color(widget, 0.12f);
    fill(snapshot, m->clipped ? &red : &off, 0, 0, width, LIGHT);
    graphene_rect_t box = GRAPHENE_RECT_INIT(0, top, bar, MAX((float)gtk_widget_get_height(widget) - top, 1));
    for (int i = 0; i < 2; i++) {
        box.origin.x = (float)i * (bar + GAP);
        draw_channel(snapshot, &box, &m->channels[i]);
    }
    if (m->scale) draw_scale(widget, snapshot, width + 2, &box);
}

static void measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *a,
                    int *b)
{
    const int width = 2 * BAR + GAP + (KERF_METER(widget)->scale ? SCALE : 0);
    *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? width : 60;
    *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? width : 160;
}

/* ---- The object ---- */

static void clicked(GtkGestureClick *click, int times, double x, double y, KerfMeter *m)
{
    kerf_meter_reset(m);
}

static gboolean key_pressed(GtkEventControllerKey *keys, guint keyval, guint code, GdkModifierType state, KerfMeter *m)
{
    if (keyval != GDK_KEY_Return && keyval != GDK_KEY_KP_Enter) return FALSE;
    kerf_meter_reset(m);
    return TRUE;
}

static void kerf_meter_class_init(KerfMeterClass *class)
{
    GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);
    widget->snapshot = draw;
    widget->measure = measure;
    gtk_widget_class_set_css_name(widget, "level-meter");
    gtk_widget_class_set_accessible_role(widget, GTK_ACCESSIBLE_ROLE_METER);
}

static void kerf_meter_init(KerfMeter *m)
{
    GtkGesture *click = gtk_gesture_click_new();
    GtkEventController *keys = gtk_event_controller_key_new();
    for (int i = 0; i < 2; i++) { m->channels[i] = (Channel){FLOOR, FLOOR, FLOOR, 0}; }
    g_signal_connect(click, "pressed", G_CALLBACK(clicked), m);
    g_signal_connect(keys, "key-pressed", G_CALLBACK(key_pressed), m);
    gtk_widget_add_controller(GTK_WIDGET(m), GTK_EVENT_CONTROLLER(click));
    gtk_widget_add_controller(GTK_WIDGET(m), keys);
    gtk_widget_set_focusable(GTK_WIDGET(m), TRUE);
    gtk_widget_set_vexpand(GTK_WIDGET(m), TRUE);
    gtk_widget_set_tooltip_text(GTK_WIDGET(m), "Click to put out the clip light");
}

GtkWidget *kerf_meter_new(const char *label, gboolean scale)
{
    KerfMeter *m = g_object_new(KERF_TYPE_METER, NULL);
    m->scale = scale;
    gtk_accessible_update_property(GTK_ACCESSIBLE(m), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                   GTK_ACCESSIBLE_PROPERTY_VALUE_MIN, (double)FLOOR, GTK_ACCESSIBLE_PROPERTY_VALUE_MAX,
                                   0.0, -1);
    return GTK_WIDGET(m);
}
