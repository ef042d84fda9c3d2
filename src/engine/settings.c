/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/settings.h"

#include <math.h>
#include <string.h>

#include "base/api/alloc.h"
#include "base/api/str.h"
#include "base/api/time.h"

kf_status kf_settings_sequence(kf_snapshot snapshot, const char *id, int32_t *out, kf_error *err)
{
    kf_project_view project;
    if (!kf_project_get(snapshot, &project)) return kf_fail(err, KF_ERR_INTERNAL, "the film cannot be read");
    *out = id ? kf_sequence_find(snapshot, id) : project.main_sequence;
    if (*out >= 0 && *out < project.sequence_count) return KF_OK;
    return kf_fail(err, KF_ERR_NOT_FOUND, "the film has no sequence called \"%s\"", id ? id : "main");
}

static const char *pick(const char *first, const char *second)
{
    return first ? first : second;
}

static bool is_none(const char *codec)
{
    return codec && strcmp(codec, "none") == 0;
}

static kf_status find_preset(const kf_render_params *p, const kf_preset **out, kf_error *err)
{
    *out = NULL;
    if (p->preset) {
        *out = kf_preset_find(p->preset);
        if (*out) return KF_OK;
        const char *near = kf_preset_suggest(p->preset);
        return kf_fail(err, KF_ERR_NOT_FOUND, "there is no preset \"%s\"%s%s%s; `kerf formats` lists them", p->preset,
                       near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
    }
    if (p->write && p->container)
        *out = kf_preset_for_extension(p->container);
    else
        *out = p->output && !p->write ? kf_preset_for_extension(kf_path_extension(p->output)) : kf_preset_find("mp4");
    return KF_OK;
}

static int even(double v)
{
    int n = (int)floor(v / 2 + 0.5) * 2;
    return n < 2 ? 2 : n;
}

static kf_status set_size(const kf_render_params *p, const kf_preset *preset, kf_settings *s, kf_error *err)
{
    int w = p->width > 0 ? p->width : p->height > 0 ? 0 : preset ? preset->width : 0;
    int h = p->height > 0 ? p->height : p->width > 0 ? 0 : preset ? preset->height : 0;
    double aspect = (double)s->view.width / s->view.height;
    if (w && !h) h = even(w / aspect);
    if (h && !w) w = even(h * aspect);
    s->width = w ? w : s->view.width;
    s->height = h ? h : s->view.height;
    if (s->width < 1 || s->height < 1 || s->width > KF_MODEL_MAX_SIDE || s->height > KF_MODEL_MAX_SIDE)
        return kf_fail(err, KF_ERR_INVALID, "a picture of %dx%d cannot be made; sizes go from 1 to %d", s->width,
                       s->height, KF_MODEL_MAX_SIDE);
    return KF_OK;
}

static kf_status set_range(const kf_render_params *p, kf_settings *s, kf_error *err)
{
    s->start = p->start == KF_TIME_NONE ? 0 : p->start;
    s->end = p->end == KF_TIME_NONE ? s->view.duration : p->end;
    double length = kf_time_seconds(s->view.duration);
    if (s->view.duration <= 0)
        return kf_fail(err, KF_ERR_INVALID, "the film is empty: its sequence \"%s\" has no clips", s->view.id);
    if (s->start < 0 || s->start >= s->view.duration)
        return kf_fail(err, KF_ERR_INVALID, "the range starts at %.3f s, but the film goes from 0 to %.3f s",
                       kf_time_seconds(s->start), length);
    if (s->end > s->view.duration) s->end = s->view.duration;
    if (s->end <= s->start)
        return kf_fail(err, KF_ERR_INVALID, "the range ends at %.3f s, before it starts at %.3f s",
                       kf_time_seconds(s->end), kf_time_seconds(s->start));
    s->frames = kf_frame_at(s->end - s->start - 1, s->rate) + 1;
    return KF_OK;
}

kf_time kf_settings_frame_time(const kf_settings *s, int64_t i)
{
    return s->start + kf_frame_start(i, s->rate);
}

static kf_status set_pixel_format(const char *name, kf_pixfmt *out, kf_error *err)
{
    if (!name) return KF_OK;
    *out = kf_pixfmt_find(name);
    if (*out != KF_PIX_NONE) return KF_OK;
    return kf_fail(err, KF_ERR_INVALID, "there is no pixel format \"%s\"; `kerf formats` lists them", name);
}

static kf_status set_video(const kf_render_params *p, const kf_preset *preset, kf_settings *s, kf_error *err)
{
    kf_writer_video_params *v = &s->writer.video;
    v->codec = pick(p->video_codec, preset ? preset->video_codec : NULL);
    bool own_codec =
        p->video_codec && preset && preset->video_codec && strcmp(p->video_codec, preset->video_codec) != 0;
    if (own_codec) preset = NULL; /* quality and profile of another codec mean nothing */
    v->width = s->width;
    v->height = s->height;
    v->rate = s->rate;
    v->sample_aspect = s->view.pixel_aspect;
    v->color = s->view.color;
    v->crf = p->crf >= 0 ? p->crf : preset ? preset->crf : -1;
    v->bitrate = p->video_bitrate ? p->video_bitrate : preset ? preset->video_bitrate : 0;
    if (p->video_bitrate && p->crf < 0) v->crf = -1;
    v->speed = pick(p->speed, preset ? preset->speed : NULL);
    v->profile = pick(p->profile, preset ? preset->profile : NULL);
    v->gop = preset ? preset->gop : 0;
    v->threads = p->threads;
    v->variable = p->variable_rate || (preset && preset->variable_rate);
    s->video = !is_none(v->codec);
    return set_pixel_format(pick(p->pixel_format, preset ? preset->pixel_format : NULL), &v->format, err);
}

static void set_audio(const kf_render_params *p, const kf_preset *preset, kf_settings *s)
{
    kf_writer_audio_params *a = &s->writer.audio;
    a->codec = pick(p->audio_codec, preset ? preset->audio_codec : NULL);
    a->sample_rate = s->view.sample_rate;
    a->channels = s->view.channels;
    a->bitrate = p->audio_bitrate ? p->audio_bitrate : preset ? preset->audio_bitrate : 0;
    s->audio = !is_none(a->codec);
}

/* Markers with a name become chapters; those outside the range are left out. */
static kf_status set_chapters(kf_snapshot snapshot, kf_settings *s, kf_error *err)
{
    int n = 0;
    s->chapters = kf_alloc_zero((size_t)s->view.markers.count + 1, sizeof *s->chapters);
    if (!s->chapters) return kf_fail_memory(err);
    for (int i = 0; i < s->view.markers.count; i++) {
        kf_marker m;
        if (!kf_marker_at(snapshot, s->view.markers, i, &m) || m.time < s->start || m.time >= s->end || !m.name[0])
            continue;
        if (n > 0) s->chapters[n - 1].end = m.time - s->start;
        s->chapters[n++] = (kf_writer_chapter){m.time - s->start, s->end - s->start, m.name};
    }
    s->writer.chapters = s->chapters;
    s->writer.chapter_count = n;
    return KF_OK;
}

static void set_timecode(kf_settings *s)
{
    if (s->view.start_timecode <= 0 || !kf_rational_equal(s->rate, s->view.rate)) return;
    s->writer.timecode = s->view.start_timecode + kf_frame_at(s->start, s->view.rate);
    s->writer.timecode_drop = s->view.drop_frame;
}

kf_status kf_settings_resolve(kf_snapshot snapshot, const kf_render_params *p, kf_settings *s, kf_error *err)
{
    const kf_preset *preset;
    memset(s, 0, sizeof *s);
    kf_status status = kf_settings_sequence(snapshot, p->sequence, &s->sequence, err);
    if (status == KF_OK && !kf_sequence_at(snapshot, s->sequence, &s->view))
        status = kf_fail(err, KF_ERR_INTERNAL, "the sequence cannot be read");
    if (status == KF_OK) status = find_preset(p, &preset, err);
    if (status != KF_OK) return status;
    s->rate = p->rate.num > 0 ? p->rate : preset && preset->rate.num > 0 ? preset->rate : s->view.rate;
    s->writer = kf_writer_params_default();
    s->writer.path = p->output;
    s->writer.overwrite = p->overwrite;
    s->writer.faststart = preset && preset->faststart && !p->write;
    if (p->write) {
        s->sink = (kf_writer_sink){p->context, p->write};
        s->writer.sink = &s->sink;
        s->writer.container = p->container ? p->container : preset ? preset->container : "mp4";
    }
    status = set_size(p, preset, s, err);
    if (status == KF_OK) status = set_range(p, s, err);
    if (status == KF_OK) status = set_video(p, preset, s, err);
    if (status != KF_OK) return status;
    set_audio(p, preset, s);
    if (!s->video && !s->audio)
        return kf_fail(err, KF_ERR_USAGE,
                       "neither picture nor sound is to be written; leave one of the codecs other than \"none\"");
    set_timecode(s);
    return set_chapters(snapshot, s, err);
}

void kf_settings_finish(kf_settings *s)
{
    kf_free(s->chapters);
    s->chapters = NULL;
}
