/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "area.h"

#include <adwaita.h>
#include <math.h>

#include "app.h"
#include "cursors.h"
#include "drops.h"
#include "ruler.h"
#include "workers.h"

enum { VIEW_CHANGED, TOOL_CHANGED, SIGNALS };
static guint signals[SIGNALS];
enum { TEXTS_A_FRAME = 40 };

G_DEFINE_FINAL_TYPE(KerfTimelineArea, kerf_timeline_area, GTK_TYPE_GL_AREA)

void kerf_timeline_area_redraw(KerfTimelineArea *area)
{
    gtk_gl_area_queue_render(GTK_GL_AREA(area));
}

void kerf_timeline_area_view_changed(KerfTimelineArea *area)
{
    kt_view_clamp(&area->view);
    if (area->window) kerf_timeline_area_store(area);
    g_signal_emit(area, signals[VIEW_CHANGED], 0);
    kerf_timeline_area_redraw(area);
}

kt_hit_query kerf_timeline_area_query(KerfTimelineArea *area)
{
    return (kt_hit_query){kerf_document_film(area->document), kerf_document_sequence(area->document),
                          kerf_document_sequence_info(area->document), &area->view};
}

kf_time kerf_timeline_area_frame(KerfTimelineArea *area)
{
    return MAX(kf_sequence_frame_time(kerf_document_sequence_info(area->document), 1), 1);
}

/* ---- Rows ---- */

static double height_of(void *context, const kf_track_info *track)
{
    KerfTimelineArea *area = context;
    double usual = track->audio ? KT_ROW_AUDIO : KT_ROW_VIDEO;
    double *own = g_hash_table_lookup(area->heights, &track->uid);
    if (own) return *own;
    own = g_new(double, 1);
    *own = kerf_timeline_area_stored_height(area, track->uid, usual);
    g_hash_table_insert(area->heights, g_memdup2(&track->uid, sizeof track->uid), own);
    return *own;
}

void kerf_timeline_area_rows_changed(KerfTimelineArea *area)
{
    kt_view_set_tracks(&area->view, kerf_document_film(area->document), kerf_document_sequence(area->document),
                       height_of, area);
    kerf_timeline_area_view_changed(area);
}

void kerf_timeline_area_set_height(KerfTimelineArea *area, uint64_t track, double height)
{
    double *own = g_new(double, 1);
    *own = round(CLAMP(height, KT_ROW_MIN, KT_ROW_MAX));
    kerf_timeline_area_store_height(area, track, *own);
    g_hash_table_insert(area->heights, g_memdup2(&track, sizeof track), own);
    kerf_timeline_area_rows_changed(area);
}

/* ---- Scrolling and zooming ---- */

void kerf_timeline_area_show_time(KerfTimelineArea *area, kf_time t, bool page)
{
    double x = kt_view_x(&area->view, t), width = area->view.width;
    if (x >= 0 && x < width) return;
    double at = !page ? width / 2 : x < 0 ? width * 0.95 : width * 0.05;
    kt_view_scroll_to(&area->view, t - kt_view_span(&area->view, at));
    kerf_timeline_area_view_changed(area);
}

void kerf_timeline_area_zoom(KerfTimelineArea *area, double factor, double x)
{
    area->fit_pending = false;
    kt_view_zoom(&area->view, factor, x, kerf_timeline_area_frame(area));
    kerf_timeline_area_view_changed(area);
}

void kerf_timeline_area_fit(KerfTimelineArea *area)
{
    area->fit_pending = false;
    kt_view_fit(&area->view, 0, kerf_document_sequence_info(area->document)->duration, kerf_timeline_area_frame(area));
    kerf_timeline_area_view_changed(area);
}

/* ---- Drawing ---- */

static bool is_selected(void *context, uint64_t id)
{
    return kerf_document_selected(context, id);
}

static void paint_rows(KerfTimelineArea *area)
{
    const kt_view *view = &area->view;
    kt_quads_clear(&area->under);
    for (int32_t i = 0; i < view->row_count; i++) {
        const kt_row *row = &view->rows[i];
        if (!kt_view_row_visible(view, row)) continue;
        double y = kt_view_row_y(view, row);
        kt_rgba color = row->audio ? area->theme.audio_row : area->theme.video_row;
        kt_quads_rect(&area->under, KT_SOLID, (kt_rect){0, y, view->width, row->height}, color);
        kt_quads_rect(&area->under, KT_SOLID, (kt_rect){0, y + row->height - 1, view->width, 1}, area->theme.row_line);
    }
}

