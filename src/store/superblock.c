/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "store/private.h"

static bool read_one(const unsigned char *page, uint64_t place, superblock *out)
{
    memcpy(out, page + place, sizeof *out);
    return out->generation > 0 && superblock_place(out->generation) == place &&
           out->checksum == kf_crc32c(0, out, offsetof(superblock, checksum));
}

bool superblock_read(const unsigned char *page, superblock *out)
{
    superblock first, second;
    bool a = read_one(page, SUPERBLOCK_FIRST, &first), b = read_one(page, SUPERBLOCK_SECOND, &second);
    *out = a && (!b || first.generation > second.generation) ? first : second;
    return a || b;
}

void superblock_seal(superblock *block)
{
    block->checksum = kf_crc32c(0, block, offsetof(superblock, checksum));
}

static bool state_is_whole(const kf_store *store, const log_state *state, uint64_t size)
{
    if (state->last_record == KF_REF_NONE) {
        return state->end == KF_STORE_FIRST_NODE && state->head == KF_REF_NONE && state->saved == KF_REF_NONE;
    }
    if (state->end > size || !store_is_start(store, state->last_record, size)) {
        return false;
    }
    const kf_node *record = node_at(store, state->last_record);
    return is_record(record->kind) && state->last_record + align8(record->size) == state->end &&
           store_is_commit(store, state->head, state->end) &&
           (state->saved == KF_REF_NONE || store_is_commit(store, state->saved, state->end));
}

void store_scan_forward(kf_store *store, log_state *state, uint64_t size)
{
    log_walk w = {.store = store, .at = state->end, .end = size, .last = *state};
    while (w.at < size && !log_step(&w)) {
    }
    store_clear_starts(store, w.last.end, w.at);
    *state = w.last;
}

static kf_status fail_damaged(const char *name, uint64_t end, uint64_t size, kf_error *err)
{
    static const char way_out[] = "\"kerf recover\" writes what can be saved to a new file";
    return size < end ? kf_fail(err, KF_ERR_PARSE, "%s is damaged: it should have %llu bytes, and has %llu; %s", name,
                                (unsigned long long)end, (unsigned long long)size, way_out)
                      : kf_fail(err, KF_ERR_PARSE, "%s is damaged: no sound state ends at byte %llu, as it should; %s", name,
                                (unsigned long long)end, way_out);
}

kf_status store_adopt(kf_store *store, uint64_t size, const char *name, uint64_t *generation, uint64_t *durable,
                      kf_error *err)
{
    if (size < KF_STORE_FIRST_NODE || !store_header_is_sound(store->nodes.base)) {
        return kf_fail(err, KF_ERR_PARSE,
                       "%s is not a Kerf project, or its beginning is damaged; \"kerf recover\" writes what can be "
                       "saved to a new file",
                       name);
    }
    superblock block;
    log_state state = {.end = KF_STORE_FIRST_NODE};
    *generation = 0;
    atomic_store_explicit(&store->unchecked, size, memory_order_relaxed);
    if (superblock_read(store->nodes.base, &block)) {
        *generation = block.generation;
        state = block.state;
    }
    if (!state_is_whole(store, &state, size)) {
        return fail_damaged(name, state.end, size, err);
    }
    uint64_t promised = state.end;
    store_scan_forward(store, &state, size);
    *durable = *generation ? promised : state.end; /* without superblocks most of it is old all the same */
    store_set_state(store, &state);
    return KF_OK;
}
