/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Assets, and what is known of their media. */
#include <stdlib.h>
#include <string.h>

#include "base/api/alloc.h"
#include "model/json/reader.h"

/* Where a path leads from the film's folder; "" for none. NULL: out of memory. */
static char *file_of(const reader *r, const char *path)
{
    return *path ? kf_path_join(r->load.folder, path) : kf_strdup("");
}

/* The asset of the film that a fragment is read into takes the place of the one before. */
static bool open_base_asset(reader *r, const char *id)
{
    kf_asset_view view;
    asset_state *a = &r->assets[0];
    if (!kf_asset_at(r->base, kf_asset_find(r->base, id), &view)) {
        return false;
    }
    if (a->uid != view.uid) {
        kf_free(a->file);
        kf_free(a->message);
        *a = (asset_state){.uid = view.uid, .known = view.media, .file = file_of(r, view.path)};
    }
    return true;
}

bool lookup_asset(reader *r, const char *id, uint32_t *out)
{
    *out = 0;
    if (r->base.store) {
        return open_base_asset(r, id);
    }
    const kf_json *found = r->assets_json ? kf_json_get(r->assets_json, id) : NULL;
    *out = found ? found->index : 0;
    return found != NULL;
}

static uint32_t asset_names(const reader *r, const char **names)
{
    kf_asset_view view;
    uint32_t n = 0;
    if (r->base.store) {
        for (; kf_asset_at(r->base, (int32_t)n, &view); n++) {
            names[n] = view.id;
        }
        return n;
    }
    for (const kf_json *a = r->assets_json ? r->assets_json->first : NULL; a; a = a->next) {
        names[n++] = a->key;
    }
    return n;
}

kf_status find_asset(reader *r, const kf_json *json, const char *id, uint32_t *out)
{
    if (lookup_asset(r, id, out)) {
        return KF_OK;
    }
    kf_project_view project = {.asset_count = (int32_t)r->asset_count};
    if (r->base.store) {
        kf_project_get(r->base, &project);
    }
    const char **names = kf_alloc_zero((size_t)project.asset_count + 1, sizeof *names);
    const char *close = names ? kf_closest(id, names, asset_names(r, names)) : NULL;
    kf_status status = close ? FAIL(r, json, "there is no asset \"%.100s\"; did you mean \"%.100s\"?", id, close)
                             : FAIL(r, json, "there is no asset \"%.100s\" in \"assets\"", id);
    kf_free(names);
    return status;
}

static kf_status ask(reader *r, asset_state *a, kf_error *err)
{
    if (!a->file) {
        return kf_fail_memory(err);
    }
    if (!*a->file) {
        return kf_fail(err, KF_ERR_NOT_FOUND, "it is offline");
    }
    if (!r->load.media) {
        return kf_fail(err, KF_ERR_INVALID, "and nothing reads media here");
    }
    return r->load.media(r->load.ctx, a->file, &a->facts, err);
}

/* Whether what the film says of the media is enough. */
static bool is_known(const kf_media_known *m, facts_wanted wanted)
{
    bool length = m->facts.still || m->facts.duration > 0;
    bool picture = !m->facts.video || (m->facts.width > 0 && (m->facts.still || m->facts.rate.num > 0));
    return m->known && (wanted == WANT_LENGTH ? length : picture);
}

const kf_media_facts *asset_facts(reader *r, uint32_t asset, facts_wanted wanted)
{
    asset_state *a = &r->assets[asset];
    if (is_known(&a->known, wanted)) {
        a->status = KF_OK;
        return &a->known.facts;
    }
    if (!a->asked) {
        kf_error err = {0};
        a->asked = true;
        a->asking = ask(r, a, &err);
        a->facts = a->asking == KF_OK ? a->facts : (kf_media_facts){0};
        a->message = a->asking == KF_OK ? NULL : kf_strdup(err.message);
    }
    a->status = a->asking;
    return &a->facts;
}

/* ---- Media, timecode, proxy ---- */

static kf_status read_hash(reader *r, const kf_json *json, const char *text, uint64_t *out)
{
    size_t n = strspn(text, "0123456789abcdefABCDEF");
    if (n != 16 || text[n]) {
        return FAIL(r, json, "a hash (XXH64) has 16 hexadecimal digits");
    }
    *out = strtoull(text, NULL, 16);
    return KF_OK;
}

static kf_status read_media(reader *r, const kf_json *json, asset_body *body)
{
    media_draft d = {0};
    kf_status status = read_object(r, json, &object_media, &d, NULL);
    if (status == KF_OK && d.size) {
        status = read_size(r, d.size, &body->width, &body->height);
    }
    if (status == KF_OK && d.hash) {
        status = read_hash(r, kf_json_get(json, "hash"), d.hash, &body->hash);
    }
    d.video = kf_json_get(json, "video") ? d.video : d.size != NULL;
    body->duration = d.duration;
    body->media_rate = d.rate;
    body->bytes = d.bytes;
    body->flags |= (uint32_t)(ASSET_MEDIA | (d.video ? ASSET_VIDEO : 0) | (d.audio ? ASSET_AUDIO : 0) |
                              (d.still ? ASSET_STILL : 0) | (d.hash ? ASSET_HASH : 0));
    return status;
}