/* What lies over clips of a locked track, and the split. */
static void paint_over_rows(KerfTimelineArea *area)
{
    const kt_view *view = &area->view;
    kf_track_info track;
    for (int32_t i = 0; i < view->row_count; i++) {
        const kt_row *row = &view->rows[i];
        if (!kt_view_row_visible(view, row)) continue;
        if (!kf_film_track(kerf_document_film(area->document), kerf_document_sequence(area->document), row->track,
                           &track))
            continue;
        kt_rect half = kt_view_half(view, row->audio);
        double y0 = MAX(kt_view_row_y(view, row), half.y);
        double y1 = MIN(kt_view_row_y(view, row) + row->height, half.y + half.height);
        kt_rect rect = {0, y0, view->width, y1 - y0};
        if (track.hide || track.mute)
            kt_quads_rect(&area->over, KT_SOLID, rect, kt_alpha(area->theme.background, 0.55));
        if (track.lock) kt_quads_rect(&area->over, KT_HATCH, rect, kt_alpha(area->theme.locked, 0.28))->param = 12;
    }
    double split = kt_view_split_y(view);
    kt_quads_rect(&area->over, KT_SOLID, (kt_rect){0, split, view->width, KT_SPLIT}, area->theme.split);
    kt_quads_rect(&area->over, KT_SOLID, (kt_rect){view->width / 2 - 14, split + 2, 28, 2}, area->theme.tick);
}

/* The ends that are chosen. */
static void paint_chosen(KerfTimelineArea *area, const kt_marks_place *place)
{
    for (int i = 0; i < area->chosen.count; i++) {
        const kt_edge *edge = &area->chosen.edges[i];
        kf_timeline_item item;
        if (!kerf_document_find(area->document, edge->clip, &item)) continue;
        const kt_end end = {edge->kind == KT_EDGE_ROLLS ? KT_EDGE_ROLL : edge->tail ? KT_EDGE_TAIL : KT_EDGE_HEAD,
                            edge->kind == KT_EDGE_RIPPLES, kt_edge_time(area, edge, &item), item.track};
        kt_end_paint(&end, place, &area->over);
    }
}

static void paint_gap(KerfTimelineArea *area)
{
    const kt_row *row = kt_view_row_of(&area->view, area->gap_track);
    if (area->gap_to <= area->gap_from || !row || !kt_view_row_visible(&area->view, row)) return;
    double x0 = MAX(kt_view_x(&area->view, area->gap_from), -8),
           x1 = MIN(kt_view_x(&area->view, area->gap_to), area->view.width + 8);
    kt_rect rect = {x0, kt_view_row_y(&area->view, row), x1 - x0, row->height - 1};
    kt_quads_rect(&area->under, KT_SOLID, rect, kt_alpha(area->theme.selected, 0.22));
}

static void paint_over(KerfTimelineArea *area)
{
    const kt_ruler ruler = {.film = kerf_document_film(area->document),
                            .sequence = kerf_document_sequence(area->document),
                            .info = kerf_document_sequence_info(area->document),
                            .view = &area->view,
                            .theme = &area->theme,
                            .text = &area->text,
                            .playhead = kerf_document_playhead(area->document)};
    const kt_marks_place place = {&area->view, &area->theme, &area->text};
    kt_quads_clear(&area->over);
    paint_over_rows(area);
    kt_ruler_paint(&ruler, &area->over);
    kt_ruler_paint_over(&ruler, &area->over);
    paint_chosen(area, &place);
    kt_marks_paint(&area->marks, &place, &area->over);
}

static void draw(KerfTimelineArea *area, const kt_scene *scene)
{
    const kt_view *view = &area->view;
    const kt_gl_frame frame = {view->width, view->height, area->text.dpr, area->theme.background,
                               {[KT_GL_TEXT] = &area->text.texture,
                                [KT_GL_THUMB_SMALL] = &area->media.cells[KT_MEDIA_SMALL].texture,
                                [KT_GL_THUMB_LARGE] = &area->media.cells[KT_MEDIA_LARGE].texture,
                                [KT_GL_WAVE] = &area->media.cells[KT_MEDIA_WAVE].texture}};
    const kt_gl_draw whole = {1, 0, 0, {0, 0, view->width, view->height}};
    kt_gl_begin(area->gl, &frame);
    kt_gl_upload(&area->under_list, &area->under);
    kt_gl_upload(&area->over_list, &area->over);
    kt_gl_list_draw(area->gl, &area->under_list, &whole);
    kt_tracks_draw(&area->tracks, area->gl, scene);
    kt_gl_list_draw(area->gl, &area->over_list, &whole);
    kt_gl_end(area->gl);
}

