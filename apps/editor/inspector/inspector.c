/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The inspector: what is selected, from the tables of the catalogue. Sections are built anew when another kind of thing
 * is selected or effects come and go; else they only show what is there now, at most once a frame. */
#include <string.h>

#include "clipboard.h"
#include "drag.h"
#include "panel.h"
#include "section.h"

typedef struct Inspector {
    KerfWindow *window;
    KerfDocument *document;
    KerfTargets *targets;
    GHashTable *folded;
    GPtrArray *sections;      /* KerfSection, owned by their widgets */
    GString *shape;           /* kinds of the sections that are shown */
    GtkWidget *root, *stack, *box, *name, *kind, *enabled;
    guint tick;
    gboolean showing;
} Inspector;

/* ---- What there is to show ---- */

typedef void each_set_fn(Inspector *in, const KerfSet *set);

static void each_of(Inspector *in, kf_param_group group, gboolean list, each_set_fn *fn)
{
    KerfSet set;
    kf_param_set state;
    for (int32_t i = 0; kerf_targets_set(in->targets, group, i, &set, &state); i++) {
        fn(in, &set);
        if (!list) return;
    }
}

static void each_set(Inspector *in, each_set_fn *fn)
{
    each_of(in, KF_PARAMS_TRANSITION, FALSE, fn);
    each_of(in, KF_PARAMS_GENERATOR, FALSE, fn);
    each_of(in, KF_PARAMS_TRANSFORM, FALSE, fn);
    each_of(in, KF_PARAMS_VIDEO, FALSE, fn);
    each_of(in, KF_PARAMS_EFFECT, TRUE, fn);
    each_of(in, KF_PARAMS_AUDIO, FALSE, fn);
    each_of(in, KF_PARAMS_AUDIO_EFFECT, TRUE, fn);
}

static void add_shape(Inspector *in, const KerfSet *set)
{
    g_string_append_printf(in->shape, "%d %s\n", (int)set->group, set->kind.name);
}

static void add_section(Inspector *in, const KerfSet *set)
{
    KerfSection *section = kerf_section_new(in->window, in->targets, set, in->folded);
    g_ptr_array_add(in->sections, section);
    gtk_box_append(GTK_BOX(in->box), kerf_section_widget(section));
}

static void rebuild(Inspector *in)
{
    g_ptr_array_set_size(in->sections, 0);
    for (GtkWidget *child; (child = gtk_widget_get_first_child(in->box));) {
        gtk_box_remove(GTK_BOX(in->box), child);
    }
    each_set(in, add_section);
}

/* ---- Showing ---- */

static const char *kind_of(const kf_timeline_item *item, gboolean audio)
{
    static const char *const sources[] = {[KF_TIMELINE_ASSET] = "Clip",
                                          [KF_TIMELINE_SEQUENCE] = "Nested sequence",
                                          [KF_TIMELINE_GENERATOR] = "Generator",
                                          [KF_TIMELINE_ADJUSTMENT] = "Adjustment layer"};
    if (item->kind == KF_TIMELINE_TRANSITION) return "Transition";
    return audio && item->source == KF_TIMELINE_ASSET ? "Audio clip" : sources[item->source];
}

static void show_header(Inspector *in, const kf_timeline_item *item)
{
    const guint count = kerf_targets_count(in->targets);
    g_autofree char *many = count > 1 ? g_strdup_printf("%u selected", count) : NULL;
    g_autofree char *name = g_strdelimit(g_strdup(item->name), "\n\r", ' ');
    gtk_label_set_text(GTK_LABEL(in->name), many ? many : name);
    gtk_label_set_text(GTK_LABEL(in->kind), kind_of(item, kerf_targets_focus_audio(in->targets)));
    gtk_widget_set_visible(in->enabled, item->kind == KF_TIMELINE_CLIP);
    gtk_check_button_set_active(GTK_CHECK_BUTTON(in->enabled), item->enabled);
}

