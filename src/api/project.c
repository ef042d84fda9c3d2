/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Projects: a film with the file that it is edited in. */
#include "api/projects.h"

#include <string.h>
#include <unistd.h>

#include "api/films.h"
#include "base/api/alloc.h"

enum { WASTE_LEAST = 16 << 20 }; /* bytes that are worth a compaction */

/* What edits asked about media, so that a script does not open the same file again and again. */
struct known_media {
    struct known_media *next;
    char *file;
    kf_status status;
    kf_media_facts facts;
    kf_error error;
};

/* ---- Media ---- */

static kf_status facts(void *ctx, const char *file, kf_media_facts *out, kf_error *err)
{
    kf_project *p = ctx;
    struct known_media *m = p->media;
    while (m && strcmp(m->file, file) != 0) {
        m = m->next;
    }
    if (!m) {
        m = KF_NEW(struct known_media);
        char *name = kf_strdup(file);
        if (!m || !name) {
            kf_free(m);
            kf_free(name);
            return kf_fail_memory(err);
        }
        m->file = name;
        m->status = kf_engine_media_facts(NULL, file, &m->facts, &m->error);
        m->next = p->media;
        p->media = m;
    }
    *out = m->facts;
    if (m->status != KF_OK && err) {
        *err = m->error;
    }
    return m->status;
}

static void forget_media(kf_project *p)
{
    while (p->media) {
        struct known_media *m = p->media;
        p->media = m->next;
        kf_free(m->file);
        kf_free(m);
    }
}

kf_film_load project_film_load(kf_project *p, const char *folder)
{
    return (kf_film_load){.name = kf_path_name(p->path), .folder = folder, .media = facts, .ctx = p};
}

/* ---- Opening and closing ---- */

static kf_status open_kerf(kf_project *p, const kf_film_load *load, kf_error *error)
{
    kf_store *store;
    const kf_store_params params = {.read_only = p->read_only};
    kf_status status = kf_store_open_file(p->path, &params, &store, error);
    if (status == KF_OK) {
        status = kf_film_open_store(store, load, &p->film, error);
        if (status != KF_OK) {
            kf_store_unref(store);
        }
    }
    return status;
}

static kf_status open_json(kf_project *p, const kf_film_load *load, kf_error *error)
{
    const kf_interchange *format;
    kf_film_source source = {.path = p->path, .load = *load};
    kf_status status = kf_film_read_file(&source, &format, NULL, &p->film, error);
    if (status == KF_OK && format && !p->read_only) {
        status = kf_fail(error, KF_ERR_UNSUPPORTED, "%s is %s, which is imported, not edited: kerf convert %s FILE.kerf first",
                         p->path, format->label, p->path);
    }
    return status;
}

kf_status kf_project_open(const char *path, const kf_project_params *params, kf_project **out, kf_error *error)
{
    kf_project *p = KF_NEW(kf_project);
    char *folder = kf_path_folder(path);
    *out = NULL;
    if (!p || !folder || !(p->path = kf_strdup(path))) {
        kf_free(p);
        kf_free(folder);
        return kf_fail_memory(error);
    }
    p->read_only = params && params->read_only;
    p->kerf = kf_is_project(path);
    const kf_film_load load = project_film_load(p, folder);
    kf_status status = p->kerf ? open_kerf(p, &load, error) : open_json(p, &load, error);
    kf_free(folder);
    if (status == KF_OK) {
        *out = p;
    } else {
        kf_project_close(p, NULL);
    }
    return status;
}

/* ---- Creating ---- */

static kf_status write_new(const char *path, const kf_project_create_params *params, kf_error *error)
{
    const kf_film_new_params film_params = {.name = params->name, .preset = params->preset,
                                            .video_tracks = params->video_tracks, .audio_tracks = params->audio_tracks};
    kf_film *film;
    kf_status status = kf_film_new(&film_params, NULL, &film, error);
    if (status != KF_OK) {
        return status;
    }
    status = kf_film_write_project(film, path, error);
    kf_film_destroy(film);
    return status;
}

kf_status kf_project_create(const char *path, const kf_project_create_params *params, kf_project **out, kf_error *error)
{
    static const kf_project_create_params usual = {.video_tracks = 2, .audio_tracks = 2};
    kf_str untitled = {0};
    *out = NULL;
    kf_status status = path ? KF_OK : project_untitled_path(&untitled, error);
    path = path ? path : untitled.data;
    if (status == KF_OK && access(path, F_OK) == 0) {
        status = kf_fail(error, KF_ERR_EXISTS, "%s is there already; choose another name", path);
    }
    status = status == KF_OK ? write_new(path, params ? params : &usual, error) : status;
    status = status == KF_OK ? kf_project_open(path, NULL, out, error) : status;
    kf_str_finish(&untitled);
    return status;
}

const char *kf_project_path(const kf_project *p)
{
    return p->path;
}

