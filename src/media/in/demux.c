/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/api/str.h"
#include "media/in/internal.h"

enum { IO_BUFFER = 64 << 10 };

const char *kf_in_error_text(int code, char buffer[128])
{
    if (av_strerror(code, buffer, 128) < 0) {
        snprintf(buffer, 128, "error %d", code);
    }
    return buffer;
}

/* ---- the file ---- */

static int io_read(void *opaque, uint8_t *bytes, int length)
{
    kf_in_demux *d = opaque;
    if (d->position >= d->size || length <= 0) {
        return AVERROR_EOF;
    }
    ssize_t n = length < d->size - d->position ? length : (ssize_t)(d->size - d->position);
    if (!d->hollow) {
        do {
            n = pread(d->fd, bytes, (size_t)n, d->position);
        } while (n < 0 && errno == EINTR);
        if (n < 0) {
            return AVERROR(errno);
        }
    }
    d->position += n;
    return n ? (int)n : AVERROR_EOF;
}

static int64_t io_seek(void *opaque, int64_t offset, int whence)
{
    kf_in_demux *d = opaque;
    if (whence & AVSEEK_SIZE) {
        return d->size;
    }
    whence &= ~AVSEEK_FORCE;
    int64_t base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? d->position : whence == SEEK_END ? d->size : INT64_MIN;
    if (base == INT64_MIN || base + offset < 0) {
        return AVERROR(EINVAL);
    }
    d->position = base + offset;
    return d->position;
}

static kf_status file_missing(const char *path, int code, kf_error *err)
{
    if (code == ENOENT || code == ENOTDIR) {
        return kf_fail(err, KF_ERR_NOT_FOUND, "%s: there is no such file; check the path", path);
    }
    if (code == EACCES || code == EPERM) {
        return kf_fail(err, KF_ERR_IO, "%s: not readable (permission denied); change its permissions or copy it", path);
    }
    return kf_fail_errno(err, code, "%s: cannot open", path);
}

static kf_status open_file(const char *path, kf_in_demux *d, kf_error *err)
{
    struct stat st;
    d->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (d->fd < 0 || fstat(d->fd, &st) < 0) {
        return file_missing(path, errno, err);
    }
    if (S_ISDIR(st.st_mode)) {
        return kf_fail(err, KF_ERR_MEDIA,
                       "%s: is a folder; name a file in it, or a numbered sequence like %s/%%04d.png", path, path);
    }
    if (!S_ISREG(st.st_mode)) {
        return kf_fail(err, KF_ERR_MEDIA, "%s: is not a regular file; copy its content into one", path);
    }
    if (st.st_size == 0) {
        return kf_fail(err, KF_ERR_MEDIA, "%s: the file is empty; was it copied completely?", path);
    }
    d->size = st.st_size;
    uint8_t *buffer = av_malloc(IO_BUFFER);
    d->io = buffer ? avio_alloc_context(buffer, IO_BUFFER, 0, d, io_read, NULL, io_seek) : NULL;
    if (!d->io) {
        av_free(buffer);
        return kf_fail_memory(err);
    }
    return KF_OK;
}

/* ---- opening ---- */

static bool starts_with(const uint8_t *bytes, size_t length, size_t at, const char *word)
{
    return length >= at + strlen(word) && memcmp(bytes + at, word, strlen(word)) == 0;
}

static bool looks_like_text(const uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] < 9 || (bytes[i] > 13 && bytes[i] < 32 && bytes[i] != 27)) {
            return false;
        }
    }
    return length > 0;
}

/* Says why a file that is there is not media. */
static kf_status refused(const char *path, int code, kf_error *err)
{
    uint8_t head[512];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? 0 : read(fd, head, sizeof head);
    if (fd >= 0) {
        close(fd);
    }
    size_t length = n > 0 ? (size_t)n : 0;
    char text[128];
    if (code == AVERROR(ENOMEM)) {
        return kf_fail_memory(err);
    }
    if (starts_with(head, length, 4, "ftyp") || starts_with(head, length, 4, "mdat") ||
        starts_with(head, length, 4, "wide")) {
        return kf_fail(err, KF_ERR_MEDIA,
                       "%s: the file is cut off: its index (moov) is missing; was the recording or copy interrupted? "
                       "Copy it again or repair it",
                       path);
    }
    if (looks_like_text(head, length)) {
        return kf_fail(err, KF_ERR_MEDIA, "%s: is a text file, not media; name a video, sound or picture file", path);
    }
    if (code == AVERROR_INVALIDDATA) {
        return kf_fail(err, KF_ERR_MEDIA, "%s: is not media, or is damaged at its start (%s); does a player open it?",
                       path, kf_in_error_text(code, text));
    }
    return kf_fail(err, KF_ERR_MEDIA, "%s: cannot be opened (%s); does a player open it?", path,
                   kf_in_error_text(code, text));
}

static int open_pictures(const kf_in_place *place, kf_in_demux *d)
{
    AVDictionary *options = NULL;
    const AVInputFormat *image2 = av_find_input_format("image2");
    if (!image2) {
        return AVERROR_DEMUXER_NOT_FOUND;
    }
    char rate[32];
    snprintf(rate, sizeof rate, "%d/%d", place->rate.num, place->rate.den);
    av_dict_set(&options, "framerate", rate, 0);
    if (place->kind == KF_IN_SEQUENCE) {
        av_dict_set(&options, "pattern_type", "sequence", 0);
        av_dict_set_int(&options, "start_number", place->first, 0);
        av_dict_set_int(&options, "start_number_range", 1, 0);
    } else {
        av_dict_set(&options, "pattern_type", "none", 0);
    }
    int code = avformat_open_input(&d->format, place->path, image2, &options);
    av_dict_free(&options);
    return code;
}

