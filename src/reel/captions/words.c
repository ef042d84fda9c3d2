/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Words with times: from the config, from JSON, from subtitles. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/api/cues.h"
#include "reel/captions/captions.h"

static const kf_json *named(const captions *c)
{
    return reel_member(reel_member(c->r->config.root, "captions"), "file");
}

/* Capitals of the scripts whose letters have them and that are common in captions; others stay. */
static void capitalise(char *text)
{
    for (unsigned char *p = (unsigned char *)text; *p; p++) {
        bool latin1 = p[0] == 0xC3 && p[1] >= 0xA0 && p[1] <= 0xBE && p[1] != 0xB7;
        bool greek_low = p[0] == 0xCE && p[1] >= 0xB1 && p[1] <= 0xBF, cyrillic = p[0] == 0xD0 && p[1] >= 0xB0 && p[1] <= 0xBF;
        if (*p < 0x80) {
            *p = (unsigned char)toupper(*p);
        } else if (latin1 || greek_low || cyrillic) {
            p[1] = (unsigned char)(p[1] - 0x20);
        } else if (p[0] == 0xCF && p[1] >= 0x80 && p[1] <= 0x8B && p[1] != 0x82) {
            p[0] = 0xCE;
            p[1] = (unsigned char)(p[1] + 0x20);
        } else if (p[0] == 0xD1 && p[1] >= 0x80 && p[1] <= 0x8F) {
            p[0] = 0xD0;
            p[1] = (unsigned char)(p[1] + 0x20);
        }
    }
}

static kf_status add_word(captions *c, const char *text, size_t length, kf_time start, kf_time end)
{
    while (length > 0 && isspace((unsigned char)*text)) {
        text++;
        length--;
    }
    while (length > 0 && isspace((unsigned char)text[length - 1])) {
        length--;
    }
    if (length == 0) {
        return KF_OK;
    }
    if (c->count >= CAPTION_WORDS_MAX) {
        return REEL_FAIL(c->r, named(c), "more than %d words", CAPTION_WORDS_MAX);
    }
    char *copy = kf_arena_strndup(&c->r->arena, text, length);
    if (!copy || kf_grow((void **)&c->words, &c->capacity, c->count + 1, sizeof *c->words)) {
        return kf_fail_memory(c->r->err);
    }
    if (c->look.capitals) {
        capitalise(copy);
    }
    c->words[c->count++] = (caption_word){.text = copy, .start = start + c->config->said.offset,
        .end = end == KF_TIME_NONE ? end : end + c->config->said.offset};
    return KF_OK;
}

/* ---- The config's own list ---- */

static kf_status read_list(captions *c, const kf_json *list)
{
    reel_reader reader = reel_reader_of(c->r);
    kf_status status = KF_OK;
    for (const kf_json *json = list->first; json && status == KF_OK; json = json->next) {
        caption_word_said said;
        reel_defaults(&caption_word_table, &said);
        status = reel_read(&reader, json, &caption_word_table, &said);
        if (status == KF_OK && said.end != KF_TIME_NONE && said.end < said.start) {
            status = REEL_FAIL(c->r, json, "the word ends before it starts");
        }
        status = status == KF_OK ? add_word(c, said.text, strlen(said.text), said.start, said.end) : status;
    }
    return status;
}

/* ---- JSON as speech recognisers write it: [{word or text, start, end}], {"words": [...]}, {"segments": [...]} ---- */

static const kf_json *any_of(const kf_json *object, const char *const *keys)
{
    const kf_json *found = NULL;
    for (; *keys && !found; keys++) {
        found = kf_json_get(object, *keys);
    }
    return found;
}

static kf_status read_spoken(captions *c, const kf_json *value);

