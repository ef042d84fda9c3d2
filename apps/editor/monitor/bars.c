/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bars.h"

#include "scrub.h"
#include "timecode.h"

struct _KerfBars {
    GtkWidget parent;
    KerfDeck *deck;
    KerfPicture *picture;
    GtkWidget *scrub, *time, *zoom, *quality, *dropped, *length, *play;
    double zoom_shown;
    gboolean setting;         /* a list is set to what is: nobody chose it */
};

G_DEFINE_FINAL_TYPE(KerfBars, kerf_bars, GTK_TYPE_WIDGET)

/* ---- Times ---- */

static void update_length(KerfBars *b, const kf_sequence_info *info)
{
    const kf_time from = info->mark_in == KF_TIME_NONE ? 0 : info->mark_in;
    const kf_time to = info->mark_out == KF_TIME_NONE ? info->duration : info->mark_out;
    kf_sequence_info plain = *info;
    char text[40];
    plain.start_timecode = 0;
    kf_sequence_timecode(&plain, MAX(to - from, 0), text, sizeof text);
    gtk_label_set_text(GTK_LABEL(b->length), text);
}

static void update_times(KerfBars *b)
{
    const kf_sequence_info *info = kerf_deck_info(b->deck);
    char text[40];
    const kf_time position = kerf_deck_position(b->deck);
    kf_sequence_timecode(info, position, text, sizeof text);
    const KerfScrubState state = {info->duration, position, info->mark_in, info->mark_out, text};
    kerf_scrub_set(KERF_SCRUB(b->scrub), &state);
    kerf_timecode_set_sequence(KERF_TIMECODE(b->time), info);
    kerf_timecode_set_time(KERF_TIMECODE(b->time), position);
    update_length(b, info);
}

static void scrubbed(KerfScrub *scrub, gint64 t, gpointer data) { kerf_deck_seek(KERF_BARS(data)->deck, t, TRUE); }
static void scrub_ended(KerfScrub *scrub, gint64 t, gpointer data) { kerf_deck_seek(KERF_BARS(data)->deck, t, FALSE); }

static void time_entered(KerfTimecode *field, gint64 t, gpointer data)
{
    kerf_deck_seek(KERF_BARS(data)->deck, t, FALSE);
}

/* ---- Lists ---- */

static const struct {
    const char *label;
    double percent;
} zooms[] = {{"Fit", 0}, {"25 %", 25}, {"50 %", 50}, {"75 %", 75}, {"100 %", 100}, {"150 %", 150}, {"200 %", 200},
             {"400 %", 400}, {"800 %", 800}};
static const char *const qualities[] = {"Full", "1/2", "1/4", "Auto", NULL};

