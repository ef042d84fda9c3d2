/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "settings.h"

#include <string.h>

#include "text.h"

/* ---- Tables ---- */

gboolean kerf_find_container(const char *name, kf_container_desc *out)
{
    for (int32_t i = 0; kf_catalog_container(i, out); i++) {
        if (strcmp(out->name, name) == 0) return TRUE;
    }
    return FALSE;
}

gboolean kerf_find_codec(const char *name, kf_codec_desc *out)
{
    for (int32_t i = 0; kf_catalog_codec(i, out); i++) {
        if (strcmp(out->name, name) == 0) return TRUE;
    }
    return FALSE;
}

/* Of a known container, so that a dot in a name is not taken for one. */
static gboolean has_extension(const char *path)
{
    const char *dot = strrchr(path, '.');
    kf_container_desc c;
    if (!dot || strchr(dot, '/')) return FALSE;
    for (int32_t i = 0; kf_catalog_container(i, &c); i++) {
        for (const char *const *e = c.extensions; *e; e++) {
            if (g_ascii_strcasecmp(dot + 1, *e) == 0) return TRUE;
        }
    }
    return FALSE;
}

char *kerf_export_path(const char *path, const kf_export_preset_info *preset)
{
    kf_container_desc c = {0};
    g_autofree char *stem = g_strdup(path);
    if (has_extension(stem)) *strrchr(stem, '.') = '\0';
    if (g_str_has_suffix(stem, "_%05d")) stem[strlen(stem) - strlen("_%05d")] = '\0';
    const gboolean numbered = kerf_find_container(preset->container, &c) && c.pictures;
    return g_strconcat(stem, numbered ? "_%05d." : ".", preset->extension, NULL);
}

void kerf_rate_text(kf_rational rate, char text[16])
{
    if (rate.den == 1) {
        g_snprintf(text, 16, "%d", rate.num);
    } else {
        g_snprintf(text, 16, "%.3g", rate.den ? (double)rate.num / rate.den : 0);
        if (rate.den == 1001) g_snprintf(text, 16, rate.num == 24000 ? "%.3f" : "%.2f", (double)rate.num / rate.den);
    }
}

/* ---- What holds ---- */

const char *kerf_export_codec(const KerfExport *e, gboolean audio)
{
    const char *own = audio ? e->audio_codec : e->video_codec;
    return own ? own : audio ? e->preset.audio_codec : e->preset.video_codec;
}

static void range_of(const KerfExport *e, const kf_sequence_info *s, kf_time *from, kf_time *to)
{
    *from = e->marked && s->mark_in != KF_TIME_NONE ? s->mark_in : 0;
    *to = e->marked && s->mark_out != KF_TIME_NONE ? MIN(s->mark_out, s->duration) : s->duration;
}

kf_time kerf_export_length(const KerfExport *e, const kf_sequence_info *s)
{
    kf_time from, to;
    range_of(e, s, &from, &to);
    return MAX(to - from, 0);
}

static gboolean is_none(const char *codec) { return strcmp(codec, "none") == 0; }

/* ---- In words ---- */

static int bits_of_pcm(const char *codec)
{
    static const struct { const char *codec; int bits; } pcm[] = {{"pcm_s16", 16}, {"pcm_s24", 24}, {"pcm_f32", 32}};
    for (size_t i = 0; i < G_N_ELEMENTS(pcm); i++) {
        if (strcmp(codec, pcm[i].codec) == 0) return pcm[i].bits;
    }
    return 0;
}

/* Bits per second of the sound; negative: nobody knows. */
static double sound_rate(const KerfExport *e, const kf_sequence_info *s)
{
    const char *codec = kerf_export_codec(e, TRUE);
    const int64_t given = e->audio_bitrate ? e->audio_bitrate : e->audio_codec ? 0 : e->preset.audio_bitrate;
    kf_codec_desc known;
    if (is_none(codec)) return 0;
    if (bits_of_pcm(codec)) return (double)bits_of_pcm(codec) * s->sample_rate * s->channels;
    if (!kerf_find_codec(codec, &known) || known.lossless) return -1;
    return given ? (double)given : known.bitrate ? (double)known.bitrate : -1;
}

/* Only what is known: constant quality may come out in any size. */
static double bytes_of(const KerfExport *e, const kf_sequence_info *s)
{
    const gboolean pictures = !is_none(kerf_export_codec(e, FALSE));
    const double seconds = (double)kerf_export_length(e, s) / (double)KF_SECOND, sound = sound_rate(e, s);
    const double video = pictures ? (double)(e->video_bitrate ? e->video_bitrate : e->crf < 0 ? e->preset.video_bitrate : 0) : 0;
    if (sound < 0 || (pictures && video <= 0)) return 0;
    return (video + sound) * seconds / 8;
}

static void add_picture(GString *out, const KerfExport *e, const kf_sequence_info *s)
{
    const int32_t width = e->width ? e->width : e->preset.width, height = e->height ? e->height : e->preset.height;
    const kf_rational rate = e->rate.num ? e->rate : e->preset.rate.num ? e->preset.rate : s->rate;
    char text[16];
    kerf_rate_text(rate, text);
    if (width && height) {
        g_string_append_printf(out, "%d × %d · ", width, height);
    } else if (width) {
        g_string_append_printf(out, "%d px wide · ", width);
    } else {
        g_string_append_printf(out, "%d × %d · ", s->width, s->height);
    }
    g_string_append_printf(out, "%s frames/s · ", text);
}

static void add_codec(GString *out, const char *name)
{
    kf_codec_desc codec;
    if (!is_none(name) && kerf_find_codec(name, &codec)) g_string_append_printf(out, " · %s", codec.label);
}

char *kerf_export_summary(const KerfExport *e, const kf_sequence_info *s)
{
    const kf_time length = kerf_export_length(e, s);
    const double bytes = bytes_of(e, s);
    g_autofree char *duration = kerf_duration_text(length);
    GString *out = g_string_new(NULL);
    if (length == 0) {
        g_string_append(out, s->duration > 0 ? "There is nothing between in and out" : "The sequence is empty");
        return g_string_free(out, FALSE);
    }
    if (!is_none(kerf_export_codec(e, FALSE))) add_picture(out, e, s);
    g_string_append(out, duration);
    add_codec(out, kerf_export_codec(e, FALSE));
    add_codec(out, kerf_export_codec(e, TRUE));
    g_autofree char *size = g_format_size((guint64)bytes);
    if (bytes > 0) g_string_append_printf(out, " · about %s", size);
    return g_string_free(out, FALSE);
}

/* ---- To the queue ---- */

void kerf_export_fill(const KerfExport *e, const kf_sequence_info *s, KerfQueueJob *job)
{
    kf_render_params *r = &job->render;
    g_autofree char *name = g_path_get_basename(e->path);
    job->name = kerf_queue_job_text(job, name);
    r->output = kerf_queue_job_text(job, e->path);
    r->sequence = kerf_queue_job_text(job, s->id);
    r->preset = e->preset.name;
    r->overwrite = e->overwrite;
    r->allow_missing = e->allow_missing;
    r->clamp_ranges = true;
    if (e->marked) range_of(e, s, &r->start, &r->end);
    r->width = e->width;
    r->height = e->height;
    r->rate = e->rate;
    r->video_codec = kerf_queue_job_text(job, e->video_codec);
    r->audio_codec = kerf_queue_job_text(job, e->audio_codec);
    r->crf = e->crf;
    r->video_bitrate = e->video_bitrate;
    r->audio_bitrate = e->audio_bitrate;
}
