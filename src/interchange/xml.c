/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading through libxml2's SAX2 interface: its tree is never built, its entities are never stored or expanded. */
#include "interchange/xml.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <stdio.h>
#include <string.h>

#include "base/api/alloc.h"

struct kf_xml_doc {
    kf_arena arena;
    kf_xml *root;
};

/* An element that is being read. */
typedef struct level {
    kf_xml *element, *last;
} level;

typedef struct reader {
    kf_xml_doc *doc;
    xmlParserCtxtPtr parser;
    level levels[KF_XML_MAX_DEPTH];
    int depth;
    uint32_t nodes;
    kf_str text;    /* characters since the last tag */
    kf_status status;
    int line;
    char message[300];
} reader;

static void stop(reader *r, kf_status status, const char *message)
{
    if (r->status) {
        return;
    }
    r->status = status;
    r->line = xmlSAX2GetLineNumber(r->parser);
    snprintf(r->message, sizeof r->message, "%s", message);
    xmlStopParser(r->parser);
}

static void *take(reader *r, size_t size)
{
    void *p = kf_arena_alloc(&r->doc->arena, size);
    if (!p) {
        stop(r, KF_ERR_MEMORY, "out of memory");
    }
    return p;
}

static char *keep(reader *r, const char *text, size_t length)
{
    char *copy = kf_arena_strndup(&r->doc->arena, text, length);
    if (!copy) {
        stop(r, KF_ERR_MEMORY, "out of memory");
    }
    return copy;
}

static bool count_node(reader *r)
{
    if (++r->nodes > KF_XML_MAX_NODES) {
        stop(r, KF_ERR_UNSUPPORTED, "too many elements");
    }
    return !r->status;
}

static bool blank(const kf_str *text)
{
    return !text->data || strspn(text->data, " \t\r\n") >= text->length;
}

/* Gives the characters gathered so far to the innermost element, if they come before its first child. */
static void flush_text(reader *r, bool before_child)
{
    kf_xml *element = r->depth ? r->levels[r->depth - 1].element : NULL;
    if (r->text.failed) {
        stop(r, KF_ERR_MEMORY, "out of memory");
    } else if (element && !element->first && r->text.length && !(before_child && blank(&r->text))) {
        char *text = keep(r, r->text.data, r->text.length);
        element->text = text ? text : "";
    }
    r->text.length = 0;
}

/* SAX2 hands over five pointers an attribute: name, prefix, namespace, value and the value's end. */
static void read_attributes(reader *r, kf_xml *element, int count, const xmlChar **parts)
{
    const kf_xml_attribute **tail = &element->attributes;
    for (int i = 0; i < count && count_node(r); i++, parts += 5) {
        kf_xml_attribute *attribute = take(r, sizeof *attribute);
        if (!attribute) {
            return;
        }
        attribute->name = keep(r, (const char *)parts[0], strlen((const char *)parts[0]));
        attribute->value = keep(r, (const char *)parts[3], (size_t)(parts[4] - parts[3]));
        if (r->status) {
            return;
        }
        *tail = attribute;
        tail = &attribute->next;
    }
}

static void append_child(reader *r, kf_xml *element)
{
    if (!r->depth) {
        r->doc->root = element;
        return;
    }
    level *parent = &r->levels[r->depth - 1];
    element->parent = parent->element;
    parent->element->child_count++;
    if (parent->last) {
        parent->last->next = element;
    } else {
        parent->element->first = element;
    }
    parent->last = element;
}

static void on_start(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int namespace_count,
                     const xmlChar **namespaces, int attribute_count, int defaulted, const xmlChar **attributes)
{
    reader *r = ctx;
    flush_text(r, true);
    if (r->depth == KF_XML_MAX_DEPTH) {
        stop(r, KF_ERR_UNSUPPORTED, "elements are nested too deeply");
    }
    kf_xml *element = !r->status && count_node(r) ? take(r, sizeof *element) : NULL;
    if (!element) {
        return;
    }
    element->name = keep(r, (const char *)name, strlen((const char *)name));
    element->text = "";
    element->line = (uint32_t)xmlSAX2GetLineNumber(r->parser);
    read_attributes(r, element, attribute_count, attributes);
    if (r->status) {
        return;
    }
    append_child(r, element);
    r->levels[r->depth++] = (level){element, NULL};
}

static void on_end(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    reader *r = ctx;
    flush_text(r, false);
    if (!r->status && r->depth) {
        r->depth--;
    }
}

static void on_characters(void *ctx, const xmlChar *text, int length)
{
    reader *r = ctx;
    if (!r->status && r->depth) {
        kf_str_add_n(&r->text, text, (size_t)length);
    }
}

static xmlEntityPtr on_entity(void *ctx, const xmlChar *name)
{
    return xmlGetPredefinedEntity(name);
}

static void on_entity_declared(void *ctx, const xmlChar *name, int type, const xmlChar *public_id,
                               const xmlChar *system_id, xmlChar *content)
{
    stop(ctx, KF_ERR_PARSE, "the file declares entities of its own, which are not read");
}

