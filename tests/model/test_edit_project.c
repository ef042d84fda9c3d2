/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Edit operations on tracks, markers, sequences, assets, bins and the project. */
#include "catalog/api/edits.h"
#include "whole_util.h"

#define AB "{\"clips\":[{\"id\":1,\"asset\":\"a\",\"in\":1,\"duration\":2},{\"id\":2,\"asset\":\"b\",\"in\":1,\"duration\":2}]}"
#define MUSIC ",{\"kind\":\"audio\",\"name\":\"Music\",\"clips\":[{\"id\":9,\"asset\":\"s\",\"duration\":6}]}"

/* "V:name A:name" of the main sequence, bottom to top. */
static const char *tracks_text(const kf_film *film)
{
    static kf_str s;
    kf_sequence_view sequence;
    kf_track_view track;
    s.length = 0;
    kf_str_add(&s, "");
    for (int32_t i = 0; sequence_of(film, "", &sequence) && kf_track_get(kf_film_snapshot(film), &sequence, i, &track); i++) {
        kf_str_addf(&s, "%s%c:%s", i ? " " : "", track.kind == KF_TRACK_AUDIO ? 'A' : 'V', track.name);
    }
    return s.data;
}

TEST(adds_and_moves_tracks)
{
    kf_film *f = edit_film(AB MUSIC);
    REQUIRE(f);
    EDIT(f, "{'op':'add_track','set':{'name':'Titles','target':true,'opacity':0.5}}");
    CHECK_STR(tracks_text(f), "V: V:Titles A:Music");
    EDIT(f, "{'op':'add_track','kind':'audio'}");
    EDIT(f, "{'op':'add_track','index':0,'set':{'name':'Back','clips':[{'asset':'b','duration':1}]}}");
    CHECK_STR(tracks_text(f), "V:Back V: V:Titles A:Music A:");
    CHECK_TRACK(f, 0, "b@0+25");
    EDIT(f, "{'op':'move_track','track':'Back','index':2}");
    CHECK_STR(tracks_text(f), "V: V:Titles V:Back A:Music A:");
    EDIT(f, "{'op':'move_track','track':'A2','index':0}");
    CHECK_STR(tracks_text(f), "A: V: V:Titles V:Back A:Music");
    CHECK_TRACK(f, 1, "a@25+50 b@25+50");
    LEFT_ALONE(f, "{'op':'move_track','track':'Back','index':5}", "from 0 to 4");
    LEFT_ALONE(f, "{'op':'add_track','index':6}", "from 0 to 5");
    LEFT_ALONE(f, "{'op':'add_track','set':{'nam':'x'}}", "did you mean \"name\"");
    LEFT_ALONE(f, "{'op':'add_track','sequence':'x'}", "no sequence \"x\"");
    LEFT_ALONE(f, "{'op':'add_track','set':{'clips':[{'sequence':'main'}]}}", "contains that one, or is it");
    CHECK(loads(f));
    kf_film_destroy(f);
}

TEST(keeps_to_the_most_tracks)
{
    kf_film *f = edit_film(AB);
    kf_edit *e;
    kf_edit_track args;
    REQUIRE(f && kf_edit_begin(f, &e, &edit_error) == KF_OK);
    kf_kind_defaults(kf_kind_get(KF_EDIT_ADD_TRACK), &args);
    for (int i = 1; i < KF_MODEL_MAX_TRACKS; i++) {
        CHECK(kf_edit_operate(e, KF_EDIT_ADD_TRACK, &args, &edit_error) == KF_OK);
    }
    CHECK(kf_edit_operate(e, KF_EDIT_ADD_TRACK, &args, &edit_error) == KF_ERR_INVALID);
    CHECK(strstr(edit_error.message, "1000 tracks"));
    CHECK_INT(kf_edit_get_result(e)->id_count, KF_MODEL_MAX_TRACKS - 1);
    CHECK(kf_edit_operate(e, KF_EDIT_SET_TRACK, &args, &edit_error) == KF_ERR_INVALID);
    CHECK(strstr(edit_error.message, "needs \"set\""));
    CHECK(kf_edit_commit(e, NULL, NULL, &edit_error) == KF_OK);
    kf_sequence_view sequence;
    CHECK(sequence_of(f, "", &sequence) && sequence.track_count == KF_MODEL_MAX_TRACKS);
    kf_film_destroy(f);
}

