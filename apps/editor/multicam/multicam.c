/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The multicam panel: all angles of the multicam clip at the playhead, in step with the program. A click, or a key from 1 to 9,
 * cuts there to an angle, also while it plays; with Control or Alt the whole clip is switched. */
#include "panel.h"

#include "angles.h"
#include "monitor/deck.h"
#include "monitor/guides.h"
#include "text.h"

#define MEMORY_MIB 256
#define DRIFT (3 * KF_SECOND / 25) /* that two clocks may differ by */
enum { ANGLES_MAX = 64 };

typedef struct Multicam {
    KerfWindow *window;
    KerfDocument *document;
    KerfDeck *program;
    KerfPlayback *playback;
    GtkWidget *top, *picture, *guides, *angles;
    uint64_t shown;           /* version of the sequence whose angles are named; 0: none */
} Multicam;

/* ---- The clip ---- */

/* The topmost clip at the playhead that shows a multicam sequence. */
static gboolean find_clip(KerfDocument *document, kf_timeline_item *clip, kf_sequence_info *cameras)
{
    const kf_film_handle *film = kerf_document_film(document);
    const kf_time at = kerf_document_playhead(document);
    for (int32_t i = kerf_document_sequence_info(document)->tracks - 1; i >= 0; i--) {
        kf_track_info track;
        if (!kf_film_track(film, kerf_document_sequence(document), i, &track) || track.audio || track.hide) continue;
        if (kf_timeline_at(film, kerf_document_sequence(document), i, at, clip) && clip->kind == KF_TIMELINE_CLIP &&
            clip->source == KF_TIMELINE_SEQUENCE && kf_film_sequence(film, clip->source_index, cameras) && cameras->multicam)
            return TRUE;
    }
    return FALSE;
}

static gboolean has_angle(KerfWindow *window, int angle)
{
    kf_timeline_item clip;
    kf_sequence_info cameras;
    kf_track_info track;
    int count = 0;
    if (!kerf_window_has_document(window) || !find_clip(kerf_window_document(window), &clip, &cameras)) return FALSE;
    const kf_film_handle *film = kerf_document_film(kerf_window_document(window));
    for (int32_t i = 0; kf_film_track(film, clip.source_index, i, &track); i++) count += !track.audio;
    return angle <= count;
}

/* ---- Switching ---- */

/* cut: from the playhead on; else all of the clip. */
static void choose(KerfWindow *window, int angle, gboolean cut)
{
    KerfDocument *document = kerf_window_document(window);
    const kf_time at = kerf_document_playhead(document);
    kf_timeline_item clip;
    kf_sequence_info cameras;
    if (!find_clip(document, &clip, &cameras) || clip.angle == angle) return;
    g_autofree char *from = cut && at > clip.start ? g_strdup_printf(", \"at\": %s", kerf_json_time(at).text) : g_strdup("");
    g_autofree char *label = g_strdup_printf(*from ? "Cut to Angle %d" : "Switch to Angle %d", angle);
    kerf_document_edit(document, label,
                       kerf_json_operation("angle", "\"clip\": %" G_GUINT64_FORMAT ", \"angle\": %d%s", clip.id, angle, from));
}

static void angle_chosen(KerfAngles *angles, int angle, gpointer data)
{
    Multicam *m = data;
    GdkDevice *keyboard = gdk_seat_get_keyboard(gdk_display_get_default_seat(gtk_widget_get_display(m->top)));
    const GdkModifierType mods = keyboard ? gdk_device_get_modifier_state(keyboard) : 0;
    choose(m->window, angle, (mods & (GDK_CONTROL_MASK | GDK_ALT_MASK)) == 0);
}

#define ANGLE(n) \
    static void cut_##n(KerfWindow *w) { choose(w, n, TRUE); } \
    static void switch_##n(KerfWindow *w) { choose(w, n, FALSE); } \
    static gboolean has_##n(KerfWindow *w) { return has_angle(w, n); }
ANGLE(1)
ANGLE(2)
ANGLE(3)
ANGLE(4)
ANGLE(5)
ANGLE(6)
ANGLE(7)
ANGLE(8)
ANGLE(9)

