/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* CMX3600 lines: TITLE, FCM, events, M2 speed, AUD channels, comments. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/api/str.h"
#include "interchange/edl.h"

enum { MAX_TOKENS = 24 };

typedef struct reader {
    edl_list *list;
    const char *name;
    kf_error *err;
    int line;
    bool drop;        /* labels of sources from here on */
    bool said_drop;   /* an FCM line was read */
} reader;

typedef struct token {
    const char *text;
    size_t length;
} token;

static kf_status fail(const reader *r, int line, const char *message)
{
    return kf_fail(r->err, KF_ERR_PARSE, "%s:%d: %s", r->name, line, message);
}

static const char *keep(reader *r, const char *text, size_t length)
{
    while (length && isspace((unsigned char)text[length - 1])) {
        length--;
    }
    return kf_arena_strndup(&r->list->arena, text, length);
}

static const char *skip_space(const char *text)
{
    while (*text == ' ' || *text == '\t') {
        text++;
    }
    return text;
}

static int split(const char *line, token *out)
{
    int count = 0;
    for (line = skip_space(line); *line && count < MAX_TOKENS; line = skip_space(line)) {
        out[count].text = line;
        out[count++].length = strcspn(line, " \t");
        line += strcspn(line, " \t");
    }
    return *line ? 0 : count;
}

static bool is_word(token t, const char *word)
{
    return strlen(word) == t.length && strncasecmp(t.text, word, t.length) == 0;
}

/* ---- Timecodes ---- */

static bool read_pair(const char **at, int32_t *out)
{
    const char *p = *at;
    if (!isdigit((unsigned char)p[0]) || !isdigit((unsigned char)p[1])) {
        return false;
    }
    *out = (p[0] - '0') * 10 + (p[1] - '0');
    *at = p + 2;
    return true;
}

/* hh:mm:ss:ff; ';', ',' or '.' before the frames says drop-frame. */
static bool read_timecode(token t, bool drop, edl_timecode *out)
{
    const char *p = t.text;
    int32_t *parts[] = {&out->hours, &out->minutes, &out->seconds, &out->frames};
    if (t.length != 11) {
        return false;
    }
    for (int i = 0; i < 4; i++) {
        if (!read_pair(&p, parts[i])) {
            return false;
        }
        if (i < 3 && !strchr(i == 2 ? ":;,." : ":;", *p++)) {
            return false;
        }
    }
    out->drop = drop || t.text[8] != ':';
    return out->minutes < 60 && out->seconds < 60;
}

static int64_t dropped(int nominal)
{
    return nominal == 60 ? 4 : 2;
}

int64_t edl_frame(edl_timecode t, int nominal, bool drop)
{
    int64_t minutes = (int64_t)t.hours * 60 + t.minutes, frames = t.frames;
    if (!drop || (nominal != 30 && nominal != 60)) {
        return (minutes * 60 + t.seconds) * nominal + frames;
    }
    int64_t skip = dropped(nominal);
    if (t.minutes % 10 && t.seconds == 0 && frames < skip) {
        frames = skip;
    }
    return (minutes * 60 + t.seconds) * nominal + frames - skip * (minutes - minutes / 10);
}

static void widen(edl_timecode t, int32_t *most, bool *drop)
{
    *most = t.frames > *most ? t.frames : *most;
    *drop |= t.drop;
}

kf_rational edl_guess_rate(const edl_list *list)
{
    static const int32_t rates[] = {24, 25, 30, 48, 50};
    int32_t most = 0;
    bool drop = list->record_drop;
    for (size_t i = 0; i < list->count; i++) {
        const edl_event *e = &list->events[i];
        widen(e->source_in, &most, &drop);
        widen(e->source_out, &most, &drop);
        widen(e->record_in, &most, &drop);
        widen(e->record_out, &most, &drop);
    }
    if (drop) {
        return most < 30 ? (kf_rational){30000, 1001} : (kf_rational){60000, 1001};
    }
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        if (most < rates[i]) {
            return (kf_rational){rates[i], 1};
        }
    }
    return (kf_rational){60, 1};
}

/* ---- Events ---- */

