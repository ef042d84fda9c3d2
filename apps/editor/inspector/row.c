/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "row.h"

#include <string.h>

#include "lane.h"

struct KerfRow {
    KerfTargets *targets;
    KerfParam param;
    KerfEditor editor;
    KerfReading reading;
    gboolean showing;
    GtkWidget *widget, *watch, *reset, *lane;
};

const KerfParam *kerf_row_param(KerfRow *row) { return &row->param; }
KerfTargets *kerf_row_targets(KerfRow *row) { return row->targets; }
KerfEditor *kerf_row_editor(KerfRow *row) { return &row->editor; }
const KerfReading *kerf_row_reading(KerfRow *row) { return &row->reading; }
gboolean kerf_row_showing(KerfRow *row) { return row->showing; }
GtkWidget *kerf_row_widget(KerfRow *row) { return row->widget; }

/* ---- Edits ---- */

static char *label_of(KerfRow *row)
{
    return g_strdup_printf("%s: %s", row->param.set.kind.label, row->param.info.label);
}

void kerf_row_edit(KerfRow *row, KerfPhase phase, char *value)
{
    KerfDocument *document = kerf_targets_document(row->targets);
    g_autofree char *taken = value;
    g_autofree char *label = label_of(row);
    switch (phase) {
    case KERF_PHASE_BEGIN:
        kerf_document_gesture_begin(document);
        break;
    case KERF_PHASE_UPDATE:
        kerf_document_gesture_update(document, kerf_targets_op_set(row->targets, &row->param, taken), NULL);
        break;
    case KERF_PHASE_COMMIT:
        kerf_document_gesture_commit(document, label);
        break;
    case KERF_PHASE_CANCEL:
        kerf_document_gesture_cancel(document);
        break;
    case KERF_PHASE_ONCE:
        kerf_document_edit(document, label, kerf_targets_op_set(row->targets, &row->param, taken));
        kerf_row_update(row);
        break;
    }
}

void kerf_row_edit_numbers(KerfRow *row, KerfPhase phase, const double number[4])
{
    kerf_row_edit(row, phase, kerf_param_value(&row->param, number));
}

static void reset(GtkButton *button, KerfRow *row)
{
    g_autofree char *label = label_of(row);
    kerf_document_edit(kerf_targets_document(row->targets), label,
                       kerf_targets_op_replace(row->targets, &row->param, "null"));
}

/* The stopwatch: keyframes or none. */
static void watch_toggled(GtkToggleButton *watch, KerfRow *row)
{
    if (row->showing) return;
    g_autofree char *label = label_of(row);
    char *operations = gtk_toggle_button_get_active(watch) ? kerf_targets_op_key(row->targets, &row->param, TRUE)
                                                           : kerf_targets_op_still(row->targets, &row->param);
    kerf_document_edit(kerf_targets_document(row->targets), label, operations);
    kerf_row_update(row);
}

/* ---- Showing ---- */

static void show_lane(KerfRow *row)
{
    const gboolean keyed = row->reading.now.keys > 0;
    if (keyed && !row->lane) {
        row->lane = kerf_lane_new(row->targets, &row->param);
        gtk_box_append(GTK_BOX(row->widget), row->lane);
    }
    if (row->lane) gtk_widget_set_visible(row->lane, keyed);
    if (keyed) kerf_lane_update(row->lane, &row->reading);
}

void kerf_row_update(KerfRow *row)
{
    if (!kerf_targets_read(row->targets, &row->param, &row->reading)) return;
    row->showing = TRUE;
    row->editor.show(row, &row->reading);
    if (row->watch) gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(row->watch), row->reading.now.keys > 0);
    gtk_widget_set_opacity(row->reset, row->reading.now.set ? 1 : 0);
    gtk_widget_set_sensitive(row->reset, row->reading.now.set);
    if (row->watch) show_lane(row);
    row->showing = FALSE;
}

/* ---- Building ---- */

static GtkWidget *small_button(GtkWidget *button, const char *icon, const char *tip, const char *what)
{
    g_autofree char *label = g_strdup_printf("%s: %s", what, tip);
    gtk_button_set_icon_name(GTK_BUTTON(button), icon);
    gtk_widget_add_css_class(button, "flat");
    gtk_widget_add_css_class(button, "param-button");
    gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
    gtk_widget_set_tooltip_text(button, tip);
    gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
    return button;
}

static GtkWidget *new_watch(KerfRow *row)
{
    if (!row->param.info.animatable || row->param.set.group == KF_PARAMS_TRANSITION) {
        GtkWidget *room = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
        gtk_widget_add_css_class(room, "param-button");
        return room;
    }
    row->watch = small_button(gtk_toggle_button_new(), "kerf-stopwatch-symbolic", "Animate with keyframes",
                              row->param.info.label);
    gtk_widget_add_css_class(row->watch, "stopwatch");
    g_signal_connect(row->watch, "toggled", G_CALLBACK(watch_toggled), row);
    return row->watch;
}

static GtkWidget *new_label(KerfRow *row)
{
    GtkWidget *label = gtk_label_new(row->param.info.label);
    gtk_label_set_xalign(GTK_LABEL(label), 0);
    gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
    gtk_label_set_width_chars(GTK_LABEL(label), row->editor.block ? 4 : 13);
    gtk_label_set_max_width_chars(GTK_LABEL(label), 13);
    gtk_widget_set_tooltip_text(label, row->param.info.help);
    gtk_widget_add_css_class(label, "param-label");
    gtk_widget_set_valign(label, row->editor.block ? GTK_ALIGN_START : GTK_ALIGN_CENTER);
    return label;
}

KerfRow *kerf_row_new(KerfTargets *targets, const KerfParam *param)
{
    KerfRow *row = g_new0(KerfRow, 1);
    GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 4);
    row->targets = targets;
    row->param = *param;
    row->widget = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    kerf_editor_create(row, &row->editor);
    row->reset = small_button(gtk_button_new(), "edit-undo-symbolic", "Reset", param->info.label);
    g_signal_connect(row->reset, "clicked", G_CALLBACK(reset), row);
    gtk_box_append(GTK_BOX(line), new_watch(row));
    gtk_box_append(GTK_BOX(line), new_label(row));
    if (row->editor.block) {
        gtk_widget_set_hexpand(gtk_widget_get_last_child(line), TRUE);
    } else {
        gtk_widget_set_hexpand(row->editor.widget, TRUE);
        gtk_box_append(GTK_BOX(line), row->editor.widget);
    }
    gtk_box_append(GTK_BOX(line), row->reset);
    gtk_box_append(GTK_BOX(row->widget), line);
    if (row->editor.block) gtk_box_append(GTK_BOX(row->widget), row->editor.widget);
    gtk_widget_add_css_class(row->widget, "param-row");
    g_object_set_data_full(G_OBJECT(row->widget), "row", row, g_free);
    return row;
}
