/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Subtitles through libass: ASS scripts as they are, SRT and VTT with a style made from kf_subtitle_style. */
#include <ass/ass.h>
#include <fontconfig/fontconfig.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/sub.h"

enum { MAX_IMAGES = 1 << 20, MAX_FONT_FILE = 64 << 20, LINES = 1080 };

struct kf_ass {
    ASS_Library *library;
    ASS_Renderer *renderer;
    ASS_Track *track;
    uint64_t look;             /* SRT and VTT: style and shape of the picture the track was made for */
    int width, height;
    int interval;              /* last one drawn since the positions of events were forgotten, -1: none */
    kf_text_report report;
};

/* ---- Life ---- */

static void on_message(int level, const char *format, va_list args, void *data)
{
    kf_ass *ass = data;
    if (level > 2) return; /* 2 is a warning */
    char text[256];
    unsigned glyph;
    vsnprintf(text, sizeof text, format, args);
    const char *at = strstr(text, "fallback with glyph 0x");
    if (!at || sscanf(at, "fallback with glyph 0x%x", &glyph) != 1) return;
    kf_text_report_glyph(&ass->report, glyph);
    ass->report.missing_glyph_count = ass->report.missing_glyph_kinds; /* libass tells again at each drawing */
}

static kf_status add_font_file(ASS_Library *library, const char *path, kf_error *err)
{
    char *bytes;
    size_t length;
    kf_status status = kf_file_read(path, MAX_FONT_FILE, &bytes, &length, err);
    if (status) return status;
    ass_add_font(library, kf_path_name(path), bytes, (int)length);
    kf_free(bytes);
    return KF_OK;
}

/* The extra fonts of the context; a collection is listed once for each of its faces. */
static kf_status add_fonts(kf_ass *ass, kf_text_context *context, kf_error *err)
{
    FcFontSet *set = FcConfigGetFonts(context->config, FcSetApplication);
    FcChar8 *path, *previous = NULL;
    for (int i = 0; set && i < set->nfont; i++) {
        if (FcPatternGetString(set->fonts[i], FC_FILE, 0, &path) != FcResultMatch) continue;
        if (previous && strcmp((const char *)path, (const char *)previous) == 0) continue;
        kf_status status = add_font_file(ass->library, (const char *)path, err);
        if (status) return status;
        previous = path;
    }
    return KF_OK;
}

static kf_status open_ass(kf_subtitles *s, kf_error *err)
{
    if (s->ass) return KF_OK;
    s->ass = KF_NEW(kf_ass);
    if (!s->ass) return kf_fail_memory(err);
    s->ass->interval = -1;
    s->ass->library = ass_library_init();
    if (!s->ass->library) return kf_fail_memory(err);
    ass_set_message_cb(s->ass->library, on_message, s->ass);
    ass_set_extract_fonts(s->ass->library, 1);
    return add_fonts(s->ass, s->context, err);
}

static kf_status open_renderer(kf_ass *ass, kf_error *err)
{
    if (ass->renderer) return KF_OK;
    ass->renderer = ass_renderer_init(ass->library);
    if (!ass->renderer) return kf_fail_memory(err);
    ass_set_fonts(ass->renderer, NULL, "Sans", ASS_FONTPROVIDER_AUTODETECT, NULL, 1);
    ass_set_hinting(ass->renderer, ASS_HINTING_NONE);
    ass_set_cache_limits(ass->renderer, 4096, 32 /* MB */);
    return KF_OK;
}

void kf_sub_ass_destroy(kf_ass *ass)
{
    if (!ass) return;
    if (ass->track) ass_free_track(ass->track);
    if (ass->renderer) ass_renderer_done(ass->renderer);
    if (ass->library) ass_library_done(ass->library);
    kf_free(ass);
}

/* ---- ASS scripts ---- */