/* "V", "A", "A2", "B" (picture and channel 1), "AA", "AA/V", "A2/V", "NONE". */
static bool read_channels(token t, edl_event *event)
{
    int next = 1;
    if (is_word(t, "NONE")) {
        return true;
    }
    if (is_word(t, "B")) {
        event->video = true;
        event->audio = 1;
        return true;
    }
    for (size_t i = 0; i < t.length; i++) {
        char c = (char)toupper((unsigned char)t.text[i]);
        int number = 0;
        for (; i + 1 < t.length && isdigit((unsigned char)t.text[i + 1]) && number < 100; i++) {
            number = number * 10 + (t.text[i + 1] - '0');
        }
        if (c == 'V') {
            event->video = true;
        } else if (c == 'A') {
            number = number ? number : next;
            if (number > EDL_MAX_CHANNELS) {
                return false;
            }
            event->audio |= 1u << (number - 1);
            next = number + 1;
        } else if (c != '/' && c != '+') {
            return false;
        }
    }
    return true;
}

static bool read_number(token t, int64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < t.length; i++) {
        if (!isdigit((unsigned char)t.text[i]) || *out > 1000000) {
            return false;
        }
        *out = *out * 10 + (t.text[i] - '0');
    }
    return t.length > 0;
}

/* "W001"; what begins like a wipe but has no number is none. */
static bool read_wipe(token t, int *code)
{
    int64_t number;
    if (t.length < 2 || toupper((unsigned char)t.text[0]) != 'W') {
        return false;
    }
    if (!read_number((token){t.text + 1, t.length - 1}, &number) || number > 9999) {
        return false;
    }
    *code = (int)number;
    return true;
}

/* The kind of edit at tokens[at..end); false if it is none. */
static bool read_edit(const token *tokens, int at, int end, edl_event *e)
{
    int left = end - at;
    token kind = tokens[at];
    if (is_word(kind, "K") && left >= 2 && (is_word(tokens[at + 1], "B") || is_word(tokens[at + 1], "O"))) {
        e->edit = is_word(tokens[at + 1], "B") ? EDL_KEY_BACKGROUND : EDL_KEY_OUT;
        return left == 2 || (left == 3 && read_number(tokens[at + 2], &e->length));
    }
    if (is_word(kind, "C") || is_word(kind, "KB")) {
        e->edit = is_word(kind, "C") ? EDL_CUT : EDL_KEY_BACKGROUND;
        return left == 1 || (left == 2 && read_number(tokens[at + 1], &e->length));
    }
    if (is_word(kind, "D")) {
        e->edit = EDL_DISSOLVE;
    } else if (is_word(kind, "K") || is_word(kind, "KO")) {
        e->edit = is_word(kind, "K") ? EDL_KEY : EDL_KEY_OUT;
    } else if (read_wipe(kind, &e->wipe)) {
        e->edit = EDL_WIPE;
    } else {
        return false;
    }
    return left == 2 && read_number(tokens[at + 1], &e->length);
}

/* Between the number and the timecodes stand reel, channels and edit; a reel's name may hold spaces, so the rest is
 * found from the right. */
static bool read_middle(reader *r, const token *tokens, int end, edl_event *e)
{
    for (int at = end - 1; at >= 3 && at >= end - 3; at--) {
        edl_event try = *e;
        if (read_edit(tokens, at, end, &try) && read_channels(tokens[at - 1], &try)) {
            const token *last = &tokens[at - 2];
            *e = try;
            e->reel = keep(r, tokens[1].text, (size_t)(last->text + last->length - tokens[1].text));
            e->channels = keep(r, tokens[at - 1].text, tokens[at - 1].length);
            return true;
        }
    }
    return false;
}

static bool read_times(reader *r, const token *tokens, edl_event *e)
{
    return read_timecode(tokens[0], r->drop, &e->source_in) && read_timecode(tokens[1], r->drop, &e->source_out) &&
           read_timecode(tokens[2], r->list->record_drop, &e->record_in) &&
           read_timecode(tokens[3], r->list->record_drop, &e->record_out);
}