static gboolean redraw_later(gpointer data)
{
    KerfTimelineArea *area = data;
    area->redraw = 0;
    kerf_timeline_area_redraw(area);
    return G_SOURCE_REMOVE;
}

static gboolean render(GtkGLArea *widget, GdkGLContext *context)
{
    KerfTimelineArea *area = KERF_TIMELINE_AREA(widget);
    if (!area->gl || !kerf_document_film(area->document)) return FALSE;
    int64_t start = kt_thread_ns();
    size_t selected;
    kerf_document_selection(area->document, &selected);
    kt_text_frame(&area->text, TEXTS_A_FRAME);
    const kt_scene scene = {.film = kerf_document_film(area->document),
                            .sequence = kerf_document_sequence(area->document),
                            .view = &area->view,
                            .theme = &area->theme,
                            .text = &area->text,
                            .media = &area->media,
                            .selected = selected ? is_selected : NULL,
                            .context = area->document,
                            .budget_ns = KT_BUDGET_NS};
    paint_rows(area);
    paint_gap(area);
    bool more = kt_tracks_prepare(&area->tracks, &scene);
    paint_over(area);
    area->frame_ns = kt_thread_ns() - start;
    area->playhead_x = kt_view_x(&area->view, kerf_document_playhead(area->document));
    draw(area, &scene);
    if (more && !area->redraw) area->redraw = g_timeout_add(12, redraw_later, area);
    return TRUE;
}

/* ---- Looks ---- */

static void update_font(KerfTimelineArea *area)
{
    PangoContext *context = gtk_widget_get_pango_context(GTK_WIDGET(area));
    PangoFontDescription *font = pango_font_description_copy(pango_context_get_font_description(context));
    pango_font_description_set_absolute_size(font, 11 * PANGO_SCALE);
    char *text = pango_font_description_to_string(font);
    kt_text_set_font(&area->text, text, gtk_widget_get_scale_factor(GTK_WIDGET(area)));
    g_free(text);
    pango_font_description_free(font);
}

static void update_theme(KerfTimelineArea *area)
{
    AdwStyleManager *style = adw_style_manager_get_default();
    area->theme = kt_theme_get(adw_style_manager_get_dark(style), adw_style_manager_get_high_contrast(style));
    kt_tracks_changed(&area->tracks);
    kerf_timeline_area_redraw(area);
}

static void style_changed(GObject *style, GParamSpec *spec, gpointer data)
{
    update_theme(data);
}

static void scale_changed(GObject *object, GParamSpec *spec, gpointer data)
{
    update_font(data);
    kerf_timeline_area_redraw(data);
}

/* ---- The widget ---- */

static void realize(GtkWidget *widget)
{
    KerfTimelineArea *area = KERF_TIMELINE_AREA(widget);
    GTK_WIDGET_CLASS(kerf_timeline_area_parent_class)->realize(widget);
    gtk_gl_area_make_current(GTK_GL_AREA(widget));
    if (gtk_gl_area_get_error(GTK_GL_AREA(widget))) return;
    char *message = NULL;
    area->gl = kt_gl_create(gdk_gl_context_get_use_es(gtk_gl_area_get_context(GTK_GL_AREA(widget))), &message);
    if (!area->gl) {
        GError *error = g_error_new_literal(GDK_GL_ERROR, GDK_GL_ERROR_COMPILATION_FAILED, message ? message : "no GL");
        gtk_gl_area_set_error(GTK_GL_AREA(widget), error);
        g_error_free(error);
    }
    g_free(message);
    update_font(area);
}

static void drop_gl(KerfTimelineArea *area)
{
    gtk_gl_area_make_current(GTK_GL_AREA(area));
    bool gl = !gtk_gl_area_get_error(GTK_GL_AREA(area));
    kt_tracks_drop_gl(&area->tracks, gl);
    if (gl) {
        kt_gl_list_finish(&area->under_list);
        kt_gl_list_finish(&area->over_list);
        kt_gl_drop_texture(&area->text.texture);
        for (int i = 0; i < KT_MEDIA_KINDS; i++) kt_gl_drop_texture(&area->media.cells[i].texture);
        kt_gl_destroy(area->gl);
    }
    kt_media_forget_cells(&area->media);
    area->gl = NULL;
}

static void unrealize(GtkWidget *widget)
{
    drop_gl(KERF_TIMELINE_AREA(widget));
    GTK_WIDGET_CLASS(kerf_timeline_area_parent_class)->unrealize(widget);
}

static void first_look(KerfTimelineArea *area)
{
    if (kerf_timeline_area_restore(area)) {
        area->fit_pending = false;
    } else {
        kt_view_fit(&area->view, 0, kerf_document_sequence_info(area->document)->duration,
                    kerf_timeline_area_frame(area));
    }
}

