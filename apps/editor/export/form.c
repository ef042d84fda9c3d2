/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "form.h"

#include <string.h>

#include "dialogs.h"

enum { QUALITY_PRESET, QUALITY_CRF, QUALITY_RATE };

struct _KerfExportForm {
    GtkBox parent;
    KerfWindow *window;
    GtkSizeGroup *labels;
    GtkWidget *preset, *help, *path, *range, *size, *width, *height, *rate, *video, *quality, *amount, *unit, *audio, *sound,
        *missing;
    GtkWidget *picture_rows, *own_size, *quality_row, *sound_row; /* shown when they apply */
    GPtrArray *videos, *audios; /* names of codecs in the choices; the first is NULL: the preset's */
    gboolean filling;         /* values are being set: nothing is to be told */
};

static guint changed_signal;

G_DEFINE_FINAL_TYPE(KerfExportForm, kerf_export_form, GTK_TYPE_BOX)

/* ---- What can be chosen ---- */

static const int sizes[][2] = {{3840, 2160}, {2560, 1440}, {1920, 1080}, {1280, 720}, {854, 480}, {1080, 1920}, {1080, 1080}};
static const kf_rational rates[] = {{24000, 1001}, {24, 1}, {25, 1}, {30000, 1001}, {30, 1}, {48, 1}, {50, 1}, {60000, 1001}, {60, 1}};
static const int sound_rates[] = {96, 128, 160, 192, 256, 320}; /* kbit/s */

static guint chosen(GtkWidget *drop) { return gtk_drop_down_get_selected(GTK_DROP_DOWN(drop)); }

/* Keeps the place of what is chosen. */
static void set_choices(GtkWidget *drop, GPtrArray *texts)
{
    const guint at = chosen(drop);
    g_ptr_array_add(texts, NULL);
    g_autoptr(GtkStringList) list = gtk_string_list_new((const char *const *)texts->pdata);
    gtk_drop_down_set_model(GTK_DROP_DOWN(drop), G_LIST_MODEL(list));
    gtk_drop_down_set_selected(GTK_DROP_DOWN(drop), at < texts->len - 1 ? at : 0);
    g_ptr_array_unref(texts);
}

static GPtrArray *texts_new(void) { return g_ptr_array_new_with_free_func(g_free); }

static kf_export_preset_info preset_of(KerfExportForm *f)
{
    kf_export_preset_info preset = {0};
    if (!kf_catalog_export_preset((int32_t)chosen(f->preset), &preset)) kf_catalog_export_preset(0, &preset);
    return preset;
}

static const kf_sequence_info *sequence_of(KerfExportForm *f)
{
    return kerf_document_sequence_info(kerf_window_document(f->window));
}

/* ---- Choices that depend on the preset ---- */

static void fill_sizes(KerfExportForm *f, const kf_export_preset_info *p)
{
    const kf_sequence_info *s = sequence_of(f);
    GPtrArray *texts = texts_new();
    g_ptr_array_add(texts, p->width && p->height ? g_strdup_printf("%d × %d (preset)", p->width, p->height)
                           : p->width            ? g_strdup_printf("%d wide (preset)", p->width)
                                                 : g_strdup_printf("%d × %d (sequence)", s->width, s->height));
    for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
        g_ptr_array_add(texts, g_strdup_printf("%d × %d", sizes[i][0], sizes[i][1]));
    }
    g_ptr_array_add(texts, g_strdup("Other"));
    set_choices(f->size, texts);
}

static void fill_rates(KerfExportForm *f, const kf_export_preset_info *p)
{
    GPtrArray *texts = texts_new();
    char text[16];
    kerf_rate_text(p->rate.num ? p->rate : sequence_of(f)->rate, text);
    g_ptr_array_add(texts, g_strdup_printf("%s (%s)", text, p->rate.num ? "preset" : "sequence"));
    for (size_t i = 0; i < G_N_ELEMENTS(rates); i++) {
        kerf_rate_text(rates[i], text);
        g_ptr_array_add(texts, g_strdup(text));
    }
    set_choices(f->rate, texts);
}

static char *codec_text(const char *name, gboolean preset)
{
    kf_codec_desc codec;
    const char *label = strcmp(name, "none") == 0 ? "None" : kerf_find_codec(name, &codec) ? codec.label : name;
    return preset ? g_strdup_printf("%s (preset)", label) : g_strdup(label);
}

