/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "catalog/internal.h"

static const char *const law_names[] = {"balance", "power", NULL};

static const kf_field gain_fields[] = {KF_NUM(kf_afx_gain, gain, -144, 48, 0, "dB", "Gain.")};
static const kf_field eq_fields[] = {
    KF_NUM(kf_afx_eq, low_frequency, 10, 20000, 100, "Hz", "Low shelf: corner."),
    KF_NUM(kf_afx_eq, low_gain, -48, 48, 0, "dB", "Low shelf: gain."),
    KF_NUM(kf_afx_eq, peak1_frequency, 10, 20000, 300, "Hz", "First peak: centre."),
    KF_NUM(kf_afx_eq, peak1_gain, -48, 48, 0, "dB", "First peak: gain."),
    KF_NUM(kf_afx_eq, peak1_q, 0.1, 40, 1, "", "First peak: quality."),
    KF_NUM(kf_afx_eq, peak2_frequency, 10, 20000, 1000, "Hz", "Second peak: centre."),
    KF_NUM(kf_afx_eq, peak2_gain, -48, 48, 0, "dB", "Second peak: gain."),
    KF_NUM(kf_afx_eq, peak2_q, 0.1, 40, 1, "", "Second peak: quality."),
    KF_NUM(kf_afx_eq, peak3_frequency, 10, 20000, 4000, "Hz", "Third peak: centre."),
    KF_NUM(kf_afx_eq, peak3_gain, -48, 48, 0, "dB", "Third peak: gain."),
    KF_NUM(kf_afx_eq, peak3_q, 0.1, 40, 1, "", "Third peak: quality."),
    KF_NUM(kf_afx_eq, high_frequency, 10, 20000, 10000, "Hz", "High shelf: corner."),
    KF_NUM(kf_afx_eq, high_gain, -48, 48, 0, "dB", "High shelf: gain."),
    KF_NUM(kf_afx_eq, low_cut, 0, 20000, 0, "Hz", "Removes what is below; 0 is off."),
    KF_NUM(kf_afx_eq, high_cut, 0, 24000, 0, "Hz", "Removes what is above; 0 is off."),
};
static const kf_field pan_fields[] = {
    KF_NUM(kf_afx_pan, pan, -1, 1, 0, "", "-1 is left, 1 is right."),
    KF_ENUM(kf_afx_pan, law, law_names, 0, "balance lowers the far side, power moves at constant power."),
};
static const kf_field compressor_fields[] = {
    KF_NUM(kf_afx_compressor, threshold, -80, 0, -18, "dB", "Level from which it works."),
    KF_NUM(kf_afx_compressor, ratio, 1, 100, 3, "", "Input change per output change above the threshold."),
    KF_NUM(kf_afx_compressor, knee, 0, 40, 6, "dB", "Width of the soft knee."),
    KF_NUM(kf_afx_compressor, attack, 0.01, 1000, 10, "ms", "How fast it closes."),
    KF_NUM(kf_afx_compressor, release, 1, 5000, 150, "ms", "How fast it opens."),
    KF_NUM(kf_afx_compressor, makeup, -24, 48, 0, "dB", "Gain afterwards."),
    KF_NUM(kf_afx_compressor, mix, 0, 1, 1, "", "How much of the compressed sound is heard."),
};
static const kf_field duck_fields[] = {
    KF_TEXT(kf_afx_duck, sidechain, "", "Name of the track that is listened to."),
    KF_NUM(kf_afx_duck, threshold, -80, 0, -40, "dB", "Level of that track from which this one ducks."),
    KF_NUM(kf_afx_duck, amount, -60, 0, -12, "dB", "Gain while ducked."),
    KF_NUM(kf_afx_duck, attack, 1, 5000, 100, "ms", "How fast it goes down."),
    KF_NUM(kf_afx_duck, hold, 0, 5000, 300, "ms", "How long it stays down."),
    KF_NUM(kf_afx_duck, release, 1, 10000, 600, "ms", "How fast it comes back."),
    KF_NUM(kf_afx_duck, look_ahead, 0, 1000, 100, "ms", "How much earlier it goes down."),
};
static const kf_field gate_fields[] = {
    KF_NUM(kf_afx_gate, threshold, -100, 0, -45, "dB", "Level below which it closes."),
    KF_NUM(kf_afx_gate, hysteresis, 0, 24, 3, "dB", "How far above the threshold it opens."),
    KF_NUM(kf_afx_gate, range, -144, 0, -60, "dB", "Gain when closed."),
    KF_NUM(kf_afx_gate, attack, 0.01, 1000, 2, "ms", "How fast it opens."),
    KF_NUM(kf_afx_gate, hold, 0, 5000, 50, "ms", "How long it stays open."),
    KF_NUM(kf_afx_gate, release, 1, 5000, 120, "ms", "How fast it closes."),
};
static const kf_field delay_fields[] = {
    KF_NUM(kf_afx_delay, time, 1, 5000, 300, "ms", "Time between echoes."),
    KF_NUM(kf_afx_delay, feedback, 0, 0.98, 0.35, "", "How much of an echo comes again."),
    KF_NUM(kf_afx_delay, low_pass, 0, 20000, 6000, "Hz", "Each echo loses what is above; 0 is off."),
    KF_NUM(kf_afx_delay, mix, 0, 1, 0.3, "", "Share of echoes."),
    KF_BOOL(kf_afx_delay, ping_pong, 0, "Echoes change sides."),
};
static const kf_field reverb_fields[] = {
    KF_NUM(kf_afx_reverb, decay, 0.1, 30, 1.5, "s", "Time until it has faded by 60 dB."),
    KF_NUM(kf_afx_reverb, pre_delay, 0, 500, 20, "ms", "Time before it starts."),
    KF_NUM(kf_afx_reverb, damping, 0, 1, 0.4, "", "How much faster highs fade."),
    KF_NUM(kf_afx_reverb, size, 0, 1, 0.6, "", "Size of the room."),
    KF_NUM(kf_afx_reverb, width, 0, 1, 1, "", "Stereo width."),
    KF_NUM(kf_afx_reverb, wet, 0, 1, 0.25, "", "Share of reverberation."),
    KF_NUM(kf_afx_reverb, dry, 0, 1, 1, "", "Share of the sound itself."),
};
static const kf_field limiter_fields[] = {
    KF_NUM(kf_afx_limiter, ceiling, -24, 0, -1, "dBTP", "True peak that is not passed."),
    KF_NUM(kf_afx_limiter, look_ahead, 0.5, 20, 5, "ms", "How far it sees."),
    KF_NUM(kf_afx_limiter, release, 1, 5000, 100, "ms", "How fast it lets go."),
    KF_NUM(kf_afx_limiter, input, -24, 48, 0, "dB", "Gain before it."),
};
static const kf_field loudness_fields[] = {
    KF_NUM(kf_afx_loudness_normalize, target, -70, 0, -14, "LUFS", "Integrated loudness of the whole film."),
    KF_NUM(kf_afx_loudness_normalize, ceiling, -24, 0, -1, "dBTP", "True peak that is not passed."),
};

