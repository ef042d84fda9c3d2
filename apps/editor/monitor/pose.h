/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a clip's picture lies in the film's, and what pulling a handle makes of it. Plain arithmetic, in square pixels of the film
 * with y down; angles in degrees clockwise. */
#ifndef KERF_EDITOR_POSE_H
#define KERF_EDITOR_POSE_H

#include <stdbool.h>

typedef struct KerfPose {
    double position[2];       /* where the anchor lands */
    double scale[2], rotation;
} KerfPose;
typedef struct KerfOutline {
    double width, height;     /* of the picture at scale 1 */
    double anchor[2];         /* parts of it */
} KerfOutline;

typedef enum KerfHandle {
    KERF_HANDLE_NONE, KERF_HANDLE_INSIDE, KERF_HANDLE_TURN,
    KERF_HANDLE_TOP_LEFT, KERF_HANDLE_TOP, KERF_HANDLE_TOP_RIGHT, KERF_HANDLE_RIGHT, KERF_HANDLE_BOTTOM_RIGHT,
    KERF_HANDLE_BOTTOM, KERF_HANDLE_BOTTOM_LEFT, KERF_HANDLE_LEFT
} KerfHandle;

/* A point of the picture (parts of it, 0..1) in the film, and back. */
void kerf_pose_point(const KerfOutline *outline, const KerfPose *pose, const double part[2], double out[2]);
void kerf_pose_part(const KerfOutline *outline, const KerfPose *pose, const double point[2], double out[2]);
/* Where a handle is, as parts of the picture; for those from KERF_HANDLE_TOP_LEFT on. */
void kerf_handle_part(KerfHandle handle, double out[2]);
bool kerf_handle_is_corner(KerfHandle handle);

/* The pose after a handle was dragged from one point of the film to another. strict: along one axis, freely at corners, in
 * steps of 15 degrees. */
KerfPose kerf_pose_drag(const KerfOutline *outline, const KerfPose *from, KerfHandle handle, const double points[2][2],
                        bool strict);

/* Moves a pose by at most `reach` so that edges or middle of what the clip covers lie on those of the frame. lines[0] is the x,
 * lines[1] the y that it lies on then; negative: none. */
KerfPose kerf_pose_snap(const KerfOutline *outline, const KerfPose *pose, const double frame[2], double reach, double lines[2]);

#endif
