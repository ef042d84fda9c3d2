/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What lies on the tracks of a film. */
#include <stdio.h>

#include "cli.h"
#include "kerf/timeline.h"

int run_list(const cli_options *o, char **arguments, int count)
{
    kf_film_handle *film = NULL;
    kf_error error = {0};
    char *text = NULL;
    kf_status status = cli_open_film(arguments[0], &film, &error);
    if (status == KF_OK)
        status = kf_film_list(film, o->sequence, o->json ? KF_TEXT_JSON : KF_TEXT_PLAIN, &text, &error);
    if (status == KF_OK) fputs(text, stdout);
    kf_string_free(text);
    kf_film_close(film);
    return status == KF_OK ? 0 : cli_fail(&error);
}