static edl_event *add_event(reader *r)
{
    edl_list *list = r->list;
    if (kf_grow((void **)&list->events, &list->capacity, list->count + 1, sizeof *list->events)) {
        return NULL;
    }
    edl_event *e = &list->events[list->count];
    memset(e, 0, sizeof *e);
    e->line = r->line;
    e->from_name = e->to_name = e->source_file = "";
    return e;
}

static kf_status read_event(reader *r, const token *tokens, int count)
{
    if (r->list->count >= EDL_MAX_EVENTS) {
        return kf_fail(r->err, KF_ERR_UNSUPPORTED, "%s:%d: more than %d events", r->name, r->line, EDL_MAX_EVENTS);
    }
    edl_event *e = add_event(r);
    if (!e) {
        return kf_fail_memory(r->err);
    }
    if (count < 8 || !read_times(r, tokens + count - 4, e)) {
        return fail(r, r->line, "an event ends in four timecodes (hh:mm:ss:ff): source in and out, record in and out");
    }
    if (!read_middle(r, tokens, count - 4, e)) {
        return fail(r, r->line,
                    "an event is: number, reel, channels (V, A, A2, B, AA, AA/V, NONE), edit (C, D, Wnnn, K, "
                    "K B, K O; all but C and K B with a length in frames), four timecodes");
    }
    e->number = keep(r, tokens[0].text, tokens[0].length);
    if (!e->number || !e->reel || !e->channels) {
        return kf_fail_memory(r->err);
    }
    r->list->count++;
    return KF_OK;
}

/* ---- Lines that add to an event ---- */

static edl_event *current(reader *r)
{
    return r->list->count ? &r->list->events[r->list->count - 1] : NULL;
}

static bool same_label(const edl_timecode *a, const edl_timecode *b)
{
    return a->hours == b->hours && a->minutes == b->minutes && a->seconds == b->seconds && a->frames == b->frames;
}

/* "M2 reel speed [trigger]". In a transition both lines may have one: the reel and the trigger say which. */
static edl_event *speed_owner(reader *r, token reel, const edl_timecode *trigger)
{
    edl_event *last = current(r), *from = r->list->count > 1 ? last - 1 : NULL;
    bool named = last && strlen(last->reel) == reel.length && strncmp(last->reel, reel.text, reel.length) == 0;
    if (!from || strcmp(from->number, last->number) != 0 || strlen(from->reel) != reel.length ||
        strncmp(from->reel, reel.text, reel.length) != 0) {
        return last;
    }
    bool at_from = trigger && same_label(trigger, &from->source_in);
    bool at_last = trigger && same_label(trigger, &last->source_in);
    return !named || (at_from && !at_last) ? from : last;
}

static bool read_speed(token t, int64_t *num, int64_t *den)
{
    bool negative = t.length && t.text[0] == '-', point = false;
    *num = 0;
    *den = 1;
    size_t digits = 0;
    for (size_t i = negative || (t.length && t.text[0] == '+'); i < t.length; i++) {
        char c = t.text[i];
        if (c == '.' && !point) {
            point = true;
        } else if (isdigit((unsigned char)c) && ++digits <= 9) {
            *num = *num * 10 + (c - '0');
            *den *= point ? 10 : 1;
        } else {
            return false;
        }
    }
    *num = negative ? -*num : *num;
    return digits > 0;
}

static kf_status read_m2(reader *r, const token *tokens, int count)
{
    edl_timecode trigger;
    bool has_trigger = count > 3 && read_timecode(tokens[count - 1], r->drop, &trigger);
    int at = count - 1 - has_trigger;
    int64_t num, den;
    if (!current(r)) {
        return fail(r, r->line, "M2 without an event before it");
    }
    if (at < 2 || !read_speed(tokens[at], &num, &den)) {
        return fail(r, r->line, "M2 is: M2, reel, frames a second (such as 047.6), timecode");
    }
    size_t length = (size_t)(tokens[at - 1].text + tokens[at - 1].length - tokens[1].text);
    edl_event *e = speed_owner(r, (token){tokens[1].text, length}, has_trigger ? &trigger : NULL);
    e->has_speed = true;
    e->speed_num = num;
    e->speed_den = den;
    return KF_OK;
}

