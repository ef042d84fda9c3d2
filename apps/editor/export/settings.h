/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an export is to be like: a preset, and what differs from it. */
#ifndef KERF_EDITOR_EXPORT_SETTINGS_H
#define KERF_EDITOR_EXPORT_SETTINGS_H

#include "kerf/catalog.h"
#include "queues.h"

typedef struct KerfExport {
    kf_export_preset_info preset;
    const char *path;
    gboolean marked;          /* from in to out only */
    int32_t width, height;    /* px; 0: as the preset says */
    kf_rational rate;         /* {0, 0}: as the preset says */
    const char *video_codec, *audio_codec; /* NULL: the preset's; "none": no such stream */
    int32_t crf;              /* < 0: the preset's */
    int64_t video_bitrate, audio_bitrate; /* bits per second; 0: the preset's */
    gboolean allow_missing, overwrite;
} KerfExport;

/* What holds in the end. */
const char *kerf_export_codec(const KerfExport *settings, gboolean audio);
/* Length of what is exported; 0: there is nothing. */
kf_time kerf_export_length(const KerfExport *settings, const kf_sequence_info *sequence);
/* "1920 × 1080 · 24 frames/s · 0:17 · H.264 · AAC · about 20 MB". New. */
char *kerf_export_summary(const KerfExport *settings, const kf_sequence_info *sequence);
/* Puts all of it into the job. */
void kerf_export_fill(const KerfExport *settings, const kf_sequence_info *sequence, KerfQueueJob *job);

/* Containers and codecs by name. */
gboolean kerf_find_container(const char *name, kf_container_desc *out);
gboolean kerf_find_codec(const char *name, kf_codec_desc *out);
/* With the extension that a container has; numbered if it is a sequence of pictures. New. */
char *kerf_export_path(const char *path, const kf_export_preset_info *preset);
/* "29.97"; holds 16 bytes. */
void kerf_rate_text(kf_rational rate, char text[16]);

#endif
