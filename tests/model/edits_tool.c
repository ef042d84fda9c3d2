/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Edits for readers: `edits_tool docs NOTES` prints docs/edits.md from the table of operations and src/catalog/edits.md;
 * `edits_tool try NOTES` does the edits of its pictures and prints as TAP whether they come out as drawn. */
#include <ctype.h>
#include <math.h>

#include "catalog/api/edits.h"
#include "film_util.h"
#include "model/api/edit.h"

static char notes[1 << 17];

static bool load_notes(const char *path)
{
    FILE *file = fopen(path, "r");
    size_t n = file ? fread(notes, 1, sizeof notes - 1, file) : 0;
    notes[n] = '\0';
    if (file) {
        fclose(file);
    }
    return n > 0 && n < sizeof notes - 1;
}

/* ---- docs/edits.md ---- */

/* The section "## name", from the line after its title up to the next one; NULL if there is none. */
static const char *section(const char *name, size_t *length)
{
    char title[80];
    snprintf(title, sizeof title, "\n## %s\n", name);
    const char *start = strstr(notes, title);
    start = start ? start + strlen(title) : NULL;
    const char *end = start ? strstr(start, "\n## ") : NULL;
    *length = start ? end ? (size_t)(end - start) : strlen(start) : 0;
    return start;
}

static void print_type(const kf_field *f)
{
    if (f->choices) {
        for (int i = 0; f->choices[i]; i++) {
            printf("%s%s", i ? ", " : "", f->choices[i]);
        }
    } else if (f->type == KF_FIELD_INT) {
        printf("%g to %g", f->min, f->max);
    } else {
        printf("%s", f->type == KF_FIELD_ID ? "number" : f->type == KF_FIELD_IDS ? "numbers" : kf_field_type_name(f->type));
    }
}

static void print_default(const kf_field *f)
{
    if (f->required) {
        printf("required");
    } else if (f->type == KF_FIELD_BOOL) {
        printf("%s", f->def[0] != 0 ? "true" : "false");
    } else if (f->choices) {
        printf("%s", f->choices[(int)f->def[0]]);
    } else if (f->type == KF_FIELD_INT) {
        printf("%g", f->def[0]);
    } else if (f->type == KF_FIELD_TEXT) {
        printf("%s", f->def_text);
    }
}

static void print_edit(const kf_kind *kind)
{
    size_t length;
    const char *note = section(kind->name, &length);
    printf("\n### %s\n\n%s\n", kind->name, kind->help);
    if (note) {
        printf("%.*s", (int)length, note);
        printf("%s", length && note[length - 1] != '\n' ? "\n" : "");
    }
    printf("\n| argument | type | default | |\n| --- | --- | --- | --- |\n");
    for (int i = 0; i < kind->field_count; i++) {
        printf("| `%s` | ", kind->fields[i].name);
        print_type(&kind->fields[i]);
        printf(" | ");
        print_default(&kind->fields[i]);
        printf(" | %s |\n", kind->fields[i].help);
    }
}

static bool is_first_of_category(int index)
{
    for (int i = 0; i < index; i++) {
        if (strcmp(kf_edit_at(i)->category, kf_edit_at(index)->category) == 0) {
            return false;
        }
    }
    return true;
}

/* Up to the first section of an operation. */
static void print_general(void)
{
    const char *at = strstr(notes, "\n## ");
    while (at) {
        char name[80] = "";
        sscanf(at, "\n## %79[^\n]", name);
        if (kf_kind_find(KF_CLASS_EDIT, name)) {
            break;
        }
        at = strstr(at + 1, "\n## ");
    }
    printf("%.*s", (int)(at ? at - notes : (ptrdiff_t)strlen(notes)), notes);
}

static void print_docs(void)
{
    print_general();
    for (int i = 0; i < kf_edit_count(); i++) {
        if (!is_first_of_category(i)) {
            continue;
        }
        printf("\n## %s\n", kf_edit_at(i)->category);
        for (int k = i; k < kf_edit_count(); k++) {
            if (strcmp(kf_edit_at(k)->category, kf_edit_at(i)->category) == 0) {
                print_edit(kf_edit_at(k));
            }
        }
    }
}

/* ---- Trying pictures out ---- */

enum { MOST_ROWS = 8 };
typedef struct picture {
    char rows[MOST_ROWS][120];
    int count;
} picture;

