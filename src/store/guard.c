/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A read of a mapped file beyond its end, or from a failing disk, raises SIGBUS. For stores the handler here puts zeros
 * in the place and notes the damage; every other SIGBUS goes where it went before. Signal handlers belong to the
 * process, so this is the one place of the store with state of its own. */
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "store/file.h"

enum { GUARDS = 1024 };

/* size 0: free. Read by the handler at any moment. */
typedef struct guarded {
    _Atomic uintptr_t base;
    _Atomic uint64_t size;
    kf_store *_Atomic store;
} guarded;

static guarded guards[GUARDS];
static pthread_mutex_t guards_mutex = PTHREAD_MUTEX_INITIALIZER;
static struct sigaction previous;
static bool installed;

static const guarded *guard_of(uintptr_t address)
{
    for (size_t i = 0; i < GUARDS; i++) {
        uint64_t size = atomic_load(&guards[i].size);
        uintptr_t base = atomic_load(&guards[i].base);
        if (size > 0 && address >= base && address - base < size) {
            return &guards[i];
        }
    }
    return NULL;
}

static bool put_zeros(uintptr_t address)
{
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    return mmap((void *)(address & ~(page - 1)), page, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != MAP_FAILED;
}

static void hand_on(int number, siginfo_t *info, void *context)
{
    if (previous.sa_flags & SA_SIGINFO) {
        previous.sa_sigaction(number, info, context);
    } else if (previous.sa_handler != SIG_DFL && previous.sa_handler != SIG_IGN) {
        previous.sa_handler(number);
    } else {
        signal(number, SIG_DFL); /* the access is repeated and ends the process */
    }
}

static void on_bus_error(int number, siginfo_t *info, void *context)
{
    uintptr_t address = (uintptr_t)info->si_addr;
    const guarded *hit = guard_of(address);
    if (hit && put_zeros(address)) {
        store_note_damage(atomic_load(&hit->store), address - atomic_load(&hit->base), DAMAGE_READ);
    } else {
        hand_on(number, info, context);
    }
}

static void install(void)
{
    struct sigaction action = {.sa_flags = SA_SIGINFO | SA_ONSTACK};
    action.sa_sigaction = on_bus_error;
    sigemptyset(&action.sa_mask);
    installed = sigaction(SIGBUS, &action, &previous) == 0;
}

int guard_add(kf_store *store)
{
    int slot = -1;
    pthread_mutex_lock(&guards_mutex);
    if (!installed) {
        install();
    }
    for (int i = 0; i < GUARDS && slot < 0; i++) {
        slot = atomic_load(&guards[i].size) == 0 ? i : -1;
    }
    if (slot >= 0) {
        atomic_store(&guards[slot].base, (uintptr_t)store->nodes.base);
        atomic_store(&guards[slot].store, store);
        atomic_store(&guards[slot].size, store->nodes.reserved);
    }
    pthread_mutex_unlock(&guards_mutex);
    return slot;
}

void guard_remove(int slot)
{
    if (slot >= 0) {
        atomic_store(&guards[slot].size, 0);
    }
}
