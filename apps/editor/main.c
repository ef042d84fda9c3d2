/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* kerf-editor [FILM ...] */
#include <signal.h>

#include "app.h"

int main(int argc, char **argv)
{
    signal(SIGXFSZ, SIG_IGN); /* a file too large for its disk is an error like another */
    g_autoptr(KerfApp) app = kerf_app_new();
    g_set_application_name("Kerf");
    return g_application_run(G_APPLICATION(app), argc, argv);
}
