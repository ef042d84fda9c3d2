/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OPTION(name, letter, type, member, value, help) {name, letter, type, offsetof(cli_options, member), value, help}
#define COUNT(table) (int)(sizeof(table) / sizeof *(table))

/* What a file is to be made of a film. */
#define OUTPUT_OPTIONS \
    OPTION("output", 'o', OPTION_TEXT, output, "OUT", "file to write; the extension picks the container. -: MP4 in fragments on standard output"), \
    OPTION("range", 0, OPTION_TEXT, range, "A..B", "only from A to B (times; either may be left out)"), \
    OPTION("preset", 0, OPTION_TEXT, preset, "NAME", "a named set of codecs and sizes; see `kerf formats`"), \
    OPTION("video-codec", 0, OPTION_TEXT, video_codec, "NAME", \
           "h264, hevc, vp9, av1, prores, dnxhr, ffv1, ... or none"), \
    OPTION("audio-codec", 0, OPTION_TEXT, audio_codec, "NAME", "aac, opus, flac, pcm_s16, ... or none"), \
    OPTION("crf", 0, OPTION_INT, crf, "N", "constant quality; lower is better"), \
    OPTION("bitrate", 0, OPTION_BYTES, video_bitrate, "N", "video bits per second, such as 8M"), \
    OPTION("audio-bitrate", 0, OPTION_BYTES, audio_bitrate, "N", "audio bits per second, such as 192k"), \
    OPTION("speed", 0, OPTION_TEXT, speed, "NAME", "ultrafast ... veryslow"), \
    OPTION("profile-name", 0, OPTION_TEXT, profile_name, "NAME", "codec profile (prores: hq, 4444, ...)"), \
    OPTION("pixel-format", 0, OPTION_TEXT, pixel_format, "NAME", "yuv420p, yuv422p10, ..."), \
    OPTION("size", 0, OPTION_SIZE, width, "WxH", "output size"), \
    OPTION("rate", 0, OPTION_RATE, rate, "R", "frames per second: 25, 29.97, 30000/1001"), \
    OPTION("vfr", 0, OPTION_FLAG, variable_rate, NULL, "encode a frame only where the picture changes (mp4, mov, mkv, webm)"), \
    OPTION("sequence", 0, OPTION_TEXT, sequence, "ID", "which sequence to render"), \
    OPTION("threads", 0, OPTION_INT, threads, "N", "threads for composing and codecs (0: one per CPU)"), \
    OPTION("memory", 0, OPTION_INT, memory_mb, "MB", "budget for frames in flight and caches"), \
    OPTION("overwrite", 0, OPTION_FLAG, overwrite, NULL, "replace an existing file (once the new one is complete)"), \
    OPTION("allow-missing", 0, OPTION_FLAG, allow_missing, NULL, \
           "show a placeholder for missing media instead of stopping"), \
    OPTION("clamp-ranges", 0, OPTION_FLAG, clamp_ranges, NULL, \
           "hold the last frame where a clip asks for more than its media has")

#define RENDER_OPTIONS \
    OUTPUT_OPTIONS, \
    OPTION("null", 0, OPTION_FLAG, null_output, NULL, "do everything but encoding and writing"), \
    OPTION("hash", 0, OPTION_TEXT, hash, "frames", "print frame number, picture hash and sound hash of each frame"), \
    OPTION("dry-run", 0, OPTION_FLAG, dry_run, NULL, "print what would be decoded, composed and encoded"), \
    OPTION("profile", 0, OPTION_FLAG, profile, NULL, "print where the time went"), \
    OPTION("nice", 0, OPTION_INT, nice, "N", "give way to other programs: 0 (not) to 19 (always)"), \
    OPTION("memory-limit", 0, OPTION_INT, memory_limit_mb, "MB", "fail where the program would allocate more than this"), \
    OPTION("stop-on-eof", 0, OPTION_FLAG, stop_on_eof, NULL, \
           "stop when standard input ends: with the program at its other end"), \
    OPTION("progress", 0, OPTION_TEXT, progress, "MODE", "auto, plain, json, none"), \
    OPTION("reference", 0, OPTION_FLAG, reference, NULL, "compose with the slow reference executor"), \
    OPTION("isa", 0, OPTION_TEXT, instruction_set, "NAME", "c, avx2, avx512 (the result is the same)"), \
    OPTION("quiet", 'q', OPTION_FLAG, quiet, NULL, "no report at the end")

