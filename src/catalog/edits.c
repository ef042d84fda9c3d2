/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The edit operations. `REQUIRED` arguments must be given; the others say by their defaults what happens without. */
#include <math.h>

#include "catalog/api/edits.h"
#include "catalog/internal.h"

static const char *const fit_names[] = {"refuse", "head", "tail", "speed", NULL};
static const char *const edge_names[] = {"head", "tail", NULL};
static const char *const placing_names[] = {"overwrite", "insert", NULL};
static const char *const align_names[] = {"auto", "center", "start", "end", NULL};
static const char *const track_kind_names[] = {"video", "audio", NULL};

#define LONGEST 3600000.0 /* s */
#define AT(S, m, needed, text) \
    {.name = #m, .type = KF_FIELD_TIME, .offset = offsetof(S, m), .min = -LONGEST, .max = LONGEST, .def = {NAN}, \
     .unit = "s", .required = needed, .help = text}
#define ID(S, m, needed, text) \
    {.name = #m, .type = KF_FIELD_ID, .offset = offsetof(S, m), .unit = "", .required = needed, .help = text}
#define IDS(S, m, text) \
    {.name = #m, .type = KF_FIELD_IDS, .offset = offsetof(S, m), .unit = "", .required = true, .help = text}
#define MORE_IDS(S, m, text) \
    {.name = #m, .type = KF_FIELD_IDS, .offset = offsetof(S, m), .unit = "", .help = text}
#define JSON(S, m, needed, text) \
    {.name = #m, .type = KF_FIELD_JSON, .offset = offsetof(S, m), .unit = "", .required = needed, .help = text}
#define TEXT(S, m, d, needed, text) \
    {.name = #m, .type = KF_FIELD_TEXT, .offset = offsetof(S, m), .def_text = d, .unit = "", .required = needed, .help = text}
#define WHOLE(S, m, lo, hi, d, text) \
    {.name = #m, .type = KF_FIELD_INT, .offset = offsetof(S, m), .min = lo, .max = hi, .def = {d}, .unit = "", .help = text}
#define SEQUENCE(S) TEXT(S, sequence, "", false, "Id of the sequence; the main one if not given.")
#define LINKED(S) KF_BOOL(S, linked, 1, "Also for the clips linked to it.")
#define SYNC(S) KF_BOOL(S, sync, 1, "Tracks with sync lock move along.")
#define MARKERS(S) KF_BOOL(S, markers, 0, "The sequence's markers move along.")
#define TRACKS(S) TEXT(S, tracks, "all", false, "Tracks, with commas between, or all.")

#define PUT_SOURCE \
    TEXT(kf_edit_put, asset, "", false, "Id of the asset to show."), \
    TEXT(kf_edit_put, subclip, "", false, "Name of the asset's subclip to take in and out from."), \
    JSON(kf_edit_put, clip, false, "A clip as in the film format, in place of an asset."), \
    AT(kf_edit_put, in, false, "Source in point."), AT(kf_edit_put, out, false, "Source out point."), \
    AT(kf_edit_put, duration, false, "Length on the timeline.")
#define PUT_TRACKS \
    TEXT(kf_edit_put, track, "", false, "Where its picture goes; the first target track of its kind, or V1, if not given."), \
    TEXT(kf_edit_put, audio_track, "", false, "Where its sound goes, as a linked clip; with the picture if not given.")

#define PUT_POINTS \
    SEQUENCE(kf_edit_put), PUT_TRACKS, AT(kf_edit_put, at, false, "Where it begins."), \
    AT(kf_edit_put, until, false, "Where it ends: with in and out but no at, it is back-timed from here."), PUT_SOURCE, \
    KF_ENUM(kf_edit_put, fit, fit_names, KF_EDIT_FIT_REFUSE, \
            "If at, until, in and out do not agree: refuse, move in (head) or out (tail), or change the speed.")

static const kf_field insert_fields[] = {PUT_POINTS, SYNC(kf_edit_put), MARKERS(kf_edit_put)};
static const kf_field overwrite_fields[] = {PUT_POINTS};
static const kf_field append_fields[] = {SEQUENCE(kf_edit_put), PUT_TRACKS, PUT_SOURCE};
static const kf_field replace_fields[] = {
    ID(kf_edit_replace, clip, true, "The clip."), TEXT(kf_edit_replace, asset, "", false, "Id of the asset to show instead."),
    JSON(kf_edit_replace, with, false, "What to show instead: a clip as in the film format."),
    AT(kf_edit_replace, in, false, "Source in point; the clip's own if not given.")};
static const kf_field span_fields[] = {
    SEQUENCE(kf_edit_span), AT(kf_edit_span, from, false, "Begin; the sequence's in mark if not given."),
    AT(kf_edit_span, to, false, "End; the sequence's out mark if not given."), TRACKS(kf_edit_span), MARKERS(kf_edit_span)};
static const kf_field lift_fields[] = {
    SEQUENCE(kf_edit_span), AT(kf_edit_span, from, false, "Begin; the sequence's in mark if not given."),
    AT(kf_edit_span, to, false, "End; the sequence's out mark if not given."), TRACKS(kf_edit_span)};
static const kf_field razor_fields[] = {
    SEQUENCE(kf_edit_razor), AT(kf_edit_razor, at, true, "Where to cut."), TRACKS(kf_edit_razor)};
static const kf_field join_fields[] = {
    ID(kf_edit_join, clip, true, "The clip before the cut."), LINKED(kf_edit_join)};
static const kf_field delete_fields[] = {IDS(kf_edit_delete, clips, "The clips."), LINKED(kf_edit_delete)};
static const kf_field ripple_delete_fields[] = {
    IDS(kf_edit_delete, clips, "The clips."), LINKED(kf_edit_delete), SYNC(kf_edit_delete), MARKERS(kf_edit_delete)};
static const kf_field close_gap_fields[] = {
    SEQUENCE(kf_edit_close_gap), TEXT(kf_edit_close_gap, track, "", true, "The track."),
    AT(kf_edit_close_gap, at, false, "A time in the gap; all gaps of the track if not given."), SYNC(kf_edit_close_gap),
    MARKERS(kf_edit_close_gap)};
static const kf_field insert_gap_fields[] = {
    SEQUENCE(kf_edit_insert_gap), AT(kf_edit_insert_gap, at, true, "Where it begins."),
    AT(kf_edit_insert_gap, duration, true, "Its length."), TRACKS(kf_edit_insert_gap), MARKERS(kf_edit_insert_gap)};
static const kf_field trim_fields[] = {
    ID(kf_edit_trim, clip, true, "The clip."), KF_ENUM(kf_edit_trim, edge, edge_names, KF_EDGE_TAIL, "Which of its ends."),
    AT(kf_edit_trim, to, false, "Where the end goes."), AT(kf_edit_trim, by, false, "How far it moves."),
    KF_BOOL(kf_edit_trim, ripple, 0, "What follows moves along."), LINKED(kf_edit_trim), SYNC(kf_edit_trim),
    MARKERS(kf_edit_trim),
    MORE_IDS(kf_edit_trim, with, "Clips of other tracks whose same ends lie at the same time: they move as one.")};
static const kf_field roll_fields[] = {
    ID(kf_edit_shift, clip, true, "The clip before the cut."), AT(kf_edit_shift, to, false, "Where the cut goes."),
    AT(kf_edit_shift, by, false, "How far it moves."), LINKED(kf_edit_shift)};
static const kf_field slip_fields[] = {
    ID(kf_edit_shift, clip, true, "The clip."), AT(kf_edit_shift, to, false, "The new source in point."),
    AT(kf_edit_shift, by, false, "How far the source moves, in timeline time: positive shows what comes later."),
    LINKED(kf_edit_shift)};
static const kf_field slide_fields[] = {
    ID(kf_edit_shift, clip, true, "The clip."), AT(kf_edit_shift, to, false, "Where it begins then."),
    AT(kf_edit_shift, by, false, "How far it moves."), LINKED(kf_edit_shift)};
static const kf_field rate_stretch_fields[] = {
    ID(kf_edit_rate_stretch, clip, true, "The clip."),
    AT(kf_edit_rate_stretch, duration, false, "The new length, which the same source fills."),
    JSON(kf_edit_rate_stretch, speed, false, "The new speed, a ratio; the length follows."),
    KF_BOOL(kf_edit_rate_stretch, reverse, 0, "Turns the direction around."),
    KF_BOOL(kf_edit_rate_stretch, ripple, 0, "What follows moves along."), LINKED(kf_edit_rate_stretch),
    SYNC(kf_edit_rate_stretch), MARKERS(kf_edit_rate_stretch)};
static const kf_field swap_fields[] = {
    ID(kf_edit_swap, clip, true, "A clip."), ID(kf_edit_swap, with, true, "The clip to change places with."),
    LINKED(kf_edit_swap)};
static const kf_field move_fields[] = {
    IDS(kf_edit_move, clips, "The clips; they keep their distances."), AT(kf_edit_move, to, false, "Where the first begins."),
    AT(kf_edit_move, by, false, "How far they move."),
    TEXT(kf_edit_move, track, "", false, "Where the first of them goes; the others as many tracks away as before."),
    KF_ENUM(kf_edit_move, mode, placing_names, KF_PLACING_OVERWRITE, "What happens to what is there."),
    KF_BOOL(kf_edit_move, copy, 0, "Leaves the originals where they are."), LINKED(kf_edit_move), SYNC(kf_edit_move),
    MARKERS(kf_edit_move)};
static const kf_field freeze_fields[] = {
    ID(kf_edit_freeze, clip, true, "The clip."), AT(kf_edit_freeze, at, true, "The frame that is to stand still."),
    AT(kf_edit_freeze, duration, false,
       "Puts a still of this length in at that time, and what follows moves along; without it the clip holds from there to "
       "its end.")};
static const kf_field detach_fields[] = {
    ID(kf_edit_detach, clip, true, "A clip of a video track."),
    TEXT(kf_edit_detach, track, "", false, "Where its sound goes; a track with room, or a new one, if not given.")};
static const kf_field nest_fields[] = {
    IDS(kf_edit_nest, clips, "The clips."), TEXT(kf_edit_nest, id, "", false, "Id of the new sequence."),
    TEXT(kf_edit_nest, name, "", false, "Its name."), LINKED(kf_edit_nest)};
static const kf_field angle_fields[] = {
    ID(kf_edit_angle, clip, true, "A multicam clip."), WHOLE(kf_edit_angle, angle, 1, 1000, 1, "The angle to show."),
    AT(kf_edit_angle, at, false, "From where on: the clip is cut there; all of it if not given."), LINKED(kf_edit_angle)};
static const kf_field clips_fields[] = {IDS(kf_edit_clips, clips, "The clips.")};
static const kf_field add_transition_fields[] = {
    ID(kf_edit_add_transition, clip, false, "A clip at the cut."),
    KF_ENUM(kf_edit_add_transition, edge, edge_names, KF_EDGE_TAIL, "Which of its ends is the cut."),
    SEQUENCE(kf_edit_add_transition), TEXT(kf_edit_add_transition, track, "", false, "In place of a clip: the track."),
    AT(kf_edit_add_transition, at, false, "In place of a clip: the cut."),
    TEXT(kf_edit_add_transition, transition, "dissolve", false, "Its name."),
    AT(kf_edit_add_transition, duration, false, "Its length; 1 s if not given."),
    KF_ENUM(kf_edit_add_transition, align, align_names, 0, "Where it lies: over the cut, from it, or up to it."),
    AT(kf_edit_add_transition, before, false, "In place of align: how much of it lies before the cut."),
    JSON(kf_edit_add_transition, params, false, "Its parameters.")};
static const kf_field set_transition_fields[] = {
    ID(kf_edit_transition, transition, true, "The transition."),
    JSON(kf_edit_transition, set, true, "Keys of a transition, such as duration and align or before, with their new values.")};
static const kf_field remove_transition_fields[] = {ID(kf_edit_transition, transition, true, "The transition.")};
static const kf_field set_clip_fields[] = {
    IDS(kf_edit_set_clip, clips, "The clips."),
    JSON(kf_edit_set_clip, set, true, "Keys of a clip, such as name, enabled, opacity or transform; null is the default.")};
#define EFFECT_OF \
    ID(kf_edit_effect, clip, false, "The clip that has it; else a track, else the sequence's sound."), \
    SEQUENCE(kf_edit_effect), TEXT(kf_edit_effect, track, "", false, "The track that has it.")
static const kf_field add_effect_fields[] = {
    EFFECT_OF, JSON(kf_edit_effect, effect, true, "An effect, or an audio effect, as in the film format."),
    WHOLE(kf_edit_effect, index, -1, 255, -1, "Its place among those of its kind, from 0; -1: the last.")};
#define EFFECT_INDEX \
    WHOLE(kf_edit_effect, index, 0, 511, 0, "Its place: picture effects from 0, audio effects after them.")
static const kf_field set_effect_fields[] = {
    EFFECT_OF, EFFECT_INDEX, JSON(kf_edit_effect, set, true, "Keys of the effect with their new values.")};
static const kf_field move_effect_fields[] = {
    EFFECT_OF, EFFECT_INDEX, WHOLE(kf_edit_effect, to, 0, 511, 0, "Its new place.")};
static const kf_field remove_effect_fields[] = {EFFECT_OF, EFFECT_INDEX};
#define KEY_OF \
    ID(kf_edit_key, clip, false, "The clip; else a track."), SEQUENCE(kf_edit_key), \
    TEXT(kf_edit_key, track, "", false, "The track."), \
    WHOLE(kf_edit_key, effect, -1, 511, -1, "Place of the effect; -1: the clip's or track's own."), \
    TEXT(kf_edit_key, field, "", true, "The parameter; transform.scale and params.size for those of clips."), \
    AT(kf_edit_key, at, true, "Time of the keyframe, of the clip or (tracks) the sequence.")
static const kf_field set_key_fields[] = {
    KEY_OF, JSON(kf_edit_key, value, true, "Its value."),
    TEXT(kf_edit_key, interp, "", false,
         "The way to the next one: hold, linear, ease, ease_in, ease_out, bezier; linear, or as it was, if not given."),
    JSON(kf_edit_key, bezier, false, "Control points [x1, y1, x2, y2] of that way.")};
static const kf_field remove_key_fields[] = {KEY_OF};
static const kf_field paste_fields[] = {
    ID(kf_edit_paste, from, true, "The clip to copy from."), IDS(kf_edit_paste, clips, "The clips to change."),
    TEXT(kf_edit_paste, what, "all", false,
         "Any of transform, opacity, effects, gain, audio_effects, speed, with commas between; all but speed.")};
static const kf_field add_track_fields[] = {
    SEQUENCE(kf_edit_track), KF_ENUM(kf_edit_track, kind, track_kind_names, 0, "What it holds."),
    WHOLE(kf_edit_track, index, -1, 999, -1, "Its place, bottom to top, from 0; -1: above those of its kind."),
    JSON(kf_edit_track, set, false, "Keys of a track, such as name.")};
#define TRACK_OF SEQUENCE(kf_edit_track), TEXT(kf_edit_track, track, "", true, "The track.")
static const kf_field set_track_fields[] = {
    TRACK_OF, JSON(kf_edit_track, set, true, "Keys of a track, such as name, mute, lock, with their new values.")};
static const kf_field move_track_fields[] = {TRACK_OF, WHOLE(kf_edit_track, index, 0, 999, 0, "Its new place.")};
static const kf_field remove_track_fields[] = {TRACK_OF};
#define MARKER_OF \
    SEQUENCE(kf_edit_marker), ID(kf_edit_marker, clip, false, "The clip it is on, if it is on one."), \
    TEXT(kf_edit_marker, asset, "", false, "The asset it is on, if it is on one.")
static const kf_field add_marker_fields[] = {MARKER_OF, JSON(kf_edit_marker, set, true, "A marker as in the film format.")};
static const kf_field set_marker_fields[] = {
    MARKER_OF, ID(kf_edit_marker, marker, true, "The marker."),
    JSON(kf_edit_marker, set, true, "Keys of a marker with their new values.")};
static const kf_field remove_marker_fields[] = {MARKER_OF, ID(kf_edit_marker, marker, true, "The marker.")};
static const kf_field add_sequence_fields[] = {
    TEXT(kf_edit_sequence, id, "", true, "Its id."),
    TEXT(kf_edit_sequence, preset, "", false, "A preset for size, rate and sound, as `kerf presets` lists them."),
    JSON(kf_edit_sequence, set, false, "Keys of a sequence.")};
static const kf_field set_sequence_fields[] = {
    SEQUENCE(kf_edit_sequence), JSON(kf_edit_sequence, set, true, "Keys of a sequence, such as mark_in, with their new values.")};
static const kf_field duplicate_sequence_fields[] = {
    SEQUENCE(kf_edit_sequence), TEXT(kf_edit_sequence, id, "", true, "Id of the copy.")};
static const kf_field remove_sequence_fields[] = {TEXT(kf_edit_sequence, sequence, "", true, "Its id.")};
static const kf_field set_asset_fields[] = {
    TEXT(kf_edit_asset, asset, "", true, "Its id."), JSON(kf_edit_asset, set, true, "Keys of an asset with their new values.")};
static const kf_field remove_asset_fields[] = {TEXT(kf_edit_asset, asset, "", true, "Its id.")};
static const kf_field bin_fields[] = {TEXT(kf_edit_bin, bin, "", true, "Path of the bin: \"Interviews/Day 1\".")};
static const kf_field rename_bin_fields[] = {
    TEXT(kf_edit_bin, bin, "", true, "Path of the bin."), TEXT(kf_edit_bin, to, "", true, "Its new path.")};
static const kf_field set_project_fields[] = {
    JSON(kf_edit_project, set, true, "Keys of the film: name, main, metadata.")};

#define ED(id, name, label, category, fields, type, help) KF_KIND(id, KF_CLASS_EDIT, name, label, category, fields, type, help)

static const kf_kind kinds[] = {
    ED(KF_EDIT_INSERT, "insert", "Insert", "Put", insert_fields, kf_edit_put,
       "Puts a clip in; what is there from that time on moves later."),
    ED(KF_EDIT_OVERWRITE, "overwrite", "Overwrite", "Put", overwrite_fields, kf_edit_put,
       "Puts a clip over what is there; nothing moves."),
    ED(KF_EDIT_APPEND, "append", "Append", "Put", append_fields, kf_edit_put, "Puts a clip at the end of a track."),
    ED(KF_EDIT_REPLACE, "replace", "Replace", "Put", replace_fields, kf_edit_replace,
       "Shows something else in a clip's place, with its length and effects."),
    ED(KF_EDIT_LIFT, "lift", "Lift", "Remove", lift_fields, kf_edit_span, "Takes a span out and leaves a gap."),
    ED(KF_EDIT_EXTRACT, "extract", "Extract", "Remove", span_fields, kf_edit_span,
       "Takes a span out of tracks and closes it up."),
    ED(KF_EDIT_RAZOR, "razor", "Razor", "Cut", razor_fields, kf_edit_razor, "Cuts the clips at a time in two."),
    ED(KF_EDIT_JOIN, "join", "Join", "Cut", join_fields, kf_edit_join,
       "Makes one clip of two that go on in their source as if they had never been cut."),
    ED(KF_EDIT_DELETE, "delete", "Delete", "Remove", delete_fields, kf_edit_delete, "Takes clips out and leaves gaps."),
    ED(KF_EDIT_RIPPLE_DELETE, "ripple_delete", "Ripple delete", "Remove", ripple_delete_fields, kf_edit_delete,
       "Takes clips out and closes up."),
    ED(KF_EDIT_CLOSE_GAP, "close_gap", "Close gap", "Remove", close_gap_fields, kf_edit_close_gap,
       "Takes out a gap; what follows moves earlier."),
    ED(KF_EDIT_INSERT_GAP, "insert_gap", "Insert gap", "Put", insert_gap_fields, kf_edit_insert_gap,
       "Moves all from a time on later."),
    ED(KF_EDIT_TRIM, "trim", "Trim", "Trim", trim_fields, kf_edit_trim,
       "Moves an end of a clip: into a gap, or with ripple moving what follows."),
    ED(KF_EDIT_ROLL, "roll", "Roll", "Trim", roll_fields, kf_edit_shift,
       "Moves the cut between two clips: one gets longer by what the other gets shorter."),
    ED(KF_EDIT_SLIP, "slip", "Slip", "Trim", slip_fields, kf_edit_shift,
       "Shows another part of the source; the clip stays where it is."),
    ED(KF_EDIT_SLIDE, "slide", "Slide", "Trim", slide_fields, kf_edit_shift,
       "Moves a clip between its neighbours, which get longer and shorter."),
    ED(KF_EDIT_RATE_STRETCH, "rate_stretch", "Rate stretch", "Time", rate_stretch_fields, kf_edit_rate_stretch,
       "Changes a clip's speed, by its length or as a number."),
    ED(KF_EDIT_SWAP, "swap", "Swap", "Move", swap_fields, kf_edit_swap, "Two clips change places."),
    ED(KF_EDIT_MOVE, "move", "Move", "Move", move_fields, kf_edit_move, "Moves or copies clips in time and to other tracks."),
    ED(KF_EDIT_FREEZE_FRAME, "freeze_frame", "Freeze frame", "Time", freeze_fields, kf_edit_freeze, "Makes a frame stand still."),
    ED(KF_EDIT_DETACH_AUDIO, "detach_audio", "Detach audio", "Link", detach_fields, kf_edit_detach,
       "Puts a clip's sound on an audio track, linked to its picture."),
    ED(KF_EDIT_NEST, "nest", "Nest", "Sequence", nest_fields, kf_edit_nest, "Puts clips into a sequence of their own."),
    ED(KF_EDIT_ANGLE, "angle", "Switch angle", "Multicam", angle_fields, kf_edit_angle, "Shows another angle of a multicam clip."),
    ED(KF_EDIT_LINK, "link", "Link", "Link", clips_fields, kf_edit_clips, "Links clips: they are edited together."),
    ED(KF_EDIT_UNLINK, "unlink", "Unlink", "Link", clips_fields, kf_edit_clips, "Takes links away."),
    ED(KF_EDIT_GROUP, "group", "Group", "Link", clips_fields, kf_edit_clips, "Groups clips: they are moved together."),
    ED(KF_EDIT_UNGROUP, "ungroup", "Ungroup", "Link", clips_fields, kf_edit_clips, "Takes groups away."),
    ED(KF_EDIT_ADD_TRANSITION, "add_transition", "Add transition", "Transition", add_transition_fields,
       kf_edit_add_transition, "Puts a transition at a cut, in place of the one there."),
    ED(KF_EDIT_SET_TRANSITION, "set_transition", "Change transition", "Transition", set_transition_fields,
       kf_edit_transition, "Changes a transition: its length, place, kind or parameters."),
    ED(KF_EDIT_REMOVE_TRANSITION, "remove_transition", "Remove transition", "Transition", remove_transition_fields,
       kf_edit_transition, "Takes a transition away."),
    ED(KF_EDIT_SET_CLIP, "set_clip", "Change clips", "Clip", set_clip_fields, kf_edit_set_clip,
       "Changes what clips have: name, label, enabled, opacity, transform, gain and so on."),
    ED(KF_EDIT_ADD_EFFECT, "add_effect", "Add effect", "Effect", add_effect_fields, kf_edit_effect, "Adds an effect."),
    ED(KF_EDIT_SET_EFFECT, "set_effect", "Change effect", "Effect", set_effect_fields, kf_edit_effect, "Changes an effect."),
    ED(KF_EDIT_MOVE_EFFECT, "move_effect", "Move effect", "Effect", move_effect_fields, kf_edit_effect,
       "Changes the order of effects."),
    ED(KF_EDIT_REMOVE_EFFECT, "remove_effect", "Remove effect", "Effect", remove_effect_fields, kf_edit_effect,
       "Takes an effect away."),
    ED(KF_EDIT_SET_KEY, "set_key", "Set keyframe", "Keyframe", set_key_fields, kf_edit_key, "Sets or changes a keyframe."),
    ED(KF_EDIT_REMOVE_KEY, "remove_key", "Remove keyframe", "Keyframe", remove_key_fields, kf_edit_key,
       "Takes a keyframe away; the value of the last one stays."),
    ED(KF_EDIT_PASTE_ATTRIBUTES, "paste_attributes", "Paste attributes", "Clip", paste_fields, kf_edit_paste,
       "Gives clips what another one has."),
    ED(KF_EDIT_ADD_TRACK, "add_track", "Add track", "Track", add_track_fields, kf_edit_track, "Adds a track."),
    ED(KF_EDIT_SET_TRACK, "set_track", "Change track", "Track", set_track_fields, kf_edit_track, "Changes a track."),
    ED(KF_EDIT_MOVE_TRACK, "move_track", "Move track", "Track", move_track_fields, kf_edit_track, "Changes the order of tracks."),
    ED(KF_EDIT_REMOVE_TRACK, "remove_track", "Remove track", "Track", remove_track_fields, kf_edit_track,
       "Takes a track and its clips away."),
    ED(KF_EDIT_ADD_MARKER, "add_marker", "Add marker", "Marker", add_marker_fields, kf_edit_marker, "Adds a marker."),
    ED(KF_EDIT_SET_MARKER, "set_marker", "Change marker", "Marker", set_marker_fields, kf_edit_marker, "Changes a marker."),
    ED(KF_EDIT_REMOVE_MARKER, "remove_marker", "Remove marker", "Marker", remove_marker_fields, kf_edit_marker,
       "Takes a marker away."),
    ED(KF_EDIT_ADD_SEQUENCE, "add_sequence", "Add sequence", "Sequence", add_sequence_fields, kf_edit_sequence,
       "Adds an empty sequence."),
    ED(KF_EDIT_SET_SEQUENCE, "set_sequence", "Change sequence", "Sequence", set_sequence_fields, kf_edit_sequence,
       "Changes a sequence's settings or marks."),
    ED(KF_EDIT_DUPLICATE_SEQUENCE, "duplicate_sequence", "Duplicate sequence", "Sequence", duplicate_sequence_fields,
       kf_edit_sequence, "Copies a sequence."),
    ED(KF_EDIT_REMOVE_SEQUENCE, "remove_sequence", "Remove sequence", "Sequence", remove_sequence_fields, kf_edit_sequence,
       "Takes a sequence away that no clip shows."),
    ED(KF_EDIT_ADD_ASSET, "add_asset", "Add asset", "Asset", set_asset_fields, kf_edit_asset, "Adds an asset."),
    ED(KF_EDIT_SET_ASSET, "set_asset", "Change asset", "Asset", set_asset_fields, kf_edit_asset,
       "Changes an asset: its path (relinking), bin, proxy, subclips and so on."),
    ED(KF_EDIT_REMOVE_ASSET, "remove_asset", "Remove asset", "Asset", remove_asset_fields, kf_edit_asset,
       "Takes an asset away that no clip shows."),
    ED(KF_EDIT_ADD_BIN, "add_bin", "Add bin", "Asset", bin_fields, kf_edit_bin, "Adds a bin."),
    ED(KF_EDIT_RENAME_BIN, "rename_bin", "Rename bin", "Asset", rename_bin_fields, kf_edit_bin,
       "Renames or moves a bin with all in it."),
    ED(KF_EDIT_REMOVE_BIN, "remove_bin", "Remove bin", "Asset", bin_fields, kf_edit_bin, "Takes an empty bin away."),
    ED(KF_EDIT_SET_PROJECT, "set_project", "Change project", "Sequence", set_project_fields, kf_edit_project,
       "Changes the project's name, main sequence or metadata."),
};
const kf_kind_table kf_kinds_edits = {kinds, sizeof kinds / sizeof *kinds};
