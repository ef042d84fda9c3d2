/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sound kernels: nodes (EQ, dynamics, delay, reverb, limiter), fades, pan, generators, resampling, time stretch,
 * meters, loudness and alignment. Samples are float32 planes (one pointer per channel), full scale is +-1.
 *
 * Positions are absolute: every function that makes samples is told the position of the first one, and its result
 * depends only on positions and earlier samples, never on how the stream is cut into calls. Results are bit-identical
 * for any block size, thread count and instruction set (no libm, no reassociation); the exceptions are Rubber Band and
 * libebur128, which are other people's code: their results do not depend on block sizes either.
 *
 * Functions marked KF_REALTIME do not allocate, lock, wait or call the system. Objects are not thread-safe; distinct
 * objects are independent. */
#ifndef KF_AUDIO_DSP_H
#define KF_AUDIO_DSP_H

#include "base/api/status.h"

#if defined(__clang__) && __has_attribute(nonblocking)
#define KF_REALTIME __attribute__((nonblocking))
#else
#define KF_REALTIME
#endif

enum {
    KF_DSP_MAX_CHANNELS = 8,
    KF_DSP_GRID = 64 /* samples: controls are evaluated at absolute multiples of this */
};

/* Where samples come from. `read` fills n samples of each plane from position `first` (any int64, also outside the
 * material: silence there); samples are at the reader's rate and channel layout. Called by the thread that renders. */
typedef struct kf_sample_source {
    kf_status (*read)(void *ctx, int64_t first, int32_t n, float *const *planes, int channels, kf_error *err);
    void (*idle)(
        void *ctx); /* may be NULL: a clip that read from here has ended (another one may still do), caches may go */
    void *ctx;
} kf_sample_source;

/* Decibels. -INFINITY or anything up to -144 dB is silence (0). */
float kf_db_to_gain(float db) KF_REALTIME;
float kf_gain_to_db(float gain) KF_REALTIME; /* -INFINITY for 0 */

/* ---- Nodes ------------------------------------------------------------------------------------------------------- */

typedef enum kf_dsp_kind {
    KF_DSP_GAIN, KF_DSP_PAN, KF_DSP_EQ, KF_DSP_COMPRESSOR, KF_DSP_DUCK, KF_DSP_GATE, KF_DSP_DELAY, KF_DSP_REVERB,
    KF_DSP_LIMITER, KF_DSP_KIND_COUNT
} kf_dsp_kind;

/* Parameters out of range are clamped to the range given; NaN becomes the default. */
typedef struct kf_gain_params {
    float gain_db;       /* -144..48; 0. Changes ramp over one grid step */
} kf_gain_params;

typedef enum kf_pan_law {
    KF_PAN_BALANCE, /* the far side is multiplied by cos(|pan| * pi/2), the near side is untouched: 0 dB in the middle
                     */
    KF_PAN_POWER    /* sqrt2 * cos / sin of (pan + 1) * pi/4: constant power, 0 dB in the middle, +3 dB at the side */
} kf_pan_law;
typedef struct kf_pan_params {
    float pan;           /* -1 left .. 1 right; 0. No effect unless stereo */
    int32_t law;         /* kf_pan_law */
} kf_pan_params;

typedef enum kf_eq_type {
    KF_EQ_OFF,
    KF_EQ_PEAK,
    KF_EQ_LOW_SHELF,
    KF_EQ_HIGH_SHELF,
    KF_EQ_HIGH_PASS,
    KF_EQ_LOW_PASS,
    KF_EQ_NOTCH,
    KF_EQ_BAND_PASS
} kf_eq_type;
enum { KF_EQ_BANDS = 8 };
typedef struct kf_eq_band {
    int32_t type;        /* kf_eq_type */
    float hz;            /* 10 .. 0.49 * rate; 1000 */
    float gain_db;       /* -36..36; 0; peak and shelves */
    float q;             /* 0.1..30; 0.7071 */
} kf_eq_band;
typedef struct kf_eq_params {
    kf_eq_band band[KF_EQ_BANDS]; /* in series; biquads of R. Bristow-Johnson's cookbook */
} kf_eq_params;

typedef struct kf_compressor_params {
    float threshold_db;  /* -80..0; -18 */
    float ratio;         /* 1..100; 3 */
    float knee_db;       /* 0..30; 6: width of the soft knee */
    float attack_ms;     /* 0.05..500; 10 */
    float release_ms;    /* 1..5000; 150 */
    float makeup_db;     /* -24..48; 0 */
    float mix;           /* 0..1; 1 */
} kf_compressor_params;  /* linked channels, peak detector; detects on the sidechain when one is given */

