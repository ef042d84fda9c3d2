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

/* ---- docs/effects.md ---- */

static void print_range(const kf_field *f)
{
    bool center = f->type == KF_FIELD_VEC2 && f->min == (double)KF_POSITION_CENTER;
    if (f->type == KF_FIELD_ENUM) {
        for (int i = 0; f->choices[i]; i++) {
            printf("%s%s", i ? ", " : "", f->choices[i]);
        }
    } else if (f->type == KF_FIELD_INT || f->type == KF_FIELD_FLOAT || f->type == KF_FIELD_VEC2 ||
               f->type == KF_FIELD_TIME) {
        printf("%g to %g", center ? -f->max : f->min, f->max);
    }
}

static void print_numbers(const kf_field *f)
{
    int n = kf_field_numbers(f->type);
    bool same = n == 2 && f->def[0] == f->def[1];
    printf(n == 1 || same ? "" : "[");
    for (int i = 0; i < (same ? 1 : n); i++) {
        if (f->def[i] == (double)KF_POSITION_CENTER) {
            printf("%scenter", i ? ", " : "");
        } else {
            printf("%s%g", i ? ", " : "", f->def[i]);
        }
    }
    printf(n == 1 || same ? "" : "]");
}

static void print_default(const kf_field *f)
{
    switch (f->type) {
    case KF_FIELD_BOOL:
        printf("%s", f->def[0] != 0 ? "true" : "false");
        break;
    case KF_FIELD_ENUM:
        printf("%s", f->choices[(int)f->def[0]]);
        break;
    case KF_FIELD_TEXT:
    case KF_FIELD_FILE:
    case KF_FIELD_POINTS:
    case KF_FIELD_STOPS:
        printf("%s%s%s", *f->def_text ? "`" : "", f->def_text, *f->def_text ? "`" : "");
        break;
    default:
        print_numbers(f);
        break;
    }
}

static void print_kind(const kf_kind *kind)
{
    printf("\n### %s\n\n%s\n", kind->name, kind->help);
    if (kind->field_count) {
        printf("\n| parameter | type | range | default | keys | |\n| --- | --- | --- | --- | --- | --- |\n");
    }
    for (int i = 0; i < kind->field_count; i++) {
        const kf_field *f = &kind->fields[i];
        printf("| `%s` | %s%s%s | ", f->name, kf_field_type_name(f->type), *f->unit ? ", " : "", f->unit);
        print_range(f);
        printf(" | ");
        print_default(f);
        printf(" | %s | %s |\n", f->animatable && kf_field_numbers(f->type) ? "yes" : "", f->help);
    }
}

static void print_docs(void)
{
    static const char *const titles[KF_CLASS_COUNT] = {"Properties of clips and tracks", "Effects", "Transitions",
                                                       "Generators", "Audio effects"};
    puts("# Effects, transitions, generators\n\nWritten by tests/model/schema_tool from the tables that the film "
         "reader uses: "
         "`schema_tool docs > docs/effects.md`.\nHow they stand in a film is in [film-format.md](film-format.md). "
         "\"keys\" says "
         "what can be keyframed.");
    for (int c = 0; c < KF_CLASS_COUNT; c++) {
        printf("\n## %s\n", titles[c]);
        for (int i = 0; i < kf_kind_count(); i++) {
            if (kf_kind_at(i)->cls == (kf_kind_class)c) {
                print_kind(kf_kind_at(i));
            }
        }
    }
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
    if (strcmp(what, "docs") == 0) {
        print_docs();
    } else if (strcmp(what, "kinds") == 0) {
        print_kinds();
    } else if (strcmp(what, "rich") == 0) {
        puts(rich_film);
    } else if (kf_schema_write(&out, &err) == KF_OK) {
        fputs(out.data, stdout);
    }
    kf_str_finish(&out);
    return 0;
}
