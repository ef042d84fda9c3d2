/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "app.h"
#include "monitor.h"

typedef struct FullScreen {
    KerfWindow *window;
    KerfDeck *deck;
    KerfPicture *picture;
} FullScreen;

static void picture_came(KerfDeck *deck, gpointer data)
{
    kerf_picture_show(KERF_PICTURE(data), kerf_deck_picture(deck));
}

static gboolean key_pressed(GtkEventControllerKey *keys, guint keyval, guint code, GdkModifierType state, gpointer data)
{
    FullScreen *f = data;
    const char *scope = kerf_deck_is_source(f->deck) ? "source" : "program";
    const KerfAction *action = kerf_keymap_find(kerf_app_keymap(kerf_window_app(f->window)), keyval, state, scope);
    const gboolean leave = keyval == GDK_KEY_Escape || (action && strcmp(action->name, "monitor-full-screen") == 0);
    if (leave) {
        gtk_window_destroy(GTK_WINDOW(gtk_widget_get_root(GTK_WIDGET(f->picture))));
        return GDK_EVENT_STOP;
    }
    if (!action) return GDK_EVENT_PROPAGATE;
    kerf_window_run(f->window, action->name);
    return GDK_EVENT_STOP;
}

static void pressed(GtkGestureClick *click, int count, double x, double y, gpointer data)
{
    if (count == 2) gtk_window_destroy(GTK_WINDOW(gtk_widget_get_root(GTK_WIDGET(data))));
}

static void view_changed(KerfPicture *picture, gpointer deck)
{
    int width, height;
    kerf_picture_drawn(picture, &width, &height);
    kerf_deck_set_view(deck, KERF_VIEW_FULL_SCREEN, width, height);
}

static void full_screen_free(gpointer data)
{
    FullScreen *f = data;
    kerf_deck_set_view(f->deck, KERF_VIEW_FULL_SCREEN, 0, 0);
    g_object_unref(f->deck);
    g_free(f);
}

/* Where no window manager makes it so. */
static void fill_screen(GtkWindow *screen, KerfWindow *window)
{
    GdkSurface *surface = gtk_native_get_surface(GTK_NATIVE(window));
    GdkMonitor *monitor = gdk_display_get_monitor_at_surface(gtk_widget_get_display(GTK_WIDGET(window)), surface);
    GdkRectangle place;
    if (!monitor) return;
    gdk_monitor_get_geometry(monitor, &place);
    gtk_window_set_default_size(screen, place.width, place.height);
}

void kerf_full_screen_show(KerfWindow *window, KerfDeck *deck)
{
    FullScreen *f = g_new0(FullScreen, 1);
    GtkWidget *screen = gtk_window_new();
    f->window = window;
    f->deck = g_object_ref(deck);
    f->picture = KERF_PICTURE(kerf_picture_new());
    g_object_set_data_full(G_OBJECT(screen), "full-screen", f, full_screen_free);
    gtk_window_set_title(GTK_WINDOW(screen), "Full Screen");
    gtk_window_set_transient_for(GTK_WINDOW(screen), GTK_WINDOW(window));
    gtk_window_set_destroy_with_parent(GTK_WINDOW(screen), TRUE);
    gtk_window_set_child(GTK_WINDOW(screen), GTK_WIDGET(f->picture));
    gtk_widget_set_cursor_from_name(GTK_WIDGET(f->picture), "none");
    GtkEventController *keys = gtk_event_controller_key_new();
    g_signal_connect(keys, "key-pressed", G_CALLBACK(key_pressed), f);
    gtk_widget_add_controller(screen, keys);
    GtkGesture *click = gtk_gesture_click_new();
    g_signal_connect(click, "pressed", G_CALLBACK(pressed), f->picture);
    gtk_widget_add_controller(GTK_WIDGET(f->picture), GTK_EVENT_CONTROLLER(click));
    g_signal_connect_object(deck, "picture", G_CALLBACK(picture_came), f->picture, 0);
    g_signal_connect_object(f->picture, "view-changed", G_CALLBACK(view_changed), deck, 0);
    picture_came(deck, f->picture);
    gtk_accessible_update_property(GTK_ACCESSIBLE(f->picture), GTK_ACCESSIBLE_PROPERTY_LABEL, "Picture on the whole screen", -1);
    fill_screen(GTK_WINDOW(screen), window);
    gtk_window_set_decorated(GTK_WINDOW(screen), FALSE);
    gtk_window_fullscreen(GTK_WINDOW(screen));
    gtk_window_present(GTK_WINDOW(screen));
}
