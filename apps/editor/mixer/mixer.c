/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The mixer: a strip for each track that sounds, and the master beside them. Levels are read at the frame clock, only
 * while they are seen and something is to be heard or still falls. */
#include <math.h>

#include "panel.h"
#include "strip.h"
#include "voice.h"

typedef struct Mixer {
    KerfDocument *document;
    KerfPlayback *playback;
    GtkWidget *root, *box;
    GPtrArray *strips; /* KerfStrip of tracks, owned by their widgets */
    KerfStrip *master;
    GHashTable *sounding; /* uid of a video track -> Sounding */
    GArray *levels;       /* kf_player_meter of all tracks */
    guint tick;
    gboolean stale; /* the film is another one than what is shown */
} Mixer;

/* ---- Which tracks there are ---- */

/* Whether clips of a track were heard, as of a version of it. */
typedef struct Sounding {
    uint64_t version;
    gboolean sounds;
} Sounding;

enum { LOOK_AT = 20000 }; /* clips; with that many silent ones it may be wrong */

typedef struct Looking {
    const kf_film_handle *film;
    int clips;
    gboolean sounds;
} Looking;

static bool look_at(void *context, const kf_timeline_item *item)
{
    static const char *const sounding[] = {"bars", "countdown", "tone", NULL};
    Looking *l = context;
    kf_asset_info asset;
    if (item->kind != KF_TIMELINE_CLIP || !item->sound) return ++l->clips < LOOK_AT;
    if (item->source == KF_TIMELINE_ASSET) {
        l->sounds = kf_film_asset(l->film, item->source_index, &asset) && (!asset.known || asset.audio);
    } else if (item->source == KF_TIMELINE_GENERATOR) {
        l->sounds = g_strv_contains(sounding, item->generator);
    } else {
        l->sounds = item->source == KF_TIMELINE_SEQUENCE;
    }
    return !l->sounds && ++l->clips < LOOK_AT;
}

static gboolean track_sounds(Mixer *m, const kf_track_info *track, int32_t index)
{
    const gpointer key = GSIZE_TO_POINTER((gsize)track->uid);
    Sounding *known = g_hash_table_lookup(m->sounding, key);
    if (track->audio) return TRUE;
    if (known && known->version == track->version) return known->sounds;
    Looking l = {.film = kerf_document_film(m->document)};
    const kf_timeline_range range = {
        .sequence = kerf_document_sequence(m->document), .track = index, .to = track->duration};
    kf_timeline_each(l.film, &range, look_at, &l);
    known = g_new(Sounding, 1);
    *known = (Sounding){track->version, l.sounds};
    g_hash_table_insert(m->sounding, key, known);
    return l.sounds;
}

/* Calls fn for each strip that there should be: audio tracks from the first on, then those of pictures. */
typedef void strip_fn(Mixer *m, guint place, const kf_track_info *track, int32_t index);

static guint each_of(Mixer *m, gboolean audio, guint place, strip_fn *fn)
{
    kf_track_info track;
    for (int32_t i = 0; kf_film_track(kerf_document_film(m->document), kerf_document_sequence(m->document), i, &track);
         i++) {
        if ((gboolean)track.audio != audio || !track_sounds(m, &track, i)) continue;
        fn(m, place++, &track, i);
    }
    return place;
}

static guint each_strip(Mixer *m, strip_fn *fn)
{
    return each_of(m, FALSE, each_of(m, TRUE, 0, fn), fn);
}

/* ---- Strips ---- */

static void check_strip(Mixer *m, guint place, const kf_track_info *track, int32_t index)
{
    if (place >= m->strips->len || kerf_strip_track(m->strips->pdata[place]) != track->uid) m->stale = TRUE;
}

static void add_strip(Mixer *m, guint place, const kf_track_info *track, int32_t index)
{
    KerfStrip *strip = kerf_strip_new(m->document, track);
    g_ptr_array_add(m->strips, strip);
    gtk_box_append(GTK_BOX(m->box), kerf_strip_widget(strip));
}

static void update_strip(Mixer *m, guint place, const kf_track_info *track, int32_t index)
{
    kerf_strip_update(m->strips->pdata[place], track, index);
}

static void rebuild(Mixer *m)
{
    g_ptr_array_set_size(m->strips, 0);
    for (GtkWidget *child; (child = gtk_widget_get_first_child(m->box));) { gtk_box_remove(GTK_BOX(m->box), child); }
    each_strip(m, add_strip);
}

static void refresh(Mixer *m)
{
    m->stale = FALSE;
    if (each_strip(m, check_strip) != m->strips->len) m->stale = TRUE;
    if (m->stale) rebuild(m);
    m->stale = FALSE;
    each_strip(m, update_strip);
    kerf_strip_update(m->master, NULL, -1);
}

/* ---- Levels ---- */

