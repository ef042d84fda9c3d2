/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The timeline's shaders, without their version line. */
#ifndef KERF_TIMELINE_SHADERS_H
#define KERF_TIMELINE_SHADERS_H

extern const char kt_vertex_shader[], kt_fragment_shader[];

#endif