static const char *row_called(const picture *p, const char *name)
{
    for (int i = 0; i < p->count; i++) {
        if (strncmp(p->rows[i], name, 2) == 0) {
            return p->rows[i] + 3;
        }
    }
    return NULL;
}

/* The clips of a row; small letters are other clips of the same source, which go on where the first one ends. */
static void add_clips(kf_str *s, const char *row)
{
    int shown[26] = {0};
    bool first = true;
    while (*row && *row != ' ') {
        int length = 0, letter = toupper((unsigned char)*row) - 'A';
        while (row[length] == *row) {
            length++;
        }
        kf_str_add(s, first ? "" : ",");
        if (*row == '.') {
            kf_str_addf(s, "{\"gap\":%d}", length);
        } else {
            kf_str_addf(s, "{\"id\":%d,\"asset\":\"%c\",\"in\":%d,\"duration\":%d}",
                        letter + (isupper((unsigned char)*row) ? 1 : 51), 'a' + letter, 20 + shown[letter], length);
            shown[letter] += length;
        }
        first = false;
        row += length;
    }
}

static kf_film *film_of(const picture *p)
{
    kf_str s = {0};
    kf_film *film = NULL;
    kf_error err;
    kf_str_add(&s, "{\"kerf\":1,\"size\":[64,36],\"rate\":1,\"assets\":{");
    for (char c = 'a'; c <= 'z'; c++) {
        kf_str_addf(&s, "%s\"%c\":{\"path\":\"%c.mp4\",\"media\":{\"video\":true,\"audio\":true,\"duration\":100}}",
                    c == 'a' ? "" : ",", c, c);
    }
    kf_str_add(&s, "},\"tracks\":[");
    for (int i = 0, count = 0; i < 6; i++) {
        const char name[3] = {"VA"[i / 3], (char)('1' + i % 3), '\0'}, *row = row_called(p, name);
        if (row) {
            kf_str_addf(&s, "%s{\"kind\":\"%s\",\"clips\":[", count++ ? "," : "", i < 3 ? "video" : "audio");
            add_clips(&s, row);
            kf_str_add(&s, "]}");
        }
    }
    kf_str_add(&s, "]}");
    if (load_text(s.data, &film, &err) != KF_OK) {
        printf("# %s\n", err.message);
    }
    kf_str_finish(&s);
    return film;
}

/* The letter of a clip as drawn: small if another one had that source to begin with. */
static char letter_of(kf_snapshot state, const kf_clip_view *clip, const picture *before)
{
    kf_asset_view asset;
    bool known = kf_asset_at(state, kf_asset_index(state, clip->source_uid), &asset);
    char letter = known ? (char)toupper((unsigned char)asset.id[0]) : '?';
    bool there = false;
    for (int i = 0; i < before->count; i++) {
        there = there || strchr(before->rows[i] + 3, letter);
    }
    return there && clip->id != (uint64_t)(letter - 'A' + 1) ? (char)tolower((unsigned char)letter) : letter;
}

/* Whether what the row says of a clip beside its letters is so: "A@20", "A*1/2". */
static bool is_as_said(const char *row, char letter, const kf_clip_view *clip)
{
    char start[4] = {' ', letter, '@'}, speed[4] = {' ', letter, '*'};
    const char *in = strstr(row, start), *rate = strstr(row, speed);
    int num = 1, den = 1;
    bool good = !in || clip->source_in == atoi(in + 3) * KF_SECOND;
    if (rate) {
        sscanf(rate + 3, "%d/%d", &num, &den);
    }
    return good && clip->speed.num == num && clip->speed.den == den;
}

static bool draw(kf_film *film, int32_t track, const picture *before, const char *row, char out[120])
{
    kf_snapshot state = kf_film_snapshot(film);
    kf_sequence_view sequence;
    kf_track_view view;
    kf_cursor c;
    size_t n = 0;
    bool good = true;
    if (!kf_sequence_at(state, 0, &sequence) || !kf_track_get(state, &sequence, track, &view)) {
        return false;
    }
    kf_cursor_init(&c, state, &view);
    while (kf_cursor_next(&c)) {
        kf_clip_view clip;
        bool is_clip = kf_cursor_clip(&c, &clip);
        char letter = is_clip ? letter_of(state, &clip, before) : '.';
        good = good && (!is_clip || is_as_said(row, letter, &clip));
        for (kf_time t = 0; t < c.item.duration && n < 100; t += KF_SECOND) {
            out[n++] = letter;
        }
    }
    out[n] = '\0';
    return good;
}

