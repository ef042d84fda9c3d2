/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Prints what test_schema.py works with: the schema, a film with something of everything, a film with every field of
 * every kind at its default; or says whether the film on its input loads. */
#include "film_util.h"

static void add_default(kf_json_writer *w, const kf_field *f)
{
    int n = kf_field_numbers(f->type);
    switch (f->type) {
    case KF_FIELD_BOOL:
        kf_json_write_bool(w, f->def[0] != 0);
        break;
    case KF_FIELD_ENUM:
        kf_json_write_string(w, f->choices[(int)f->def[0]]);
        break;
    case KF_FIELD_TEXT:
    case KF_FIELD_FILE:
        kf_json_write_string(w, strcmp(f->name, "sidechain") == 0 ? "V1" : f->def_text);
        break;
    case KF_FIELD_POINTS:
        kf_json_begin_array(w);
        kf_json_end_array(w);
        break;
    case KF_FIELD_STOPS:
        kf_json_begin_array(w);
        kf_json_begin_array(w);
        kf_json_write_number(w, 0);
        kf_json_write_string(w, "#fff");
        kf_json_end_array(w);
        kf_json_end_array(w);
        break;
    default:
        if (n == 1) {
            kf_json_write_number(w, f->def[0]);
            break;
        }
        kf_json_begin_array(w);
        for (int i = 0; i < n; i++) {
            if (f->def[i] == (double)KF_POSITION_CENTER) {
                kf_json_write_string(w, "center");
            } else {
                kf_json_write_number(w, f->def[i]);
            }
        }
        kf_json_end_array(w);
        break;
    }
}

static void add_fields(kf_json_writer *w, const kf_kind *kind)
{
    for (int i = 0; i < kind->field_count; i++) {
        const kf_field *f = &kind->fields[i];
        bool keyed = f->animatable && kf_field_numbers(f->type) > 0 && i % 2;
        kf_json_key(w, f->name);
        if (keyed) {
            kf_str_add(w->out, "{\"keys\":[{\"t\":0,\"v\":");
        }
        add_default(w, f);
        if (keyed) {
            kf_str_add(w->out, "}]}");
        }
    }
}

static void add_kind(kf_json_writer *w, const kf_kind *kind)
{
    bool sound = kind->cls == KF_CLASS_AUDIO_EFFECT, generator = kind->cls == KF_CLASS_GENERATOR;
    kf_json_begin_object(w);
    kf_json_key(w, "generator");
    kf_json_write_string(w, generator ? kind->name : "bars");
    kf_json_key(w, "duration");
    kf_json_write_int(w, 10);
    if (generator) {
        kf_json_key(w, "params");
        kf_json_begin_object(w);
        add_fields(w, kind);
        kf_json_end_object(w);
    } else if (kind->cls == KF_CLASS_EFFECT || sound) {
        kf_json_key(w, sound ? "audio_effects" : "effects");
        kf_json_begin_array(w);
        kf_json_begin_object(w);
        kf_json_key(w, "effect");
        kf_json_write_string(w, kind->name);
        add_fields(w, kind);
        kf_json_end_object(w);
        kf_json_end_array(w);
    } else if (kind->id == KF_PROP_CLIP_VIDEO || kind->id == KF_PROP_CLIP_AUDIO) {
        add_fields(w, kind);
    }
    kf_json_end_object(w);
    if (kind->cls == KF_CLASS_TRANSITION) {
        kf_json_begin_object(w);
        kf_json_key(w, "transition");
        kf_json_write_string(w, kind->name);
        kf_json_key(w, "duration");
        kf_json_write_int(w, 1);
        add_fields(w, kind);
        kf_json_end_object(w);
    }
}

static void print_kinds(void)
{
    kf_str out = {0};
    kf_json_writer w = {.out = &out, .compact = true};
    kf_json_begin_object(&w);
    kf_json_key(&w, "kerf");
    kf_json_write_int(&w, 1);
    kf_json_key(&w, "tracks");
    kf_json_begin_array(&w);
    kf_json_begin_object(&w);
    kf_json_key(&w, "name");
    kf_json_write_string(&w, "V1");
    kf_json_key(&w, "clips");
    kf_json_begin_array(&w);
    for (int i = 0; i < kf_kind_count(); i++) {
        if (kf_kind_at(i)->id != KF_AFX_LOUDNESS_NORMALIZE) {
            add_kind(&w, kf_kind_at(i));
        }
    }
    kf_json_end_array(&w);
    kf_json_end_object(&w);
    kf_json_end_array(&w);
    kf_json_end_object(&w);
    puts(out.data);
    kf_str_finish(&out);
}

static int check_input(void)
{
    static char text[1 << 20];
    kf_film *film = NULL;
    kf_error err;
    size_t n = fread(text, 1, sizeof text - 1, stdin);
    text[n] = '\0';
    int failed = load_text(text, &film, &err) != KF_OK;
    puts(failed ? err.message : "good");
    kf_film_destroy(film);
    return failed;
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    kf_str out = {0};
    kf_error err;
    if (strcmp(what, "check") == 0) {
        return check_input();
    }
    if (strcmp(what, "kinds") == 0) {
        print_kinds();
    } else if (strcmp(what, "rich") == 0) {
        puts(rich_film);
    } else if (kf_schema_write(&out, &err) == KF_OK) {
        fputs(out.data, stdout);
    }
    kf_str_finish(&out);
    return 0;
}