static GtkWidget *list_new(const char *const *labels, const char *name)
{
    GtkWidget *list = gtk_drop_down_new_from_strings(labels);
    gtk_widget_set_tooltip_text(list, name);
    gtk_accessible_update_property(GTK_ACCESSIBLE(list), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
    gtk_widget_set_focus_on_click(list, FALSE);
    gtk_widget_add_css_class(list, "flat");
    return list;
}

static void zoom_chosen(GObject *list, GParamSpec *spec, gpointer data)
{
    KerfBars *b = data;
    const guint i = gtk_drop_down_get_selected(GTK_DROP_DOWN(list));
    if (!b->setting && i < G_N_ELEMENTS(zooms)) kerf_picture_set_zoom(b->picture, zooms[i].percent);
}

static guint zoom_index(double percent)
{
    guint found = G_N_ELEMENTS(zooms);
    for (guint i = 0; i < G_N_ELEMENTS(zooms); i++) {
        if (fabs(zooms[i].percent - percent) < 0.5) found = i;
    }
    return found;
}

/* A zoom that is not in the list stands at its end for as long as it lasts. */
static void view_changed(KerfPicture *picture, gpointer data)
{
    KerfBars *b = data;
    const double now = kerf_picture_zoom(picture);
    const guint found = zoom_index(now);
    GtkStringList *list = GTK_STRING_LIST(gtk_drop_down_get_model(GTK_DROP_DOWN(b->zoom)));
    g_autofree char *label = g_strdup_printf("%.0f %%", now);
    const char *more[] = {label, NULL};
    const guint count = g_list_model_get_n_items(G_LIST_MODEL(list));
    if (now == b->zoom_shown) return;
    b->zoom_shown = now;
    b->setting = TRUE;
    gtk_string_list_splice(list, G_N_ELEMENTS(zooms), count - G_N_ELEMENTS(zooms), found == G_N_ELEMENTS(zooms) ? more : NULL);
    gtk_drop_down_set_selected(GTK_DROP_DOWN(b->zoom), found);
    b->setting = FALSE;
}

static void quality_chosen(GObject *list, GParamSpec *spec, gpointer data)
{
    KerfBars *b = data;
    const guint i = gtk_drop_down_get_selected(GTK_DROP_DOWN(list));
    if (!b->setting && i <= KF_QUALITY_AUTO) kerf_deck_set_quality(b->deck, (kf_player_quality)i);
}

/* ---- State ---- */

static void update_dropped(KerfBars *b)
{
    kf_player_stats stats;
    kf_player_get_stats(kerf_deck_player(b->deck), &stats);
    const gboolean any = stats.dropped > 0;
    g_autofree char *label = g_strdup_printf("%" G_GINT64_FORMAT " dropped", stats.dropped);
    g_autofree char *tip = g_strdup_printf(
        "%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " frames dropped, %" G_GINT64_FORMAT " late; sound missed %" G_GINT64_FORMAT
        " times\n%.1f ms to make a picture\nClick to count anew",
        stats.dropped, stats.dropped + stats.shown, stats.late, stats.underruns, stats.compose_ms);
    gtk_button_set_label(GTK_BUTTON(b->dropped), label);
    gtk_widget_set_tooltip_text(b->dropped, tip);
    gtk_widget_set_visible(b->dropped, any);
}

static void update_state(KerfBars *b)
{
    const kf_player_state *state = kerf_deck_state(b->deck);
    gtk_button_set_icon_name(GTK_BUTTON(b->play),
                             state->playing ? "media-playback-pause-symbolic" : "media-playback-start-symbolic");
    b->setting = TRUE;
    gtk_drop_down_set_selected(GTK_DROP_DOWN(b->quality), (guint)state->quality);
    b->setting = FALSE;
    update_dropped(b);
    update_times(b);
}

static void dropped_clicked(GtkButton *button, gpointer data)
{
    KerfBars *b = data;
    kf_player_reset_stats(kerf_deck_player(b->deck));
    update_dropped(b);
}

static void picture_came(KerfDeck *deck, gpointer data) { update_times(data); }
static void state_came(KerfDeck *deck, gpointer data) { update_state(data); }

/* ---- Rows ---- */

static GtkWidget *row_new(void)
{
    GtkWidget *row = gtk_center_box_new();
    gtk_widget_add_css_class(row, "toolbar-tight");
    return row;
}

static GtkWidget *group(KerfWindow *window, const char *const (*buttons)[2], GtkWidget **first)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
    for (; (*buttons)[0]; buttons++) {
        GtkWidget *button = kerf_action_button(window, (*buttons)[0], (*buttons)[1]);
        if (first && strcmp((*buttons)[0], "play-toggle") == 0) *first = button;
        gtk_box_append(GTK_BOX(box), button);
    }
    return box;
}

static GtkWidget *times_row(KerfBars *b)
{
    GtkWidget *row = row_new(), *middle = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 2);
    b->length = gtk_label_new(NULL);
    b->dropped = gtk_button_new();
    gtk_widget_add_css_class(b->length, "timecode");
    gtk_widget_add_css_class(b->length, "dim-label");
    gtk_widget_set_tooltip_text(b->length, "From in to out");
    gtk_widget_add_css_class(b->dropped, "flat");
    gtk_widget_add_css_class(b->dropped, "kerf-dropped");
    gtk_widget_set_focus_on_click(b->dropped, FALSE);
    g_signal_connect(b->dropped, "clicked", G_CALLBACK(dropped_clicked), b);
    gtk_box_append(GTK_BOX(middle), b->zoom);
    gtk_box_append(GTK_BOX(middle), b->quality);
    gtk_box_append(GTK_BOX(middle), b->dropped);
    gtk_center_box_set_start_widget(GTK_CENTER_BOX(row), b->time);
    gtk_center_box_set_center_widget(GTK_CENTER_BOX(row), middle);
    gtk_center_box_set_end_widget(GTK_CENTER_BOX(row), b->length);
    return row;
}