static bool compare(kf_film *film, const picture *before, const picture *after)
{
    bool good = true;
    for (int i = 0, track = 0; i < 6; i++) {
        const char name[3] = {"VA"[i / 3], (char)('1' + i % 3), '\0'}, *row = row_called(after, name);
        char found[120] = "";
        track += i > 0 && row_called(before, (const char[]){"VA"[(i - 1) / 3], (char)('1' + (i - 1) % 3), '\0'}) != NULL;
        if (row) {
            size_t length = strcspn(row, " ");
            bool same = draw(film, track, before, row, found) && strlen(found) == length && strncmp(found, row, length) == 0;
            printf(same ? "" : "# %s is %s, not %s\n", name, found, row);
            good = good && same;
        }
    }
    return good;
}

static kf_status apply(kf_film *film, const char *op, kf_error *err)
{
    kf_json_doc *doc;
    kf_edit *e;
    kf_status status = kf_json_parse(op, strlen(op), "edit", 0, &doc, err);
    if (status != KF_OK) {
        return status;
    }
    status = kf_edit_begin(film, &e, err);
    if (status == KF_OK) {
        status = kf_edit_apply(e, kf_json_root(doc), "edit", err);
        status = status == KF_OK ? kf_edit_commit(e, NULL, NULL, err) : (kf_edit_abort(e), status);
    }
    kf_json_free(doc);
    return status;
}

/* One line of a picture: a row, an edit, or how it is refused. */
typedef struct trial {
    kf_film *film;
    picture before, now;
    kf_status status;
    kf_error err;
    bool good, edited;
} trial;

static void finish_rows(trial *t)
{
    if (t->edited && t->now.count > 0) {
        t->good = t->good && t->status == KF_OK && compare(t->film, &t->before, &t->now);
        if (t->status != KF_OK) {
            printf("# %s\n", t->err.message);
        }
    } else if (!t->edited) {
        t->before = t->now;
        t->film = film_of(&t->before);
        t->good = t->film != NULL;
    }
    t->now.count = 0;
}

static void try_line(trial *t, const char *line, size_t length)
{
    char text[400];
    snprintf(text, sizeof text, "%.*s", (int)length, line);
    if (*text == '{') {
        finish_rows(t);
        t->status = t->film ? apply(t->film, text, &t->err) : KF_ERR_INVALID;
        t->edited = true;
    } else if (strncmp(text, "refused: ", 9) == 0) {
        t->good = t->good && t->status != KF_OK && strstr(t->err.message, text + 9);
        printf(t->good ? "" : "# %s\n", t->status == KF_OK ? "not refused" : t->err.message);
    } else if (t->now.count < MOST_ROWS && length > 3) {
        snprintf(t->now.rows[t->now.count++], sizeof t->now.rows[0], "%.110s", text);
    }
}

static bool try_picture(const char *at, const char *end)
{
    trial t = {.good = true};
    while (at < end) {
        size_t length = strcspn(at, "\n");
        try_line(&t, at, length);
        at += length + 1;
    }
    finish_rows(&t);
    kf_film_destroy(t.film);
    return t.good && t.edited;
}

/* Each block of text in ``` that begins with a row. */
static int try_pictures(void)
{
    int count = 0, failed = 0;
    const char *open = strstr(notes, "```\n");
    while (open) {
        const char *start = open + 4, *end = strstr(start, "```");
        if (!end) {
            break;
        }
        if ((*start == 'V' || *start == 'A') && isdigit((unsigned char)start[1])) {
            bool good = try_picture(start, end);
            failed += !good;
            const char *edit = strchr(start, '{');
            printf("%s %d - %.*s\n", good ? "ok" : "not ok", ++count, (int)strcspn(edit, "\n"), edit);
        }
        open = strstr(end + 3, "```\n");
    }
    printf("1..%d\n", count);
    return failed > 0;
}

int main(int argc, char **argv)
{
    if (argc < 3 || !load_notes(argv[2])) {
        printf("not ok 1 - usage: edits_tool docs|try src/catalog/edits.md\n1..1\n");
        return 1;
    }
    if (strcmp(argv[1], "docs") == 0) {
        print_docs();
        return 0;
    }
    return try_pictures();
}
