/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parameters of an audio effect of a channel, a row for each, from the tables of the catalogue. */
#include <math.h>

#include "inspector/number.h"
#include "inspector/slider.h"
#include "kerf/catalog.h"
#include "rack.h"
#include "text.h"

typedef struct Params {
    const KerfChannel *channel;
    int32_t index;
    gboolean showing;
} Params;

typedef struct Param {
    Params *params;
    kf_catalog_param info;
    GtkWidget *slider, *editor; /* slider NULL: it has none */
} Param;

/* ---- Edits ---- */

static void edit(Param *p, KerfPhase phase, const char *value)
{
    const gboolean wanted = phase == KERF_PHASE_UPDATE || phase == KERF_PHASE_ONCE;
    if (p->params->showing) return;
    kerf_channel_edit(p->params->channel, phase, p->info.label,
                      wanted ? kerf_channel_op_effect(p->params->channel, p->params->index, p->info.name, value)
                             : NULL);
}

static void edit_number(Param *p, KerfPhase phase, double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    const double rounded = p->info.value == KF_VALUE_WHOLE ? round(value) : value;
    edit(p, phase, g_ascii_formatd(text, sizeof text, p->info.value == KF_VALUE_WHOLE ? "%.0f" : "%.6f", rounded));
}

static void slid(KerfSlider *slider, int phase, Param *p)
{
    edit_number(p, (KerfPhase)phase, kerf_slider_get(slider));
}
static void numbered(KerfNumber *number, int phase, Param *p)
{
    edit_number(p, (KerfPhase)phase, kerf_number_get(number));
}

static void switched(GObject *object, GParamSpec *spec, Param *p)
{
    edit(p, KERF_PHASE_ONCE, gtk_switch_get_active(GTK_SWITCH(object)) ? "true" : "false");
}

static void chosen(GObject *object, GParamSpec *spec, Param *p)
{
    const guint i = gtk_drop_down_get_selected(GTK_DROP_DOWN(object));
    if (i >= (guint)p->info.choice_count) return;
    g_autofree char *name = kerf_json_quote(p->info.choices[i]);
    edit(p, KERF_PHASE_ONCE, name);
}

static void entered(GtkEntry *entry, Param *p)
{
    g_autofree char *text = kerf_json_quote(gtk_editable_get_text(GTK_EDITABLE(entry)));
    edit(p, KERF_PHASE_ONCE, text);
}

/* ---- Showing ---- */

static void show(Param *p)
{
    const kf_param_place place = kerf_channel_place(p->params->channel, KF_PARAMS_AUDIO_EFFECT, p->params->index);
    const kf_param_now now = kerf_channel_read(p->params->channel, &place, p->info.name);
    if (GTK_IS_SWITCH(p->editor)) {
        gtk_switch_set_active(GTK_SWITCH(p->editor), now.number[0] != 0);
    } else if (GTK_IS_DROP_DOWN(p->editor)) {
        gtk_drop_down_set_selected(GTK_DROP_DOWN(p->editor), (guint)now.number[0]);
    } else if (KERF_IS_NUMBER(p->editor)) {
        kerf_number_set(KERF_NUMBER(p->editor), now.number[0]);
        kerf_slider_set(KERF_SLIDER(p->slider), now.number[0]);
    } else if (!gtk_widget_has_focus(p->editor)) {
        gtk_editable_set_text(GTK_EDITABLE(p->editor), now.text);
    }
}

void kerf_effect_params_update(GtkWidget *root)
{
    Params *ps = g_object_get_data(G_OBJECT(root), "params");
    ps->showing = TRUE;
    for (GtkWidget *child = gtk_widget_get_first_child(root); child; child = gtk_widget_get_next_sibling(child)) {
        Param *p = g_object_get_data(G_OBJECT(child), "param");
        if (p) show(p);
    }
    ps->showing = FALSE;
}

/* ---- Building ---- */

