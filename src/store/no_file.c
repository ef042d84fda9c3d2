/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where there are no files to map: stores live in memory. */
#include "store/private.h"

static kf_status no_files(kf_error *err)
{
    return kf_fail(err, KF_ERR_UNSUPPORTED,
                   "this build keeps projects in memory: read the file's bytes and open those");
}

kf_status kf_store_create_file(const char *path, const kf_store_params *params, kf_store **out, kf_error *err)
{
    return no_files(err);
}

kf_status kf_store_open_file(const char *path, const kf_store_params *params, kf_store **out, kf_error *err)
{
    return no_files(err);
}

void file_publish(kf_store *store)
{
}

void file_close(kf_store *store)
{
}

const char *kf_store_path(const kf_store *store)
{
    return NULL;
}

bool kf_store_replaced(const kf_store *store)
{
    return false;
}

kf_status kf_store_sync(kf_store *store, kf_error *err)
{
    return KF_OK;
}

void kf_store_flush_state(const kf_store *store, kf_store_flush_info *out)
{
    *out = (kf_store_flush_info){0};
}

kf_status kf_store_refresh(kf_store *store, bool *changed, kf_error *err)
{
    if (changed) {
        *changed = false;
    }
    return KF_OK;
}

void file_publish_part(kf_store *store)
{
}

kf_status kf_compact_begin(kf_store *store, const kf_compact_params *params, kf_compact **out, kf_error *err)
{
    return no_files(err);
}

kf_status kf_compact_run(kf_compact *compact, kf_error *err)
{
    return no_files(err);
}

kf_status kf_compact_finish(kf_compact *compact, kf_store **out, kf_error *err)
{
    return no_files(err);
}

void kf_compact_destroy(kf_compact *compact)
{
}

kf_status kf_store_recover(const char *in_path, const char *out_path, const kf_store_watch *watch,
                           kf_recover_report *report, kf_error *err)
{
    return no_files(err);
}
