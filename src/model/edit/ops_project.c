/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The project itself, and its bins. */
#include <string.h>

#include "base/api/alloc.h"
#include "model/edit/merge.h"
#include "model/edit/ops.h"
#include "model/edit/read.h"

/* ---- Names of bins ---- */

static kf_status check_path(kf_edit *e, const char *path)
{
    const char *fault = *path ? bin_fault(path) : "is no path of a bin: it must not be empty";
    return fault ? REFUSE(e, "\"%.200s\" %s", path, fault) : KF_OK;
}

/* Whether it is that bin or one inside it. */
static bool is_in(const char *path, const char *bin)
{
    size_t length = strlen(bin);
    return strncmp(path, bin, length) == 0 && (path[length] == '\0' || path[length] == '/');
}

/* ---- What is in bins ---- */

typedef bool path_fn(void *ctx, const char *path); /* false ends the walk */

static bool walk_subclips(kf_snapshot state, const kf_asset_view *asset, path_fn *fn, void *ctx)
{
    kf_subclip sub;
    for (int32_t i = 0; kf_subclip_at(state, asset, i, &sub); i++) {
        if (!fn(ctx, sub.bin)) {
            return false;
        }
    }
    return true;
}

/* Calls fn with the bin of each asset, subclip and sequence. */
static void walk_members(kf_snapshot state, path_fn *fn, void *ctx)
{
    kf_asset_view asset;
    kf_sequence_view sequence;
    for (int32_t i = 0; kf_asset_at(state, i, &asset); i++) {
        if (!fn(ctx, asset.bin) || !walk_subclips(state, &asset, fn, ctx)) {
            return;
        }
    }
    for (int32_t i = 0; kf_sequence_at(state, i, &sequence); i++) {
        if (!fn(ctx, sequence.bin)) {
            return;
        }
    }
}

typedef struct search {
    const char *bin;
    bool found;
} search;

static bool look(void *ctx, const char *path)
{
    search *s = ctx;
    s->found = s->found || is_in(path, s->bin);
    return !s->found;
}

static bool has_members(kf_edit *e, const char *bin)
{
    search s = {bin, false};
    walk_members(edit_state(e), look, &s);
    return s.found;
}

/* Index of the bin in the list, or (inside) of one in it; -1: none. */
static int32_t find_listed(kf_edit *e, const char *bin, bool inside)
{
    const char *path;
    for (int32_t i = 0; (path = kf_bin_at(edit_state(e), i)); i++) {
        bool same = strcmp(path, bin) == 0;
        if (inside ? is_in(path, bin) && !same : same) {
            return i;
        }
    }
    return -1;
}

/* ---- The list of bins ---- */

/* It anew, without `without` (-1: none), with `more` (NULL: none), and `from` called `to` (NULL: nothing is). */
typedef struct bins_change {
    int32_t without;
    const char *more, *from, *to;
} bins_change;

static const char *renamed(const bins_change *c, const char *path, kf_str *buffer)
{
    if (!c->from || !is_in(path, c->from)) {
        return path;
    }
    buffer->length = 0;
    kf_str_addf(buffer, "%s%s", c->to, path + strlen(c->from));
    return buffer->data ? buffer->data : "";
}

static kf_status put_list(kf_edit *e, kf_ref bins)
{
    project_body body;
    kf_status status = project_load(e, &body);
    if (status == KF_OK) {
        build_set_ref(&e->build, PROJECT_BINS, bins);
        status = project_store(e, &body);
    }
    return status;
}

