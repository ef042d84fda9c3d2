/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Voice-over: records from the playhead while the sequence plays, and puts the take where it was spoken. A small window
 * shows the level, counts in, and stops; so do the key of the action and Space in the main window. */
#include "voice.h"

#include <math.h>
#include <string.h>

#include "devices.h"
#include "kerf/audio.h"
#include "meter.h"
#include "take.h"

#define COUNT_IN (3 * G_USEC_PER_SEC)

typedef enum Phase { LISTENING, COUNTING, RECORDING, FINISHING } Phase;

typedef struct Voice {
    KerfWindow *window;     /* not owned; NULL once the dialog is gone */
    KerfDocument *document; /* owned */
    kf_recorder *recorder;  /* NULL: none could be made */
    GtkWidget *dialog, *meter, *text, *button;
    GtkEventController *keys; /* of the main window */
    Phase phase;
    gint64 began; /* of the count-in; monotonic time, us */
    KerfTake take;
    double drift; /* sum of (heard position - clock), s, over `readings` */
    int readings;
} Voice;

/* Voices outlive their dialogs: the recorder's thread has one. */
static void voice_clear(gpointer data)
{
    Voice *v = data;
    kerf_take_clear(&v->take);
    g_object_unref(v->document);
}
static void voice_unref(gpointer data)
{
    g_atomic_rc_box_release_full(data, voice_clear);
}

static Voice *voice_of(KerfWindow *window)
{
    return g_object_get_data(G_OBJECT(window), "voice");
}
static kf_player *player_of(Voice *v)
{
    return kerf_playback_player(kerf_document_program(v->document));
}

/* ---- Telling ---- */

static void say(Voice *v, const char *text, const char *button)
{
    if (strcmp(gtk_label_get_text(GTK_LABEL(v->text)), text) == 0) return;
    gtk_label_set_text(GTK_LABEL(v->text), text);
    gtk_button_set_label(GTK_BUTTON(v->button), button);
}

static void set_phase(Voice *v, Phase phase)
{
    v->phase = phase;
    if (phase == LISTENING) say(v, "Records from the playhead", "Record");
    if (phase == RECORDING) say(v, "Recording", "Stop");
    if (phase == FINISHING) say(v, "Writing...", "Stop");
    gtk_widget_set_sensitive(v->button, phase != FINISHING);
    kerf_window_update_actions(v->window);
}

/* ---- A take ends ---- */

typedef struct Ended {
    Voice *voice;
    KerfTakeEnd end;
} Ended;

static gboolean take_ended(gpointer data)
{
    Ended *e = data;
    Voice *v = e->voice;
    if (v->window && kerf_window_document(v->window) == v->document) {
        const gint64 drift = v->readings ? (gint64)(v->drift / v->readings * 1e9) : G_MININT64;
        if (v->phase == RECORDING) kf_player_pause(player_of(v)); /* the device ended it */
        kerf_take_place(&v->take, v->document, &e->end, drift);
        set_phase(v, LISTENING);
    }
    kerf_take_end_clear(&e->end);
    voice_unref(v);
    g_free(e);
    return G_SOURCE_REMOVE;
}

static void finished(void *context, const kf_recorder_take *take)
{
    Ended *e = g_new0(Ended, 1);
    e->voice = g_atomic_rc_box_acquire(context);
    kerf_take_end_init(&e->end, take);
    g_idle_add(take_ended, e);
}

/* ---- The recorder ---- */

static void destroy_thread(GTask *task, gpointer source, gpointer recorder, GCancellable *cancel)
{
    kf_recorder_destroy(recorder);
    g_task_return_boolean(task, TRUE);
}

static void destroyed(GObject *app, GAsyncResult *result, gpointer voice)
{
    g_application_release(G_APPLICATION(app));
    voice_unref(voice);
}

/* Finishes its take, off the main thread; the application stays for that. */
static void close_recorder(Voice *v)
{
    GApplication *app = g_application_get_default();
    if (!v->recorder) return;
    g_autoptr(GTask) task = g_task_new(app, NULL, destroyed, g_atomic_rc_box_acquire(v));
    g_task_set_task_data(task, g_steal_pointer(&v->recorder), NULL);
    g_application_hold(app);
    g_task_run_in_thread(task, destroy_thread);
}

static void open_recorder(Voice *v)
{
    kf_recorder_params params = kf_recorder_params_default();
    g_autofree char *system = NULL, *device = NULL;
    kf_error error;
    close_recorder(v);
    kerf_devices_input(kerf_window_app(v->window), &system, &device);
    params.system = system;
    params.device = device;
    params.rate = kerf_document_sequence_info(v->document)->sample_rate;
    params.finished = finished;
    params.context = v;
    if (kf_recorder_create(&params, &v->recorder, &error) == KF_OK) return;
    v->recorder = NULL;
    kerf_document_say(v->document, TRUE, "%s", error.message);
}

