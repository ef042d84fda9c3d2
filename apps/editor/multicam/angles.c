/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "angles.h"

#include "kerf/player.h"

struct _KerfAngles {
    GtkWidget parent;
    KerfPicture *picture;     /* beneath it, in the same place */
    GPtrArray *buttons;       /* GtkWidget, borrowed */
    KerfPlace place;          /* that they were allocated for */
};

G_DEFINE_FINAL_TYPE(KerfAngles, kerf_angles, GTK_TYPE_WIDGET)

enum { CHOSEN, SIGNALS };
static guint signals[SIGNALS];

static void clicked(GtkButton *button, gpointer data)
{
    KerfAngles *a = data;
    guint index;
    if (g_ptr_array_find(a->buttons, button, &index)) g_signal_emit(a, signals[CHOSEN], 0, (int)index + 1);
}

static GtkWidget *add_button(KerfAngles *a)
{
    GtkWidget *button = gtk_button_new(), *label = gtk_label_new(NULL);
    gtk_widget_set_halign(label, GTK_ALIGN_START);
    gtk_widget_set_valign(label, GTK_ALIGN_END);
    gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
    gtk_button_set_child(GTK_BUTTON(button), label);
    gtk_widget_add_css_class(button, "angle");
    gtk_widget_set_focus_on_click(button, FALSE);
    g_signal_connect(button, "clicked", G_CALLBACK(clicked), a);
    gtk_widget_set_parent(button, GTK_WIDGET(a));
    g_ptr_array_add(a->buttons, button);
    return button;
}

static void name_button(GtkWidget *button, int number, const char *name)
{
    g_autofree char *text = g_strdup_printf("%d  %s", number, name), *spoken = g_strdup_printf("Angle %d: %s", number, name);
    gtk_label_set_text(GTK_LABEL(gtk_button_get_child(GTK_BUTTON(button))), text);
    gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

void kerf_angles_set(KerfAngles *a, const char *const *names, int count)
{
    while ((int)a->buttons->len > count) {
        GtkWidget *last = g_ptr_array_steal_index(a->buttons, a->buttons->len - 1);
        gtk_widget_unparent(last);
    }
    for (int i = 0; i < count; i++) {
        name_button(i < (int)a->buttons->len ? a->buttons->pdata[i] : add_button(a), i + 1, names[i]);
    }
    gtk_widget_queue_allocate(GTK_WIDGET(a));
}

void kerf_angles_set_present(KerfAngles *a, int present, gboolean cuts)
{
    for (guint i = 0; i < a->buttons->len; i++) {
        GtkWidget *button = a->buttons->pdata[i];
        const gboolean is = (int)i + 1 == present;
        (is ? gtk_widget_add_css_class : gtk_widget_remove_css_class)(button, "present");
        (is && cuts ? gtk_widget_add_css_class : gtk_widget_remove_css_class)(button, "cuts");
        gtk_accessible_update_state(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_STATE_PRESSED,
                                    is ? GTK_ACCESSIBLE_TRISTATE_TRUE : GTK_ACCESSIBLE_TRISTATE_FALSE, -1);
    }
}

/* ---- The widget ---- */

static void allocate(GtkWidget *widget, int width, int height, int baseline)
{
    KerfAngles *a = KERF_ANGLES(widget);
    const KerfPlace place = a->place = kerf_picture_space(a->picture).place;
    for (guint i = 0; i < a->buttons->len; i++) {
        double cell[4];
        int least[2];
        GtkWidget *button = a->buttons->pdata[i];
        kf_player_angle_cell((int32_t)a->buttons->len, (int32_t)i, cell);
        gtk_widget_measure(button, GTK_ORIENTATION_HORIZONTAL, -1, &least[0], NULL, NULL, NULL);
        gtk_widget_measure(button, GTK_ORIENTATION_VERTICAL, -1, &least[1], NULL, NULL, NULL);
        const GtkAllocation at = {(int)(place.x + cell[0] * place.w), (int)(place.y + cell[1] * place.h),
                                  MAX((int)(cell[2] * place.w), least[0]), MAX((int)(cell[3] * place.h), least[1])};
        gtk_widget_size_allocate(button, &at, -1);
    }
}

static void measure(GtkWidget *w, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *mb, int *nb)
{
    *minimum = *natural = 0;
    *mb = *nb = -1;
}

static void dispose(GObject *object)
{
    KerfAngles *a = KERF_ANGLES(object);
    if (a->buttons) kerf_angles_set(a, NULL, 0);
    g_clear_pointer(&a->buttons, g_ptr_array_unref);
    G_OBJECT_CLASS(kerf_angles_parent_class)->dispose(object);
}

static void kerf_angles_class_init(KerfAnglesClass *class)
{
    G_OBJECT_CLASS(class)->dispose = dispose;
    GTK_WIDGET_CLASS(class)->size_allocate = allocate;
    GTK_WIDGET_CLASS(class)->measure = measure;
    gtk_widget_class_set_accessible_role(GTK_WIDGET_CLASS(class), GTK_ACCESSIBLE_ROLE_GROUP);
    signals[CHOSEN] =
        g_signal_new("angle-chosen", KERF_TYPE_ANGLES, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
}

static void kerf_angles_init(KerfAngles *a)
{
    a->buttons = g_ptr_array_new();
    gtk_accessible_update_property(GTK_ACCESSIBLE(a), GTK_ACCESSIBLE_PROPERTY_LABEL, "Angles", -1);
}

/* Also told while the picture is being allocated, after its layers: then there is nothing left to do. */
static void view_changed(KerfPicture *picture, gpointer data)
{
    const KerfPlace now = kerf_picture_space(picture).place, *was = &KERF_ANGLES(data)->place;
    if (now.x != was->x || now.y != was->y || now.w != was->w || now.h != was->h) gtk_widget_queue_allocate(data);
}

GtkWidget *kerf_angles_new(KerfPicture *picture)
{
    KerfAngles *a = g_object_new(KERF_TYPE_ANGLES, NULL);
    a->picture = picture;
    g_signal_connect_object(picture, "view-changed", G_CALLBACK(view_changed), a, 0);
    return GTK_WIDGET(a);
}