static void fill_codecs(GtkWidget *drop, GPtrArray *names, const char *of_preset, const char *const *carried)
{
    GPtrArray *texts = texts_new();
    kf_codec_desc codec;
    g_ptr_array_set_size(names, 0);
    g_ptr_array_add(names, NULL);
    g_ptr_array_add(texts, codec_text(of_preset, TRUE));
    for (; *carried; carried++) {
        if (strcmp(*carried, of_preset) == 0 || !kerf_find_codec(*carried, &codec) || !codec.available) continue;
        g_ptr_array_add(names, (gpointer)*carried);
        g_ptr_array_add(texts, codec_text(*carried, FALSE));
    }
    if (strcmp(of_preset, "none") != 0) {
        g_ptr_array_add(names, (gpointer) "none");
        g_ptr_array_add(texts, g_strdup("None"));
    }
    gtk_drop_down_set_selected(GTK_DROP_DOWN(drop), 0); /* those of another container are others */
    set_choices(drop, texts);
}

static void fill_sound_rates(KerfExportForm *f, const kf_export_preset_info *p)
{
    GPtrArray *texts = texts_new();
    g_ptr_array_add(texts, p->audio_bitrate ? g_strdup_printf("%d kbit/s (preset)", (int)(p->audio_bitrate / 1000))
                                            : g_strdup("Default"));
    for (size_t i = 0; i < G_N_ELEMENTS(sound_rates); i++) {
        g_ptr_array_add(texts, g_strdup_printf("%d kbit/s", sound_rates[i]));
    }
    set_choices(f->sound, texts);
}

static void fill_quality(KerfExportForm *f, const kf_export_preset_info *p)
{
    GPtrArray *texts = texts_new();
    g_ptr_array_add(texts, p->crf >= 0 ? g_strdup_printf("CRF %d (preset)", p->crf) : g_strdup("As the preset"));
    g_ptr_array_add(texts, g_strdup("Constant quality"));
    g_ptr_array_add(texts, g_strdup("Bit rate"));
    set_choices(f->quality, texts);
}

/* ---- What applies ---- */

static const char *codec_of(KerfExportForm *f, gboolean audio)
{
    GPtrArray *names = audio ? f->audios : f->videos;
    const guint at = chosen(audio ? f->audio : f->video);
    return at < names->len ? names->pdata[at] : NULL;
}

static void set_amount(KerfExportForm *f, const kf_codec_desc *codec)
{
    const guint mode = chosen(f->quality);
    GtkSpinButton *spin = GTK_SPIN_BUTTON(f->amount);
    GtkAdjustment *range = gtk_spin_button_get_adjustment(spin);
    const double low = mode == QUALITY_CRF ? codec->crf_min : 0.1, high = mode == QUALITY_CRF ? codec->crf_max : 1000;
    gtk_widget_set_visible(f->amount, mode != QUALITY_PRESET);
    gtk_widget_set_visible(f->unit, mode == QUALITY_RATE);
    if (mode == QUALITY_PRESET || (gtk_adjustment_get_lower(range) == low && gtk_adjustment_get_upper(range) == high)) return;
    gtk_spin_button_set_digits(spin, mode == QUALITY_CRF ? 0 : 1);
    gtk_spin_button_set_increments(spin, 1, 5);
    gtk_spin_button_set_range(spin, low, high);
    gtk_spin_button_set_value(spin, mode == QUALITY_CRF ? codec->crf_default : 16);
}

static void show_what_applies(KerfExportForm *f)
{
    const kf_sequence_info *s = sequence_of(f);
    KerfExport e;
    kf_codec_desc video = {0}, audio = {0};
    kerf_export_form_get(f, &e);
    const gboolean pictures = kerf_find_codec(kerf_export_codec(&e, FALSE), &video);
    const gboolean sound = kerf_find_codec(kerf_export_codec(&e, TRUE), &audio);
    gtk_widget_set_visible(f->picture_rows, pictures);
    gtk_widget_set_visible(f->quality_row, pictures && video.crf_max > 0);
    gtk_widget_set_visible(f->own_size, pictures && chosen(f->size) == G_N_ELEMENTS(sizes) + 1);
    gtk_widget_set_visible(f->sound_row, sound && !audio.lossless);
    gtk_widget_set_sensitive(f->range, s->mark_in != KF_TIME_NONE || s->mark_out != KF_TIME_NONE);
    set_amount(f, &video);
}

