/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "reel/captions/captions.h"
#include "reel/fields.h"

static const char *const style_names[] = {"template", "color", "box", "pop", "karaoke", "reveal", "none", NULL};
static const char *const place_names[] = {"bottom", "middle", "top", NULL};

#define S caption_settings
static const kf_field fields[] = {
    FILE_OF(S, video, "video", "The video under the words, with its sound; without one, the background is what is seen."),
    FILE_OF(S, file, "file", "The words: an SRT or WebVTT file, or a JSON file of timed words. In place of `words`."),
    CHOICE(S, style, "wordHighlight", style_names, STYLE_TEMPLATE,
           "What the word that is said does: another colour, a box behind it, popping up, staying lit, appearing."),
    CHOICE(S, place, "position", place_names, PLACE_BOTTOM, "Where the words stand."),
    WHOLE(S, words, "maxWords", 0, CAPTION_PAGE_MAX, 0, "", "Words seen at once; 0: the template's."),
    SECONDS(S, offset, "offset", -3600, 3600, 0, "Added to the times of the words."),
    SECONDS(S, pause, "pause", 0.05, 60, 0.8, "A silence of this length ends what is seen at once."),
    SWITCH(S, capitals, "uppercase", NAN, "Capital letters, of the Latin, Greek and Cyrillic scripts."),
    TEXT(S, font, "fontFamily", "", "Font families, in order of preference; without one, the template's."),
    WHOLE(S, font_size, "fontSize", 0, 400, 0, "px", "In a frame whose shorter side has 1080 px; 0: the template's."),
};
#undef S
#define W caption_word_said
static const kf_field word_fields[] = {
    TEXT(W, text, "text", "", "The word."),
    SECONDS(W, start, "start", 0, 86400, 0, "When it is said."),
    SECONDS(W, end, "end", 0, 86400, NAN, "When it has been said; without it, when the next one is."),
};
#undef W

const reel_section caption_word_table = {"words", FIELDS(word_fields), 0, "Words and their times, in order.", 0};

static const reel_section sections[] = {
    {"captions", FIELDS(fields), offsetof(caption_config, said), "The words as a whole.", 0},
    {"words", FIELDS(word_fields), offsetof(caption_config, words), "Words and their times, in order.", CAPTION_WORDS_MAX},
};

static void pick(const float given[4], float out[4])
{
    for (int i = 0; i < 4 && !isnan(given[0]); i++) {
        out[i] = given[i];
    }
}

static void choose_look(captions *c)
{
    static const kf_stop ground[] = {{0, {0.08f, 0.08f, 0.11f, 1}}, {1, {0.02f, 0.02f, 0.03f, 1}}};
    const reel_colors *colors = &c->r->config.colors;
    const caption_settings *said = &c->config->said;
    caption_look *l = &c->look;
    *l = *(const caption_look *)(const void *)c->r->config.look;
    pick(colors->sent_text, l->text);
    pick(colors->accent, l->spoken);
    pick(colors->sent, l->box);
    pick(colors->background, l->plate);
    l->font = *said->font ? said->font : l->font;
    l->size = said->font_size > 0 ? (float)said->font_size : l->size;
    l->style = said->style != STYLE_TEMPLATE ? said->style : l->style;
    l->words = said->words > 0 ? said->words : l->words;
    l->capitals = said->capitals < 0 ? l->capitals : said->capitals;
    c->r->ground = (kf_stops){ground, 2};
    c->r->angle = 90;
    c->r->unit = fmin(c->r->area.w, c->r->area.h) / 1080.0;
    c->size = reel_px(c->r, (double)l->size);
}

static kf_status find_video(captions *c)
{
    const kf_json *named = reel_member(reel_member(c->r->config.root, "captions"), "video");
    return reel_picture_get(c->r, named, c->config->said.video, &c->video);
}

/* As long as the video, whose sound is a voice to the music; else as the words. */
static void set_duration(captions *c)
{
    const kf_media_facts *f = c->video >= 0 ? &c->r->assets[c->video].facts : NULL;
    kf_time words = c->words[c->count - 1].end + KF_SECOND / 2;
    reel_set_duration(c->r, f && !f->still && f->duration > 0 ? f->duration : words);
    if (f && f->audio) {
        reel_add_voice(c->r, (reel_voice){c->video, "video", 0, c->r->duration});
    }
}

static kf_status lay_out(reel *r)
{
    captions *c = kf_arena_alloc(&r->arena, sizeof *c);
    if (!c) {
        return kf_fail_memory(r->err);
    }
    *c = (captions){.r = r, .config = r->config.settings, .video = -1};
    r->state = c;
    choose_look(c);
    kf_status status = captions_read(c);
    status = status == KF_OK ? find_video(c) : status;
    if (status != KF_OK) {
        return status;
    }
    set_duration(c);
    return captions_lay_out(c);
}

extern const reel_kind reel_kind_captions;

const reel_kind reel_kind_captions = {
    .name = "captions", .help = "Words over a video, each at the time at which it is said.",
    .template_at = caption_template_at, .sections = sections, .section_count = (int)(sizeof sections / sizeof *sections),
    .settings_size = sizeof(caption_config), .lay_out = lay_out, .write_tracks = captions_write_tracks,
};