static kf_status write_bins_list(kf_edit *e, const bins_change *c)
{
    kf_snapshot state = edit_state(e);
    kf_project_view project;
    kf_str buffer = {0};
    kf_ref ref = KF_REF_NONE;
    int32_t old = kf_project_get(state, &project) ? project.bin_count : 0;
    bins_body body = {.count = (uint32_t)(old - (c->without >= 0) + (c->more != NULL))};
    node_build *b = &e->build;
    build_start(b, sizeof body + body.count * sizeof(node_text));
    build_body(b, 0, &body, sizeof body);
    size_t at = sizeof body;
    for (int32_t i = 0; i < old + (c->more != NULL); i++) {
        if (i != c->without) {
            node_text text = build_text(b, i < old ? renamed(c, kf_bin_at(state, i), &buffer) : c->more);
            build_body(b, at, &text, sizeof text);
            at += sizeof text;
        }
    }
    b->failed = b->failed || buffer.failed;
    kf_str_finish(&buffer);
    kf_status status = body.count ? build_append(b, e->store, NODE_BINS, &ref, e->err) : KF_OK;
    return status == KF_OK ? put_list(e, ref) : status;
}

/* ---- Renaming ---- */

typedef struct renaming {
    kf_edit *e;
    const bins_change *change;
    bool changed;            /* the node being looked at */
} renaming;

/* A text of the node that is being built, under its new name. */
static node_text new_text(renaming *r, node_text old, const char *path)
{
    kf_str buffer = {0};
    const char *name = renamed(r->change, path, &buffer);
    node_text text = old;
    if (name != path) {
        text = build_text(&r->e->build, name);
        r->changed = true;
        r->e->build.failed |= buffer.failed;
    }
    kf_str_finish(&buffer);
    return text;
}

static kf_status rename_in_subclips(renaming *r, const kf_asset_view *asset, kf_ref *out)
{
    kf_edit *e = r->e;
    kf_subclip sub;
    const kf_node *node = kf_store_node(e->store, *out, NODE_SUBCLIPS, 0);
    bool touched = false;
    for (int32_t i = 0; kf_subclip_at(edit_state(e), asset, i, &sub); i++) {
        touched = touched || is_in(sub.bin, r->change->from);
    }
    if (!node || !touched) {
        return KF_OK;
    }
    build_load(&e->build, node);
    for (int32_t i = 0; kf_subclip_at(edit_state(e), asset, i, &sub); i++) {
        node_text text = new_text(r, ((const subclip_body *)kf_node_payload(node))[i].bin, sub.bin);
        build_body(&e->build, (size_t)i * sizeof(subclip_body) + offsetof(subclip_body, bin), &text, sizeof text);
    }
    return build_append(&e->build, e->store, NODE_SUBCLIPS, out, e->err);
}

static kf_status rename_in_asset(renaming *r, int32_t index, kf_ref *ref)
{
    kf_edit *e = r->e;
    kf_asset_view asset;
    const kf_node *node = kf_store_node(e->store, *ref, NODE_ASSET, sizeof(asset_body));
    if (!node || !kf_asset_at(edit_state(e), index, &asset)) {
        return KF_OK;
    }
    kf_ref subclips = kf_node_ref(node, ASSET_SUBCLIPS), old = subclips;
    kf_status status = rename_in_subclips(r, &asset, &subclips);
    if (status != KF_OK || (subclips == old && !is_in(asset.bin, r->change->from))) {
        return status;
    }
    build_load(&e->build, node);
    build_set_ref(&e->build, ASSET_SUBCLIPS, subclips);
    node_text text = new_text(r, ((const asset_body *)kf_node_payload(node))->bin, asset.bin);
    build_body(&e->build, offsetof(asset_body, bin), &text, sizeof text);
    return build_append(&e->build, e->store, NODE_ASSET, ref, e->err);
}

static kf_status rename_in_sequence(renaming *r, int32_t index, kf_ref *ref)
{
    kf_edit *e = r->e;
    kf_sequence_view sequence;
    const kf_node *node = kf_store_node(e->store, *ref, NODE_SEQUENCE, sizeof(sequence_body));
    if (!node || !kf_sequence_at(edit_state(e), index, &sequence) || !is_in(sequence.bin, r->change->from)) {
        return KF_OK;
    }
    build_load(&e->build, node);
    node_text text = new_text(r, ((const sequence_body *)kf_node_payload(node))->bin, sequence.bin);
    build_body(&e->build, offsetof(sequence_body, bin), &text, sizeof text);
    return build_append(&e->build, e->store, NODE_SEQUENCE, ref, e->err);
}