static int open_container(const kf_in_place *place, kf_in_demux *d)
{
    AVDictionary *options = NULL;
    d->format = avformat_alloc_context();
    if (!d->format) {
        return AVERROR(ENOMEM);
    }
    d->format->pb = d->io;
    av_dict_set(&options, "protocol_whitelist", "file", 0);
    int code = avformat_open_input(&d->format, place->path, NULL, &options);
    av_dict_free(&options);
    if (code >= 0 && kf_in_demux_is(d, "tty")) {
        code = AVERROR_INVALIDDATA; /* any text is "ANSI art" to libavformat */
    }
    return code;
}

kf_status kf_in_demux_open(const kf_in_place *place, kf_in_demux *d, kf_error *err)
{
    *d = (kf_in_demux){.fd = -1};
    kf_status status = place->kind == KF_IN_FILE ? open_file(place->path, d, err) : KF_OK;
    if (!status) {
        int code = place->kind == KF_IN_FILE ? open_container(place, d) : open_pictures(place, d);
        status = code < 0 ? refused(place->path, code, err) : KF_OK;
    }
    if (status) {
        kf_in_demux_close(d);
    }
    return status;
}

void kf_in_demux_close(kf_in_demux *d)
{
    avformat_close_input(&d->format);
    if (d->io) {
        av_freep(&d->io->buffer);
        avio_context_free(&d->io);
    }
    if (d->fd >= 0) {
        close(d->fd);
    }
    *d = (kf_in_demux){.fd = -1};
}

bool kf_in_demux_is(const kf_in_demux *d, const char *format)
{
    const char *names = d->format && d->format->iformat ? d->format->iformat->name : "";
    size_t length = strlen(format);
    for (const char *at = strstr(names, format); at; at = strstr(at + 1, format)) {
        if ((at == names || at[-1] == ',') && (at[length] == ',' || at[length] == '\0')) {
            return true;
        }
    }
    return false;
}

/* ---- what a path is ---- */

/* A "%d" or "%04d" in the last part of the path: where it begins and ends, and its digits. */
static bool find_number(const char *name, size_t *from, size_t *to, int *digits)
{
    const char *at = strchr(name, '%');
    if (!at) {
        return false;
    }
    const char *end = at + 1;
    *digits = 0;
    while (*end >= '0' && *end <= '9' && end - at < 4) {
        *digits = *digits * 10 + (*end++ - '0');
    }
    if (*end != 'd' || strchr(end, '%')) {
        return false;
    }
    *from = (size_t)(at - name);
    *to = (size_t)(end + 1 - name);
    return true;
}

/* The number in `file` where the pattern has one; -1 if it does not fit. */
static int64_t number_of(const char *file, const char *pattern, size_t from, size_t to, int digits)
{
    size_t length = strlen(file), tail = strlen(pattern + to);
    if (length <= from + tail || strncmp(file, pattern, from) != 0 || strcmp(file + length - tail, pattern + to) != 0) {
        return -1;
    }
    size_t count = length - from - tail;
    if (count < (size_t)digits || count > 9 || (count > (size_t)digits && count > 1 && file[from] == '0')) {
        return -1;
    }
    int64_t value = 0;
    for (size_t i = from; i < from + count; i++) {
        if (file[i] < '0' || file[i] > '9') {
            return -1;
        }
        value = value * 10 + (file[i] - '0');
    }
    return value;
}

static int compare_numbers(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static kf_status count_pictures(DIR *folder, const char *name, kf_in_place *place, kf_error *err)
{
    size_t from = 0, to = 0, capacity = 0, count = 0;
    int digits = 0;
    int64_t *numbers = NULL;
    find_number(name, &from, &to, &digits);
    for (struct dirent *e; (e = readdir(folder));) {
        int64_t n = number_of(e->d_name, name, from, to, digits);
        if (n >= 0) {
            if (kf_grow((void **)&numbers, &capacity, count + 1, sizeof *numbers)) {
                kf_free(numbers);
                return kf_fail_memory(err);
            }
            numbers[count++] = n;
        }
    }
    if (count) {
        qsort(numbers, count, sizeof *numbers, compare_numbers);
        place->first = numbers[0];
        place->count = 1;
        while ((size_t)place->count < count && numbers[place->count] == place->first + place->count) {
            place->count++;
        }
    }
    kf_free(numbers);
    return count ? KF_OK
                 : kf_fail(err, KF_ERR_NOT_FOUND,
                           "%s: no file fits this pattern; check the folder and the number of digits", place->path);
}

static kf_status find_sequence(kf_in_place *place, kf_error *err)
{
    char *folder_path = kf_path_folder(place->path);
    DIR *folder = folder_path ? opendir(folder_path) : NULL;
    kf_status status = !folder_path ? kf_fail_memory(err) : !folder ? file_missing(folder_path, errno, err) : KF_OK;
    if (!status) {
        status = count_pictures(folder, kf_path_name(place->path), place, err);
    }
    if (folder) {
        closedir(folder);
    }
    kf_free(folder_path);
    return status;
}

kf_status kf_in_place_find(const char *path, const kf_media_params *params, kf_in_place *place, kf_error *err)
{
    size_t from, to;
    int digits;
    bool rate = params->rate.num > 0 && params->rate.den > 0;
    *place = (kf_in_place){.path = kf_strdup(path), .rate = rate ? params->rate : (kf_rational){25, 1}, .count = 1};
    if (!place->path) {
        return kf_fail_memory(err);
    }
    if (access(path, F_OK) != 0 && find_number(kf_path_name(path), &from, &to, &digits)) {
        place->kind = KF_IN_SEQUENCE;
        return find_sequence(place, err);
    }
    return KF_OK;
}