/* True if \pN with N > 0 in an override block switches to drawing commands, false if \p0 switches back; else `now`. */
static bool drawing_after(const char *block, size_t length, bool now)
{
    for (size_t i = 0; i + 2 < length; i++) {
        if (block[i] == '\\' && block[i + 1] == 'p' && g_ascii_isdigit(block[i + 2])) now = block[i + 2] != '0';
    }
    return now;
}

static void plain_text(const char *text, kf_str *out)
{
    bool drawing = false;
    for (const char *p = text; *p; p++) {
        const char *end = *p == '{' ? strchr(p, '}') : NULL;
        if (end) {
            drawing = drawing_after(p, (size_t)(end - p), drawing);
            p = end;
        } else if (drawing) {
            continue;
        } else if (*p == '\\' && (p[1] == 'N' || p[1] == 'n')) {
            kf_str_add(out, "\n");
            p++;
        } else if (*p == '\\' && p[1] == 'h') {
            kf_str_add(out, "\xc2\xa0");
            p++;
        } else {
            kf_str_add_n(out, p, 1);
        }
    }
}

static bool changes_with_time(const ASS_Event *e)
{
    static const char *const tags[] = {"\\t", "\\move", "\\fad", "\\k", "\\K"};
    if (e->Effect && *e->Effect) return true;
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        if (e->Text && strstr(e->Text, tags[i])) return true;
    }
    return false;
}

static kf_time ms_time(long long ms)
{
    return kf_time_from_ticks(ms, 1, 1000);
}

static kf_status take_event(kf_subtitles *s, const ASS_Event *e, kf_error *err)
{
    kf_str plain = {0};
    plain_text(e->Text ? e->Text : "", &plain);
    const char *text = kf_arena_strndup(&s->arena, plain.data ? plain.data : "", plain.length);
    bool failed = plain.failed || !text;
    kf_str_finish(&plain);
    if (failed) return kf_fail_memory(err);
    s->events[s->count] = (kf_subtitle_event){ms_time(e->Start), ms_time(e->Start + e->Duration), text, 0};
    s->animated[s->count++] = changes_with_time(e);
    return KF_OK;
}

static void report_styles(kf_subtitles *s)
{
    const ASS_Track *track = s->ass->track;
    for (int i = 0; i < track->n_styles && i < 1000; i++) {
        const char *name = track->styles[i].FontName;
        bool unused_default = i == 0 && track->n_styles > 1; /* libass puts one before those of the script */
        if (name && !unused_default)
            kf_text_report_families(s->context, name[0] == '@' ? name + 1 : name, &s->ass->report);
    }
}

/* ---- Bounds: libass draws whatever size a script asks for, in gigabytes if need be ---- */

/* Replaces the number at `at` by `most` if it is greater, in place: the digits stay as many. Returns behind it. */
static char *bound_number(char *at, double most)
{
    char *end, digits[32];
    double value = strtod(at, &end);
    size_t length = (size_t)(end - at);
    if (length == 0 || fabs(value) <= most) return end > at ? end : at + 1;
    if (length >= sizeof digits || snprintf(digits, sizeof digits, "%0*d", (int)length, (int)most) != (int)length)
        memset(at, '0', length);
    else
        memcpy(at, digits, length);
    return end;
}

/* Override tags whose number makes glyphs larger; the greatest number in parts of the script's height, or as it is. */
static void bound_tags(char *text, double height)
{
    static const struct { const char *name; double parts, most;
    } tags[] = {
        {"\\fscx", 0, 1000}, {"\\fscy", 0, 1000}, {"\\fsp", 1, 0},     {"\\fs", 2, 0},
        {"\\bord", 0.5, 0},  {"\\xbord", 0.5, 0}, {"\\ybord", 0.5, 0}, {"\\shad", 1, 0},
        {"\\xshad", 1, 0},   {"\\yshad", 1, 0},   {"\\blur", 0, 100},  {"\\be", 0, 50},
    };
    for (char *p = text; *p;) {
        size_t t = 0;
        while (t < sizeof tags / sizeof *tags && strncmp(p, tags[t].name, strlen(tags[t].name)) != 0) t++;
        if (t == sizeof tags / sizeof *tags) {
            p++;
            continue;
        }
        p += strlen(tags[t].name);
        bool grows =
            strcmp(tags[t].name, "\\fs") == 0 && (*p == '+' || *p == '-'); /* in tenths of what it was: adds up */
        p = bound_number(p, grows ? 0 : tags[t].parts > 0 ? fmax(1, tags[t].parts * height) : tags[t].most);
    }
}