typedef struct kf_duck_params {
    float threshold_db;    /* -80..0; -35: sidechain level (RMS over 10 ms) that ducks */
    float amount_db;       /* 0..80; 12: how far the signal is turned down */
    float attack_ms;       /* 1..2000; 80 */
    float hold_ms;         /* 0..10000; 300: stays down after the sidechain falls silent */
    float release_ms;      /* 1..10000; 500 */
    float look_ahead_ms;   /* 0..1000; 80: starts that much before the sidechain. Adds latency; not automatable */
} kf_duck_params;          /* without a sidechain it does nothing */

typedef struct kf_gate_params {
    float threshold_db;  /* -100..0; -50: opens here */
    float hysteresis_db; /* 0..24; 4: closes that much lower */
    float range_db;      /* 0..100; 60: attenuation when closed */
    float attack_ms;     /* 0.05..500; 1 */
    float hold_ms;       /* 0..5000; 50 */
    float release_ms;    /* 1..5000; 120 */
} kf_gate_params;        /* detects on the sidechain when one is given */

typedef struct kf_delay_params {
    float time_ms;       /* 0..5000; 350; not automatable */
    float feedback;      /* 0..0.98; 0.35 */
    float low_pass_hz;   /* 100..20000; 8000: in the feedback path */
    float mix;           /* 0..1; 0.3: share of the delayed signal added to the dry one */
    bool ping_pong;      /* stereo: echoes change sides */
} kf_delay_params;

typedef struct kf_reverb_params {
    float decay_s;       /* 0.1..20; 1.8: time to fall by 60 dB */
    float pre_delay_ms;  /* 0..250; 15; not automatable */
    float damping;       /* 0..1; 0.4: how much faster highs decay */
    float size;          /* 0.2..2; 1; not automatable */
    float width;         /* 0..1; 1 */
    float wet;           /* 0..1; 0.25 */
    float dry;           /* 0..1; 1 */
} kf_reverb_params;      /* feedback delay network of eight lines */

typedef struct kf_limiter_params {
    float ceiling_db;    /* -24..0 dBTP; -1 */
    float look_ahead_ms; /* 0.5..20; 3; is the attack; not automatable */
    float release_ms;    /* 5..2000; 100 */
    float input_db;      /* 0..24; 0: gain before the limiter */
} kf_limiter_params;     /* linked channels; bit-transparent (but for its latency) while the true peak is 0.2 dB
                            below the ceiling, which is met as BS.1770 meters read it */

typedef struct kf_dsp_setup {
    int32_t rate, channels; /* 8000..384000, 1..KF_DSP_MAX_CHANNELS */
} kf_dsp_setup;

/* One per kind. `state` is state_size bytes, 64-byte aligned and zeroed before prepare. */
typedef struct kf_dsp_driver {
    kf_dsp_kind kind;
    const char *name;
    size_t params_size, state_size;
    bool takes_sidechain;
    const void *defaults;
    /* May allocate; on failure finish is still called. */
    kf_status (*prepare)(void *state, const kf_dsp_setup *setup, const void *params, kf_error *err);
    void (*finish)(void *state);
    /* As after prepare: silence behind it. */
    void (*reset)(void *state) KF_REALTIME;
    /* New parameters from the next sample on; what is "not automatable" keeps its value. */
    void (*set)(void *state, const void *params) KF_REALTIME;
    /* In place: n samples whose first input is at position `at`. side: planes of the sidechain at the same positions,
     * or NULL. */
    void (*process)(void *state, int64_t at, int32_t n, float *const *io, const float *const *side) KF_REALTIME;
    /* Samples by which the output lags the input; samples after which a start in mid-stream is as good as settled. */
    int32_t (*latency)(const void *state) KF_REALTIME;
    int32_t (*settle)(const void *state) KF_REALTIME;
} kf_dsp_driver;
const kf_dsp_driver *kf_dsp_driver_get(kf_dsp_kind kind);     /* NULL if out of range */
const kf_dsp_driver *kf_dsp_driver_find(const char *name);    /* "eq", "compressor", ...; NULL if unknown */

/* A node on the heap. */
typedef struct kf_dsp_node {
    const kf_dsp_driver *driver;
    void *state;
} kf_dsp_node;
/* params NULL: defaults. Finish on failure is done. */
kf_status kf_dsp_node_init(kf_dsp_node *node, kf_dsp_kind kind, const kf_dsp_setup *setup, const void *params,
                           kf_error *err);
void kf_dsp_node_finish(kf_dsp_node *node); /* zeroed node is fine */
static inline void kf_dsp_node_process(kf_dsp_node *node, int64_t at, int32_t n, float *const *io,
                                       const float *const *side)
{
    node->driver->process(node->state, at, n, io, side);
}

