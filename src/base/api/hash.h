/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XXH64 (Y. Collet), streaming: for --hash. */
#ifndef KF_BASE_HASH_H
#define KF_BASE_HASH_H

#include "base/api/image.h"

typedef struct kf_hasher {
    uint64_t lane[4], total;
    uint8_t buffer[32];
    int used;
} kf_hasher;
void kf_hasher_init(kf_hasher *h);
void kf_hasher_add(kf_hasher *h, const void *bytes, size_t length);
uint64_t kf_hasher_end(const kf_hasher *h);
/* All samples of all planes, without padding. */
uint64_t kf_image_hash(const kf_image *image);

#endif