static void fill(KerfExportForm *f)
{
    const kf_export_preset_info p = preset_of(f);
    kf_container_desc c;
    f->filling = TRUE;
    gtk_label_set_text(GTK_LABEL(f->help), p.help);
    fill_sizes(f, &p);
    fill_rates(f, &p);
    fill_quality(f, &p);
    fill_sound_rates(f, &p);
    if (kerf_find_container(p.container, &c)) {
        fill_codecs(f->video, f->videos, p.video_codec, c.video);
        fill_codecs(f->audio, f->audios, p.audio_codec, c.audio);
    }
    f->filling = FALSE;
}

/* ---- Kept with the view ---- */

typedef struct Kept {
    const char *key;
    size_t widget;            /* where it is in the form */
} Kept;

static const Kept kept_choices[] = {
    {"range", G_STRUCT_OFFSET(KerfExportForm, range)},     {"size", G_STRUCT_OFFSET(KerfExportForm, size)},
    {"rate", G_STRUCT_OFFSET(KerfExportForm, rate)},       {"video", G_STRUCT_OFFSET(KerfExportForm, video)},
    {"quality", G_STRUCT_OFFSET(KerfExportForm, quality)}, {"audio", G_STRUCT_OFFSET(KerfExportForm, audio)},
    {"sound", G_STRUCT_OFFSET(KerfExportForm, sound)},
};
static const Kept kept_numbers[] = {
    {"width", G_STRUCT_OFFSET(KerfExportForm, width)},
    {"height", G_STRUCT_OFFSET(KerfExportForm, height)},
    {"amount", G_STRUCT_OFFSET(KerfExportForm, amount)},
};

static GtkWidget *kept_widget(KerfExportForm *f, const Kept *kept) { return G_STRUCT_MEMBER(GtkWidget *, f, kept->widget); }

static void store(KerfExportForm *f)
{
    GKeyFile *view = kerf_window_view(f->window);
    if (!view) return;
    g_key_file_set_string(view, "export", "preset", preset_of(f).name);
    g_key_file_set_string(view, "export", "path", gtk_editable_get_text(GTK_EDITABLE(f->path)));
    g_key_file_set_boolean(view, "export", "missing", gtk_check_button_get_active(GTK_CHECK_BUTTON(f->missing)));
    for (size_t i = 0; i < G_N_ELEMENTS(kept_choices); i++) {
        g_key_file_set_integer(view, "export", kept_choices[i].key, (int)chosen(kept_widget(f, &kept_choices[i])));
    }
    for (size_t i = 0; i < G_N_ELEMENTS(kept_numbers); i++) {
        GtkSpinButton *spin = GTK_SPIN_BUTTON(kept_widget(f, &kept_numbers[i]));
        g_key_file_set_double(view, "export", kept_numbers[i].key, gtk_spin_button_get_value(spin));
    }
    kerf_window_view_changed(f->window);
}

static char *first_path(KerfExportForm *f)
{
    KerfDocument *document = kerf_window_document(f->window);
    const char *videos = g_get_user_special_dir(G_USER_DIRECTORY_VIDEOS);
    g_autofree char *beside = g_path_get_dirname(kerf_document_path(document));
    g_autofree char *full = g_canonicalize_filename(beside, NULL);
    g_autofree char *name = g_strdup(kerf_document_title(document));
    const kf_export_preset_info p = preset_of(f);
    g_strdelimit(name, "/", '-');
    g_autofree char *path =
        g_build_filename(kerf_document_untitled(document) ? videos ? videos : g_get_home_dir() : full, name, NULL);
    return kerf_export_path(path, &p);
}

/* With its end in sight, where the name is. */
static void set_path(KerfExportForm *f, const char *path)
{
    gtk_editable_set_text(GTK_EDITABLE(f->path), path);
    gtk_editable_set_position(GTK_EDITABLE(f->path), -1);
}

static void restore_preset(KerfExportForm *f, GKeyFile *view)
{
    g_autofree char *name = g_key_file_get_string(view, "export", "preset", NULL);
    kf_export_preset_info p;
    for (int32_t i = 0; name && kf_catalog_export_preset(i, &p); i++) {
        if (strcmp(p.name, name) == 0) gtk_drop_down_set_selected(GTK_DROP_DOWN(f->preset), (guint)i);
    }
}

