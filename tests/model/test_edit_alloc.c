/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every allocation of edits fails in turn: the edit is refused and leaves no trace, or does all that it should. */
#include "edit_util.h"

#define FILM \
    "{\"clips\":[{\"id\":1,\"link\":1,\"asset\":\"a\",\"in\":1,\"duration\":2,\"opacity\":{\"keys\":[{\"t\":0,\"v\":1}]}," \
    "\"effects\":[{\"effect\":\"blur\"}],\"audio_effects\":[{\"effect\":\"eq\"}],\"metadata\":{\"a\":1},\"markers\":[{\"time\":1}]}," \
    "{\"id\":6,\"transition\":\"dissolve\",\"duration\":0.4},{\"id\":2,\"group\":2,\"asset\":\"b\",\"in\":1,\"duration\":2}," \
    "{\"gap\":1},{\"id\":3,\"group\":2,\"generator\":\"title\",\"duration\":1}]}," \
    "{\"kind\":\"audio\",\"clips\":[{\"id\":4,\"link\":1,\"asset\":\"s\",\"in\":1,\"duration\":2},{\"gap\":3},{\"id\":5,\"asset\":\"s\"}]}"

static const char *const ops[] = {
    "{'op':'insert','track':'V1','audio_track':'A1','at':1,'asset':'a','out':1}",
    "{'op':'overwrite','track':'V1','at':1,'clip':{'generator':'bars','duration':2}}",
    "{'op':'extract','from':1,'to':3}", "{'op':'razor','at':1}", "{'op':'ripple_delete','clips':[1]}",
    "{'op':'trim','clip':1,'edge':'head','by':0.4}", "{'op':'roll','clip':1,'by':0.4,'linked':false}",
    "{'op':'slip','clip':1,'by':0.4}", "{'op':'move','clips':[2],'by':8,'copy':true}",
    "{'op':'freeze_frame','clip':1,'at':1,'duration':1}", "{'op':'replace','clip':1,'asset':'b'}",
    "{'op':'replace','clip':1,'with':{'generator':'title','params':{'text':'x'}}}",
    "{'op':'set_clip','clips':[1,4],'set':{'gain':-3,'name':'x','metadata':{'b':2}}}",
    "{'op':'set_clip','clips':[1],'set':{'loop':true,'transform':{'scale':2},'effects':[{'effect':'vignette'}]}}",
    "{'op':'add_effect','clip':1,'effect':{'effect':'vignette'}}", "{'op':'set_effect','clip':1,'set':{'radius':1}}",
    "{'op':'move_effect','clip':1,'index':0,'to':0}", "{'op':'remove_effect','clip':1,'index':1}",
    "{'op':'set_key','clip':1,'field':'opacity','at':1,'value':0,'interp':'hold'}",
    "{'op':'remove_key','clip':1,'field':'opacity','at':0}", "{'op':'paste_attributes','from':1,'clips':[2,4]}",
    "{'op':'add_transition','clip':3,'params':{'curve':'ease'}}",
    "{'op':'set_transition','transition':6,'set':{'duration':0.2,'transition':'wipe','angle':90}}",
    "{'op':'remove_transition','transition':6}", "{'op':'detach_audio','clip':2}", "{'op':'link','clips':[1,2]}",
    "{'op':'unlink','clips':[1]}", "{'op':'group','clips':[1,2]}", "{'op':'ungroup','clips':[3]}",
    "{'op':'append','asset':'b','out':1}", "{'op':'lift','from':1,'to':3}", "{'op':'delete','clips':[1,3]}",
    "{'op':'close_gap','track':'V1','sync':false}", "{'op':'insert_gap','at':1,'duration':1,'markers':true}",
    "{'op':'slide','clip':3,'by':0.4}", "{'op':'rate_stretch','clip':1,'speed':2}", "{'op':'swap','clip':1,'with':2}",
    "{'op':'nest','clips':[3],'id':'n'}", "{'op':'move','clips':[1],'to':1,'copy':true,'mode':'insert'}",
    "{'op':'add_track','kind':'audio','set':{'name':'x'}}", "{'op':'set_track','track':'V1','set':{'hide':true}}",
    "{'op':'move_track','track':'V1','index':1}", "{'op':'remove_track','track':'A1'}",
    "{'op':'add_marker','clip':1,'set':{'time':1,'name':'m'}}", "{'op':'add_marker','set':{'time':1}}",
    "{'op':'add_sequence','id':'n'}", "{'op':'set_sequence','set':{'mark_in':1}}",
    "{'op':'duplicate_sequence','sequence':'main','id':'n'}", "{'op':'add_asset','asset':'z','set':{'path':'z.mov'}}",
    "{'op':'set_asset','asset':'a','set':{'name':'A'}}", "{'op':'add_bin','bin':'C/D'}",
    "{'op':'set_project','set':{'name':'G','metadata':{'a':1}}}",
};

static kf_json_doc *parse(const char *op)
{
    kf_json_doc *doc = NULL;
    kf_str text = {0};
    for (const char *c = op; *c; c++) {
        kf_str_add_n(&text, *c == '\'' ? "\"" : c, 1);
    }
    kf_json_parse(text.data, text.length, "edit", 0, &doc, &edit_error);
    kf_str_finish(&text);
    return doc;
}

/* The film after the edit whose n-th allocation fails (0: none), NULL if it was refused. *count: of its allocations. */
static char *result(kf_film *film, const kf_json *op, uint64_t n, uint64_t *count)
{
    kf_edit *e;
    kf_str text = {0};
    if (kf_edit_begin(film, &e, &edit_error) != KF_OK) {
        return NULL;
    }
    kf_ref root = kf_film_snapshot(film).root;
    kf_alloc_fail_from(n);
    kf_status status = kf_edit_apply(e, op, "edit", &edit_error);
    *count = kf_alloc_count();
    kf_alloc_fail_from(0);
    kf_snapshot now = kf_edit_snapshot(e);
    if (status == KF_OK) {
        kf_film_write_json(now, &text, &edit_error);
    } else {
        CHECK_MSG(now.root == root, "a trace is left");
    }
    kf_edit_abort(e);
    return text.data;
}

TEST(edits)
{
    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++) {
        kf_film *film = edit_film(FILM);
        kf_json_doc *doc = parse(ops[i]);
        REQUIRE(film && doc);
        uint64_t most, ignored;
        char *whole = result(film, kf_json_root(doc), 0, &most);
        CHECK_MSG(whole != NULL, "%s: %s", ops[i], edit_error.message);
        for (uint64_t n = 1; whole && n <= most; n++) {
            /* a film of its own: what it has in memory already would not be allocated again */
            kf_film *fresh = edit_film(FILM);
            REQUIRE(fresh);
            char *found = result(fresh, kf_json_root(doc), n, &ignored);
            CHECK_MSG(!found || strcmp(found, whole) == 0, "%s: allocation %d fails, and it is half done", ops[i], (int)n);
            kf_free(found);
            kf_film_destroy(fresh);
        }
        kf_free(whole);
        kf_json_free(doc);
        kf_film_destroy(film);
    }
}

int main(void)
{
    RUN(edits);
    return test_end();
}