static const option_row render_options[] = {
    RENDER_OPTIONS,
    OPTION("folder", 0, OPTION_TEXT, folder, "DIR", "FILM is JSON (- is standard input) whose relative paths are from DIR"),
};
static const option_row reel_options[] = {
    RENDER_OPTIONS,
    OPTION("at", 0, OPTION_TEXT, at, "TIME", "write one frame as a picture"),
    OPTION("folder", 0, OPTION_TEXT, folder, "DIR", "where CONFIG's relative paths are from (default: its folder)"),
    OPTION("allow-hosts", 0, OPTION_TEXT, allow_hosts, "LIST", "hosts of remote files that CONFIG may name, with commas between"),
};
static const option_row queue_options[] = {
    OPTION("json", 0, OPTION_FLAG, json, NULL, "list: as JSON"),
    OPTION("jobs", 0, OPTION_INT, jobs, "N", "run: how many at once (1)"),
    OPTION("name", 0, OPTION_TEXT, name, "TEXT", "add: how the job is called"),
    OUTPUT_OPTIONS,
};
static const option_row frame_options[] = {
    OPTION("at", 0, OPTION_TEXT, at, "TIME", "seconds, hh:mm:ss.mmm, timecode or 123f"),
    OPTION("output", 'o', OPTION_TEXT, output, "OUT.png", "PNG, JPEG or WebP to write"),
    OPTION("size", 0, OPTION_SIZE, width, "WxH", "output size"),
    OPTION("sequence", 0, OPTION_TEXT, sequence, "ID", "which sequence"),
    OPTION("overwrite", 0, OPTION_FLAG, overwrite, NULL, "replace an existing file"),
    OPTION("allow-missing", 0, OPTION_FLAG, allow_missing, NULL, "show a placeholder for missing media"),
    OPTION("clamp-ranges", 0, OPTION_FLAG, clamp_ranges, NULL, "hold the last frame beyond the end of media"),
    OPTION("reference", 0, OPTION_FLAG, reference, NULL, "compose with the slow reference executor"),
    OPTION("threads", 0, OPTION_INT, threads, "N", "threads (0: one per CPU)"),
};
static const option_row optimize_options[] = {
    OPTION("output", 'o', OPTION_TEXT, output, "OUT", "file to write; its extension says which container"),
    OPTION("size", 0, OPTION_BYTES, target, "BYTES", "most that it may have, such as 8M (default 50M)"),
    OPTION("overwrite", 0, OPTION_FLAG, overwrite, NULL, "replace an existing file"),
    OPTION("video-codec", 0, OPTION_TEXT, video_codec, "NAME", "as `kerf formats` lists"),
    OPTION("audio-codec", 0, OPTION_TEXT, audio_codec, "NAME", "as `kerf formats` lists"),
    OPTION("speed", 0, OPTION_TEXT, speed, "NAME", "ultrafast to veryslow"),
    OPTION("threads", 0, OPTION_INT, threads, "N", "threads (0: one per CPU)"),
    OPTION("memory", 0, OPTION_INT, memory_mb, "MB", "for frames in flight and caches"),
    OPTION("progress", 0, OPTION_TEXT, progress, "MODE", "auto, plain, json or none"),
};
static const option_row compare_options[] = {
    OPTION("frames", 0, OPTION_INT, compared, "N", "compare so many, spread evenly (default all)"),
    OPTION("json", 0, OPTION_FLAG, json, NULL, "as JSON"),
    OPTION("threads", 0, OPTION_INT, threads, "N", "threads (0: one per CPU)"),
};
static const option_row probe_options[] = {
    OPTION("json", 0, OPTION_FLAG, json, NULL, "as JSON"),
    OPTION("loudness", 0, OPTION_FLAG, loudness, NULL, "decode the sound and measure it"),
    OPTION("index", 0, OPTION_FLAG, index, NULL, "read all packets: exact frame counts, durations and rates"),
};
static const option_row convert_options[] = {
    OPTION("report", 0, OPTION_MAYBE, report, "json", "say clip by clip what is lost, before anything is written"),
    OPTION("dry-run", 0, OPTION_FLAG, dry_run, NULL, "write nothing"),
    OPTION("overwrite", 0, OPTION_FLAG, overwrite, NULL, "replace an existing file"),
    OPTION("sequence", 0, OPTION_TEXT, sequence, "ID", "which sequence to write"),
    OPTION("from", 0, OPTION_TEXT, from, "FORM", "form of A (default: by its content, then its extension)"),
    OPTION("to", 0, OPTION_TEXT, to, "FORM", "form of B (default: by its extension)"),
    OPTION("rate", 0, OPTION_RATE, rate, "R", "frames per second where A does not say (EDL, captions)"),
};
static const option_row new_options[] = {
    OPTION("preset", 0, OPTION_TEXT, preset, "NAME", "size, rate and sound; see `kerf presets`"),
    OPTION("name", 0, OPTION_TEXT, name, "TEXT", "name of the project"),
    OPTION("video-tracks", 0, OPTION_INT, video_tracks, "N", "video tracks (2)"),
    OPTION("audio-tracks", 0, OPTION_INT, audio_tracks, "N", "audio tracks (2)"),
};
static const option_row edit_options[] = {
    OPTION("script", 0, OPTION_TEXT, script, "FILE", "edits as JSON, one a line (- is standard input): all of them or none"),
    OPTION("label", 0, OPTION_TEXT, label, "TEXT", "how the step is called in history"),
    OPTION("dry-run", 0, OPTION_FLAG, dry_run, NULL, "say what would happen, and change nothing"),
    OPTION("quiet", 'q', OPTION_FLAG, quiet, NULL, "no report"),
};
static const option_row log_options[] = {
    OPTION("all", 0, OPTION_FLAG, all, NULL, "also the states that undo has left aside"),
    OPTION("json", 0, OPTION_FLAG, json, NULL, "as JSON"),
};
static const option_row compact_options[] = {
    OPTION("drop-history", 0, OPTION_FLAG, drop_history, NULL, "without the steps that led here"),
};
static const option_row list_options[] = {
    OPTION("sequence", 0, OPTION_TEXT, sequence, "ID", "which sequence"),
    OPTION("json", 0, OPTION_FLAG, json, NULL, "as JSON"),
};
static const option_row quiet_options[] = {
    OPTION("quiet", 'q', OPTION_FLAG, quiet, NULL, "no report"),
};
static const option_row json_options[] = {
    OPTION("json", 0, OPTION_FLAG, json, NULL, "as JSON"),
};

