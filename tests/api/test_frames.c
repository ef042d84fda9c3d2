/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pictures in a program's own memory (kerf/frames.h). */
#include "api_util.h"
#include "kerf/frames.h"

enum { W = 322, H = 182 };

static kf_film_handle *open_film(const char *quoted)
{
    kf_film_handle *film = NULL;
    char *text = strdup(quoted);
    for (char *c = text; *c; c++) *c = *c == '\'' ? '"' : *c;
    if (kf_film_open_json(text, strlen(text), "film", (util_path(""), util_folder), &film, &api_error) != KF_OK)
        printf("# %s\n", api_error.message);
    free(text);
    return film;
}

static uint8_t *film_pixels(const char *quoted, kf_pixel_layout layout)
{
    kf_film_handle *film = open_film(quoted);
    uint8_t *bytes = calloc(1, kf_pixels_size(layout, W, H));
    kf_pixels out = kf_pixels_in(layout, W, H, bytes);
    kf_status status = film ? kf_render_pixels(film, 0, NULL, &out, &api_error) : KF_ERR_INVALID;
    CHECK_MSG(status == KF_OK, "%s", api_error.message);
    kf_film_close(film);
    return bytes;
}

static kf_frame_processor *processor(const char *quoted, int threads)
{
    kf_frame_processor_params p = kf_frame_processor_params_default();
    kf_frame_processor *out = NULL;
    char *text = strdup(quoted);
    for (char *c = text; *c; c++) *c = *c == '\'' ? '"' : *c;
    p.effects = text;
    p.width = W;
    p.height = H;
    p.threads = threads;
    kf_status status = kf_frame_processor_create(&p, &out, &api_error);
    CHECK_MSG((status == KF_OK) == (out != NULL), "%s", api_error.message);
    free(text);
    return out;
}

static const char *refusal(const char *effects)
{
    api_error.message[0] = 0;
    kf_frame_processor *p = processor(effects, 1);
    CHECK(!p);
    kf_frame_processor_destroy(p);
    return api_error.message;
}

/* ---- Pixels ---- */

TEST(lays_out_planes)
{
    uint8_t b[1000];
    CHECK_INT(kf_pixels_size(KF_PIXELS_RGBA8, 7, 5), 140);
    CHECK_INT(kf_pixels_size(KF_PIXELS_RGB24, 7, 5), 105);
    CHECK_INT(kf_pixels_size(KF_PIXELS_I420, 7, 5), 35 + 2 * 12);
    CHECK_INT(kf_pixels_size(KF_PIXELS_NV12, 7, 5), 35 + 24);
    CHECK_INT(kf_pixels_size(KF_PIXELS_NV12, 0, 5), 0);
    CHECK_INT(kf_pixels_size((kf_pixel_layout)9, 7, 5), 0);
    kf_pixels p = kf_pixels_in(KF_PIXELS_I420, 7, 5, b);
    CHECK(p.plane[0] == b && p.plane[1] == b + 35 && p.plane[2] == b + 47 && p.stride[0] == 7 && p.stride[2] == 4);
    kf_pixel_layout layout;
    CHECK(kf_pixel_layout_find("nv12", &layout) && layout == KF_PIXELS_NV12 && !kf_pixel_layout_find("yuv9", &layout));
}

static int keep_bytes(void *context, const uint8_t *bytes, size_t length)
{
    FILE *f = context;
    return fwrite(bytes, 1, length, f) == length ? 0 : 5;
}

static void write_picture(const kf_pixels *p, const char *format, const char *name)
{
    FILE *f = fopen(util_path(name), "wb");
    REQUIRE(f);
    CHECK_INT(kf_pixels_encode(p, format, keep_bytes, f, &api_error), KF_OK);
    fclose(f);
}

