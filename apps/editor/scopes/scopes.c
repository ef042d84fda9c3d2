/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The scopes panel: one to four scopes of what the program monitor shows, live. They are measured one picture after the
 * other, never faster than they are seen, and only while they are. */
#include "measure.h"
#include "panel.h"
#include "scope.h"

#define EVERY 40000           /* us: 25 a second */

typedef struct Scopes {
    KerfWindow *window;
    KerfPlayback *playback;
    GtkWidget *place, *views[KERF_SCOPES], *buttons[KERF_SCOPES];
    gboolean measuring, again;
    KerfMeasure last;         /* what is shown now; owns nothing */
    uint64_t serial;
    gint64 began;             /* the last measure; monotonic time, us */
    guint waiting;            /* source; 0: none */
} Scopes;

/* ---- Measuring ---- */

static void request(Scopes *s);

static gboolean wait_over(gpointer data)
{
    Scopes *s = data;
    s->waiting = 0;
    request(s);
    return G_SOURCE_REMOVE;
}

static void measured(GObject *object, GAsyncResult *result, gpointer data)
{
    g_autoptr(GtkWidget) place = data;
    Scopes *s = g_object_get_data(G_OBJECT(place), "scopes");
    GdkTexture *const *textures;
    const KerfMeasure *m = kerf_measure_finish(result, &textures);
    for (guint i = 0; i < m->count; i++) {
        kerf_scope_show(KERF_SCOPE(s->views[m->scopes[i].kind]), textures[i], m->picture->matrix);
    }
    s->measuring = FALSE;
    s->last = *m;
    s->serial = m->picture->serial;
    s->last.picture = NULL;
    if (s->again) request(s);
}

static gboolean is_shown_already(Scopes *s, const KerfMeasure *m)
{
    if (m->picture->serial != s->serial || m->count != s->last.count || m->hurry != s->last.hurry) return FALSE;
    for (guint i = 0; i < m->count; i++) {
        const kf_scope_params *a = &m->scopes[i], *b = &s->last.scopes[i];
        if (a->kind != b->kind || a->width != b->width || a->height != b->height) return FALSE;
    }
    return TRUE;
}

static gboolean begin(Scopes *s)
{
    kf_player *player = kerf_playback_player(s->playback);
    kf_picture *picture;
    if (!player || !kf_player_picture(player, &picture)) return FALSE;
    KerfMeasure *m = g_new0(KerfMeasure, 1);
    m->picture = picture;
    m->hurry = kerf_playback_state(s->playback)->playing || kerf_playback_state(s->playback)->scrubbing;
    for (int i = 0; i < KERF_SCOPES; i++) {
        if (kerf_scope_wants(KERF_SCOPE(s->views[i]), &m->scopes[m->count])) m->count++;
    }
    if (is_shown_already(s, m)) {
        kf_picture_release(picture);
        g_free(m);
        return FALSE;
    }
    kerf_measure_async(m, measured, g_object_ref(s->place));
    return TRUE;
}

static void request(Scopes *s)
{
    const gint64 now = g_get_monotonic_time(), early = s->began + EVERY - now;
    s->again = s->measuring;
    if (s->measuring || s->waiting || !gtk_widget_get_mapped(s->place)) return;
    if (early > 0) {
        s->waiting = g_timeout_add((guint)(early / 1000) + 1, wait_over, s);
        return;
    }
    s->began = now;
    s->measuring = begin(s);
}

/* ---- Which are shown ---- */

static gboolean is_shown(Scopes *s, int i) { return gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(s->buttons[i])); }

static int shown_count(Scopes *s)
{
    int count = 0;
    for (int i = 0; i < KERF_SCOPES; i++) {
        count += is_shown(s, i);
    }
    return count;
}

/* The last one stays. */
static void toggled(GtkToggleButton *button, gpointer data)
{
    Scopes *s = data;
    GKeyFile *view = kerf_window_view(s->window);
    if (shown_count(s) == 0) {
        gtk_toggle_button_set_active(button, TRUE);
        return;
    }
    int shown = 0;
    for (int i = 0; i < KERF_SCOPES; i++) {
        gtk_widget_set_visible(s->views[i], is_shown(s, i));
        shown |= is_shown(s, i) << i;
    }
    if (view) g_key_file_set_integer(view, "scopes", "shown", shown);
    kerf_window_view_changed(s->window);
    request(s);
}