static const option_row proxy_options[] = {
    OPTION("preset", 0, OPTION_TEXT, preset, "NAME", "proxy-720 (default), prores-720, dnxhr-720, half, quarter"),
    OPTION("folder", 0, OPTION_TEXT, folder, "DIR", "where they go (default: proxies/ in the cache's folder)"),
    OPTION("nice", 0, OPTION_INT, nice, "N", "give way to other programs: 0 (not) to 19 (always)"),
    OPTION("progress", 0, OPTION_TEXT, progress, "MODE", "auto, plain, none"),
};
static const option_row relink_options[] = {
    OPTION("search", 0, OPTION_TEXT, search, "DIR", "folder to look through; more may follow"),
    OPTION("dry-run", 0, OPTION_FLAG, dry_run, NULL, "say what would be found, and change nothing"),
};

const command_row cli_commands[] = {
    {"render", "FILM [-o OUT]", "Renders a film.", 1, 1, render_options, COUNT(render_options), run_render},
    {"reel", "CONFIG.json -o OUT", "Makes a short video, or its film, of a JSON template.", 1, 1, reel_options,
     COUNT(reel_options), run_reel},
    {"queue", "[ACTION] [FILM | ID]", "Renders films in the background: list, add, run, pause, resume, cancel, retry, remove.",
     0, 2, queue_options, COUNT(queue_options), run_queue},
    {"frame", "FILM --at TIME -o OUT.png", "Writes one frame of a film as a picture.", 1, 1, frame_options,
     COUNT(frame_options), run_frame},
    {"check", "FILM", "Opens everything a film uses and says what is wrong.", 1, 1, NULL, 0, run_check},
    {"convert", "A B", "Turns a film into another form: json, kerf, otio, edl, fcpxml, xml, srt, vtt, ass.", 2, 2,
     convert_options, COUNT(convert_options), run_convert},
    {"probe", "MEDIA", "Describes a media file.", 1, 1, probe_options, COUNT(probe_options), run_probe},
    {"optimize", "MEDIA -o OUT --size BYTES", "Encodes a media file anew so that it has a given size.", 1, 1,
     optimize_options, COUNT(optimize_options), run_optimize},
    {"compare", "A B", "Says how alike the pictures of two media files are: SSIM and PSNR.", 2, 2, compare_options,
     COUNT(compare_options), run_compare},
    {"proxy", "MEDIA...", "Makes light copies to edit with, and prints where they are.", 1, 10000, proxy_options,
     COUNT(proxy_options), run_proxy},
    {"cache", "[clear]", "Says how large the cache of thumbnails and waveforms is, or empties it.", 0, 1, json_options,
     COUNT(json_options), run_cache},
    {"effects", "[NAME]", "Lists effects, transitions, generators and presets with their parameters.", 0, 1,
     json_options, COUNT(json_options), run_effects},
    {"formats", "", "Lists containers, codecs, pixel formats and presets.", 0, 0, json_options, COUNT(json_options),
     run_formats},
    {"new", "[FILM.kerf]", "Makes an empty project; without a name, in the user's data folder.", 0, 1, new_options,
     COUNT(new_options), run_new},
    {"edit", "FILM OP [NAME=VALUE ...]", "Edits a film; `kerf edits` lists the operations.", 1, 1000, edit_options,
     COUNT(edit_options), run_edit},
    {"relink", "FILM --search DIR...", "Finds missing media in other folders.", 1, 64, relink_options,
     COUNT(relink_options), run_relink},
    {"edits", "[OP]", "Lists the edit operations, or the arguments of one.", 0, 1, json_options, COUNT(json_options),
     run_edits},
    {"list", "FILM", "Lists the tracks of a film with their clips: ids, times, names.", 1, 1, list_options,
     COUNT(list_options), run_list},
    {"log", "FILM.kerf", "Lists the states of a project.", 1, 1, log_options, COUNT(log_options), run_log},
    {"diff", "A B", "Says what differs between two films; FILM.kerf#N is state N of a project.", 2, 2, json_options,
     COUNT(json_options), run_diff},
    {"undo", "FILM.kerf [N]", "Takes back the last N edits.", 1, 2, quiet_options, COUNT(quiet_options), run_undo},
    {"redo", "FILM.kerf [N]", "Makes them again.", 1, 2, quiet_options, COUNT(quiet_options), run_redo},
    {"go", "FILM.kerf N", "Goes to a state of the log.", 2, 2, quiet_options, COUNT(quiet_options), run_go},
    {"save", "FILM.kerf", "Marks the present state as saved.", 1, 1, NULL, 0, run_save},
    {"revert", "FILM.kerf", "Goes back to the saved state, as a new step.", 1, 1, quiet_options, COUNT(quiet_options),
     run_revert},
    {"compact", "FILM.kerf", "Rewrites a project without what is not in use.", 1, 1, compact_options,
     COUNT(compact_options), run_compact},
    {"recover", "FILM.kerf NEW.kerf", "Saves what can be saved of a damaged project.", 2, 2, NULL, 0, run_recover},
    {"presets", "", "Lists presets of sequences: sizes, rates and sound.", 0, 0, json_options, COUNT(json_options),
     run_presets},
    {"sync", "MEDIA MEDIA", "Finds how far apart two recordings of one event are, by their sound.", 2, 2, json_options,
     COUNT(json_options), run_sync},
    {"schema", "[reel]", "Prints the JSON Schema of films, or of reels' configs.", 0, 1, NULL, 0, run_schema},
};
const int cli_command_count = COUNT(cli_commands);