static void make_number(Param *p)
{
    const kf_catalog_param *i = &p->info;
    const double low = isfinite(i->soft_min) ? i->soft_min : i->min,
                 high = isfinite(i->soft_max) ? i->soft_max : i->max;
    const gboolean logarithmic = i->logarithmic && low > 0;
    const KerfSliderRange way = {
        .min = low, .max = high, .step = i->step, .origin = CLAMP(i->number[0], low, high), .logarithmic = logarithmic};
    const KerfNumberRange range = {.min = i->min, .max = i->max, .step = i->step, .digits = i->digits, .unit = i->unit};
    p->slider = kerf_slider_new(&way, i->label);
    p->editor = kerf_number_new(&range, i->label);
    gtk_widget_set_size_request(p->slider, 130, -1);
    g_signal_connect(p->slider, "edit", G_CALLBACK(slid), p);
    g_signal_connect(p->editor, "edit", G_CALLBACK(numbered), p);
}

static void make_choice(Param *p)
{
    g_autoptr(GtkStringList) list = gtk_string_list_new(NULL);
    for (int32_t i = 0; i < p->info.choice_count; i++) {
        char label[64];
        kf_catalog_label(p->info.choices[i], label, sizeof label);
        gtk_string_list_append(list, label);
    }
    p->editor = gtk_drop_down_new(G_LIST_MODEL(g_steal_pointer(&list)), NULL);
    g_signal_connect(p->editor, "notify::selected", G_CALLBACK(chosen), p);
}

static void make_editor(Param *p)
{
    switch (p->info.value) {
    case KF_VALUE_SWITCH:
        p->editor = gtk_switch_new();
        gtk_widget_set_halign(p->editor, GTK_ALIGN_START);
        g_signal_connect(p->editor, "notify::active", G_CALLBACK(switched), p);
        return;
    case KF_VALUE_WHOLE:
    case KF_VALUE_NUMBER:
    case KF_VALUE_TIME: make_number(p); return;
    case KF_VALUE_CHOICE: make_choice(p); return;
    default:
        p->editor = gtk_entry_new();
        g_signal_connect(p->editor, "activate", G_CALLBACK(entered), p);
        return;
    }
}

static void add_param(Params *ps, GtkWidget *grid, int line, const kf_catalog_param *info)
{
    Param *p = g_new0(Param, 1);
    GtkWidget *label = gtk_label_new(info->label);
    p->params = ps;
    p->info = *info;
    make_editor(p);
    gtk_label_set_xalign(GTK_LABEL(label), 0);
    gtk_widget_add_css_class(label, "param-label");
    gtk_widget_set_tooltip_text(label, info->help);
    gtk_accessible_update_property(GTK_ACCESSIBLE(p->editor), GTK_ACCESSIBLE_PROPERTY_LABEL, p->info.label, -1);
    g_object_set_data_full(G_OBJECT(p->editor), "param", p, g_free);
    gtk_grid_attach(GTK_GRID(grid), label, 0, line, 1, 1);
    if (p->slider) gtk_grid_attach(GTK_GRID(grid), p->slider, 1, line, 1, 1);
    gtk_grid_attach(GTK_GRID(grid), p->editor, p->slider ? 2 : 1, line, p->slider ? 1 : 2, 1);
}

GtkWidget *kerf_effect_params_new(const KerfChannel *channel, int32_t index)
{
    const kf_param_place place = kerf_channel_place(channel, KF_PARAMS_AUDIO_EFFECT, index);
    Params *ps = g_new0(Params, 1);
    GtkWidget *grid = gtk_grid_new();
    kf_param_set set;
    kf_catalog_kind kind;
    kf_catalog_param info;
    ps->channel = channel;
    ps->index = index;
    gtk_grid_set_column_spacing(GTK_GRID(grid), 8);
    gtk_grid_set_row_spacing(GTK_GRID(grid), 2);
    gtk_widget_add_css_class(grid, "mixer-params");
    g_object_set_data_full(G_OBJECT(grid), "params", ps, g_free);
    if (!kf_film_params(kerf_document_film(channel->document), &place, &set)) return grid;
    if (!kf_catalog_find(KF_CATALOG_AUDIO_EFFECT, set.kind, &kind)) return grid;
    for (int32_t i = 0; kf_catalog_param_at(&kind, i, &info); i++) { add_param(ps, grid, i, &info); }
    kerf_effect_params_update(grid);
    return grid;
}
