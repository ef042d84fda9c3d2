/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is behind the content: colours, a picture or a video; and the footage below a split screen. */
#include <math.h>

#include "reel/film.h"

static const float green[4] = {0, 1, 0, 1};
static const char *const fits[] = {"cover", "contain", "stretch"};

static bool keyed(const reel *r)
{
    return r->config.video.green_screen || r->config.background.type == BACKDROP_GREENSCREEN;
}

static const kf_json *named_at(const reel *r, const char *section, const char *key)
{
    const kf_json *object = kf_json_get(r->config.root, section), *value = kf_json_get(object, key);
    return value ? value : object ? object : r->config.root;
}

kf_status reel_prepare_backdrop(reel *r)
{
    reel_background_settings *b = &r->config.background;
    const kf_json *url = named_at(r, "backgroundSettings", "backgroundUrl");
    bool pictured = !keyed(r) && (b->type == BACKDROP_IMAGE || b->type == BACKDROP_VIDEO);
    const char *footage = *r->config.video.footage ? r->config.video.footage : b->url;
    r->backdrop = r->footage = -1;
    if (pictured && !*b->url) {
        return REEL_FAIL(r, url, "a background of this type needs a \"backgroundUrl\"");
    }
    kf_status status = pictured ? reel_picture_get(r, url, b->url, &r->backdrop) : KF_OK;
    if (status != KF_OK || !r->config.video.brainrot) {
        return status;
    }
    const kf_json *named = *r->config.video.footage ? named_at(r, "videoSettings", "footageUrl") : url;
    if (!*footage) {
        return REEL_FAIL(r, named_at(r, "videoSettings", "brainrotMode"), "needs a \"footageUrl\" to show below");
    }
    status = reel_picture_get(r, named, footage, &r->footage);
    if (r->footage == r->backdrop) { /* it shows below, and the chat has the template's background */
        r->backdrop = -1;
        b->type = b->type == BACKDROP_COLOR ? BACKDROP_COLOR : BACKDROP_GRADIENT;
    }
    return status;
}

/* ---- Pictures and videos ---- */

/* A clip as long as the film: a picture, or a video that loops, or whose last frame stays. */
static void write_picture(reel *r, const char *name, int32_t asset, bool loop, const char *fit, reel_box box)
{
    const kf_media_facts *f = &r->assets[asset].facts;
    bool still = f->still || f->duration <= 0;
    kf_time length = still || f->duration >= r->duration || loop ? r->duration : f->duration;
    film_asset_begin(r, name, asset, (reel_span){0, length});
    if (!still && f->duration < r->duration && loop) {
        kf_json_put_bool(&r->w, "loop", true);
    }
    kf_json_put_bool(&r->w, "audio", false);
    film_fit(r, fit, box);
}

/* What is left once a video has ended: its last frame. */
static void write_last_frame(reel *r, const char *name, int32_t asset, const char *fit, reel_box box)
{
    const kf_media_facts *f = &r->assets[asset].facts;
    kf_time frame = f->rate.num > 0 ? kf_frame_start(1, f->rate) : KF_SECOND / 25;
    film_asset_begin(r, name, asset, (reel_span){f->duration, r->duration - f->duration});
    film_time(r, "freeze", f->duration > frame ? f->duration - frame : 0);
    film_fit(r, fit, box);
}

static void write_look(reel *r)
{
    const reel_background_settings *b = &r->config.background;
    film_opacity(r, (double)b->opacity / 100);
    if (b->blur > 0 && r->backdrop >= 0) {
        kf_json_key(&r->w, "effects");
        kf_json_begin_array(&r->w);
        kf_json_begin_object(&r->w);
        kf_json_put_string(&r->w, "effect", "blur");
        kf_json_put_number(&r->w, "radius", (double)b->blur * r->unit);
        kf_json_put_string(&r->w, "edge", "clamp");
        kf_json_end_object(&r->w);
        kf_json_end_array(&r->w);
    }
}

static void write_pictured(reel *r)
{
    const reel_background_settings *b = &r->config.background;
    reel_box whole = {0, 0, r->width, r->height};
    write_picture(r, "background", r->backdrop, b->loop, fits[b->fit], whole);
    write_look(r);
    film_clip_end(r);
    const kf_media_facts *f = &r->assets[r->backdrop].facts;
    if (!b->loop && !f->still && f->duration > 0 && f->duration < r->duration) {
        write_last_frame(r, "background", r->backdrop, fits[b->fit], whole);
        write_look(r);
        film_clip_end(r);
    }
}

/* ---- Colours ---- */

static void write_solid(reel *r, const float color[4])
{
    film_generator_begin(r, "background", "solid", (reel_span){0, r->duration});
    film_color(r, "color", color);
    film_params_end(r);
    write_look(r);
    film_clip_end(r);
}

static void write_gradient(reel *r)
{
    const reel_background_settings *b = &r->config.background;
    bool own = b->gradient.count > 0;
    film_generator_begin(r, "background", "gradient", (reel_span){0, r->duration});
    kf_json_put_number(&r->w, "angle", (double)(own ? b->angle : r->angle));
    film_stops(r, own ? &b->gradient : &r->ground);
    film_params_end(r);
    write_look(r);
    film_clip_end(r);
}

static void write_color(reel *r)
{
    const float *own = r->config.background.color;
    write_solid(r, isnan(own[0]) ? r->ground.s[0].color : own);
}

static void write_footage(reel *r)
{
    reel_box below = {0, r->area.h, r->width, r->height - r->area.h};
    film_track_begin(r, "footage", false);
    film_clips_begin(r);
    write_picture(r, "footage", r->footage, true, "cover", below);
    film_clip_end(r);
    film_track_end(r);
}

void reel_write_backdrop(reel *r)
{
    film_track_begin(r, "background", false);
    film_clips_begin(r);
    if (keyed(r)) {
        write_solid(r, green);
    } else if (r->backdrop >= 0) {
        write_pictured(r);
    } else if (r->config.background.type == BACKDROP_COLOR) {
        write_color(r);
    } else {
        write_gradient(r);
    }
    film_track_end(r);
    if (r->footage >= 0) {
        write_footage(r);
    }
}
