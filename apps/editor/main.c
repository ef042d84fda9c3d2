/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* kerf-editor [FILM ...] */
#include "app.h"

int main(int argc, char **argv)
{
    g_autoptr(KerfApp) app = kerf_app_new();
    g_set_application_name("Kerf");
    return g_application_run(G_APPLICATION(app), argc, argv);
}
