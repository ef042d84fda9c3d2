/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/api/alloc.h"
#include "interchange/internal.h"

/* In place. "%00" and broken escapes stay as they are. */
static void decode(char *text)
{
    char *to = text;
    for (const char *from = text; *from; from++) {
        int high = *from == '%' ? kf_hex_digit(from[1]) : -1, low = high >= 0 ? kf_hex_digit(from[2]) : -1;
        bool escaped = low >= 0 && high + low > 0;
        *to++ = escaped ? (char)(high * 16 + low) : *from;
        from += escaped ? 2 : 0;
    }
    *to = '\0';
}

char *ix_path_from_url(const char *url)
{
    if (strncasecmp(url, "file:", 5) != 0) {
        return kf_strdup(url);
    }
    const char *path = url + 5;
    if (strncmp(path, "//", 2) == 0) {
        path += strcspn(path + 2, "/") + 2;
    }
    char *copy = kf_strdup(path);
    if (!copy) {
        return NULL;
    }
    decode(copy);
    if (copy[0] == '/' && isalpha((unsigned char)copy[1]) && copy[2] == ':') {
        memmove(copy, copy + 1, strlen(copy));
    }
    if (copy && copy[0] == '/' && isalpha((unsigned char)copy[1]) && copy[2] == ':') {
        memmove(copy, copy + 1, strlen(copy));
    }
    return copy;
}

static bool is_url(const char *path)
{
    size_t scheme = 0;
    while (isalnum((unsigned char)path[scheme]) || (scheme && strchr("+-.", path[scheme]) && path[scheme])) {
        scheme++;
    }
    return scheme > 1 && strncmp(path + scheme, "://", 3) == 0;
}

void ix_add_url(kf_str *out, const char *path, const char *host)
{
    bool drive = isalpha((unsigned char)path[0]) && path[1] == ':';
    if (is_url(path)) {
        kf_str_add(out, path);
        return;
    }
    if (path[0] == '/' || drive) {
        kf_str_addf(out, "file://%s%s", host, drive ? "/" : "");
    }
    for (; *path; path++) {
        unsigned char c = (unsigned char)*path;
        if (isalnum(c) || strchr("/-_.~!$&'()*+,;=:@", c)) {
            kf_str_add_n(out, path, 1);
        } else {
            kf_str_addf(out, "%%%02X", c);
        }
    }
}
