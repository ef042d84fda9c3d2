/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The keys of a film's objects. A new key is a member of a draft, a row here, and its use where the draft becomes a
 * node. */
#include "model/json/reader.h"

#define HOUR 3600.0
#define LONGEST (1000 * HOUR)

uint8_t color_code(const char *const *names, const uint8_t *codes, int32_t choice, uint8_t otherwise)
{
    return choice >= 0 && names[choice] ? codes[choice] : otherwise;
}

static const char *const deinterlace_names[] = {"auto", "on", "off", NULL};
static const char *const alpha_names[] = {"auto", "straight", "premultiplied", "ignore", NULL};
static const char *const working_names[] = {"display", "linear", NULL};
static const char *const proxy_names[] = {"queued", "building", "ready", "failed", "offline", NULL};
static const char *const track_names[] = {"video", "audio", NULL};
static const char *const matte_names[] = {"alpha", "luma", NULL};
static const char *const align_names[] = {"center", "start", "end", NULL};
static const char *const interp_names[] = {"hold", "linear", "bezier", "ease", "ease_in", "ease_out", NULL};

#define KEY(T, m, type, help) {#m, type, offsetof(T, m), 0, 0, NULL, NULL, help}
#define KEY_RANGE(T, m, type, lo, hi, help) {#m, type, offsetof(T, m), lo, hi, NULL, NULL, help}
#define KEY_NAMES(T, m, names, help) {#m, KEY_CHOICE, offsetof(T, m), 0, 0, names, NULL, help}
#define KEY_FORM(T, m, form, help) {#m, KEY_VALUE, offsetof(T, m), 0, 0, NULL, form, help}
#define KEY_METADATA(T) KEY_FORM(T, metadata, "metadata", "Anything, kept as it is.")
#define KEY_LABEL(T) KEY(T, label, KEY_TEXT, "A label, such as a colour's name.")
#define MOST_ID 9007199254740991.0
#define OBJECT(name, keys, kind0, kind1, help) \
    { \
        name, keys, (int)(sizeof keys / sizeof *keys), {kind0, kind1}, help, false, NULL \
    }

static const json_key film_keys[] = {
    {"kerf", KEY_INT, offsetof(film_draft, version), 1, 1e9, NULL, NULL, "Version of the format: 1."},
    {"$schema", KEY_TEXT, offsetof(film_draft, schema), 0, 0, NULL, NULL, "For editors; not looked at."},
    KEY(film_draft, name, KEY_TEXT, "Name of the project."),
    KEY_FORM(film_draft, assets, "assets", "Media by their ids: a path, or an object."),
    KEY(film_draft, main, KEY_TEXT, "Id of the sequence that is rendered; the first if not given."),
    KEY_FORM(film_draft, sequences, "sequences",
             "The sequences; a film with one may have its keys at the top instead."),
    KEY_FORM(film_draft, bins, "bins", "Bins of the project, such as \"Interviews/Day 1\"."),
    KEY_METADATA(film_draft),
};
const json_object object_film = OBJECT("film", film_keys, 0, 0, "A film.");

static const json_key asset_keys[] = {
    KEY(asset_draft, path, KEY_TEXT, "File, relative to the film's folder; with %04d a numbered sequence of pictures."),
    KEY(asset_draft, name, KEY_TEXT, "Name to show."),
    KEY(asset_draft, rate, KEY_RATE, "Frames per second of a numbered sequence of pictures."),
    KEY_FORM(asset_draft, color, "color_description", "What to believe instead of what the file says of its colour."),
    KEY_NAMES(asset_draft, deinterlace, deinterlace_names, "auto: when the file says it is interlaced."),
    KEY_NAMES(asset_draft, alpha, alpha_names, "How the file's alpha is to be understood."),
    KEY(asset_draft, offline, KEY_BOOL, "Known to be missing; then it needs no path."),
    KEY_FORM(asset_draft, timecode, "source_timecode", "Label of the media's first frame."),
    KEY(asset_draft, reel, KEY_TEXT, "Reel or tape that it comes from."),
    KEY_FORM(asset_draft, media, "media", "What was last known of the file."),
    KEY_FORM(asset_draft, proxy, "proxy", "A smaller file to edit with."),
    KEY_FORM(asset_draft, markers, "markers", "Markers, in times of the media."),
    KEY_FORM(asset_draft, subclips, "subclips", "Parts with names of their own."),
    KEY(asset_draft, bin, KEY_TEXT, "Bin that it is in."),
    KEY_LABEL(asset_draft),
    KEY_METADATA(asset_draft),
};
const json_object object_asset = OBJECT("asset", asset_keys, 0, 0, "A media file.");

