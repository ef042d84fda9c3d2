/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "deck.h"

#define RATE_MAX 8.0

struct _KerfDeck {
    GObject parent;
    KerfDocument *document;   /* owns this */
    KerfPlayback *playback;
    gboolean is_source, noting; /* noting: the document is told where the source rests */
    kf_picture *picture;
    kf_player_state state;
    kf_sequence_info info;
    uint64_t version;         /* of the source's asset */
    int views[KERF_VIEWS][2]; /* width, height */
    kf_time around;           /* it goes round about here; KF_TIME_NONE: it does not */
};

G_DEFINE_FINAL_TYPE(KerfDeck, kerf_deck, G_TYPE_OBJECT)

enum { PICTURE, STATE, SIGNALS };
static guint signals[SIGNALS];

kf_player *kerf_deck_player(KerfDeck *d) { return kerf_playback_player(d->playback); }
kf_picture *kerf_deck_picture(KerfDeck *d) { return d->picture; }
const kf_player_state *kerf_deck_state(KerfDeck *d) { return &d->state; }
const kf_sequence_info *kerf_deck_info(KerfDeck *d) { return &d->info; }
gboolean kerf_deck_is_source(KerfDeck *d) { return d->is_source; }

kf_time kerf_deck_position(KerfDeck *d) { return d->is_source ? d->state.position : kerf_document_playhead(d->document); }

/* ---- What it counts by ---- */

/* As far as the film knows; the player tells the rest when it has looked. */
static void info_of_asset(KerfDeck *d, const kf_asset_info *asset)
{
    d->version = asset->version;
    d->info = (kf_sequence_info){.uid = asset->uid, .id = asset->id, .name = asset->name, .width = asset->width,
                                 .height = asset->height, .pixel_aspect = {1, 1}, .rate = asset->rate,
                                 .duration = asset->duration, .start_timecode = asset->timecode_start,
                                 .drop_frame = asset->drop_frame};
}

static void info_of_source(KerfDeck *d)
{
    const KerfSource *source = kerf_document_source(d->document);
    const kf_film_handle *film = kerf_document_film(d->document);
    kf_asset_info asset;
    d->info = (kf_sequence_info){.id = "", .name = ""};
    if (source->sequence) {
        kf_film_sequence(film, kf_film_sequence_index(film, source->uid), &d->info);
    } else if (kf_film_asset(film, kf_film_asset_index(film, source->uid), &asset)) {
        info_of_asset(d, &asset);
    }
    d->info.mark_in = source->in;
    d->info.mark_out = source->out;
}

static void read_state(KerfDeck *d)
{
    if (kerf_deck_player(d)) kf_player_get_state(kerf_deck_player(d), &d->state);
    if (d->is_source && d->info.uid) {
        if (d->state.duration > 0) d->info.duration = d->state.duration;
        if (d->state.frame_rate.den > 0) d->info.rate = d->state.frame_rate;
    }
    if (d->info.rate.den <= 0) d->info.rate = (kf_rational){25, 1};
}

static void refresh(KerfDeck *d)
{
    if (d->is_source) {
        info_of_source(d);
    } else {
        d->info = *kerf_document_sequence_info(d->document);
    }
    read_state(d);
    g_signal_emit(d, signals[STATE], 0);
}

/* ---- What the player did ---- */

static void picture_came(KerfPlayback *playback, gpointer data)
{
    KerfDeck *d = data;
    kf_picture *picture;
    if (!kerf_deck_player(d) || !kf_player_picture(kerf_deck_player(d), &picture)) return;
    kf_picture_release(d->picture);
    d->picture = picture;
    read_state(d);
    g_signal_emit(d, signals[PICTURE], 0);
}

/* The document knows the source's position when it rests: not with every picture. */
static void note_position(KerfDeck *d)
{
    KerfSource source = *kerf_document_source(d->document);
    if (!d->is_source || source.uid == 0 || source.position == d->state.position) return;
    source.position = d->state.position;
    d->noting = TRUE;
    kerf_document_set_source(d->document, &source);
    d->noting = FALSE;
}

static void modes_changed(KerfDocument *document, gpointer data)
{
    KerfDeck *d = data;
    if (!kerf_deck_player(d)) return;
    kf_player_set_loop(kerf_deck_player(d), d->around != KF_TIME_NONE || kerf_document_mode(document, KERF_MODE_LOOP));
    kf_player_set_proxies(kerf_deck_player(d), kerf_document_mode(document, KERF_MODE_PROXIES));
}