static void print_overview(FILE *to)
{
    fprintf(to, "kerf %s: films from JSON, at the speed of decode plus encode\n\n", kf_version());
    for (int i = 0; i < cli_command_count; i++) {
        char left[64];
        snprintf(left, sizeof left, "kerf %s %s", cli_commands[i].name, cli_commands[i].arguments);
        fprintf(to, "  %-34s %s\n", left, cli_commands[i].help);
    }
    fputs("\n`kerf COMMAND --help` lists the options of a command.\n", to);
}

/* What could not be printed is not done. */
static int finish(int code)
{
    if (fflush(stdout) == 0 && !ferror(stdout)) return code;
    fprintf(stderr, "kerf: standard output cannot be written: %s\n", strerror(errno));
    return code ? code : KF_ERR_IO;
}

static int run(const command_row *command, int argc, char **argv)
{
    cli_options options = {.crf = -1, .video_tracks = -1, .audio_tracks = -1, .jobs = 1};
    kf_error error = {0};
    int count;
    char **arguments = malloc(sizeof *arguments * (size_t)(argc + 1));
    if (!arguments) return KF_ERR_MEMORY;
    int code;
    if (!cli_parse(command, argc, argv, &options, arguments, &count, &error)) {
        code = cli_fail(&error);
    } else if (options.help) {
        cli_print_help(command);
        code = 0;
    } else {
        code = command->run(&options, arguments, count);
    }
    free(arguments);
    return code;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        print_overview(stderr);
        return KF_ERR_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
        print_overview(stdout);
        return 0;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("kerf %s\n", kf_version());
        return 0;
    }
    for (int i = 0; i < cli_command_count; i++)
        if (strcmp(argv[1], cli_commands[i].name) == 0) return finish(run(&cli_commands[i], argc - 2, argv + 2));
    return cli_usage_error("there is no command \"%s\"; see `kerf --help`", argv[1]);
}
