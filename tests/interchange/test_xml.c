/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/api/alloc.h"
#include "interchange/xml.h"
#include "test.h"

static kf_xml_doc *read(const char *text, kf_error *err)
{
    kf_xml_doc *doc = NULL;
    kf_xml_parse(text, strlen(text), "t.xml", &doc, err);
    return doc;
}

TEST(reads_a_tree)
{
    kf_xml_doc *doc = read("<?xml version=\"1.0\"?>\n<!DOCTYPE xmeml>\n<xmeml version='5'>\n <n:clip xmlns:n='urn:n' "
                           "id=\"a&amp;&#66;\" b=''/>\n"
                           " <name>x &lt; y<![CDATA[ <&> ]]></name><clip/><name>z</name>tail</xmeml>",
                           NULL);
    REQUIRE(doc);
    const kf_xml *root = kf_xml_root(doc), *clip = kf_xml_child(root, "clip");
    CHECK_STR(root->name, "xmeml");
    CHECK_STR(root->text, "");
    CHECK_INT(root->child_count, 4);
    CHECK_STR(kf_xml_attr(root, "version"), "5");
    CHECK_STR(kf_xml_attr(clip, "id"), "a&B");
    CHECK_STR(kf_xml_attr(clip, "b"), "");
    CHECK(!kf_xml_attr(clip, "c"));
    CHECK_INT(clip->line, 4);
    CHECK(clip->parent == root);
    CHECK_STR(kf_xml_text(root, "name"), "x < y <&> ");
    CHECK_STR(kf_xml_again(kf_xml_child(root, "name"))->text, "z");
    CHECK(!kf_xml_again(kf_xml_again(clip)));
    CHECK(!kf_xml_child(NULL, "x") && !kf_xml_text(root, "x"));
    kf_xml_free(doc);
}

static void refused(const char *text, kf_status status, const char *message)
{
    kf_error err = {0};
    kf_xml_doc *doc = read(text, &err);
    CHECK(!doc);
    CHECK_INT(err.status, status);
    CHECK_MSG(strstr(err.message, message), "%s", err.message);
    kf_xml_free(doc);
}

TEST(refuses_what_it_must)
{
    refused("", KF_ERR_PARSE, "empty");
    refused("<a>\n<b></a>", KF_ERR_PARSE, "t.xml:2: ");
    refused("<a>&nbsp;</a>", KF_ERR_PARSE, "nbsp");
    refused("<a/><b/>", KF_ERR_PARSE, "t.xml:1: ");
    refused("<!DOCTYPE a [<!ENTITY x 'yyyy'><!ENTITY z '&x;&x;&x;'>]><a>&z;</a>", KF_ERR_PARSE, "entities of its own");
    refused("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>", KF_ERR_PARSE, "entities of its own");
    refused("<!DOCTYPE a [<!ENTITY % x SYSTEM 'file:///etc/passwd'>%x;]><a/>", KF_ERR_PARSE, "entities of its own");
    kf_str deep = {0};
    for (int i = 0; i < 101; i++) kf_str_add(&deep, "<a>");
    refused(deep.data, KF_ERR_UNSUPPORTED, "too deeply");
    kf_str_finish(&deep);
}

TEST(an_outside_dtd_is_not_fetched)
{
    kf_xml_doc *doc = read("<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a>b</a>", NULL);
    REQUIRE(doc);
    CHECK_STR(kf_xml_root(doc)->text, "b");
    kf_xml_free(doc);
}

TEST(what_is_written_reads_back)
{
    kf_str out = {0};
    kf_xml_writer w = {&out};
    kf_xml_begin(&w, "a");
    kf_xml_put_attr(&w, "v", "1 < 2 & \"3\"\n\t\x01");
    kf_xml_putf(&w, "n", "%d", 7);
    kf_xml_put(&w, "t", "  a\n<b>&\r\xef\xbf\xbf""c");
    kf_xml_put(&w, "empty", "");
    CHECK(kf_xml_put_source(&w, "<x y='z'><i>j</i></x>"));
    CHECK(!kf_xml_put_source(&w, "<x>"));
    kf_xml_end(&w, "a");
    CHECK_STR(out.data,
              "<a v=\"1 &lt; 2 &amp; &quot;3&quot;&#10;&#9;\">\n  <n>7</n>\n  <t>  a\n&lt;b&gt;&amp;&#13;c</t>\n"
              "  <empty/>\n  <x y=\"z\">\n    <i>j</i>\n  </x>\n</a>\n");
    kf_xml_doc *doc = read(out.data, NULL);
    REQUIRE(doc);
    CHECK_STR(kf_xml_attr(kf_xml_root(doc), "v"), "1 < 2 & \"3\"\n\t");
    CHECK_STR(kf_xml_text(kf_xml_root(doc), "t"), "  a\n<b>&\rc");
    kf_str again = {0};
    w = (kf_xml_writer){&again};
    kf_xml_put_tree(&w, kf_xml_root(doc));
    CHECK_STR(again.data, out.data);
    kf_xml_free(doc);
    kf_str_finish(&out);
    kf_str_finish(&again);
}

TEST(runs_out_of_memory_with_grace)
{
    const char *text = "<a b='c'><d>e</d><f g='h'/></a>";
    for (uint64_t n = 1; n < 20; n++) {
        kf_error err = {0};
        kf_alloc_fail_from(n);
        kf_xml_doc *doc = read(text, &err);
        kf_alloc_fail_from(0);
        CHECK(doc || err.status == KF_ERR_MEMORY);
        kf_xml_free(doc);
    }
}

int main(void)
{
    RUN(reads_a_tree);
    RUN(refuses_what_it_must);
    RUN(an_outside_dtd_is_not_fetched);
    RUN(what_is_written_reads_back);
    RUN(runs_out_of_memory_with_grace);
    return test_end();
}
