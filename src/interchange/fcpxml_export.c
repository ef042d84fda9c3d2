/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writing FCPXML 1.11: the document. One sequence is its project; those nested in it are compound or multicam clips. */
#include <stdio.h>
#include <string.h>

#include "base/api/alloc.h"
#include "interchange/fcpxml_out.h"

/* ---- Kept resources ---- */

/* Effects and locators of the file that the film came from keep their ids, as kept filters refer to them. */
static void put_kept_resource(fo_writer *o, kf_xml_writer *x, const kf_json *value)
{
    kf_xml_doc *doc;
    if (value->type != KF_JSON_STRING || kf_xml_parse(value->text, value->length, "metadata", &doc, NULL)) {
        return;
    }
    const kf_xml *root = kf_xml_root(doc);
    const char *id = kf_xml_attr(root, "id"), *uid = kf_xml_attr(root, "uid");
    bool known = kf_xml_is(root, "effect") || kf_xml_is(root, "locator");
    if (id && known && !ix_table_find(&o->used, id)) {
        ix_entry *entry = uid ? ix_table_add(&o->ids, uid) : NULL;
        if (entry && !entry->text) {
            entry->text = kf_strdup(id);
        }
        o->failed |= !ix_table_add(&o->used, id) || (uid && (!entry || !entry->text));
        kf_xml_put_tree(x, root);
    }
    kf_xml_free(doc);
}

static void put_kept_resources(fo_writer *o, const fo_kept *kept)
{
    kf_xml_writer x = {.out = &o->resources, .depth = 2};
    const kf_json *list = kept->root ? kf_json_get(kept->root, "resources") : NULL;
    for (const kf_json *value = list ? list->first : NULL; value; value = value->next) {
        put_kept_resource(o, &x, value);
    }
}

static void put_collections(kf_xml_writer *x, const fo_kept *kept, const char *key)
{
    const kf_json *list = kept->root ? kf_json_get(kept->root, key) : NULL;
    for (const kf_json *value = list ? list->first : NULL; value; value = value->next) {
        if (value->type == KF_JSON_STRING) {
            kf_xml_put_source(x, value->text);
        }
    }
}

/* ---- The document ---- */

static void write_project(fo_writer *o, kf_xml_writer *x, const kf_sequence_view *view)
{
    fo_kept kept;
    fo_kept_read(&kept, view->metadata);
    kf_xml_begin(x, "project");
    kf_xml_put_attr(x, "name", *view->name ? view->name : view->id);
    kf_xml_put_attr(x, "uid", kept.root ? fo_kept_text(kept.root, "uid") : NULL);
    fo_kept_finish(&kept);
    fo_write_sequence(o, x, view);
    kf_xml_end(x, "project");
}

static void add_text(fo_writer *o, kf_xml_writer *x, const kf_str *text)
{
    o->failed |= text->failed;
    if (text->length && !text->failed) {
        kf_xml_put_text(x, ""); /* ends the start tag */
        x->inline_ = false;
        kf_str_add(x->out, x->out->length ? "\n" : "");
        kf_str_add_n(x->out, text->data, text->length);
    }
}

static void write_event(fo_writer *o, kf_xml_writer *x, const char *name, const kf_str *browser, const kf_str *projects)
{
    kf_xml_begin(x, "event");
    kf_xml_put_attr(x, "name", name);
    if (browser) {
        add_text(o, x, browser);
    }
    if (projects) {
        add_text(o, x, projects);
        put_collections(x, &o->kept, "event");
    }
    kf_xml_end(x, "event");
}

/* The main project's event, with what is in its bin, then an event for each other bin. */
static void write_library(fo_writer *o, kf_xml_writer *x, const char *bin, const kf_str *projects)
{
    const ix_entry *own = ix_table_find(&o->bins, bin);
    kf_xml_begin(x, "library");
    write_event(o, x, bin, own ? &o->events[own->number - 1] : NULL, projects);
    for (size_t i = 0; i < o->bins.count; i++) {
        const ix_entry *entry = &o->bins.entries[i];
        if (entry != own && entry->number) {
            write_event(o, x, entry->key, &o->events[entry->number - 1], NULL);
        }
    }
    put_collections(x, &o->kept, "library");
    kf_xml_end(x, "library");
}

