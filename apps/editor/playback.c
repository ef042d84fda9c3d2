/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "playback.h"

#include <string.h>

struct _KerfPlayback {
    GObject parent;
    kf_player *player;
    kf_player_state state;
    GMutex lock;              /* what follows: set by the player's threads */
    gboolean picture_due, state_due, closed;
    GPtrArray *problems;
    guint source;             /* that tells; 0: none */
};

enum { PICTURE, STATE, PROBLEM, SIGNALS };
static guint signals[SIGNALS];

G_DEFINE_FINAL_TYPE(KerfPlayback, kerf_playback, G_TYPE_OBJECT)

/* ---- From the player's threads ---- */

static gboolean tell(gpointer data)
{
    KerfPlayback *p = data;
    g_mutex_lock(&p->lock);
    const gboolean picture = p->picture_due, state = p->state_due;
    g_autoptr(GPtrArray) problems = p->problems;
    p->problems = g_ptr_array_new_with_free_func(g_free);
    p->picture_due = p->state_due = FALSE;
    p->source = 0;
    g_mutex_unlock(&p->lock);
    if (!p->player) return G_SOURCE_REMOVE;
    kf_player_get_state(p->player, &p->state);
    if (state) g_signal_emit(p, signals[STATE], 0);
    if (picture) g_signal_emit(p, signals[PICTURE], 0);
    for (guint i = 0; i < problems->len; i++) {
        g_signal_emit(p, signals[PROBLEM], 0, problems->pdata[i]);
    }
    return G_SOURCE_REMOVE;
}

static void note(KerfPlayback *p, gboolean *due, const char *problem)
{
    g_mutex_lock(&p->lock);
    if (due) *due = TRUE;
    if (problem) g_ptr_array_add(p->problems, g_strdup(problem));
    if (!p->source && !p->closed) {
        p->source = g_idle_add_full(G_PRIORITY_DEFAULT, tell, g_object_ref(p), g_object_unref);
    }
    g_mutex_unlock(&p->lock);
}

static void picture_changed(void *context) { note(context, &((KerfPlayback *)context)->picture_due, NULL); }
static void state_changed(void *context) { note(context, &((KerfPlayback *)context)->state_due, NULL); }

static void problem_found(void *context, const kf_error *problem) { note(context, NULL, problem->message); }

/* ---- The object ---- */

void kerf_playback_close(KerfPlayback *p)
{
    g_mutex_lock(&p->lock);
    p->closed = TRUE;
    g_mutex_unlock(&p->lock);
    kf_player_destroy(p->player);
    p->player = NULL;
    if (p->source) g_source_remove(p->source);
    p->source = 0;
}

static void finalize(GObject *object)
{
    KerfPlayback *p = KERF_PLAYBACK(object);
    kerf_playback_close(p);
    g_ptr_array_unref(p->problems);
    g_mutex_clear(&p->lock);
    G_OBJECT_CLASS(kerf_playback_parent_class)->finalize(object);
}

static void kerf_playback_class_init(KerfPlaybackClass *class)
{
    G_OBJECT_CLASS(class)->finalize = finalize;
    signals[PICTURE] = g_signal_new("picture", KERF_TYPE_PLAYBACK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
    signals[STATE] = g_signal_new("state", KERF_TYPE_PLAYBACK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
    signals[PROBLEM] = g_signal_new("problem", KERF_TYPE_PLAYBACK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                    G_TYPE_STRING);
}

static void kerf_playback_init(KerfPlayback *p)
{
    g_mutex_init(&p->lock);
    p->problems = g_ptr_array_new_with_free_func(g_free);
    p->state.in = p->state.out = KF_TIME_NONE;
}

static const char *or_null(const char *text) { return text && *text ? text : NULL; }

KerfPlayback *kerf_playback_new(GKeyFile *settings)
{
    KerfPlayback *p = g_object_new(KERF_TYPE_PLAYBACK, NULL);
    kf_player_params params = kf_player_params_default();
    g_autofree char *system = settings ? g_key_file_get_string(settings, "audio", "system", NULL) : NULL;
    g_autofree char *device = settings ? g_key_file_get_string(settings, "audio", "device", NULL) : NULL;
    if (settings) {
        params.sample_rate = g_key_file_get_integer(settings, "audio", "rate", NULL);
        params.buffer_frames = g_key_file_get_integer(settings, "audio", "buffer", NULL);
        params.memory = (int64_t)g_key_file_get_integer(settings, "memory", "player", NULL) << 20;
    }
    params.audio_system = or_null(system);
    params.audio_device = or_null(device);
    params.changed = picture_changed;
    params.state = state_changed;
    params.problem = problem_found;
    params.context = p;
    if (kf_player_create(&params, &p->player, NULL) != KF_OK) p->player = NULL;
    return p;
}

KerfPlayback *kerf_playback_new_silent(int memory)
{
    g_autoptr(GKeyFile) settings = g_key_file_new();
    g_key_file_set_string(settings, "audio", "system", "null");
    g_key_file_set_integer(settings, "memory", "player", memory);
    return kerf_playback_new(settings);
}

kf_player *kerf_playback_player(KerfPlayback *p) { return p->player; }
const kf_player_state *kerf_playback_state(KerfPlayback *p) { return &p->state; }
