/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pose.h"

#include <math.h>

#define RADIANS (3.14159265358979323846 / 180)
#define STEP 15.0

static void turned(const double in[2], double degrees, double out[2])
{
    const double c = cos(degrees * RADIANS), s = sin(degrees * RADIANS), x = in[0], y = in[1];
    out[0] = c * x - s * y;
    out[1] = s * x + c * y;
}

void kerf_pose_point(const KerfOutline *o, const KerfPose *p, const double part[2], double out[2])
{
    const double local[2] = {(part[0] - o->anchor[0]) * o->width * p->scale[0],
                             (part[1] - o->anchor[1]) * o->height * p->scale[1]};
    turned(local, p->rotation, out);
    out[0] += p->position[0];
    out[1] += p->position[1];
}

void kerf_pose_part(const KerfOutline *o, const KerfPose *p, const double point[2], double out[2])
{
    const double from[2] = {point[0] - p->position[0], point[1] - p->position[1]};
    double local[2];
    turned(from, -p->rotation, local);
    out[0] = o->anchor[0] + local[0] / (o->width * p->scale[0]);
    out[1] = o->anchor[1] + local[1] / (o->height * p->scale[1]);
}

void kerf_handle_part(KerfHandle handle, double out[2])
{
    static const double parts[][2] = {{0, 0}, {0.5, 0}, {1, 0}, {1, 0.5}, {1, 1}, {0.5, 1}, {0, 1}, {0, 0.5}};
    const int i = handle - KERF_HANDLE_TOP_LEFT;
    out[0] = parts[i][0];
    out[1] = parts[i][1];
}

bool kerf_handle_is_corner(KerfHandle handle)
{
    return handle >= KERF_HANDLE_TOP_LEFT && (handle - KERF_HANDLE_TOP_LEFT) % 2 == 0;
}

static KerfPose moved(const KerfPose *from, const double points[2][2], bool strict)
{
    KerfPose pose = *from;
    double by[2] = {points[1][0] - points[0][0], points[1][1] - points[0][1]};
    if (strict) by[fabs(by[0]) < fabs(by[1]) ? 0 : 1] = 0;
    for (int i = 0; i < 2; i++) pose.position[i] += by[i];
    return pose;
}

static KerfPose rotated(const KerfPose *from, const double points[2][2], bool strict)
{
    KerfPose pose = *from;
    double angle[2];
    for (int i = 0; i < 2; i++) {
        angle[i] = atan2(points[i][1] - from->position[1], points[i][0] - from->position[0]) / RADIANS;
    }
    double by = angle[1] - angle[0];
    by -= 360 * round(by / 360);
    pose.rotation += by;
    if (strict) pose.rotation = STEP * round(pose.rotation / STEP);
    return pose;
}

/* The handle lands under the pointer, the anchor stays. */
static KerfPose scaled(const KerfOutline *o, const KerfPose *from, KerfHandle handle, const double points[2][2], bool strict)
{
    KerfPose pose = *from;
    double part[2], start[2], end[2], old[2], new[2];
    kerf_handle_part(handle, part);
    kerf_pose_point(o, from, part, start);
    for (int i = 0; i < 2; i++) {
        end[i] = start[i] + points[1][i] - points[0][i] - from->position[i];
        start[i] -= from->position[i];
    }
    turned(start, -from->rotation, old);
    turned(end, -from->rotation, new);
    if (kerf_handle_is_corner(handle) && !strict) {
        const double length = old[0] * old[0] + old[1] * old[1];
        const double factor = length > 1e-9 ? (old[0] * new[0] + old[1] * new[1]) / length : 1;
        for (int i = 0; i < 2; i++) pose.scale[i] *= factor;
        return pose;
    }
    for (int i = 0; i < 2; i++) {
        const bool pulls = part[i] != 0.5 && fabs(old[i]) > 1e-9;
        if (pulls) pose.scale[i] *= new[i] / old[i];
    }
    return pose;
}

/* From the least to the greatest coordinate of the corners. */
static void bounds(const KerfOutline *o, const KerfPose *p, double low[2], double high[2])
{
    double part[2], point[2];
    for (int handle = KERF_HANDLE_TOP_LEFT; handle <= KERF_HANDLE_BOTTOM_LEFT; handle += 2) {
        kerf_handle_part((KerfHandle)handle, part);
        kerf_pose_point(o, p, part, point);
        for (int i = 0; i < 2; i++) {
            const bool first = handle == KERF_HANDLE_TOP_LEFT;
            low[i] = first ? point[i] : fmin(low[i], point[i]);
            high[i] = first ? point[i] : fmax(high[i], point[i]);
        }
    }
}

KerfPose kerf_pose_snap(const KerfOutline *o, const KerfPose *from, const double frame[2], double reach, double lines[2])
{
    KerfPose pose = *from;
    double low[2], high[2];
    bounds(o, from, low, high);
    for (int i = 0; i < 2; i++) {
        const double lands[3] = {(low[i] + high[i]) / 2, low[i], high[i]}, on[3] = {frame[i] / 2, 0, frame[i]};
        double nearest = reach;
        lines[i] = -1;
        for (int k = 0; k < 3; k++) {
            if (fabs(on[k] - lands[k]) >= nearest) continue;
            nearest = fabs(on[k] - lands[k]);
            lines[i] = on[k];
            pose.position[i] = from->position[i] + on[k] - lands[k];
        }
    }
    return pose;
}

KerfPose kerf_pose_drag(const KerfOutline *o, const KerfPose *from, KerfHandle handle, const double points[2][2], bool strict)
{
    if (handle == KERF_HANDLE_NONE) return *from;
    if (handle == KERF_HANDLE_INSIDE) return moved(from, points, strict);
    if (handle == KERF_HANDLE_TURN) return rotated(from, points, strict);
    return scaled(o, from, handle, points, strict);
}