static void bound_style(ASS_Style *style, double height)
{
    style->FontSize = fmin(fmax(style->FontSize, 0), 2 * height);
    style->ScaleX = fmin(fmax(style->ScaleX, 0), 10);
    style->ScaleY = fmin(fmax(style->ScaleY, 0), 10);
    style->Outline = fmin(fmax(style->Outline, 0), height / 2);
    style->Shadow = fmin(fmax(style->Shadow, -height), height);
    style->Spacing = fmin(fmax(style->Spacing, -height), height);
    style->Blur = fmin(fmax(style->Blur, 0), 100);
}

static void bound_track(ASS_Track *track)
{
    double height = track->PlayResY > 0 ? track->PlayResY : 288; /* libass's own default */
    for (int i = 0; i < track->n_styles; i++) bound_style(&track->styles[i], height);
    for (int i = 0; i < track->n_events; i++)
        if (track->events[i].Text) bound_tags(track->events[i].Text, height);
}

kf_status kf_sub_ass_parse(kf_subtitles *s, const char *text, size_t length, const char *name, kf_error *err)
{
    kf_status status = open_ass(s, err);
    if (status) return status;
    ASS_Track *track = s->ass->track = ass_read_memory(s->ass->library, (char *)text, length, NULL);
    if (!track || !track->event_format) {
        return kf_fail(err, KF_ERR_PARSE, "%s: not an ASS script: it has no [Events] section with a Format line", name);
    }
    bound_track(track);
    s->events = kf_alloc_zero((size_t)track->n_events + 1, sizeof *s->events);
    s->animated = kf_alloc_zero((size_t)track->n_events + 1, sizeof *s->animated);
    if (!s->events || !s->animated) return kf_fail_memory(err);
    for (int i = 0; i < track->n_events && !status; i++) {
        const ASS_Event *e = &track->events[i];
        if (e->Duration > 0 && e->Start >= -(INT64_C(1) << 40) && e->Start + e->Duration < INT64_C(1) << 40)
            status = take_event(s, e, err);
        else s->skipped++;
    }
    if (!status) report_styles(s);
    return status;
}

/* ---- SRT and VTT ---- */

/* R, G, B, transparency from high to low byte. */
static uint32_t ass_color(const float c[4])
{
    uint32_t v = 0;
    for (int i = 0; i < 4; i++) {
        float u = c[i] > 0 ? (c[i] < 1 ? c[i] : 1) : 0;
        v = v << 8 | (uint32_t)((i == 3 ? 1 - u : u) * 255 + 0.5f);
    }
    return v;
}

/* libass sizes a font by ascent + descent, titles by the em: the ratio of the two for this font. */
static double size_ratio(kf_text_context *context, PangoFontDescription *d)
{
    pango_font_description_set_absolute_size(d, 1000.0 * PANGO_SCALE);
    PangoFontMetrics *m = pango_context_get_metrics(context->pango, d, NULL);
    double ratio = (pango_font_metrics_get_ascent(m) + pango_font_metrics_get_descent(m)) / (1000.0 * PANGO_SCALE);
    pango_font_metrics_unref(m);
    return ratio > 0.5 && ratio < 4 ? ratio : 1.2;
}

