/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/api/alloc.h"
#include "base/api/str.h"
#include "media/out/internal.h"

#define IO_BUFFER (256 * 1024)

kf_status kf_out_exists(const char *path, kf_error *err)
{
    return kf_fail(err, KF_ERR_EXISTS, "%s is already there; ask for overwriting (--overwrite) or choose another name",
                   path);
}

static kf_status open_error(const char *path, int code, kf_error *err)
{
    char *folder = kf_path_folder(path);
    kf_status status;
    if (code == ENOENT || code == ENOTDIR) {
        status = kf_fail(err, KF_ERR_NOT_FOUND, "cannot write %s: there is no folder %s; create it first", path,
                         folder ? folder : "?");
    } else if (code == EACCES || code == EPERM || code == EROFS) {
        status = kf_fail_errno(err, code, "cannot write %s: no permission to create files in %s; choose another folder",
                               path, folder ? folder : "?");
    } else {
        status = kf_fail_errno(err, code, "cannot write %s", path);
    }
    kf_free(folder);
    return status;
}

static kf_status create_temp(kf_out_file *file, kf_error *err)
{
    for (int n = 0; n < 1000; n++) {
        file->temp_path = kf_out_temp_name(file->final_path, n);
        if (!file->temp_path) {
            return kf_fail_memory(err);
        }
        file->fd = open(file->temp_path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (file->fd >= 0 && kf_out_temp_claim(file->fd)) {
            return KF_OK;
        }
        int code = file->fd >= 0 ? EEXIST : errno;
        if (file->fd >= 0) {
            close(file->fd);
            file->fd = -1;
        }
        kf_free(file->temp_path);
        file->temp_path = NULL;
        if (code != EEXIST) {
            return open_error(file->final_path, code, err);
        }
    }
    return kf_fail(err, KF_ERR_IO, "cannot write %s: its folder is full of unfinished .kerf-part files; remove them",
                   file->final_path);
}

static kf_status open_directly(kf_out_file *file, bool pipe, kf_error *err)
{
    file->fd = open(file->final_path, O_WRONLY | O_CLOEXEC);
    if (file->fd < 0) {
        return kf_fail_errno(err, errno, "cannot write %s", file->final_path);
    }
    file->seekable = !pipe;
    return KF_OK;
}

/* A link is followed, so that the rename replaces what it points at and not the link. */
static char *resolve(const char *path)
{
    struct stat st;
    if (lstat(path, &st) == 0 && S_ISLNK(st.st_mode)) {
        char *real = realpath(path, NULL);
        char *copy = real ? kf_strdup(real) : kf_strdup(path);
        free(real);
        return copy;
    }
    return kf_strdup(path);
}

kf_status kf_out_file_open(const char *path, bool overwrite, kf_out_file *file, kf_error *err)
{
    *file = (kf_out_file){.fd = -1, .overwrite = overwrite, .seekable = true};
    if (!path || !*path) {
        return kf_fail(err, KF_ERR_INVALID, "no name for the output was given");
    }
    file->final_path = resolve(path);
    if (!file->final_path) {
        return kf_fail_memory(err);
    }
    file->name = file->final_path;
    struct stat st;
    kf_status status;
    if (stat(file->final_path, &st) != 0) {
        status = create_temp(file, err);
    } else if (S_ISDIR(st.st_mode)) {
        status = kf_fail(err, KF_ERR_INVALID, "cannot write %s: it is a folder; give a file name in it", path);
    } else if (!S_ISREG(st.st_mode)) {
        status = open_directly(file, !S_ISCHR(st.st_mode), err);
    } else {
        status = overwrite ? create_temp(file, err) : kf_out_exists(path, err);
    }
    if (status) {
        kf_out_file_discard(file);
    }
    return status;
}

kf_status kf_out_file_sink(const kf_writer_sink *sink, const char *name, kf_out_file *file, kf_error *err)
{
    *file = (kf_out_file){.fd = -1, .sink = *sink};
    file->name_copy = kf_strdup(name ? name : "stream");
    file->name = file->name_copy;
    return file->name_copy ? KF_OK : kf_fail_memory(err);
}

/* --- writing --- */

static int write_fd(kf_out_file *file, const uint8_t *bytes, size_t length)
{
    size_t done = 0;
    while (done < length) {
        ssize_t n = file->seekable ? pwrite(file->fd, bytes + done, length - done, file->position + (int64_t)done)
                                   : write(file->fd, bytes + done, length - done);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return n < 0 ? errno : EIO;
        }
        done += (size_t)n;
    }
    return 0;
}

int kf_out_file_write(kf_out_file *file, const uint8_t *bytes, size_t length)
{
    if (!file->error) {
        file->error =
            file->sink.write ? file->sink.write(file->sink.ctx, bytes, length) : write_fd(file, bytes, length);
    }
    if (file->error) {
        return file->error;
    }
    file->position += (int64_t)length;
    file->size = file->position > file->size ? file->position : file->size;
    return 0;
}

#if LIBAVFORMAT_VERSION_MAJOR >= 61
static int io_write(void *opaque, const uint8_t *bytes, int length)
#else
static int io_write(void *opaque, uint8_t *bytes, int length)
#endif
{
    int code = kf_out_file_write(opaque, bytes, (size_t)length);
    return code ? AVERROR(code) : length;
}