TEST(changes_tracks)
{
    kf_film *f = edit_film(AB MUSIC);
    kf_track_view t;
    REQUIRE(f);
    EDIT(f, "{'op':'set_track','track':'V1','set':{'name':'Main','lock':true,'opacity':0.25,'metadata':{'a':1,'b':{'c':2,'d':3}}}}");
    CHECK_TRACK(f, 0, "a@25+50 b@25+50");
    REQUIRE(first_track(f, &t));
    CHECK_STR(t.name, "Main");
    CHECK(t.lock && t.sync_lock && t.clip_count == 2 && t.duration == 4 * KF_SECOND);
    CHECK_STR(t.metadata, "{\"a\":1,\"b\":{\"c\":2,\"d\":3}}");
    uint64_t uid = t.uid;
    LEFT_ALONE(f, "{'op':'remove_track','track':'Main'}", "locked");
    EDIT(f, "{'op':'set_track','track':'Main','set':{'lock':null,'opacity':null,'metadata':{'b':{'c':null},'e':4}}}");
    REQUIRE(first_track(f, &t));
    CHECK(!t.lock && t.uid == uid);
    CHECK_STR(t.name, "Main");
    CHECK_STR(t.metadata, "{\"a\":1,\"b\":{\"d\":3},\"e\":4}");
    kf_track_video video;
    kf_params_eval(&t.video, 0, &video);
    CHECK(video.opacity == 1);
    LEFT_ALONE(f, "{'op':'set_track','track':'Main','set':{'id':3}}", "stays");
    LEFT_ALONE(f, "{'op':'set_track','track':'Main','set':{'clips':[]}}", "insert");
    LEFT_ALONE(f, "{'op':'set_track','track':'Main','set':{'kind':'audio'}}", "only an empty track");
    LEFT_ALONE(f, "{'op':'set_track','track':'Main','set':[]}", "object");
    LEFT_ALONE(f, "{'op':'set_track','track':'Music','set':{'opacity':1}}", "no picture");
    LEFT_ALONE(f, "{'op':'set_track','track':'V7','set':{}}", "there are: V1 (Main), A1 (Music)");
    kf_film_destroy(f);
}

TEST(removes_tracks_nothing_depends_on)
{
    kf_film *f = edit_film("{\"name\":\"Cut\",\"matte\":\"luma\",\"clips\":[{\"asset\":\"a\",\"duration\":1,\"audio_effects\":"
                           "[{\"effect\":\"duck\",\"sidechain\":\"Voice\"}]}]},{\"name\":\"Shape\",\"clips\":[]},"
                           "{\"kind\":\"audio\",\"name\":\"Voice\",\"clips\":[]},{\"kind\":\"audio\",\"name\":\"Music\",\"clips\":[]}");
    REQUIRE(f);
    LEFT_ALONE(f, "{'op':'remove_track','track':'Shape'}", "matte");
    LEFT_ALONE(f, "{'op':'move_track','track':'Cut','index':1}", "matte");
    LEFT_ALONE(f, "{'op':'add_track','kind':'audio','index':1}", "matte");
    LEFT_ALONE(f, "{'op':'remove_track','track':'Voice'}", "a.mp4");
    LEFT_ALONE(f, "{'op':'set_track','track':'Voice','set':{'name':'Speech'}}", "listens to the track \"Voice\"");
    EDIT(f, "{'op':'set_track','track':'Music','set':{'name':'Voice'}}");
    EDIT(f, "{'op':'remove_track','track':'A1'}");
    CHECK_STR(tracks_text(f), "V:Cut V:Shape A:Voice");
    EDIT(f, "{'op':'remove_track','track':'Cut'}");
    EDIT(f, "{'op':'remove_track','track':'Voice'}");
    EDIT(f, "{'op':'remove_track','track':'Shape'}");
    CHECK_STR(tracks_text(f), "");
    kf_sequence_view sequence;
    CHECK(sequence_of(f, "", &sequence) && sequence.duration == 0 && sequence.clip_count == 0);
    CHECK(loads(f));
    kf_film_destroy(f);
}

