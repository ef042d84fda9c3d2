/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Films and projects for tests of the public API. */
#ifndef KF_TEST_API_UTIL_H
#define KF_TEST_API_UTIL_H

#include "folder.h"
#include "kerf/project.h"
#include "kerf/timeline.h"
#include "test.h"

#define FRAMES(n) ((kf_time)(n) * (KF_SECOND / 25))

static kf_error api_error;

/* A film of 640x360 at 25 fps with assets a, b (video and sound, 250 frames), s (sound, 500 frames) and these tracks;
 * "'" stands for '"'. */
static inline char *api_film_text(const char *tracks)
{
    static const char head[] =
        "{'kerf':1,'name':'Test','size':[640,360],'rate':25,'bins':['Day 1/A'],'assets':{"
        "'a':{'path':'media/a.mp4','bin':'Day 1','media':{'video':true,'audio':true,'size':[1280,720],'rate':25,"
        "'duration':10,'bytes':1234}},"
        "'b':{'path':'b.mp4','name':'Beach','offline':true,'media':{'video':true,'audio':true,'duration':10}},"
        "'s':{'path':'s.wav','media':{'audio':true,'duration':20}}},'tracks':[";
    size_t length = strlen(head) + strlen(tracks) + 3;
    char *text = malloc(length);
    if (!text) {
        abort();
    }
    snprintf(text, length, "%s%s]}", head, tracks);
    for (char *c = text; *c; c++) {
        *c = *c == '\'' ? '"' : *c;
    }
    return text;
}

static inline kf_film_handle *api_film(const char *tracks)
{
    kf_film_handle *film = NULL;
    char *text = api_film_text(tracks);
    if (kf_film_open_json(text, strlen(text), "film.json", "/films", &film, &api_error) != KF_OK) {
        printf("# %s\n", api_error.message);
    }
    free(text);
    return film;
}

/* The same as a .kerf project in the test's folder. */
static inline kf_project *api_project(const char *tracks)
{
    char *text = api_film_text(tracks);
    const char *json = util_path("film.json"), *path = util_path("film.kerf");
    FILE *file = fopen(json, "w");
    kf_project *project = NULL;
    if (!file || fputs(text, file) < 0 || fclose(file) != 0) {
        abort();
    }
    free(text);
    remove(path);
    kf_convert_params params = kf_convert_params_default();
    if (kf_convert(json, path, &params, &api_error) != KF_OK ||
        kf_project_open(path, NULL, &project, &api_error) != KF_OK) {
        printf("# %s\n", api_error.message);
    }
    return project;
}

#endif