/* All members of one of the project's lists at once. */
static kf_status rename_in_list(renaming *r, uint32_t which)
{
    kf_edit *e = r->e;
    bool assets = which == PROJECT_ASSETS;
    node_list list = node_list_of(edit_state(e), which);
    list_member *members = kf_alloc_zero((size_t)list.count + 1, sizeof *members);
    kf_status status = members ? KF_OK : kf_fail_memory(e->err);
    r->changed = false;
    for (int32_t i = 0; status == KF_OK && node_list_at(&list, i, &members[i]); i++) {
        status = assets ? rename_in_asset(r, i, &members[i].ref) : rename_in_sequence(r, i, &members[i].ref);
    }
    if (status == KF_OK && list.count > 0 && members[list.count - 1].ref == KF_REF_NONE) {
        status = kf_fail(e->err, KF_ERR_PARSE, "the project is damaged: a list cannot be read");
    }
    if (status == KF_OK && r->changed) {
        status = project_put_all(e, which, members, (size_t)list.count);
    }
    kf_free(members);
    return status;
}

/* ---- Operations on bins ---- */

kf_status op_add_bin(kf_edit *e, uint16_t id, const void *args)
{
    const kf_edit_bin *a = args;
    kf_project_view project;
    kf_status status = check_path(e, a->bin);
    if (status == KF_OK && find_listed(e, a->bin, false) >= 0) {
        return REFUSE(e, "there is a bin \"%.200s\" already", a->bin);
    }
    if (status == KF_OK && kf_project_get(edit_state(e), &project) && project.bin_count >= KF_MODEL_MAX_BINS) {
        return REFUSE(e, "there are %d bins; more are not possible", KF_MODEL_MAX_BINS);
    }
    return status == KF_OK ? write_bins_list(e, &(bins_change){.without = -1, .more = a->bin}) : status;
}

static bool bin_exists(kf_edit *e, const char *bin)
{
    return find_listed(e, bin, false) >= 0 || find_listed(e, bin, true) >= 0 || has_members(e, bin);
}

/* Whether all paths that are renamed stay short enough. */
typedef struct length_check {
    const bins_change *change;
    bool good;
} length_check;

static bool check_length(void *ctx, const char *path)
{
    length_check *l = ctx;
    const char *from = l->change->from, *to = l->change->to;
    l->good = l->good && (!is_in(path, from) || strlen(path) - strlen(from) + strlen(to) <= LONGEST_BIN);
    return l->good;
}

static kf_status check_rename(kf_edit *e, const kf_edit_bin *a, const bins_change *change)
{
    kf_status status = check_path(e, a->to);
    if (status != KF_OK) {
        return status;
    }
    if (!*a->bin || !bin_exists(e, a->bin)) {
        return kf_fail(e->err, KF_ERR_NOT_FOUND, "there is no bin \"%.200s\"", a->bin);
    }
    if (is_in(a->to, a->bin)) {
        return REFUSE(e, "the bin \"%.200s\" cannot be moved into itself", a->bin);
    }
    if (bin_exists(e, a->to)) {
        return REFUSE(e, "there is a bin \"%.200s\" already", a->to);
    }
    length_check lengths = {change, true};
    const char *path;
    walk_members(edit_state(e), check_length, &lengths);
    for (int32_t i = 0; (path = kf_bin_at(edit_state(e), i)); i++) {
        check_length(&lengths, path);
    }
    return lengths.good ? KF_OK : REFUSE(e, "with that name, the path of a bin in it would be longer than %d bytes",
                                         LONGEST_BIN);
}

kf_status op_rename_bin(kf_edit *e, uint16_t id, const void *args)
{
    const kf_edit_bin *a = args;
    bins_change change = {.without = -1, .from = a->bin, .to = a->to};
    renaming r = {.e = e, .change = &change};
    kf_status status = check_rename(e, a, &change);
    status = status == KF_OK ? write_bins_list(e, &change) : status;
    status = status == KF_OK ? rename_in_list(&r, PROJECT_ASSETS) : status;
    return status == KF_OK ? rename_in_list(&r, PROJECT_SEQUENCES) : status;
}

