/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* OTIO: what is read can be written, and read again. */
#include "interchange.h"

static void fuzz_one(const char *bytes, size_t length)
{
    kf_interchange_sniff(bytes, length);
    fuzz_round_trip("otio", bytes, length);
}

#define T(v) "{\"OTIO_SCHEMA\":\"RationalTime.1\",\"value\":" v ",\"rate\":24}"
#define R(s, d) "{\"OTIO_SCHEMA\":\"TimeRange.1\",\"start_time\":" T(s) ",\"duration\":" T(d) "}"

static const char *const corpus[] = {
    "{\"OTIO_SCHEMA\":\"Timeline.1\",\"name\":\"t\",\"global_start_time\":" T("86400") ",\"tracks\":{\"OTIO_SCHEMA\":"
    "\"Stack.1\",\"markers\":[{\"OTIO_SCHEMA\":\"Marker.2\",\"color\":\"RED\",\"marked_range\":" R("1", "0") "}],"
    "\"children\":[{\"OTIO_SCHEMA\":\"Track.1\",\"kind\":\"Video\",\"children\":[{\"OTIO_SCHEMA\":\"Gap.1\","
    "\"source_range\":" R("0", "5") "},{\"OTIO_SCHEMA\":\"Clip.2\",\"name\":\"a\",\"source_range\":" R("10", "20")
    ",\"effects\":[{\"OTIO_SCHEMA\":\"LinearTimeWarp.1\",\"time_scalar\":-2.0}],\"media_references\":{"
    "\"DEFAULT_MEDIA\":{\"OTIO_SCHEMA\":\"ExternalReference.1\",\"target_url\":\"file:///a.mov\",\"available_range\":"
    R("5", "90") "}}},{\"OTIO_SCHEMA\":\"Transition.1\",\"transition_type\":\"SMPTE_Dissolve\",\"in_offset\":" T("3")
    ",\"out_offset\":" T("4") "},{\"OTIO_SCHEMA\":\"Stack.1\",\"name\":\"n\",\"source_range\":" R("0", "9")
    ",\"children\":[{\"OTIO_SCHEMA\":\"Clip.1\",\"media_reference\":null,\"source_range\":" R("0", "9") "}]}]},"
    "{\"OTIO_SCHEMA\":\"Track.1\",\"kind\":\"Audio\",\"source_range\":" R("1", "2") ",\"children\":[]}]}}",
    "{\"OTIO_SCHEMA\":\"SerializableCollection.1\",\"children\":[{\"OTIO_SCHEMA\":\"Clip.2\",\"OTIO_REF_ID\":\"c\","
    "\"metadata\":{\"kerf\":{\"id\":7,\"opacity\":0.5,\"transform\":{}}},\"source_range\":" R("0", "9")
    ",\"media_references\":{\"DEFAULT_MEDIA\":{\"OTIO_SCHEMA\":\"GeneratorReference.1\",\"generator_kind\":\"bars\","
    "\"parameters\":{\"tone\":true}}}},{\"OTIO_SCHEMA\":\"Track.1\",\"children\":[{\"OTIO_SCHEMA\":"
    "\"SerializableObjectRef.1\",\"id\":\"c\"}]}]}",
    NULL};
static const char *const dictionary[] = {"\"OTIO_SCHEMA\":\"Track.1\"", "\"Gap.1\"", "\"Stack.1\"", "\"Clip.2\"", "null",
                                         "NaN", "-Infinity", "\"metadata\":{\"kerf\":{\"sequence\":{\"id\":\"x\"}}},",
                                         "\"metadata\":{\"otio\":{\"whole\":true}},", "\"FreezeFrame.1\"", "1e300",
                                         "\"enabled\":false,", "\"kind\":\"Data\",", NULL};
FUZZ_MAIN(corpus, dictionary)
