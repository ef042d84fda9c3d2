/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "drag.h"

G_DEFINE_BOXED_TYPE(KerfDrag, kerf_drag, kerf_drag_copy, kerf_drag_free)

KerfDrag *kerf_drag_new(KerfDragKind kind, const char *const *names)
{
    KerfDrag *drag = g_new0(KerfDrag, 1);
    drag->kind = kind;
    drag->names = g_strdupv((char **)names);
    drag->in = drag->out = KF_TIME_NONE;
    drag->video = drag->audio = TRUE;
    return drag;
}

KerfDrag *kerf_drag_copy(const KerfDrag *drag)
{
    KerfDrag *copy = g_new(KerfDrag, 1);
    *copy = *drag;
    copy->names = g_strdupv(drag->names);
    return copy;
}

void kerf_drag_free(KerfDrag *drag)
{
    g_strfreev(drag->names);
    g_free(drag);
}
