/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Times as editors type them. */
#include "test.h"

#include "typed_time.h"

static const kf_sequence_info pal = {.rate = {25, 1}};
static const kf_sequence_info ntsc = {.rate = {30000, 1001}, .drop_frame = true};
static const kf_sequence_info tape = {.rate = {25, 1}, .start_timecode = 90000}; /* from 01:00:00:00 */

/* The frame that the text means while frame `now` is shown; -1: it is no time. */
static int64_t typed(const kf_sequence_info *sequence, const char *text, int64_t now)
{
    kf_time t;
    if (!kerf_typed_time(sequence, text, kf_sequence_frame_time(sequence, now), &t)) return -1;
    return kf_sequence_frame(sequence, t);
}

TEST(digits_count_from_the_right)
{
    CHECK_INT(typed(&pal, "7", 0), 7);
    CHECK_INT(typed(&pal, "90", 0), 90);      /* frames that are more than a second carry over */
    CHECK_INT(typed(&pal, "100", 0), 25);
    CHECK_INT(typed(&pal, "1200", 0), 300);
    CHECK_INT(typed(&pal, "10203", 0), (62 * 25) + 3);
    CHECK_INT(typed(&pal, "01000000", 0), 90000);
}

TEST(marks_part_fields)
{
    CHECK_INT(typed(&pal, "1:2", 0), 27);
    CHECK_INT(typed(&pal, "1.2", 0), 27);
    CHECK_INT(typed(&pal, "1.", 0), 25);      /* a mark at the end: no frames */
    CHECK_INT(typed(&pal, "1..", 0), 1500);
    CHECK_INT(typed(&pal, "00:00:12:05", 0), 305);
}

TEST(signs_count_from_now)
{
    CHECK_INT(typed(&pal, "+10", 100), 110);
    CHECK_INT(typed(&pal, "-10", 100), 90);
    CHECK_INT(typed(&pal, "+100", 100), 125);
    CHECK_INT(typed(&pal, "-1:00", 100), 75);
    CHECK_INT(typed(&pal, "-10", 4), 0);      /* not before the start */
    CHECK_INT(typed(&tape, "+5", 10), 15);
}

TEST(labels_begin_at_the_first_timecode)
{
    CHECK_INT(typed(&tape, "1000100", 0), 25);
    CHECK_INT(typed(&tape, "01:00:02:00", 0), 50);
}

/* Frames 0 and 1 of each minute but every tenth have no label: the next one is meant. */
TEST(labels_that_drop_frame_leaves_out)
{
    CHECK_INT(typed(&ntsc, "5929", 0), 1799);
    CHECK_INT(typed(&ntsc, "10000", 0), 1800);
    CHECK_INT(typed(&ntsc, "10002", 0), 1800);
    CHECK_INT(typed(&ntsc, "100000", 0), 17982);
}

TEST(what_the_command_line_reads)
{
    CHECK_INT(typed(&pal, "37f", 0), 37);
    CHECK_INT(typed(&pal, "00:00:02.400", 0), 60);
}

TEST(nonsense_is_no_time)
{
    CHECK_INT(typed(&pal, "", 0), -1);
    CHECK_INT(typed(&pal, "ab", 0), -1);
    CHECK_INT(typed(&pal, "+", 0), -1);
    CHECK_INT(typed(&pal, "1:2:3:4:5", 0), -1);
    CHECK_INT(typed(&pal, "12x4", 0), -1);
    CHECK_INT(typed(&pal, "123456789012", 0), -1);
}

int main(void)
{
    RUN(digits_count_from_the_right);
    RUN(marks_part_fields);
    RUN(signs_count_from_now);
    RUN(labels_begin_at_the_first_timecode);
    RUN(labels_that_drop_frame_leaves_out);
    RUN(what_the_command_line_reads);
    RUN(nonsense_is_no_time);
    return test_end();
}