/* Magnitude in dB of an EQ at a frequency (for curves in an inspector). */
double kf_eq_response_db(const kf_eq_params *params, int32_t rate, double hz);
/* Static curve of a compressor without makeup: output level for an input level, dB. */
float kf_compressor_curve_db(const kf_compressor_params *params, float input_db) KF_REALTIME;

/* ---- Gain, fades, pan: element-wise, from absolute positions ------------------------------------------------------
 */

typedef enum kf_fade_shape {
    KF_FADE_LINEAR,
    KF_FADE_POWER,
    KF_FADE_S
} kf_fade_shape; /* x; sin(x * pi/2); x*x*(3 - 2x) */
/* Gain at i of a fade-in of `length` samples, taken at sample centres ((i + 0.5) / length): 0 before, 1 after. A
 * fade-out is its mirror image, so that in and out of one crossfade add up to 1 (linear, s) or to power 1 (power). */
float kf_fade_gain(kf_fade_shape shape, int64_t i, int64_t length) KF_REALTIME;
/* Multiplies io by a fade-in (or fade-out) that starts at position `start`; io[0] is at position `at`. */
void kf_fade_apply(kf_fade_shape shape, bool out, int64_t start, int64_t length, int64_t at, int32_t n,
                   float *io) KF_REALTIME;
/* out = a faded out + b faded in. out may be a or b. */
void kf_crossfade(kf_fade_shape shape, int64_t start, int64_t length, int64_t at, int32_t n, const float *a,
                  const float *b, float *out) KF_REALTIME;
/* io[i] *= from + (to - from) * (at + i - from_at) / (to_at - from_at): a sample-accurate ramp. to_at > from_at. */
void kf_gain_ramp(float from, int64_t from_at, float to, int64_t to_at, int64_t at, int32_t n, float *io) KF_REALTIME;
void kf_gain_const(float gain, int32_t n, float *io) KF_REALTIME;
void kf_mix_add(const float *in, int32_t n, float *io) KF_REALTIME; /* io += in */
void kf_pan_gains(kf_pan_law law, float pan, float *left, float *right) KF_REALTIME;

/* ---- Generators: any sample from its position -------------------------------------------------------------------- */

/* Sine of milli_hz / 1000 Hz, phase 0 at position 0, exact after any time. */
void kf_tone_fill(int64_t milli_hz, int32_t rate, float amplitude, int64_t at, int32_t n, float *out) KF_REALTIME;
typedef enum kf_noise_kind { KF_NOISE_WHITE, KF_NOISE_PINK } kf_noise_kind;
void kf_noise_fill(kf_noise_kind kind, uint64_t seed, float amplitude, int64_t at, int32_t n, float *out) KF_REALTIME;

/* ---- Speed ------------------------------------------------------------------------------------------------------- */

/* Band-limited windowed-sinc kernel for reading `speed` source samples per output sample (> 1 is faster), rounded up to
 * 1/16 octave. Speeds up to 1 share one kernel; above 64 the band stays that of 64. */
typedef struct kf_resample_kernel kf_resample_kernel;
int32_t kf_resample_kernel_reach(
    const kf_resample_kernel *kernel); /* source samples needed on either side of a position */
/* Sample at source position `whole + frac / den` (0 <= frac < den); in[0] is the source sample at position in_first,
 * and in holds everything within reach. */
float kf_resample_at(const kf_resample_kernel *kernel, const float *in, int64_t in_first, int64_t whole, int64_t frac,
                     int64_t den) KF_REALTIME;

/* Kernels made on demand and kept (128 KiB each, at most 97), for readers that come and go. Not thread-safe. */
typedef struct kf_resample_bank kf_resample_bank;
kf_resample_bank *kf_resample_bank_create(void);
void kf_resample_bank_destroy(kf_resample_bank *bank);
/* Owned by the bank. NULL when out of memory. */
const kf_resample_kernel *kf_resample_bank_get(kf_resample_bank *bank, double speed);

/* A way through a source: piecewise linear, exact. Between two points the position moves in a straight line; past the
 * last point it goes on with the last slope, before the first one with the first. Slopes may be negative (reverse) or 0
 * (freeze: silence); what is faster than 256 times is silent. Reverse and normal speed are copied bit for bit.
 * Positions and differences of them stay below 2^53. */
typedef struct kf_warp_point {
    int64_t at;     /* output sample, ascending */
    int64_t source; /* source sample heard there */
} kf_warp_point;
typedef struct kf_warp {
    const kf_warp_point *points; /* borrowed, at least two */
    int32_t count;
} kf_warp;
kf_status kf_warp_check(const kf_warp *warp, kf_error *err); /* KF_ERR_INVALID names the point that breaks the rules */