/* The states that drags pass through are shown, so that nothing can be written in their place; most of a file after long days,
 * if nobody took them out. What fails here is done another time. */
static void leave_no_waste(kf_project *p)
{
    bool much = p->waste > WASTE_LEAST && p->waste > kf_store_bytes(kf_film_store(p->film)) / 2;
    if (much && !p->read_only) {
        kf_project_compact(p, false, NULL);
    }
}

kf_status kf_project_written(const kf_project *p, kf_error *error)
{
    kf_store_flush_info info = {0};
    if (p->film && p->kerf && !p->read_only) {
        kf_store_flush_state(kf_film_store(p->film), &info);
    }
    if (!info.failing) {
        return KF_OK;
    }
    if (error) {
        *error = info.error;
    }
    return info.error.status;
}

kf_status kf_project_close(kf_project *p, kf_error *error)
{
    if (!p) {
        return KF_OK;
    }
    kf_gesture_cancel(p->gesture);
    kf_error cause = {0};
    kf_status status = p->film && p->kerf && !p->read_only ? kf_store_sync(kf_film_store(p->film), &cause) : KF_OK;
    if (status != KF_OK) {
        kf_fail(error, status, "%s: what was done is not on disk: it waits in this machine's memory for the next edit of the "
                "project that can write (%s)", p->path, cause.message);
    }
    if (status == KF_OK && p->film && p->kerf) {
        leave_no_waste(p);
    }
    kf_film_destroy(p->film);
    forget_media(p);
    project_listener_finish(p);
    kf_edit_result_finish(&p->outcome);
    kf_free(p->path);
    kf_free(p);
    return status;
}

kf_status project_check_writable(const kf_project *p, kf_error *error)
{
    return p->read_only ? kf_fail(error, KF_ERR_INVALID, "%s is open for reading only", p->path) : KF_OK;
}

/* ---- Films ---- */

kf_status kf_project_film(kf_project *p, kf_film_handle **out, kf_error *error)
{
    *out = NULL;
    kf_film_handle *h = KF_NEW(kf_film_handle);
    if (!h || !(h->path = kf_strdup(p->path))) {
        kf_free(h);
        return kf_fail_memory(error);
    }
    kf_status status = p->gesture ? gesture_pin(p->gesture, &h->film, error) : kf_film_pin(p->film, &h->film, error);
    if (status == KF_OK) {
        *out = h;
    } else {
        kf_film_close(h);
    }
    return status;
}

kf_status kf_film_open_state(const char *path, uint64_t number, kf_film_handle **out, kf_error *error)
{
    kf_project *p;
    kf_film *film;
    *out = NULL;
    kf_status status = kf_project_open(path, &(kf_project_params){.read_only = true}, &p, error);
    if (status != KF_OK) {
        return status;
    }
    if (!p->kerf) {
        status = project_check_history(p, error);
    } else {
        status = kf_film_pin_state(p->film, number, &film, error);
    }
    if (status == KF_OK) {
        status = kf_project_film(p, out, error);
        if (status == KF_OK) {
            kf_film_destroy((*out)->film);
            (*out)->film = film;
        } else {
            kf_film_destroy(film);
        }
    }
    kf_project_close(p, NULL);
    return status;
}

/* ---- Safety ---- */

static kf_status give_line(kf_str *text, char **out, kf_error *error)
{
    if (text->failed) {
        kf_str_finish(text);
        return kf_fail_memory(error);
    }
    if (out) {
        *out = text->data;
    } else {
        kf_str_finish(text);
    }
    return KF_OK;
}

kf_status kf_project_verify(const char *path, char **report, kf_error *error)
{
    kf_store *store;
    const kf_store_params params = {.read_only = true};
    kf_store_report r = {0};
    kf_str text = {0};
    kf_status status = kf_store_open_file(path, &params, &store, error);
    if (status != KF_OK) {
        return status;
    }
    status = kf_store_verify(store, &r, error);
    kf_store_unref(store);
    if (status != KF_OK) {
        return status;
    }
    kf_str_addf(&text, "%llu bytes, %llu nodes, %llu states: all sound", (unsigned long long)r.bytes,
                (unsigned long long)r.nodes, (unsigned long long)r.commits);
    return give_line(&text, report, error);
}

kf_status kf_project_recover(const char *path, const char *output, char **report, kf_error *error)
{
    kf_recover_report r;
    kf_str text = {0};
    kf_status status = kf_store_recover(path, output, NULL, &r, error);
    if (status != KF_OK) {
        return status;
    }
    kf_str_addf(&text, "%llu of %llu states saved; %s: state %llu, \"%s\"; %llu of %llu bytes were lost",
                (unsigned long long)(r.commits - r.lost_commits), (unsigned long long)r.commits,
                r.newest ? "the last one is whole" : "the newest whole one", (unsigned long long)r.head.serial, r.label,
                (unsigned long long)r.lost_bytes, (unsigned long long)r.bytes);
    return give_line(&text, report, error);
}