static void restore_numbers(KerfExportForm *f, GKeyFile *view)
{
    for (size_t i = 0; i < G_N_ELEMENTS(kept_numbers); i++) {
        const double number = g_key_file_get_double(view, "export", kept_numbers[i].key, NULL);
        if (number > 0) gtk_spin_button_set_value(GTK_SPIN_BUTTON(kept_widget(f, &kept_numbers[i])), number);
    }
}

static void restore(KerfExportForm *f)
{
    GKeyFile *view = kerf_window_view(f->window);
    g_autofree char *stored = g_key_file_get_string(view, "export", "path", NULL);
    f->filling = TRUE;
    restore_preset(f, view);
    fill(f);
    f->filling = TRUE;
    g_autofree char *path = stored ? g_strdup(stored) : first_path(f);
    set_path(f, path);
    gtk_check_button_set_active(GTK_CHECK_BUTTON(f->missing), g_key_file_get_boolean(view, "export", "missing", NULL));
    for (size_t i = 0; i < G_N_ELEMENTS(kept_choices); i++) {
        const int at = g_key_file_get_integer(view, "export", kept_choices[i].key, NULL);
        GtkDropDown *drop = GTK_DROP_DOWN(kept_widget(f, &kept_choices[i]));
        if (at > 0 && at < (int)g_list_model_get_n_items(gtk_drop_down_get_model(drop))) gtk_drop_down_set_selected(drop, (guint)at);
    }
    show_what_applies(f);
    restore_numbers(f, view);
    f->filling = FALSE;
}

/* ---- What happens ---- */

static void changed(KerfExportForm *f)
{
    if (f->filling) return;
    show_what_applies(f);
    store(f);
    g_signal_emit(f, changed_signal, 0);
}

static void preset_chosen(GObject *object, GParamSpec *spec, gpointer data)
{
    KerfExportForm *f = data;
    const kf_export_preset_info p = preset_of(f);
    if (f->filling) return;
    g_autofree char *path = kerf_export_path(gtk_editable_get_text(GTK_EDITABLE(f->path)), &p);
    fill(f);
    set_path(f, path);
    changed(f);
}

static void choice_changed(GObject *object, GParamSpec *spec, gpointer data) { changed(data); }
static void value_changed(GtkWidget *widget, gpointer data) { changed(data); }

static void path_changed(GtkEditable *path, gpointer data)
{
    gtk_widget_set_tooltip_text(GTK_WIDGET(path), gtk_editable_get_text(path));
    changed(data);
}

static void file_chosen(KerfWindow *window, const char *path)
{
    GtkWidget *panel = kerf_window_panel(window, "export");
    KerfExportForm *f = panel ? g_object_get_data(G_OBJECT(panel), "form") : NULL;
    if (!f) return;
    const kf_export_preset_info p = preset_of(f);
    g_autofree char *full = kerf_export_path(path, &p);
    set_path(f, full);
}

static void choose_clicked(GtkButton *button, gpointer data)
{
    KerfExportForm *f = data;
    g_autofree char *name = g_path_get_basename(gtk_editable_get_text(GTK_EDITABLE(f->path)));
    const KerfFileDialog dialog = {.title = "Export To", .accept = "_Choose", .save = TRUE, .name = name};
    kerf_choose_file(f->window, &dialog, file_chosen);
}

static void get_size(KerfExportForm *f, KerfExport *out)
{
    const guint at = chosen(f->size);
    if (at == 0) return;
    const gboolean own = at > G_N_ELEMENTS(sizes);
    out->width = own ? gtk_spin_button_get_value_as_int(GTK_SPIN_BUTTON(f->width)) : sizes[at - 1][0];
    out->height = own ? gtk_spin_button_get_value_as_int(GTK_SPIN_BUTTON(f->height)) : sizes[at - 1][1];
}

void kerf_export_form_get(KerfExportForm *f, KerfExport *out)
{
    const double amount = gtk_spin_button_get_value(GTK_SPIN_BUTTON(f->amount));
    *out = (KerfExport){.preset = preset_of(f), .path = gtk_editable_get_text(GTK_EDITABLE(f->path)), .crf = -1};
    out->marked = chosen(f->range) == 1;
    out->allow_missing = gtk_check_button_get_active(GTK_CHECK_BUTTON(f->missing));
    out->video_codec = codec_of(f, FALSE);
    out->audio_codec = codec_of(f, TRUE);
    if (strcmp(kerf_export_codec(out, FALSE), "none") != 0) {
        get_size(f, out);
        if (chosen(f->rate) > 0) out->rate = rates[chosen(f->rate) - 1];
        if (chosen(f->quality) == QUALITY_CRF) out->crf = (int32_t)amount;
        if (chosen(f->quality) == QUALITY_RATE) out->video_bitrate = (int64_t)(amount * 1e6);
    }
    if (chosen(f->sound) > 0) out->audio_bitrate = (int64_t)sound_rates[chosen(f->sound) - 1] * 1000;
}