static const json_key timecode_keys[] = {
    KEY_FORM(timecode_draft, start, "timecode_label", "Label of the first frame: \"01:00:00:00\", or a frame count."),
    KEY(timecode_draft, rate, KEY_RATE, "Frames per second that it counts at."),
    KEY(timecode_draft, drop_frame, KEY_BOOL, "Drop-frame timecode (29.97 and 59.94 only)."),
};
const json_object object_timecode = OBJECT("source_timecode", timecode_keys, 0, 0, "Timecode of a media file.");

static const json_key media_keys[] = {
    KEY(media_draft, video, KEY_BOOL, "It has pictures; default: if a size is given."),
    KEY(media_draft, audio, KEY_BOOL, "It has sound; default false."),
    KEY(media_draft, still, KEY_BOOL, "It is one picture."),
    KEY_RANGE(media_draft, duration, KEY_TIME, 0, LONGEST, "Of its longest stream."),
    KEY_FORM(media_draft, size, "size", "[width, height] in pixels, as shown."),
    KEY(media_draft, rate, KEY_RATE, "Frames per second."),
    KEY_RANGE(media_draft, bytes, KEY_INT, 0, MOST_ID, "Size of the file."),
    KEY(media_draft, hash, KEY_TEXT, "XXH64 of the file, 16 hexadecimal digits."),
};
const json_object object_media = OBJECT("media", media_keys, 0, 0, "What was last known of a media file.");

static const json_key proxy_keys[] = {
    KEY(proxy_draft, path, KEY_TEXT, "File, relative to the film's folder."),
    KEY_NAMES(proxy_draft, state, proxy_names, "How far it is; default ready."),
    KEY(proxy_draft, use, KEY_BOOL, "Editors show it in place of the media."),
};
const json_object object_proxy = OBJECT("proxy", proxy_keys, 0, 0, "A smaller file to edit with.");

static const json_key subclip_keys[] = {
    KEY(subclip_draft, name, KEY_TEXT, "Name."),
    KEY_RANGE(subclip_draft, in, KEY_TIME, -LONGEST, LONGEST, "First source time; default 0."),
    KEY_RANGE(subclip_draft, out, KEY_TIME, -LONGEST, LONGEST, "End of the source range."),
    KEY_LABEL(subclip_draft),
    KEY(subclip_draft, bin, KEY_TEXT, "Bin that it is in."),
    KEY_METADATA(subclip_draft),
};
const json_object object_subclip = OBJECT("subclip", subclip_keys, 0, 0, "A part of a media file.");

static const json_key color_keys[] = {
    KEY_NAMES(color_draft, matrix, kf_matrix_names, "Matrix of Y'CbCr."),
    KEY_NAMES(color_draft, primaries, kf_primaries_names, "Primaries."),
    KEY_NAMES(color_draft, transfer, kf_transfer_names, "Transfer function."),
    KEY_NAMES(color_draft, range, kf_range_names, "Range of codes."),
};
const json_object object_color = OBJECT("color_description", color_keys, 0, 0, "A colour description.");