TEST(marks_sequences)
{
    kf_film *f = edit_film(AB);
    kf_sequence_view sequence;
    kf_marker m;
    kf_snapshot s;
    REQUIRE(f);
    EDIT(f, "{'op':'add_marker','set':{'time':'30f','name':'here','color':'#ff0000'}}");
    EDIT(f, "{'op':'add_marker','set':{'time':'10f','duration':1,'metadata':{'who':'me'}}}");
    s = kf_film_snapshot(f);
    REQUIRE(sequence_of(f, "", &sequence) && sequence.markers.count == 2 && kf_marker_at(s, sequence.markers, 1, &m));
    CHECK(m.time == 30 * (KF_SECOND / 25));
    char op[200];
    snprintf(op, sizeof op, "{'op':'set_marker','marker':%d,'set':{'time':'2f','note':'sooner'}}", (int)m.id);
    uint64_t id = m.id;
    EDIT(f, op);
    s = kf_film_snapshot(f);
    REQUIRE(sequence_of(f, "", &sequence) && sequence.markers.count == 2 && kf_marker_at(s, sequence.markers, 0, &m));
    CHECK(m.id == id && m.time == 2 * (KF_SECOND / 25) && m.color[0] == 1);
    CHECK_STR(m.name, "here");
    CHECK_STR(m.note, "sooner");
    LEFT_ALONE(f, "{'op':'set_marker','marker':777,'set':{}}", "no marker 777");
    snprintf(op, sizeof op, "{'op':'set_marker','marker':%d,'set':{'time':null}}", (int)m.id);
    LEFT_ALONE(f, op, "needs its \"time\"");
    snprintf(op, sizeof op, "{'op':'set_marker','marker':%d,'set':{'id':4}}", (int)m.id);
    LEFT_ALONE(f, op, "stays");
    LEFT_ALONE(f, "{'op':'add_marker','set':{'name':'x'}}", "needs its \"time\"");
    LEFT_ALONE(f, "{'op':'add_marker'}", "needs \"set\"");
    snprintf(op, sizeof op, "{'op':'remove_marker','marker':%d}", (int)m.id);
    EDIT(f, op);
    LEFT_ALONE(f, op, "no marker");
    CHECK(sequence_of(f, "", &sequence) && sequence.markers.count == 1);
    CHECK(loads(f));
    kf_film_destroy(f);
}

TEST(marks_clips_and_assets)
{
    kf_film *f = edit_film(AB);
    kf_clip_view clip;
    kf_asset_view asset;
    kf_marker m;
    REQUIRE(f);
    EDIT(f, "{'op':'add_marker','clip':2,'set':{'time':'5f'}}");
    CHECK_TRACK(f, 0, "a@25+50 b@25+50");
    REQUIRE(clip_of(f, 1, &clip) && clip.markers.count == 1);
    REQUIRE(kf_marker_at(kf_film_snapshot(f), clip.markers, 0, &m) && m.time == KF_SECOND / 5);
    char op[200];
    snprintf(op, sizeof op, "{'op':'remove_marker','clip':2,'marker':%d}", (int)m.id);
    EDIT(f, "{'op':'set_track','track':'V1','set':{'lock':true}}");
    LEFT_ALONE(f, op, "locked");
    EDIT(f, "{'op':'set_track','track':'V1','set':{'lock':false}}");
    LEFT_ALONE(f, "{'op':'remove_marker','clip':1,'marker':3}", "no marker");
    EDIT(f, op);
    CHECK(clip_of(f, 1, &clip) && clip.markers.count == 0);
    EDIT(f, "{'op':'add_marker','asset':'a','set':{'time':0.1}}");
    REQUIRE(kf_asset_at(kf_film_snapshot(f), 0, &asset) && asset.markers.count == 1);
    REQUIRE(kf_marker_at(kf_film_snapshot(f), asset.markers, 0, &m) && m.time == KF_SECOND / 10);
    LEFT_ALONE(f, "{'op':'add_marker','asset':'a','clip':1,'set':{'time':1}}", "not on both");
    LEFT_ALONE(f, "{'op':'add_marker','asset':'x','set':{'time':1}}", "no asset \"x\"");
    LEFT_ALONE(f, "{'op':'add_marker','clip':99,'set':{'time':1}}", "no clip 99");
    kf_film_destroy(f);
}

