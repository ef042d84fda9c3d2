/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The disk cache: bytes and files by key, in a folder with an SQLite database, bounded, the least recently used leave
 * first. Any number of processes may share it. Nothing here fails: what cannot be read is not there, what cannot be written
 * is not kept, and a damaged database is started anew. Thread-safe; calls wait for the disk. */
#ifndef KF_MEDIA_CACHE_H
#define KF_MEDIA_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct kf_disk_cache kf_disk_cache;

/* Opens or makes it in `folder`, which is made if absent; limit in bytes. NULL only when out of memory. */
kf_disk_cache *kf_disk_cache_open(const char *folder, int64_t limit);
void kf_disk_cache_close(kf_disk_cache *cache); /* NULL is fine */

/* A copy of the bytes (kf_free), as they were put: they carry a checksum. NULL: not there. cache may be NULL. */
uint8_t *kf_disk_cache_get(kf_disk_cache *cache, const char *key, size_t *length);
void kf_disk_cache_put(kf_disk_cache *cache, const char *key, const void *bytes, size_t length);

/* A path for a file of this key, with this extension, in the cache's folder, where the caller writes it; the file counts
 * once it is added. New string (kf_free), NULL without a cache. */
char *kf_disk_cache_file_path(kf_disk_cache *cache, const char *key, const char *extension);
void kf_disk_cache_add_file(kf_disk_cache *cache, const char *key, const char *extension);
/* The path of an added file that is there with the size it had; NULL: none. New string. */
char *kf_disk_cache_find_file(kf_disk_cache *cache, const char *key, const char *extension);

void kf_disk_cache_remove(kf_disk_cache *cache, const char *key);
void kf_disk_cache_clear(kf_disk_cache *cache);

typedef struct kf_disk_cache_stats {
    int64_t bytes, limit, entries;
    int64_t hits, misses, rebuilt; /* since it was opened */
    bool available;
} kf_disk_cache_stats;
kf_disk_cache_stats kf_disk_cache_get_stats(kf_disk_cache *cache);

#endif