typedef enum kf_speed_mode {
    KF_SPEED_VARISPEED,    /* pitch follows speed */
    KF_SPEED_STRETCH,      /* pitch is kept: Rubber Band if built in and the speed is constant, else overlap-add */
    KF_SPEED_OVERLAP_ADD   /* pitch is kept: own WSOLA, bit-identical everywhere */
} kf_speed_mode;

/* Reads a source at another speed. Output sample i is what the warp puts there; the result of a read that follows the
 * last one does not depend on block sizes. VARISPEED depends on nothing but i; the stretching modes carry state: after
 * a seek they start afresh a little before i, which is deterministic, but not bit-identical to having played up to
 * there. */
typedef struct kf_speed_reader kf_speed_reader;
typedef struct kf_speed_params {
    int32_t rate, channels;
    kf_speed_mode mode;
    kf_warp warp;             /* copied */
    kf_sample_source source;  /* ctx is borrowed */
    kf_resample_bank *bank;   /* borrowed; NULL: the reader has its own */
} kf_speed_params;
kf_status kf_speed_reader_create(const kf_speed_params *params, kf_speed_reader **out, kf_error *err);
void kf_speed_reader_destroy(kf_speed_reader *reader); /* NULL is fine */
kf_status kf_speed_reader_read(kf_speed_reader *reader, int64_t first, int32_t n, float *const *out, kf_error *err);

/* ---- Meters and loudness ----------------------------------------------------------------------------------------- */

typedef struct kf_meter {
    double square[KF_DSP_MAX_CHANNELS]; /* sum of squares */
    float peak[KF_DSP_MAX_CHANNELS];    /* largest sample magnitude */
    int64_t samples;
} kf_meter;
void kf_meter_add(kf_meter *meter, int channels, int32_t n, const float *const *in) KF_REALTIME; /* start from zeroes */
float kf_meter_peak_db(const kf_meter *meter, int channels);
float kf_meter_rms_db(const kf_meter *meter, int channels); /* a full-scale sine is -3.01 dB */

/* EBU R 128 / ITU-R BS.1770 through libebur128. Adding may allocate (gating histogram is bounded). */
typedef struct kf_loudness kf_loudness;
typedef struct kf_loudness_values {
    bool available;      /* false: built without libebur128; nothing else is meaningful */
    double integrated;   /* LUFS, -INFINITY when all is below the gate */
    double momentary, short_term; /* LUFS of the last 400 ms and 3 s */
    double range;        /* LU */
    double true_peak_db; /* dBTP */
    double peak_db;      /* dBFS */
} kf_loudness_values;
/* *out is NULL with KF_OK when libebur128 is not built in: all calls below accept NULL. */
kf_status kf_loudness_create(int32_t rate, int channels, kf_loudness **out, kf_error *err);
/* For a meter that is looked at while it runs, at a small part of the cost: values are of the last whole tenth of a
 * second; without range and true peak, which read 0 and -INFINITY. */
kf_status kf_loudness_create_live(int32_t rate, int channels, kf_loudness **out, kf_error *err);
void kf_loudness_destroy(kf_loudness *loudness);
kf_status kf_loudness_add(kf_loudness *loudness, int32_t n, const float *const *in, kf_error *err);
kf_loudness_values kf_loudness_get(const kf_loudness *loudness);
/* Gain in dB that brings `values` to target LUFS without lifting the true peak above ceiling_db (0 dB when not
 * available or silent). *limited (may be NULL): the ceiling, not the target, decided. */
double kf_loudness_gain_db(const kf_loudness_values *values, double target_lufs, double ceiling_db, bool *limited);

/* True peak of a block in isolation (4x oversampled, silence around it), linear. */
float kf_true_peak(const float *in, int32_t n);

/* ---- Alignment of two recordings --------------------------------------------------------------------------------- */

/* Finds how much later than `ref` the same sound is in `other`: ref[i] ~ other[i + *offset], |offset| <= max_lag
 * samples. Mono signals at `rate`; at most 2^26 samples each. Levels, noise and moderate equalisation do not matter
 * (generalised cross-correlation with phase transform, refined at full rate). confidence in 0..1: under 0.2 do not
 * trust it. KF_ERR_INVALID if a signal is silent, too short or the arguments make no sense. */
typedef struct kf_align_input {
    const float *ref, *other;
    int64_t ref_count, other_count;
    int32_t rate;
    int64_t max_lag;
} kf_align_input;
kf_status kf_audio_align(const kf_align_input *input, int64_t *offset, double *confidence, kf_error *err);

#endif
