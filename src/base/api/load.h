/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Functions of shared libraries that are loaded when they are first needed, because they would make every program start
 * slower. Any thread. */
#ifndef KF_BASE_LOAD_H
#define KF_BASE_LOAD_H

#include <stdbool.h>

/* Puts the address of a library's function into *function, a pointer to a function of its type. False, and NULL there, if
 * the library or the function is not there. library is a name such as "libjack.so.0"; NULL: one that is linked already.
 * It stays loaded. */
bool kf_load_function(const char *library, const char *name, void *function);

#endif
