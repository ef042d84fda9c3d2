/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Single objects as JSON, on one line. */
#include "model/json/writer.h"

static film_writer begin(kf_snapshot snapshot, kf_rational rate, kf_str *out)
{
    return (film_writer){.w = {.out = out, .compact = true}, .snapshot = snapshot, .rate = rate};
}

static kf_status end(const film_writer *fw, kf_error *err)
{
    if (fw->stopped) {
        return kf_fail(err, KF_ERR_INVALID, "this is damaged, or too large to be written as JSON");
    }
    return fw->w.out->failed ? kf_fail_memory(err) : KF_OK;
}

kf_status kf_asset_write_json(kf_snapshot snapshot, const kf_asset_view *asset, kf_str *out, kf_error *err)
{
    film_writer fw = begin(snapshot, (kf_rational){0}, out);
    write_asset(&fw, asset);
    return end(&fw, err);
}

kf_status kf_sequence_write_json(kf_snapshot snapshot, const kf_sequence_view *sequence, kf_str *out, kf_error *err)
{
    film_writer fw = begin(snapshot, (kf_rational){0}, out);
    write_named_sequence(&fw, sequence);
    return end(&fw, err);
}

kf_status kf_track_write_json(kf_snapshot snapshot, kf_rational rate, const kf_track_view *track, kf_str *out,
                              kf_error *err)
{
    film_writer fw = begin(snapshot, rate, out);
    write_track(&fw, track);
    return end(&fw, err);
}

kf_status kf_clip_write_json(kf_snapshot snapshot, kf_rational rate, const kf_clip_view *clip, kf_str *out,
                             kf_error *err)
{
    film_writer fw = begin(snapshot, rate, out);
    write_clip(&fw, clip);
    return end(&fw, err);
}

kf_status kf_transition_write_json(kf_snapshot snapshot, kf_rational rate, const kf_transition_view *transition, kf_str *out,
                                   kf_error *err)
{
    film_writer fw = begin(snapshot, rate, out);
    write_transition(&fw, transition);
    return end(&fw, err);
}

kf_status kf_effect_write_json(kf_snapshot snapshot, kf_rational rate, const kf_params *effect, kf_str *out, kf_error *err)
{
    film_writer fw = begin(snapshot, rate, out);
    if (!effect->kind) {
        return kf_fail(err, KF_ERR_UNSUPPORTED, "this build does not know what effect this is");
    }
    write_effect(&fw, effect);
    return end(&fw, err);
}

kf_status kf_param_write_json(kf_snapshot snapshot, kf_rational rate, const kf_params *params, int field, kf_str *out,
                              kf_error *err)
{
    film_writer fw = begin(snapshot, rate, out);
    write_param(&fw, params, field);
    return end(&fw, err);
}

kf_status kf_marker_write_json(kf_snapshot snapshot, kf_rational rate, const kf_marker *marker, kf_str *out,
                               kf_error *err)
{
    film_writer fw = begin(snapshot, rate, out);
    write_marker(&fw, marker);
    return end(&fw, err);
}