/* Back to where it went round. */
static void end_around(KerfDeck *d)
{
    const kf_time at = d->around;
    d->around = KF_TIME_NONE;
    modes_changed(d->document, d);
    kerf_deck_seek(d, at, FALSE);
}

static void state_came(KerfPlayback *playback, gpointer data)
{
    KerfDeck *d = data;
    const gboolean was_playing = d->state.playing;
    read_state(d);
    if (was_playing && !d->state.playing) note_position(d);
    if (was_playing && !d->state.playing && d->around != KF_TIME_NONE) end_around(d);
    g_signal_emit(d, signals[STATE], 0);
}

/* ---- What the document says ---- */

static void range_changed(KerfDeck *d)
{
    if (kerf_deck_player(d)) kf_player_set_range(kerf_deck_player(d), d->info.mark_in, d->info.mark_out);
}

static void program_changed(KerfDocument *document, gpointer changes, guint count, gpointer data)
{
    refresh(data);
    range_changed(data);
}

static void sequence_changed(KerfDocument *document, gpointer data) { program_changed(document, NULL, 0, data); }
static void playhead_changed(KerfDocument *document, gpointer data) { refresh(data); }

/* The film is another one: so may be what the source shows of it. */
static void show_again(KerfDeck *d)
{
    const kf_film_handle *film = kerf_document_film(d->document);
    const KerfSource *source = kerf_document_source(d->document);
    const uint64_t version = d->version;
    kf_player *player = kerf_deck_player(d);
    info_of_source(d);
    if (!player || source->uid == 0) return;
    if (d->info.uid == 0) {
        kf_player_set_film(player, NULL, NULL, NULL);
        g_clear_pointer(&d->picture, kf_picture_release);
        g_signal_emit(d, signals[PICTURE], 0);
    } else if (source->sequence) {
        kf_player_set_film(player, film, d->info.id, NULL);
    } else if (d->version != version) {
        const kf_media_source media = {.film = film, .asset = d->info.id};
        kf_player_set_media(player, &media, NULL);
    }
}

static void source_film_changed(KerfDocument *document, gpointer changes, guint count, gpointer data)
{
    KerfDeck *d = data;
    show_again(d);
    read_state(d);
    g_signal_emit(d, signals[STATE], 0);
}

static void source_changed(KerfDocument *document, gpointer data)
{
    KerfDeck *d = data;
    const KerfSource *source = kerf_document_source(document);
    const gboolean other = source->uid != d->info.uid;
    if (other) {
        kerf_deck_pause(d);
        g_clear_pointer(&d->picture, kf_picture_release);
    } else if (!d->noting && source->position != d->state.position && kerf_deck_player(d)) {
        kf_player_seek(kerf_deck_player(d), source->position);
    }
    refresh(d);
    if (other) g_signal_emit(d, signals[PICTURE], 0);
}

/* ---- For monitors ---- */

static void seek_source(KerfDeck *d, kf_time t, gboolean hand)
{
    kf_player *player = kerf_deck_player(d);
    const kf_time last = MAX(d->info.duration - 1, 0);
    const kf_time at = kf_sequence_frame_time(&d->info, kf_sequence_frame(&d->info, CLAMP(t, 0, last)));
    if (!player || d->info.uid == 0) return;
    (hand ? kf_player_scrub : kf_player_seek)(player, at);
    refresh(d);
    if (!hand) note_position(d);
}

void kerf_deck_seek(KerfDeck *d, kf_time t, gboolean hand)
{
    if (d->is_source) {
        seek_source(d, t, hand);
    } else {
        (hand ? kerf_document_scrub : kerf_document_seek)(d->document, t);
    }
}

static void play(KerfDeck *d, double rate)
{
    kf_player_play(kerf_deck_player(d), rate);
    read_state(d);
    if (d->around != KF_TIME_NONE) end_around(d);
    g_signal_emit(d, signals[STATE], 0);
}

void kerf_deck_shuttle(KerfDeck *d, int direction)
{
    if (!kerf_deck_player(d)) return;
    read_state(d);
    const double now = d->state.playing ? d->state.rate * direction : 0;
    play(d, direction * (now > 0 ? MIN(now * 2, RATE_MAX) : 1));
}