/* Asset `id` of the film. */
static bool asset_of(const kf_film *film, const char *id, kf_asset_view *out)
{
    kf_snapshot s = kf_film_snapshot(film);
    return kf_asset_at(s, kf_asset_find(s, id), out);
}

TEST(adds_changes_and_removes_assets)
{
    kf_film *f = edit_film(AB);
    kf_asset_view a;
    kf_marker m;
    kf_subclip sub;
    REQUIRE(f);
    EDIT(f, "{'op':'add_asset','asset':'n','set':'new/n.mov'}");
    REQUIRE(asset_of(f, "n", &a));
    CHECK_STR(a.path, "new/n.mov");
    CHECK_INT(a.uid, 5);
    EDIT(f, "{'op':'set_asset','asset':'n','set':{'bin':'Day 1','label':'rose','offline':true,'media':{'video':true,'rate':50,"
            "'duration':3},'subclips':[{'name':'s','in':1,'out':2}],'proxy':{'path':'p.mp4'}}}");
    EDIT(f, "{'op':'add_marker','asset':'n','set':{'time':'5f'}}");
    EDIT(f, "{'op':'set_asset','asset':'n','set':{'path':'/other/n.mov','label':null,'media':{'hash':'0123456789abcdef'},"
            "'proxy':{'state':'building'}}}");
    REQUIRE(asset_of(f, "n", &a) && a.markers.count == 1 && kf_marker_at(kf_film_snapshot(f), a.markers, 0, &m));
    CHECK(m.time == KF_SECOND / 10);
    CHECK_STR(a.path, "/other/n.mov");
    CHECK_STR(a.bin, "Day 1");
    CHECK_STR(a.label, "");
    CHECK_STR(a.proxy.path, "p.mp4");
    CHECK(!a.offline && a.proxy.state == KF_PROXY_BUILDING && a.media.has_hash && a.media.facts.duration == 3 * KF_SECOND);
    CHECK(a.uid == 5 && kf_subclip_at(kf_film_snapshot(f), &a, 0, &sub) && sub.in == KF_SECOND);
    LEFT_ALONE(f, "{'op':'add_asset','asset':'a','set':'x.mov'}", "another asset \"a\"");
    LEFT_ALONE(f, "{'op':'add_asset','asset':'','set':'x.mov'}", "empty");
    LEFT_ALONE(f, "{'op':'set_asset','asset':'n','set':{'path':null}}", "needs the path");
    LEFT_ALONE(f, "{'op':'set_asset','asset':'n','set':{'markers':[]}}", "add_marker");
    LEFT_ALONE(f, "{'op':'set_asset','asset':'n','set':{'bin':'/x'}}", "no path of a bin");
    LEFT_ALONE(f, "{'op':'set_asset','asset':'z','set':{}}", "no asset \"z\"");
    LEFT_ALONE(f, "{'op':'remove_asset','asset':'a'}", "a.mp4 (clip 1) in sequence \"main\" shows it");
    EDIT(f, "{'op':'remove_asset','asset':'n'}");
    LEFT_ALONE(f, "{'op':'remove_asset','asset':'n'}", "no asset \"n\"");
    EDIT(f, "{'op':'delete','clips':[1]}");
    EDIT(f, "{'op':'remove_asset','asset':'a'}");
    CHECK_TRACK(f, 0, "-50 b@25+50");
    CHECK(loads(f));
    kf_film_destroy(f);
}

