/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/api/str.h"
#include "base/api/time.h"

uint32_t random_below(uint64_t *state, uint32_t n)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 33) % n;
}

#define BELOW(n) random_below(s->random, (n))

static const target *any_clip(const scene *s)
{
    static const target none = {.id = 999999999};
    return s->count && BELOW(200) ? &s->clips[BELOW((uint32_t)s->count)] : &none;
}

/* A length: frames mostly, at times a flick more or less, at times nothing or less than that. */
static kf_time some_length(const scene *s)
{
    kf_time t = (kf_time)(1 + BELOW(BELOW(4) ? 30 : 300)) * s->frame;
    switch (BELOW(60)) {
    case 0:
        return t + 1;
    case 1:
        return t - 1;
    case 2:
        return t + (kf_time)BELOW(1000000);
    case 3:
        return 0;
    case 4:
        return -t;
    default:
        return t;
    }
}

/* A time: at ends of clips, or anywhere. */
static kf_time some_time(const scene *s)
{
    const target *c = any_clip(s);
    switch (BELOW(8)) {
    case 0:
        return c->start;
    case 1:
        return c->start + c->duration;
    case 2:
        return c->start + c->duration + ((kf_time)BELOW(3) - 1) * (BELOW(4) ? s->frame : 1);
    case 3:
        return BELOW(10) ? (kf_time)BELOW(40) * s->frame : s->duration + (kf_time)BELOW(60) * s->frame;
    default:
        return (kf_time)BELOW((uint32_t)(s->duration / s->frame) + 10) * s->frame;
    }
}

static kf_time some_way(const scene *s)
{
    kf_time t = some_length(s);
    return BELOW(2) ? t : -t;
}

static const char *some_track(const scene *s)
{
    return plain_name((int)BELOW(PLAIN_TRACKS));
}

static const char *some_tracks(const scene *s, request *r)
{
    if (BELOW(3)) {
        return "all";
    }
    snprintf(r->tracks, sizeof r->tracks, "%s", some_track(s));
    for (int i = 0; BELOW(2) && i < 3; i++) {
        snprintf(r->tracks + strlen(r->tracks), sizeof r->tracks - strlen(r->tracks), ",%s", some_track(s));
    }
    return r->tracks;
}

static kf_ids some_ids(const scene *s, request *r)
{
    int count = BELOW(3) ? 1 : 1 + (int)BELOW(4);
    for (int i = 0; i < count; i++) {
        r->ids[i] = any_clip(s)->id;
    }
    return (kf_ids){r->ids, count};
}

static void some_put(const scene *s, request *r)
{
    static const char *const assets[] = {"a", "b", "s"};
    kf_edit_put *a = &r->args.put;
    a->track = some_track(s);
    a->audio_track = BELOW(3) ? "" : some_track(s);
    a->asset = assets[BELOW(3)];
    a->at = BELOW(50) ? some_time(s) : -s->frame;
    a->until = KF_TIME_NONE;
    a->in = (kf_time)BELOW(200) * s->frame;
    a->sync = BELOW(4) != 0;
    if (r->op != KF_EDIT_APPEND && BELOW(4) == 0) { /* at another speed */
        a->at -= a->at % s->frame;
        a->until = a->at + (kf_time)(1 + BELOW(60)) * s->frame;
        a->out = a->in + (kf_time)(1 + BELOW(60)) * s->frame;
        a->fit = KF_EDIT_FIT_SPEED;
    } else if (BELOW(2)) {
        a->out = a->in + some_length(s);
    } else {
        a->duration = some_length(s);
    }
}

static void some_trim(const scene *s, request *r)
{
    kf_edit_trim *a = &r->args.trim;
    a->clip = any_clip(s)->id;
    a->edge = (int32_t)BELOW(2);
    *(BELOW(3) ? &a->by : &a->to) = BELOW(2) ? some_way(s) : ((kf_time)BELOW(7) - 3) * s->frame;
    a->ripple = BELOW(2);
    a->sync = BELOW(4) != 0;
}

static void some_move(const scene *s, request *r)
{
    kf_edit_move *a = &r->args.move;
    a->clips = some_ids(s, r);
    *(BELOW(2) ? &a->by : &a->to) = BELOW(2) ? some_way(s) : some_time(s);
    a->track = BELOW(2) ? "" : some_track(s);
    a->mode = BELOW(3) == 0;
    a->copy = BELOW(3) == 0;
    a->sync = BELOW(4) != 0;
}

static void some_removal(const scene *s, request *r)
{
    kf_edit_span *a = &r->args.span;
    a->from = some_time(s);
    a->to = BELOW(40) ? a->from + some_length(s) : some_time(s);
    a->tracks = some_tracks(s, r);
}

