/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a config may say. Colours and files whose default is NaN or "" are left to the template. */
#include "reel/fields.h"

static const char *const quality_names[] = {"low", "medium", "high", "ultra", NULL};
static const char *const backdrop_names[] = {"gradient", "color", "image", "video", "greenscreen", NULL};
static const char *const fit_names[] = {"cover", "contain", "stretch", NULL};
static const char *const animation_names[] = {"slide", "fade", "pop", "typewriter", "none", NULL};
static const char *const sound_names[] = {"none", "pop", "chime", NULL};

#define V reel_video_settings
static const kf_field video_fields[] = {
    SECONDS(V, duration, "duration", 0.1, 3600, NAN, "Length of the video; without it, as long as the content takes."),
    TEXT(V, resolution, "resolution", "1080x1920", "Width and height, each even and from 16 to 8192."),
    NUMBER(V, fps, "fps", 1, 240, 30, "frames/s", "Frame rate; 23.976, 29.97 and 59.94 stand for the exact NTSC rates."),
    CHOICE(V, quality, "quality", quality_names, QUALITY_HIGH, "How much the encoder keeps: crf 28, 23, 18 or 14."),
    SWITCH(V, green_screen, "greenScreen", 0, "Pure green behind everything, to be keyed out elsewhere."),
    SWITCH(V, brainrot, "brainrotMode", 0, "Split screen: the chat above, looping footage below."),
    FILE_OF(V, footage, "footageUrl", "The footage of brainrotMode; without it, the background's video."),
};
#undef V
#define A reel_audio_settings
static const kf_field audio_fields[] = {
    SWITCH(A, enable, "enableAudio", 1, "False: the video has no sound."),
    NUMBER(A, master_volume, "masterVolume", 0, 100, 80, "%", "Volume of everything."),
    NUMBER(A, voice_volume, "voiceVolume", 0, 100, 100, "%", "Volume of the voices."),
    FILES(A, voices, "voices", "Voice files of the messages, in their order; null: none. A message's own audio goes first."),
    FILE_OF(A, music, "music", "A music file under everything."),
    NUMBER(A, music_volume, "musicVolume", 0, 100, 30, "%", "Volume of the music."),
    SWITCH(A, music_loop, "musicLoop", 1, "Music that is too short begins again."),
    SECONDS(A, music_fade_in, "musicFadeIn", 0, 60, 0, "The music's fade in."),
    SECONDS(A, music_fade_out, "musicFadeOut", 0, 60, 1, "The music's fade out, at the end."),
    SWITCH(A, ducking, "ducking", 1, "The music steps back while somebody speaks."),
    NUMBER(A, ducking_amount, "duckingAmount", 0, 60, 12, "dB", "How far it steps back."),
    CHOICE(A, effects, "soundEffects", sound_names, EFFECTS_NONE, "A sound with each message."),
    FILE_OF(A, send_sound, "sendSound", "The sound of messages on the right."),
    FILE_OF(A, receive_sound, "receiveSound", "The sound of messages on the left."),
    NUMBER(A, effects_volume, "effectsVolume", 0, 100, 60, "%", "Volume of these sounds."),
    WHOLE(A, sample_rate, "sampleRate", 44100, 48000, 48000, "Hz", "44100 or 48000."),
};
#undef A
#define B reel_background_settings
static const kf_field background_fields[] = {
    CHOICE(B, type, "backgroundType", backdrop_names, BACKDROP_GRADIENT, "What is behind the content."),
    FILE_OF(B, url, "backgroundUrl", "The picture or video."),
    COLOR(B, color, "backgroundColor", "The colour, if that is the type; else what shows around and through the background."),
    STOPS(B, gradient, "gradientColors", "Colours of the gradient: a list of them, or [[position, colour], ...]."),
    NUMBER(B, angle, "gradientAngle", -360, 360, 90, "deg", "Direction of the gradient: 0 is left to right, 90 top to bottom."),
    NUMBER(B, opacity, "backgroundOpacity", 0, 100, 100, "%", "How much of the background shows; on black, or the backgroundColor."),
    NUMBER(B, blur, "blur", 0, 200, 0, "px", "Softness of a picture or video, as a standard deviation."),
    CHOICE(B, fit, "fit", fit_names, FIT_COVER, "How a picture or video fills the frame."),
    SWITCH(B, loop, "loop", 1, "A video that is too short begins again; else its last frame stays."),
};
#undef B
#define N reel_animation_settings
static const kf_field animation_fields[] = {
    CHOICE(N, type, "messageAnimationType", animation_names, ANIMATION_SLIDE, "How messages come in."),
    NUMBER(N, speed, "animationSpeed", 0.1, 10, 1, "", "Factor: 2 is twice as fast."),
    NUMBER(N, transition, "transitionDuration", 0, 10000, 500, "ms", "Length of an animation at speed 1."),
    SECONDS(N, base_delay, "baseDelay", 0, 600, 0, "Before the first message."),
    SECONDS(N, message_delay, "messageDelay", 0, 600, 0, "Between messages."),
    SWITCH(N, show, "showMessageAnimations", 1, "False: messages are there at once."),
};
#undef N
#define C reel_colors
static const kf_field color_fields[] = {
    COLOR(C, sent, "sentBubbleColor", "Bubbles on the right."),
    COLOR(C, sent_text, "sentTextColor", "Text in them."),
    COLOR(C, received, "receivedBubbleColor", "Bubbles on the left."),
    COLOR(C, received_text, "receivedTextColor", "Text in them."),
    COLOR(C, background, "backgroundColor", "Behind the chat."),
    COLOR(C, header, "headerColor", "The header."),
    COLOR(C, header_text, "headerTextColor", "Text in the header."),
    COLOR(C, accent, "accentColor", "Marks, icons, rings."),
    COLOR(C, name, "nameColor", "Names above messages."),
};
#undef C
#define SECTION(key, fields, member, text) {key, FIELDS(fields), offsetof(reel_config, member), text, 0}

const reel_section reel_sections[] = {
    SECTION("videoSettings", video_fields, video, "The video as a whole."),
    SECTION("audioSettings", audio_fields, audio, "Sound. `voiceAudioSettings` is another name of it; both may be given."),
    SECTION("voiceAudioSettings", audio_fields, audio, NULL),
    SECTION("backgroundSettings", background_fields, background, "What is behind."),
    SECTION("animationSettings", animation_fields, animation, "How messages come in, and when."),
    SECTION("colorCustomization", color_fields, colors, "Colours; those that are not given are the template's."),
};
const int reel_section_count = (int)(sizeof reel_sections / sizeof *reel_sections);