TEST(keeps_bins)
{
    kf_film *f = edit_film(AB);
    kf_asset_view a;
    kf_subclip sub;
    kf_sequence_view sequence;
    REQUIRE(f);
    EDIT(f, "{'op':'add_bin','bin':'One'}");
    EDIT(f, "{'op':'add_bin','bin':'One/Two'}");
    EDIT(f, "{'op':'add_bin','bin':'Oneness'}");
    EDIT(f, "{'op':'set_asset','asset':'a','set':{'bin':'One/Two','subclips':[{'out':1},{'out':1,'bin':'One'}]}}");
    EDIT(f, "{'op':'set_asset','asset':'b','set':{'bin':'Oneness'}}");
    EDIT(f, "{'op':'set_sequence','set':{'bin':'One'}}");
    EDIT(f, "{'op':'rename_bin','bin':'One','to':'Neu/Eins'}");
    CHECK_STR(kf_bin_at(kf_film_snapshot(f), 0), "Neu/Eins");
    CHECK_STR(kf_bin_at(kf_film_snapshot(f), 1), "Neu/Eins/Two");
    CHECK_STR(kf_bin_at(kf_film_snapshot(f), 2), "Oneness");
    REQUIRE(asset_of(f, "a", &a) && sequence_of(f, "", &sequence));
    CHECK_STR(a.bin, "Neu/Eins/Two");
    CHECK(kf_subclip_at(kf_film_snapshot(f), &a, 0, &sub) && !*sub.bin);
    CHECK(kf_subclip_at(kf_film_snapshot(f), &a, 1, &sub));
    CHECK_STR(sub.bin, "Neu/Eins");
    CHECK_STR(sequence.bin, "Neu/Eins");
    REQUIRE(asset_of(f, "b", &a));
    CHECK_STR(a.bin, "Oneness");
    LEFT_ALONE(f, "{'op':'rename_bin','bin':'One','to':'x'}", "no bin \"One\"");
    LEFT_ALONE(f, "{'op':'rename_bin','bin':'Neu','to':'Neu/Alt'}", "into itself");
    LEFT_ALONE(f, "{'op':'rename_bin','bin':'Neu','to':'Oneness'}", "already");
    LEFT_ALONE(f, "{'op':'rename_bin','bin':'Neu','to':'a//b'}", "no path of a bin");
    LEFT_ALONE(f, "{'op':'add_bin','bin':'Oneness'}", "already");
    LEFT_ALONE(f, "{'op':'add_bin','bin':''}", "empty");
    LEFT_ALONE(f, "{'op':'remove_bin','bin':'Oneness'}", "not empty");
    LEFT_ALONE(f, "{'op':'remove_bin','bin':'Neu/Eins'}", "not empty");
    LEFT_ALONE(f, "{'op':'remove_bin','bin':'Three'}", "no bin");
    EDIT(f, "{'op':'set_asset','asset':'b','set':{'bin':null}}");
    EDIT(f, "{'op':'remove_bin','bin':'Oneness'}");
    CHECK(kf_bin_at(kf_film_snapshot(f), 2) == NULL);
    CHECK(loads(f));
    kf_film_destroy(f);
}

TEST(names_the_project)
{
    kf_film *f = edit_film(AB);
    kf_project_view p;
    REQUIRE(f);
    EDIT(f, "{'op':'set_project','set':{'name':'Bees','metadata':{'a':1}}}");
    REQUIRE(kf_project_get(kf_film_snapshot(f), &p));
    CHECK_STR(p.name, "Bees");
    CHECK_STR(p.metadata, "{\"a\":1}");
    CHECK_TRACK(f, 0, "a@25+50 b@25+50");
    EDIT(f, "{'op':'set_project','set':{'name':null}}");
    REQUIRE(kf_project_get(kf_film_snapshot(f), &p));
    CHECK_STR(p.name, "");
    LEFT_ALONE(f, "{'op':'set_project','set':{'main':'x'}}", "no sequence \"x\"");
    LEFT_ALONE(f, "{'op':'set_project','set':{'assets':{}}}", "can be set");
    LEFT_ALONE(f, "{'op':'set_project','set':{'name':1}}", "text");
    LEFT_ALONE(f, "{'op':'set_project','set':7}", "object");
    kf_film_destroy(f);
}