TEST(encodes_pictures)
{
    size_t size = kf_pixels_size(KF_PIXELS_RGBA8, W, H);
    uint8_t *in = malloc(size);
    for (size_t i = 0; i < size; i++) in[i] = (uint8_t)(i % 4 == 3 ? 7 : i / 11);
    kf_pixels p = kf_pixels_in(KF_PIXELS_RGBA8, W, H, in);
    p.opaque = true;
    write_picture(&p, "png", "enc.png");
    write_picture(&p, "jpg", "enc.jpg");
    uint8_t *back = film_pixels("{'kerf':1,'assets':{'a':'enc.png'},'size':[322,182],'tracks':[{'clips':[{'asset':'a',"
                                "'duration':1}]}]}", KF_PIXELS_RGBA8);
    size_t wrong = 0;
    for (size_t i = 0; i < size; i += 4) wrong += memcmp(in + i, back + i, 3) != 0 || back[i + 3] != 255;
    CHECK_INT(wrong, 0);
    CHECK_INT(kf_pixels_encode(&p, "tif", keep_bytes, stdout, &api_error), KF_ERR_INVALID);
    free(in);
    free(back);
}

/* ---- What a film gives ---- */

static const char chain[] =
    "{'effect':'brightness_contrast','brightness':0.1,'contrast':1.3},{'effect':'curves','master':[[0,0.1],[1,0.9]]},"
    "{'effect':'sharpen','amount':1},{'effect':'blur','radius':3}";

static void compare_with_film(const char *asset, kf_pixel_layout layout, bool opaque, int threads)
{
    char film[2048], list[1024];
    snprintf(film, sizeof film, "{'kerf':1,'assets':{'a':'%s'},'size':[%d,%d],'rate':25,'background':[0,0,0,0],'tracks':[{'clips':["
             "{'asset':'a','duration':0.2}]}]}", asset, W, H);
    uint8_t *plain = film_pixels(film, layout);
    snprintf(film, sizeof film, "{'kerf':1,'assets':{'a':'%s'},'size':[%d,%d],'rate':25,'background':[0,0,0,0],'tracks':[{'clips':["
             "{'asset':'a','duration':0.2,'effects':[%s]}]}]}", asset, W, H, chain);
    uint8_t *wanted = film_pixels(film, layout);
    snprintf(list, sizeof list, "[%s]", chain);
    kf_frame_processor *p = processor(list, threads);
    REQUIRE(p);
    size_t size = kf_pixels_size(layout, W, H);
    uint8_t *other = malloc(size);
    kf_pixels in = kf_pixels_in(layout, W, H, plain), out = kf_pixels_in(layout, W, H, other);
    in.opaque = out.opaque = opaque;
    CHECK(memcmp(plain, wanted, size) != 0);
    for (int turn = 0; turn < 2; turn++) {
        memset(other, 77, size);
        CHECK_INT(kf_frame_processor_run(p, &in, &out, 0, &api_error), KF_OK);
        CHECK(memcmp(other, wanted, size) == 0);
    }
    CHECK_INT(kf_frame_processor_run(p, &in, &in, 0, &api_error), KF_OK); /* in place */
    CHECK(memcmp(plain, wanted, size) == 0);
    kf_frame_processor_destroy(p);
    free(plain);
    free(wanted);
    free(other);
}

static void make_picture(const char *name, double opacity)
{
    char text[512];
    snprintf(text, sizeof text, "{'kerf':1,'size':[%d,%d],'rate':25,'background':[0,0,0,%d],'tracks':[{'opacity':%g,"
             "'clips':[{'generator':'noise','duration':1,'params':{'size':9}}]},"
             "{'clips':[{'generator':'gradient','duration':1,'opacity':0.6}]}]}", W, H, opacity == 1, opacity);
    kf_film_handle *film = open_film(text);
    REQUIRE(film);
    kf_render_params params = kf_render_params_default();
    params.overwrite = true;
    CHECK_INT(kf_render_frame(film, 0, util_path(name), &params, &api_error), KF_OK);
    kf_film_close(film);
}

TEST(equals_a_film_in_rgb)
{
    make_picture("a.png", 1);
    compare_with_film("a.png", KF_PIXELS_RGB24, false, 2);
    compare_with_film("a.png", KF_PIXELS_RGBA8, true, 2);
    compare_with_film("a.png", KF_PIXELS_BGRA8, true, 1);
    make_picture("b.png", 0.5);
    compare_with_film("b.png", KF_PIXELS_RGBA8, false, 1);
    compare_with_film("b.png", KF_PIXELS_BGRA8, false, 2);
}

