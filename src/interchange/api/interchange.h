/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Other editors' files: read into a film, and written from one, with a report of what did not survive the way.
 *
 * An importer turns bytes into the text of a film (docs/film-format.md), which the model reads and checks like any
 * other; an exporter reads a snapshot. Every function may be called from any thread; a report and a string belong to
 * one thread at a time. Nothing here opens a file. */
#ifndef KF_INTERCHANGE_H
#define KF_INTERCHANGE_H

#include "base/api/str.h"
#include "model/api/model.h"

typedef enum kf_loss_kind {
    KF_LOSS_DROPPED,     /* not there any more */
    KF_LOSS_CHANGED,     /* there, but not the same: another effect, a rounded time */
    KF_LOSS_METADATA,    /* not understood by the other side, but kept as metadata: comes back on the way back */
    KF_LOSS_NOTE         /* nothing is lost; something worth knowing was decided */
} kf_loss_kind;

typedef struct kf_loss {
    kf_loss_kind kind;
    char *where;         /* "Sequence 1 / V1 / 00:00:10:00 bunny.mp4" */
    char *what;          /* one sentence */
} kf_loss;

/* Zero-initialise; kf_report_finish. `failed`: an allocation failed and entries are missing. */
typedef struct kf_report {
    kf_loss *losses;
    size_t count, capacity;
    size_t dropped;      /* entries past KF_REPORT_MAX, which are only counted */
    bool failed;
} kf_report;
enum { KF_REPORT_MAX = 100000 };
/* report may be NULL: then nothing is kept. Text is copied. */
void kf_report_add(kf_report *report, kf_loss_kind kind, const char *where, const char *format, ...) KF_PRINTF(4, 5);
void kf_report_finish(kf_report *report);
const char *kf_loss_kind_name(kf_loss_kind kind); /* "dropped", "changed", "metadata", "note" */

typedef struct kf_import_params {
    const char *bytes;
    size_t length;
    const char *name;    /* of the file: starts error messages, and names a sequence that has no name */
    kf_rational rate;    /* for forms that do not say theirs (EDL, captions); {0, 0}: the format's own default */
} kf_import_params;

typedef struct kf_export_params {
    int32_t sequence;    /* index; -1: the main one */
    const char *name;    /* of the file: starts error messages, and is the title where the sequence has no name */
    const char *folder;  /* where the film is: formats whose readers want absolute paths make relative ones so (xmeml);
                            NULL or "": paths stay as the film has them */
} kf_export_params;

/* A format: one const struct at the end of its file. `import` and `export` append to their kf_str, which on failure
 * holds nothing to use; NULL: this way does not exist. Errors of import: KF_ERR_PARSE (not in this form),
 * KF_ERR_INVALID (impossible values), KF_ERR_UNSUPPORTED (past a limit), KF_ERR_MEMORY; of export: KF_ERR_UNSUPPORTED
 * (the format cannot carry any of it), KF_ERR_INVALID (no such sequence), KF_ERR_MEMORY. report may be NULL. */
typedef struct kf_interchange {
    const char *name;                 /* "otio" */
    const char *label;                /* "OpenTimelineIO" */
    const char *const *extensions;    /* NULL-terminated, lower case, without the dot */
    bool partial;                     /* it holds only some kinds of clips (captions): read back, it is another film */
    bool (*sniff)(const char *bytes, size_t length);
    kf_status (*import)(const kf_import_params *params, kf_str *film, kf_report *report, kf_error *err);
    kf_status (*export)(kf_snapshot snapshot, const kf_export_params *params, kf_str *out, kf_report *report,
                        kf_error *err);
} kf_interchange;

const kf_interchange *kf_interchange_at(int index);          /* NULL past the last */
/* By name or extension, in any case; NULL if there is none. */
const kf_interchange *kf_interchange_find(const char *name);
/* By what the bytes look like; NULL if like nothing known. */
const kf_interchange *kf_interchange_sniff(const char *bytes, size_t length);

/* Reports how the main sequence of `after` (a film that was written and read again) differs from `sequence` (index; -1:
 * the main one) of `before`: clips and transitions that are gone or new, other times, speeds, sources. Effects and
 * names are not compared. */
kf_status kf_interchange_compare(kf_snapshot before, int32_t sequence, kf_snapshot after, kf_report *report,
                                 kf_error *err);

#endif
