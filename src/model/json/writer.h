/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside of the model's JSON writer. */
#ifndef KF_MODEL_JSON_WRITER_H
#define KF_MODEL_JSON_WRITER_H

#include "model/json/reader.h"

typedef struct film_writer {
    kf_json_writer w;
    kf_snapshot snapshot;
    kf_rational rate;   /* of the sequence being written; {0, 0} if it is left to the media */
} film_writer;

void write_float(kf_json_writer *w, float v);                       /* the shortest decimal that gives this float */
void write_float_color(kf_json_writer *w, const float c[4]);
void write_ratio(kf_json_writer *w, kf_rational ratio);
bool write_compact(kf_json_writer *w);                              /* switches to one line; what it was before */
void write_time(film_writer *fw, kf_time t);
void write_params(film_writer *fw, const kf_params *params);        /* keys for what is set */
void write_effects(film_writer *fw, const char *key, kf_effects effects);
void write_markers(film_writer *fw, kf_markers markers);

#endif
