/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One walk from the front finds every node that is sound by itself. References lead backward, so on the way it is known
 * of each whether all that it needs is sound too. */
#include <stdio.h>
#include <unistd.h>

#include "base/api/alloc.h"
#include "store/file.h"

typedef struct recovery {
    kf_store *in, *out;
    uint64_t size;
    uint64_t *sound;          /* bit n: the node at 8 * n and all that it needs */
    uint64_t searched;        /* bytes of what looked like nodes and was not */
    kf_ref *commits;          /* sound ones, in the order of the file */
    size_t commit_count, commit_capacity;
    kf_ref head, saved;
    const kf_store_watch *watch;
    kf_recover_report report;
    kf_error *err;
} recovery;

static bool is_sound(const recovery *r, kf_ref ref)
{
    return ref < r->size && (r->sound[ref / 512] >> (ref / 8 % 64) & 1);
}

static bool refs_are_sound(const recovery *r, const kf_node *node)
{
    for (uint32_t i = 0; i < node->ref_count; i++) {
        kf_ref ref = kf_node_refs(node)[i];
        if (ref != KF_REF_NONE && !is_sound(r, ref)) {
            return false;
        }
    }
    return true;
}

static kf_status take_commit(recovery *r, kf_ref at, bool *sound)
{
    kf_commit commit;
    *sound = read_commit(node_at(r->in, at), &commit) && is_sound(r, commit.root);
    r->report.commits++;
    r->report.lost_commits += !*sound;
    r->report.newest = *sound;
    if (!*sound) {
        return KF_OK;
    }
    void *commits = r->commits;
    if (kf_grow(&commits, &r->commit_capacity, r->commit_count + 1, sizeof *r->commits) != 0) {
        return kf_fail_memory(r->err);
    }
    r->commits = commits;
    r->commits[r->commit_count++] = r->head = at;
    return KF_OK;
}

static void take_mark(recovery *r, const kf_node *node)
{
    kf_ref commit = kf_node_ref(node, MARK_COMMIT);
    bool sound = is_sound(r, commit) && node_at(r->in, commit)->kind == KF_NODE_COMMIT;
    if (node->kind == KF_NODE_HEAD) {
        r->report.newest = sound;
    }
    if (sound) {
        *(node->kind == KF_NODE_HEAD ? &r->head : &r->saved) = commit;
    }
}

static kf_status take(recovery *r, kf_ref at)
{
    const kf_node *node = node_at(r->in, at);
    bool sound = false;
    kf_status status = KF_OK;
    r->report.nodes++;
    store_set_start(r->in, at);
    if (node->kind == KF_NODE_COMMIT) {
        status = take_commit(r, at, &sound);
    } else if (is_record(node->kind)) {
        take_mark(r, node);
    } else {
        sound = refs_are_sound(r, node);
        r->report.lost_nodes += !sound;
    }
    r->sound[at / 512] |= (uint64_t)sound << (at / 8 % 64);
    return status;
}

/* A file made to keep us busy looks like a large node everywhere: soon only small ones are looked for. */
enum { SEARCH_FACTOR = 8, SEARCH_SMALL = 1024 };

static bool is_node(recovery *r, kf_ref at)
{
    const kf_node *node = node_at(r->in, at);
    if (!node_fits(node, at, r->size) ||
        (r->searched / SEARCH_FACTOR > r->size && node->size > SEARCH_SMALL)) {
        return false;
    }
    if (!node_flaw(r->in->nodes.base, at, r->size)) {
        return true;
    }
    r->searched += node->size;
    return false;
}

static kf_status walk(recovery *r)
{
    kf_status status = KF_OK;
    uint64_t steps = 0;
    for (kf_ref at = KF_STORE_FIRST_NODE; at + sizeof(kf_node) <= r->size && status == KF_OK;) {
        if (is_node(r, at)) {
            status = take(r, at);
            at += align8(node_at(r->in, at)->size);
        } else {
            r->report.lost_bytes += 8;
            r->report.newest = false; /* until a later record says where the head is */
            at += 8;
        }
        if (status == KF_OK && ++steps % 65536 == 0) {
            status = watch_step(r->watch, 0, 0.5, (double)at / (double)r->size, r->err);
        }
    }
    return status;
}

