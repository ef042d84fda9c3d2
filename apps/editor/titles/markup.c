/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "markup.h"

#include <stdlib.h>
#include <string.h>

/* Tags carry what they mean in their names: "b", "i", "u", "s", "color:#rrggbb", "size:120", "face:Sans". */
static const char *const style_names[KERF_TEXT_STYLES] = {"b", "i", "u", "s"};

static GtkTextTag *style_tag(GtkTextBuffer *buffer, KerfTextStyle style)
{
    GtkTextTag *tag = gtk_text_tag_table_lookup(gtk_text_buffer_get_tag_table(buffer), style_names[style]);
    if (tag) return tag;
    switch (style) {
    case KERF_TEXT_BOLD: return gtk_text_buffer_create_tag(buffer, "b", "weight", PANGO_WEIGHT_BOLD, NULL);
    case KERF_TEXT_ITALIC: return gtk_text_buffer_create_tag(buffer, "i", "style", PANGO_STYLE_ITALIC, NULL);
    case KERF_TEXT_UNDERLINE: return gtk_text_buffer_create_tag(buffer, "u", "underline", PANGO_UNDERLINE_SINGLE, NULL);
    default: return gtk_text_buffer_create_tag(buffer, "s", "strikethrough", TRUE, NULL);
    }
}

static GtkTextTag *value_tag(GtkTextBuffer *buffer, const char *kind, const char *value)
{
    g_autofree char *name = g_strconcat(kind, ":", value, NULL);
    GtkTextTag *tag = gtk_text_tag_table_lookup(gtk_text_buffer_get_tag_table(buffer), name);
    if (tag) return tag;
    if (strcmp(kind, "color") == 0) return gtk_text_buffer_create_tag(buffer, name, "foreground", value, NULL);
    if (strcmp(kind, "size") == 0) return gtk_text_buffer_create_tag(buffer, name, "scale", atoi(value) / 100.0, NULL);
    return gtk_text_buffer_create_tag(buffer, name, "family", value, NULL);
}

/* ---- From markup ---- */

/* The tag that an attribute stands for; *known FALSE: there is none. NULL and known: it says nothing. */
static GtkTextTag *tag_of(GtkTextBuffer *buffer, const PangoAttribute *a, gboolean *known)
{
    const int number = ((const PangoAttrInt *)a)->value;
    g_autofree char *text = NULL;
    *known = TRUE;
    switch (a->klass->type) {
    case PANGO_ATTR_WEIGHT: return number >= PANGO_WEIGHT_SEMIBOLD ? style_tag(buffer, KERF_TEXT_BOLD) : NULL;
    case PANGO_ATTR_STYLE: return number == PANGO_STYLE_NORMAL ? NULL : style_tag(buffer, KERF_TEXT_ITALIC);
    case PANGO_ATTR_UNDERLINE: return number == PANGO_UNDERLINE_NONE ? NULL : style_tag(buffer, KERF_TEXT_UNDERLINE);
    case PANGO_ATTR_STRIKETHROUGH: return number ? style_tag(buffer, KERF_TEXT_STRIKE) : NULL;
    case PANGO_ATTR_FAMILY: return value_tag(buffer, "face", ((const PangoAttrString *)a)->value);
    case PANGO_ATTR_SCALE:
        text = g_strdup_printf("%d", (int)(((const PangoAttrFloat *)a)->value * 100 + 0.5));
        return value_tag(buffer, "size", text);
    case PANGO_ATTR_FOREGROUND: {
        const PangoColor *c = &((const PangoAttrColor *)a)->color;
        text = g_strdup_printf("#%02x%02x%02x", c->red >> 8, c->green >> 8, c->blue >> 8);
        return value_tag(buffer, "color", text);
    }
    default: *known = FALSE; return NULL;
    }
}

static void put_tag(GtkTextBuffer *buffer, GtkTextTag *tag, const char *text, guint from, guint to)
{
    GtkTextIter start, end;
    const guint length = (guint)strlen(text);
    gtk_text_buffer_get_iter_at_offset(buffer, &start, (int)g_utf8_pointer_to_offset(text, text + MIN(from, length)));
    gtk_text_buffer_get_iter_at_offset(buffer, &end, (int)g_utf8_pointer_to_offset(text, text + MIN(to, length)));
    gtk_text_buffer_apply_tag(buffer, tag, &start, &end);
}

static gboolean put_attributes(GtkTextBuffer *buffer, PangoAttrList *list, const char *text)
{
    GSList *all = pango_attr_list_get_attributes(list);
    gboolean known = TRUE;
    for (GSList *l = all; l && known; l = l->next) {
        const PangoAttribute *a = l->data;
        GtkTextTag *tag = tag_of(buffer, a, &known);
        if (tag) put_tag(buffer, tag, text, a->start_index, a->end_index);
    }
    g_slist_free_full(all, (GDestroyNotify)pango_attribute_destroy);
    return known;
}

gboolean kerf_markup_load(GtkTextBuffer *buffer, const char *text, gboolean markup)
{
    PangoAttrList *list = NULL;
    g_autofree char *plain = NULL;
    if (!markup || !pango_parse_markup(text, -1, 0, &list, &plain, NULL, NULL)) {
        gtk_text_buffer_set_text(buffer, text, -1);
        return !markup;
    }
    gtk_text_buffer_set_text(buffer, plain, -1);
    const gboolean whole = put_attributes(buffer, list, plain);
    if (!whole) gtk_text_buffer_set_text(buffer, text, -1);
    pango_attr_list_unref(list);
    return whole;
}

