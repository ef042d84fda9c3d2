/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which words are seen together, and where each of them stands. */
#include <math.h>
#include <string.h>

#include "reel/captions/captions.h"

/* ---- Pages ---- */

static bool ends_sentence(const char *text)
{
    static const char *const marks[] = {".", "?", "!", "…", "。", "？", "！", "؟", "।"};
    size_t n = strlen(text);
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        size_t m = strlen(marks[i]);
        if (n > m && strcmp(text + n - m, marks[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool begins_page(const captions *c, const caption_page *page, int32_t word)
{
    const caption_word *before = &c->words[word - 1];
    return page->count >= c->look.words || ends_sentence(before->text) ||
           c->words[word].start - before->end >= c->config->said.pause;
}

/* A page stays a little after its last word, unless the next one comes. */
static void end_page(captions *c, caption_page *page, kf_time next)
{
    const caption_word *last = &c->words[page->first + page->count - 1];
    kf_time end = last->end + KF_SECOND * 3 / 10;
    page->start = c->words[page->first].start;
    page->end = end < next ? end : next;
}

static kf_status make_pages(captions *c)
{
    int32_t count = (int32_t)c->count;
    c->pages = kf_arena_alloc(&c->r->arena, (c->count + 1) * sizeof *c->pages);
    if (!c->pages) {
        return kf_fail_memory(c->r->err);
    }
    for (int32_t i = 0; i < count; i++) {
        caption_word *w = &c->words[i];
        w->start = reel_frame(c->r, w->start);
        w->end = reel_frame(c->r, w->end);
        caption_page *page = c->page_count > 0 ? &c->pages[c->page_count - 1] : NULL;
        if (!page || begins_page(c, page, i)) {
            if (page) {
                end_page(c, page, w->start);
            }
            page = &c->pages[c->page_count++];
            *page = (caption_page){.first = i};
        }
        page->count++;
    }
    if (c->page_count > 0) {
        end_page(c, &c->pages[c->page_count - 1], c->r->duration);
    }
    return KF_OK;
}

/* ---- Places ---- */

static kf_status measure(captions *c, const caption_page *page, const char *text, double *width)
{
    kf_reel_text asked = {.text = text, .font = c->look.font, .size = (float)page->size, .weight = c->look.weight,
        .rtl = page->rtl};
    const char *broken;
    int32_t lines;
    float w;
    kf_status status = reel_break(c->r, c->r->config.root, &asked, &broken, &lines, &w);
    *width = (double)w;
    return status;
}

/* A word that is wider than the frame makes its page smaller. */
static kf_status choose_size(captions *c, caption_page *page, double most)
{
    double widest = 0;
    page->size = c->size;
    for (int32_t i = 0; i < page->count; i++) {
        caption_word *w = &c->words[page->first + i];
        kf_status status = measure(c, page, w->text, &w->width);
        if (status != KF_OK) {
            return status;
        }
        widest = fmax(widest, w->width);
    }
    double k = widest > most ? most / widest : 1;
    page->size = fmax(1, floor(c->size * k));
    for (int32_t i = 0; i < page->count; i++) {
        c->words[page->first + i].width *= page->size / c->size;
    }
    return KF_OK;
}

/* Words from *next on, as many as fit beside each other; *next becomes the first that does not. */
static kf_status fill_line(captions *c, caption_page *page, int32_t *next, double most, double *width)
{
    kf_str line = {0};
    kf_status status = KF_OK;
    *width = 0;
    for (int32_t first = *next; *next < page->count; ++*next) {
        caption_word *w = &c->words[page->first + *next];
        double end = 0;
        kf_str_addf(&line, "%s%s", line.length ? " " : "", w->text);
        status = line.failed ? kf_fail_memory(c->r->err) : measure(c, page, line.data, &end);
        if (status != KF_OK || (*next > first && end > most)) {
            break;
        }
        w->line = page->lines;
        w->at.x = end - w->width;
        *width = end;
    }
    kf_str_finish(&line);
    return status;
}

static void centre_line(captions *c, caption_page *page, int32_t first, int32_t end, double width)
{
    const reel *r = c->r;
    double left = r->area.x + (r->area.w - width) / 2;
    for (int32_t i = first; i < end; i++) {
        caption_word *w = &c->words[page->first + i];
        w->at.x = round(page->rtl ? left + width - w->at.x - w->width : left + w->at.x);
    }
    page->box.w = width > page->box.w ? (int32_t)ceil(width) : page->box.w;
}

static double middle_of(const captions *c)
{
    const reel_box *a = &c->r->area;
    double down = c->config->said.place == PLACE_TOP ? 0.2 : c->config->said.place == PLACE_MIDDLE ? 0.5
                  : a->w > a->h ? 0.84 : 0.74;
    return a->y + down * a->h;
}

static void place_lines(captions *c, caption_page *page)
{
    double line = round(page->size * (double)c->look.line), h = page->lines * line, top = round(middle_of(c) - h / 2);
    double lowest = c->r->area.y + 0.96 * c->r->area.h - h;
    top = top > lowest ? round(lowest) : top;
    for (int32_t i = 0; i < page->count; i++) {
        caption_word *w = &c->words[page->first + i];
        w->at.y = round(reel_baseline(top + w->line * line, page->size, line));
    }
    page->box = (reel_box){c->r->area.x + (c->r->area.w - page->box.w) / 2, (int32_t)top, page->box.w, (int32_t)h};
}

static kf_status place_page(captions *c, caption_page *page)
{
    double most = 0.86 * c->r->area.w, width;
    page->rtl = reel_text_is_rtl(c->words[page->first].text);
    kf_status status = choose_size(c, page, most);
    for (int32_t next = 0; next < page->count && status == KF_OK; page->lines++) {
        int32_t first = next;
        status = fill_line(c, page, &next, most, &width);
        centre_line(c, page, first, next, width);
    }
    place_lines(c, page);
    return status;
}

kf_status captions_lay_out(captions *c)
{
    kf_status status = make_pages(c);
    for (int32_t i = 0; i < c->page_count && status == KF_OK; i++) {
        status = place_page(c, &c->pages[i]);
    }
    return status;
}