static gboolean feed(Mixer *m, gint64 now)
{
    kf_player *player = kerf_playback_player(m->playback);
    kf_player_meter master, silent = {{-INFINITY, -INFINITY}, {-INFINITY, -INFINITY}, NAN, NAN, NAN};
    if (!player) return FALSE;
    g_array_set_size(m->levels, (guint)kerf_document_sequence_info(m->document)->tracks);
    const int32_t count =
        kf_player_get_meters(player, &master, (kf_player_meter *)(void *)m->levels->data, (int32_t)m->levels->len);
    gboolean moves = kerf_strip_feed(m->master, &master, now);
    for (guint i = 0; i < m->strips->len; i++) {
        const int32_t index = kerf_strip_index(m->strips->pdata[i]);
        const gboolean known = index >= 0 && index < MIN(count, (int32_t)m->levels->len);
        moves |= kerf_strip_feed(m->strips->pdata[i],
                                 known ? &g_array_index(m->levels, kf_player_meter, index) : &silent, now);
    }
    return moves;
}

static gboolean ticked(GtkWidget *root, GdkFrameClock *clock, gpointer data)
{
    Mixer *m = data;
    const gboolean playing = kerf_playback_state(m->playback)->playing;
    if (m->stale) refresh(m);
    if (feed(m, gdk_frame_clock_get_frame_time(clock)) || playing) return G_SOURCE_CONTINUE;
    m->tick = 0;
    return G_SOURCE_REMOVE;
}

static void want_tick(Mixer *m)
{
    if (!m->tick && gtk_widget_get_mapped(m->root)) m->tick = gtk_widget_add_tick_callback(m->root, ticked, m, NULL);
}

static void unmapped(GtkWidget *root, Mixer *m)
{
    if (m->tick) gtk_widget_remove_tick_callback(root, m->tick);
    m->tick = 0;
}

/* ---- What happens ---- */

static void want_refresh(Mixer *m)
{
    m->stale = TRUE;
    want_tick(m);
}

static void film_changed(KerfDocument *document, gpointer changes, guint count, gpointer root)
{
    want_refresh(g_object_get_data(root, "mixer"));
}

static void changed(gpointer object, gpointer root)
{
    want_refresh(g_object_get_data(root, "mixer"));
}
static void mapped(GtkWidget *root, Mixer *m)
{
    want_refresh(m);
}

static void player_state(KerfPlayback *playback, gpointer root)
{
    if (kerf_playback_state(playback)->playing) want_tick(g_object_get_data(root, "mixer"));
}

/* ---- The panel ---- */

static void mixer_free(gpointer data)
{
    Mixer *m = data;
    g_object_unref(m->playback);
    g_ptr_array_unref(m->strips);
    g_hash_table_unref(m->sounding);
    g_array_unref(m->levels);
    g_free(m);
}

static void listen(Mixer *m)
{
    g_signal_connect_object(m->document, "changed", G_CALLBACK(film_changed), m->root, 0);
    g_signal_connect_object(m->document, "sequence-changed", G_CALLBACK(changed), m->root, 0);
    g_signal_connect_object(m->document, "playhead-changed", G_CALLBACK(changed), m->root, 0);
    g_signal_connect_object(m->playback, "state", G_CALLBACK(player_state), m->root, 0);
    g_signal_connect(m->root, "map", G_CALLBACK(mapped), m);
    g_signal_connect(m->root, "unmap", G_CALLBACK(unmapped), m);
}

static GtkWidget *create(KerfWindow *window)
{
    Mixer *m = g_new0(Mixer, 1);
    GtkWidget *scroller = gtk_scrolled_window_new();
    m->document = kerf_window_document(window);
    m->playback = g_object_ref(kerf_document_program(m->document));
    m->strips = g_ptr_array_new();
    m->sounding = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    m->levels = g_array_new(FALSE, TRUE, sizeof(kf_player_meter));
    m->root = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
    m->box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
    m->master = kerf_strip_new(m->document, NULL);
    g_object_set_data_full(G_OBJECT(m->root), "mixer", m, mixer_free);
    gtk_widget_add_css_class(m->root, "mixer");
    gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), m->box);
    gtk_widget_set_hexpand(scroller, TRUE);
    gtk_box_append(GTK_BOX(m->root), scroller);
    gtk_box_append(GTK_BOX(m->root), kerf_strip_widget(m->master));
    listen(m);
    return m->root;
}

static const KerfAction actions[] = {
    {"voice-record", "Record Voice-over", "Playback", "<Alt>r", kerf_voice_record, kerf_window_has_document},
    {0},
};

const KerfPanel kerf_mixer_panel = {
    .id = "mixer",
    .title = "Mixer",
    .icon = "kerf-mixer-symbolic",
    .area = KERF_AREA_RIGHT,
    .create = create,
    .actions = actions,
};