static kf_status read_count(reader *r, const kf_json *json, int64_t *out)
{
    *out = json->integer;
    bool good = json->is_integer && json->integer >= 0 && json->integer <= INT32_MAX;
    return good ? KF_OK : FAIL(r, json, "a frame count must be a whole number from 0 to %d", INT32_MAX);
}

static kf_status read_source_timecode(reader *r, const kf_json *json, asset_body *body)
{
    timecode_draft d = {0};
    kf_status status = read_object(r, json, &object_timecode, &d, NULL);
    if (status == KF_OK && (!d.start || d.rate.num == 0)) {
        return FAIL(r, json, "a timecode needs its \"start\" and its \"rate\"");
    }
    const char *text;
    bool count = status == KF_OK && d.start->type == KF_JSON_NUMBER;
    if (status == KF_OK) {
        status = count ? read_count(r, d.start, &body->timecode) : read_text(r, d.start, &text);
    }
    if (status == KF_OK && (!count || d.drop_frame)) {
        int64_t unused;
        const kf_json *label = count ? kf_json_get(json, "drop_frame") : d.start;
        status = read_label(r, label, d.rate, &d.drop_frame, count ? &unused : &body->timecode);
    }
    body->timecode_rate = d.rate;
    body->flags |= (uint32_t)(ASSET_TIMECODE | (d.drop_frame ? ASSET_DROP_FRAME : 0));
    return status;
}

static kf_status read_proxy(reader *r, const kf_json *json, asset_body *body, const char **path)
{
    proxy_draft d = {.state = -1};
    kf_status status = read_object(r, json, &object_proxy, &d, NULL);
    kf_proxy_state state = d.state < 0 ? KF_PROXY_READY : (kf_proxy_state)(d.state + 1);
    bool pending = state == KF_PROXY_QUEUED || state == KF_PROXY_FAILED;
    if (status == KF_OK && !pending && (!d.path || !*d.path)) {
        return FAIL(r, json, "a proxy needs the path of its file");
    }
    body->proxy_state = (uint8_t)state;
    body->flags |= d.use ? ASSET_USE_PROXY : 0;
    *path = d.path;
    return status;
}

/* ---- Subclips ---- */

static kf_status read_subclip(reader *r, const kf_json *json, subclip_body *body)
{
    kf_ref metadata;
    subclip_draft d = {.out = KF_TIME_NONE};
    kf_status status = read_object(r, json, &object_subclip, &d, NULL);
    if (status == KF_OK && (d.out == KF_TIME_NONE || d.out <= d.in)) {
        return FAIL(r, json, "a subclip needs an \"out\" that lies behind its \"in\"");
    }
    if (status == KF_OK) {
        status = check_bin(r, kf_json_get(json, "bin"), d.bin);
    }
    if (status == KF_OK) {
        status = read_metadata(r, d.metadata, &metadata);
    }
    if (status != KF_OK) {
        return status;
    }
    build_ref(&r->owner, metadata);
    *body = (subclip_body){.name = build_text(&r->owner, d.name), .label = build_text(&r->owner, d.label),
                           .bin = build_text(&r->owner, d.bin), .in = d.in, .out = d.out};
    build_body(&r->owner, json->index * sizeof *body, body, sizeof *body);
    return KF_OK;
}

static kf_status read_subclips(reader *r, const kf_json *json, kf_ref *out)
{
    *out = KF_REF_NONE;
    kf_status status = json ? need_array(r, json, "a list of subclips", KF_MODEL_MAX_SUBCLIPS) : KF_OK;
    if (status != KF_OK || !json || json->count == 0) {
        return status;
    }
    build_start(&r->owner, json->count * sizeof(subclip_body));
    for (const kf_json *child = json->first; child && status == KF_OK; child = child->next) {
        subclip_body body;
        status = read_subclip(r, child, &body);
    }
    return status == KF_OK ? build_append(&r->owner, r->store, NODE_SUBCLIPS, out, r->err) : status;
}

/* ---- The asset ---- */

static kf_status read_parts(reader *r, const asset_draft *d, asset_body *body, kf_ref refs[ASSET_REFS],
                            const char **proxy)
{
    kf_status status = d->media ? read_media(r, d->media, body) : KF_OK;
    r->rate = body->media_rate.num ? body->media_rate : d->rate;
    if (status == KF_OK && d->timecode) {
        status = read_source_timecode(r, d->timecode, body);
    }
    if (status == KF_OK && d->proxy) {
        status = read_proxy(r, d->proxy, body, proxy);
    }
    if (status == KF_OK) {
        status = read_metadata(r, d->metadata, &refs[ASSET_METADATA]);
    }
    if (status == KF_OK) {
        status = read_markers(r, d->markers, false, &refs[ASSET_MARKERS]);
    }
    return status == KF_OK ? read_subclips(r, d->subclips, &refs[ASSET_SUBCLIPS]) : status;
}

