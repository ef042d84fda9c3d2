/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands of the monitors: transport, marks, views. They act on the source monitor while it has the focus, else on the
 * program. */
#include "monitor.h"
#include "panel.h"
#include "snapshot.h"
#include "text.h"
#include "three_point.h"
#include "timeline/commands.h"

static kf_player *player_of(KerfWindow *w)
{
    KerfDeck *deck = kerf_monitor_target_deck(w);
    return deck ? kerf_deck_player(deck) : NULL;
}

static gboolean has_player(KerfWindow *w) { return kerf_window_has_document(w) && player_of(w) != NULL; }

/* ---- Transport ---- */

static gboolean trims(KerfWindow *w)
{
    return kerf_window_has_document(w) && kerf_document_sides(kerf_window_document(w))->held;
}

/* The cut that is trimmed, round and round. */
static void trim_play(KerfWindow *w)
{
    KerfDeck *deck = kerf_deck_program(kerf_window_document(w));
    if (kerf_deck_state(deck)->playing) {
        kerf_deck_pause(deck);
    } else {
        kerf_deck_play_around(deck, kerf_document_sides(kerf_window_document(w))->cut, 2 * KF_SECOND);
    }
}

static void play_toggle(KerfWindow *w)
{
    KerfDeck *deck = kerf_monitor_target_deck(w);
    if (trims(w) && !kerf_deck_is_source(deck)) {
        trim_play(w);
    } else {
        kerf_deck_toggle(deck);
    }
}
static void shuttle_back(KerfWindow *w) { kerf_deck_shuttle(kerf_monitor_target_deck(w), -1); }
static void shuttle_forward(KerfWindow *w) { kerf_deck_shuttle(kerf_monitor_target_deck(w), 1); }

/* While a cut is trimmed, it goes to where J or L led. */
static void shuttle_stop(KerfWindow *w)
{
    KerfDeck *deck = kerf_monitor_target_deck(w);
    const kf_sequence_info *info = kerf_deck_info(deck);
    const gboolean led = trims(w) && !kerf_deck_is_source(deck) && kerf_deck_state(deck)->playing && !kerf_deck_plays_around(deck);
    kerf_deck_pause(deck);
    if (!led) return;
    const kf_time cut = kerf_document_sides(kerf_window_document(w))->cut;
    const gint64 frames = kf_sequence_frame(info, kerf_deck_state(deck)->position) - kf_sequence_frame(info, cut);
    if (frames) kt_trim_by(w, frames);
}

static void play_in_out(KerfWindow *w)
{
    const kf_sequence_info *info = kerf_deck_info(kerf_monitor_target_deck(w));
    kf_player_play_range(player_of(w), info->mark_in, info->mark_out, 0, 0);
}

static void play_around(KerfWindow *w)
{
    const kf_time at = kerf_deck_position(kerf_monitor_target_deck(w));
    kf_player_play_range(player_of(w), at, at, 2 * KF_SECOND, 2 * KF_SECOND);
}

static void turn(KerfWindow *w, KerfMode mode)
{
    KerfDocument *document = kerf_window_document(w);
    kerf_document_set_mode(document, mode, !kerf_document_mode(document, mode));
}

static void play_loop(KerfWindow *w) { turn(w, KERF_MODE_LOOP); }
static gboolean is_loop(KerfWindow *w) { return kerf_document_mode(kerf_window_document(w), KERF_MODE_LOOP); }
static void mode_proxies(KerfWindow *w) { turn(w, KERF_MODE_PROXIES); }
static gboolean is_proxies(KerfWindow *w) { return kerf_document_mode(kerf_window_document(w), KERF_MODE_PROXIES); }

static void step(KerfWindow *w, gint64 frames)
{
    KerfDeck *deck = kerf_monitor_target_deck(w);
    const kf_sequence_info *info = kerf_deck_info(deck);
    const gint64 frame = kf_sequence_frame(info, kerf_deck_position(deck)) + frames;
    kerf_deck_pause(deck);
    kerf_deck_seek(deck, kf_sequence_frame_time(info, MAX(frame, 0)), FALSE);
}

static void step_back(KerfWindow *w) { step(w, -1); }
static void step_forward(KerfWindow *w) { step(w, 1); }
static void step_back_many(KerfWindow *w) { step(w, -5); }
static void step_forward_many(KerfWindow *w) { step(w, 5); }

static void go_to(KerfWindow *w, kf_time t) { kerf_deck_seek(kerf_monitor_target_deck(w), t, FALSE); }

/* Of the frame before `end`: the last one that is seen. */
static kf_time last_before(const kf_sequence_info *info, kf_time end)
{
    return kf_sequence_frame_time(info, MAX(kf_sequence_frame(info, end - 1), 0));
}