static void set_font(ASS_Style *a, kf_subtitles *s, const kf_subtitle_style *style)
{
    PangoFontDescription *d = kf_text_description(s->context, style->font);
    const char *family = pango_font_description_get_family(d);
    kf_text_report_families(s->context, family, &s->ass->report);
    a->FontName = strndup(family, strcspn(family, ","));
    a->FontSize = style->size * size_ratio(s->context, d);
    a->Bold = pango_font_description_get_weight(d) >= PANGO_WEIGHT_SEMIBOLD;
    a->Italic = pango_font_description_get_style(d) != PANGO_STYLE_NORMAL;
    pango_font_description_free(d);
}

static int style_alignment(const kf_subtitle_style *style)
{
    int v = style->place == KF_ANCHOR_TOP ? VALIGN_TOP : style->place == KF_ANCHOR_MIDDLE ? VALIGN_CENTER : VALIGN_SUB;
    return v | HALIGN_CENTER;
}

static kf_status add_style(kf_subtitles *s, const kf_subtitle_style *style, kf_error *err)
{
    ASS_Track *track = s->ass->track;
    int id = ass_alloc_style(track);
    if (id < 0) return kf_fail_memory(err);
    ASS_Style *a = &track->styles[id];
    a->Name = strdup("Kerf");
    set_font(a, s, style);
    a->PrimaryColour = a->SecondaryColour = ass_color(style->color);
    a->OutlineColour = ass_color(style->outline_color);
    a->BackColour = ass_color(style->box ? style->box_color : style->shadow_color);
    a->ScaleX = a->ScaleY = 1;
    a->BorderStyle = style->box ? 4 : 1; /* 4: a box of BackColour, padded by the shadow's offset, behind the outline */
    a->Outline = style->outline_width;
    a->Alignment = style_alignment(style);
    a->MarginL = a->MarginR = (int)lrintf(style->margin_h);
    a->MarginV = (int)lrintf(style->margin_v);
    track->default_style = id;
    return a->Name && a->FontName ? KF_OK : kf_fail_memory(err);
}

/* Hundredths, written without the locale's decimal point. */
static void add_decimal(kf_str *s, const char *before, double value)
{
    long v = lrint(value * 100);
    kf_str_addf(s, "%s%s%ld.%02ld", before, v < 0 ? "-" : "", labs(v) / 100, labs(v) % 100);
}

static void add_shadow(kf_str *text, const kf_subtitle_style *style)
{
    const float *offset = style->box ? style->box_padding : style->shadow_offset;
    if (!style->box && !(style->shadow_color[3] > 0)) return;
    add_decimal(text, "\\xshad", offset[0]);
    add_decimal(text, "\\yshad", offset[1]);
}

/* {\an} and, where the cue names a place of its own, {\pos}. */
static void add_place(kf_str *text, const kf_cue *cue, const kf_subtitle_style *style, const ASS_Track *track)
{
    int v = cue->v ? cue->v : style->place == KF_ANCHOR_TOP ? 3 : style->place == KF_ANCHOR_MIDDLE ? 2 : 1;
    int h = cue->h ? cue->h : 2;
    kf_str_addf(text, "\\an%d", (v - 1) * 3 + h);
    if (!cue->has_line && !cue->has_position) return;
    double line = style->size * 1.2, width = track->PlayResX;
    double x = cue->has_position ? cue->position / 100.0 * width
               : h == 1          ? style->margin_h
               : h == 3          ? width - style->margin_h
                                 : width / 2;
    double y = v == 1 ? LINES - style->margin_v : v == 3 ? style->margin_v : LINES / 2.0;
    if (cue->has_line)
        y = cue->line_percent   ? cue->line_at / 100.0 * LINES
            : cue->line_at >= 0 ? cue->line_at * line
                                : LINES + (cue->line_at + 1) * line;
    add_decimal(text, "\\pos(", x);
    add_decimal(text, ",", y);
    kf_str_add(text, ")");
}

