/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* FCPXML: what is read can be written, and read again. */
#include "interchange.h"

static void fuzz_one(const char *bytes, size_t length)
{
    kf_interchange_sniff(bytes, length);
    fuzz_round_trip("fcpxml", bytes, length);
}

#ifndef KF_LIBFUZZER
#define HEAD \
    "<?xml version=\"1.0\"?><!DOCTYPE fcpxml><fcpxml version=\"1.10\"><resources>" \
    "<format id=\"f\" frameDuration=\"1001/30000s\" width=\"64\" height=\"36\"/>" \
    "<asset id=\"a\" name=\"a\" start=\"3600s\" duration=\"100s\" hasVideo=\"1\" hasAudio=\"1\" " \
    "format=\"f\"><media-rep src=\"file:///a\"/></asset>" \
    "<asset id=\"w\" start=\"1/48000s\" duration=\"9s\" hasAudio=\"1\" src=\"b.wav\"/><effect id=\"e\" name=\"Basic " \
    "Title\" uid=\"u\"/>"
#define TAIL "</spine></sequence></project></event></library></fcpxml>"
#define PROJECT \
    "</resources><library><event name=\"E\"><project name=\"P\"><sequence format=\"f\" tcStart=\"3600s\" " \
    "tcFormat=\"DF\"><spine>"
static const char *const corpus[] = {
    HEAD PROJECT
    "<asset-clip ref=\"a\" offset=\"3600s\" start=\"3602s\" duration=\"4s\" audioStart=\"3601s\" "
    "audioDuration=\"5s\"><note>n</note>"
    "<timeMap><timept time=\"3600s\" value=\"3600s\"/><timept time=\"3603s\" value=\"3606s\"/><timept time=\"3700s\" "
    "value=\"3601s\"/></timeMap>"
    "<adjust-crop mode=\"trim\"><trim-rect left=\"5\"/></adjust-crop><adjust-transform position=\"1 2\" scale=\"2 "
    "2\"><param name=\"rotation\">"
    "<keyframeAnimation><keyframe time=\"3602s\" value=\"3\"/><keyframe time=\"3603s\" value=\"9\" "
    "interp=\"ease\"/></keyframeAnimation></param></adjust-transform>"
    "<adjust-blend amount=\".5\" mode=\"10\"/><adjust-volume amount=\"-6dB\"><param name=\"amount\"><fadeIn "
    "duration=\"1s\"/></param></adjust-volume>"
    "<asset-clip ref=\"w\" lane=\"-1\" offset=\"3603s\" duration=\"2s\"/><spine lane=\"1\" "
    "offset=\"3602s\"><transition duration=\"1s\"/>"
    "<asset-clip ref=\"a\" offset=\"0s\" duration=\"3s\"/><transition offset=\"5/2s\" duration=\"1s\"/><asset-clip "
    "ref=\"a\" offset=\"3s\" duration=\"3s\"/></spine>"
    "<marker start=\"3603s\" value=\"m\" completed=\"1\"/><keyword start=\"3603s\" value=\"k\"/><filter-video "
    "ref=\"e\" name=\"x\"/></asset-clip>"
    "<transition name=\"Cross Dissolve\" offset=\"3603s\" duration=\"2s\"><filter-video ref=\"e\"/></transition>"
    "<asset-clip ref=\"a\" offset=\"3604s\" duration=\"4s\" enabled=\"0\" srcEnable=\"video\"/>"
    "<gap offset=\"3608s\" start=\"3600s\" duration=\"2s\"><marker start=\"3601s\" value=\"g\"/><title ref=\"e\" "
    "lane=\"2\" offset=\"3600s\" start=\"3600s\" duration=\"1s\">"
    "<param name=\"Position\" value=\"1 2\"/><text><text-style ref=\"ts\">t</text-style></text><text-style-def "
    "id=\"ts\"><text-style font=\"F\" fontSize=\"9\" "
    "fontColor=\"1 0 0 1\" shadowColor=\"0 0 0 1\" shadowOffset=\"3 45\"/></text-style-def></title></gap>" TAIL,
    HEAD
    "<media id=\"m\" name=\"c\"><sequence format=\"f\" tcStart=\"1s\"><spine><asset-clip ref=\"a\" offset=\"1s\" "
    "duration=\"9s\"/></spine></sequence></media>"
    "<media id=\"n\" name=\"mc\"><multicam format=\"f\" tcStart=\"0s\"><mc-angle name=\"A\" angleID=\"x\"><asset-clip "
    "ref=\"a\" offset=\"0s\" duration=\"9s\"/></mc-angle>"
    "<mc-angle name=\"B\" angleID=\"y\"><asset-clip ref=\"w\" offset=\"0s\" "
    "duration=\"9s\"/></mc-angle></multicam></media>" PROJECT
    "<ref-clip ref=\"m\" offset=\"3600s\" start=\"2s\" duration=\"4s\"/><mc-clip ref=\"n\" offset=\"3604s\" "
    "start=\"1s\" duration=\"3s\">"
    "<mc-source angleID=\"x\" srcEnable=\"video\"/><mc-source angleID=\"y\" srcEnable=\"audio\"/></mc-clip>"
    "<audition offset=\"3607s\"><asset-clip ref=\"a\" duration=\"1s\"/><ref-clip ref=\"m\" duration=\"2s\"/></audition>"
    "<clip offset=\"3608s\" start=\"3601s\" duration=\"2s\"><video ref=\"a\" offset=\"3600s\" duration=\"9s\"><audio "
    "ref=\"a\" lane=\"-1\" offset=\"3600s\" duration=\"9s\" role=\"d\"/></video></clip>"
    "<sync-clip offset=\"3610s\" duration=\"2s\"><spine><asset-clip ref=\"a\" offset=\"0s\" duration=\"1s\"/><video "
    "ref=\"e\" offset=\"1s\" duration=\"1s\"/></spine>"
    "<asset-clip ref=\"w\" lane=\"-1\" duration=\"1s\"/></sync-clip>"
    "<asset-clip ref=\"a\" offset=\"3612s\" duration=\"1s\"><conform-rate srcFrameRate=\"25\"/></asset-clip>" TAIL,
    "<fcpxml version=\"1.8\"><resources><asset id=\"a\" hasVideo=\"1\" duration=\"0s\" "
    "src=\"a.png\"/></resources><event>"
    "<asset-clip ref=\"a\" duration=\"5s\"/><caption duration=\"1s\"><text>x</text></caption></event></fcpxml>",
    NULL};