static GtkWidget *transport_row(KerfBars *b, KerfWindow *window)
{
    static const char *const marks[][2] = {{"mark-in", "kerf-mark-in-symbolic"},
                                           {"mark-out", "kerf-mark-out-symbolic"},
                                           {NULL, NULL}};
    static const char *const transport[][2] = {{"go-to-in", "kerf-go-in-symbolic"},
                                               {"step-back", "kerf-step-back-symbolic"},
                                               {"play-toggle", "media-playback-start-symbolic"},
                                               {"step-forward", "kerf-step-forward-symbolic"},
                                               {"go-to-out", "kerf-go-out-symbolic"},
                                               {"play-loop", "media-playlist-repeat-symbolic"},
                                               {NULL, NULL}};
    static const char *const source[][2] = {{"clip-insert", "kerf-insert-symbolic"},
                                            {"clip-overwrite", "kerf-overwrite-symbolic"},
                                            {"frame-export", "kerf-snapshot-symbolic"},
                                            {"monitor-full-screen", "kerf-full-screen-symbolic"},
                                            {NULL, NULL}};
    static const char *const program[][2] = {{"sequence-lift", "kerf-lift-symbolic"},
                                             {"sequence-extract", "kerf-extract-symbolic"},
                                             {"monitor-safe", "kerf-safe-margins-symbolic"},
                                             {"mode-proxies", "kerf-proxy-symbolic"},
                                             {"frame-export", "kerf-snapshot-symbolic"},
                                             {"monitor-full-screen", "kerf-full-screen-symbolic"},
                                             {NULL, NULL}};
    const gboolean is_source = kerf_deck_is_source(b->deck);
    GtkWidget *row = row_new();
    gtk_center_box_set_start_widget(GTK_CENTER_BOX(row), group(window, marks, NULL));
    gtk_center_box_set_center_widget(GTK_CENTER_BOX(row), group(window, transport, &b->play));
    gtk_center_box_set_end_widget(GTK_CENTER_BOX(row), group(window, is_source ? source : program, NULL));
    return row;
}

static void build(KerfBars *b, KerfWindow *window)
{
    const gboolean source = kerf_deck_is_source(b->deck);
    const char *labels[G_N_ELEMENTS(zooms) + 1] = {NULL};
    for (guint i = 0; i < G_N_ELEMENTS(zooms); i++) labels[i] = zooms[i].label;
    b->scrub = kerf_scrub_new(source ? "Position in the source" : "Position in the sequence");
    b->time = kerf_timecode_new(source ? "Source timecode" : "Sequence timecode");
    b->zoom = list_new(labels, "Zoom");
    b->quality = list_new(qualities, "Playback quality");
    g_signal_connect(b->scrub, "scrubbed", G_CALLBACK(scrubbed), b);
    g_signal_connect(b->scrub, "scrub-ended", G_CALLBACK(scrub_ended), b);
    g_signal_connect(b->time, "time-entered", G_CALLBACK(time_entered), b);
    g_signal_connect(b->zoom, "notify::selected", G_CALLBACK(zoom_chosen), b);
    g_signal_connect(b->quality, "notify::selected", G_CALLBACK(quality_chosen), b);
    gtk_widget_set_parent(b->scrub, GTK_WIDGET(b));
    gtk_widget_set_parent(times_row(b), GTK_WIDGET(b));
    gtk_widget_set_parent(transport_row(b, window), GTK_WIDGET(b));
}

/* ---- The widget ---- */

void kerf_bars_enter_time(KerfBars *b) { gtk_widget_child_focus(b->time, GTK_DIR_TAB_FORWARD); }

static void dispose(GObject *object)
{
    for (GtkWidget *child; (child = gtk_widget_get_first_child(GTK_WIDGET(object)));) {
        gtk_widget_unparent(child);
    }
    G_OBJECT_CLASS(kerf_bars_parent_class)->dispose(object);
}

static void kerf_bars_class_init(KerfBarsClass *class)
{
    G_OBJECT_CLASS(class)->dispose = dispose;
    gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(class), GTK_TYPE_BOX_LAYOUT);
}

static void kerf_bars_init(KerfBars *b)
{
    GtkLayoutManager *layout = gtk_widget_get_layout_manager(GTK_WIDGET(b));
    gtk_orientable_set_orientation(GTK_ORIENTABLE(layout), GTK_ORIENTATION_VERTICAL);
}

GtkWidget *kerf_bars_new(KerfWindow *window, KerfDeck *deck, KerfPicture *picture)
{
    KerfBars *b = g_object_new(KERF_TYPE_BARS, NULL);
    b->deck = deck;
    b->picture = picture;
    build(b, window);
    g_signal_connect_object(deck, "picture", G_CALLBACK(picture_came), b, 0);
    g_signal_connect_object(deck, "state", G_CALLBACK(state_came), b, 0);
    g_signal_connect_object(picture, "view-changed", G_CALLBACK(view_changed), b, 0);
    view_changed(picture, b);
    update_state(b);
    return GTK_WIDGET(b);
}
