/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XML for the formats that are written in it: a reader into a plain, immutable tree, and a writer. Reading touches no
 * network and no file, expands no entity but the five that XML itself has, and is bounded. Namespaces are dropped:
 * names are local names. */
#ifndef KF_INTERCHANGE_XML_H
#define KF_INTERCHANGE_XML_H

#include "base/api/status.h"
#include "base/api/str.h"

enum {
    KF_XML_MAX_DEPTH = 100,       /* elements in elements */
    KF_XML_MAX_NODES = 20000000,  /* elements and attributes of a document */
};

typedef struct kf_xml_attribute {
    const char *name, *value;
    const struct kf_xml_attribute *next;
} kf_xml_attribute;

/* An element. It belongs to its document; any number of threads may read at once. */
typedef struct kf_xml {
    const char *name;
    const char *text; /* the characters before the first child; "" if there are none, or only blanks before a child */
    const kf_xml_attribute *attributes; /* in file order */
    const struct kf_xml *parent, *first, *next; /* in file order */
    uint32_t line;          /* of the end of its start tag; stops counting at 65535 */
    uint32_t child_count;
} kf_xml;

typedef struct kf_xml_doc kf_xml_doc;

/* Parses `length` bytes; `name` (a file name) starts error messages: "name:line: ...". The document is new; free with
 * kf_xml_free. Errors: KF_ERR_PARSE (not well-formed, or with entities of its own), KF_ERR_UNSUPPORTED (past a limit),
 * KF_ERR_MEMORY. */
kf_status kf_xml_parse(const char *bytes, size_t length, const char *name, kf_xml_doc **out, kf_error *err);
const kf_xml *kf_xml_root(const kf_xml_doc *doc);
void kf_xml_free(kf_xml_doc *doc); /* NULL is fine */

/* All of these take a NULL element as one that is empty. */
bool kf_xml_is(const kf_xml *element, const char *name);
const kf_xml *kf_xml_child(const kf_xml *element, const char *name); /* the first of that name, or NULL */
const kf_xml *kf_xml_again(const kf_xml *element);                   /* the next sibling of the same name, or NULL */
const char *kf_xml_attr(const kf_xml *element, const char *name);    /* NULL if absent */
const char *kf_xml_text(const kf_xml *element, const char *child);   /* text of the first child of that name, or NULL */

/* KF_ERR_INVALID "name:line: <element>: message". */
kf_status kf_xml_fail(const kf_xml *element, const char *name, kf_error *err, const char *format, ...) KF_PRINTF(4, 5);

/* Writer: appends to a kf_str, two-space indent. Zero-initialise, set out. Names are not checked; in text and values
 * what XML cannot hold (control characters) is left out. */
typedef struct kf_xml_writer {
    kf_str *out;
    int depth;
    bool open;     /* the last start tag has no '>' yet */
    bool inline_;  /* the open element holds text: its end tag follows on the same line */
} kf_xml_writer;
void kf_xml_begin(kf_xml_writer *w, const char *name);
void kf_xml_put_attr(kf_xml_writer *w, const char *name, const char *value); /* after begin; NULL value: nothing */
void kf_xml_put_attrf(kf_xml_writer *w, const char *name, const char *format, ...) KF_PRINTF(3, 4);
void kf_xml_put_text(kf_xml_writer *w, const char *text); /* of the open element */
void kf_xml_end(kf_xml_writer *w, const char *name);
/* A whole element that holds only text. */
void kf_xml_put(kf_xml_writer *w, const char *name, const char *text);
void kf_xml_putf(kf_xml_writer *w, const char *name, const char *format, ...) KF_PRINTF(3, 4);
/* An element that was read, with all in it: how what Kerf does not know is kept (as text) and given back. */
void kf_xml_put_tree(kf_xml_writer *w, const kf_xml *element);
/* Parses `text` and writes its element in this place; false, and nothing written, if it is not well-formed XML. */
bool kf_xml_put_source(kf_xml_writer *w, const char *text);

#endif