static gboolean tell_later(gpointer data)
{
    KerfTimelineArea *area = data;
    area->told = 0;
    kerf_timeline_area_view_changed(area);
    return G_SOURCE_REMOVE;
}

/* Widgets beside the area take its view's numbers in the same pass (they are allocated after it), but are changed after
 * it only. Not by the "resize" signal: that comes while drawing, too late for the widgets beside the area. */
static void size_allocate(GtkWidget *widget, int width, int height, int baseline)
{
    KerfTimelineArea *area = KERF_TIMELINE_AREA(widget);
    GTK_WIDGET_CLASS(kerf_timeline_area_parent_class)->size_allocate(widget, width, height, baseline);
    if (area->view.width == width && area->view.height == height) return;
    area->view.width = MAX(width, 1);
    area->view.height = MAX(height, 1);
    if (area->fit_pending) first_look(area);
    kt_view_clamp(&area->view);
    kerf_timeline_area_redraw(area);
    if (!area->told) area->told = g_idle_add_full(G_PRIORITY_HIGH_IDLE, tell_later, area, NULL);
}

static void dispose(GObject *object)
{
    KerfTimelineArea *area = KERF_TIMELINE_AREA(object);
    if (area->document) kt_drag_end(area, true);
    g_clear_handle_id(&area->redraw, g_source_remove);
    g_clear_handle_id(&area->told, g_source_remove);
    if (area->document) g_signal_handlers_disconnect_by_data(area->document, area);
    g_signal_handlers_disconnect_by_data(adw_style_manager_get_default(), area);
    g_clear_object(&area->document);
    G_OBJECT_CLASS(kerf_timeline_area_parent_class)->dispose(object);
}

static void finalize(GObject *object)
{
    KerfTimelineArea *area = KERF_TIMELINE_AREA(object);
    kt_tracks_finish(&area->tracks, false);
    kt_text_finish(&area->text);
    kt_media_finish(&area->media);
    g_clear_object(&area->worker);
    kt_quads_finish(&area->under);
    kt_quads_finish(&area->over);
    kt_view_finish(&area->view);
    g_hash_table_unref(area->heights);
    G_OBJECT_CLASS(kerf_timeline_area_parent_class)->finalize(object);
}

