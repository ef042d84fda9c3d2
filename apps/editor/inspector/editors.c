/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Editors of numbers, points, colours, choices and switches. */
#include <math.h>
#include <string.h>

#include "number.h"
#include "row.h"
#include "slider.h"

static GtkWidget *new_number(KerfRow *row, const char *part)
{
    const kf_catalog_param *info = &kerf_row_param(row)->info;
    const KerfNumberRange range = {.min = info->min, .max = info->max, .step = info->step, .digits = info->digits,
                                   .unit = info->unit};
    g_autofree char *label = *part ? g_strdup_printf("%s %s", info->label, part) : g_strdup(info->label);
    return kerf_number_new(&range, label);
}

static const char *word_of(const KerfParam *param, const KerfReading *reading, int i)
{
    const gboolean centre = param->info.centers && reading->now.number[i] == param->info.min;
    return reading->mixed ? "–" : centre ? "Centre" : NULL;
}

/* ---- A number: slider and digits ---- */

typedef struct Single {
    GtkWidget *slider, *number;
} Single;

static void single_edited(GtkWidget *widget, int phase, KerfRow *row)
{
    const Single *s = g_object_get_data(G_OBJECT(kerf_row_editor(row)->widget), "single");
    const gboolean slid = widget == s->slider;
    const double value = slid ? kerf_slider_get(KERF_SLIDER(widget)) : kerf_number_get(KERF_NUMBER(widget));
    if (slid) {
        kerf_number_set_word(KERF_NUMBER(s->number), NULL);
        kerf_number_set(KERF_NUMBER(s->number), value);
    } else {
        kerf_slider_set(KERF_SLIDER(s->slider), value);
    }
    kerf_row_edit_numbers(row, (KerfPhase)phase, (double[4]){value});
}

static void single_show(KerfRow *row, const KerfReading *reading)
{
    const Single *s = g_object_get_data(G_OBJECT(kerf_row_editor(row)->widget), "single");
    kerf_slider_set(KERF_SLIDER(s->slider), reading->now.number[0]);
    kerf_number_set_word(KERF_NUMBER(s->number), word_of(kerf_row_param(row), reading, 0));
    kerf_number_set(KERF_NUMBER(s->number), reading->now.number[0]);
}

static void create_single(KerfRow *row, KerfEditor *out)
{
    const kf_catalog_param *info = &kerf_row_param(row)->info;
    const KerfSliderRange range = {.min = info->soft_min, .max = info->soft_max, .step = info->step,
                                   .origin = info->number[0], .logarithmic = info->logarithmic};
    Single *s = g_new0(Single, 1);
    out->widget = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
    out->show = single_show;
    s->slider = kerf_slider_new(&range, info->label);
    s->number = new_number(row, "");
    g_signal_connect(s->slider, "edit", G_CALLBACK(single_edited), row);
    g_signal_connect(s->number, "edit", G_CALLBACK(single_edited), row);
    gtk_box_append(GTK_BOX(out->widget), s->slider);
    gtk_box_append(GTK_BOX(out->widget), s->number);
    g_object_set_data_full(G_OBJECT(out->widget), "single", s, g_free);
}

/* ---- A point: two numbers, which a scale keeps in step ---- */

typedef struct Point {
    GtkWidget *number[2], *chain; /* chain: NULL if there is none */
    double before[2];         /* where a drag began */
} Point;

static Point *point_of(KerfRow *row) { return g_object_get_data(G_OBJECT(kerf_row_editor(row)->widget), "point"); }

static double other_of(const Point *p, KerfRow *row, int moved, double value)
{
    const double *before = p->before;
    const gboolean chained = p->chain && gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(p->chain));
    if (!chained) return kerf_row_reading(row)->now.number[!moved];
    return before[moved] != 0 ? before[!moved] * value / before[moved] : value;
}

