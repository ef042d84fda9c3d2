/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fontconfig/fontconfig.h>
#include <pango/pangofc-fontmap.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/api/alloc.h"
#include "base/api/str.h"
#include "text/pango.h"

/* ---- Font sources ---- */

static int app_font_count(FcConfig *config)
{
    FcFontSet *set = FcConfigGetFonts(config, FcSetApplication);
    return set ? set->nfont : 0;
}

static kf_status add_font_source(FcConfig *config, const char *path, kf_error *err)
{
    struct stat st;
    if (stat(path, &st) != 0) return kf_fail_errno(err, errno, "font %s", path);
    bool folder = S_ISDIR(st.st_mode);
    int before = app_font_count(config);
    FcBool ok = folder ? FcConfigAppFontAddDir(config, (const FcChar8 *)path)
                       : FcConfigAppFontAddFile(config, (const FcChar8 *)path);
    if (ok && app_font_count(config) > before) return KF_OK;
    return kf_fail(err, KF_ERR_NOT_FOUND,
                   folder ? "%s: no font in this folder can be used" : "%s: not a font that can be used", path);
}

static kf_status copy_sources(kf_text_context *context, const char *const *files, kf_error *err)
{
    size_t count = 0;
    while (files[count]) count++;
    context->font_files = kf_alloc_zero(count + 1, sizeof *context->font_files);
    if (!context->font_files) return kf_fail_memory(err);
    for (size_t i = 0; i < count; i++) {
        context->font_files[i] = kf_strdup(files[i]);
        if (!context->font_files[i]) return kf_fail_memory(err);
    }
    return KF_OK;
}

static kf_status open_config(kf_text_context *context, const kf_text_context_params *params, kf_error *err)
{
    if (!params || !params->font_files || !params->font_files[0]) {
        context->config = FcConfigReference(NULL);
        if (!context->config)
            return kf_fail(err, KF_ERR_NOT_FOUND,
                           "fontconfig has no usable configuration; install fonts and fontconfig");
        return KF_OK;
    }
    kf_status status = copy_sources(context, params->font_files, err);
    if (status) return status;
    context->config = FcInitLoadConfigAndFonts();
    if (!context->config)
        return kf_fail(err, KF_ERR_NOT_FOUND, "fontconfig has no usable configuration; install fonts and fontconfig");
    for (const char *const *file = params->font_files; *file; file++) {
        status = add_font_source(context->config, *file, err);
        if (status) return status;
    }
    return KF_OK;
}

/* ---- Life ---- */

static kf_status open_map(kf_text_context *context, kf_error *err)
{
    context->map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
    if (!context->map) return kf_fail(err, KF_ERR_UNSUPPORTED, "this Pango was built without FreeType fonts");
    /* 72 dpi: a point in markup is a pixel. */
    pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(context->map), 72);
    pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(context->map), context->config);
    context->pango = pango_font_map_create_context(context->map);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    cairo_font_options_set_subpixel_order(options, CAIRO_SUBPIXEL_ORDER_DEFAULT);
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(context->pango, options);
    cairo_font_options_destroy(options);
    pango_context_set_round_glyph_positions(context->pango, FALSE);
    return KF_OK;
}

kf_status kf_text_context_create(const kf_text_context_params *params, kf_text_context **out, kf_error *err)
{
    *out = NULL;
    kf_text_context *context = KF_NEW(kf_text_context);
    if (!context) return kf_fail_memory(err);
    kf_status status = open_config(context, params, err);
    if (!status) status = open_map(context, err);
    if (status) {
        kf_text_context_destroy(context);
        return status;
    }
    *out = context;
    return KF_OK;
}

void kf_text_context_destroy(kf_text_context *context)
{
    if (!context) return;
    if (context->pango) g_object_unref(context->pango);
    if (context->map) g_object_unref(context->map);
    if (context->config) FcConfigDestroy(context->config);
    for (char **file = context->font_files; file && *file; file++) kf_free(*file);
    kf_free(context->font_files);
    kf_free(context);
}

/* ---- Which family is used ---- */

static bool is_alias(const char *family)
{
    static const char *const aliases[] = {"sans",    "sans-serif", "serif",     "monospace", "mono",
                                          "cursive", "fantasy",    "system-ui", "emoji",     "math"};
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++) {
        if (strcasecmp(family, aliases[i]) == 0) return true;
    }
    return false;
}

