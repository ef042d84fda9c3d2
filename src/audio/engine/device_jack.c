/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* JACK, through its own library (PipeWire brings one too). The server has the rate and the size of blocks; ports are
 * connected to those of the device, which here is another client, such as "system". */
#include <jack/jack.h>
#include <stdio.h>
#include <string.h>

#include "audio/engine/device_internal.h"
#include "base/api/load.h"

typedef struct jack_state {
    jack_client_t *client;
    _Atomic bool orphan; /* its server is gone */
    jack_port_t *ports[KF_DSP_MAX_CHANNELS];
} jack_state;

/* What is used of the library, by the names that it has there; loaded when it is needed first. */
#define CALLS(X) \
    X(jack_activate) X(jack_client_close) X(jack_client_open) X(jack_connect) X(jack_free) X(jack_get_buffer_size) \
    X(jack_get_ports) X(jack_get_sample_rate) X(jack_on_shutdown) X(jack_port_get_buffer) X(jack_port_name) \
    X(jack_port_register) X(jack_set_error_function) X(jack_set_info_function) X(jack_set_process_callback)
static struct {
#define CALL(name) __typeof__(name) *name;
    CALLS(CALL)
#undef CALL
    bool loaded;
} jack;
static pthread_once_t jack_once = PTHREAD_ONCE_INIT;

static void load_once(void)
{
    jack.loaded = true;
#define CALL(name) jack.loaded = kf_load_function(KF_JACK_LIBRARY, #name, &jack.name) && jack.loaded;
    CALLS(CALL)
#undef CALL
}

/* Clients whose server is gone and which are not closed yet. To open another one then fails, and takes from the library
 * what closing the old one needs (jackd 1.9.21 crashes). */
static _Atomic int orphans;

static void no_message(const char *text)
{
}

static jack_client_t *connect_server(void)
{
    pthread_once(&jack_once, load_once);
    if (!jack.loaded || atomic_load(&orphans) > 0) return NULL;
    jack.jack_set_error_function(no_message);
    jack.jack_set_info_function(no_message);
    return jack.jack_client_open("Kerf", JackNoStartServer, NULL);
}

static kf_status no_server(kf_error *err)
{
    return kf_fail(err, KF_ERR_NOT_FOUND, "no JACK server runs here; start it, or choose another sound system");
}

/* ---- on the server's threads ---- */

static int on_process(jack_nframes_t n, void *ctx)
{
    kf_audio_device *device = ctx;
    jack_state *s = device->state;
    float *planes[KF_DSP_MAX_CHANNELS];
    for (int32_t c = 0; c < device->info.channels; c++) planes[c] = jack.jack_port_get_buffer(s->ports[c], n);
    kf_device_run_planar(device, planes, (int32_t)n);
    return 0;
}

static void on_shutdown(void *ctx)
{
    kf_audio_device *device = ctx;
    jack_state *s = device->state;
    atomic_fetch_add(&orphans, 1);
    atomic_store(&s->orphan, true);
}

/* ---- opening ---- */

/* The other client's name is what its ports begin with. */
static bool is_of_client(const char *port, const char *client)
{
    const char *colon = strrchr(port, ':');
    return colon && (!client || ((size_t)(colon - port) == strlen(client) && !strncmp(port, client, strlen(client))));
}

/* The ports of devices that take (or give) our sound; NULL if there are none. End with jack_free. */
static const char **device_ports(jack_client_t *client, kf_audio_direction direction)
{
    unsigned long flags = JackPortIsPhysical | (direction == KF_AUDIO_INPUT ? JackPortIsOutput : JackPortIsInput);
    return jack.jack_get_ports(client, NULL, JACK_DEFAULT_AUDIO_TYPE, flags);
}

static kf_status make_ports(kf_audio_device *device, kf_error *err)
{
    jack_state *s = device->state;
    bool input = device->params.direction == KF_AUDIO_INPUT;
    for (int32_t c = 0; c < device->info.channels; c++) {
        char name[16];
        snprintf(name, sizeof name, input ? "in_%d" : "out_%d", (int)c + 1);
        s->ports[c] = jack.jack_port_register(s->client, name, JACK_DEFAULT_AUDIO_TYPE,
                                         input ? JackPortIsInput : JackPortIsOutput, 0);
        if (!s->ports[c]) return kf_fail(err, KF_ERR_IO, "JACK gives no more ports");
    }
    return KF_OK;
}

