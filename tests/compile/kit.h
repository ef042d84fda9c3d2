/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Films over made-up pictures, compiled and rendered by every executor. */
#ifndef KF_TEST_COMPILE_KIT_H
#define KF_TEST_COMPILE_KIT_H

#include "compile/api/compile.h"
#include "video/cpu/api/cpu.h"
#include "video/ref/api/ref.h"

enum { KIT_WIDTH = 211, KIT_HEIGHT = 119 };

/* Pictures of assets, by the asset's path:
 *   noise     YUV420P8 160x90, noise over a wave
 *   ramp      YUV422P10 231x131, ramps across and down
 *   alpha     YUVA444P8 120x100, a wave with soft alpha
 *   edges     BGRA8 97x61, squares, some of them half transparent
 *   flat:RRGGBB[AA]        RGBA8 of the film's size (AA: straight alpha)
 *   flat:RRGGBB[AA]:WxH    of another size
 *   grey:N                 YUV420P8 of the film's size, luma code N
 *   place:WxH              RGB24 whose pixel (x, y) is (x + 1, y + 1, 200): for geometry
 *   turned90:.., turned180:, turned270:, mirrored:, turned90mirrored:, anamorphic: before any of these:
 *                          as the file's metadata
 *   gone      nothing to show
 * Values: the picture of time t is the same for all t but for noise, whose phase moves. */
typedef struct kit_calls {
    int pictures;             /* asked for since the last kit_compile */
    char asked[1000];         /* their paths, each followed by a blank */
    kf_time last;             /* media time of the last one */
} kit_calls;

typedef struct kit_film {
    kf_film *film;
    kf_compile_sources sources;
    kit_calls calls;
    kf_time media_end;        /* that facts tell; KF_TIME_NONE by default */
} kit_film;

/* A film from a whole JSON text, or from the text of tracks: then a sequence of 211x119 at 25 fps; each "asset":"x"
 * that occurs is declared with path x. `more` (may be NULL) is put among the sequence's keys. False: could not be
 * read (printed). */
bool kit_load(kit_film *out, const char *json);
bool kit_load_tracks(kit_film *out, const char *tracks, const char *more);
void kit_drop(kit_film *film);

/* Compiles the first sequence at `seconds` for a canvas (0: the sequence's size). NULL (printed): failed. */
kf_compiled *kit_compile(kit_film *film, double seconds, int width, int height);

/* The output of a format at the size of the canvas, in the colours of what was compiled; alpha stays premultiplied. */
kf_graph_output kit_output(const kf_compiled *compiled, kf_pixfmt format, int width, int height);
kf_frame *kit_render_ref(const kf_compiled *compiled, const kf_graph_output *output); /* NULL (printed): failed */
/* threads: 1 or 3 */
kf_frame *kit_render_cpu(const kf_compiled *compiled, const kf_graph_output *output, kf_isa isa, int threads);
void kit_finish(void); /* frees the executors */

/* One sample in codes. plane: component of planar formats; of packed ones, x counts components. */
double kit_sample(const kf_image *image, int plane, int x, int y);
/* The largest difference of two pictures in codes. */
double kit_difference(const kf_image *a, const kf_image *b);
bool kit_same_bits(const kf_image *a, const kf_image *b);

/* A picture of a path, as above; a new reference. */
kf_frame *kit_picture(const char *path, kf_time t);

#endif
