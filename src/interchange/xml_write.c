/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "interchange/xml.h"

/* What stands for a character; NULL: itself, "": nothing. */
static const char *escape(unsigned char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\r':
        return "&#13;";
    default:
        return c < 0x20 && c != '\n' && c != '\t' ? "" : NULL;
    }
}

/* U+FFFE and U+FFFF, the other two that XML cannot hold. */
static bool is_noncharacter(const char *p)
{
    return memcmp(p, "\xef\xbf", 2) == 0 && ((unsigned char)p[2] == 0xbe || (unsigned char)p[2] == 0xbf);
}

static void add_escaped(kf_str *out, const char *text, bool attribute)
{
    size_t length = kf_utf8_prefix(text, strlen(text)), from = 0;
    for (size_t i = 0; i < length; i++) {
        bool space = attribute && (text[i] == '\n' || text[i] == '\t');
        bool drop = i + 2 < length && is_noncharacter(text + i);
        const char *put = space ? (text[i] == '\n' ? "&#10;" : "&#9;") : drop ? "" : escape((unsigned char)text[i]);
        if (put) {
            kf_str_add_n(out, text + from, i - from);
            kf_str_add(out, put);
            i += drop ? 2 : 0;
            from = i + 1;
        }
    }
    kf_str_add_n(out, text + from, length - from);
}

static void close_start_tag(kf_xml_writer *w)
{
    if (w->open) {
        kf_str_add(w->out, ">");
        w->open = false;
    }
}

static void new_line(kf_xml_writer *w)
{
    if (w->out->length && w->out->data[w->out->length - 1] != '\n') {
        kf_str_add(w->out, "\n");
    }
    for (int i = 0; i < w->depth; i++) {
        kf_str_add(w->out, "  ");
    }
}

void kf_xml_begin(kf_xml_writer *w, const char *name)
{
    close_start_tag(w);
    new_line(w);
    kf_str_addf(w->out, "<%s", name);
    w->open = true;
    w->inline_ = false;
    w->depth++;
}

void kf_xml_put_attr(kf_xml_writer *w, const char *name, const char *value)
{
    if (value && w->open) {
        kf_str_addf(w->out, " %s=\"", name);
        add_escaped(w->out, value, true);
        kf_str_add(w->out, "\"");
    }
}

void kf_xml_put_attrf(kf_xml_writer *w, const char *name, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    kf_xml_put_attr(w, name, text);
}

void kf_xml_put_text(kf_xml_writer *w, const char *text)
{
    close_start_tag(w);
    add_escaped(w->out, text, false);
    w->inline_ = true;
}

void kf_xml_end(kf_xml_writer *w, const char *name)
{
    w->depth--;
    if (w->open) {
        kf_str_add(w->out, "/>\n");
    } else {
        if (!w->inline_) {
            new_line(w);
        }
        kf_str_addf(w->out, "</%s>\n", name);
    }
    w->open = w->inline_ = false;
}

void kf_xml_put(kf_xml_writer *w, const char *name, const char *text)
{
    kf_xml_begin(w, name);
    if (*text) {
        kf_xml_put_text(w, text);
    }
    kf_xml_end(w, name);
}

void kf_xml_putf(kf_xml_writer *w, const char *name, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    kf_xml_put(w, name, text);
}

/* Recursion is bounded by KF_XML_MAX_DEPTH. */
void kf_xml_put_tree(kf_xml_writer *w, const kf_xml *element)
{
    kf_xml_begin(w, element->name);
    for (const kf_xml_attribute *a = element->attributes; a; a = a->next) {
        kf_xml_put_attr(w, a->name, a->value);
    }
    if (*element->text) {
        kf_xml_put_text(w, element->text);
    }
    for (const kf_xml *child = element->first; child; child = child->next) {
        kf_xml_put_tree(w, child);
    }
    kf_xml_end(w, element->name);
}

bool kf_xml_put_source(kf_xml_writer *w, const char *text)
{
    kf_xml_doc *doc;
    if (kf_xml_parse(text, strlen(text), "metadata", &doc, NULL)) {
        return false;
    }
    kf_xml_put_tree(w, kf_xml_root(doc));
    kf_xml_free(doc);
    return true;
}