/* Which operation comes: more removals the more clips there are. */
static uint16_t some_op(const scene *s)
{
    static const uint16_t more[] = {KF_EDIT_INSERT, KF_EDIT_OVERWRITE, KF_EDIT_APPEND, KF_EDIT_RAZOR, KF_EDIT_MOVE};
    static const uint16_t same[] = {KF_EDIT_TRIM, KF_EDIT_ROLL,  KF_EDIT_SLIP,      KF_EDIT_SLIDE, KF_EDIT_SWAP,
                                    KF_EDIT_MOVE, KF_EDIT_TRIM, KF_EDIT_INSERT_GAP, KF_EDIT_CLOSE_GAP};
    static const uint16_t less[] = {KF_EDIT_LIFT,   KF_EDIT_EXTRACT,   KF_EDIT_DELETE, KF_EDIT_RIPPLE_DELETE,
                                    KF_EDIT_EXTRACT, KF_EDIT_OVERWRITE, KF_EDIT_MOVE};
    if (BELOW(60) == 0) {
        return KF_EDIT_SET_TRACK;
    }
    if (BELOW(2)) {
        return same[BELOW(sizeof same / sizeof *same)];
    }
    return BELOW((uint32_t)(s->count + s->wanted) + 1) < (uint32_t)s->wanted ? more[BELOW(sizeof more / sizeof *more)]
                                                                         : less[BELOW(sizeof less / sizeof *less)];
}

static void fill(const scene *s, request *r)
{
    switch (r->op) {
    case KF_EDIT_INSERT:
    case KF_EDIT_OVERWRITE:
    case KF_EDIT_APPEND:
        some_put(s, r);
        break;
    case KF_EDIT_LIFT:
    case KF_EDIT_EXTRACT:
        some_removal(s, r);
        break;
    case KF_EDIT_RAZOR:
        r->args.razor.at = some_time(s);
        r->args.razor.tracks = some_tracks(s, r);
        break;
    case KF_EDIT_DELETE:
    case KF_EDIT_RIPPLE_DELETE:
        r->args.remove.clips = some_ids(s, r);
        r->args.remove.sync = BELOW(3) != 0;
        break;
    case KF_EDIT_CLOSE_GAP:
        r->args.close_gap.track = some_track(s);
        r->args.close_gap.at = BELOW(4) ? some_time(s) : KF_TIME_NONE;
        r->args.close_gap.sync = BELOW(2) != 0;
        break;
    case KF_EDIT_INSERT_GAP:
        r->args.insert_gap.at = some_time(s);
        r->args.insert_gap.duration = some_length(s);
        r->args.insert_gap.tracks = some_tracks(s, r);
        break;
    case KF_EDIT_TRIM:
        some_trim(s, r);
        break;
    case KF_EDIT_ROLL:
    case KF_EDIT_SLIP:
    case KF_EDIT_SLIDE:
        r->args.shift.clip = any_clip(s)->id;
        *(BELOW(3) ? &r->args.shift.by : &r->args.shift.to) = BELOW(2) ? some_way(s) : ((kf_time)BELOW(9) - 4) * s->frame;
        break;
    case KF_EDIT_SWAP:
        r->args.swap.clip = any_clip(s)->id;
        r->args.swap.with = any_clip(s)->id;
        break;
    case KF_EDIT_MOVE:
        some_move(s, r);
        break;
    default:
        r->args.track.track = some_track(s);
        break;
    }
}

void request_plain(const scene *s, request *r)
{
    r->text[0] = '\0';
    r->op = some_op(s);
    kf_kind_defaults(kf_kind_get(r->op), &r->args);
    fill(s, r);
    bool *linked = r->op == KF_EDIT_DELETE || r->op == KF_EDIT_RIPPLE_DELETE ? &r->args.remove.linked
                   : r->op == KF_EDIT_TRIM                                   ? &r->args.trim.linked
                   : r->op == KF_EDIT_MOVE                                   ? &r->args.move.linked
                   : r->op == KF_EDIT_SWAP                                   ? &r->args.swap.linked
                   : r->op == KF_EDIT_ROLL || r->op == KF_EDIT_SLIP || r->op == KF_EDIT_SLIDE ? &r->args.shift.linked
                                                                                              : NULL;
    if (linked) {
        *linked = BELOW(3) != 0;
    }
    if (r->op == KF_EDIT_SET_TRACK) {
        static const char *const sets[] = {"{\"lock\":true}", "{\"lock\":false}", "{\"lock\":false}", "{\"sync_lock\":true}",
                                           "{\"sync_lock\":true}", "{\"sync_lock\":false}"};
        snprintf(r->text, sizeof r->text, "%s", sets[BELOW(6)]);
    }
}

/* ---- The others ---- */

