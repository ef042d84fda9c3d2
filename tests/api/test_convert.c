/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Turning an open film into another form. */
#include "api_util.h"

static const char a_cut[] = "{'clips':[{'asset':'a','in':'10f','duration':'50f'},{'asset':'b','duration':'25f'}]}";

static char *file_text(const char *path)
{
    static char text[20000];
    FILE *file = fopen(path, "r");
    if (!file) return NULL;
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return text;
}

typedef struct losses {
    int count;
    bool written;              /* the file was there when one was told */
    const char *path;
} losses;

static void count_loss(void *context, const kf_convert_loss *loss)
{
    losses *l = context;
    l->count++;
    l->written |= file_text(l->path) != NULL;
    CHECK(*loss->what);
}

TEST(an_open_film_becomes_a_list)
{
    kf_film_handle *film = api_film(a_cut);
    const char *path = util_path("cut.edl");
    remove(path);
    REQUIRE(film);
    CHECK_INT(kf_film_convert(film, path, NULL, &api_error), KF_OK);
    const char *text = file_text(path);
    REQUIRE(text);
    CHECK(strstr(text, "00:00:00:10 00:00:02:10 00:00:00:00 00:00:02:00"));
    CHECK(strstr(text, "00:00:00:00 00:00:01:00 00:00:02:00 00:00:03:00"));
    CHECK_INT(kf_film_convert(film, path, NULL, &api_error), KF_ERR_EXISTS);
    kf_film_close(film);
}

TEST(losses_are_told_before_anything_is_written)
{
    kf_film_handle *film = api_film("{'clips':[{'asset':'a','duration':'50f','effects':[{'effect':'blur'}]}]}");
    losses l = {.path = util_path("dry.edl")};
    kf_convert_params params = {.dry_run = true, .loss = count_loss, .context = &l};
    remove(l.path);
    REQUIRE(film);
    CHECK_INT(kf_film_convert(film, l.path, &params, &api_error), KF_OK);
    CHECK(l.count > 0 && !file_text(l.path));
    params.dry_run = false;
    CHECK_INT(kf_film_convert(film, l.path, &params, &api_error), KF_OK);
    CHECK(!l.written && file_text(l.path));
    kf_film_close(film);
}

TEST(paths_lead_to_the_same_files)
{
    kf_film_handle *film = api_film(a_cut);
    const char *path = util_path("moved.json");
    remove(path);
    REQUIRE(film);
    CHECK_INT(kf_film_convert(film, path, NULL, &api_error), KF_OK);
    kf_film_handle *moved;
    REQUIRE(kf_film_open(path, &moved, &api_error) == KF_OK);
    char *file = kf_film_asset_file(moved, kf_film_asset_find(moved, "a"));
    CHECK(file && strstr(file, "films/media/a.mp4"));
    kf_string_free(file);
    kf_film_close(moved);
    kf_film_close(film);
}

TEST(bad_requests_are_refused)
{
    kf_film_handle *film = api_film(a_cut);
    kf_convert_params params = {.sequence = "nobody"};
    REQUIRE(film);
    CHECK_INT(kf_film_convert(film, NULL, NULL, &api_error), KF_ERR_USAGE);
    CHECK_INT(kf_film_convert(film, util_path("x.edl"), &params, &api_error), KF_ERR_INVALID);
    CHECK_INT(kf_film_convert(film, util_path("x.nothing"), NULL, &api_error), KF_ERR_UNSUPPORTED);
    kf_film_close(film);
}

TEST(forms_are_listed)
{
    kf_interchange_form form;
    bool otio = false, srt = false;
    int32_t n = 0;
    for (; kf_interchange_form_at(n, &form); n++) {
        CHECK(*form.label && form.extensions[0] && (form.read || form.write));
        otio |= strcmp(form.name, "otio") == 0 && form.read && form.write && !form.captions;
        srt |= strcmp(form.extensions[0], "srt") == 0 && form.captions;
    }
    CHECK(otio && srt && n > 4 && !kf_interchange_form_at(-1, &form));
}

int main(void)
{
    RUN(an_open_film_becomes_a_list);
    RUN(losses_are_told_before_anything_is_written);
    RUN(paths_lead_to_the_same_files);
    RUN(bad_requests_are_refused);
    RUN(forms_are_listed);
    return test_end();
}