static const json_key sequence_keys[] = {
    KEY(sequence_draft, id, KEY_TEXT, "What clips and \"main\" refer to; unique."),
    KEY(sequence_draft, name, KEY_TEXT, "Name to show."),
    KEY_FORM(sequence_draft, size, "size", "[width, height] in pixels; that of the first clip's media if not given."),
    KEY_FORM(sequence_draft, pixel_aspect, "ratio", "Width of a pixel to its height; 1 if not given."),
    KEY(sequence_draft, rate, KEY_RATE, "Frames per second; that of the first clip's media if not given."),
    KEY_RANGE(sequence_draft, sample_rate, KEY_INT, 8000, 192000, "Samples per second of its sound; default 48000."),
    KEY_RANGE(sequence_draft, channels, KEY_INT, 1, 8, "Channels of its sound; default 2."),
    KEY_NAMES(sequence_draft, working, working_names, "Light in which layers are mixed; default display."),
    KEY_FORM(sequence_draft, color, "color_description", "Colour of what is rendered; default BT.709."),
    KEY(sequence_draft, background, KEY_COLOR, "Colour under all tracks; default black."),
    KEY(sequence_draft, start_timecode, KEY_TEXT, "Label of the first frame: \"01:00:00:00\"."),
    KEY(sequence_draft, drop_frame, KEY_BOOL, "Labels frames in drop-frame timecode (29.97 and 59.94 only)."),
    KEY_RANGE(sequence_draft, master_gain, KEY_NUMBER, -144, 48, "Gain of all sound, dB."),
    KEY(sequence_draft, limiter, KEY_BOOL, "True-peak limiter on all sound; default true."),
    KEY_RANGE(sequence_draft, loudness, KEY_NUMBER, -70, 0, "Loudness to bring the sound to, LUFS."),
    KEY_FORM(sequence_draft, audio_effects, "audio_effects", "Effects on all sound."),
    KEY_FORM(sequence_draft, markers, "markers", "Markers."),
    KEY_FORM(sequence_draft, mark_in, "time", "In point that editors show."),
    KEY_FORM(sequence_draft, mark_out, "time", "Out point that editors show."),
    KEY(sequence_draft, multicam, KEY_BOOL, "Its video tracks are angles, numbered from 1 at the bottom."),
    KEY(sequence_draft, bin, KEY_TEXT, "Bin that it is in."),
    KEY_LABEL(sequence_draft),
    KEY_METADATA(sequence_draft),
    KEY_FORM(sequence_draft, tracks, "tracks", "The tracks, bottom to top."),
};
const json_object object_sequence = OBJECT("sequence", sequence_keys, 0, 0, "A sequence.");

const json_object object_short_film = {
    "film", film_keys, sizeof film_keys / sizeof *film_keys, {0}, "A film of one sequence.", false, &object_sequence};
const json_object object_short_sequence = {
    "sequence", sequence_keys, sizeof sequence_keys / sizeof *sequence_keys, {0}, "Its sequence.", false, &object_film};

static const json_key track_keys[] = {
    KEY_RANGE(track_draft, id, KEY_INT, 1, MOST_ID, "Number of the track, kept when written back."),
    KEY_NAMES(track_draft, kind, track_names, "What it holds; default video."),
    KEY(track_draft, name, KEY_TEXT, "Name to show."),
    KEY(track_draft, mute, KEY_BOOL, "Its sound is not heard."),
    KEY(track_draft, hide, KEY_BOOL, "Its picture is not shown."),
    KEY(track_draft, lock, KEY_BOOL, "Editors leave it alone."),
    KEY(track_draft, solo, KEY_BOOL, "Only solo tracks are heard."),
    KEY(track_draft, sync_lock, KEY_BOOL, "Stays in step when other tracks ripple; default true."),
    KEY(track_draft, target, KEY_BOOL, "Where edits go that name no track."),
    KEY_NAMES(track_draft, matte, matte_names, "The video track above cuts this one out, and is not shown itself."),
    KEY(track_draft, matte_invert, KEY_BOOL, "Shows what the matte would hide."),
    KEY_FORM(track_draft, effects, "effects", "Effects on the track's picture."),
    KEY_FORM(track_draft, audio_effects, "audio_effects", "Effects on the track's sound."),
    KEY_LABEL(track_draft),
    KEY_METADATA(track_draft),
    KEY_FORM(track_draft, clips, "clips", "Clips, gaps and transitions, one after another."),
};
const json_object object_track = OBJECT("track", track_keys, KF_PROP_TRACK_VIDEO, KF_PROP_TRACK_AUDIO, "A track.");

