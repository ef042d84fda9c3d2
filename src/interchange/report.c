/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include <string.h>

#include "base/api/alloc.h"
#include "interchange/api/interchange.h"

static char *copy_valid(const char *text)
{
    char *copy = kf_strdup(text);
    if (copy) {
        copy[kf_utf8_prefix(copy, strlen(copy))] = '\0';
    }
    return copy;
}

static bool keep(kf_report *report, kf_loss_kind kind, const char *where, const char *what)
{
    if (kf_grow((void **)&report->losses, &report->capacity, report->count + 1, sizeof *report->losses)) {
        return false;
    }
    kf_loss *loss = &report->losses[report->count];
    *loss = (kf_loss){kind, copy_valid(where), copy_valid(what)};
    if (!loss->where || !loss->what) {
        kf_free(loss->where);
        kf_free(loss->what);
        return false;
    }
    report->count++;
    return true;
}

void kf_report_add(kf_report *report, kf_loss_kind kind, const char *where, const char *format, ...)
{
    char what[600];
    va_list args;
    if (!report || report->failed) {
        return;
    }
    if (report->count >= KF_REPORT_MAX) {
        report->dropped++;
        return;
    }
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    report->failed = !keep(report, kind, where, what);
}

void kf_report_finish(kf_report *report)
{
    for (size_t i = 0; i < report->count; i++) {
        kf_free(report->losses[i].where);
        kf_free(report->losses[i].what);
    }
    kf_free(report->losses);
    *report = (kf_report){0};
}

const char *kf_loss_kind_name(kf_loss_kind kind)
{
    static const char *const names[] = {"dropped", "changed", "metadata", "note"};
    return names[kind];
}
