/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/private.h"

#ifdef __wasm__
#include "base/api/alloc.h"

bool region_reserve(region *r, uint64_t size)
{
    *r = (region){.base = size <= SIZE_MAX ? kf_alloc_zero(1, (size_t)size) : NULL, .reserved = size, .usable = size};
    return r->base != NULL;
}

bool region_grow(region *r, uint64_t size)
{
    return size <= r->reserved;
}

void region_release(region *r)
{
    kf_free(r->base);
    *r = (region){0};
}

#else
#include <fcntl.h>
#include <sys/mman.h>

/* FILE_STEP: memory in a file is had at once, not page by page as it is touched; so in small steps. */
enum { STEP = 1 << 20, LARGEST_STEP = 4 << 20, FILE_STEP = 64 << 10 };

static uint64_t round_up(uint64_t n, uint64_t step)
{
    return (n + step - 1) / step * step;
}

bool region_reserve(region *r, uint64_t size)
{
    size = round_up(size, STEP);
    void *base = size > SIZE_MAX / 2
                     ? MAP_FAILED
                     : mmap(NULL, (size_t)size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    *r = (region){.fd = -1};
    if (base == MAP_FAILED) {
        return false;
    }
    r->base = base;
    r->reserved = size;
    return true;
}

/* An eighth ahead of need, within 1 to 4 MiB: few system calls, and no long wait in any one edit. */
static uint64_t step_ahead(const region *r)
{
    return r->usable / 8 > LARGEST_STEP ? LARGEST_STEP : r->usable / 8;
}

/* [from, to) in the region's file; false if it has none, or no room. */
static bool map_own(region *r, uint64_t from, uint64_t to)
{
    off_t at = (off_t)(from + r->fd_shift);
    return r->fd >= 0 && posix_fallocate(r->fd, at, (off_t)(to - from)) == 0 &&
           mmap(r->base + from, (size_t)(to - from), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, r->fd, at) !=
               MAP_FAILED;
}

bool region_grow(region *r, uint64_t size)
{
    if (size <= r->usable) {
        return true;
    }
    if (size > r->reserved) {
        return false;
    }
    uint64_t ahead = r->usable + (r->fd >= 0 ? 0 : step_ahead(r));
    uint64_t wanted = round_up(size > ahead ? size : ahead, r->fd >= 0 ? FILE_STEP : STEP);
    wanted = wanted > r->reserved ? r->reserved : wanted;
    if (!map_own(r, r->usable, wanted) &&
        mprotect(r->base + r->usable, (size_t)(wanted - r->usable), PROT_READ | PROT_WRITE) != 0) {
        return false;
    }
    r->usable = wanted;
    return true;
}

bool region_open(region *r, uint64_t from, uint64_t to)
{
    if (to > from && !map_own(r, from, to) &&
        mmap(r->base + from, (size_t)(to - from), PROT_READ | PROT_WRITE,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0) == MAP_FAILED) {
        return false;
    }
    r->usable = to;
    return true;
}

void region_release(region *r)
{
    if (r->base) {
        munmap(r->base, (size_t)r->reserved);
    }
    *r = (region){.fd = -1};
}
#endif