#define ACTIONS(n) \
    {"multicam-cut-" #n, "Cut to Angle " #n, "Multicam", #n, cut_##n, has_##n}, \
    {"multicam-switch-" #n, "Switch to Angle " #n, "Multicam", "<Control>" #n, switch_##n, has_##n}
static const KerfAction actions[] = {
    ACTIONS(1), ACTIONS(2), ACTIONS(3), ACTIONS(4), ACTIONS(5), ACTIONS(6), ACTIONS(7), ACTIONS(8), ACTIONS(9), {0},
};

/* ---- Names ---- */

/* Of an angle: its track's, else that of what lies on it. */
static char *name_of(const kf_film_handle *film, int32_t sequence, int32_t index, const kf_track_info *track)
{
    kf_timeline_item clip;
    if (*track->name) return g_strdup(track->name);
    for (int64_t i = 0; i < MIN(track->items, 4); i++) {
        if (kf_timeline_item_at(film, sequence, index, i, &clip) && clip.kind == KF_TIMELINE_CLIP) return g_strdup(clip.name);
    }
    return g_strdup("empty");
}

static void name_angles(Multicam *m, int32_t sequence)
{
    const kf_film_handle *film = kerf_document_film(m->document);
    char *names[ANGLES_MAX];
    int count = 0;
    kf_track_info track;
    for (int32_t i = 0; count < ANGLES_MAX && kf_film_track(film, sequence, i, &track); i++) {
        if (!track.audio) names[count++] = name_of(film, sequence, i, &track);
    }
    kerf_angles_set(KERF_ANGLES(m->angles), (const char *const *)names, count);
    while (count > 0) g_free(names[--count]);
}

/* ---- In step with the program ---- */

static kf_player *player_of(Multicam *m) { return kerf_playback_player(m->playback); }

static void show_nothing(Multicam *m, const char *why)
{
    if (player_of(m)) kf_player_set_film(player_of(m), NULL, NULL, NULL);
    if (m->shown) kerf_angles_set(KERF_ANGLES(m->angles), NULL, 0);
    m->shown = 0;
    kerf_picture_show(KERF_PICTURE(m->picture), NULL);
    kerf_guides_set_notice(KERF_GUIDES(m->guides), why);
}

/* The clock of the angles is its own: it is set again when it differs by more than is seen. */
static void keep_step(Multicam *m, kf_time at, double rate)
{
    kf_player_state state;
    kf_player_get_state(player_of(m), &state);
    if (rate == 0) {
        if (state.playing || state.position != at) kf_player_seek(player_of(m), at);
        return;
    }
    if (ABS(state.position - at) > DRIFT) kf_player_seek(player_of(m), at);
    if (!state.playing || state.rate != rate) kf_player_play(player_of(m), rate);
}

static void follow(Multicam *m)
{
    kf_timeline_item clip;
    kf_sequence_info cameras;
    if (!player_of(m) || !gtk_widget_get_mapped(m->top)) return;
    if (!find_clip(m->document, &clip, &cameras)) {
        show_nothing(m, "No multicam clip at the playhead.\nSelect clips that lie above each other: Clip, Make a Multicam Clip");
        return;
    }
    const kf_film_handle *film = kerf_document_film(m->document);
    const kf_player_state *program = kerf_deck_state(m->program);
    kerf_guides_set_notice(KERF_GUIDES(m->guides), NULL);
    if (m->shown != cameras.version) {
        m->shown = cameras.version;
        kf_player_set_film(player_of(m), film, cameras.id, NULL);
        name_angles(m, clip.source_index);
    }
    kerf_angles_set_present(KERF_ANGLES(m->angles), clip.angle, program->playing);
    const double speed = clip.speed.den > 0 ? (double)clip.speed.num / clip.speed.den * (clip.reverse ? -1 : 1) : 1;
    const kf_time at = kf_timeline_source_time(film, &clip, kerf_document_playhead(m->document));
    keep_step(m, at, program->playing && !clip.frozen ? CLAMP(program->rate * speed, -8, 8) : 0);
}

static void picture_came(KerfPlayback *playback, gpointer top)
{
    Multicam *m = g_object_get_data(G_OBJECT(top), "multicam");
    kf_picture *picture;
    if (!m->shown || !player_of(m) || !kf_player_picture(player_of(m), &picture)) return;
    if (picture->exact || kerf_deck_state(m->program)->playing) kerf_picture_show(KERF_PICTURE(m->picture), picture);
    kf_picture_release(picture);
}

static void view_changed(KerfPicture *picture, gpointer data)
{
    Multicam *m = data;
    int width, height;
    kerf_picture_drawn(picture, &width, &height);
    if (player_of(m)) kf_player_set_view(player_of(m), width, height);
}

static void changed(gpointer source, gpointer top) { follow(g_object_get_data(G_OBJECT(top), "multicam")); }
static void film_changed(KerfDocument *document, gpointer changes, guint count, gpointer top) { changed(document, top); }
static void mapped(GtkWidget *top, gpointer data) { follow(data); }

static void unmapped(GtkWidget *top, gpointer data)
{
    show_nothing(data, NULL);
}

/* ---- The panel ---- */

static void multicam_free(gpointer data)
{
    Multicam *m = data;
    kerf_playback_close(m->playback);
    g_object_unref(m->playback);
    g_object_unref(m->program);
    g_object_unref(m->document);
    g_free(m);
}

static void connect(Multicam *m)
{
    g_signal_connect_object(m->playback, "picture", G_CALLBACK(picture_came), m->top, 0);
    g_signal_connect_object(m->program, "picture", G_CALLBACK(changed), m->top, 0);
    g_signal_connect_object(m->program, "state", G_CALLBACK(changed), m->top, 0);
    g_signal_connect_object(m->document, "changed", G_CALLBACK(film_changed), m->top, 0);
    g_signal_connect_object(m->document, "playhead-changed", G_CALLBACK(changed), m->top, 0);
    g_signal_connect(m->picture, "view-changed", G_CALLBACK(view_changed), m);
    g_signal_connect(m->angles, "angle-chosen", G_CALLBACK(angle_chosen), m);
    g_signal_connect(m->top, "map", G_CALLBACK(mapped), m);
    g_signal_connect(m->top, "unmap", G_CALLBACK(unmapped), m);
}

static GtkWidget *create(KerfWindow *window)
{
    Multicam *m = g_new0(Multicam, 1);
    m->window = window;
    m->document = g_object_ref(kerf_window_document(window));
    m->program = g_object_ref(kerf_deck_program(m->document));
    m->playback = kerf_playback_new_silent(MEMORY_MIB);
    m->top = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    GtkWidget *overlay = gtk_overlay_new();
    m->picture = kerf_picture_new();
    m->guides = kerf_guides_new(KERF_PICTURE(m->picture));
    m->angles = kerf_angles_new(KERF_PICTURE(m->picture));
    gtk_widget_set_vexpand(m->picture, TRUE);
    gtk_widget_set_size_request(m->picture, 320, 180);
    gtk_accessible_update_property(GTK_ACCESSIBLE(m->picture), GTK_ACCESSIBLE_PROPERTY_LABEL, "Picture of all angles", -1);
    kerf_picture_add_layer(KERF_PICTURE(m->picture), m->guides);
    gtk_overlay_set_child(GTK_OVERLAY(overlay), m->picture);
    gtk_overlay_add_overlay(GTK_OVERLAY(overlay), m->angles); /* no layer: what is in a picture is nothing to screen readers */
    gtk_box_append(GTK_BOX(m->top), overlay);
    g_object_set_data_full(G_OBJECT(m->top), "multicam", m, multicam_free);
    connect(m);
    if (player_of(m)) {
        kf_player_set_part(player_of(m), &(kf_player_part){.angles = true});
        kf_player_set_quality(player_of(m), KF_QUALITY_AUTO);
    }
    return m->top;
}

const KerfPanel kerf_multicam_panel = {
    .id = "multicam", .title = "Multicam", .icon = "kerf-multicam-symbolic", .area = KERF_AREA_CENTER_LEFT, .hidden = TRUE,
    .create = create, .actions = actions,
};