static kf_status set_color(reader *r, const kf_json *json, asset_body *body)
{
    color_draft c = {-1, -1, -1, -1};
    kf_status status = json ? read_object(r, json, &object_color, &c, NULL) : KF_OK;
    body->matrix = color_code(kf_matrix_names, kf_matrix_codes, c.matrix, KF_MAT_UNSPECIFIED);
    body->primaries = color_code(kf_primaries_names, kf_primaries_codes, c.primaries, KF_PRI_UNSPECIFIED);
    body->transfer = color_code(kf_transfer_names, kf_transfer_codes, c.transfer, KF_TRC_UNSPECIFIED);
    body->range = color_code(kf_range_names, kf_range_codes, c.range, KF_RANGE_UNSPECIFIED);
    return status;
}

static kf_media_known known_of(const asset_body *b)
{
    bool known = (b->flags & ASSET_MEDIA) != 0;
    return (kf_media_known){.known = known, .facts = {.video = (b->flags & ASSET_VIDEO) != 0,
                            .audio = (b->flags & ASSET_AUDIO) != 0, .still = (b->flags & ASSET_STILL) != 0,
                            .width = b->width, .height = b->height, .rate = b->media_rate, .duration = b->duration}};
}

static void add_texts(node_build *b, const asset_draft *d, const char *id, asset_body *body)
{
    body->id = build_text(b, id);
    body->name = build_text(b, d->name);
    body->bin = build_text(b, d->bin);
    body->label = build_text(b, d->label);
    body->reel = build_text(b, d->reel);
}

/* A path as it is kept; NULL: none. */
static node_text add_path(reader *r, const char *path)
{
    char *kept = path ? reader_path(r, path) : NULL;
    r->item.failed = r->item.failed || (path && !kept);
    node_text text = build_text(&r->item, kept);
    kf_free(kept);
    return text;
}

static kf_status build_asset(reader *r, const char *id, const asset_draft *d, asset_state *state, kf_ref *out)
{
    kf_ref refs[ASSET_REFS];
    const char *proxy = NULL;
    asset_body body = {.uid = state->uid, .rate = d->rate, .deinterlace = (uint8_t)d->deinterlace,
                       .alpha = (uint8_t)d->alpha, .flags = d->offline ? ASSET_OFFLINE : 0};
    kf_status status = set_color(r, d->color, &body);
    if (status == KF_OK) {
        status = read_parts(r, d, &body, refs, &proxy);
    }
    if (status != KF_OK) {
        return status;
    }
    state->known = known_of(&body);
    build_start(&r->item, sizeof body);
    for (int i = 0; i < ASSET_REFS; i++) {
        build_ref(&r->item, refs[i]);
    }
    add_texts(&r->item, d, id, &body);
    body.path = add_path(r, d->path);
    body.proxy_path = add_path(r, proxy);
    state->file = file_of(r, d->path ? d->path : "");
    build_body(&r->item, 0, &body, sizeof body);
    return state->file ? build_append(&r->item, r->store, NODE_ASSET, out, r->err) : kf_fail_memory(r->err);
}

kf_status read_asset(reader *r, const kf_json *json, const char *id, asset_state *state, kf_ref *out)
{
    asset_draft draft = {0};
    bool plain = json->type == KF_JSON_STRING;
    r->rate = (kf_rational){0};
    kf_status status = plain ? read_text(r, json, &draft.path) : read_object(r, json, &object_asset, &draft, NULL);
    if (status == KF_OK && !draft.offline && (!draft.path || !*draft.path)) {
        return FAIL(r, json, "an asset needs the path of its file (or \"offline\": true)");
    }
    if (status == KF_OK && !*id) {
        return FAIL(r, json, "the id of an asset must not be empty");
    }
    if (status == KF_OK) {
        status = check_bin(r, kf_json_get(json, "bin"), draft.bin);
    }
    return status == KF_OK ? build_asset(r, id, &draft, state, out) : status;
}

kf_status read_assets(reader *r, const kf_json *json, kf_ref *out)
{
    kf_status status = json ? need_object(r, json, "an object of assets by their ids") : KF_OK;
    uint32_t count = json && status == KF_OK ? json->count : 0;
    kf_ref *refs = kf_alloc_zero(count + 1, sizeof *refs);
    r->assets = kf_alloc_zero(count + 1, sizeof *r->assets);
    if (status == KF_OK && (!refs || !r->assets)) {
        status = kf_fail_memory(r->err);
    }
    r->assets_json = json;
    r->asset_count = status == KF_OK ? count : 0;
    for (const kf_json *child = count ? json->first : NULL; child && status == KF_OK; child = child->next) {
        r->assets[child->index].uid = (uint64_t)r->sequence_count + child->index + 1; /* one number space */
        status = read_asset(r, child, child->key, &r->assets[child->index], &refs[child->index]);
    }
    if (status == KF_OK) {
        status = append_list(r, NODE_ASSETS, refs, count, out);
    }
    kf_free(refs);
    return status;
}