static void add_button(Scopes *s, GtkWidget *bar, int i)
{
    static const char *const icons[] = {"kerf-waveform-symbolic", "kerf-parade-symbolic", "kerf-vectorscope-symbolic",
                                        "kerf-histogram-symbolic"};
    const char *label = kerf_scope_label((kf_scope_kind)i);
    GtkWidget *button = s->buttons[i] = gtk_toggle_button_new();
    gtk_button_set_icon_name(GTK_BUTTON(button), icons[i]);
    gtk_widget_set_tooltip_text(button, label);
    gtk_widget_add_css_class(button, "flat");
    gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
    gtk_box_append(GTK_BOX(bar), button);
}

static GtkWidget *bar_new(Scopes *s)
{
    GtkWidget *bar = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 2);
    GKeyFile *view = kerf_window_view(s->window);
    const int stored = view ? g_key_file_get_integer(view, "scopes", "shown", NULL) & 15 : 0, shown = stored ? stored : 5;
    gtk_widget_add_css_class(bar, "toolbar-tight");
    for (int i = 0; i < KERF_SCOPES; i++) {
        add_button(s, bar, i);
        gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(s->buttons[i]), (shown >> i & 1) != 0);
        gtk_widget_set_visible(s->views[i], (shown >> i & 1) != 0);
    }
    for (int i = 0; i < KERF_SCOPES; i++) {
        g_signal_connect(s->buttons[i], "toggled", G_CALLBACK(toggled), s);
    }
    return bar;
}

/* ---- Laying them out ---- */

/* Columns that make them largest: scopes are best wider than high. */
static int best_columns(int count, int width, int height)
{
    int best = 1;
    double largest = 0;
    for (int columns = 1; columns <= count; columns++) {
        const int rows = (count + columns - 1) / columns;
        const double size = MIN((double)width / columns / 1.4, (double)height / rows);
        if (size > largest) best = columns;
        largest = MAX(largest, size);
    }
    return best;
}

static void allocate(GtkWidget *place, int width, int height, int baseline)
{
    Scopes *s = g_object_get_data(G_OBJECT(place), "scopes");
    const int count = shown_count(s), columns = best_columns(count, width, height), rows = (count + columns - 1) / columns;
    int at = 0;
    for (int i = 0; i < KERF_SCOPES; i++) {
        if (!gtk_widget_get_visible(s->views[i])) continue;
        const int row = at / columns, in_row = MIN(count - row * columns, columns), column = at % columns;
        const int x = width * column / in_row, y = height * row / rows;
        GtkAllocation box = {x, y, MAX(width * (column + 1) / in_row - x - 1, 1), MAX(height * (row + 1) / rows - y - 1, 1)};
        gtk_widget_size_allocate(s->views[i], &box, -1);
        at++;
    }
    request(s);
}

static void measure_size(GtkWidget *place, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *min_line,
                         int *natural_line)
{
    *minimum = 80;
    *natural = 240;
    *min_line = *natural_line = -1;
}

static GtkWidget *place_new(Scopes *s)
{
    GtkWidget *place = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    gtk_widget_set_layout_manager(place, gtk_custom_layout_new(NULL, measure_size, allocate));
    for (int i = 0; i < KERF_SCOPES; i++) {
        s->views[i] = kerf_scope_new((kf_scope_kind)i);
        gtk_box_append(GTK_BOX(place), s->views[i]);
    }
    gtk_widget_set_vexpand(place, TRUE);
    return place;
}

/* ---- The panel ---- */

static void changed(KerfPlayback *playback, gpointer place) { request(g_object_get_data(G_OBJECT(place), "scopes")); }
static void mapped(GtkWidget *place, gpointer data) { request(data); }

static void scopes_free(gpointer data)
{
    Scopes *s = data;
    if (s->waiting) g_source_remove(s->waiting);
    g_object_unref(s->playback);
    g_free(s);
}

static GtkWidget *create(KerfWindow *window)
{
    Scopes *s = g_new0(Scopes, 1);
    s->window = window;
    s->playback = g_object_ref(kerf_document_program(kerf_window_document(window)));
    s->place = place_new(s);
    g_object_set_data_full(G_OBJECT(s->place), "scopes", s, scopes_free);
    g_signal_connect_object(s->playback, "picture", G_CALLBACK(changed), s->place, 0);
    g_signal_connect_object(s->playback, "state", G_CALLBACK(changed), s->place, 0);
    g_signal_connect(s->place, "map", G_CALLBACK(mapped), s);
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    gtk_box_append(GTK_BOX(box), bar_new(s));
    gtk_box_append(GTK_BOX(box), s->place);
    return box;
}

const KerfPanel kerf_scopes_panel = {
    .id = "scopes", .title = "Scopes", .icon = "kerf-waveform-symbolic", .area = KERF_AREA_RIGHT, .hidden = TRUE,
    .create = create,
};