static void go_to_start(KerfWindow *w) { go_to(w, 0); }

static void go_to_end(KerfWindow *w)
{
    KerfDeck *deck = kerf_monitor_target_deck(w);
    const kf_sequence_info *info = kerf_deck_info(deck);
    go_to(w, kerf_deck_is_source(deck) ? last_before(info, info->duration) : info->duration);
}

static void go_to_in(KerfWindow *w)
{
    const kf_sequence_info *info = kerf_deck_info(kerf_monitor_target_deck(w));
    go_to(w, info->mark_in == KF_TIME_NONE ? 0 : info->mark_in);
}

static void go_to_out(KerfWindow *w)
{
    const kf_sequence_info *info = kerf_deck_info(kerf_monitor_target_deck(w));
    go_to(w, last_before(info, info->mark_out == KF_TIME_NONE ? info->duration : info->mark_out));
}

/* ---- Marks ---- */

/* "null" takes a mark away. */
static KerfTimeText text_of(kf_time t) { return t == KF_TIME_NONE ? (KerfTimeText){"null"} : kerf_json_time(t); }

static void set_marks(KerfWindow *w, kf_time in, kf_time out, const char *label)
{
    KerfDocument *document = kerf_window_document(w);
    KerfDeck *deck = kerf_monitor_target_deck(w);
    if (kerf_deck_is_source(deck)) {
        KerfSource source = *kerf_document_source(document);
        source.in = in;
        source.out = out;
        source.position = kerf_deck_position(deck);
        kerf_document_set_source(document, &source);
        return;
    }
    g_autofree char *id = kerf_json_quote(kerf_document_sequence_info(document)->id);
    kerf_document_edit(document, label,
                       kerf_json_operation("set_sequence", "\"sequence\": %s, \"set\": {\"mark_in\": %s, \"mark_out\": %s}", id,
                                           text_of(in).text, text_of(out).text));
}

static void mark_in(KerfWindow *w)
{
    KerfDeck *deck = kerf_monitor_target_deck(w);
    const kf_time at = kerf_deck_position(deck), out = kerf_deck_info(deck)->mark_out;
    set_marks(w, at, out == KF_TIME_NONE || out > at ? out : KF_TIME_NONE, "Mark In");
}

/* The frame that is seen belongs to the range. */
static void mark_out(KerfWindow *w)
{
    KerfDeck *deck = kerf_monitor_target_deck(w);
    const kf_sequence_info *info = kerf_deck_info(deck);
    const kf_time end = kf_sequence_frame_time(info, kf_sequence_frame(info, kerf_deck_position(deck)) + 1), in = info->mark_in;
    set_marks(w, in == KF_TIME_NONE || in < end ? in : KF_TIME_NONE, end, "Mark Out");
}

static void mark_clear(KerfWindow *w) { set_marks(w, KF_TIME_NONE, KF_TIME_NONE, "Clear In and Out"); }

/* Around what is selected, or what lies at the playhead; the whole of a source. */
static void mark_clip(KerfWindow *w)
{
    KerfDocument *document = kerf_window_document(w);
    KerfDeck *deck = kerf_monitor_target_deck(w);
    kf_time from = 0, to = kerf_deck_info(deck)->duration;
    if (!kerf_deck_is_source(deck) && !kerf_three_point_around(document, &from, &to)) {
        kerf_document_say(document, FALSE, "There is no clip at the playhead to mark");
        return;
    }
    set_marks(w, from, to, "Mark Clip");
}

/* ---- From the source, and out of the sequence ---- */

static gboolean has_source(KerfWindow *w)
{
    return kerf_window_has_document(w) && kerf_document_source(kerf_window_document(w))->uid != 0;
}

static gboolean has_marks(KerfWindow *w)
{
    if (!kerf_window_has_document(w)) return FALSE;
    const kf_sequence_info *info = kerf_document_sequence_info(kerf_window_document(w));
    return info->mark_in != KF_TIME_NONE && info->mark_out != KF_TIME_NONE;
}

static void put_in(KerfWindow *w, const char *operation, const char *label)
{
    KerfDocument *document = kerf_window_document(w);
    kerf_three_point(document, kerf_document_source(document), operation, label);
}

static void clip_insert(KerfWindow *w) { put_in(w, "insert", "Insert"); }
static void clip_overwrite(KerfWindow *w) { put_in(w, "overwrite", "Overwrite"); }

