/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Final Cut Pro XML. */
#include "interchange.h"

static void fuzz_one(const char *bytes, size_t length)
{
    kf_str text = {0};
    kf_interchange_sniff(bytes, length);
    kf_film *film = fuzz_import("xmeml", bytes, length);
    if (film) {
        fuzz_export("xmeml", film, &text);
    }
    kf_film_destroy(film);
    kf_str_finish(&text);
}

#ifndef KF_LIBFUZZER
#define RATE "<rate><timebase>25</timebase><ntsc>FALSE</ntsc></rate>"
static const char *const corpus[] = {
    "<?xml version=\"1.0\"?><!DOCTYPE xmeml><xmeml version=\"5\"><project><name>p</name><children>"
    "<bin><name>b</name><children><clip id=\"m\"><media><video><track><clipitem><file "
    "id=\"f1\"/></clipitem></track></video>"
    "</media></clip></children></bin>"
    "<sequence id=\"s\"><name>s</name>" RATE "<timecode>" RATE "<string>01:00:00:00</string><displayformat>NDF"
    "</displayformat></timecode><in>1</in><out>9</out><marker><in>3</in><out>-1</out><name>m</name><comment>c</comment>"
    "</marker><media><video><format><samplecharacteristics><width>640</width><height>360</height></"
    "samplecharacteristics>"
    "</format><track><clipitem id=\"c1\"><name>a</name>" RATE "<duration>100</duration><start>0</start><end>-1</end>"
    "<in>0</in><out>60</out><file id=\"f1\"><name>a.mov</name><pathurl>file://localhost/a%20b.mov</pathurl>" RATE
    "<duration>100</duration><media><video><samplecharacteristics><width>320</width><height>180</height>"
    "</samplecharacteristics></video><audio/></media></file><link><linkclipref>c1</linkclipref></"
    "link><link><linkclipref>"
    "c3</linkclipref></link><compositemode>multiply</compositemode>"
    "<filter><effect><name>Basic Motion</name><effectid>basic</effectid><parameter><parameterid>scale</parameterid>"
    "<keyframe><when>0</when><value>50</value></keyframe><keyframe><when>30</when><value>100</value></keyframe></"
    "parameter>"
    "<parameter><parameterid>center</parameterid><value><horiz>0.1</horiz><vert>-0.2</vert></value></parameter></"
    "effect>"
    "</filter><filter><effect><effectid>crop</effectid><parameter><parameterid>left</parameterid><value>10</value>"
    "</parameter></effect></filter><filter><effect><effectid>odd</effectid></effect></filter></clipitem>"
    "<transitionitem><start>40</start><end>60</end><alignment>center</alignment><effect><name>Cross Dissolve</name>"
    "</effect></transitionitem>"
    "<clipitem id=\"c2\">" RATE
    "<start>-1</start><end>100</end><in>20</in><out>80</out><file id=\"f1\"/><filter><effect>"
    "<effectid>timeremap</effectid><parameter><parameterid>speed</parameterid><value>50</value></parameter><parameter>"
    "<parameterid>reverse</parameterid><value>TRUE</value></parameter></effect></filter></clipitem>"
    "<generatoritem id=\"g\">" RATE
    "<start>120</start><end>140</end><in>0</in><out>20</out><effect><effectid>Text</effectid>"
    "<parameter><parameterid>str</parameterid><value>Hi</value></parameter></effect></generatoritem></track></video>"
    "<audio><track><clipitem id=\"c3\">" RATE "<start>0</start><end>50</end><in>0</in><out>50</out><file id=\"f1\"/>"
    "<sourcetrack><trackindex>1</trackindex></sourcetrack><filter><effect><effectid>audiolevels</effectid><parameter>"
    "<parameterid>level</parameterid><value>0.5</value></parameter></effect></filter></clipitem></track></audio></"
    "media>"
    "</sequence></children></project></xmeml>",
    "<xmeml version=\"4\"><sequence id=\"a\">" RATE
    "<media><video><track><clipitem><start>0</start><end>10</end><in>0</in>"
    "<out>10</out><sequence id=\"b\">" RATE
    "<media><video><track><clipitem><start>0</start><end>10</end><in>0</in><out>10"
    "</out><sequence "
    "id=\"a\"/></clipitem></track></video></media></sequence></clipitem><clipitem><start>10</start><end>20"
    "</end><multiclip id=\"mc\"><angle><activevideoangle>TRUE</activevideoangle><clip>" RATE
    "<duration>20</duration><file "
    "id=\"x\"><name>x</name></file></clip></angle></multiclip></clipitem></track></video></media></sequence></xmeml>",
    "<xmeml version=\"4\"><sequence>" RATE
    "<media><video><track><clipitem><start>0</start><end>10</end><in>0</in><out>10"
    "</out><file><name>f</name></file><filter><effect><effectid>timeremap</"
    "effectid><parameter><parameterid>variablespeed"
    "</parameterid><value>1</value></parameter><parameter><parameterid>graphdict</parameterid><keyframe><when>0</when>"
    "<value>0</value></keyframe><keyframe><when>5</when><value>2.5</value></keyframe><keyframe><when>10</when><value>20"
    "</value></keyframe></parameter></effect></filter></clipitem></track></video></media></sequence></xmeml>",
    NULL,
};
static const char *const dictionary[] = {"<start>-1</start>",
                                         "<end>-1</end>",
                                         "<in>-1</in>",
                                         "<out>0</out>",
                                         "<start>5</start>",
                                         "<end>50</end>",
                                         RATE,
                                         "<rate><timebase>30</timebase><ntsc>TRUE</ntsc></rate>",
                                         "<displayformat>DF</displayformat>",
                                         "<transitionitem><start>30</start><end>70</end></transitionitem>",
                                         "</transitionitem><transitionitem>",
                                         "<alignment>end-black</alignment>",
                                         "<cutPointTicks>60963840000</cutPointTicks>",
                                         "<enabled>FALSE</enabled>",
                                         "<value>-1e9</value>",
                                         "<when>-7</when>",
                                         "<sequence id=\"s\"/>",
                                         "<file id=\"f1\"/>",
                                         "&#1;",
                                         "&#xD7FF;",
                                         "<![CDATA[",
                                         "<!ENTITY",
                                         "</clipitem>",
                                         "<clipitem>",
                                         "<stillframe>TRUE</stillframe>",
                                         NULL};

FUZZ_MAIN(corpus, dictionary)
#else
FUZZ_MAIN(, )
#endif