kf_status op_remove_bin(kf_edit *e, uint16_t id, const void *args)
{
    const kf_edit_bin *a = args;
    int32_t index = find_listed(e, a->bin, false);
    if (has_members(e, a->bin) || find_listed(e, a->bin, true) >= 0) {
        return REFUSE(e, "the bin \"%.200s\" is not empty: move or remove what is in it first", a->bin);
    }
    return index >= 0 ? write_bins_list(e, &(bins_change){.without = index})
                      : kf_fail(e->err, KF_ERR_NOT_FOUND, "there is no bin \"%.200s\"", a->bin);
}

/* ---- The project ---- */

static void write_project_head(film_writer *fw, const void *view)
{
    const kf_project_view *p = view;
    kf_sequence_view main_sequence;
    kf_json_begin_object(&fw->w);
    write_text_key(&fw->w, "name", p->name);
    if (kf_sequence_at(fw->snapshot, p->main_sequence, &main_sequence)) {
        write_text_key(&fw->w, "main", main_sequence.id);
    }
    write_metadata(fw, p->metadata);
    kf_json_end_object(&fw->w);
}

/* main: the first sequence if not given. */
static kf_status find_main(kf_edit *e, const kf_json *json, uint64_t *uid)
{
    kf_snapshot state = edit_state(e);
    kf_sequence_view view;
    int32_t index = json && json->type == KF_JSON_STRING ? kf_sequence_find(state, json->text) : json ? -1 : 0;
    if (!kf_sequence_at(state, index, &view)) {
        return json && json->type == KF_JSON_STRING
                   ? kf_fail(e->err, KF_ERR_NOT_FOUND, "there is no sequence \"%.100s\"", json->text)
                   : REFUSE(e, "main must be the id of a sequence");
    }
    *uid = view.uid;
    return KF_OK;
}

static kf_status write_project(kf_edit *e, const kf_json *json)
{
    project_body body;
    uint64_t main_uid = 0;
    kf_ref metadata = KF_REF_NONE;
    fragment_scope scope = edit_scope(e);
    const kf_json *name = kf_json_get(json, "name"), *meta = kf_json_get(json, "metadata");
    if (name && (name->type != KF_JSON_STRING || strlen(name->text) != name->length)) {
        return REFUSE(e, "the name of a project is a text");
    }
    kf_status status = find_main(e, kf_json_get(json, "main"), &main_uid);
    if (status == KF_OK && meta) {
        status = fragment_read_metadata(&scope, meta, &metadata);
    }
    status = status == KF_OK ? project_load(e, &body) : status;
    if (status != KF_OK) {
        return status;
    }
    body.main_uid = main_uid;
    body.name = build_text(&e->build, name ? name->text : NULL);
    build_set_ref(&e->build, PROJECT_METADATA, metadata);
    return project_store(e, &body);
}

static kf_status check_keys(kf_edit *e, const kf_json *set)
{
    static const char *const keys[] = {"name", "main", "metadata"};
    for (const kf_json *child = set->first; child && set->type == KF_JSON_OBJECT; child = child->next) {
        bool known = false;
        for (size_t i = 0; i < 3; i++) {
            known = known || strcmp(child->key, keys[i]) == 0;
        }
        if (!known) {
            return kf_json_fail(child, e->name, e->err, "of a project, name, main and metadata can be set");
        }
    }
    return KF_OK;
}

kf_status op_set_project(kf_edit *e, uint16_t id, const void *args)
{
    const kf_edit_project *a = args;
    kf_project_view project;
    kf_json_doc *doc;
    kf_status status = check_keys(e, a->set);
    if (status == KF_OK && !kf_project_get(edit_state(e), &project)) {
        return kf_fail(e->err, KF_ERR_PARSE, "the project is damaged: its root cannot be read");
    }
    status = status == KF_OK ? edit_merge(e, write_project_head, &project, a->set, &doc) : status;
    if (status != KF_OK) {
        return status;
    }
    status = write_project(e, kf_json_root(doc));
    kf_json_free(doc);
    return status;
}