static const char *const words[] = {"start=\"3600s\"",
                                    "offset=\"0s\"",
                                    "duration=\"1/25s\"",
                                    "duration=\"999999s\"",
                                    "offset=\"-5s\"",
                                    "lane=\"1\"",
                                    "lane=\"-3\"",
                                    "time=\"0s\"",
                                    "value=\"-1s\"",
                                    "ref=\"m\"",
                                    "ref=\"n\"",
                                    "ref=\"a\"",
                                    "ref=\"e\"",
                                    "tcStart=\"86400s\"",
                                    "frameDuration=\"1s\"",
                                    "<gap duration=\"1s\"/>",
                                    "<transition duration=\"3s\"/>",
                                    "<spine lane=\"2\">",
                                    "</spine>",
                                    "<ref-clip ref=\"m\" duration=\"1s\"/>",
                                    "<asset-clip ref=\"a\" duration=\"1s\">",
                                    "</asset-clip>",
                                    "srcEnable=\"audio\"",
                                    "enabled=\"0\"",
                                    "/",
                                    "1001/30000s",
                                    "&#1;",
                                    "<![CDATA[",
                                    "amount=\"-999dB\"",
                                    "scale=\"0 -99999\"",
                                    "mode=\"trim\"",
                                    "completed=\"1\"",
                                    "<!ENTITY",
                                    NULL};
FUZZ_MAIN(corpus, words)
#else
FUZZ_MAIN(, )
#endif