static void device_chosen(Voice *v)
{
    if (v->phase == LISTENING) open_recorder(v);
}

/* ---- Recording ---- */

static void count_in(Voice *v)
{
    v->began = g_get_monotonic_time();
    kerf_take_prepare(&v->take, v->document);
    kf_player_pause(player_of(v));
    set_phase(v, COUNTING);
}

static void begin(Voice *v)
{
    const kf_time at = kerf_document_playhead(v->document);
    kf_error error;
    if (!kerf_take_path(&v->take)) return; /* the folder is still being made */
    if (kf_recorder_start(v->recorder, kerf_take_path(&v->take), &error) != KF_OK) {
        kerf_document_say(v->document, TRUE, "%s", error.message);
        set_phase(v, LISTENING);
        return;
    }
    v->take.from = at;
    v->drift = v->readings = 0;
    kf_player_set_loop(player_of(v), false);
    /* at the end of the sequence playing would begin anew */
    if (at < kerf_document_sequence_info(v->document)->duration) kf_player_play(player_of(v), 1);
    set_phase(v, RECORDING);
}

static void stop(Voice *v)
{
    kf_player *player = player_of(v);
    kf_recorder_stop(v->recorder, NULL);
    kf_player_pause(player);
    kf_player_set_loop(player, kerf_document_mode(v->document, KERF_MODE_LOOP));
    set_phase(v, FINISHING);
}

static void toggle(Voice *v)
{
    if (v->phase == LISTENING && v->recorder) {
        count_in(v);
    } else if (v->phase == COUNTING) {
        set_phase(v, LISTENING);
    } else if (v->phase == RECORDING) {
        stop(v);
    }
}

/* ---- While it is open ---- */