/* %c: a clip, %t: a time in seconds, %l: a length, %T: a track, %A: an audio track, %n: a small number, %a: an asset */
static const char *const others[] = {
    "{\"op\":\"join\",\"clip\":%c}",
    "{\"op\":\"join\",\"clip\":%c,\"linked\":false}",
    "{\"op\":\"replace\",\"clip\":%c,\"asset\":\"%a\"}",
    "{\"op\":\"rate_stretch\",\"clip\":%c,\"duration\":%l,\"ripple\":true}",
    "{\"op\":\"rate_stretch\",\"clip\":%c,\"speed\":%n,\"ripple\":true,\"sync\":false}",
    "{\"op\":\"rate_stretch\",\"clip\":%c,\"speed\":\"%n/3\",\"reverse\":true}",
    "{\"op\":\"freeze_frame\",\"clip\":%c,\"at\":%t,\"duration\":%l}",
    "{\"op\":\"freeze_frame\",\"clip\":%c,\"at\":%t}",
    "{\"op\":\"detach_audio\",\"clip\":%c}",
    "{\"op\":\"detach_audio\",\"clip\":%c,\"track\":\"%A\"}",
    "{\"op\":\"nest\",\"clips\":[%c,%c],\"id\":\"n%n%n\"}",
    "{\"op\":\"link\",\"clips\":[%c,%c,%c]}",
    "{\"op\":\"link\",\"clips\":[%c,%c]}",
    "{\"op\":\"unlink\",\"clips\":[%c]}",
    "{\"op\":\"unlink\",\"clips\":[%c,%c]}",
    "{\"op\":\"group\",\"clips\":[%c,%c,%c]}",
    "{\"op\":\"ungroup\",\"clips\":[%c,%c]}",
    "{\"op\":\"add_transition\",\"clip\":%c,\"duration\":%l}",
    "{\"op\":\"add_transition\",\"clip\":%c,\"duration\":\"%nf\"}",
    "{\"op\":\"add_transition\",\"clip\":%c,\"edge\":\"head\",\"duration\":\"%nf\",\"align\":\"start\"}",
    "{\"op\":\"add_transition\",\"clip\":%c,\"edge\":\"tail\",\"duration\":\"%nf\",\"align\":\"end\"}",
    "{\"op\":\"add_transition\",\"clip\":%c,\"edge\":\"tail\",\"duration\":\"%nf\",\"align\":\"center\"}",
    "{\"op\":\"add_transition\",\"clip\":%c,\"duration\":\"%nf\",\"before\":\"%nf\"}",
    "{\"op\":\"add_transition\",\"track\":\"%T\",\"at\":%t,\"duration\":%l,\"transition\":\"wipe\"}",
    "{\"op\":\"set_transition\",\"transition\":%c,\"set\":{\"duration\":%l}}",
    "{\"op\":\"set_transition\",\"transition\":%c,\"set\":{\"align\":\"end\"}}",
    "{\"op\":\"set_transition\",\"transition\":%c,\"set\":{\"before\":\"%nf\"}}",
    "{\"op\":\"remove_transition\",\"transition\":%c}",
    "{\"op\":\"set_clip\",\"clips\":[%c],\"set\":{\"enabled\":false,\"name\":\"x\"}}",
    "{\"op\":\"set_clip\",\"clips\":[%c,%c],\"set\":{\"opacity\":{\"keys\":[{\"t\":0,\"v\":0},{\"t\":%t,\"v\":1}]}}}",
    "{\"op\":\"set_clip\",\"clips\":[%c],\"set\":{\"markers\":[{\"time\":%t}]}}",
    "{\"op\":\"set_clip\",\"clips\":[%c],\"set\":{\"in\":%t}}",
    "{\"op\":\"set_clip\",\"clips\":[%c],\"set\":{\"fade_in\":\"%nf\",\"fade_out\":\"%nf\"}}",
    "{\"op\":\"add_effect\",\"clip\":%c,\"effect\":{\"effect\":\"blur\",\"radius\":{\"keys\":[{\"t\":0,\"v\":%n},{\"t\":%t,\"v\":2}]}}}",
    "{\"op\":\"remove_effect\",\"clip\":%c,\"index\":0}",
    "{\"op\":\"set_key\",\"clip\":%c,\"field\":\"opacity\",\"at\":%t,\"value\":0.5}",
    "{\"op\":\"set_key\",\"clip\":%c,\"field\":\"transform.scale\",\"at\":%t,\"value\":2}",
    "{\"op\":\"paste_attributes\",\"from\":%c,\"clips\":[%c,%c]}",
    "{\"op\":\"add_marker\",\"set\":{\"time\":%t,\"name\":\"m\"}}",
    "{\"op\":\"add_marker\",\"clip\":%c,\"set\":{\"time\":%l}}",
    "{\"op\":\"insert\",\"at\":%t,\"asset\":\"%a\",\"in\":0,\"duration\":%l,\"markers\":true}",
    "{\"op\":\"extract\",\"from\":%t,\"to\":%t,\"markers\":true}",
    "{\"op\":\"insert\",\"track\":\"%T\",\"at\":%t,\"clip\":{\"generator\":\"solid\",\"duration\":%l}}",
    "{\"op\":\"overwrite\",\"track\":\"%T\",\"at\":%t,\"clip\":{\"asset\":\"a\",\"in\":1,\"out\":2,\"loop\":true,\"duration\":%l}}",
    "{\"op\":\"overwrite\",\"track\":\"%T\",\"at\":%t,\"clip\":{\"asset\":\"a\",\"freeze\":%n,\"duration\":%l}}",
    "{\"op\":\"overwrite\",\"track\":\"%T\",\"at\":%t,\"clip\":{\"asset\":\"b\",\"duration\":%l,\"remap\":[{\"t\":0,\"source\":0},{\"t\":%t,"
    "\"source\":2}]}}",
    "{\"op\":\"add_track\",\"kind\":\"video\"}",
    "{\"op\":\"add_track\",\"kind\":\"audio\",\"index\":%n}",
    "{\"op\":\"move_track\",\"track\":\"%T\",\"index\":%n}",
    "{\"op\":\"remove_track\",\"track\":\"%T\"}",
    "{\"op\":\"duplicate_sequence\",\"sequence\":\"n%n%n\",\"id\":\"d%n%n\"}",
    "{\"op\":\"remove_sequence\",\"sequence\":\"d%n%n\"}",
};

