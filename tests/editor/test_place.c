/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a monitor puts its picture, and what dragging a clip's handles does. */
#include "test.h"

#include "place.h"
#include "pose.h"

static const KerfSizes sizes = {.width = 800, .height = 600, .picture_width = 1920, .picture_height = 1080, .scale = 1};

TEST(fits_with_bars_above_and_below)
{
    const KerfZoom fit = {0};
    const KerfPlace p = kerf_place(&fit, &sizes);
    CHECK_NEAR(p.x, 0, 0);
    CHECK_NEAR(p.w, 800, 0);
    CHECK_NEAR(p.y, 75, 0); /* (600 - 450) / 2 */
    CHECK_NEAR(p.h, 450, 0);
    CHECK_NEAR(kerf_place_zoom(&fit, &sizes), 800.0 / 1920, 1e-12);
}

TEST(full_size_lies_on_whole_pixels_of_the_screen)
{
    const KerfSizes fine = {.width = 801, .height = 601, .picture_width = 1920, .picture_height = 1080, .scale = 2};
    const KerfZoom full = {.zoom = 0.5, .x = 0.5, .y = 0.5};
    const KerfPlace p = kerf_place(&full, &fine);
    CHECK_NEAR(p.w, 960, 0);
    CHECK_NEAR(p.h, 540, 0);
    CHECK_NEAR(p.x * 2, round(p.x * 2), 0);
    CHECK_NEAR(p.y * 2, round(p.y * 2), 0);
}

TEST(zoom_keeps_the_point_under_the_pointer)
{
    const KerfZoom fit = {0};
    const KerfZoom in = kerf_place_zoom_at(&fit, &sizes, 1, 600, 300);
    const KerfPlace before = kerf_place(&fit, &sizes), after = kerf_place(&in, &sizes);
    CHECK_NEAR((600 - after.x) / after.w, (600 - before.x) / before.w, 1e-3);
    CHECK_NEAR((300 - after.y) / after.h, (300 - before.y) / before.h, 1e-3);
    CHECK_NEAR(after.w, 1920, 0);
}

TEST(pan_moves_by_pixels_and_stops_at_the_edge)
{
    const KerfZoom full = {.zoom = 1, .x = 0.5, .y = 0.5};
    const KerfPlace before = kerf_place(&full, &sizes);
    KerfZoom moved = kerf_place_pan(&full, &sizes, 40, -30);
    const KerfPlace after = kerf_place(&moved, &sizes);
    CHECK_NEAR(after.x - before.x, 40, 1);
    CHECK_NEAR(after.y - before.y, -30, 1);
    moved = kerf_place_pan(&full, &sizes, 1e6, 1e6);
    CHECK_NEAR(kerf_place(&moved, &sizes).x, 400, 1); /* the picture's corner in the middle */
    CHECK_NEAR(kerf_place(&moved, &sizes).y, 300, 1);
}

/* A picture of 400x200 whose middle lies at (500, 300). */
static const KerfOutline outline = {.width = 400, .height = 200, .anchor = {0.5, 0.5}};
static const KerfPose rest = {.position = {500, 300}, .scale = {1, 1}};

#define CHECK_PAIR(p, x, y) \
    do { \
        CHECK_NEAR((p)[0], x, 1e-9); \
        CHECK_NEAR((p)[1], y, 1e-9); \
    } while (0)

TEST(points_go_there_and_back)
{
    const KerfPose turned = {.position = {500, 300}, .scale = {2, 1}, .rotation = 90};
    double out[2], part[2];
    kerf_pose_point(&outline, &turned, (double[2]){1, 0.5}, out); /* 200 px to the right, doubled, turned downwards */
    CHECK_PAIR(out, 500, 700);
    kerf_pose_part(&outline, &turned, out, part);
    CHECK_PAIR(part, 1, 0.5);
}

TEST(the_inside_moves)
{
    const double points[2][2] = {{480, 310}, {510, 290}};
    KerfPose p = kerf_pose_drag(&outline, &rest, KERF_HANDLE_INSIDE, points, false);
    CHECK_PAIR(p.position, 530, 280);
    p = kerf_pose_drag(&outline, &rest, KERF_HANDLE_INSIDE, points, true);
    CHECK_PAIR(p.position, 530, 300);
}

