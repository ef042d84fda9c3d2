/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Edits at random. */
#ifndef KF_TEST_REQUEST_H
#define KF_TEST_REQUEST_H

#include "base/api/json.h"
#include "plain.h"

/* What requests are about: clips and their places. */
typedef struct target {
    uint64_t id;
    kf_time start, duration;
    int track;
} target;
typedef struct scene {
    uint64_t *random;
    target *clips;
    int count;
    kf_time frame, duration;
    int wanted;               /* about as many clips are wanted */
} scene;

typedef struct request {
    uint16_t op;              /* 0: text */
    union {
        kf_edit_put put;
        kf_edit_span span;
        kf_edit_razor razor;
        kf_edit_delete remove;
        kf_edit_close_gap close_gap;
        kf_edit_insert_gap insert_gap;
        kf_edit_trim trim;
        kf_edit_shift shift;
        kf_edit_swap swap;
        kf_edit_move move;
        kf_edit_track track;
    } args;
    uint64_t ids[4];
    char tracks[32];
    char text[600];           /* the operation as JSON, for those that the plain film does not know */
} request;

uint32_t random_below(uint64_t *state, uint32_t n);
/* One that the plain film knows. */
void request_plain(const scene *s, request *out);
/* One of the others. */
void request_other(const scene *s, request *out);
/* In words, for a failure. */
void request_print(const request *r);
/* The track's new flags as an object; the caller frees. */
kf_json_doc *request_json(const char *text);

#endif