static kf_status read_word(captions *c, const kf_json *value)
{
    static const char *const texts[] = {"word", "text", "punctuated_word", NULL};
    const kf_json *text = any_of(value, texts), *start = kf_json_get(value, "start"), *end = kf_json_get(value, "end");
    if (!text || text->type != KF_JSON_STRING || !start || start->type != KF_JSON_NUMBER || !(start->number >= 0) ||
        start->number > 86400) {
        return REEL_FAIL(c->r, named(c), "an entry of the file has no \"word\" and \"start\" (seconds)");
    }
    bool ends = end && end->type == KF_JSON_NUMBER && end->number >= start->number && end->number <= 86400;
    return add_word(c, text->text, text->length, kf_time_from_seconds(start->number),
                    ends ? kf_time_from_seconds(end->number) : KF_TIME_NONE);
}

static kf_status read_spoken(captions *c, const kf_json *value)
{
    static const char *const lists[] = {"words", "segments", NULL};
    const kf_json *list = value->type == KF_JSON_ARRAY ? value : any_of(value, lists);
    kf_status status = KF_OK;
    if (!list) {
        return read_word(c, value);
    }
    for (const kf_json *entry = list->first; entry && status == KF_OK; entry = entry->next) {
        status = read_spoken(c, entry);
    }
    return status;
}

static kf_status read_json(captions *c, const kf_str *text)
{
    kf_json_doc *doc = NULL;
    kf_status status = kf_json_parse(text->data, text->length, c->config->said.file, 0, &doc, c->r->err);
    if (status == KF_OK) {
        status = read_spoken(c, kf_json_root(doc));
        kf_json_free(doc);
    }
    return status;
}

/* ---- Subtitles: a cue's time is shared among its words by their letters; WebVTT may say when each starts ---- */

typedef struct piece {
    size_t at, length;
    kf_time start;               /* KF_TIME_NONE: not said */
} piece;

/* "00:01.500" or "00:00:01.500". */
static bool parse_stamp(const char *text, size_t length, kf_time *out)
{
    char copy[32];
    double part[3] = {0, 0, 0};
    int n = 0;
    if (length >= sizeof copy || !memchr(text, ':', length)) {
        return false;
    }
    memcpy(copy, text, length);
    copy[length] = '\0';
    for (char *p = copy; n < 3; n++) {
        char *next;
        if (!isdigit((unsigned char)*p)) {
            return false;
        }
        long whole = strtol(p, &next, 10), ms = 0;
        if (*next == '.') {
            ms = strtol(next + 1, &next, 10);
        }
        part[n] = (double)whole + (double)ms / 1000;
        if (*next != ':') {
            n++;
            break;
        }
        p = next + 1;
    }
    double seconds = n == 3 ? (part[0] * 60 + part[1]) * 60 + part[2] : part[0] * 60 + part[1];
    *out = kf_time_from_seconds(seconds);
    return n >= 2 && seconds < 86400;
}

/* Words of a cue without its tags, into `plain`. */
static size_t split_cue(const kf_raw_cue *cue, char *plain, piece *pieces, size_t most)
{
    size_t count = 0, out = 0;
    kf_time stamp = KF_TIME_NONE;
    bool inside = false;
    for (size_t i = 0; i < cue->length; i++) {
        const char *close = cue->text[i] == '<' ? memchr(cue->text + i, '>', cue->length - i) : NULL;
        if (close) {
            size_t n = (size_t)(close - cue->text) - i - 1;
            kf_time t;
            if (parse_stamp(cue->text + i + 1, n, &t)) {
                stamp = t;
                inside = false;
            }
            i += n + 1;
        } else if (isspace((unsigned char)cue->text[i])) {
            inside = false;
        } else {
            if (!inside && count == most) {
                break;
            }
            if (!inside) {
                pieces[count++] = (piece){out, 0, stamp};
                stamp = KF_TIME_NONE;
            }
            inside = true;
            plain[out++] = cue->text[i];
            pieces[count - 1].length++;
        }
    }
    return count;
}

