/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef KF_CATALOG_INTERNAL_H
#define KF_CATALOG_INTERNAL_H

#include "catalog/api/catalog.h"

extern const kf_kind kf_catalog_kinds[];
extern const int kf_catalog_kind_count;

#endif