/* "AUD 3 4": more channels of the event. */
static void read_aud(reader *r, const token *tokens, int count)
{
    int64_t channel;
    edl_event *e = current(r);
    for (int i = 1; e && i < count; i++) {
        if (read_number(tokens[i], &channel) && channel >= 1 && channel <= EDL_MAX_CHANNELS) {
            e->audio |= 1u << (channel - 1);
        }
    }
}

static void read_fcm(reader *r, const char *text)
{
    bool drop = strncasecmp(skip_space(text), "DROP", 4) == 0;
    r->drop = drop;
    if (!r->said_drop) {
        r->said_drop = true;
        r->list->record_drop = drop;
    }
}

/* ---- Comments ---- */

/* What follows `key` in a comment, or NULL. A ':' after it and blanks are passed over. */
static const char *after(const char *comment, const char *key)
{
    size_t length = strlen(key);
    if (strncasecmp(comment, key, length) != 0) {
        return NULL;
    }
    comment = skip_space(comment + length);
    return skip_space(comment + (*comment == ':'));
}

static bool read_numbers(const char *text, double *out, int count)
{
    for (int i = 0; i < count; i++) {
        char *end;
        text += strspn(text, " \t(),");
        out[i] = strtod(text, &end);
        if (end == text || !(out[i] > -1e6 && out[i] < 1e6)) {
            return false;
        }
        text = end;
    }
    return true;
}

static kf_status read_locator(reader *r, edl_event *e, const char *text)
{
    token tokens[MAX_TOKENS];
    edl_timecode at;
    char line[512];
    snprintf(line, sizeof line, "%s", text);
    int count = split(line, tokens);
    if (!e || count < 2 || !read_timecode(tokens[0], r->list->record_drop, &at)) {
        return KF_OK;
    }
    edl_locator *locator = kf_arena_alloc(&r->list->arena, sizeof *locator);
    const char *note = skip_space(text + (tokens[1].text - line) + tokens[1].length);
    if (!locator || !(locator->color = keep(r, tokens[1].text, tokens[1].length)) ||
        !(locator->text = keep(r, note, strlen(note)))) {
        return kf_fail_memory(r->err);
    }
    locator->at = at;
    *e->locators_end = locator;
    e->locators_end = &locator->next;
    return KF_OK;
}

/* What an event's comment says to us; all of them are kept as well. */
static void read_meaning(reader *r, edl_event *e, const char *comment)
{
    const char *value;
    if ((value = after(comment, "FROM CLIP NAME"))) {
        e->from_name = value;
    } else if ((value = after(comment, "TO CLIP NAME")) || (value = after(comment, "KEY CLIP NAME"))) {
        e->to_name = value;
    } else if ((value = after(comment, "SOURCE FILE")) || (value = after(comment, "FROM CLIP:"))) {
        e->source_file = value;
    } else if ((value = after(comment, "ASC_SOP"))) {
        e->has_sop = read_numbers(value, e->sop, 9);
    } else if ((value = after(comment, "ASC_SAT"))) {
        e->has_sat = read_numbers(value, &e->sat, 1);
    } else if (strstr(comment, "FREEZE FRAME")) {
        e->freeze = true;
    }
}

static kf_status read_comment(reader *r, const char *line)
{
    edl_event *e = current(r);
    edl_list *list = r->list;
    while (*line == '*' || *line == ' ' || *line == '\t') {
        line++;
    }
    edl_comment *comment = kf_arena_alloc(&list->arena, sizeof *comment);
    const char *text = keep(r, line, strlen(line));
    if (!comment || !text) {
        return kf_fail_memory(r->err);
    }
    comment->text = text;
    *(e ? e->comments_end : list->comments_end) = comment;
    *(e ? &e->comments_end : &list->comments_end) = &comment->next;
    if (e) {
        read_meaning(r, e, text);
    }
    const char *locator = after(text, "LOC:");
    return locator ? read_locator(r, e, locator) : KF_OK;
}

/* ---- Lines ---- */

static kf_status read_title(reader *r, const char *text)
{
    text = skip_space(text);
    r->list->title = keep(r, text, strlen(text));
    return r->list->title ? KF_OK : kf_fail_memory(r->err);
}