#define AFX(id, name, label, category, fields, type, help) \
    KF_KIND(id, KF_CLASS_AUDIO_EFFECT, name, label, category, fields, type, help)

static const kf_kind kinds[] = {
    AFX(KF_AFX_GAIN, "gain", "Gain", "Level", gain_fields, kf_afx_gain, "Louder or quieter."),
    AFX(KF_AFX_EQ, "eq", "Equaliser", "Tone", eq_fields, kf_afx_eq, "Shelves, three peaks and cuts."),
    AFX(KF_AFX_PAN, "pan", "Pan", "Level", pan_fields, kf_afx_pan, "Left and right."),
    AFX(KF_AFX_COMPRESSOR, "compressor", "Compressor", "Dynamics", compressor_fields, kf_afx_compressor,
        "Evens out levels."),
    AFX(KF_AFX_DUCK, "duck", "Duck", "Dynamics", duck_fields, kf_afx_duck, "Goes down while another track is heard."),
    AFX(KF_AFX_GATE, "gate", "Gate", "Dynamics", gate_fields, kf_afx_gate, "Closes when it is quiet."),
    AFX(KF_AFX_DELAY, "delay", "Delay", "Space", delay_fields, kf_afx_delay, "Echoes."),
    AFX(KF_AFX_REVERB, "reverb", "Reverb", "Space", reverb_fields, kf_afx_reverb, "A room."),
    AFX(KF_AFX_LIMITER, "limiter", "Limiter", "Dynamics", limiter_fields, kf_afx_limiter,
        "True-peak limiter that looks ahead."),
    AFX(KF_AFX_LOUDNESS_NORMALIZE, "loudness_normalize", "Loudness", "Level", loudness_fields,
        kf_afx_loudness_normalize,
        "Brings the film to a loudness (EBU R 128); only on the master."),
};
const kf_kind_table kf_kinds_audio = {kinds, sizeof kinds / sizeof *kinds};
