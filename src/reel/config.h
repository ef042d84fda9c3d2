/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A config as plain structs, and the tables of fields that reading, checks, the schema and the reference share. */
#ifndef KF_REEL_CONFIG_H
#define KF_REEL_CONFIG_H

#include "base/api/alloc.h"
#include "base/api/json.h"
#include "reel/api/reel.h"

typedef enum reel_quality { QUALITY_LOW, QUALITY_MEDIUM, QUALITY_HIGH, QUALITY_ULTRA } reel_quality;
typedef struct reel_video_settings {
    kf_time duration;            /* KF_TIME_NONE: as long as it takes */
    const char *resolution;
    float fps;
    int32_t quality;             /* reel_quality */
    bool green_screen, brainrot;
    const char *footage;
} reel_video_settings;

typedef enum reel_effects { EFFECTS_NONE, EFFECTS_POP, EFFECTS_CHIME } reel_effects;
typedef struct reel_audio_settings {
    bool enable, ducking, music_loop;
    float master_volume, voice_volume, music_volume, effects_volume; /* percent */
    const kf_json *voices;       /* of texts and nulls, or NULL */
    const char *music, *send_sound, *receive_sound;
    kf_time music_fade_in, music_fade_out;
    float ducking_amount;        /* dB */
    int32_t effects;             /* reel_effects */
    int32_t sample_rate;
} reel_audio_settings;

typedef enum reel_backdrop {
    BACKDROP_GRADIENT, BACKDROP_COLOR, BACKDROP_IMAGE, BACKDROP_VIDEO, BACKDROP_GREENSCREEN
} reel_backdrop;
typedef enum reel_fit { FIT_COVER, FIT_CONTAIN, FIT_STRETCH } reel_fit;
typedef struct reel_background_settings {
    int32_t type;                /* reel_backdrop */
    const char *url;
    float color[4];              /* first component NaN: the template's */
    kf_stops gradient;           /* count 0: the template's */
    float angle, opacity, blur;  /* degrees, percent, px */
    int32_t fit;                 /* reel_fit */
    bool loop;
} reel_background_settings;

typedef enum reel_animation {
    ANIMATION_SLIDE, ANIMATION_FADE, ANIMATION_POP, ANIMATION_TYPEWRITER, ANIMATION_NONE
} reel_animation;
typedef struct reel_animation_settings {
    int32_t type;                /* reel_animation */
    float speed, transition;     /* factor, ms */
    kf_time base_delay, message_delay;
    bool show;
} reel_animation_settings;

/* Colours whose first component is NaN are the template's. */
typedef struct reel_colors {
    float sent[4], sent_text[4], received[4], received_text[4], background[4], header[4], header_text[4], accent[4],
        name[4];
} reel_colors;

/* ---- Tables ---- */

/* An object of the config, or a list of such objects: a key of it, and the fields it has. */
typedef struct reel_section {
    const char *name;
    const kf_field *fields;
    int count;
    size_t offset;               /* of its struct; of a list: of its const kf_json * */
    const char *help;            /* NULL: another name of a section */
    uint32_t list;               /* greatest number of entries; 0: an object */
} reel_section;

/* A look: what "template" names. */
typedef struct reel_template {
    const char *name, *help;
} reel_template;

/* A kind of reel: what it is told, and how it is laid out. How one is added: docs/architecture.md. */
typedef struct reel reel;
typedef struct reel_kind {
    const char *name, *help;
    const reel_template *(*template_at)(int index); /* NULL past the last */
    const reel_section *sections; /* beside those that all kinds have; offsets in its own struct of settings */
    int section_count;
    size_t settings_size;
    /* Reads what the tables do not, measures and places: sets the reel's duration, unit, ground and font, and adds
     * voices. */
    kf_status (*lay_out)(reel *r);
    void (*write_tracks)(reel *r);    /* of the main sequence, onto the background */
    void (*write_sequences)(reel *r); /* those that its tracks show; may be NULL */
} reel_kind;

extern const reel_kind *const reel_kinds[]; /* NULL-terminated; the first is the default */
const reel_template *reel_template_find(const char *name, const reel_kind **kind); /* NULL if there is none */

typedef struct reel_config {
    reel_video_settings video;
    reel_audio_settings audio;
    reel_background_settings background;
    reel_animation_settings animation;
    reel_colors colors;
    const reel_template *look;
    const reel_kind *kind;
    void *settings;              /* of the kind */
    const kf_json *root;         /* the config itself, for messages about it */
} reel_config;

extern const reel_section reel_sections[]; /* of all kinds; offsets in reel_config */
extern const int reel_section_count;

/* ---- Reading ---- */

/* Documents that a config's values point into: a config may be a text in another. */
typedef struct reel_documents {
    kf_json_doc *doc[4];
    int count;
} reel_documents;

typedef struct reel_reader {
    const char *name;            /* starts messages */
    const kf_reel_options *options;
    kf_arena *arena;
    kf_error *err;
} reel_reader;

kf_status reel_config_read(reel_reader *r, const char *bytes, size_t length, reel_documents *documents,
                           reel_config *out);
void reel_documents_finish(reel_documents *documents);

void reel_defaults(const reel_section *table, void *values);
/* Fills what `object` has of a section's fields; unknown keys are errors. */
kf_status reel_read(reel_reader *r, const kf_json *object, const reel_section *table, void *values);
/* A text that is none of those known: an error, with a did-you-mean. */
kf_status reel_unknown(reel_reader *r, const kf_json *value, const char *const *known, size_t count);
/* Refuses remote files that are not allowed, naming the way out. */
kf_status reel_check_file(reel_reader *r, const kf_json *value);

#endif