static kf_status add_event(kf_subtitles *s, int i, const kf_subtitle_style *style, kf_error *err)
{
    ASS_Track *track = s->ass->track;
    int id = ass_alloc_event(track);
    if (id < 0) return kf_fail_memory(err);
    kf_str text = {0};
    kf_str_add(&text, "{");
    add_place(&text, &s->cues[i], style, track);
    add_shadow(&text, style);
    kf_str_add(&text, "}");
    kf_str_add(&text, s->cues[i].ass);
    ASS_Event *e = &track->events[id];
    e->Start = kf_ticks_from_time(s->events[i].start, 1, 1000);
    e->Duration = kf_ticks_from_time(s->events[i].end, 1, 1000) - e->Start;
    e->ReadOrder = i;
    e->Style = track->default_style;
    e->Name = strdup("");
    e->Effect = strdup("");
    e->Text = text.failed ? NULL : strdup(text.data);
    kf_str_finish(&text);
    return e->Name && e->Effect && e->Text ? KF_OK : kf_fail_memory(err);
}

static kf_status build_track(kf_subtitles *s, const kf_subtitles_view *view, const kf_subtitle_style *style,
                             kf_error *err)
{
    kf_ass *ass = s->ass;
    if (ass->track) ass_free_track(ass->track);
    ass->interval = -1;
    ass->report = (kf_text_report){0};
    ass->track = ass_new_track(ass->library);
    if (!ass->track) return kf_fail_memory(err);
    ass->track->track_type = TRACK_TYPE_ASS;
    ass->track->PlayResY = LINES;
    ass->track->PlayResX = (int)lrint((double)LINES * view->width / view->height);
    if (ass->track->PlayResX < 1) ass->track->PlayResX = 1;
    ass->track->ScaledBorderAndShadow = 1;
    kf_status status = add_style(s, style, err);
    for (int i = 0; i < s->count && !status; i++) status = add_event(s, i, style, err);
    return status;
}

/* A track for this style and shape of picture. */
static kf_status prepare_track(kf_subtitles *s, const kf_subtitles_view *view, const kf_subtitle_style *style,
                               kf_error *err)
{
    if (s->kind == KF_SUBTITLES_ASS) return KF_OK;
    uint64_t look = kf_subtitle_style_key(style);
    kf_key_int(&look, (int64_t)view->width << 32 | view->height);
    if (s->ass->track && s->ass->look == look) return KF_OK;
    s->ass->look = 0;
    kf_status status = build_track(s, view, style, err);
    if (!status) s->ass->look = look;
    return status;
}

/* ---- Drawing ---- */

/* A changed frame size makes libass forget where events were placed. */
static void set_size(kf_ass *ass, int width, int height, bool forget)
{
    if (forget) ass_set_frame_size(ass->renderer, width + 1, height);
    ass_set_storage_size(ass->renderer, width, height);
    ass_set_frame_size(ass->renderer, width, height);
    ass->width = width;
    ass->height = height;
    ass->interval = -1;
}

/* Draws the starts of the intervals of t's segment up to t's own, so that colliding events lie as if played from there.
 */
static void replay(kf_subtitles *s, kf_time t)
{
    kf_ass *ass = s->ass;
    const kf_intervals *v = &s->intervals;
    int interval = kf_interval_at(v, t), first = v->first[interval];
    if (!v->overlap[first]) {
        ass->interval = -1;
        return;
    }
    if (ass->interval < first || ass->interval > interval) {
        set_size(ass, ass->width, ass->height, true);
        ass->interval = first - 1;
    }
    while (ass->interval < interval)
        ass_render_frame(ass->renderer, ass->track, kf_ticks_from_time(v->times[++ass->interval], 1, 1000), NULL);
}

typedef struct clip { int x0, y0, x1, y1; } clip;

