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

typedef enum reel_sounds { SOUNDS_NONE, SOUNDS_POP, SOUNDS_CHIME } reel_sounds;
typedef struct reel_audio_settings {
    bool enable, ducking, music_loop;
    float master_volume, voice_volume, music_volume, effects_volume; /* percent */
    const kf_json *voices;
    const char *music, *send_sound, *receive_sound;
    kf_time music_fade_in, music_fade_out;
    float ducking_amount;        /* dB */
    int32_t sounds;              /* reel_sounds */
    int32_t sample_rate;
} reel_audio_settings;

typedef enum reel_backdrop {
    BACKDROP_GRADIENT, BACKDROP_COLOR, BACKDROP_IMAGE, BACKDROP_VIDEO, BACKDROP_GREENSCREEN
} reel_backdrop;
typedef enum reel_fit { FIT_COVER, FIT_CONTAIN, FIT_STRETCH } reel_fit;
typedef struct reel_background_settings {
    int32_t type;                /* reel_backdrop */
    const char *url;
    float color[4];              /* first component NaN: of the look */
    kf_stops gradient;           /* count 0: of the look */
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

/* Colours whose first component is NaN are those of the look. */
typedef struct reel_colors {
    float sent[4], sent_text[4], received[4], received_text[4], background[4], header[4], header_text[4], accent[4],
        name[4];
} reel_colors;

typedef struct reel_overlay {
    bool header, status_bar, typing, read_marks, avatars, names;
    const char *name, *status, *avatar, *clock;
    int32_t font_size;           /* 0: of the look */
    const char *font;            /* "": of the look */
} reel_overlay;

typedef enum reel_side { SIDE_AUTO, SIDE_LEFT, SIDE_RIGHT } reel_side;
typedef struct reel_message_settings {
    const char *text, *sender, *image, *audio;
    int32_t side;                /* reel_side */
    kf_time audio_duration, delay; /* audio_duration KF_TIME_NONE: of the file */
} reel_message_settings;

typedef struct reel_config {
    reel_video_settings video;
    reel_audio_settings audio;
    reel_background_settings background;
    reel_animation_settings animation;
    reel_colors colors;
    reel_overlay overlay;
    const char *look;            /* name of the template */
    const kf_json *messages;     /* a list, or NULL */
    const kf_json *root;         /* the config itself, for messages about it */
} reel_config;

/* ---- Tables ---- */

/* An object of the config: a key of it, and the fields it has. */
typedef struct reel_section {
    const char *name;
    const kf_field *fields;
    int count;
    size_t offset;               /* in reel_config */
    const char *help;
} reel_section;

extern const reel_section reel_sections[];
extern const int reel_section_count;
extern const reel_section reel_message_table; /* an entry of "messages" */

/* ---- Reading ---- */

/* Documents that a config's values point into: a config may be a text in another. */
typedef struct reel_documents {
    kf_json_doc *doc[4];
    int count;
} reel_documents;

typedef struct reel_reader {
    const char *name;            /* starts messages */
    const kf_reel_options *params;
    kf_arena *arena;
    kf_error *err;
} reel_reader;

/* Every default, as the tables have it. */
void reel_config_defaults(reel_config *config);
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