TEST(adds_and_changes_sequences)
{
    kf_film *f = edit_film(AB);
    kf_sequence_view v;
    REQUIRE(f);
    EDIT(f, "{'op':'add_sequence','id':'tall','preset':'vertical-29.97','set':{'name':'Tall','sample_rate':44100}}");
    REQUIRE(sequence_of(f, "tall", &v));
    CHECK(v.width == 1080 && v.height == 1920 && v.rate.num == 30000 && v.rate.den == 1001 && v.sample_rate == 44100);
    CHECK(v.uid > 1 && v.track_count == 0 && v.duration == 0 && !v.auto_size);
    CHECK_STR(v.name, "Tall");
    EDIT(f, "{'op':'add_sequence','id':'dv','preset':'ntsc-dv-wide'}");
    REQUIRE(sequence_of(f, "dv", &v));
    CHECK(v.pixel_aspect.num == 40 && v.pixel_aspect.den == 33 && v.height == 480);
    EDIT(f, "{'op':'add_sequence','id':'free','set':{'tracks':[{'clips':[{'sequence':'main'}]}]}}");
    REQUIRE(sequence_of(f, "free", &v));
    CHECK(v.duration == 4 * KF_SECOND && v.clip_count == 1);
    LEFT_ALONE(f, "{'op':'add_sequence','id':'x','preset':'vertical-2997'}", "did you mean \"vertical-29.97\"");
    LEFT_ALONE(f, "{'op':'add_sequence','id':'tall'}", "another sequence \"tall\"");
    LEFT_ALONE(f, "{'op':'add_sequence','id':''}", "empty");
    LEFT_ALONE(f, "{'op':'add_sequence','id':'x','set':{'id':'y'}}", "argument");
    LEFT_ALONE(f, "{'op':'add_sequence','id':'x','set':{'rate':0}}", "rate");
    EDIT(f, "{'op':'add_marker','set':{'time':1}}");
    EDIT(f, "{'op':'set_sequence','set':{'id':'cut','rate':50,'mark_in':'50f','mark_out':3,'master_gain':-2}}");
    EDIT(f, "{'op':'set_sequence','sequence':'cut','set':{'mark_out':null,'name':'The cut'}}");
    REQUIRE(sequence_of(f, "cut", &v));
    CHECK(v.rate.num == 50 && v.width == 640 && v.mark_in == KF_SECOND && v.mark_out == KF_TIME_NONE && v.master_gain == -2);
    CHECK(v.markers.count == 1 && v.track_count == 1 && v.clip_count == 2 && v.duration == 4 * KF_SECOND && v.uid == 1);
    CHECK_TRACK(f, 0, "a@25+50 b@25+50");
    LEFT_ALONE(f, "{'op':'set_sequence','set':{'mark_in':3,'mark_out':2}}", "must lie behind");
    LEFT_ALONE(f, "{'op':'set_sequence','set':{'id':'dv'}}", "another sequence \"dv\"");
    LEFT_ALONE(f, "{'op':'set_sequence','set':{'tracks':[]}}", "add_track");
    LEFT_ALONE(f, "{'op':'set_sequence','sequence':'main','set':{}}", "no sequence \"main\"");
    LEFT_ALONE(f, "{'op':'set_sequence','set':{'audio_effects':[{'effect':'duck','sidechain':'Voice'}]}}", "no track called");
    EDIT(f, "{'op':'set_track','track':'V1','set':{'name':'Voice'}}");
    EDIT(f, "{'op':'set_sequence','set':{'audio_effects':[{'effect':'duck','sidechain':'Voice'}]}}");
    LEFT_ALONE(f, "{'op':'set_track','track':'V1','set':{'name':null}}", "of the sequence's sound listens");
    CHECK(loads(f));
    kf_film_destroy(f);
}