static const json_key clip_keys[] = {
    KEY_RANGE(clip_draft, id, KEY_INT, 1, MOST_ID, "Number of the clip, kept when written back."),
    KEY(clip_draft, asset, KEY_TEXT, "Id of the asset it shows."),
    KEY(clip_draft, generator, KEY_TEXT, "Name of the generator it shows."),
    KEY(clip_draft, sequence, KEY_TEXT, "Id of the sequence it shows."),
    KEY(clip_draft, adjustment, KEY_BOOL, "Shows nothing itself: its effects apply to all below."),
    KEY_RANGE(clip_draft, stream, KEY_INT, 0, 1000, "Which video stream of the asset; the best if not given."),
    KEY_RANGE(clip_draft, audio_stream, KEY_INT, 0, 1000, "Which audio stream of the asset; the best if not given."),
    KEY_RANGE(clip_draft, start, KEY_TIME, 0, LONGEST, "Where it begins; a gap is put before it if needed."),
    KEY_RANGE(clip_draft, in, KEY_TIME, -LONGEST, LONGEST, "First source time; default 0."),
    KEY_RANGE(clip_draft, out, KEY_TIME, -LONGEST, LONGEST, "End of the source range."),
    KEY_RANGE(clip_draft, duration, KEY_TIME, 0, LONGEST, "Length on the timeline."),
    KEY_FORM(clip_draft, speed, "ratio", "Source time per time: a number or \"1/2\"; negative plays backwards."),
    KEY(clip_draft, reverse, KEY_BOOL, "Plays backwards."),
    KEY_RANGE(clip_draft, freeze, KEY_TIME, -LONGEST, LONGEST, "Source time of the one picture shown."),
    KEY_FORM(clip_draft, remap, "remap", "Source time over clip time, in place of a speed."),
    KEY(clip_draft, loop, KEY_BOOL, "in..out (or the whole media) repeats."),
    KEY(clip_draft, enabled, KEY_BOOL, "false: as if there were a gap."),
    KEY(clip_draft, audio, KEY_BOOL, "Whether a clip of a video track is heard; default true."),
    KEY_FORM(clip_draft, transform, "transform", "Where and how large."),
    KEY_FORM(clip_draft, params, "params", "Parameters of the generator."),
    KEY_FORM(clip_draft, effects, "effects", "Effects on its picture."),
    KEY_FORM(clip_draft, audio_effects, "audio_effects", "Effects on its sound."),
    KEY_FORM(clip_draft, markers, "markers", "Markers, in times of the clip."),
    KEY(clip_draft, name, KEY_TEXT, "Name to show."),
    KEY_LABEL(clip_draft),
    KEY(clip_draft, color, KEY_COLOR, "Colour to show it in."),
    KEY_RANGE(clip_draft, link, KEY_INT, 1, MOST_ID, "Clips of a sequence with the same number are linked."),
    KEY_RANGE(clip_draft, group, KEY_INT, 1, MOST_ID, "Clips of a sequence with the same number are a group."),
    KEY_RANGE(clip_draft, angle, KEY_INT, 0, KF_MODEL_MAX_ANGLE,
              "Of a multicam sequence: the only video track shown, 1 at the bottom; 0: all."),
    KEY_RANGE(clip_draft, audio_angle, KEY_INT, 0, KF_MODEL_MAX_ANGLE,
              "Of a multicam sequence: the only video track heard; 0: all tracks."),
    KEY_METADATA(clip_draft),
};
const json_object object_clip = OBJECT("clip", clip_keys, KF_PROP_CLIP_VIDEO, KF_PROP_CLIP_AUDIO, "A clip.");