static void take_out(KerfWindow *w, const char *operation, const char *label)
{
    KerfDocument *document = kerf_window_document(w);
    const kf_sequence_info *info = kerf_document_sequence_info(document);
    const kf_time in = info->mark_in;
    g_autofree char *id = kerf_json_quote(info->id);
    GString *ops = g_string_new(NULL);
    char *take = kerf_json_operation(operation, "\"sequence\": %s", id);
    char *clear = kerf_json_operation("set_sequence", "\"sequence\": %s, \"set\": {\"mark_in\": null, \"mark_out\": null}", id);
    g_string_append(ops, take);
    g_string_append(ops, clear);
    g_free(take);
    g_free(clear);
    if (kerf_document_edit(document, label, g_string_free(ops, FALSE))) kerf_document_seek(document, in);
}

static void sequence_lift(KerfWindow *w) { take_out(w, "lift", "Lift"); }
static void sequence_extract(KerfWindow *w) { take_out(w, "extract", "Extract"); }

static void match_frame(KerfWindow *w)
{
    if (kerf_match_frame(kerf_window_document(w))) kerf_window_show_panel(w, "source");
}

/* ---- Views ---- */

static gboolean has_monitor(KerfWindow *w) { return kerf_window_has_document(w) && kerf_monitor_target(w) != NULL; }

static void flip(KerfWindow *w, KerfMonitorShow what)
{
    KerfMonitor *m = kerf_monitor_target(w);
    kerf_monitor_set_shows(m, what, !kerf_monitor_shows(m, what));
}

static gboolean is_shown(KerfWindow *w, KerfMonitorShow what) { return has_monitor(w) && kerf_monitor_shows(kerf_monitor_target(w), what); }

static void show_safe(KerfWindow *w) { flip(w, KERF_SHOW_SAFE); }
static gboolean is_safe(KerfWindow *w) { return is_shown(w, KERF_SHOW_SAFE); }
static void show_box(KerfWindow *w) { flip(w, KERF_SHOW_BOX); }
static gboolean is_box(KerfWindow *w) { return is_shown(w, KERF_SHOW_BOX); }
static void show_paths(KerfWindow *w) { flip(w, KERF_SHOW_PATHS); }
static gboolean is_paths(KerfWindow *w) { return is_shown(w, KERF_SHOW_PATHS); }
static void show_timecode(KerfWindow *w) { flip(w, KERF_SHOW_TIMECODE); }
static gboolean is_timecode(KerfWindow *w) { return is_shown(w, KERF_SHOW_TIMECODE); }
static void show_checker(KerfWindow *w) { flip(w, KERF_SHOW_CHECKER); }
static gboolean is_checker(KerfWindow *w) { return is_shown(w, KERF_SHOW_CHECKER); }

static void zoom_by(KerfWindow *w, double factor)
{
    KerfPicture *picture = kerf_monitor_picture(kerf_monitor_target(w));
    kerf_picture_set_zoom(picture, kerf_picture_zoom_shown(picture) * factor);
}

static void zoom_in(KerfWindow *w) { zoom_by(w, 1.25); }
static void zoom_out(KerfWindow *w) { zoom_by(w, 0.8); }
static void zoom_fit(KerfWindow *w) { kerf_picture_set_zoom(kerf_monitor_picture(kerf_monitor_target(w)), 0); }
static void zoom_full(KerfWindow *w) { kerf_picture_set_zoom(kerf_monitor_picture(kerf_monitor_target(w)), 100); }

static void quality(KerfWindow *w, kf_player_quality quality) { kerf_deck_set_quality(kerf_monitor_target_deck(w), quality); }
static void quality_full(KerfWindow *w) { quality(w, KF_QUALITY_FULL); }
static void quality_half(KerfWindow *w) { quality(w, KF_QUALITY_HALF); }
static void quality_auto(KerfWindow *w) { quality(w, KF_QUALITY_AUTO); }
static void quality_quarter(KerfWindow *w) { quality(w, KF_QUALITY_QUARTER); }

static void full_screen(KerfWindow *w) { kerf_full_screen_show(w, kerf_monitor_target_deck(w)); }
static void enter_time(KerfWindow *w) { kerf_monitor_enter_time(kerf_monitor_target(w)); }
static void frame_export(KerfWindow *w) { kerf_snapshot_ask(w, kerf_monitor_target_deck(w)); }

/* ---- Panels ---- */

static const KerfAction source_actions[] = {
    {"clip-insert", "Insert", "Clip", "comma", clip_insert, has_source},
    {"clip-overwrite", "Overwrite", "Clip", "period", clip_overwrite, has_source},
    {"match-frame", "Match Frame", "Playback", "f", match_frame, kerf_window_has_document},
    {0},
};

