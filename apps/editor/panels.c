/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "panel.h"

extern const KerfPanel kerf_history_panel;

const KerfPanel *const kerf_panels[] = {
    &kerf_history_panel,
    NULL,
};