static kf_status add_cue(void *ctx, const kf_raw_cue *cue, kf_error *err)
{
    enum { PIECES = 512 };
    captions *c = ctx;
    char plain[KF_CUE_MAX_TEXT];
    piece pieces[PIECES];
    size_t count = split_cue(cue, plain, pieces, PIECES), letters = 0, before = 0;
    kf_status status = KF_OK;
    (void)err;
    for (size_t i = 0; i < count; i++) {
        letters += pieces[i].length + 1;
    }
    kf_time length = cue->end - cue->start;
    for (size_t i = 0; i < count && status == KF_OK; i++) {
        kf_time start = cue->start + kf_muldiv_floor(length, (int64_t)before, (int64_t)letters);
        before += pieces[i].length + 1;
        kf_time end = cue->start + kf_muldiv_floor(length, (int64_t)before, (int64_t)letters);
        start = pieces[i].start != KF_TIME_NONE ? pieces[i].start : start;
        end = i + 1 < count && pieces[i + 1].start != KF_TIME_NONE ? pieces[i + 1].start : end;
        status = add_word(c, plain + pieces[i].at, pieces[i].length, start, end > start ? end : KF_TIME_NONE);
    }
    return status;
}

static kf_status read_subtitles(captions *c, const kf_str *text)
{
    kf_cues_skipped skipped = {0};
    const char *bytes = text->data;
    bool bom = strncmp(bytes, "\xEF\xBB\xBF", 3) == 0;
    if (!kf_utf8_valid(bytes, text->length) || strlen(bytes) != text->length) {
        return REEL_FAIL(c->r, named(c), "%.200s is not UTF-8 text", c->config->said.file);
    }
    return kf_cues_read(bytes + (bom ? 3 : 0), strcasecmp(kf_path_extension(c->config->said.file), "vtt") == 0,
                        c->config->said.file, add_cue, c, &skipped, c->r->err);
}

static kf_status read_file(captions *c)
{
    const char *file = c->config->said.file, *extension = kf_path_extension(file);
    kf_str text = {0};
    kf_error cause = {0};
    if (!c->r->resolver->read) {
        return REEL_FAIL(c->r, named(c), "files cannot be read here: give \"words\"");
    }
    kf_status status = c->r->resolver->read(c->r->resolver->ctx, file, &text, &cause);
    if (status != KF_OK) {
        REEL_FAIL(c->r, named(c), "%s", cause.message);
        c->r->err->status = status;
    } else if (!text.data || text.length == 0) {
        status = REEL_FAIL(c->r, named(c), "%.200s is empty", file);
    } else {
        status = strcasecmp(extension, "json") == 0 ? read_json(c, &text) : read_subtitles(c, &text);
    }
    kf_str_finish(&text);
    return status;
}

/* ---- All ---- */

/* Words without an end last until the next one, and none is said before the one in front of it. */
static kf_status settle(captions *c)
{
    caption_word *w = kf_arena_alloc(&c->r->arena, (c->count + 1) * sizeof *w);
    if (!w) {
        return kf_fail_memory(c->r->err);
    }
    memcpy(w, c->words, c->count * sizeof *w);
    kf_free(c->words);
    c->words = w;
    for (size_t i = 0; i < c->count; i++) {
        kf_time before = i > 0 ? w[i - 1].start : 0;
        w[i].start = w[i].start < before ? before : w[i].start;
    }
    for (size_t i = 0; i < c->count; i++) {
        kf_time next = i + 1 < c->count ? w[i + 1].start : w[i].start + KF_SECOND / 2;
        kf_time longest = w[i].start + KF_SECOND * 3 / 2;
        w[i].end = w[i].end == KF_TIME_NONE || w[i].end > next ? next : w[i].end;
        w[i].end = w[i].end > w[i].start && w[i].end < longest ? w[i].end : longest < next ? longest : next;
    }
    return KF_OK;
}

kf_status captions_read(captions *c)
{
    bool file = *c->config->said.file != 0;
    if (file && c->config->words) {
        return REEL_FAIL(c->r, c->config->words, "give \"words\" or captions.file, not both");
    }
    kf_status status = file ? read_file(c) : c->config->words ? read_list(c, c->config->words) : KF_OK;
    kf_status settled = settle(c);
    if (status == KF_OK && c->count == 0) {
        return REEL_FAIL(c->r, file ? named(c) : c->r->config.root, "there are no words");
    }
    return status == KF_OK ? settled : status;
}