TEST(corners_scale_both_ways)
{
    const double points[2][2] = {{700, 400}, {900, 500}}; /* from 200, 100 of the anchor to 400, 200 */
    const KerfPose p = kerf_pose_drag(&outline, &rest, KERF_HANDLE_BOTTOM_RIGHT, points, false);
    CHECK_PAIR(p.scale, 2, 2);
    CHECK_PAIR(p.position, 500, 300);
    const double wide[2][2] = {{700, 400}, {900, 400}};
    const KerfPose freely = kerf_pose_drag(&outline, &rest, KERF_HANDLE_BOTTOM_RIGHT, wide, true);
    CHECK_PAIR(freely.scale, 2, 1);
}

TEST(sides_scale_one_way_also_when_turned)
{
    const KerfPose turned = {.position = {500, 300}, .scale = {1, 1}, .rotation = 90};
    const double points[2][2] = {{500, 500}, {500, 600}}; /* the right side is at the bottom */
    const KerfPose p = kerf_pose_drag(&outline, &turned, KERF_HANDLE_RIGHT, points, false);
    CHECK_PAIR(p.scale, 1.5, 1);
}

TEST(a_side_at_the_anchor_does_not_scale)
{
    const KerfOutline left = {.width = 400, .height = 200, .anchor = {0, 0.5}};
    const double points[2][2] = {{500, 300}, {450, 300}};
    const KerfPose p = kerf_pose_drag(&left, &rest, KERF_HANDLE_LEFT, points, false);
    CHECK_PAIR(p.scale, 1, 1);
}

TEST(the_arm_turns)
{
    const double points[2][2] = {{500, 200}, {600, 300}}; /* from above to the right: a quarter, clockwise */
    KerfPose p = kerf_pose_drag(&outline, &rest, KERF_HANDLE_TURN, points, false);
    CHECK_NEAR(p.rotation, 90, 1e-9);
    const double little[2][2] = {{500, 200}, {520, 200}}; /* 11.3 degrees: the nearest step is 15 */
    p = kerf_pose_drag(&outline, &rest, KERF_HANDLE_TURN, little, true);
    CHECK_NEAR(p.rotation, 15, 1e-9);
    const double past[2][2] = {{490, 400}, {510, 400}}; /* not the long way round */
    p = kerf_pose_drag(&outline, &rest, KERF_HANDLE_TURN, past, false);
    CHECK(fabs(p.rotation) < 12);
}

TEST(what_is_moved_snaps_to_the_frame)
{
    static const double frame[2] = {1920, 1080};
    const KerfPose near = {.position = {963, 102}, .scale = {1, 1}}; /* middle 3 right of the frame's, top edge at 2 */
    double lines[2];
    KerfPose p = kerf_pose_snap(&outline, &near, frame, 6, lines);
    CHECK_PAIR(p.position, 960, 100);
    CHECK_PAIR(lines, 960, 0);
    const KerfPose turned = {.position = {1817, 500}, .scale = {1, 1}, .rotation = 90}; /* right edge at 1917 */
    p = kerf_pose_snap(&outline, &turned, frame, 6, lines);
    CHECK_PAIR(p.position, 1820, 500);
    CHECK_PAIR(lines, 1920, -1);
}

int main(void)
{
    RUN(fits_with_bars_above_and_below);
    RUN(full_size_lies_on_whole_pixels_of_the_screen);
    RUN(zoom_keeps_the_point_under_the_pointer);
    RUN(pan_moves_by_pixels_and_stops_at_the_edge);
    RUN(points_go_there_and_back);
    RUN(the_inside_moves);
    RUN(corners_scale_both_ways);
    RUN(sides_scale_one_way_also_when_turned);
    RUN(a_side_at_the_anchor_does_not_scale);
    RUN(the_arm_turns);
    RUN(what_is_moved_snaps_to_the_frame);
    return test_end();
}
