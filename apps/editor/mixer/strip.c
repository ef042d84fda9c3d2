/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "strip.h"

#include <math.h>

#include "fader.h"
#include "inspector/number.h"
#include "inspector/slider.h"
#include "meter.h"
#include "rack.h"

enum { LOUDNESSES = 3 };

struct KerfStrip {
    KerfChannel channel;
    KerfRack *rack;
    GtkWidget *box, *name, *pan, *mute, *solo, *fader, *gain, *meter;
    GtkWidget *loudness[LOUDNESSES];
    gboolean showing;
};

GtkWidget *kerf_strip_widget(KerfStrip *s)
{
    return s->box;
}
uint64_t kerf_strip_track(KerfStrip *s)
{
    return s->channel.track;
}
int32_t kerf_strip_index(KerfStrip *s)
{
    return s->channel.index;
}

/* ---- Edits ---- */

static char *op_gain(KerfStrip *s, double db)
{
    return kerf_channel_op_number(&s->channel, s->channel.track ? "gain" : "master_gain", db);
}

static void edit_number(KerfStrip *s, KerfPhase phase, const char *label, char *operation)
{
    const gboolean wanted = phase == KERF_PHASE_UPDATE || phase == KERF_PHASE_ONCE;
    if (!wanted) g_clear_pointer(&operation, g_free);
    kerf_channel_edit(&s->channel, phase, label, operation);
}

static void fader_edited(KerfFader *fader, int phase, KerfStrip *s)
{
    edit_number(s, (KerfPhase)phase, "Gain", op_gain(s, kerf_fader_get(fader)));
}

static void gain_edited(KerfNumber *number, int phase, KerfStrip *s)
{
    edit_number(s, (KerfPhase)phase, "Gain", op_gain(s, kerf_number_get(number)));
}

static void pan_edited(KerfSlider *slider, int phase, KerfStrip *s)
{
    edit_number(s, (KerfPhase)phase, "Pan", kerf_channel_op_number(&s->channel, "pan", kerf_slider_get(slider)));
}

static void switched(GtkToggleButton *button, KerfStrip *s)
{
    const gboolean on = gtk_toggle_button_get_active(button), solo = GTK_WIDGET(button) == s->solo;
    g_autofree char *set = g_strdup_printf("\"set\": {\"%s\": %s}", solo ? "solo" : "mute", on ? "true" : "false");
    if (s->showing) return;
    kerf_document_edit(s->channel.document, solo ? (on ? "Solo" : "Solo off") : (on ? "Mute" : "Unmute"),
                       kerf_channel_op(&s->channel, "set_track", set));
}

/* ---- Showing ---- */

static void name_of(const kf_track_info *track, char *text, size_t size)
{
    if (!track) {
        g_strlcpy(text, "Master", size);
    } else if (*track->name) {
        g_snprintf(text, size, "%s%d %s", track->audio ? "A" : "V", track->number, track->name);
    } else {
        g_snprintf(text, size, "%s%d", track->audio ? "A" : "V", track->number);
    }
}

static double gain_of(KerfStrip *s)
{
    const kf_param_place place = kerf_channel_place(&s->channel, KF_PARAMS_AUDIO, 0);
    if (!s->channel.track) return (double)kerf_document_sequence_info(s->channel.document)->master_gain;
    return kerf_channel_read(&s->channel, &place, "gain").number[0];
}

static void show_track(KerfStrip *s, const kf_track_info *track)
{
    const kf_param_place place = kerf_channel_place(&s->channel, KF_PARAMS_AUDIO, 0);
    kerf_slider_set(KERF_SLIDER(s->pan), kerf_channel_read(&s->channel, &place, "pan").number[0]);
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(s->mute), track->mute);
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(s->solo), track->solo);
}

void kerf_strip_update(KerfStrip *s, const kf_track_info *track, int32_t index)
{
    char name[128];
    name_of(track, name, sizeof name);
    s->channel.index = index;
    s->channel.effects = track ? track->audio_effects : kerf_document_sequence_info(s->channel.document)->audio_effects;
    s->channel.picture_effects = track ? track->effects : 0;
    s->showing = TRUE;
    gtk_label_set_text(GTK_LABEL(s->name), name);
    gtk_widget_set_tooltip_text(s->name, name);
    if (track) show_track(s, track);
    kerf_fader_set(KERF_FADER(s->fader), gain_of(s));
    kerf_number_set(KERF_NUMBER(s->gain), gain_of(s));
    kerf_number_set_word(KERF_NUMBER(s->gain), gain_of(s) <= KERF_FADER_SILENCE ? "-∞ dB" : NULL);
    s->showing = FALSE;
    kerf_rack_update(s->rack);
}

static void show_loudness(KerfStrip *s, const kf_player_meter *reading)
{
    const float values[LOUDNESSES] = {reading->momentary, reading->short_term, reading->integrated};
    for (int i = 0; i < LOUDNESSES; i++) {
        char text[16];
        g_snprintf(text, sizeof text, isfinite(values[i]) ? "%.1f" : "-", (double)values[i]);
        gtk_label_set_text(GTK_LABEL(s->loudness[i]), text);
    }
}

gboolean kerf_strip_feed(KerfStrip *s, const kf_player_meter *reading, gint64 now)
{
    if (!s->channel.track) show_loudness(s, reading);
    return kerf_meter_feed(KERF_METER(s->meter), reading, now);
}

/* ---- Building ---- */

