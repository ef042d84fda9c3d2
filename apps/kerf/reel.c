/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* kerf reel CONFIG.json -o OUT: a video, a picture of one moment, or the film in any form. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli.h"
#include "kerf/reel.h"

enum { HOSTS_MAX = 64 };

/* "a.org,.b.org" in place, as a list that ends with NULL. */
static void split_hosts(char *text, const char *hosts[HOSTS_MAX + 1])
{
    int count = 0;
    for (char *host = text ? strtok(text, ", ") : NULL; host && count < HOSTS_MAX; host = strtok(NULL, ", ")) {
        hosts[count++] = host;
    }
    hosts[count] = NULL;
}

/* The folder of a path, "." if it has none; ends with free. */
static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    size_t n = slash == path ? 1 : slash ? (size_t)(slash - path) : 0;
    return n ? strndup(path, n) : strdup(".");
}

static const char *extension_of(const char *path)
{
    const char *dot = path ? strrchr(path, '.') : NULL;
    return dot ? dot + 1 : "";
}

static bool is_one_of(const char *word, const char *const *words)
{
    for (; *words; words++) {
        if (strcasecmp(word, *words) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_film(const char *path)
{
    static const char *const films[] = {"json", "kerf", "otio", "fcpxml", "xml", "edl", NULL};
    return path && is_one_of(extension_of(path), films);
}

static void on_warning(void *context, const kf_error *problem)
{
    (void)context;
    fprintf(stderr, "kerf: warning: %s\n", problem->message);
}

/* What the config asks of the encoder, where options and preset say nothing else. */
static void fill_options(cli_options *o, const kf_reel_info *info)
{
    static const char *const with_h264[] = {"mp4", "mov", "mkv", "m4v", NULL};
    bool stream = o->output && strcmp(o->output, "-") == 0;
    bool h264 = !o->video_codec && (stream || is_one_of(extension_of(o->output), with_h264));
    if (o->preset) {
        return;
    }
    if (h264 && o->crf < 0 && !o->video_bitrate) {
        o->crf = info->crf;
    }
    if (h264 && !o->speed) {
        o->speed = info->speed;
    }
    if (!o->audio_codec && !o->audio_bitrate) {
        o->audio_bitrate = info->audio_bitrate;
    }
}

static kf_status make_film(cli_options *o, const char *path, const char *config, size_t length, const char *folder,
                           kf_film_handle **out, kf_error *error)
{
    const char *hosts[HOSTS_MAX + 1];
    char *list = o->allow_hosts ? strdup(o->allow_hosts) : NULL, *film = NULL;
    kf_reel_info info;
    bool renders = !is_film(o->output);
    kf_reel_params params = {hosts, &info, renders ? NULL : on_warning, NULL}; /* who renders says it again */
    split_hosts(list, hosts);
    kf_status status = kf_reel_film(config, length, path, folder, &params, &film, error);
    if (status == KF_OK) {
        fill_options(o, &info);
        status = kf_film_open_json(film, strlen(film), path, folder, out, error);
    }
    kf_string_free(film);
    free(list);
    return status;
}

static kf_status open_reel(cli_options *o, const char *path, kf_film_handle **out, kf_error *error)
{
    size_t length;
    char *config = cli_read_file(path, &length, error);
    if (!config) {
        return error->status;
    }
    char *folder = o->folder ? strdup(o->folder) : folder_of(path);
    kf_status status = folder ? make_film(o, path, config, length, folder, out, error) : KF_ERR_MEMORY;
    free(folder);
    free(config);
    return status;
}

static int write_film(const cli_options *given, const char *path)
{
    kf_error error = {0};
    kf_film_handle *film;
    cli_options o = *given;
    kf_convert_params params = kf_convert_params_default();
    params.overwrite = o.overwrite;
    if (open_reel(&o, path, &film, &error) != KF_OK) {
        return cli_fail(&error);
    }
    kf_status status = kf_film_convert(film, o.output, &params, &error);
    kf_film_close(film);
    return status == KF_OK ? 0 : cli_fail(&error);
}

int run_reel(const cli_options *o, char **arguments, int count)
{
    (void)count;
    if (o->at) {
        return cli_frame(o, arguments[0], open_reel);
    }
    return is_film(o->output) ? write_film(o, arguments[0])
                                                                 : cli_render(o, arguments[0], open_reel);
}
