/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "two_up.h"

#include "guides.h"

#define MEMORY_MIB 160        /* of each player */

typedef struct Side {
    KerfTwoUp *two_up;
    KerfPlayback *playback;   /* NULL until it is needed */
    GtkWidget *box, *picture, *guides, *title;
    kf_time at;
} Side;

struct _KerfTwoUp {
    GtkWidget parent;
    KerfWindow *window;
    Side sides[2];
};

G_DEFINE_FINAL_TYPE(KerfTwoUp, kerf_two_up, GTK_TYPE_WIDGET)

/* ---- Pictures ---- */

/* Under a moving hand what is near will do, else only the very picture: what was there before stays until then. */
static void picture_came(KerfPlayback *playback, gpointer data)
{
    Side *s = data;
    kf_picture *picture;
    const KerfSides *sides = kerf_document_sides(kerf_window_document(s->two_up->window));
    kf_player *player = kerf_playback_player(playback);
    if (!player || !kf_player_picture(player, &picture)) return;
    const gboolean right = picture->exact && picture->time == s->at;
    if (right || sides->dragged) kerf_picture_show(KERF_PICTURE(s->picture), picture);
    kf_picture_release(picture);
}

static void view_changed(KerfPicture *picture, gpointer data)
{
    Side *s = data;
    int width, height;
    kf_player *player = s->playback ? kerf_playback_player(s->playback) : NULL;
    kerf_picture_drawn(picture, &width, &height);
    if (player) kf_player_set_view(player, width, height);
}

static kf_player *player_of(Side *s)
{
    if (!s->playback) {
        s->playback = kerf_playback_new_silent(MEMORY_MIB);
        g_signal_connect(s->playback, "picture", G_CALLBACK(picture_came), s);
        if (kerf_playback_player(s->playback)) kf_player_set_quality(kerf_playback_player(s->playback), KF_QUALITY_AUTO);
        view_changed(KERF_PICTURE(s->picture), s);
    }
    return kerf_playback_player(s->playback);
}

static void show_clip(KerfTwoUp *t, Side *s, const KerfSides *sides, int side)
{
    KerfDocument *document = kerf_window_document(t->window);
    kf_player *player = player_of(s);
    if (!player) return;
    s->at = sides->at[side];
    kf_player_set_part(player, &(kf_player_part){.clip = sides->clip[side]});
    kf_player_set_film(player, kerf_document_film(document), kerf_document_sequence_info(document)->id, NULL);
    kf_player_set_proxies(player, kerf_document_mode(document, KERF_MODE_PROXIES));
    if (sides->dragged) {
        kf_player_scrub(player, sides->at[side]);
    } else {
        kf_player_seek(player, sides->at[side]);
    }
}

/* ---- What stands below them ---- */

/* What the source counts by, for its own timecode. */
static kf_sequence_info clock_of(const kf_film_handle *film, const kf_timeline_item *clip, const kf_sequence_info *sequence)
{
    kf_sequence_info clock = *sequence;
    kf_asset_info asset;
    clock.start_timecode = 0;
    if (clip->source == KF_TIMELINE_SEQUENCE) kf_film_sequence(film, clip->source_index, &clock);
    if (clip->source != KF_TIMELINE_ASSET || !kf_film_asset(film, clip->source_index, &asset)) return clock;
    if (asset.rate.den > 0 && asset.rate.num > 0) clock.rate = asset.rate;
    clock.start_timecode = asset.timecode_start;
    clock.drop_frame = asset.drop_frame;
    return clock;
}