static const json_key gap_keys[] = {
    KEY_RANGE(gap_draft, gap, KEY_TIME, 0, LONGEST, "Length of the gap."),
    KEY(gap_draft, name, KEY_TEXT, "Name to show."),
    KEY_METADATA(gap_draft),
};
const json_object object_gap = OBJECT("gap", gap_keys, 0, 0, "Nothing, for a while.");

static const json_key transition_keys[] = {
    KEY_RANGE(transition_draft, id, KEY_INT, 1, MOST_ID,
              "Number of the transition, kept when written back."),
    KEY(transition_draft, transition, KEY_TEXT, "Name of the transition."),
    KEY_RANGE(transition_draft, duration, KEY_TIME, 0, LONGEST, "Length."),
    KEY_NAMES(transition_draft, align, align_names, "Where it lies: start begins at the cut, end ends there."),
    KEY_RANGE(transition_draft, before, KEY_TIME, 0, LONGEST, "In place of align: how much of it lies before the cut."),
    KEY(transition_draft, name, KEY_TEXT, "Name to show."),
    KEY_METADATA(transition_draft),
};
const json_object object_transition = {
    "transition", transition_keys,          sizeof transition_keys / sizeof *transition_keys,
    {0},          "A transition at a cut.", true,
    NULL};

static const json_key effect_keys[] = {
    KEY(effect_draft, effect, KEY_TEXT, "Name of the effect."),
    KEY(effect_draft, name, KEY_TEXT, "Name to show."),
    KEY(effect_draft, enabled, KEY_BOOL, "false: switched off."),
};
const json_object object_effect = {"effect", effect_keys, sizeof effect_keys / sizeof *effect_keys, {0},
                                   "An effect; its parameters stand beside these keys.", true, NULL};

static const json_key marker_keys[] = {
    KEY_RANGE(marker_draft, id, KEY_INT, 1, MOST_ID, "Number of the marker, kept when written back."),
    KEY_RANGE(marker_draft, time, KEY_TIME, -LONGEST, LONGEST, "Where it is; in clips maybe before the start."),
    KEY_RANGE(marker_draft, duration, KEY_TIME, 0, LONGEST, "Its length; a point if not given."),
    KEY(marker_draft, name, KEY_TEXT, "Name."),
    KEY(marker_draft, note, KEY_TEXT, "Note."),
    KEY(marker_draft, kind, KEY_TEXT, "comment (default), chapter, todo, ..."),
    KEY(marker_draft, color, KEY_COLOR, "Colour to show it in."),
    KEY_METADATA(marker_draft),
};
const json_object object_marker = OBJECT("marker", marker_keys, 0, 0, "A marker.");

static const json_key remap_keys[] = {
    KEY_RANGE(remap_draft, t, KEY_TIME, -LONGEST, LONGEST, "Time of the clip."),
    KEY_RANGE(remap_draft, source, KEY_TIME, -LONGEST, LONGEST, "Source time there."),
    KEY_NAMES(remap_draft, interp, interp_names, "Way to the next key; default linear."),
    KEY_FORM(remap_draft, bezier, "bezier", "Control points [x1, y1, x2, y2] as in CSS."),
};
const json_object object_remap = OBJECT("remap_key", remap_keys, 0, 0, "A key of a time remap.");

static const json_key key_keys[] = {
    KEY_RANGE(key_draft, t, KEY_TIME, -LONGEST, LONGEST, "Time of the clip; of tracks and sequences: of the sequence."),
    KEY_FORM(key_draft, v, "any", "Value there."),
    KEY_NAMES(key_draft, interp, interp_names, "Way to the next key; default linear."),
    KEY_FORM(key_draft, bezier, "bezier", "Control points [x1, y1, x2, y2] as in CSS."),
};
const json_object object_key = OBJECT("keyframe", key_keys, 0, 0, "A keyframe.");

const json_object *const json_objects[] = {
    &object_film, &object_asset, &object_color, &object_timecode, &object_media, &object_proxy, &object_subclip,
    &object_sequence, &object_track, &object_clip, &object_gap, &object_transition, &object_effect, &object_marker,
    &object_remap, &object_key, NULL};