static clip clip_image(const ASS_Image *i, int width, int height)
{
    int64_t x1 = (int64_t)i->dst_x + i->w, y1 = (int64_t)i->dst_y + i->h;
    clip c = {i->dst_x > 0 ? i->dst_x : 0, i->dst_y > 0 ? i->dst_y : 0, (int)(x1 < width ? x1 : width),
              (int)(y1 < height ? y1 : height)};
    bool visible = i->bitmap && i->w > 0 && i->h > 0 && (i->color & 255) != 255 && c.x0 < c.x1 && c.y0 < c.y1;
    return visible ? c : (clip){0};
}

static clip clip_all(const ASS_Image *images, int width, int height)
{
    clip all = {width, height, 0, 0};
    int count = 0;
    for (const ASS_Image *i = images; i && count < MAX_IMAGES; i = i->next, count++) {
        clip c = clip_image(i, width, height);
        if (c.x0 >= c.x1) continue;
        all = (clip){c.x0 < all.x0 ? c.x0 : all.x0, c.y0 < all.y0 ? c.y0 : all.y0, c.x1 > all.x1 ? c.x1 : all.x1,
                     c.y1 > all.y1 ? c.y1 : all.y1};
    }
    return all;
}

static void blend_image(kf_raster *out, const ASS_Image *i, clip c)
{
    uint32_t alpha = 255 - (i->color & 255), rgb[3] = {i->color >> 8 & 255, i->color >> 16 & 255, i->color >> 24};
    kf_image *to = &out->frame->image;
    for (int y = c.y0; y < c.y1; y++) {
        const uint8_t *m = i->bitmap + (ptrdiff_t)(y - i->dst_y) * i->stride + (c.x0 - i->dst_x);
        uint8_t *d = to->plane[0] + (y - out->y) * to->stride[0] + 4 * (c.x0 - out->x);
        for (int x = 0; x < c.x1 - c.x0; x++) {
            uint32_t a = kf_mul255(m[x], alpha);
            uint8_t s[4] = {(uint8_t)kf_mul255(rgb[0], a), (uint8_t)kf_mul255(rgb[1], a), (uint8_t)kf_mul255(rgb[2], a),
                            (uint8_t)a};
            if (a) kf_over_pixel(d + 4 * x, s);
        }
    }
}

static kf_status blend_images(const ASS_Image *images, int width, int height, kf_raster *out, kf_error *err)
{
    clip all = clip_all(images, width, height);
    if (all.x0 >= all.x1 || all.y0 >= all.y1) return KF_OK;
    *out = (kf_raster){kf_text_frame_clear(all.x1 - all.x0, all.y1 - all.y0), all.x0, all.y0};
    if (!out->frame) return kf_fail_memory(err);
    int count = 0;
    for (const ASS_Image *i = images; i && count < MAX_IMAGES; i = i->next, count++) {
        clip c = clip_image(i, width, height);
        if (c.x0 < c.x1) blend_image(out, i, c);
    }
    return kf_raster_crop(out, err); /* libass pads its bitmaps */
}

kf_status kf_sub_ass_render(kf_subtitles *s, const kf_subtitles_view *view, const kf_subtitle_style *style,
                            kf_raster *out, kf_text_report *report, kf_error *err)
{
    if ((int64_t)view->width * view->height > KF_TEXT_MAX_PIXELS) {
        return kf_fail(err, KF_ERR_INVALID,
                       "a picture of %d x %d px is too large for subtitles; the limit is %d million pixels",
                       view->width, view->height, KF_TEXT_MAX_PIXELS / 1000000);
    }
    kf_status status = open_ass(s, err);
    if (!status) status = open_renderer(s->ass, err);
    if (!status) status = prepare_track(s, view, style, err);
    if (status) return status;
    kf_ass *ass = s->ass;
    if (ass->width != view->width || ass->height != view->height) set_size(ass, view->width, view->height, false);
    replay(s, view->t);
    const ASS_Image *images = ass_render_frame(ass->renderer, ass->track, kf_ticks_from_time(view->t, 1, 1000), NULL);
    status = blend_images(images, view->width, view->height, out, err);
    if (report) *report = ass->report;
    return status;
}
