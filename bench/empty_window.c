/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An empty window of the editor's toolkit with a GL area: what bench/editor_start.py compares with. */
#include <adwaita.h>
#include <libpanel.h>

static void first_frame(GdkFrameClock *clock, gpointer data)
{
    g_signal_handlers_disconnect_by_func(clock, first_frame, data);
    g_printerr("kerf-editor: first frame at %" G_GINT64_FORMAT " us\n", g_get_monotonic_time());
}

static void activate(GApplication *app)
{
    GtkWidget *window = adw_application_window_new(GTK_APPLICATION(app));
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0), *area = gtk_gl_area_new();
    gtk_widget_set_vexpand(area, TRUE);
    gtk_box_append(GTK_BOX(box), adw_header_bar_new());
    gtk_box_append(GTK_BOX(box), area);
    adw_application_window_set_content(ADW_APPLICATION_WINDOW(window), box);
    gtk_window_set_default_size(GTK_WINDOW(window), 1600, 950);
    gtk_window_present(GTK_WINDOW(window));
    g_signal_connect(gtk_widget_get_frame_clock(window), "after-paint", G_CALLBACK(first_frame), window);
}

int main(int argc, char **argv)
{
    g_autoptr(AdwApplication) app = adw_application_new("app.kerf.Empty", G_APPLICATION_NON_UNIQUE);
    g_signal_connect(app, "startup", G_CALLBACK((void (*)(void))panel_init), NULL);
    g_signal_connect(app, "activate", G_CALLBACK(activate), NULL);
    return g_application_run(G_APPLICATION(app), argc, argv);
}
