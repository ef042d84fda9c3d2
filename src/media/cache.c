/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One connection per process, under a mutex; the database in WAL mode, so that processes read while another writes. The bytes
 * stand in a table of their own, so that noting a use does not rewrite them. */
#include <sqlite3.h>
#include <zlib.h>

#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/api/alloc.h"
#include "base/api/str.h"
#include "media/api/cache.h"

enum { SCHEMA = 1, BUSY_MS = 2000, TOUCHES = 64, REBUILDS_MAX = 3 };

static const char schema[] =
    "CREATE TABLE entry(id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, bytes INTEGER NOT NULL,"
    " used INTEGER NOT NULL, sum INTEGER NOT NULL, file TEXT);"
    "CREATE INDEX entry_used ON entry(used);"
    "CREATE TABLE data(id INTEGER PRIMARY KEY, bytes BLOB NOT NULL);"
    "CREATE TABLE total(bytes INTEGER NOT NULL);"
    "INSERT INTO total VALUES(0);"
    "CREATE TRIGGER entry_in AFTER INSERT ON entry BEGIN UPDATE total SET bytes = bytes + NEW.bytes; END;"
    "CREATE TRIGGER entry_out AFTER DELETE ON entry BEGIN UPDATE total SET bytes = bytes - OLD.bytes;"
    " DELETE FROM data WHERE id = OLD.id; END;"
    "PRAGMA user_version = 1;";

typedef enum query {
    Q_FIND, Q_DATA, Q_FORGET, Q_ADD, Q_ADD_DATA, Q_TOUCH, Q_TOTAL, Q_OLDEST, Q_REMOVE, Q_COUNT_ENTRIES, Q_COUNT
} query;
static const char *const query_text[Q_COUNT] = {
    [Q_FIND] = "SELECT id, bytes, sum, file FROM entry WHERE key = ?1",
    [Q_DATA] = "SELECT bytes FROM data WHERE id = ?1",
    [Q_FORGET] = "DELETE FROM entry WHERE key = ?1",
    [Q_ADD] = "INSERT INTO entry(key, bytes, used, sum, file) VALUES(?1, ?2, ?3, ?4, ?5)",
    [Q_ADD_DATA] = "INSERT OR REPLACE INTO data(id, bytes) VALUES(?1, ?2)",
    [Q_TOUCH] = "UPDATE entry SET used = ?2 WHERE id = ?1",
    [Q_TOTAL] = "SELECT bytes FROM total",
    [Q_OLDEST] = "SELECT id, bytes, file FROM entry ORDER BY used LIMIT 1",
    [Q_REMOVE] = "DELETE FROM entry WHERE id = ?1",
    [Q_COUNT_ENTRIES] = "SELECT count(*) FROM entry",
};

struct kf_disk_cache {
    pthread_mutex_t mutex;
    char *folder;
    sqlite3 *db;               /* NULL: goes without */
    sqlite3_stmt *queries[Q_COUNT];
    int64_t limit;
    int64_t touched[TOUCHES];  /* entries used since the last write */
    int touches;
    kf_disk_cache_stats stats;
};

/* ---- The database ---- */

static void close_database(kf_disk_cache *c)
{
    for (int i = 0; i < Q_COUNT; i++) {
        sqlite3_finalize(c->queries[i]);
        c->queries[i] = NULL;
    }
    sqlite3_close(c->db);
    c->db = NULL;
    c->touches = 0;
}

static int64_t pragma_value(sqlite3 *db, const char *text)
{
    sqlite3_stmt *s = NULL;
    int64_t value = -1;
    if (sqlite3_prepare_v2(db, text, -1, &s, NULL) == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW)
        value = sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    return value;
}

static int make_schema(sqlite3 *db)
{
    int code = sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    if (code != SQLITE_OK) return code;
    int64_t version = pragma_value(db, "PRAGMA user_version"); /* another process may have been first */
    if (version == 0) code = sqlite3_exec(db, schema, NULL, NULL, NULL);
    if (version > 0 && version != SCHEMA) code = SQLITE_NOTADB;
    if (code != SQLITE_OK) {
        sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
        return code;
    }
    return sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
}

static int prepare_queries(kf_disk_cache *c)
{
    int code = SQLITE_OK;
    for (int i = 0; i < Q_COUNT && code == SQLITE_OK; i++)
        code = sqlite3_prepare_v3(c->db, query_text[i], -1, SQLITE_PREPARE_PERSISTENT, &c->queries[i], NULL);
    return code == SQLITE_ERROR ? SQLITE_NOTADB : code; /* tables that are not ours */
}