static void expand(const scene *s, char what, kf_str *out)
{
    static const char *const assets[] = {"a", "b", "s"};
    switch (what) {
    case 'c':
        kf_str_addf(out, "%llu", (unsigned long long)any_clip(s)->id);
        break;
    case 't':
        kf_str_addf(out, "%.3f", kf_time_seconds(some_time(s)));
        break;
    case 'l':
        kf_str_addf(out, "%.2f", kf_time_seconds(some_length(s)));
        break;
    case 'T':
        kf_str_add(out, some_track(s));
        break;
    case 'A':
        kf_str_addf(out, "A%u", 1 + BELOW(3));
        break;
    case 'a':
        kf_str_add(out, assets[BELOW(3)]);
        break;
    default:
        kf_str_addf(out, "%u", BELOW(9));
        break;
    }
}

void request_other(const scene *s, request *r)
{
    kf_str text = {0};
    r->op = 0;
    for (const char *c = others[BELOW(sizeof others / sizeof *others)]; *c; c++) {
        if (*c == '%') {
            expand(s, *++c, &text);
        } else {
            kf_str_add_n(&text, c, 1);
        }
    }
    snprintf(r->text, sizeof r->text, "%s", text.data);
    kf_str_finish(&text);
}

/* ---- In words ---- */

static void print_ids(kf_ids ids)
{
    for (int i = 0; i < ids.count; i++) {
        printf("%s%llu", i ? "," : "", (unsigned long long)ids.ids[i]);
    }
}

static void print_field(const kf_field *f, const void *args)
{
    const char *at = (const char *)args + f->offset;
    printf(" %s=", f->name);
    switch (f->type) {
    case KF_FIELD_TIME:
        *(const kf_time *)(const void *)at == KF_TIME_NONE ? printf("-") : printf("%lld", (long long)*(const kf_time *)(const void *)at);
        break;
    case KF_FIELD_BOOL:
        printf("%d", *(const bool *)at);
        break;
    case KF_FIELD_ENUM:
    case KF_FIELD_INT:
        printf("%d", *(const int32_t *)(const void *)at);
        break;
    case KF_FIELD_TEXT:
        printf("%s", *(const char *const *)(const void *)at);
        break;
    case KF_FIELD_ID:
        printf("%llu", *(const unsigned long long *)(const void *)at);
        break;
    case KF_FIELD_IDS:
        print_ids(*(const kf_ids *)(const void *)at);
        break;
    default:
        break;
    }
}

void request_print(const request *r)
{
    const kf_kind *kind = kf_kind_get(r->op);
    printf("# %s", kind ? kind->name : "");
    for (int i = 0; kind && i < kind->field_count; i++) {
        print_field(&kind->fields[i], &r->args);
    }
    printf(" %s\n", r->text);
}

kf_json_doc *request_json(const char *text)
{
    kf_json_doc *doc = NULL;
    kf_error err;
    if (kf_json_parse(text, strlen(text), "edit", 0, &doc, &err) != KF_OK) {
        printf("# %s: %s\n", text, err.message);
        abort();
    }
    return doc;
}
