/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* drag_files FILE...: a small window like one of a file manager; what is dragged out of it are the files. */
#include <gtk/gtk.h>

static GdkContentProvider *files(GtkDragSource *source, double x, double y, gpointer data)
{
    GSList *list = NULL;
    for (char **path = data; *path; path++) {
        list = g_slist_append(list, g_file_new_for_path(*path));
    }
    GdkFileList *value = gdk_file_list_new_from_list(list);
    g_slist_free_full(list, g_object_unref);
    GdkContentProvider *out = gdk_content_provider_new_typed(GDK_TYPE_FILE_LIST, value);
    g_boxed_free(GDK_TYPE_FILE_LIST, value);
    return out;
}

static void ended(GtkDragSource *source, GdkDrag *drag, gboolean delete_data, gpointer data)
{
    gtk_window_close(GTK_WINDOW(data));
}

int main(int argc, char **argv)
{
    gtk_init();
    GtkWidget *window = gtk_window_new(), *label = gtk_label_new("Files");
    GtkDragSource *drag = gtk_drag_source_new();
    g_signal_connect(drag, "prepare", G_CALLBACK(files), argv + 1);
    g_signal_connect(drag, "drag-end", G_CALLBACK(ended), window);
    gtk_widget_add_controller(label, GTK_EVENT_CONTROLLER(drag));
    gtk_window_set_decorated(GTK_WINDOW(window), FALSE);
    gtk_window_set_title(GTK_WINDOW(window), "Files to drag");
    gtk_window_set_default_size(GTK_WINDOW(window), 60, 60);
    gtk_window_set_child(GTK_WINDOW(window), label);
    gtk_window_present(GTK_WINDOW(window));
    while (g_list_model_get_n_items(gtk_window_get_toplevels()) > 0) {
        g_main_context_iteration(NULL, TRUE);
    }
    return 0;
}