static void show_title(KerfTwoUp *t, Side *s, const KerfSides *sides, int side)
{
    KerfDocument *document = kerf_window_document(t->window);
    const kf_film_handle *film = kerf_document_film(document);
    static const char *const which[] = {"Left", "Right"};
    kf_timeline_item clip;
    char at[40] = "";
    g_autofree char *text = NULL;
    if (kerf_document_find(document, sides->clip[side], &clip)) {
        const kf_sequence_info clock = clock_of(film, &clip, kerf_document_sequence_info(document));
        kf_sequence_timecode(&clock, kf_timeline_source_time(film, &clip, sides->at[side]), at, sizeof at);
        text = g_strdup_printf("%s   %s", clip.name, at);
    }
    g_autofree char *name = g_strdup_printf("%s of the cut: %s", which[side], text ? text : "nothing");
    gtk_label_set_text(GTK_LABEL(s->title), text ? text : "");
    gtk_accessible_update_property(GTK_ACCESSIBLE(s->picture), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
    kerf_guides_set_notice(KERF_GUIDES(s->guides), text ? NULL : "No clip");
}

static void mark(Side *s, gboolean moves, gboolean rolls)
{
    (moves ? gtk_widget_add_css_class : gtk_widget_remove_css_class)(s->box, rolls ? "rolls" : "trims");
    gtk_widget_remove_css_class(s->box, rolls ? "trims" : "rolls");
}

void kerf_two_up_update(KerfTwoUp *t)
{
    const KerfSides *sides = kerf_document_sides(kerf_window_document(t->window));
    if (!sides->shown) return;
    for (int i = 0; i < 2; i++) {
        Side *s = &t->sides[i];
        if (sides->clip[i]) {
            show_clip(t, s, sides, i);
        } else {
            kerf_picture_show(KERF_PICTURE(s->picture), NULL);
        }
        show_title(t, s, sides, i);
        mark(s, sides->moves == 0 || (sides->moves > 0) == i, sides->moves == 0);
    }
}

/* ---- The widget ---- */

static void pressed(GtkGestureClick *click, int count, double x, double y, gpointer data)
{
    KerfTwoUp *t = data;
    GtkWidget *picture = gtk_event_controller_get_widget(GTK_EVENT_CONTROLLER(click));
    gtk_widget_grab_focus(picture);
    if (!kerf_document_sides(kerf_window_document(t->window))->held) return;
    kerf_window_run(t->window, picture == t->sides[0].picture ? "trim-outgoing" : "trim-incoming");
}

static gboolean key_pressed(GtkEventControllerKey *keys, guint keyval, guint code, GdkModifierType state, gpointer data)
{
    KerfTwoUp *t = data;
    if (keyval != GDK_KEY_Escape || !kerf_document_sides(kerf_window_document(t->window))->held) return FALSE;
    kerf_window_run(t->window, "trim-edit");
    return TRUE;
}

static void add_side(KerfTwoUp *t, Side *s)
{
    GtkGesture *click = gtk_gesture_click_new();
    s->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    s->picture = kerf_picture_new();
    s->guides = kerf_guides_new(KERF_PICTURE(s->picture));
    s->title = gtk_label_new(NULL);
    gtk_label_set_ellipsize(GTK_LABEL(s->title), PANGO_ELLIPSIZE_MIDDLE);
    gtk_widget_add_css_class(s->title, "timecode");
    gtk_widget_add_css_class(s->box, "side");
    gtk_widget_set_vexpand(s->picture, TRUE);
    gtk_widget_set_hexpand(s->picture, TRUE);
    gtk_widget_set_focusable(s->picture, TRUE);
    kerf_picture_add_layer(KERF_PICTURE(s->picture), s->guides);
    g_signal_connect(s->picture, "view-changed", G_CALLBACK(view_changed), s);
    g_signal_connect(click, "pressed", G_CALLBACK(pressed), t);
    gtk_widget_add_controller(s->picture, GTK_EVENT_CONTROLLER(click));
    gtk_box_append(GTK_BOX(s->box), s->picture);
    gtk_box_append(GTK_BOX(s->box), s->title);
    gtk_widget_set_parent(s->box, GTK_WIDGET(t));
}

static void dispose(GObject *object)
{
    KerfTwoUp *t = KERF_TWO_UP(object);
    for (int i = 0; i < 2; i++) {
        Side *s = &t->sides[i];
        if (s->playback) g_signal_handlers_disconnect_by_data(s->playback, s);
        if (s->playback) kerf_playback_close(s->playback);
        g_clear_object(&s->playback);
        if (s->picture) g_signal_handlers_disconnect_by_data(s->picture, s);
        g_clear_pointer(&s->box, gtk_widget_unparent);
        s->picture = NULL;
    }
    G_OBJECT_CLASS(kerf_two_up_parent_class)->dispose(object);
}

static void kerf_two_up_class_init(KerfTwoUpClass *class)
{
    G_OBJECT_CLASS(class)->dispose = dispose;
    gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(class), GTK_TYPE_BOX_LAYOUT);
    gtk_widget_class_set_css_name(GTK_WIDGET_CLASS(class), "kerf-two-up");
    gtk_widget_class_set_accessible_role(GTK_WIDGET_CLASS(class), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void kerf_two_up_init(KerfTwoUp *t)
{
    GtkEventController *keys = gtk_event_controller_key_new();
    gtk_box_layout_set_homogeneous(GTK_BOX_LAYOUT(gtk_widget_get_layout_manager(GTK_WIDGET(t))), TRUE);
    gtk_box_layout_set_spacing(GTK_BOX_LAYOUT(gtk_widget_get_layout_manager(GTK_WIDGET(t))), 2);
    g_signal_connect(keys, "key-pressed", G_CALLBACK(key_pressed), t);
    gtk_widget_add_controller(GTK_WIDGET(t), keys);
    for (int i = 0; i < 2; i++) {
        t->sides[i].two_up = t;
        add_side(t, &t->sides[i]);
    }
    gtk_accessible_update_property(GTK_ACCESSIBLE(t), GTK_ACCESSIBLE_PROPERTY_LABEL, "Both sides of the cut", -1);
}

GtkWidget *kerf_two_up_new(KerfWindow *window)
{
    KerfTwoUp *t = g_object_new(KERF_TYPE_TWO_UP, NULL);
    t->window = window;
    return GTK_WIDGET(t);
}

/* ---- The bar ---- */

static GtkWidget *text_button(KerfWindow *window, const char *action, const char *text)
{
    GtkWidget *button = kerf_action_button(window, action, "");
    gtk_button_set_child(GTK_BUTTON(button), gtk_label_new(text)); /* a label of the button's own would be its name */
    return button;
}

GtkWidget *kerf_trim_bar_new(KerfWindow *window)
{
    static const char *const steps[][2] = {{"trim-back-many", "−5"}, {"trim-back", "−1"}, {"trim-forward", "+1"},
                                           {"trim-forward-many", "+5"}};
    static const char *const sides[][2] = {{"trim-outgoing", "kerf-trim-outgoing-symbolic"},
                                           {"trim-both", "kerf-tool-roll-symbolic"},
                                           {"trim-incoming", "kerf-trim-incoming-symbolic"}};
    GtkWidget *bar = gtk_center_box_new(), *left = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
    GtkWidget *middle = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0), *right = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
    for (guint i = 0; i < G_N_ELEMENTS(sides); i++)
        gtk_box_append(GTK_BOX(left), kerf_action_button(window, sides[i][0], sides[i][1]));
    for (guint i = 0; i < G_N_ELEMENTS(steps); i++)
        gtk_box_append(GTK_BOX(middle), text_button(window, steps[i][0], steps[i][1]));
    gtk_box_append(GTK_BOX(right), kerf_action_button(window, "trim-play", "kerf-play-in-out-symbolic"));
    gtk_box_append(GTK_BOX(right), kerf_action_button(window, "sequence-transition", "kerf-tr-dissolve-symbolic"));
    gtk_box_append(GTK_BOX(right), text_button(window, "trim-edit", "Done"));
    gtk_center_box_set_start_widget(GTK_CENTER_BOX(bar), left);
    gtk_center_box_set_center_widget(GTK_CENTER_BOX(bar), middle);
    gtk_center_box_set_end_widget(GTK_CENTER_BOX(bar), right);
    gtk_widget_add_css_class(bar, "toolbar-tight");
    gtk_widget_add_css_class(bar, "trim-bar");
    return bar;
}