/* ---- Building it ---- */

static GtkWidget *row_new(KerfExportForm *f, const char *label, GtkWidget *content)
{
    GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8), *text = gtk_label_new(label);
    gtk_label_set_xalign(GTK_LABEL(text), 0);
    gtk_widget_add_css_class(text, "dim-label");
    gtk_size_group_add_widget(f->labels, text);
    gtk_widget_set_hexpand(content, TRUE);
    gtk_box_append(GTK_BOX(row), text);
    gtk_box_append(GTK_BOX(row), content);
    return row;
}

static void name(GtkWidget *widget, const char *label)
{
    gtk_accessible_update_property(GTK_ACCESSIBLE(widget), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static GtkWidget *drop_new(KerfExportForm *f, const char *label, const char *const *texts)
{
    GtkWidget *drop = gtk_drop_down_new_from_strings(texts);
    name(drop, label);
    g_signal_connect(drop, "notify::selected", G_CALLBACK(choice_changed), f);
    return drop;
}

static GtkWidget *empty_drop_new(KerfExportForm *f, const char *label)
{
    static const char *const none[] = {"", NULL};
    return drop_new(f, label, none);
}

static GtkWidget *spin_new(KerfExportForm *f, const char *label, double value)
{
    GtkWidget *spin = gtk_spin_button_new_with_range(16, 16384, 2);
    gtk_spin_button_set_value(GTK_SPIN_BUTTON(spin), value);
    name(spin, label);
    g_signal_connect(spin, "value-changed", G_CALLBACK(value_changed), f);
    return spin;
}

static GtkWidget *preset_new(KerfExportForm *f)
{
    g_autoptr(GtkStringList) list = gtk_string_list_new(NULL);
    kf_export_preset_info p;
    for (int32_t i = 0; kf_catalog_export_preset(i, &p); i++) {
        gtk_string_list_append(list, p.label);
    }
    f->preset = gtk_drop_down_new(g_object_ref(G_LIST_MODEL(list)), NULL);
    name(f->preset, "Preset");
    g_signal_connect(f->preset, "notify::selected", G_CALLBACK(preset_chosen), f);
    return f->preset;
}

static GtkWidget *file_new(KerfExportForm *f)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 4), *choose = gtk_button_new_from_icon_name("folder-open-symbolic");
    f->path = gtk_entry_new();
    gtk_widget_set_hexpand(f->path, TRUE);
    name(f->path, "File");
    name(choose, "Choose File");
    gtk_widget_set_tooltip_text(choose, "Choose where the file goes");
    g_signal_connect(f->path, "changed", G_CALLBACK(path_changed), f);
    g_signal_connect(choose, "clicked", G_CALLBACK(choose_clicked), f);
    gtk_box_append(GTK_BOX(box), f->path);
    gtk_box_append(GTK_BOX(box), choose);
    return box;
}

static GtkWidget *own_size_new(KerfExportForm *f)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 4);
    f->width = spin_new(f, "Width", 1920);
    f->height = spin_new(f, "Height", 1080);
    gtk_box_append(GTK_BOX(box), f->width);
    gtk_box_append(GTK_BOX(box), gtk_label_new("×"));
    gtk_box_append(GTK_BOX(box), f->height);
    return f->own_size = row_new(f, "", box);
}

static GtkWidget *quality_new(KerfExportForm *f)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 4);
    f->quality = empty_drop_new(f, "Quality");
    f->amount = spin_new(f, "Amount of quality", 20);
    f->unit = gtk_label_new("Mbit/s");
    gtk_widget_set_hexpand(f->quality, TRUE);
    gtk_box_append(GTK_BOX(box), f->quality);
    gtk_box_append(GTK_BOX(box), f->amount);
    gtk_box_append(GTK_BOX(box), f->unit);
    return f->quality_row = row_new(f, "Quality", box);
}

