/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Named render graphs over made-up pictures, on which executors are compared. */
#ifndef KF_TEST_SCENES_H
#define KF_TEST_SCENES_H

#include "video/graph/api/graph.h"

/* What a scene is built in: the graph, and an arena for the tables that its nodes borrow. */
typedef struct scene_context {
    kf_graph *graph;
    kf_arena arena;
} scene_context;

typedef enum scene_color { SCENE_BT709, SCENE_BT601_FULL, SCENE_BT2020, SCENE_CENTRED, SCENE_TOPLEFT } scene_color;

typedef struct scene {
    const char *name;
    kf_graph_node *(*build)(scene_context *c, int arg);
    int arg;
    kf_pixfmt format;
    int width, height;
    scene_color color;
    bool premultiplied;
} scene;

extern const scene scenes[];
extern const int scene_count;

typedef struct scene_instance {
    scene_context context;
    const kf_graph_node *root;
    kf_graph_output output;
} scene_instance;
/* False when out of memory; drop it in any case. */
bool scene_make(const scene *s, scene_instance *out);
/* A random tree over smooth pictures; the same for the same seed. */
bool scene_make_random(uint32_t seed, scene_instance *out);
void scene_drop(scene_instance *instance);

#endif
