/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <strings.h>

#include "interchange/internal.h"

/* Each stands at the end of its file. In order of sniffing: those that are sure first. */
extern const kf_interchange ix_ass, ix_srt, ix_vtt, ix_edl, ix_fcpxml, ix_otio, ix_xmeml;
static const kf_interchange *const formats[] = {
    &ix_otio,
    &ix_fcpxml,
    &ix_xmeml,
    &ix_edl,
    &ix_ass,
    &ix_vtt,
    &ix_srt,
    NULL
};

const kf_interchange *kf_interchange_at(int index)
{
    int count = (int)(sizeof formats / sizeof *formats) - 1;
    return index >= 0 && index < count ? formats[index] : NULL;
}

static bool is_called(const kf_interchange *format, const char *name)
{
    const char *const *extension = format->extensions;
    while (*extension && strcasecmp(*extension, name) != 0) {
        extension++;
    }
    return *extension || strcasecmp(format->name, name) == 0;
}

const kf_interchange *kf_interchange_find(const char *name)
{
    int i = 0;
    while (formats[i] && !is_called(formats[i], name)) {
        i++;
    }
    return formats[i];
}

const kf_interchange *kf_interchange_sniff(const char *bytes, size_t length)
{
    int i = 0;
    while (formats[i] && !(formats[i]->sniff && formats[i]->sniff(bytes, length))) {
        i++;
    }
    return formats[i];
}
