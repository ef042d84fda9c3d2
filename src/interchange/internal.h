/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the formats share: the film that an importer writes, times, and file URLs. */
#ifndef KF_INTERCHANGE_INTERNAL_H
#define KF_INTERCHANGE_INTERNAL_H

#include "base/api/json.h"
#include "base/api/time.h"
#include "interchange/api/interchange.h"

/* ---- Texts by key ---- */

/* A hash table of texts to texts and numbers. Zero-initialise; ix_table_finish. */
typedef struct ix_entry {
    char *key, *text;
    int64_t number;
} ix_entry;
typedef struct ix_table {
    ix_entry *entries;
    size_t count, capacity;
    uint32_t *slots;          /* index into entries plus 1; 0: free */
    size_t slot_count;
    uint64_t seed;            /* of the hash, so that no file can be made whose keys all meet */
} ix_table;
ix_entry *ix_table_find(const ix_table *table, const char *key);
/* The entry of `key`, new (text NULL, number 0) if there was none; NULL: out of memory. Good until the next add. */
ix_entry *ix_table_add(ix_table *table, const char *key);
void ix_table_finish(ix_table *table);

/* ---- A film being written ---- */

/* The text of a film in its parts, as assets and nested sequences are met in the middle of others. Do not move it.
 *
 *     ix_film_init(&film, name);
 *     const char *id = ix_film_asset(&film, url, "bunny", &fresh);
 *     if (fresh) { kf_json_put_string(&film.assets, "path", ...); kf_json_end_object(&film.assets); }
 *     ix_sequence_begin(&film, &sequence, "Reel 1", rate); ... sequence.w ...; ix_sequence_end(&film, &sequence);
 *     status = ix_film_write(&film, main_id, out, err);
 *     ix_film_finish(&film);
 *
 * Failed allocations are remembered and reported by ix_film_write. */
typedef struct ix_film {
    kf_str head_text, asset_text, sequence_text;
    kf_json_writer head;      /* members of the film itself: bins, metadata */
    kf_json_writer assets;
    ix_table assets_by_key, ids;
    bool failed;
} ix_film;
void ix_film_init(ix_film *film, const char *name);
void ix_film_finish(ix_film *film);
/* The id of the asset that the format knows by `key` (a URL, a file's id). If it is new, *fresh is set, its object has
 * been begun in film->assets, and the caller writes its members and ends the object. The id is made of `wanted`. */
const char *ix_film_asset(ix_film *film, const char *key, const char *wanted, bool *fresh);
/* A new id of a sequence, made of `wanted` ("sequence" if that is empty). Lives as long as the film. */
const char *ix_film_id(ix_film *film, const char *wanted);
kf_status ix_film_write(ix_film *film, const char *main_id, kf_str *out, kf_error *err);

typedef struct ix_sequence {
    kf_str text;
    kf_json_writer w;         /* inside the sequence's object, which has its id, name and rate */
    const char *id;
    kf_rational rate;         /* {0, 0}: left to the first clip */
} ix_sequence;
/* Sequences may be begun while others are open; they stand in the film in the order in which they end. */
void ix_sequence_begin(ix_film *film, ix_sequence *sequence, const char *name, kf_rational rate);
/* With an id of its own, made of `wanted` (NULL or "": of the name). */
void ix_sequence_begin_as(ix_film *film, ix_sequence *sequence, const char *wanted, const char *name,
                          kf_rational rate);
void ix_sequence_end(ix_film *film, ix_sequence *sequence);

/* ---- Values ---- */

/* A time, exactly: "123f" where it is a whole frame of `rate` (may be {0, 0}), else seconds with ten decimals, which
 * name a flick. */
void ix_put_time(kf_json_writer *w, const char *key, kf_time t, kf_rational rate);
/* Where a transition lies, in the members of an object: how much of its duration is before its cut. */
void ix_put_split(kf_json_writer *w, kf_time before, kf_time duration, kf_rational rate);
void ix_put_ratio(kf_json_writer *w, const char *key, kf_rational ratio);
/* Nothing if text is NULL or empty. */
void ix_put_text(kf_json_writer *w, const char *key, const char *text);
/* A value as it was read: order of keys and texts of numbers are kept; NaN and infinities become texts. NULL: nothing.
 */
void ix_put_json(kf_json_writer *w, const char *key, const kf_json *value);
void ix_write_json(kf_json_writer *w, const kf_json *value);

/* A time member of an object in a film's JSON, at the sequence's rate; `otherwise` if it is absent or none. */
kf_time ix_film_time(const kf_json *object, const char *key, kf_rational rate, kf_time otherwise);

/* How much of a transition in a film's JSON, which says so by align or before, lies before its cut. */
kf_time ix_film_split(const kf_json *transition, kf_time duration, kf_rational rate);

/* A decimal number at `text` (sign, digits, point), whatever the locale; *end is behind it, or at text if there is
 * none. */
double ix_read_number(const char *text, const char **end);
/* Appends a number in its shortest form, whatever the locale. */
void ix_add_number(kf_str *out, double number);

/* ---- Times ---- */

/* The exact rate that a decimal means: 23.976, 23.98, 29.97 and their like become n/1001, others stay as they are (to
 * 1e-4). False outside 0.01 to 1000. */
bool ix_rate_from_number(double number, kf_rational *out);
/* Nominal frames per second: 30 for 29.97. */
int32_t ix_rate_nominal(kf_rational rate);
/* 29.97 and 59.94 have drop-frame labels. */
bool ix_rate_drops(kf_rational rate);
/* The frame with the label "hh:mm:ss:ff" (or with ';', '.' or ','); `drop` as the format says, or if ';' stands before
 * the frames. Errors name the text. */
kf_status ix_timecode_read(const char *text, kf_rational rate, bool drop, int64_t *frame, kf_error *err);

/* ---- Places, for reports ---- */

typedef char ix_place[256];
/* "Reel 1 / V1 / 00:00:10:00 bunny.mp4"; empty parts are left out; t KF_TIME_NONE: none. Returns `place`. */
const char *ix_where(ix_place place, const kf_sequence_view *sequence, const char *track, kf_time t, const char *clip);

/* The sequence that params ask for. KF_ERR_INVALID if there is none. */
kf_status ix_export_sequence(kf_snapshot snapshot, const kf_export_params *params, kf_sequence_view *out,
                             kf_error *err);

/* ---- File URLs ---- */

/* The path of a file URL ("file:///a%20b", "file://localhost/a"), percent-decoded, or the text itself where it is no
 * file URL; "/C:/x" becomes "C:/x". New string (kf_free), NULL: out of memory. */
char *ix_path_from_url(const char *url);
/* Appends "file://" and the percent-encoded path if it is absolute; a relative path is only encoded; a text that is
 * a URL already stays. `host` ("" or "localhost") comes after "file://". */
void ix_add_url(kf_str *out, const char *path, const char *host);

#endif