/* ---- The rest of the film ---- */

static void note_use(fo_writer *o, const kf_clip_view *clip, bool audio)
{
    kf_time from, to;
    int32_t index = kf_asset_index(o->snapshot, clip->source_uid);
    if (index < 0) {
        return;
    }
    kf_clip_source_span(clip, 0, clip->duration, &from, &to);
    fo_use *use = &o->uses[index];
    use->end = to > use->end ? to : use->end;
    use->seen |= !audio;
    use->heard |= audio || clip->audio;
}

static void note_uses_in(fo_writer *o, const kf_sequence_view *view)
{
    kf_track_view track;
    kf_cursor cursor;
    kf_clip_view clip;
    for (int32_t i = 0; kf_track_get(o->snapshot, view, i, &track); i++) {
        kf_cursor_init(&cursor, o->snapshot, &track);
        while (kf_cursor_next(&cursor)) {
            bool is_clip = kf_cursor_clip(&cursor, &clip);
            if (is_clip && clip.source == KF_SOURCE_ASSET) {
                note_use(o, &clip, track.kind == KF_TRACK_AUDIO);
            } else if (is_clip && clip.source == KF_SOURCE_SEQUENCE) {
                int32_t index = kf_sequence_index(o->snapshot, clip.source_uid);
                o->nested[index < 0 ? 0 : index] |= index >= 0;
            }
        }
    }
}

static bool note_uses(fo_writer *o, const kf_project_view *project)
{
    kf_sequence_view view;
    o->uses = kf_alloc_zero((size_t)project->asset_count + 1, sizeof *o->uses);
    o->nested = kf_alloc_zero((size_t)project->sequence_count + 1, sizeof *o->nested);
    o->failed |= !o->uses || !o->nested;
    for (int32_t i = 0; !o->failed && kf_sequence_at(o->snapshot, i, &view); i++) {
        note_uses_in(o, &view);
    }
    return !o->failed;
}

/* Written apart, as it may meet assets of its bin's event. */
static void write_project_in_bin(fo_writer *o, const kf_sequence_view *view)
{
    kf_str text = {0};
    kf_xml_writer x = {.out = &text, .depth = 3};
    write_project(o, &x, view);
    kf_str *event = fo_event(o, view->bin);
    o->failed |= text.failed;
    if (event && !text.failed) {
        kf_str_add_n(event, text.data, text.length);
        o->failed |= event->failed;
    }
    kf_str_finish(&text);
}

/* A compound clip that is in the browser only. */
static bool is_compound(const kf_sequence_view *view)
{
    fo_kept kept;
    fo_kept_read(&kept, view->metadata);
    const char *element = kept.root && *view->bin ? fo_kept_text(kept.root, "element") : NULL;
    bool compound = element && strcmp(element, "media") == 0;
    fo_kept_finish(&kept);
    return compound;
}

/* Sequences that no other shows are projects too, or clips in the browser. */
static void write_other_sequences(fo_writer *o, kf_xml_writer *x, const kf_sequence_view *main_view)
{
    kf_sequence_view view;
    for (int32_t i = 0; kf_sequence_at(o->snapshot, i, &view); i++) {
        if (o->nested[i] || view.uid == main_view->uid) {
            continue;
        }
        if (view.multicam || is_compound(&view)) {
            fo_media(o, i);
        } else if (!*view.bin || strcmp(view.bin, main_view->bin) == 0) {
            write_project(o, x, &view);
        } else {
            write_project_in_bin(o, &view);
        }
    }
}

static void write_other_assets(fo_writer *o)
{
    kf_asset_view asset;
    char key[40];
    for (int32_t i = 0; kf_asset_at(o->snapshot, i, &asset); i++) {
        snprintf(key, sizeof key, "asset %llu", (unsigned long long)asset.uid);
        if (ix_table_find(&o->ids, key)) {
            continue;
        }
        if (*asset.bin) {
            fo_asset(o, &asset);
        } else {
            kf_report_add(o->report, KF_LOSS_DROPPED, *asset.name ? asset.name : asset.id,
                          "this asset is in no sequence and no bin");
        }
    }
}