static kf_status jack_open(kf_audio_device *device, kf_error *err)
{
    jack_state *s = device->state;
    s->client = connect_server();
    if (!s->client) return no_server(err);
    int32_t rate = (int32_t)jack.jack_get_sample_rate(s->client);
    if (rate != device->params.rate) {
        return kf_fail(err, KF_ERR_UNSUPPORTED, "JACK runs at %d Hz, not at %d; set one to the other's rate", (int)rate,
                       (int)device->params.rate);
    }
    const char *name = device->params.device;
    snprintf(device->info.system, sizeof device->info.system, "jack");
    snprintf(device->info.name, sizeof device->info.name, "%s", name ? name : "default");
    device->info.frames = device->info.latency = (int32_t)jack.jack_get_buffer_size(s->client);
    jack.jack_set_process_callback(s->client, on_process, device);
    jack.jack_on_shutdown(s->client, on_shutdown, device);
    return make_ports(device, err);
}

/* Ours to the device's in order; what one has more is left alone. Returns how many were connected. */
static int32_t connect_ports(kf_audio_device *device, const char *const *theirs)
{
    jack_state *s = device->state;
    int32_t done = 0;
    for (int i = 0; theirs && theirs[i] && done < device->info.channels; i++) {
        if (!is_of_client(theirs[i], device->params.device)) continue;
        const char *own = jack.jack_port_name(s->ports[done++]);
        bool input = device->params.direction == KF_AUDIO_INPUT;
        jack.jack_connect(s->client, input ? theirs[i] : own, input ? own : theirs[i]);
    }
    return done;
}

static kf_status jack_start(kf_audio_device *device, kf_error *err)
{
    jack_state *s = device->state;
    if (jack.jack_activate(s->client) != 0) return kf_fail(err, KF_ERR_IO, "JACK does not let Kerf take part");
    const char **theirs = device_ports(s->client, device->params.direction);
    int32_t connected = connect_ports(device, theirs);
    jack.jack_free(theirs);
    if (connected || !device->params.device) return KF_OK;
    return kf_fail(err, KF_ERR_NOT_FOUND, "JACK has no device \"%s\"; choose another one", device->params.device);
}

static void jack_close(kf_audio_device *device)
{
    jack_state *s = device->state;
    if (s->client) jack.jack_client_close(s->client);
    s->client = NULL;
    if (atomic_exchange(&s->orphan, false)) atomic_fetch_sub(&orphans, 1);
}

/* No callback comes after the server's end, so the client can go at once. */
static bool jack_gone(kf_audio_device *device)
{
    jack_state *s = device->state;
    bool gone = atomic_load(&s->orphan);
    if (gone) jack_close(device);
    return gone;
}

/* ---- what there is ---- */

static const char *jack_system(int index)
{
    return index == 0 ? "jack" : NULL;
}

static bool has_entry(const kf_audio_device_list *list, const kf_audio_device_entry *entry)
{
    for (int32_t i = 0; i < list->count; i++) {
        const kf_audio_device_entry *e = &list->entries[i];
        bool same = e->direction == entry->direction && strcmp(e->system, entry->system) == 0;
        if (same && strcmp(e->name, entry->name) == 0) return true;
    }
    return false;
}

static kf_status list_direction(jack_client_t *client, kf_audio_direction direction, kf_audio_device_list *list,
                                kf_error *err)
{
    const char **ports = device_ports(client, direction);
    kf_status status = KF_OK;
    for (int i = 0; ports && ports[i] && !status; i++) {
        kf_audio_device_entry entry = {.system = "jack", .direction = direction, .is_default = i == 0};
        const char *colon = strrchr(ports[i], ':');
        snprintf(entry.name, sizeof entry.name, "%.*s", colon ? (int)(colon - ports[i]) : 0, ports[i]);
        if (!has_entry(list, &entry)) status = kf_device_list_add(list, &entry, err);
    }
    jack.jack_free(ports);
    return status;
}

static kf_status jack_list(const char *system, kf_audio_device_list *list, kf_error *err)
{
    jack_client_t *client = connect_server();
    if (!client) return system ? no_server(err) : KF_OK;
    kf_status status = list_direction(client, KF_AUDIO_OUTPUT, list, err);
    if (!status) status = list_direction(client, KF_AUDIO_INPUT, list, err);
    jack.jack_client_close(client);
    return status;
}

const kf_audio_backend kf_audio_backend_jack = {
    .system = jack_system,
    .state_size = sizeof(jack_state),
    .open = jack_open,
    .start = jack_start,
    .close = jack_close,
    .gone = jack_gone,
    .list = jack_list,
};