TEST(equals_a_film_in_yuv)
{
    make_picture("a.png", 1);
    kf_film_handle *film = open_film("{'kerf':1,'assets':{'a':'a.png'},'size':[322,182],'rate':25,'tracks':[{'clips':["
                                     "{'asset':'a','duration':0.2}]}]}");
    REQUIRE(film);
    kf_render_params params = kf_render_params_default();
    params.output = util_path("a.mp4");
    params.overwrite = true;
    params.crf = 12;
    CHECK_INT(kf_render(film, &params, NULL, &api_error), KF_OK);
    kf_film_close(film);
    compare_with_film("a.mp4", KF_PIXELS_I420, false, 2);
    compare_with_film("a.mp4", KF_PIXELS_NV12, false, 1);
}

/* ---- By hand ---- */

TEST(keeps_what_it_is_not_to_change)
{
    kf_frame_processor *p = processor("[]", 1);
    REQUIRE(p);
    size_t size = kf_pixels_size(KF_PIXELS_RGBA8, W, H);
    uint8_t *in = malloc(size), *out = malloc(size);
    for (size_t i = 0; i < size; i++) in[i] = (uint8_t)(i * 7 + i / 256);
    kf_pixels a = kf_pixels_in(KF_PIXELS_RGBA8, W, H, in), b = kf_pixels_in(KF_PIXELS_RGBA8, W, H, out);
    CHECK_INT(kf_frame_processor_run(p, &a, &b, 0, &api_error), KF_OK);
    size_t wrong = 0;
    for (size_t i = 0; i < size; i += 4) /* nothing shows where alpha is 0 */
        wrong += memcmp(out + i, in[i + 3] ? in + i : (const uint8_t *)"\0\0\0", 4) != 0;
    CHECK_INT(wrong, 0);
    free(in);
    free(out);
    kf_frame_processor_destroy(p);
}

/* 0.5 brighter is 127.5 codes more, (100, 20, 200) becomes (228, 148, 255): rows with gaps, and the gaps stay. */
TEST(respects_strides)
{
    kf_frame_processor_params params = kf_frame_processor_params_default();
    kf_frame_processor *p = NULL;
    uint8_t in[2][20], out[2][20];
    memset(in, 0, sizeof in);
    memset(out, 9, sizeof out);
    for (int y = 0; y < 2; y++)
        for (int x = 0; x < 3; x++) memcpy(&in[y][4 * x], "\x64\x14\xc8\xff", 4);
    params.width = 3;
    params.height = 2;
    params.effects = "{\"brightness\": 0.5}";
    CHECK_INT(kf_frame_processor_create(&params, &p, &api_error), KF_OK);
    REQUIRE(p);
    kf_pixels a = kf_pixels_in(KF_PIXELS_RGBA8, 3, 2, in), b = kf_pixels_in(KF_PIXELS_RGBA8, 3, 2, out);
    a.stride[0] = b.stride[0] = 20;
    CHECK_INT(kf_frame_processor_run(p, &a, &b, 0, &api_error), KF_OK);
    for (int y = 0; y < 2; y++) {
        for (int x = 0; x < 3; x++) CHECK(memcmp(&out[y][4 * x], "\xe4\x94\xff\xff", 4) == 0);
        for (int i = 12; i < 20; i++) CHECK_INT(out[y][i], 9);
    }
    b.stride[0] = 11;
    CHECK_INT(kf_frame_processor_run(p, &a, &b, 0, &api_error), KF_ERR_INVALID);
    CHECK_STR(api_error.message, "the output: rows of plane 0 are 11 bytes apart, but 12 bytes long");
    kf_frame_processor_destroy(p);
}

/* Text goes over what came before it, and effects after it apply to both. */
TEST(lays_text_over)
{
    kf_frame_processor *plain = processor("[{'textOverlay':{'text':'Hello','x':10,'y':20,'fontSize':60,'color':'#f00'}}]", 1);
    kf_frame_processor *grey = processor(
        "[{'textOverlay':{'text':'Hello','x':10,'y':20,'fontSize':60,'color':'#f00'}},{'effect':'saturation','amount':0}]", 1);
    REQUIRE(plain && grey);
    size_t size = kf_pixels_size(KF_PIXELS_RGBA8, W, H);
    uint8_t *in = malloc(size), *out = malloc(size);
    memset(in, 255, size);
    kf_pixels a = kf_pixels_in(KF_PIXELS_RGBA8, W, H, in), b = kf_pixels_in(KF_PIXELS_RGBA8, W, H, out);
    CHECK_INT(kf_frame_processor_run(plain, &a, &b, 0, &api_error), KF_OK);
    int red = 0, left = W;
    for (int i = 0; i < W * H; i++)
        if (memcmp(out + 4 * i, "\xff\0\0\xff", 4) == 0) {
            red++;
            left = i % W < left ? i % W : left;
        }
    CHECK_MSG(red > 300, "%d", red);
    CHECK_MSG(left >= 8 && left < 24, "%d", left);
    CHECK_INT(kf_frame_processor_run(grey, &a, &b, 0, &api_error), KF_OK);
    int greys = 0; /* 0.2126 * 255 = 54 */
    for (int i = 0; i < W * H; i++) greys += memcmp(out + 4 * i, "\x36\x36\x36\xff", 4) == 0;
    CHECK_INT(greys, red);
    kf_frame_processor_destroy(plain);
    kf_frame_processor_destroy(grey);
    free(in);
    free(out);
}