static int64_t io_seek(void *opaque, int64_t offset, int whence)
{
    kf_out_file *file = opaque;
    if (whence == AVSEEK_SIZE) {
        return file->size;
    }
    int64_t base = whence == SEEK_CUR ? file->position : whence == SEEK_END ? file->size : 0;
    if (base + offset < 0) {
        return AVERROR(EINVAL);
    }
    return file->position = base + offset;
}

kf_status kf_out_file_io(kf_out_file *file, kf_error *err)
{
    unsigned char *buffer = av_malloc(IO_BUFFER);
    file->io =
        buffer ? avio_alloc_context(buffer, IO_BUFFER, 1, file, NULL, io_write, file->seekable ? io_seek : NULL) : NULL;
    if (!file->io) {
        av_free(buffer);
        return kf_fail_memory(err);
    }
    file->io->seekable = file->seekable ? AVIO_SEEKABLE_NORMAL : 0;
    return KF_OK;
}

kf_status kf_out_file_error(const kf_out_file *file, int code, kf_error *err)
{
    const char *hint = code == ENOSPC || code == EDQUOT ? " after %lld MB; free some space or choose another disk"
                       : code == EFBIG ? " after %lld MB; the file system or a limit allows no larger file"
                                       : " after %lld MB";
    char text[128];
    snprintf(text, sizeof text, hint, (long long)(file->size / 1000000));
    return kf_fail_errno(err, code, "writing %s failed%s", file->name, text);
}

/* --- ending --- */

kf_status kf_out_rename(const char *from, const char *to, bool overwrite, kf_error *err)
{
    int failed;
    if (overwrite) {
        failed = rename(from, to);
    } else {
        failed = renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE);
        if (failed &&
            (errno == EINVAL || errno == ENOSYS)) { /* this file system cannot: the check is then not atomic */
            failed = access(to, F_OK) == 0 ? (errno = EEXIST, -1) : rename(from, to);
        }
    }
    if (failed && errno == EEXIST) {
        return kf_out_exists(to, err);
    }
    return failed ? kf_fail_errno(err, errno, "cannot give the finished file its name %s", to) : KF_OK;
}

kf_status kf_out_sync_folder(const char *path, kf_error *err)
{
    char *folder = kf_path_folder(path);
    int fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    /* Some file systems cannot sync a folder: then there is nothing to be had. */
    int code = fd >= 0 && fsync(fd) != 0 && errno != EINVAL && errno != EROFS ? errno : 0;
    if (fd >= 0) {
        close(fd);
    }
    kf_free(folder);
    return code ? kf_fail_errno(err, code, "cannot sync the folder of %s", path) : KF_OK;
}

static void release(kf_out_file *file)
{
    if (file->io) {
        av_freep(&file->io->buffer);
        avio_context_free(&file->io);
    }
    if (file->fd >= 0) {
        close(file->fd);
    }
    kf_free(file->temp_path);
    kf_free(file->final_path);
    kf_free(file->name_copy);
    *file = (kf_out_file){.fd = -1};
}

static kf_status commit_temp(kf_out_file *file, kf_error *err)
{
    if (fsync(file->fd) != 0 && errno != EINVAL) {
        return kf_out_file_error(file, errno, err);
    }
    int failed = close(file->fd);
    file->fd = -1;
    if (failed) {
        return kf_out_file_error(file, errno, err);
    }
    kf_status status = kf_out_rename(file->temp_path, file->final_path, file->overwrite, err);
    return status ? status : kf_out_sync_folder(file->final_path, err);
}

kf_status kf_out_file_commit(kf_out_file *file, kf_error *err)
{
    kf_status status = file->error ? kf_out_file_error(file, file->error, err) : KF_OK;
    if (!status && file->temp_path) {
        status = commit_temp(file, err);
    }
    if (status) {
        kf_out_file_discard(file);
    } else {
        release(file);
    }
    return status;
}

void kf_out_file_discard(kf_out_file *file)
{
    if (file->temp_path) {
        unlink(file->temp_path);
    }
    release(file);
}

/* --- copies --- */

static kf_status copy_bytes(int from, const char *name, kf_out_file *to, kf_error *err)
{
    uint8_t *buffer = kf_alloc(IO_BUFFER);
    kf_status status = buffer ? KF_OK : kf_fail_memory(err);
    while (!status) {
        ssize_t n = read(from, buffer, IO_BUFFER);
        if (n == 0) {
            break;
        }
        if (n < 0) {
            status = errno == EINTR ? KF_OK : kf_fail_errno(err, errno, "reading %s failed", name);
            continue;
        }
        int code = kf_out_file_write(to, buffer, (size_t)n);
        status = code ? kf_out_file_error(to, code, err) : KF_OK;
    }
    kf_free(buffer);
    return status;
}

kf_status kf_writer_copy(const char *from, const char *to, bool overwrite, kf_error *err)
{
    kf_out_file file;
    int fd = open(from, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return kf_fail_errno(err, errno, "cannot read %s", from);
    }
    kf_writer_clean(to);
    kf_status status = kf_out_file_open(to, overwrite, &file, err);
    if (!status) {
        status = copy_bytes(fd, from, &file, err);
        if (status) {
            kf_out_file_discard(&file);
        } else {
            status = kf_out_file_commit(&file, err);
        }
    }
    close(fd);
    return status;
}