/* One sequence alone: what of the others is not nested in it is not in the file. */
static void report_left_out(fo_writer *o, const kf_sequence_view *main_view)
{
    char key[40];
    kf_sequence_view view;
    for (int32_t i = 0; kf_sequence_at(o->snapshot, i, &view); i++) {
        snprintf(key, sizeof key, "sequence %d", (int)i);
        if (view.uid != main_view->uid && !ix_table_find(&o->ids, key)) {
            kf_report_add(o->report, KF_LOSS_DROPPED, *view.name ? view.name : view.id,
                          "this sequence is not part of the one that is written");
        }
    }
}

static void finish(fo_writer *o)
{
    fo_kept_finish(&o->kept);
    kf_free(o->uses);
    kf_free(o->nested);
    for (size_t i = 0; i < o->event_count; i++) {
        kf_str_finish(&o->events[i]);
    }
    kf_free(o->events);
    kf_str_finish(&o->resources);
    ix_table_finish(&o->bins);
    ix_table_finish(&o->used);
    ix_table_finish(&o->ids);
}

static kf_status compose(fo_writer *o, const kf_str *library, kf_str *out)
{
    kf_str_add(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE fcpxml>\n\n<fcpxml version=\"1.11\">\n");
    kf_str_add(out, "  <resources>\n");
    if (o->failed || o->resources.failed || library->failed) {
        return kf_fail_memory(o->err);
    }
    kf_str_add_n(out, o->resources.data, o->resources.length);
    kf_str_add(out, "  </resources>\n");
    kf_str_add_n(out, library->data, library->length);
    kf_str_add(out, "</fcpxml>\n");
    return out->failed ? kf_fail_memory(o->err) : KF_OK;
}

static void write_all(fo_writer *o, const kf_export_params *params, const kf_project_view *project,
                      const kf_sequence_view *view, kf_str *library)
{
    kf_str projects = {0};
    kf_xml_writer px = {.out = &projects, .depth = *view->bin ? 3 : 1}, x = {.out = library, .depth = 1};
    o->rate = view->rate;
    if (!note_uses(o, project)) {
        return;
    }
    put_kept_resources(o, &o->kept);
    write_project(o, &px, view);
    if (params->sequence < 0) {
        write_other_sequences(o, &px, view);
        write_other_assets(o);
    } else {
        report_left_out(o, view);
    }
    bool library_kept = o->kept.root && (kf_json_get(o->kept.root, "library") || kf_json_get(o->kept.root, "event"));
    if (!*view->bin && !o->event_count && !library_kept) {
        add_text(o, &x, &projects);
    } else {
        const char *name = *view->bin ? view->bin : params->name ? params->name : "Kerf";
        write_library(o, &x, name, &projects);
        if (!*view->bin) {
            kf_report_add(o->report, KF_LOSS_NOTE, *view->name ? view->name : view->id,
                          "it is in no bin: its event is called \"%.100s\"", name);
        }
    }
    kf_str_finish(&projects);
}

/* With params->sequence -1 the whole film is written: the main sequence is the first of its projects. */
kf_status fx_export(kf_snapshot snapshot, const kf_export_params *params, kf_str *out, kf_report *report,
                    kf_error *err)
{
    kf_sequence_view view;
    kf_project_view project;
    kf_str library = {0};
    fo_writer o = {.snapshot = snapshot, .report = report, .err = err};
    kf_status status = ix_export_sequence(snapshot, params, &view, err);
    if (status || !kf_project_get(snapshot, &project)) {
        return status;
    }
    fo_kept_read(&o.kept, project.metadata);
    write_all(&o, params, &project, &view, &library);
    status = compose(&o, &library, out);
    kf_str_finish(&library);
    finish(&o);
    return status;
}