TEST(keeps_what_comes_from_media)
{
    kf_film *f = NULL;
    kf_sequence_view v;
    REQUIRE(load_text("{\"kerf\":1,\"assets\":{\"a\":\"a.mp4\"},\"tracks\":[{\"clips\":[{\"asset\":\"a\"}]}]}", &f,
                      &edit_error) == KF_OK);
    EDIT(f, "{'op':'set_sequence','set':{'start_timecode':'01:00:00:24'}}");
    REQUIRE(sequence_of(f, "", &v));
    CHECK(v.auto_size && v.auto_rate && v.width == 1280 && v.rate.num == 25 && v.start_timecode == 90024);
    EDIT(f, "{'op':'set_sequence','set':{'size':[320,240]}}");
    CHECK(sequence_of(f, "", &v) && !v.auto_size && v.auto_rate && v.width == 320);
    kf_film_destroy(f);
}

TEST(removes_sequences)
{
    kf_film *f = edit_film("{\"clips\":[{\"id\":1,\"asset\":\"a\",\"duration\":2}]}");
    kf_project_view p;
    REQUIRE(f);
    LEFT_ALONE(f, "{'op':'remove_sequence','sequence':'main'}", "the last sequence");
    EDIT(f, "{'op':'add_sequence','id':'in','preset':'1080p25','set':{'tracks':[{'clips':[{'generator':'bars','duration':1}]}]}}");
    EDIT(f, "{'op':'overwrite','at':2,'track':'V1','clip':{'sequence':'in'}}");
    LEFT_ALONE(f, "{'op':'remove_sequence','sequence':'in'}", "in sequence \"main\" shows it");
    LEFT_ALONE(f, "{'op':'overwrite','sequence':'in','at':0,'track':'V1','clip':{'sequence':'main','duration':1}}", "contains that one");
    LEFT_ALONE(f, "{'op':'remove_sequence','sequence':''}", "no sequence");
    EDIT(f, "{'op':'set_project','set':{'main':'in'}}");
    REQUIRE(kf_project_get(kf_film_snapshot(f), &p) && p.main_sequence == 1);
    LEFT_ALONE(f, "{'op':'remove_sequence','sequence':'in'}", "in sequence \"main\" shows it");
    EDIT(f, "{'op':'remove_sequence','sequence':'main'}");
    REQUIRE(kf_project_get(kf_film_snapshot(f), &p) && p.main_sequence == 0 && p.sequence_count == 1);
    REQUIRE(kf_film_undo(f, NULL, &edit_error) == KF_OK);
    EDIT(f, "{'op':'delete','clips':[1]}");
    CHECK(loads(f));
    kf_film_destroy(f);
}