static void kerf_timeline_area_class_init(KerfTimelineAreaClass *class)
{
    GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);
    G_OBJECT_CLASS(class)->dispose = dispose;
    G_OBJECT_CLASS(class)->finalize = finalize;
    widget->realize = realize;
    widget->unrealize = unrealize;
    widget->size_allocate = size_allocate;
    GTK_GL_AREA_CLASS(class)->render = render;
    gtk_widget_class_set_css_name(widget, "timeline");
    gtk_widget_class_set_accessible_role(widget, GTK_ACCESSIBLE_ROLE_GROUP);
    GType type = G_TYPE_FROM_CLASS(class);
    signals[VIEW_CHANGED] = g_signal_new("view-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
    signals[TOOL_CHANGED] = g_signal_new("tool-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void kerf_timeline_area_init(KerfTimelineArea *area)
{
    kt_view_init(&area->view);
    kt_text_init(&area->text);
    kt_tracks_init(&area->tracks);
    kt_marks_clear(&area->marks);
    area->heights = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    area->tool = kt_tools[0];
    area->fit_pending = true;
    gtk_gl_area_set_auto_render(GTK_GL_AREA(area), FALSE);
    gtk_gl_area_set_required_version(GTK_GL_AREA(area), 3, 2);
    gtk_widget_set_focusable(GTK_WIDGET(area), TRUE);
    gtk_widget_set_focus_on_click(GTK_WIDGET(area), TRUE);
    gtk_widget_set_hexpand(GTK_WIDGET(area), TRUE);
    gtk_widget_set_vexpand(GTK_WIDGET(area), TRUE);
    g_signal_connect(area, "notify::scale-factor", G_CALLBACK(scale_changed), area);
    kerf_timeline_area_add_controllers(area);
    kt_drops_add(area);
}

/* ---- Following the document ---- */

static bool touches_rows(KerfTimelineArea *area, const kf_project_change *change)
{
    bool ours = change->sequence == kerf_document_sequence_info(area->document)->uid;
    return ours && change->kind == KF_PROJECT_TRACKS_CHANGED;
}

static bool touches_all(const kf_project_change *change)
{
    return change->kind == KF_PROJECT_ASSET_CHANGED || change->kind == KF_PROJECT_ASSET_ADDED ||
           change->kind == KF_PROJECT_ASSET_REMOVED || change->kind == KF_PROJECT_SEQUENCE_CHANGED ||
           change->kind == KF_PROJECT_SEQUENCE_REMOVED;
}

/* Tracks notice by their versions; what else they show does not change those. */
static void document_changed(KerfDocument *document, const kf_project_change *changes, guint count,
                             KerfTimelineArea *area)
{
    bool rows = false, all = false;
    area->gap_to = area->gap_from;
    for (guint i = 0; i < count; i++) {
        rows |= touches_rows(area, &changes[i]);
        all |= touches_all(&changes[i]);
    }
    if (all) kt_media_forget_files(&area->media);
    if (all) kt_tracks_changed(&area->tracks);
    if (rows || area->view.row_count != kerf_document_sequence_info(document)->tracks)
        kerf_timeline_area_rows_changed(area);
    kerf_timeline_area_view_changed(area); /* its length may be another */
    if (!area->drag.action) kerf_timeline_area_update_cursor(area);
    kt_sides_update(area);
    kerf_timeline_area_speak(area);
}

static void sequence_changed(KerfDocument *document, KerfTimelineArea *area)
{
    kt_drag_end(area, true);
    kt_tracks_changed(&area->tracks);
    area->shown = 0; /* what is shown by now is the other one's */
    kerf_timeline_area_rows_changed(area);
    if (!kerf_timeline_area_restore(area)) kerf_timeline_area_fit(area);
    kerf_timeline_area_view_changed(area);
}

static void selection_changed(KerfDocument *document, KerfTimelineArea *area)
{
    size_t count;
    kerf_document_selection(document, &count);
    if (count) area->gap_to = area->gap_from;
    kt_chosen_prune(area);
    kt_tracks_changed(&area->tracks);
    kerf_timeline_area_speak(area);
    kerf_timeline_area_redraw(area);
}

static void playhead_changed(KerfDocument *document, KerfTimelineArea *area)
{
    bool was_seen = area->playhead_x >= 0 && area->playhead_x < area->view.width;
    if (was_seen && !area->drag.action) kerf_timeline_area_show_time(area, kerf_document_playhead(document), true);
    kerf_timeline_area_redraw(area);
}

static void worker_event(KerfWorker *worker, int kind, const char *path, gboolean done, KerfTimelineArea *area)
{
    bool ours = kind == KF_WORK_THUMBNAIL || kind == KF_WORK_PEAKS || kind == KF_WORK_CHANGED;
    if (!ours) return;
    area->media.news++;
    if (kind == KF_WORK_CHANGED) kt_media_forget_cells(&area->media);
    kerf_timeline_area_redraw(area);
}

static void follow_worker(KerfTimelineArea *area)
{
    KerfWorker *worker = kerf_app_worker(kerf_window_app(area->window));
    kt_media_init(&area->media, worker ? kerf_worker_get(worker) : NULL);
    if (!worker) return;
    area->worker = g_object_ref(G_OBJECT(worker));
    g_signal_connect_object(worker, "event", G_CALLBACK(worker_event), area, 0);
}

GtkWidget *kerf_timeline_area_new(KerfWindow *window)
{
    KerfTimelineArea *area = g_object_new(KERF_TYPE_TIMELINE_AREA, NULL);
    area->window = window;
    area->document = g_object_ref(kerf_window_document(window));
    follow_worker(area);
    g_signal_connect(area->document, "changed", G_CALLBACK(document_changed), area);
    g_signal_connect(area->document, "sequence-changed", G_CALLBACK(sequence_changed), area);
    g_signal_connect(area->document, "selection-changed", G_CALLBACK(selection_changed), area);
    g_signal_connect(area->document, "playhead-changed", G_CALLBACK(playhead_changed), area);
    g_signal_connect(adw_style_manager_get_default(), "notify::dark", G_CALLBACK(style_changed), area);
    g_signal_connect(adw_style_manager_get_default(), "notify::high-contrast", G_CALLBACK(style_changed), area);
    update_theme(area);
    kerf_timeline_area_rows_changed(area);
    kerf_timeline_area_speak(area);
    return GTK_WIDGET(area);
}

void kerf_timeline_area_set_tool(KerfTimelineArea *area, const kt_tool *tool)
{
    if (area->tool == tool) return;
    kt_drag_end(area, true);
    area->tool = tool;
    kt_marks_clear(&area->marks);
    kerf_timeline_area_update_cursor(area);
    kerf_timeline_area_redraw(area);
    g_signal_emit(area, signals[TOOL_CHANGED], 0);
}