void kerf_deck_toggle(KerfDeck *d)
{
    if (!kerf_deck_player(d)) return;
    read_state(d);
    play(d, d->state.playing ? 0 : 1);
}

void kerf_deck_play_around(KerfDeck *d, kf_time at, kf_time margin)
{
    if (!kerf_deck_player(d)) return;
    d->around = at;
    modes_changed(d->document, d);
    kf_player_play_range(kerf_deck_player(d), MAX(at - margin, 0), at + margin, 0, 0);
    read_state(d);
    g_signal_emit(d, signals[STATE], 0);
}

gboolean kerf_deck_plays_around(KerfDeck *d) { return d->around != KF_TIME_NONE; }

void kerf_deck_pause(KerfDeck *d)
{
    if (kerf_deck_player(d)) play(d, 0);
}

void kerf_deck_set_quality(KerfDeck *d, kf_player_quality quality)
{
    if (!kerf_deck_player(d)) return;
    kf_player_set_quality(kerf_deck_player(d), quality);
    read_state(d);
    g_signal_emit(d, signals[STATE], 0);
}

void kerf_deck_set_view(KerfDeck *d, KerfDeckView view, int width, int height)
{
    int largest[2] = {0, 0};
    d->views[view][0] = width;
    d->views[view][1] = height;
    for (int i = 0; i < KERF_VIEWS; i++) {
        for (int k = 0; k < 2; k++) largest[k] = MAX(largest[k], d->views[i][k]);
    }
    if (kerf_deck_player(d)) kf_player_set_view(kerf_deck_player(d), largest[0], largest[1]);
}

/* ---- The object ---- */

static void dispose(GObject *object)
{
    KerfDeck *d = KERF_DECK(object);
    g_clear_pointer(&d->picture, kf_picture_release);
    g_clear_object(&d->playback);
    G_OBJECT_CLASS(kerf_deck_parent_class)->dispose(object);
}

static void kerf_deck_class_init(KerfDeckClass *class)
{
    G_OBJECT_CLASS(class)->dispose = dispose;
    signals[PICTURE] = g_signal_new("picture", KERF_TYPE_DECK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
    signals[STATE] = g_signal_new("state", KERF_TYPE_DECK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void kerf_deck_init(KerfDeck *d) { d->state.in = d->state.out = d->around = KF_TIME_NONE; }

static KerfDeck *deck_new(KerfDocument *document, gboolean is_source)
{
    KerfDeck *d = g_object_new(KERF_TYPE_DECK, NULL);
    d->document = document;
    d->is_source = is_source;
    d->playback = g_object_ref(is_source ? kerf_document_source_player(document) : kerf_document_program(document));
    g_signal_connect_object(d->playback, "picture", G_CALLBACK(picture_came), d, 0);
    g_signal_connect_object(d->playback, "state", G_CALLBACK(state_came), d, 0);
    g_signal_connect_object(document, "state-changed", G_CALLBACK(modes_changed), d, 0);
    if (is_source) {
        g_signal_connect_object(document, "source-changed", G_CALLBACK(source_changed), d, 0);
        g_signal_connect_object(document, "changed", G_CALLBACK(source_film_changed), d, 0);
    } else {
        g_signal_connect_object(document, "changed", G_CALLBACK(program_changed), d, 0);
        g_signal_connect_object(document, "sequence-changed", G_CALLBACK(sequence_changed), d, 0);
        g_signal_connect_object(document, "playhead-changed", G_CALLBACK(playhead_changed), d, 0);
    }
    modes_changed(document, d);
    refresh(d);
    range_changed(d);
    picture_came(d->playback, d);
    return d;
}

static KerfDeck *of_document(KerfDocument *document, const char *key, gboolean is_source)
{
    KerfDeck *d = g_object_get_data(G_OBJECT(document), key);
    if (d) return d;
    d = deck_new(document, is_source);
    g_object_set_data_full(G_OBJECT(document), key, d, g_object_unref);
    return d;
}

KerfDeck *kerf_deck_program(KerfDocument *document) { return of_document(document, "kerf-program", FALSE); }
KerfDeck *kerf_deck_source(KerfDocument *document) { return of_document(document, "kerf-source", TRUE); }