/* ---- Words ---- */

TEST(names_what_is_wrong)
{
    CHECK_STR(refusal("[{'effect':'hue','angle':3},{'effect':'blur','radus':8}]"),
              "effects[1].radus: unknown; did you mean \"radius\"?");
    CHECK(strstr(refusal("[{'effect':'blurr'}]"), "effects[0].effect: ") == api_error.message);
    CHECK(strstr(api_error.message, "did you mean \"blur\"?"));
    CHECK(strstr(refusal("[{'generator':'title','params':{'text':'a'}},{'effect':'sharpen','amount':99}]"),
                 "effects[1].amount: ") == api_error.message);
    CHECK(strstr(refusal("[{'hueShift':10},{'saturation':1,'brightness':7}]"), "effects[1].brightness: ") == api_error.message);
    CHECK_STR(refusal("[{'brightnes':1}]"), "effects[0].brightnes: unknown; did you mean \"brightness\"?");
    CHECK_STR(refusal("{'colorCorrection':{'temprature':1}}"),
              "effects: colorCorrection.temprature: unknown; did you mean \"temperature\"?");
    CHECK(strstr(refusal("[{'textOverlay':{'text':'a','fontSize':-1}}]"), "effects[0].textOverlay") == api_error.message);
    CHECK(strstr(refusal("[3]"), "effects[0]: must be an object") == api_error.message);
    CHECK(strstr(refusal("7"), "effects: must be a list") == api_error.message);
    CHECK(strstr(refusal("[{'effect':'curves','master':[[0,0],[6,1]]}]"), "effects: curve: control point 2") == api_error.message);
    CHECK(strstr(refusal("[{'effect':'lut','file':'/none.cube'}]"), "/none.cube"));
    CHECK_INT(api_error.status, KF_ERR_NOT_FOUND);
    refusal("[{'effect':");
    CHECK_INT(api_error.status, KF_ERR_PARSE);
}

TEST(gives_the_normal_form)
{
    char *text = NULL;
    CHECK_INT(kf_effects_normal("[{\"blur\":4,\"contrast\":1.5,\"hueShift\":null,\"brightness\":0.25},"
                                "{\"effect\":\"grain\",\"amount\":0.1}]", &text, &api_error), KF_OK);
    CHECK_STR(text, "[{\"effect\":\"brightness_contrast\",\"brightness\":0.25,\"contrast\":1.5},"
                    "{\"effect\":\"blur\",\"radius\":4},{\"effect\":\"grain\",\"amount\":0.1}]");
    kf_string_free(text);
    CHECK_INT(kf_effects_normal("{\"textOverlay\":{\"text\":\"Hi\",\"x\":5,\"fontSize\":30}}", &text, &api_error), KF_OK);
    CHECK_STR(text, "[{\"generator\":\"title\",\"params\":{\"text\":\"Hi\",\"size\":30,\"position\":[5,\"center\"],"
                    "\"anchor_h\":\"left\"}}]");
    kf_string_free(text);
}

int main(void)
{
    RUN(lays_out_planes);
    RUN(encodes_pictures);
    RUN(equals_a_film_in_rgb);
    RUN(equals_a_film_in_yuv);
    RUN(keeps_what_it_is_not_to_change);
    RUN(respects_strides);
    RUN(lays_text_over);
    RUN(names_what_is_wrong);
    RUN(gives_the_normal_form);
    util_clean();
    return test_end();
}