static void point_edited(GtkWidget *widget, int phase, KerfRow *row)
{
    Point *p = point_of(row);
    const int moved = widget == p->number[1];
    double number[4] = {0};
    if (phase == KERF_PHASE_BEGIN || phase == KERF_PHASE_ONCE)
        memcpy(p->before, kerf_row_reading(row)->now.number, sizeof p->before);
    number[moved] = kerf_number_get(KERF_NUMBER(widget));
    number[!moved] = other_of(p, row, moved, number[moved]);
    kerf_row_edit_numbers(row, (KerfPhase)phase, number);
}

/* "Centre" is at the middle of the frame, where dragging begins. */
static void point_show(KerfRow *row, const KerfReading *reading)
{
    const KerfParam *param = kerf_row_param(row);
    const kf_sequence_info *q = kerf_document_sequence_info(kerf_targets_document(kerf_row_targets(row)));
    Point *p = point_of(row);
    for (int i = 0; i < 2; i++) {
        const double value = reading->now.number[i];
        const gboolean centre = param->info.centers && value == param->info.min;
        kerf_number_set_word(KERF_NUMBER(p->number[i]), word_of(param, reading, i));
        kerf_number_set(KERF_NUMBER(p->number[i]), !centre ? value : i == 0 ? q->width / 2.0 : q->height / 2.0);
    }
}

static GtkWidget *new_chain(void)
{
    GtkWidget *chain = gtk_toggle_button_new();
    gtk_button_set_icon_name(GTK_BUTTON(chain), "kerf-link-symbolic");
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(chain), TRUE);
    gtk_widget_add_css_class(chain, "flat");
    gtk_widget_add_css_class(chain, "param-button");
    gtk_widget_set_valign(chain, GTK_ALIGN_CENTER);
    gtk_widget_set_tooltip_text(chain, "Keep the proportion");
    gtk_accessible_update_property(GTK_ACCESSIBLE(chain), GTK_ACCESSIBLE_PROPERTY_LABEL, "Keep the proportion", -1);
    return chain;
}

static void create_point(KerfRow *row, KerfEditor *out)
{
    Point *p = g_new0(Point, 1);
    out->widget = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 4);
    out->show = point_show;
    for (int i = 0; i < 2; i++) {
        p->number[i] = new_number(row, i == 0 ? "x" : "y");
        gtk_widget_set_hexpand(p->number[i], TRUE);
        g_signal_connect(p->number[i], "edit", G_CALLBACK(point_edited), row);
        gtk_box_append(GTK_BOX(out->widget), p->number[i]);
        if (i == 0 && strcmp(kerf_row_param(row)->info.name, "scale") == 0) {
            p->chain = new_chain();
            gtk_box_append(GTK_BOX(out->widget), p->chain);
        }
    }
    g_object_set_data_full(G_OBJECT(out->widget), "point", p, g_free);
}

/* ---- Switches and choices ---- */

static void switched(GtkCheckButton *check, KerfRow *row)
{
    if (!kerf_row_showing(row)) {
        kerf_row_edit_numbers(row, KERF_PHASE_ONCE, (double[4]){gtk_check_button_get_active(check)});
    }
}

static void switch_show(KerfRow *row, const KerfReading *reading)
{
    GtkCheckButton *check = GTK_CHECK_BUTTON(kerf_row_editor(row)->widget);
    gtk_check_button_set_active(check, reading->now.number[0] >= 0.5);
    gtk_check_button_set_inconsistent(check, reading->mixed);
}

static void create_switch(KerfRow *row, KerfEditor *out)
{
    out->widget = gtk_check_button_new();
    out->show = switch_show;
    gtk_accessible_update_property(GTK_ACCESSIBLE(out->widget), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   kerf_row_param(row)->info.label, -1);
    g_signal_connect(out->widget, "toggled", G_CALLBACK(switched), row);
}