static kf_status read_line(reader *r, const char *line)
{
    token tokens[MAX_TOKENS], first = {0};
    line = skip_space(line);
    if (!*line) {
        return KF_OK;
    }
    if (strncasecmp(line, "TITLE:", 6) == 0) {
        return read_title(r, line + 6);
    }
    if (strncasecmp(line, "FCM:", 4) == 0) {
        read_fcm(r, line + 4);
        return KF_OK;
    }
    int count = *line == '*' ? 0 : split(line, tokens);
    first = count ? tokens[0] : first;
    int64_t number;
    if (count > 1 && read_number(first, &number)) {
        kf_status status = read_event(r, tokens, count);
        edl_event *e = status == KF_OK ? current(r) : NULL;
        if (e) {
            e->comments_end = &e->comments;
            e->locators_end = &e->locators;
        }
        return status;
    }
    if (count && is_word(first, "M2")) {
        return read_m2(r, tokens, count);
    }
    if (count && is_word(first, "AUD")) {
        read_aud(r, tokens, count);
    }
    return read_comment(r, line);
}

/* Lists written on old systems are in ISO 8859-1. */
static kf_status to_utf8(const char *bytes, size_t length, kf_str *out, bool *latin1)
{
    if (length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
        bytes += 3;
        length -= 3;
    }
    *latin1 = !kf_utf8_valid(bytes, length);
    if (!*latin1) {
        kf_str_add_n(out, bytes, length);
    }
    for (size_t i = 0; *latin1 && i < length; i++) {
        unsigned char c = (unsigned char)bytes[i];
        char two[2] = {(char)(0xc0 | c >> 6), (char)(0x80 | (c & 0x3f))};
        kf_str_add_n(out, c < 0x80 ? &bytes[i] : two, c < 0x80 ? 1 : 2);
    }
    return out->failed ? KF_ERR_MEMORY : KF_OK;
}

/* The text is cut into lines in place. */
static kf_status read_lines(reader *r, char *text, size_t length)
{
    kf_status status = KF_OK;
    for (size_t at = 0; at < length && status == KF_OK;) {
        size_t end = at + strcspn(text + at, "\r\n");
        if (end < length && text[end] == '\0') {
            return fail(r, r->line + 1, "a zero byte: not an edit decision list");
        }
        bool pair = text[end] == '\r' && end + 1 < length && text[end + 1] == '\n';
        text[end] = '\0';
        r->line++;
        status = read_line(r, text + at);
        at = end + 1 + pair;
    }
    return status;
}

kf_status edl_read(const char *bytes, size_t length, const char *name, edl_list *out, kf_error *err)
{
    reader r = {.list = out, .name = name, .err = err};
    kf_str text = {0};
    *out = (edl_list){.title = ""};
    out->comments_end = &out->comments;
    kf_status status = to_utf8(bytes, length, &text, &out->latin1) ? kf_fail_memory(err) : KF_OK;
    if (status == KF_OK && text.data) {
        status = read_lines(&r, text.data, text.length);
    }
    kf_str_finish(&text);
    if (status == KF_OK && !out->count) {
        status = kf_fail(err, KF_ERR_PARSE, "%s: no event found: not an edit decision list", name);
    }
    return status;
}

void edl_list_finish(edl_list *list)
{
    kf_free(list->events);
    kf_arena_finish(&list->arena);
    *list = (edl_list){0};
}

/* An EDL has a TITLE line or an event before anything else. */
bool edl_sniff(const char *bytes, size_t length)
{
    char head[4096];
    size_t take = length < sizeof head - 1 ? length : sizeof head - 1;
    memcpy(head, bytes, take);
    head[take] = '\0';
    const char *at = head + (strncmp(head, "\xef\xbb\xbf", 3) == 0 ? 3 : 0);
    for (; *at; at += strspn(at, "\r\n")) {
        size_t line = strcspn(at, "\r\n");
        const char *text = skip_space(at);
        if (strncasecmp(text, "TITLE:", 6) == 0 || strncasecmp(text, "FCM:", 4) == 0) {
            return true;
        }
        if (isdigit((unsigned char)*text)) {
            return line > 50 && text[strspn(text, "0123456789")] == ' ';
        }
        if (*text && text != at + line && *text != '*') {
            return false;
        }
        at += line;
    }
    return false;
}