static void show_count(Voice *v)
{
    const gint64 left = v->began + COUNT_IN - g_get_monotonic_time();
    g_autofree char *text = g_strdup_printf("%d", (int)((left + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC));
    if (kerf_take_problem(&v->take)) {
        kerf_document_say(v->document, TRUE, "%s", kerf_take_problem(&v->take));
        set_phase(v, LISTENING);
    } else if (left <= 0) {
        begin(v);
    } else {
        say(v, text, "Cancel");
    }
}

/* Where the sequence is against the clock: so the take is put where it was spoken. */
static void follow(Voice *v, const kf_recorder_state *state)
{
    kf_player_state player;
    kf_player_get_state(player_of(v), &player);
    g_autofree char *text = g_strdup_printf("Recording %d s", (int)(state->frames / MAX(state->rate, 1)));
    say(v, text, "Stop");
    if (!player.playing || player.waiting || player.position <= v->take.from) return;
    v->drift += (double)player.position / (double)KF_SECOND - (double)g_get_monotonic_time() / G_USEC_PER_SEC;
    v->readings++;
}

static gboolean ticked(GtkWidget *dialog, GdkFrameClock *clock, gpointer data)
{
    Voice *v = data;
    kf_recorder_state state = {.phase = KF_RECORDER_FAILED};
    if (v->recorder) kf_recorder_get_state(v->recorder, &state);
    const int right = state.channels > 1;
    const kf_player_meter level = {
        {state.peak_db[0], state.peak_db[right]}, {state.rms_db[0], state.rms_db[right]}, NAN, NAN, NAN};
    if (state.rate > 0) kerf_meter_feed(KERF_METER(v->meter), &level, gdk_frame_clock_get_frame_time(clock));
    if (state.phase == KF_RECORDER_FAILED && v->phase <= COUNTING) {
        if (v->phase != LISTENING) set_phase(v, LISTENING);
        say(v, *state.error.message ? state.error.message : "No recording is possible", "Record");
        gtk_widget_set_sensitive(v->button, FALSE);
        return G_SOURCE_CONTINUE;
    }
    if (v->phase == RECORDING && state.phase == KF_RECORDER_FAILED) stop(v);
    if (v->phase == LISTENING) say(v, "Records from the playhead", "Record");
    if (v->phase == LISTENING) gtk_widget_set_sensitive(v->button, state.phase == KF_RECORDER_READY);
    if (v->phase == COUNTING && state.phase == KF_RECORDER_READY) show_count(v);
    if (v->phase == RECORDING) follow(v, &state);
    return G_SOURCE_CONTINUE;
}

static gboolean is_own_key(Voice *v, guint keyval, GdkModifierType state)
{
    const KerfAction *action = kerf_keymap_find(kerf_app_keymap(kerf_window_app(v->window)), keyval, state, NULL);
    return action && action->run == kerf_voice_record;
}

static gboolean key_pressed(GtkEventControllerKey *keys, guint keyval, guint code, GdkModifierType state, Voice *v)
{
    const gboolean own = gtk_event_controller_get_widget(GTK_EVENT_CONTROLLER(keys)) == v->dialog;
    if (keyval == GDK_KEY_space && v->phase == RECORDING) {
        stop(v);
    } else if (own && is_own_key(v, keyval, state)) {
        toggle(v);
    } else if (own && keyval == GDK_KEY_Escape && v->phase == LISTENING) {
        gtk_window_close(GTK_WINDOW(v->dialog));
    } else {
        return FALSE;
    }
    return TRUE;
}

static GtkEventController *add_keys(Voice *v, GtkWidget *widget)
{
    GtkEventController *keys = gtk_event_controller_key_new();
    gtk_event_controller_set_propagation_phase(keys, GTK_PHASE_CAPTURE);
    g_signal_connect(keys, "key-pressed", G_CALLBACK(key_pressed), v);
    gtk_widget_add_controller(widget, keys);
    return keys;
}

/* ---- The window ---- */

static void dialog_gone(GtkWidget *dialog, Voice *v)
{
    if (v->phase == RECORDING && kerf_window_document(v->window) == v->document) stop(v);
    gtk_widget_remove_controller(GTK_WIDGET(v->window), v->keys);
    g_object_set_data(G_OBJECT(v->window), "voice", NULL);
    close_recorder(v);
    v->window = NULL;
    voice_unref(v);
}

static GtkWidget *content_of(Voice *v)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 10), *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
    GtkWidget *list = gtk_list_box_new(), *side = gtk_box_new(GTK_ORIENTATION_VERTICAL, 10);
    v->meter = kerf_meter_new("Level of the microphone", TRUE);
    v->text = gtk_label_new(NULL);
    v->button = gtk_button_new_with_label("Record");
    gtk_list_box_set_selection_mode(GTK_LIST_BOX(list), GTK_SELECTION_NONE);
    gtk_widget_add_css_class(list, "boxed-list");
    gtk_list_box_append(GTK_LIST_BOX(list),
                        kerf_device_row_new(kerf_window_app(v->window), TRUE, G_CALLBACK(device_chosen), v));
    gtk_widget_add_css_class(v->text, "title-3");
    gtk_label_set_wrap(GTK_LABEL(v->text), TRUE);
    gtk_widget_set_vexpand(v->text, TRUE);
    gtk_widget_add_css_class(v->button, "suggested-action");
    gtk_widget_set_size_request(v->meter, 46, 140);
    gtk_widget_set_hexpand(side, TRUE);
    gtk_box_append(GTK_BOX(side), v->text);
    gtk_box_append(GTK_BOX(side), v->button);
    gtk_box_append(GTK_BOX(line), side);
    gtk_box_append(GTK_BOX(line), v->meter);
    gtk_box_append(GTK_BOX(box), list);
    gtk_box_append(GTK_BOX(box), line);
    gtk_widget_add_css_class(box, "kerf-notice");
    g_signal_connect_swapped(v->button, "clicked", G_CALLBACK(toggle), v);
    return box;
}

static void open_dialog(KerfWindow *window)
{
    Voice *v = g_atomic_rc_box_new0(Voice);
    v->window = window;
    v->document = g_object_ref(kerf_window_document(window));
    v->dialog = gtk_window_new();
    g_object_set_data(G_OBJECT(window), "voice", v);
    gtk_window_set_title(GTK_WINDOW(v->dialog), "Voice-over");
    gtk_window_set_default_size(GTK_WINDOW(v->dialog), 380, 280);
    gtk_window_set_transient_for(GTK_WINDOW(v->dialog), GTK_WINDOW(window));
    gtk_window_set_destroy_with_parent(GTK_WINDOW(v->dialog), TRUE);
    gtk_window_set_child(GTK_WINDOW(v->dialog), content_of(v));
    v->keys = add_keys(v, GTK_WIDGET(window));
    add_keys(v, v->dialog);
    g_signal_connect(v->dialog, "destroy", G_CALLBACK(dialog_gone), v);
    gtk_widget_add_tick_callback(v->dialog, ticked, v, NULL);
    open_recorder(v);
    set_phase(v, LISTENING);
    gtk_window_present(GTK_WINDOW(v->dialog));
    gtk_widget_grab_focus(v->button);
}

void kerf_voice_record(KerfWindow *window)
{
    Voice *v = voice_of(window);
    if (!v) {
        open_dialog(window);
    } else if (v->document != kerf_window_document(window)) {
        gtk_window_destroy(GTK_WINDOW(v->dialog));
    } else {
        toggle(v);
    }
}