static void chosen(GtkDropDown *list, GParamSpec *spec, KerfRow *row)
{
    const guint choice = gtk_drop_down_get_selected(list);
    if (!kerf_row_showing(row) && choice != GTK_INVALID_LIST_POSITION) {
        kerf_row_edit_numbers(row, KERF_PHASE_ONCE, (double[4]){choice});
    }
}

static void choice_show(KerfRow *row, const KerfReading *reading)
{
    gtk_drop_down_set_selected(GTK_DROP_DOWN(kerf_row_editor(row)->widget),
                               reading->mixed ? GTK_INVALID_LIST_POSITION : (guint)reading->now.number[0]);
}

static void create_choice(KerfRow *row, KerfEditor *out)
{
    const kf_catalog_param *info = &kerf_row_param(row)->info;
    GtkStringList *names = gtk_string_list_new(NULL);
    for (int32_t i = 0; i < info->choice_count; i++) {
        char label[64];
        kf_catalog_label(info->choices[i], label, sizeof label);
        gtk_string_list_append(names, label);
    }
    out->widget = gtk_drop_down_new(G_LIST_MODEL(names), NULL);
    out->show = choice_show;
    gtk_accessible_update_property(GTK_ACCESSIBLE(out->widget), GTK_ACCESSIBLE_PROPERTY_LABEL, info->label, -1);
    g_signal_connect(out->widget, "notify::selected", G_CALLBACK(chosen), row);
}

/* ---- Colours ---- */

static void color_set(GtkColorButton *button, KerfRow *row)
{
    GdkRGBA c;
    gtk_color_chooser_get_rgba(GTK_COLOR_CHOOSER(button), &c);
    if (!kerf_row_showing(row)) {
        kerf_row_edit_numbers(row, KERF_PHASE_ONCE, (double[4]){c.red, c.green, c.blue, c.alpha});
    }
}

static void color_show(KerfRow *row, const KerfReading *reading)
{
    const double *n = reading->now.number;
    const GdkRGBA c = {(float)n[0], (float)n[1], (float)n[2], (float)n[3]};
    gtk_color_chooser_set_rgba(GTK_COLOR_CHOOSER(kerf_row_editor(row)->widget), &c);
}

static void create_color(KerfRow *row, KerfEditor *out)
{
    const kf_catalog_param *info = &kerf_row_param(row)->info;
    out->widget = gtk_color_button_new();
    out->show = color_show;
    gtk_color_chooser_set_use_alpha(GTK_COLOR_CHOOSER(out->widget), TRUE);
    gtk_color_button_set_title(GTK_COLOR_BUTTON(out->widget), info->label);
    gtk_accessible_update_property(GTK_ACCESSIBLE(out->widget), GTK_ACCESSIBLE_PROPERTY_LABEL, info->label, -1);
    g_signal_connect(out->widget, "color-set", G_CALLBACK(color_set), row);
}

/* ---- All ---- */

void kerf_editor_create(KerfRow *row, KerfEditor *out)
{
    const KerfParam *param = kerf_row_param(row);
    switch (param->info.value) {
    case KF_VALUE_SWITCH:
        create_switch(row, out);
        break;
    case KF_VALUE_POINT:
        create_point(row, out);
        break;
    case KF_VALUE_COLOR:
        create_color(row, out);
        break;
    case KF_VALUE_WHEEL:
        kerf_editor_create_wheel(row, out);
        break;
    case KF_VALUE_CHOICE:
        create_choice(row, out);
        break;
    case KF_VALUE_WHOLE:
    case KF_VALUE_NUMBER:
    case KF_VALUE_TIME:
        create_single(row, out);
        break;
    case KF_VALUE_GRADIENT:
        kerf_editor_create_gradient(row, out);
        break;
    case KF_VALUE_POINTS:
        if (strcmp(param->set.kind.name, "curves") == 0) {
            kerf_editor_create_curve(row, out);
            break;
        }
        kerf_editor_create_text(row, out);
        break;
    default:
        kerf_editor_create_text(row, out);
        break;
    }
}