static GtkWidget *heading_new(const char *text)
{
    GtkWidget *label = gtk_label_new(text);
    gtk_label_set_xalign(GTK_LABEL(label), 0);
    gtk_widget_add_css_class(label, "kerf-heading");
    return label;
}

static void append(GtkWidget *box, GtkWidget *child) { gtk_box_append(GTK_BOX(box), child); }

static GtkWidget *picture_new(KerfExportForm *f)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 4);
    f->size = empty_drop_new(f, "Size");
    f->rate = empty_drop_new(f, "Frame rate");
    append(box, row_new(f, "Size", f->size));
    append(box, own_size_new(f));
    append(box, row_new(f, "Frames/s", f->rate));
    append(box, quality_new(f));
    return f->picture_rows = box;
}

static void build(KerfExportForm *f)
{
    static const char *const ranges[] = {"Whole sequence", "From in to out", NULL};
    GtkWidget *box = GTK_WIDGET(f);
    append(box, row_new(f, "Preset", preset_new(f)));
    f->help = gtk_label_new(NULL);
    gtk_label_set_xalign(GTK_LABEL(f->help), 0);
    gtk_label_set_wrap(GTK_LABEL(f->help), TRUE);
    gtk_widget_add_css_class(f->help, "dim-label");
    append(box, row_new(f, "", f->help));
    append(box, row_new(f, "File", file_new(f)));
    f->range = drop_new(f, "Range", ranges);
    append(box, row_new(f, "Range", f->range));
    f->video = empty_drop_new(f, "Video codec");
    append(box, heading_new("Picture"));
    append(box, row_new(f, "Codec", f->video));
    append(box, picture_new(f));
    f->audio = empty_drop_new(f, "Audio codec");
    f->sound = empty_drop_new(f, "Audio bit rate");
    append(box, heading_new("Sound"));
    append(box, row_new(f, "Codec", f->audio));
    append(box, f->sound_row = row_new(f, "Bit rate", f->sound));
    f->missing = gtk_check_button_new_with_label("Show a placeholder for missing media");
    g_signal_connect(f->missing, "toggled", G_CALLBACK(value_changed), f);
    append(box, f->missing);
}

static void finalize(GObject *object)
{
    KerfExportForm *f = KERF_EXPORT_FORM(object);
    g_object_unref(f->labels);
    g_ptr_array_unref(f->videos);
    g_ptr_array_unref(f->audios);
    G_OBJECT_CLASS(kerf_export_form_parent_class)->finalize(object);
}

static void kerf_export_form_class_init(KerfExportFormClass *class)
{
    G_OBJECT_CLASS(class)->finalize = finalize;
    changed_signal =
        g_signal_new("changed", KERF_TYPE_EXPORT_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void kerf_export_form_init(KerfExportForm *f)
{
    f->labels = gtk_size_group_new(GTK_SIZE_GROUP_HORIZONTAL);
    f->videos = g_ptr_array_new();
    f->audios = g_ptr_array_new();
    f->filling = TRUE;
}

/* ---- Following the sequence ---- */

static void sequence_changed(KerfDocument *document, gpointer data)
{
    KerfExportForm *f = data;
    const kf_export_preset_info p = preset_of(f);
    if (!gtk_widget_get_mapped(GTK_WIDGET(f))) return;
    f->filling = TRUE;
    fill_sizes(f, &p);
    fill_rates(f, &p);
    f->filling = FALSE;
    show_what_applies(f);
    g_signal_emit(f, changed_signal, 0);
}

static void film_changed(KerfDocument *document, gpointer changes, guint count, gpointer data) { sequence_changed(document, data); }
static void mapped(GtkWidget *widget, gpointer data) { sequence_changed(NULL, widget); }

GtkWidget *kerf_export_form_new(KerfWindow *window)
{
    KerfExportForm *f = g_object_new(KERF_TYPE_EXPORT_FORM, "orientation", GTK_ORIENTATION_VERTICAL, "spacing", 4, NULL);
    KerfDocument *document = kerf_window_document(window);
    f->window = window;
    build(f);
    restore(f);
    gtk_widget_add_css_class(GTK_WIDGET(f), "kerf-export");
    g_signal_connect_object(document, "changed", G_CALLBACK(film_changed), f, 0);
    g_signal_connect_object(document, "sequence-changed", G_CALLBACK(sequence_changed), f, 0);
    g_signal_connect(f, "map", G_CALLBACK(mapped), NULL);
    return GTK_WIDGET(f);
}
