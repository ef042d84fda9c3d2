/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "preferences.h"

#include "app.h"
#include "mixer/devices.h"

/* A setting: one row. */
typedef struct Setting {
    const char *page, *title, *subtitle; /* title NULL ends the table */
    const char *group, *key;  /* in the settings file */
    const char *const *choices; /* shown; NULL: a number */
    const char *const *values; /* stored, one for each choice */
    int low, high, step, usual; /* numbers */
} Setting;

static const char *const styles[] = {"Dark", "Light", "As the system", NULL};
static const char *const style_values[] = {"dark", "light", "system", NULL};
static const char *const systems[] = {"The best there is", "PipeWire", "PulseAudio", "ALSA", "JACK", "No sound", NULL};
static const char *const system_values[] = {"", "pipewire", "pulseaudio", "alsa", "jack", "null", NULL};
static const char *const rates[] = {"As the sequence", "44.1 kHz", "48 kHz", "96 kHz", NULL};
static const char *const rate_values[] = {"0", "44100", "48000", "96000", NULL};
static const char *const buffers[] = {"64 samples", "128", "256", "512", "1024", "2048", NULL};
static const char *const buffer_values[] = {"64", "128", "256", "512", "1024", "2048", NULL};

static const Setting settings[] = {
    {"General", "Style", "Colours of the windows", "view", "style", styles, style_values},
    {"General", "Still pictures", "Length of new stills, seconds", "media", "still", NULL, NULL, 1, 600, 1, 5},
    {"General", "Transitions", "Length of new transitions, frames", "timeline", "transition", NULL, NULL, 1, 250, 1, 25},
    {"Sound", "System", "Rate and buffer take effect with the next project that is opened", "audio", "system", systems, system_values},
    {"Sound", "Sample rate", "Of the device", "audio", "rate", rates, rate_values},
    {"Sound", "Buffer", "Small: less delay; large: less work", "audio", "buffer", buffers, buffer_values},
    {"Memory", "Playback", "Composed pictures and decoded media, MiB", "memory", "player", NULL, NULL, 128, 65536, 64, 512},
    {"Memory", "Thumbnails and waveforms", "MiB", "memory", "worker", NULL, NULL, 32, 4096, 32, 128},
    {"Memory", "Disk cache", "GiB", "memory", "disk", NULL, NULL, 1, 1000, 1, 4},
    {0},
};

typedef struct Row {
    KerfApp *app;
    const Setting *setting;
} Row;

static void changed(Row *row)
{
    kerf_app_settings_changed(row->app);
    if (strcmp(row->setting->group, "view") == 0) kerf_app_update_style(row->app);
    if (strcmp(row->setting->key, "system") != 0) return;
    g_key_file_remove_key(kerf_app_settings(row->app), "audio", "device", NULL); /* it was another system's */
    kerf_devices_apply(row->app);
}

static void choice_made(GObject *combo, GParamSpec *spec, gpointer data)
{
    Row *row = data;
    const Setting *s = row->setting;
    const char *value = s->values[adw_combo_row_get_selected(ADW_COMBO_ROW(combo))];
    g_key_file_set_string(kerf_app_settings(row->app), s->group, s->key, value);
    changed(row);
}

static void number_given(GtkSpinButton *spin, gpointer data)
{
    Row *row = data;
    g_key_file_set_integer(kerf_app_settings(row->app), row->setting->group, row->setting->key,
                           gtk_spin_button_get_value_as_int(spin));
    changed(row);
}

static GtkWidget *choice_row(Row *row)
{
    const Setting *s = row->setting;
    GtkWidget *widget = adw_combo_row_new();
    g_autoptr(GtkStringList) list = gtk_string_list_new(s->choices);
    g_autofree char *now = g_key_file_get_string(kerf_app_settings(row->app), s->group, s->key, NULL);
    adw_combo_row_set_model(ADW_COMBO_ROW(widget), G_LIST_MODEL(list));
    for (guint i = 0; s->values[i]; i++) {
        const gboolean usual = !now && strcmp(s->values[i], "512") == 0;
        if (usual || g_strcmp0(now, s->values[i]) == 0) adw_combo_row_set_selected(ADW_COMBO_ROW(widget), i);
    }
    g_signal_connect(widget, "notify::selected", G_CALLBACK(choice_made), row);
    return widget;
}

static GtkWidget *number_row(Row *row)
{
    const Setting *s = row->setting;
    GtkWidget *widget = adw_action_row_new(), *spin = gtk_spin_button_new_with_range(s->low, s->high, s->step);
    const int now = g_key_file_get_integer(kerf_app_settings(row->app), s->group, s->key, NULL);
    gtk_spin_button_set_value(GTK_SPIN_BUTTON(spin), now ? now : s->usual);
    gtk_widget_set_valign(spin, GTK_ALIGN_CENTER);
    gtk_accessible_update_property(GTK_ACCESSIBLE(spin), GTK_ACCESSIBLE_PROPERTY_LABEL, s->title, -1);
    g_signal_connect(spin, "value-changed", G_CALLBACK(number_given), row);
    adw_action_row_add_suffix(ADW_ACTION_ROW(widget), spin);
    adw_action_row_set_activatable_widget(ADW_ACTION_ROW(widget), spin);
    return widget;
}

static void add_setting(AdwPreferencesGroup *group, KerfApp *app, const Setting *setting)
{
    Row *row = g_new0(Row, 1);
    row->app = app;
    row->setting = setting;
    GtkWidget *widget = setting->choices ? choice_row(row) : number_row(row);
    adw_preferences_row_set_title(ADW_PREFERENCES_ROW(widget), setting->title);
    adw_action_row_set_subtitle(ADW_ACTION_ROW(widget), setting->subtitle);
    g_object_set_data_full(G_OBJECT(widget), "row", row, g_free);
    adw_preferences_group_add(group, widget);
}

void kerf_preferences_show(KerfWindow *window)
{
    static const char *const icons[] = {"preferences-system-symbolic", "audio-speakers-symbolic", "drive-harddisk-symbolic"};
    GtkWidget *dialog = adw_preferences_window_new();
    AdwPreferencesGroup *group = NULL;
    const char *page_name = "";
    int pages = 0;
    gtk_window_set_transient_for(GTK_WINDOW(dialog), GTK_WINDOW(window));
    gtk_window_set_modal(GTK_WINDOW(dialog), TRUE);
    for (const Setting *s = settings; s->title; s++) {
        if (strcmp(s->page, page_name) != 0) {
            GtkWidget *page = adw_preferences_page_new();
            adw_preferences_page_set_title(ADW_PREFERENCES_PAGE(page), s->page);
            adw_preferences_page_set_icon_name(ADW_PREFERENCES_PAGE(page), icons[pages++ % (int)G_N_ELEMENTS(icons)]);
            group = ADW_PREFERENCES_GROUP(adw_preferences_group_new());
            adw_preferences_page_add(ADW_PREFERENCES_PAGE(page), group);
            adw_preferences_window_add(ADW_PREFERENCES_WINDOW(dialog), ADW_PREFERENCES_PAGE(page));
            page_name = s->page;
        }
        add_setting(group, kerf_window_app(window), s);
        if (strcmp(s->key, "system") != 0) continue;
        adw_preferences_group_add(group, kerf_device_row_new(kerf_window_app(window), FALSE, NULL, NULL));
        adw_preferences_group_add(group, kerf_device_row_new(kerf_window_app(window), TRUE, NULL, NULL));
    }
    gtk_window_present(GTK_WINDOW(dialog));
}