static int open_database(kf_disk_cache *c)
{
    char *path = kf_path_join(c->folder, "cache.db");
    if (!path) return SQLITE_NOMEM;
    int code = sqlite3_open_v2(path, &c->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
    kf_free(path);
    if (code == SQLITE_OK) code = sqlite3_busy_timeout(c->db, BUSY_MS);
    if (code == SQLITE_OK)
        code = sqlite3_exec(c->db,
                            "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
                            "PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF;",
                            NULL, NULL, NULL);
    if (code == SQLITE_OK && pragma_value(c->db, "PRAGMA user_version") != SCHEMA) code = make_schema(c->db);
    if (code == SQLITE_OK) code = prepare_queries(c);
    if (code != SQLITE_OK) close_database(c);
    return code;
}

static bool is_damage(int code)
{
    code &= 0xff;
    return code == SQLITE_CORRUPT || code == SQLITE_NOTADB || code == SQLITE_FORMAT || code == SQLITE_MISMATCH;
}

static void remove_in(const char *folder, const char *name)
{
    char *path = kf_path_join(folder, name);
    if (path) unlink(path);
    kf_free(path);
}

static void empty_folder(const char *path)
{
    DIR *folder = opendir(path);
    for (struct dirent *e; folder && (e = readdir(folder));)
        if (e->d_name[0] != '.') remove_in(path, e->d_name);
    if (folder) closedir(folder);
}

static char *files_folder(const kf_disk_cache *c)
{
    return kf_path_join(c->folder, "files");
}

static void empty_files(const kf_disk_cache *c)
{
    char *files = files_folder(c);
    if (files) empty_folder(files);
    kf_free(files);
}

/* Other processes go on with the file that they have open; nobody sees it any more. */
static void rebuild(kf_disk_cache *c)
{
    close_database(c);
    if (c->stats.rebuilt++ >= REBUILDS_MAX) return;
    remove_in(c->folder, "cache.db");
    remove_in(c->folder, "cache.db-wal");
    remove_in(c->folder, "cache.db-shm");
    empty_files(c);
    open_database(c);
}

/* Runs a query to its first row or its end. */
static int run(kf_disk_cache *c, query q)
{
    return sqlite3_step(c->queries[q]);
}

static sqlite3_stmt *fresh(kf_disk_cache *c, query q)
{
    sqlite3_reset(c->queries[q]);
    sqlite3_clear_bindings(c->queries[q]);
    return c->queries[q];
}

static bool done(int code)
{
    return code == SQLITE_DONE || code == SQLITE_ROW || code == SQLITE_OK;
}

static void after(kf_disk_cache *c, int code)
{
    for (int i = 0; i < Q_COUNT; i++)
        if (c->queries[i]) sqlite3_reset(c->queries[i]);
    if (is_damage(code)) rebuild(c);
}

/* ---- Opening ---- */

kf_disk_cache *kf_disk_cache_open(const char *folder, int64_t limit)
{
    kf_disk_cache *c = KF_NEW(kf_disk_cache);
    if (!c) return NULL;
    pthread_mutex_init(&c->mutex, NULL);
    c->folder = kf_strdup(folder);
    c->limit = limit;
    char *files = c->folder ? files_folder(c) : NULL;
    if (!files) {
        kf_disk_cache_close(c);
        return NULL;
    }
    kf_status made = kf_folder_make(files, NULL);
    kf_free(files);
    int code = made ? SQLITE_CANTOPEN : open_database(c);
    if (is_damage(code)) rebuild(c);
    return c;
}

static void flush_touches(kf_disk_cache *c)
{
    int64_t now = (int64_t)time(NULL);
    for (int i = 0; i < c->touches; i++) {
        sqlite3_stmt *s = fresh(c, Q_TOUCH);
        sqlite3_bind_int64(s, 1, c->touched[i]);
        sqlite3_bind_int64(s, 2, now);
        if (!done(run(c, Q_TOUCH))) break;
    }
    c->touches = 0;
}

static bool begin(kf_disk_cache *c)
{
    return c->db && sqlite3_exec(c->db, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK;
}

static void end(kf_disk_cache *c, int code)
{
    for (int i = 0; i < Q_COUNT; i++) sqlite3_reset(c->queries[i]);
    if (done(code)) code = sqlite3_exec(c->db, "COMMIT", NULL, NULL, NULL);
    if (!done(code)) sqlite3_exec(c->db, "ROLLBACK", NULL, NULL, NULL);
    after(c, code);
}

void kf_disk_cache_close(kf_disk_cache *c)
{
    if (!c) return;
    if (c->touches && begin(c)) {
        flush_touches(c);
        end(c, SQLITE_DONE);
    }
    close_database(c);
    pthread_mutex_destroy(&c->mutex);
    kf_free(c->folder);
    kf_free(c);
}

/* ---- Reading ---- */

typedef struct found {
    int64_t id, bytes;
    uint32_t sum;
    bool file;
} found;

static int find(kf_disk_cache *c, const char *key, found *f)
{
    sqlite3_stmt *s = fresh(c, Q_FIND);
    sqlite3_bind_text(s, 1, key, -1, SQLITE_STATIC);
    int code = run(c, Q_FIND);
    if (code != SQLITE_ROW) return code;
    *f = (found){sqlite3_column_int64(s, 0), sqlite3_column_int64(s, 1), (uint32_t)sqlite3_column_int64(s, 2),
                 sqlite3_column_type(s, 3) != SQLITE_NULL};
    return code;
}

static void touch(kf_disk_cache *c, int64_t id)
{
    for (int i = 0; i < c->touches; i++)
        if (c->touched[i] == id) return;
    c->touched[c->touches++] = id;
    if (c->touches == TOUCHES && begin(c)) {
        flush_touches(c);
        end(c, SQLITE_DONE);
    }
    c->touches = c->touches == TOUCHES ? 0 : c->touches;
}

static uint32_t sum_of(const void *bytes, size_t length)
{
    return (uint32_t)crc32_z(crc32_z(0, NULL, 0), bytes, length);
}

/* A row's bytes, if they are what was put. */
static int read_data(kf_disk_cache *c, const found *f, uint8_t **out)
{
    sqlite3_stmt *s = fresh(c, Q_DATA);
    sqlite3_bind_int64(s, 1, f->id);
    int code = run(c, Q_DATA);
    if (code != SQLITE_ROW) return code;
    const void *bytes = sqlite3_column_blob(s, 0);
    size_t length = (size_t)sqlite3_column_bytes(s, 0);
    bool good = bytes && (int64_t)length == f->bytes && sum_of(bytes, length) == f->sum;
    if (good && (*out = kf_alloc(length))) memcpy(*out, bytes, length);
    return code;
}

static void remove_locked(kf_disk_cache *c, const char *key)
{
    sqlite3_stmt *s = fresh(c, Q_FORGET);
    sqlite3_bind_text(s, 1, key, -1, SQLITE_STATIC);
    after(c, run(c, Q_FORGET));
}

uint8_t *kf_disk_cache_get(kf_disk_cache *c, const char *key, size_t *length)
{
    uint8_t *out = NULL;
    found f = {0};
    if (!c) return NULL;
    pthread_mutex_lock(&c->mutex);
    int code = c->db ? find(c, key, &f) : SQLITE_DONE;
    bool there = code == SQLITE_ROW && !f.file && f.bytes > 0;
    if (there) code = read_data(c, &f, &out);
    *length = (size_t)f.bytes;
    after(c, code);
    if (there && !out && c->db && done(code)) remove_locked(c, key); /* not what was put */
    if (out && c->db) touch(c, f.id);
    c->stats.hits += out != NULL;
    c->stats.misses += out == NULL;
    pthread_mutex_unlock(&c->mutex);
    return out;
}

/* ---- Writing ---- */

static void remove_file(const kf_disk_cache *c, const char *name)
{
    char *files = name && *name && !strchr(name, '/') ? files_folder(c) : NULL;
    if (files) remove_in(files, name);
    kf_free(files);
}

static int64_t total(kf_disk_cache *c)
{
    fresh(c, Q_TOTAL);
    int64_t bytes = run(c, Q_TOTAL) == SQLITE_ROW ? sqlite3_column_int64(c->queries[Q_TOTAL], 0) : 0;
    sqlite3_reset(c->queries[Q_TOTAL]);
    return bytes;
}

/* Makes room for `more` bytes: down to nine tenths of the limit, so that not every write has to. */
static int evict(kf_disk_cache *c, int64_t more)
{
    int64_t bytes = total(c) + more, want = c->limit - c->limit / 10;
    if (bytes <= c->limit) return SQLITE_DONE;
    while (bytes > want) {
        sqlite3_stmt *s = fresh(c, Q_OLDEST);
        int code = run(c, Q_OLDEST);
        if (code != SQLITE_ROW) return code;
        int64_t id = sqlite3_column_int64(s, 0);
        bytes -= sqlite3_column_int64(s, 1);
        remove_file(c, (const char *)sqlite3_column_text(s, 2));
        sqlite3_reset(s);
        sqlite3_bind_int64(fresh(c, Q_REMOVE), 1, id);
        code = run(c, Q_REMOVE);
        if (!done(code)) return code;
    }
    return SQLITE_DONE;
}

typedef struct entry {
    const char *key, *file;    /* file: its name, or NULL */
    const void *bytes;
    int64_t length;
} entry;

static int add(kf_disk_cache *c, const entry *e)
{
    sqlite3_bind_text(fresh(c, Q_FORGET), 1, e->key, -1, SQLITE_STATIC);
    int code = run(c, Q_FORGET);
    if (done(code)) code = evict(c, e->length);
    if (!done(code)) return code;
    sqlite3_stmt *s = fresh(c, Q_ADD);
    sqlite3_bind_text(s, 1, e->key, -1, SQLITE_STATIC);
    sqlite3_bind_int64(s, 2, e->length);
    sqlite3_bind_int64(s, 3, (int64_t)time(NULL));
    sqlite3_bind_int64(s, 4, e->bytes ? sum_of(e->bytes, (size_t)e->length) : 0);
    if (e->file) sqlite3_bind_text(s, 5, e->file, -1, SQLITE_STATIC);
    code = run(c, Q_ADD);
    if (!done(code) || !e->bytes) return code;
    s = fresh(c, Q_ADD_DATA);
    sqlite3_bind_int64(s, 1, sqlite3_last_insert_rowid(c->db));
    sqlite3_bind_blob64(s, 2, e->bytes, (sqlite3_uint64)e->length, SQLITE_STATIC);
    return run(c, Q_ADD_DATA);
}

static void put(kf_disk_cache *c, const entry *e)
{
    pthread_mutex_lock(&c->mutex);
    if (begin(c)) {
        flush_touches(c);
        int code = add(c, e);
        end(c, code);
        if (c->db) sqlite3_exec(c->db, "PRAGMA incremental_vacuum(64)", NULL, NULL, NULL);
    }
    pthread_mutex_unlock(&c->mutex);
}

void kf_disk_cache_put(kf_disk_cache *c, const char *key, const void *bytes, size_t length)
{
    if (!c || !length || (int64_t)length > c->limit / 4 || length > (size_t)512 << 20) return;
    put(c, &(entry){key, NULL, bytes, (int64_t)length});
}

/* ---- Files ---- */

/* 64 bits of the key and its checksum: what a file is called. */
static void file_name(const char *key, const char *extension, char name[64])
{
    uint64_t h = 14695981039346656037u;
    for (const char *at = key; *at; at++) h = (h ^ (uint8_t)*at) * 1099511628211u;
    snprintf(name, 64, "%016llx%08x.%s", (unsigned long long)h, sum_of(key, strlen(key)), extension);
}

char *kf_disk_cache_file_path(kf_disk_cache *c, const char *key, const char *extension)
{
    char name[64];
    char *files = c ? files_folder(c) : NULL;
    file_name(key, extension, name);
    char *path = files ? kf_path_join(files, name) : NULL;
    kf_free(files);
    return path;
}

void kf_disk_cache_add_file(kf_disk_cache *c, const char *key, const char *extension)
{
    struct stat st;
    char name[64];
    char *path = kf_disk_cache_file_path(c, key, extension);
    file_name(key, extension, name);
    if (path && stat(path, &st) == 0) put(c, &(entry){key, name, NULL, st.st_size});
    kf_free(path);
}

char *kf_disk_cache_find_file(kf_disk_cache *c, const char *key, const char *extension)
{
    struct stat st;
    found f = {0};
    char *path = kf_disk_cache_file_path(c, key, extension);
    if (!path) return NULL;
    pthread_mutex_lock(&c->mutex);
    int code = c->db ? find(c, key, &f) : SQLITE_DONE;
    bool there = code == SQLITE_ROW && f.file && stat(path, &st) == 0 && st.st_size == f.bytes;
    after(c, code);
    if (there && c->db) touch(c, f.id);
    pthread_mutex_unlock(&c->mutex);
    if (there) return path;
    kf_free(path);
    return NULL;
}

/* ---- The rest ---- */

void kf_disk_cache_remove(kf_disk_cache *c, const char *key)
{
    if (!c) return;
    pthread_mutex_lock(&c->mutex);
    if (c->db) remove_locked(c, key);
    pthread_mutex_unlock(&c->mutex);
}

void kf_disk_cache_clear(kf_disk_cache *c)
{
    if (!c) return;
    pthread_mutex_lock(&c->mutex);
    c->touches = 0;
    if (c->db) {
        int code = sqlite3_exec(c->db, "DELETE FROM entry; PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE)", NULL,
                                NULL, NULL);
        after(c, code);
    }
    empty_files(c);
    pthread_mutex_unlock(&c->mutex);
}

kf_disk_cache_stats kf_disk_cache_get_stats(kf_disk_cache *c)
{
    kf_disk_cache_stats stats = {0};
    if (!c) return stats;
    pthread_mutex_lock(&c->mutex);
    stats = c->stats;
    stats.limit = c->limit;
    stats.available = c->db != NULL;
    if (c->db) {
        stats.bytes = total(c);
        fresh(c, Q_COUNT_ENTRIES);
        if (run(c, Q_COUNT_ENTRIES) == SQLITE_ROW) stats.entries = sqlite3_column_int64(c->queries[Q_COUNT_ENTRIES], 0);
        after(c, SQLITE_OK);
    }
    pthread_mutex_unlock(&c->mutex);
    return stats;
}