/* The nearest commit before it that was written; where the chain is broken, the last one that was. */
static kf_ref kept_parent(const copier *c, kf_ref commit)
{
    kf_commit desc;
    while (kf_store_commit_get(c->from, commit, &desc)) {
        kf_ref out = copier_translate(c, desc.parent);
        if (out != KF_REF_NONE || desc.parent == KF_REF_NONE) {
            return out;
        }
        commit = desc.parent;
    }
    return kf_store_head(c->to);
}

static kf_status write_history(recovery *r, copier *c)
{
    kf_status status = KF_OK;
    for (size_t i = 0; i < r->commit_count && status == KF_OK; i++) {
        status = copier_commit(c, r->commits[i], kept_parent(c, r->commits[i]), r->err);
    }
    if (status == KF_OK && r->saved != KF_REF_NONE) {
        status = store_set_saved(c->to, copier_translate(c, r->saved), r->err);
    }
    kf_ref head = copier_translate(c, r->head);
    return status == KF_OK && head != kf_store_head(c->to) ? kf_store_set_head(c->to, head, r->err) : status;
}

static kf_status copy_all(recovery *r)
{
    copier c;
    kf_status status = copier_init(&c, r->in, r->out, r->err);
    for (size_t i = 0; i < r->commit_count && status == KF_OK; i++) {
        reach_add(&c.bulk, kf_node_ref(node_at(r->in, r->commits[i]), COMMIT_ROOT));
    }
    const kf_store_watch *watch = r->watch;
    status = status == KF_OK ? copier_bulk(&c, NULL, r->err) : status;
    status = status == KF_OK ? watch_step(watch, 0, 1, 0.9, r->err) : status;
    status = status == KF_OK ? write_history(r, &c) : status;
    status = status == KF_OK ? kf_store_sync(r->out, r->err) : status;
    copier_finish(&c);
    return status;
}

static kf_status write_out(recovery *r, const char *out_path)
{
    kf_status status = kf_store_create_file(out_path, NULL, &r->out, r->err);
    if (status != KF_OK) {
        return status;
    }
    status = copy_all(r);
    if (status == KF_OK && kf_store_commit_get(r->out, kf_store_head(r->out), &r->report.head)) {
        snprintf(r->report.label, sizeof r->report.label, "%s", r->report.head.label);
    }
    if (status != KF_OK) {
        flush_abandon(r->out);
        unlink(kf_store_path(r->out));
    }
    kf_store_unref(r->out);
    return status;
}

static void describe_head(recovery *r)
{
    kf_commit old;
    r->report.head.label = r->report.label;
    if (kf_store_commit_get(r->in, r->head, &old)) {
        r->report.head.serial = old.serial;
    }
}

static kf_status recover(recovery *r, const char *in_path, const char *out_path)
{
    r->sound = kf_alloc_zero((size_t)(r->size / 512 + 1), sizeof *r->sound);
    if (!r->sound) {
        return kf_fail_memory(r->err);
    }
    kf_status status = walk(r);
    if (status != KF_OK) {
        return status;
    }
    if (r->commit_count == 0) {
        return kf_fail(r->err, KF_ERR_PARSE, "nothing can be saved from %s: %s (%llu of its %llu bytes are damaged)",
                       in_path, r->report.commits ? "every state in it has lost something" : "it holds no state any more",
                       (unsigned long long)r->report.lost_bytes, (unsigned long long)r->size);
    }
    status = write_out(r, out_path);
    describe_head(r);
    return status;
}

kf_status kf_store_recover(const char *in_path, const char *out_path, const kf_store_watch *watch,
                           kf_recover_report *report, kf_error *err)
{
    recovery r = {.watch = watch, .err = err};
    kf_status status = file_open_raw(in_path, &r.in, err);
    if (status != KF_OK) {
        return status;
    }
    r.size = r.report.bytes = kf_store_bytes(r.in);
    status = recover(&r, in_path, out_path);
    if (report) {
        *report = r.report;
        report->head.label = report->label;
    }
    kf_free(r.sound);
    kf_free(r.commits);
    kf_store_unref(r.in);
    return status;
}