static void refresh(Inspector *in)
{
    const kf_timeline_item *item = kerf_targets_focus(in->targets);
    g_autofree char *before = g_strdup(in->shape->str);
    gtk_stack_set_visible_child_name(GTK_STACK(in->stack), item ? "params" : "empty");
    if (!item) return;
    g_string_truncate(in->shape, 0);
    each_set(in, add_shape);
    if (strcmp(before, in->shape->str) != 0) rebuild(in);
    in->showing = TRUE;
    show_header(in, item);
    in->showing = FALSE;
    for (guint i = 0; i < in->sections->len; i++) {
        kerf_section_update(in->sections->pdata[i]);
    }
}

static gboolean ticked(GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
    Inspector *in = data;
    in->tick = 0;
    if (kerf_window_document(in->window) == in->document) refresh(in);
    return G_SOURCE_REMOVE;
}

static void want_refresh(Inspector *in)
{
    if (!in->tick && gtk_widget_get_mapped(in->root))
        in->tick = gtk_widget_add_tick_callback(in->root, ticked, in, NULL);
}

static void film_changed(KerfDocument *document, gpointer changes, guint count, gpointer data)
{
    Inspector *in = g_object_get_data(data, "inspector");
    kerf_targets_update(in->targets);
    want_refresh(in);
}

static void selection_changed(KerfDocument *document, gpointer data)
{
    film_changed(document, NULL, 0, data);
}

static void playhead_changed(KerfDocument *document, gpointer data)
{
    want_refresh(g_object_get_data(data, "inspector"));
}
static void mapped(GtkWidget *root, gpointer data) { want_refresh(data); }

/* ---- Edits of all of it ---- */

static void enabled_toggled(GtkCheckButton *check, Inspector *in)
{
    const gboolean on = gtk_check_button_get_active(check);
    if (in->showing) return;
    kerf_document_edit(in->document, on ? "Enable" : "Disable",
                       kerf_targets_op_clip(in->targets, on ? "{\"enabled\": true}" : "{\"enabled\": false}"));
}

static void add_effect(Inspector *in, const char *name)
{
    kf_catalog_kind kind;
    const gboolean picture =
        kf_catalog_find(KF_CATALOG_VIDEO_EFFECT, name, &kind) && !kerf_targets_focus_audio(in->targets);
    if (!picture && !kf_catalog_find(KF_CATALOG_AUDIO_EFFECT, name, &kind)) return;
    g_autofree char *json = g_strdup_printf("{\"effect\": \"%s\"}", name);
    g_autofree char *label = g_strdup_printf("Add %s", kind.label);
    kerf_document_edit(in->document, label, kerf_targets_op_add_effect(in->targets, !picture, json));
}

static gboolean effects_dropped(GtkDropTarget *target, const GValue *value, double x, double y, Inspector *in)
{
    const KerfDrag *drag = g_value_get_boxed(value);
    if (!drag || drag->kind != KERF_DRAG_EFFECTS || !kerf_targets_focus(in->targets)) return FALSE;
    for (char **name = drag->names; *name; name++) {
        add_effect(in, *name);
    }
    return TRUE;
}

/* ---- Building ---- */

static GtkWidget *new_header(Inspector *in)
{
    GtkWidget *header = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6), *names = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    in->name = gtk_label_new(NULL);
    in->kind = gtk_label_new(NULL);
    in->enabled = gtk_check_button_new();
    gtk_label_set_xalign(GTK_LABEL(in->name), 0);
    gtk_label_set_xalign(GTK_LABEL(in->kind), 0);
    gtk_label_set_ellipsize(GTK_LABEL(in->name), PANGO_ELLIPSIZE_MIDDLE);
    gtk_widget_add_css_class(in->name, "heading");
    gtk_widget_add_css_class(in->kind, "dim-label");
    gtk_widget_set_hexpand(names, TRUE);
    gtk_widget_set_valign(in->enabled, GTK_ALIGN_CENTER);
    gtk_widget_set_tooltip_text(in->enabled, "Enabled");
    gtk_accessible_update_property(GTK_ACCESSIBLE(in->enabled), GTK_ACCESSIBLE_PROPERTY_LABEL, "Clip enabled", -1);
    g_signal_connect(in->enabled, "toggled", G_CALLBACK(enabled_toggled), in);
    gtk_box_append(GTK_BOX(names), in->name);
    gtk_box_append(GTK_BOX(names), in->kind);
    gtk_box_append(GTK_BOX(header), in->enabled);
    gtk_box_append(GTK_BOX(header), names);
    gtk_widget_add_css_class(header, "inspector-header");
    return header;
}