static void on_error(void *ctx, const xmlError *error)
{
    reader *r = ctx;
    if (r->status || !error || error->level < XML_ERR_ERROR) {
        return;
    }
    r->status = error->code == XML_ERR_NO_MEMORY ? KF_ERR_MEMORY : KF_ERR_PARSE;
    r->line = error->line;
    snprintf(r->message, sizeof r->message, "%s", error->message ? error->message : "not well-formed XML");
    r->message[strcspn(r->message, "\n")] = '\0';
}

/* The SAX callback's type lost its const in old versions of the library and won it in new ones. */
static xmlStructuredErrorFunc error_callback(void)
{
    union {
        void (*ours)(void *, const xmlError *);
        xmlStructuredErrorFunc theirs;
    } same = {on_error};
    return same.theirs;
}

static kf_status run(reader *r, const char *bytes, size_t length)
{
    xmlSAXHandler sax = {.initialized = XML_SAX2_MAGIC, .startElementNs = on_start, .endElementNs = on_end,
                         .characters = on_characters, .ignorableWhitespace = on_characters,
                         .cdataBlock = on_characters, .getEntity = on_entity, .entityDecl = on_entity_declared,
                         .serror = error_callback()};
    r->parser = xmlCreateMemoryParserCtxt(bytes, (int)length);
    if (!r->parser) {
        return KF_ERR_MEMORY;
    }
    *r->parser->sax = sax;
    r->parser->userData = r;
    /* NOENT only decodes characters in attributes here: entities are refused above. */
    xmlCtxtUseOptions(r->parser, XML_PARSE_NOENT | XML_PARSE_NONET | XML_PARSE_NOCDATA);
    xmlParseDocument(r->parser);
    if (r->parser->myDoc) {
        xmlFreeDoc(r->parser->myDoc);
    }
    if (!r->status && (!r->parser->wellFormed || !r->doc->root)) {
        r->status = KF_ERR_PARSE;
        snprintf(r->message, sizeof r->message, "not well-formed XML");
    }
    xmlFreeParserCtxt(r->parser);
    return r->status;
}

static kf_status parse(reader *r, const char *bytes, size_t length, const char *name, kf_error *err)
{
    if (length == 0 || length > (1u << 30)) {
        return kf_fail(err, KF_ERR_PARSE, "%s: %s", name, length ? "larger than 1 GiB" : "empty: not XML");
    }
    if (run(r, bytes, length) == KF_OK) {
        return KF_OK;
    }
    if (r->status == KF_ERR_MEMORY) {
        return kf_fail_memory(err);
    }
    size_t valid = kf_utf8_prefix(r->message, strlen(r->message));
    return kf_fail(err, r->status, "%s:%d: %.*s", name, r->line > 0 ? r->line : 1, (int)valid, r->message);
}

kf_status kf_xml_parse(const char *bytes, size_t length, const char *name, kf_xml_doc **out, kf_error *err)
{
    reader *r = KF_NEW(reader);
    kf_xml_doc *doc = KF_NEW(kf_xml_doc);
    if (!r || !doc) {
        kf_free(r);
        kf_free(doc);
        return kf_fail_memory(err);
    }
    r->doc = doc;
    kf_status status = parse(r, bytes, length, name ? name : "xml", err);
    kf_str_finish(&r->text);
    kf_free(r);
    if (status) {
        kf_xml_free(doc);
        return status;
    }
    *out = doc;
    return KF_OK;
}

const kf_xml *kf_xml_root(const kf_xml_doc *doc)
{
    return doc->root;
}

void kf_xml_free(kf_xml_doc *doc)
{
    if (doc) {
        kf_arena_finish(&doc->arena);
        kf_free(doc);
    }
}

bool kf_xml_is(const kf_xml *element, const char *name)
{
    return element && strcmp(element->name, name) == 0;
}

static const kf_xml *named(const kf_xml *element, const char *name)
{
    while (element && strcmp(element->name, name) != 0) {
        element = element->next;
    }
    return element;
}

const kf_xml *kf_xml_child(const kf_xml *element, const char *name)
{
    return element ? named(element->first, name) : NULL;
}

const kf_xml *kf_xml_again(const kf_xml *element)
{
    return element ? named(element->next, element->name) : NULL;
}

const char *kf_xml_attr(const kf_xml *element, const char *name)
{
    const kf_xml_attribute *a = element ? element->attributes : NULL;
    while (a && strcmp(a->name, name) != 0) {
        a = a->next;
    }
    return a ? a->value : NULL;
}

const char *kf_xml_text(const kf_xml *element, const char *child)
{
    const kf_xml *found = kf_xml_child(element, child);
    return found ? found->text : NULL;
}

kf_status kf_xml_fail(const kf_xml *element, const char *name, kf_error *err, const char *format, ...)
{
    char message[600];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    return kf_fail(err, KF_ERR_INVALID, "%s:%u: <%s>: %s", name, element->line, element->name, message);
}