static GtkWidget *toggle_new(KerfStrip *s, const char *text, const char *tip, const char *track)
{
    GtkWidget *button = gtk_toggle_button_new_with_label(text);
    g_autofree char *name = g_strdup_printf("%s %s in the mixer", tip, track);
    gtk_widget_set_tooltip_text(button, tip);
    gtk_widget_set_focus_on_click(button, FALSE);
    gtk_widget_set_hexpand(button, TRUE);
    gtk_widget_add_css_class(button, strcmp(text, "M") == 0 ? "mute" : "solo");
    gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
    g_signal_connect(button, "toggled", G_CALLBACK(switched), s);
    return button;
}

static void add_track_controls(KerfStrip *s, const char *name)
{
    const KerfSliderRange range = {.min = -1, .max = 1, .step = 0.05};
    g_autofree char *pan = g_strdup_printf("Pan of %s", name);
    GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 2), *buttons = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 3);
    GtkWidget *left = gtk_label_new("L"), *right = gtk_label_new("R");
    s->pan = kerf_slider_new(&range, pan);
    gtk_widget_set_tooltip_text(s->pan, "Pan; double click for the centre");
    g_signal_connect(s->pan, "edit", G_CALLBACK(pan_edited), s);
    gtk_widget_add_css_class(left, "dim-label");
    gtk_widget_add_css_class(right, "dim-label");
    gtk_box_append(GTK_BOX(line), left);
    gtk_box_append(GTK_BOX(line), s->pan);
    gtk_box_append(GTK_BOX(line), right);
    gtk_box_append(GTK_BOX(s->box), line);
    s->mute = toggle_new(s, "M", "Mute", name);
    s->solo = toggle_new(s, "S", "Solo", name);
    gtk_box_append(GTK_BOX(buttons), s->mute);
    gtk_box_append(GTK_BOX(buttons), s->solo);
    gtk_box_append(GTK_BOX(s->box), buttons);
}

static void add_loudness(KerfStrip *s)
{
    static const char *const letters[LOUDNESSES] = {"M", "S", "I"};
    static const char *const tips[LOUDNESSES] = {"Momentary loudness, LUFS", "Short-term loudness, LUFS",
                                                 "Integrated loudness since playing began, LUFS"};
    GtkWidget *grid = gtk_grid_new();
    gtk_grid_set_column_spacing(GTK_GRID(grid), 4);
    gtk_widget_add_css_class(grid, "mixer-loudness");
    for (int i = 0; i < LOUDNESSES; i++) {
        GtkWidget *letter = gtk_label_new(letters[i]), *value = s->loudness[i] = gtk_label_new("-");
        gtk_widget_add_css_class(letter, "dim-label");
        gtk_widget_add_css_class(value, "numeric");
        gtk_label_set_xalign(GTK_LABEL(value), 1);
        gtk_widget_set_hexpand(value, TRUE);
        gtk_widget_set_tooltip_text(value, tips[i]);
        gtk_widget_set_tooltip_text(letter, tips[i]);
        gtk_grid_attach(GTK_GRID(grid), letter, 0, i, 1, 1);
        gtk_grid_attach(GTK_GRID(grid), value, 1, i, 1, 1);
    }
    gtk_box_append(GTK_BOX(s->box), grid);
}

static void add_level(KerfStrip *s, const char *name)
{
    const KerfNumberRange range = {.min = KERF_FADER_SILENCE, .max = 48, .step = 0.2, .digits = 1, .unit = "dB"};
    g_autofree char *fader = g_strdup_printf("Fader of %s", name), *meter = g_strdup_printf("Level of %s", name);
    g_autofree char *gain = g_strdup_printf("Gain of %s", name);
    GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
    s->fader = kerf_fader_new(fader);
    s->meter = kerf_meter_new(meter, FALSE);
    s->gain = kerf_number_new(&range, gain);
    g_signal_connect(s->fader, "edit", G_CALLBACK(fader_edited), s);
    g_signal_connect(s->gain, "edit", G_CALLBACK(gain_edited), s);
    gtk_widget_set_halign(line, GTK_ALIGN_CENTER);
    gtk_widget_set_vexpand(line, TRUE);
    gtk_box_append(GTK_BOX(line), s->fader);
    gtk_box_append(GTK_BOX(line), s->meter);
    gtk_box_append(GTK_BOX(s->box), line);
    gtk_box_append(GTK_BOX(s->box), s->gain);
}

static void add_name(KerfStrip *s)
{
    s->name = gtk_label_new(NULL);
    gtk_label_set_ellipsize(GTK_LABEL(s->name), PANGO_ELLIPSIZE_END);
    gtk_label_set_width_chars(GTK_LABEL(s->name), 9);
    gtk_label_set_max_width_chars(GTK_LABEL(s->name), 9);
    gtk_widget_add_css_class(s->name, "mixer-name");
    gtk_box_append(GTK_BOX(s->box), s->name);
}

KerfStrip *kerf_strip_new(KerfDocument *document, const kf_track_info *track)
{
    KerfStrip *s = g_new0(KerfStrip, 1);
    char name[128];
    name_of(track, name, sizeof name);
    s->channel = (KerfChannel){.document = document, .track = track ? track->uid : 0, .index = -1};
    s->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 4);
    g_object_set_data_full(G_OBJECT(s->box), "strip", s, g_free);
    gtk_widget_add_css_class(s->box, "mixer-strip");
    gtk_widget_set_hexpand(s->box, FALSE);
    if (!track) gtk_widget_add_css_class(s->box, "master");
    add_name(s);
    if (track) {
        add_track_controls(s, name);
    } else {
        add_loudness(s);
    }
    add_level(s, name);
    s->rack = kerf_rack_new(&s->channel, name);
    gtk_box_append(GTK_BOX(s->box), kerf_rack_widget(s->rack));
    return s;
}