static const KerfAction program_actions[] = {
    {"play-toggle", "Play or Stop", "Playback", "space", play_toggle, has_player},
    {"play-in-out", "Play from In to Out", "Playback", "<Control><Shift>space", play_in_out, has_player},
    {"play-around", "Play Around the Playhead", "Playback", "<Shift>space", play_around, has_player},
    {"trim-play", "Play Around the Cut", "Trim", NULL, trim_play, trims},
    {"play-loop", "Loop", "Playback", "<Control><Alt>l", play_loop, kerf_window_has_document, is_loop},
    {"shuttle-back", "Shuttle Back", "Playback", "j", shuttle_back, has_player},
    {"shuttle-stop", "Shuttle Stop", "Playback", "k", shuttle_stop, has_player},
    {"shuttle-forward", "Shuttle Forward", "Playback", "l", shuttle_forward, has_player},
    {"step-back", "Step Back", "Playback", "Left", step_back, has_player},
    {"step-forward", "Step Forward", "Playback", "Right", step_forward, has_player},
    {"step-back-many", "Step Back Five Frames", "Playback", "<Shift>Left", step_back_many, has_player},
    {"step-forward-many", "Step Forward Five Frames", "Playback", "<Shift>Right", step_forward_many, has_player},
    {"go-to-start", "Go to Start", "Playback", "Home", go_to_start, has_player},
    {"go-to-end", "Go to End", "Playback", "End", go_to_end, has_player},
    {"go-to-time", "Go to Timecode", "Playback", "<Alt>g", enter_time, has_monitor},
    {"go-to-in", "Go to In", "Markers", "<Shift>i", go_to_in, has_player},
    {"go-to-out", "Go to Out", "Markers", "<Shift>o", go_to_out, has_player},
    {"mark-in", "Mark In", "Markers", "i", mark_in, has_player},
    {"mark-out", "Mark Out", "Markers", "o", mark_out, has_player},
    {"mark-clip", "Mark Clip", "Markers", "x", mark_clip, has_player},
    {"mark-clear", "Clear In and Out", "Markers", "<Control><Shift>x", mark_clear, has_player},
    {"sequence-lift", "Lift", "Timeline", "semicolon", sequence_lift, has_marks},
    {"sequence-extract", "Extract", "Timeline", "apostrophe", sequence_extract, has_marks},
    {"mode-proxies", "Use Proxies", "Playback", NULL, mode_proxies, kerf_window_has_document, is_proxies},
    {"quality-full", "Full Quality", "Playback", NULL, quality_full, has_player},
    {"quality-half", "Half Quality", "Playback", NULL, quality_half, has_player},
    {"quality-quarter", "Quarter Quality", "Playback", NULL, quality_quarter, has_player},
    {"quality-auto", "Quality as the Monitor Shows", "Playback", NULL, quality_auto, has_player},
    {"monitor-safe", "Safe Margins", "Monitor", "<Control><Alt>m", show_safe, has_monitor, is_safe},
    {"monitor-box", "Transform Box", "Monitor", NULL, show_box, has_monitor, is_box},
    {"monitor-paths", "Mask and Motion Paths", "Monitor", NULL, show_paths, has_monitor, is_paths},
    {"monitor-timecode", "Timecode on the Picture", "Monitor", NULL, show_timecode, has_monitor, is_timecode},
    {"monitor-checker", "Checkerboard behind the Picture", "Monitor", NULL, show_checker, has_monitor, is_checker},
    {"monitor-zoom-in", "Zoom In on the Picture", "Monitor", "<Control><Alt>plus", zoom_in, has_monitor},
    {"monitor-zoom-out", "Zoom Out of the Picture", "Monitor", "<Control><Alt>minus", zoom_out, has_monitor},
    {"monitor-zoom-fit", "Fit the Picture", "Monitor", "<Shift>z", zoom_fit, has_monitor},
    {"monitor-zoom-full", "Picture at 100 %", "Monitor", "<Control><Alt>1", zoom_full, has_monitor},
    {"monitor-full-screen", "Picture on the Whole Screen", "Monitor", "<Control>grave", full_screen, has_player},
    {"frame-export", "Save a Frame...", "Monitor", "<Control><Shift>e", frame_export, has_player},
    {0},
};

static GtkWidget *create_source(KerfWindow *window) { return kerf_monitor_new(window, TRUE); }
static GtkWidget *create_program(KerfWindow *window) { return kerf_monitor_new(window, FALSE); }

const KerfPanel kerf_source_panel = {
    .id = "source", .title = "Source", .icon = "kerf-source-symbolic", .area = KERF_AREA_CENTER_LEFT,
    .create = create_source, .actions = source_actions,
};
const KerfPanel kerf_program_panel = {
    .id = "program", .title = "Program", .icon = "kerf-program-symbolic", .area = KERF_AREA_CENTER_RIGHT,
    .create = create_program, .actions = program_actions,
};
