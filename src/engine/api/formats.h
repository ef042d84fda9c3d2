/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tables of media as kerf/catalog.h shows them. */
#ifndef KF_ENGINE_FORMATS_H
#define KF_ENGINE_FORMATS_H

#include "kerf/catalog.h"

/* Of kf_catalog_container and kf_catalog_codec. */
bool kf_engine_container(int32_t index, kf_container_desc *out);
bool kf_engine_codec(int32_t index, kf_codec_desc *out);

#endif
