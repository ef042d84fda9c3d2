/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "forms.h"

typedef struct Form {
    KerfWindow *window;
    GtkWidget *dialog, *widgets[KERF_FORM_MAX];
    KerfFormKind kinds[KERF_FORM_MAX];
    int count;
    KerfFormDone *done;
    gpointer data;
    GDestroyNotify free_data;
} Form;

static void form_free(gpointer data)
{
    Form *f = data;
    if (f->free_data) f->free_data(f->data);
    g_free(f);
}

static KerfFormValue value_of(const Form *f, int i)
{
    KerfFormValue value = {.text = ""};
    switch (f->kinds[i]) {
    case KERF_FORM_TEXT: value.text = gtk_editable_get_text(GTK_EDITABLE(f->widgets[i])); break;
    case KERF_FORM_NUMBER: value.number = gtk_spin_button_get_value(GTK_SPIN_BUTTON(f->widgets[i])); break;
    case KERF_FORM_SWITCH: value.on = gtk_switch_get_active(GTK_SWITCH(f->widgets[i])); break;
    case KERF_FORM_CHOICE: value.chosen = gtk_drop_down_get_selected(GTK_DROP_DOWN(f->widgets[i])); break;
    }
    return value;
}

static void accepted(GtkButton *button, gpointer data)
{
    Form *f = data;
    KerfFormValue values[KERF_FORM_MAX] = {0};
    for (int i = 0; i < f->count; i++) {
        if (f->kinds[i] == KERF_FORM_NUMBER) gtk_spin_button_update(GTK_SPIN_BUTTON(f->widgets[i]));
        values[i] = value_of(f, i);
    }
    if (f->done(f->window, values, f->data)) gtk_window_destroy(GTK_WINDOW(f->dialog));
}

static GtkWidget *value_new(const KerfFormField *field)
{
    GtkWidget *widget = NULL;
    switch (field->kind) {
    case KERF_FORM_TEXT:
        widget = gtk_entry_new();
        gtk_editable_set_text(GTK_EDITABLE(widget), field->text ? field->text : "");
        gtk_entry_set_activates_default(GTK_ENTRY(widget), TRUE);
        gtk_widget_set_hexpand(widget, TRUE);
        break;
    case KERF_FORM_NUMBER:
        widget = gtk_spin_button_new_with_range(field->low, field->high, field->step);
        gtk_spin_button_set_digits(GTK_SPIN_BUTTON(widget), (guint)field->digits);
        gtk_spin_button_set_value(GTK_SPIN_BUTTON(widget), field->number);
        break;
    case KERF_FORM_SWITCH:
        widget = gtk_switch_new();
        gtk_switch_set_active(GTK_SWITCH(widget), field->on);
        break;
    case KERF_FORM_CHOICE:
        widget = gtk_drop_down_new_from_strings(field->choices);
        gtk_drop_down_set_selected(GTK_DROP_DOWN(widget), field->chosen);
        break;
    }
    gtk_widget_set_valign(widget, GTK_ALIGN_CENTER);
    gtk_accessible_update_property(GTK_ACCESSIBLE(widget), GTK_ACCESSIBLE_PROPERTY_LABEL, field->label, -1);
    return widget;
}

static GtkWidget *list_new(Form *f, const KerfFormField *fields)
{
    GtkWidget *group = adw_preferences_group_new();
    for (; fields[f->count].label && f->count < KERF_FORM_MAX; f->count++) {
        const KerfFormField *field = &fields[f->count];
        GtkWidget *row = adw_action_row_new(), *widget = value_new(field);
        adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), field->label);
        if (field->subtitle) adw_action_row_set_subtitle(ADW_ACTION_ROW(row), field->subtitle);
        adw_action_row_add_suffix(ADW_ACTION_ROW(row), widget);
        adw_action_row_set_activatable_widget(ADW_ACTION_ROW(row), widget);
        adw_preferences_group_add(ADW_PREFERENCES_GROUP(group), row);
        f->widgets[f->count] = widget;
        f->kinds[f->count] = field->kind;
    }
    return group;
}

static GtkWidget *header_new(Form *f)
{
    GtkWidget *header = adw_header_bar_new();
    GtkWidget *cancel = gtk_button_new_with_label("Cancel"), *apply = gtk_button_new_with_label("Apply");
    adw_header_bar_set_show_end_title_buttons(ADW_HEADER_BAR(header), FALSE);
    gtk_widget_add_css_class(apply, "suggested-action");
    g_signal_connect_swapped(cancel, "clicked", G_CALLBACK(gtk_window_destroy), f->dialog);
    g_signal_connect(apply, "clicked", G_CALLBACK(accepted), f);
    adw_header_bar_pack_start(ADW_HEADER_BAR(header), cancel);
    adw_header_bar_pack_end(ADW_HEADER_BAR(header), apply);
    gtk_window_set_default_widget(GTK_WINDOW(f->dialog), apply);
    return header;
}

static gboolean escape(GtkWidget *dialog, GVariant *args, gpointer data)
{
    gtk_window_destroy(GTK_WINDOW(dialog));
    return TRUE;
}

void kerf_form_show(KerfWindow *window, const char *title, const KerfFormField *fields, KerfFormDone *done, gpointer data,
                    GDestroyNotify free_data)
{
    Form *f = g_new0(Form, 1);
    *f = (Form){.window = window, .dialog = adw_window_new(), .done = done, .data = data, .free_data = free_data};
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0), *list;
    gtk_window_set_title(GTK_WINDOW(f->dialog), title);
    gtk_window_set_transient_for(GTK_WINDOW(f->dialog), GTK_WINDOW(window));
    gtk_window_set_modal(GTK_WINDOW(f->dialog), TRUE);
    gtk_window_set_default_size(GTK_WINDOW(f->dialog), 460, -1);
    gtk_box_append(GTK_BOX(box), header_new(f));
    list = list_new(f, fields);
    gtk_widget_set_margin_start(list, 12);
    gtk_widget_set_margin_end(list, 12);
    gtk_widget_set_margin_top(list, 6);
    gtk_widget_set_margin_bottom(list, 12);
    gtk_box_append(GTK_BOX(box), list);
    adw_window_set_content(ADW_WINDOW(f->dialog), box);
    GtkEventController *keys = gtk_shortcut_controller_new();
    gtk_shortcut_controller_add_shortcut(GTK_SHORTCUT_CONTROLLER(keys),
                                         gtk_shortcut_new(gtk_keyval_trigger_new(GDK_KEY_Escape, 0),
                                                          gtk_callback_action_new(escape, NULL, NULL)));
    gtk_widget_add_controller(f->dialog, keys);
    g_object_set_data_full(G_OBJECT(f->dialog), "form", f, form_free);
    gtk_window_present(GTK_WINDOW(f->dialog));
    if (f->count > 0) gtk_widget_grab_focus(f->widgets[0]);
}
