/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The master meter beside the timeline: what is heard, left and right. */
#include "meter.h"
#include "panel.h"

typedef struct Meters {
    KerfPlayback *playback;
    GtkWidget *meter;
    guint tick;
} Meters;

static gboolean ticked(GtkWidget *meter, GdkFrameClock *clock, gpointer data)
{
    Meters *m = data;
    kf_player *player = kerf_playback_player(m->playback);
    kf_player_meter master;
    if (player) kf_player_get_meters(player, &master, NULL, 0);
    if (player && kerf_meter_feed(KERF_METER(meter), &master, gdk_frame_clock_get_frame_time(clock)))
        return G_SOURCE_CONTINUE;
    if (player && kerf_playback_state(m->playback)->playing) return G_SOURCE_CONTINUE;
    m->tick = 0;
    return G_SOURCE_REMOVE;
}

static void want_tick(Meters *m)
{
    if (!m->tick && gtk_widget_get_mapped(m->meter)) m->tick = gtk_widget_add_tick_callback(m->meter, ticked, m, NULL);
}

static void player_state(KerfPlayback *playback, gpointer meter)
{
    if (kerf_playback_state(playback)->playing) want_tick(g_object_get_data(meter, "meters"));
}

static void mapped(GtkWidget *meter, Meters *m)
{
    want_tick(m);
}

static void unmapped(GtkWidget *meter, Meters *m)
{
    if (m->tick) gtk_widget_remove_tick_callback(meter, m->tick);
    m->tick = 0;
}

static void meters_free(gpointer data)
{
    Meters *m = data;
    g_object_unref(m->playback);
    g_free(m);
}

static GtkWidget *create(KerfWindow *window)
{
    Meters *m = g_new0(Meters, 1);
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
    m->playback = g_object_ref(kerf_document_program(kerf_window_document(window)));
    m->meter = kerf_meter_new("Level of the master", TRUE);
    g_object_set_data_full(G_OBJECT(m->meter), "meters", m, meters_free);
    g_signal_connect_object(m->playback, "state", G_CALLBACK(player_state), m->meter, 0);
    g_signal_connect(m->meter, "map", G_CALLBACK(mapped), m);
    g_signal_connect(m->meter, "unmap", G_CALLBACK(unmapped), m);
    gtk_widget_set_hexpand(m->meter, TRUE);
    gtk_widget_add_css_class(box, "master-meter");
    gtk_box_append(GTK_BOX(box), m->meter);
    return box;
}

const KerfPanel kerf_meters_panel = {
    .id = "meters",
    .title = "Meters",
    .icon = "audio-volume-high-symbolic",
    .area = KERF_AREA_BOTTOM_RIGHT,
    .create = create,
};