static GtkWidget *new_empty(void)
{
    GtkWidget *label = gtk_label_new("Nothing is selected.\nSelect a clip or a transition in the timeline.");
    gtk_label_set_justify(GTK_LABEL(label), GTK_JUSTIFY_CENTER);
    gtk_label_set_wrap(GTK_LABEL(label), TRUE);
    gtk_widget_add_css_class(label, "dim-label");
    return label;
}

static GtkWidget *new_params(Inspector *in)
{
    GtkWidget *all = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0), *scroller = gtk_scrolled_window_new();
    in->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
    gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), in->box);
    gtk_widget_set_vexpand(scroller, TRUE);
    gtk_box_append(GTK_BOX(all), new_header(in));
    gtk_box_append(GTK_BOX(all), scroller);
    return all;
}

static void inspector_free(gpointer data)
{
    Inspector *in = data;
    kerf_targets_free(in->targets);
    g_hash_table_unref(in->folded);
    g_ptr_array_unref(in->sections);
    g_string_free(in->shape, TRUE);
    g_object_unref(in->document);
    g_free(in);
}

static void follow(Inspector *in)
{
    g_signal_connect_object(in->document, "changed", G_CALLBACK(film_changed), in->root, 0);
    g_signal_connect_object(in->document, "selection-changed", G_CALLBACK(selection_changed), in->root, 0);
    g_signal_connect_object(in->document, "sequence-changed", G_CALLBACK(selection_changed), in->root, 0);
    g_signal_connect_object(in->document, "playhead-changed", G_CALLBACK(playhead_changed), in->root, 0);
    g_signal_connect(in->root, "map", G_CALLBACK(mapped), in);
}

static GtkWidget *create(KerfWindow *window)
{
    Inspector *in = g_new0(Inspector, 1);
    GtkDropTarget *drop = gtk_drop_target_new(KERF_TYPE_DRAG, GDK_ACTION_COPY);
    in->window = window;
    in->document = g_object_ref(kerf_window_document(window));
    in->targets = kerf_targets_new(in->document);
    in->folded = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    in->sections = g_ptr_array_new();
    in->shape = g_string_new(NULL);
    in->stack = gtk_stack_new();
    in->root = adw_bin_new();
    gtk_stack_add_named(GTK_STACK(in->stack), new_empty(), "empty");
    gtk_stack_add_named(GTK_STACK(in->stack), new_params(in), "params");
    adw_bin_set_child(ADW_BIN(in->root), in->stack);
    gtk_widget_add_css_class(in->root, "inspector");
    g_signal_connect(drop, "drop", G_CALLBACK(effects_dropped), in);
    gtk_widget_add_controller(in->root, GTK_EVENT_CONTROLLER(drop));
    g_object_set_data_full(G_OBJECT(in->root), "inspector", in, inspector_free);
    follow(in);
    return in->root;
}

/* ---- The panel ---- */

static gboolean any_selected(KerfWindow *window)
{
    KerfDocument *document = kerf_window_document(window);
    return document && kerf_document_focus(document) != 0;
}

static const KerfAction actions[] = {
    {"edit-paste-effect", "Paste Effect", "Edit", NULL, kerf_clipboard_paste_effect, any_selected, NULL, NULL},
    {0},
};

const KerfPanel kerf_inspector_panel = {
    .id = "inspector", .title = "Inspector", .icon = "kerf-sliders-symbolic", .area = KERF_AREA_RIGHT, .create = create,
    .actions = actions,
};