char *kerf_markup_plain(const char *text, gboolean markup)
{
    char *plain = NULL;
    if (markup && pango_parse_markup(text, -1, 0, NULL, &plain, NULL, NULL)) return plain;
    return g_strdup(text);
}

/* ---- To markup ---- */

/* The attributes of a span, from the tags at a place; "" for none. */
static char *span_of(const GtkTextIter *at)
{
    GSList *tags = gtk_text_iter_get_tags(at);
    GString *out = g_string_new(NULL);
    for (GSList *l = tags; l; l = l->next) {
        g_autofree char *name = NULL;
        g_object_get(l->data, "name", &name, NULL);
        const char *value = name ? strchr(name, ':') : NULL;
        if (!name) continue;
        if (strcmp(name, "b") == 0) g_string_append(out, " weight=\"bold\"");
        if (strcmp(name, "i") == 0) g_string_append(out, " style=\"italic\"");
        if (strcmp(name, "u") == 0) g_string_append(out, " underline=\"single\"");
        if (strcmp(name, "s") == 0) g_string_append(out, " strikethrough=\"true\"");
        if (g_str_has_prefix(name, "color:")) g_string_append_printf(out, " foreground=\"%s\"", value + 1);
        if (g_str_has_prefix(name, "size:")) g_string_append_printf(out, " size=\"%s%%\"", value + 1);
        if (g_str_has_prefix(name, "face:")) {
            g_autofree char *face = g_markup_escape_text(value + 1, -1);
            g_string_append_printf(out, " face=\"%s\"", face);
        }
    }
    g_slist_free(tags);
    return g_string_free(out, FALSE);
}

char *kerf_markup_save(GtkTextBuffer *buffer, gboolean *markup)
{
    GtkTextIter from, to, end;
    GString *out = g_string_new(NULL);
    *markup = FALSE;
    gtk_text_buffer_get_bounds(buffer, &from, &end);
    while (!gtk_text_iter_equal(&from, &end)) {
        to = from;
        if (!gtk_text_iter_forward_to_tag_toggle(&to, NULL)) to = end;
        g_autofree char *text = gtk_text_buffer_get_text(buffer, &from, &to, FALSE);
        g_autofree char *escaped = g_markup_escape_text(text, -1), *span = span_of(&from);
        if (*span) *markup = TRUE;
        if (*span) g_string_append_printf(out, "<span%s>%s</span>", span, escaped);
        else g_string_append(out, escaped);
        from = to;
    }
    if (*markup) return g_string_free(out, FALSE);
    g_string_free(out, TRUE);
    gtk_text_buffer_get_bounds(buffer, &from, &end);
    return gtk_text_buffer_get_text(buffer, &from, &end, FALSE);
}

/* ---- Styles of what is selected ---- */

static void chosen(GtkTextBuffer *buffer, GtkTextIter *from, GtkTextIter *to)
{
    if (!gtk_text_buffer_get_selection_bounds(buffer, from, to)) gtk_text_buffer_get_bounds(buffer, from, to);
}

static gboolean all_have(GtkTextTag *tag, const GtkTextIter *from, const GtkTextIter *to)
{
    GtkTextIter at = *from;
    if (!gtk_text_iter_has_tag(&at, tag)) return FALSE;
    return !gtk_text_iter_forward_to_tag_toggle(&at, tag) || gtk_text_iter_compare(&at, to) >= 0;
}

void kerf_markup_toggle(GtkTextBuffer *buffer, KerfTextStyle style)
{
    GtkTextIter from, to;
    GtkTextTag *tag = style_tag(buffer, style);
    chosen(buffer, &from, &to);
    (all_have(tag, &from, &to) ? gtk_text_buffer_remove_tag : gtk_text_buffer_apply_tag)(buffer, tag, &from, &to);
}

typedef struct Removal {
    GtkTextBuffer *buffer;
    const char *prefix;       /* of names; NULL: all */
    GtkTextIter from, to;
} Removal;

static void remove_tag(GtkTextTag *tag, gpointer data)
{
    Removal *r = data;
    g_autofree char *name = NULL;
    g_object_get(tag, "name", &name, NULL);
    if (name && (!r->prefix || g_str_has_prefix(name, r->prefix))) gtk_text_buffer_remove_tag(r->buffer, tag, &r->from, &r->to);
}

static void remove_like(GtkTextBuffer *buffer, const char *prefix)
{
    Removal r = {.buffer = buffer, .prefix = prefix};
    chosen(buffer, &r.from, &r.to);
    gtk_text_tag_table_foreach(gtk_text_buffer_get_tag_table(buffer), remove_tag, &r);
}

static void put_value(GtkTextBuffer *buffer, const char *kind, const char *value)
{
    GtkTextIter from, to;
    g_autofree char *prefix = g_strconcat(kind, ":", NULL);
    remove_like(buffer, prefix);
    chosen(buffer, &from, &to);
    gtk_text_buffer_apply_tag(buffer, value_tag(buffer, kind, value), &from, &to);
}

void kerf_markup_color(GtkTextBuffer *buffer, const GdkRGBA *c)
{
    g_autofree char *text = g_strdup_printf("#%02x%02x%02x", (int)(c->red * 255 + 0.5f), (int)(c->green * 255 + 0.5f),
                                            (int)(c->blue * 255 + 0.5f));
    put_value(buffer, "color", text);
}

void kerf_markup_size(GtkTextBuffer *buffer, int percent)
{
    g_autofree char *text = g_strdup_printf("%d", percent);
    remove_like(buffer, "size:");
    if (percent != 100) put_value(buffer, "size", text);
}

void kerf_markup_clear(GtkTextBuffer *buffer) { remove_like(buffer, NULL); }