/* True if a font carries this family name; `used` gets it, or the name of the best match. */
static bool match_family(kf_text_context *context, const char *family, char used[KF_TEXT_FAMILY_SIZE])
{
    used[0] = 0;
    FcPattern *pattern = FcPatternCreate();
    if (!pattern) return false;
    FcPatternAddString(pattern, FC_FAMILY, (const FcChar8 *)family);
    FcConfigSubstitute(context->config, pattern, FcMatchPattern);
    FcDefaultSubstitute(pattern);
    FcResult result;
    FcPattern *font = FcFontMatch(context->config, pattern, &result);
    FcPatternDestroy(pattern);
    if (!font) return false;
    bool same = false;
    FcChar8 *name;
    for (int i = 0; !same && FcPatternGetString(font, FC_FAMILY, i, &name) == FcResultMatch; i++) {
        same = FcStrCmpIgnoreCase(name, (const FcChar8 *)family) == 0;
        if (i == 0 || same) snprintf(used, KF_TEXT_FAMILY_SIZE, "%s", (const char *)name);
    }
    FcPatternDestroy(font);
    return same || is_alias(family);
}

/* Copies the next name of a comma list without blanks around it; false at the end. */
static bool next_family(const char **list, char *out, size_t size)
{
    const char *p = *list;
    while (*p == ',' || *p == ' ') p++;
    if (!*p) return false;
    size_t length = strcspn(p, ",");
    *list = p + length;
    while (length && p[length - 1] == ' ') length--;
    snprintf(out, size, "%.*s", (int)(length < size ? length : size - 1), p);
    return true;
}

/* As kf_text_font_check, for a list of families; `wanted` gets the first. */
static bool check_families(kf_text_context *context, const char *families, char wanted[256],
                           char used[KF_TEXT_FAMILY_SIZE])
{
    char family[256], other[KF_TEXT_FAMILY_SIZE];
    if (!next_family(&families, wanted, 256)) {
        snprintf(wanted, 256, "Sans");
    }
    if (match_family(context, wanted, used)) return true;
    while (next_family(&families, family, sizeof family)) {
        if (match_family(context, family, other)) {
            memcpy(used, other, sizeof other);
            return false;
        }
    }
    return false;
}

PangoFontDescription *kf_text_description(kf_text_context *context, const char *font)
{
    PangoFontDescription *d = pango_font_description_from_string(font && *font ? font : "Sans");
    if (pango_font_description_get_set_fields(d) & PANGO_FONT_MASK_SIZE) {
        /* "Source Sans 3": a number that belongs to the name. */
        char used[KF_TEXT_FAMILY_SIZE];
        if (match_family(context, font, used)) pango_font_description_set_family(d, font);
        pango_font_description_unset_fields(d, PANGO_FONT_MASK_SIZE);
    }
    if (!pango_font_description_get_family(d)) pango_font_description_set_family_static(d, "Sans");
    return d;
}

bool kf_text_font_check(kf_text_context *context, const char *font, char fallback[KF_TEXT_FAMILY_SIZE])
{
    char wanted[256], used[KF_TEXT_FAMILY_SIZE];
    PangoFontDescription *d = kf_text_description(context, font);
    bool present = check_families(context, pango_font_description_get_family(d), wanted, used);
    pango_font_description_free(d);
    if (fallback) memcpy(fallback, used, sizeof used);
    return present;
}

/* ---- Report ---- */

void kf_text_report_families(kf_text_context *context, const char *families, kf_text_report *report)
{
    char wanted[256], used[KF_TEXT_FAMILY_SIZE];
    if (!families || check_families(context, families, wanted, used)) return;
    wanted[KF_TEXT_FAMILY_SIZE - 1] = 0;
    for (int i = 0; i < report->missing_font_count; i++) {
        if (strcasecmp(report->missing_fonts[i].wanted, wanted) == 0) return;
    }
    if (report->missing_font_count == KF_TEXT_REPORT_FONTS) return;
    int i = report->missing_font_count++;
    memcpy(report->missing_fonts[i].wanted, wanted, KF_TEXT_FAMILY_SIZE);
    memcpy(report->missing_fonts[i].fallback, used, KF_TEXT_FAMILY_SIZE);
}