TEST(duplicates_sequences)
{
    kf_film *f = edit_film("{\"name\":\"P\",\"opacity\":0.5,\"clips\":[{\"id\":1,\"link\":1,\"asset\":\"a\",\"duration\":2,"
                           "\"markers\":[{\"id\":5,\"time\":1}]},{\"transition\":\"dissolve\",\"duration\":\"10f\",\"id\":6},"
                           "{\"id\":2,\"asset\":\"b\",\"in\":1,\"duration\":2}]},"
                           "{\"kind\":\"audio\",\"clips\":[{\"id\":3,\"link\":1,\"asset\":\"a\",\"duration\":2}]}");
    kf_sequence_view v;
    kf_track_view track;
    kf_cursor c;
    kf_clip_view clip;
    kf_marker m;
    REQUIRE(f);
    EDIT(f, "{'op':'add_marker','set':{'time':1}}");
    EDIT(f, "{'op':'duplicate_sequence','id':'copy'}");
    kf_snapshot s = kf_film_snapshot(f);
    REQUIRE(sequence_of(f, "copy", &v) && v.track_count == 2 && v.markers.count == 1 && v.duration == 4 * KF_SECOND);
    REQUIRE(kf_track_get(s, &v, 0, &track) && track.clip_count == 2 && track.item_count == 3);
    kf_cursor_init(&c, s, &track);
    REQUIRE(kf_cursor_next(&c) && kf_cursor_clip(&c, &clip));
    CHECK(clip.id > 6 && clip.markers.count == 1 && kf_marker_at(s, clip.markers, 0, &m) && m.id > 6);
    kf_links links = kf_clip_links(s, &clip, KF_LINK);
    REQUIRE(links.count == 2);
    uint64_t picture = clip.id, sound;
    REQUIRE(kf_track_get(s, &v, 1, &track));
    kf_cursor_init(&c, s, &track);
    REQUIRE(kf_cursor_next(&c) && kf_cursor_clip(&c, &clip));
    sound = clip.id;
    CHECK(links.ids[0] == (picture < sound ? picture : sound) && links.ids[1] == (picture < sound ? sound : picture));
    CHECK(loads(f)); /* which refuses ids that stand twice */
    char op[100];
    snprintf(op, sizeof op, "{'op':'ripple_delete','clips':[%d]}", (int)sound);
    EDIT(f, op);
    CHECK(sequence_of(f, "copy", &v) && v.duration == 2 * KF_SECOND);
    CHECK_TRACK(f, 0, "a@0+50 ~10 b@25+50");
    LEFT_ALONE(f, "{'op':'duplicate_sequence','id':'copy'}", "another sequence");
    LEFT_ALONE(f, "{'op':'duplicate_sequence','sequence':'x','id':'y'}", "no sequence \"x\"");
    kf_film_destroy(f);
}

/* A thousand linked pairs: more than are looked through one by one. */
TEST(duplicates_many_links)
{
    kf_str text = {0};
    kf_sequence_view v;
    kf_track_view track;
    kf_clip_view clip;
    kf_cursor c;
    for (int t = 0; t < 2; t++) {
        kf_str_addf(&text, "%s{\"kind\":\"%s\",\"clips\":[", t ? "," : "", t ? "audio" : "video");
        for (int i = 0; i < 1000; i++) {
            kf_str_addf(&text, "%s{\"asset\":\"a\",\"duration\":1,\"link\":%d}", i ? "," : "", i + 1);
        }
        kf_str_add(&text, "]}");
    }
    kf_film *f = edit_film(text.data);
    kf_str_finish(&text);
    REQUIRE(f);
    EDIT(f, "{'op':'duplicate_sequence','id':'copy'}");
    kf_snapshot s = kf_film_snapshot(f);
    uint64_t ids[2][1000];
    int good = 0;
    REQUIRE(sequence_of(f, "copy", &v));
    for (int t = 0; t < 2; t++) {
        REQUIRE(kf_track_get(s, &v, t, &track));
        kf_cursor_init(&c, s, &track);
        for (int i = 0; i < 1000 && kf_cursor_next(&c) && kf_cursor_clip(&c, &clip); i++) {
            ids[t][i] = clip.id;
            kf_links links = kf_clip_links(s, &clip, KF_LINK);
            good += t == 1 && links.count == 2 && links.ids[0] == ids[0][i] && links.ids[1] == ids[1][i];
        }
    }
    CHECK_INT(good, 1000);
    CHECK(loads(f));
    kf_film_destroy(f);
}

int main(void)
{
    RUN(adds_and_moves_tracks);
    RUN(keeps_to_the_most_tracks);
    RUN(changes_tracks);
    RUN(removes_tracks_nothing_depends_on);
    RUN(marks_sequences);
    RUN(marks_clips_and_assets);
    RUN(adds_changes_and_removes_assets);
    RUN(keeps_bins);
    RUN(names_the_project);
    RUN(adds_and_changes_sequences);
    RUN(keeps_what_comes_from_media);
    RUN(removes_sequences);
    RUN(duplicates_sequences);
    RUN(duplicates_many_links);
    return test_end();
}
