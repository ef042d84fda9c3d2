/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SVG path data (SVG 1.1, 8.3) into an outline. */
#include <string.h>

#include "text/private.h"

typedef struct reader {
    const char *text, *p;
    kf_outline *to;
    bool drawing;            /* a contour is under way */
    double x, y;             /* current point */
    double start_x, start_y; /* of the subpath */
    double ctrl_x, ctrl_y;   /* last control point */
    char previous;           /* last command in upper case, for S and T */
    bool begun;
    kf_error *err;
} reader;

enum { MAX_COORDINATE = 1 << 20 };

static kf_status broken(reader *r, const char *why)
{
    return kf_fail(r->err, KF_ERR_INVALID, "path breaks at character %d: %s", (int)(r->p - r->text) + 1, why);
}

static void skip_blanks(reader *r)
{
    r->p += strspn(r->p, " \t\r\n,");
}

static bool number_ahead(reader *r)
{
    skip_blanks(r);
    return *r->p && strchr("+-.0123456789", *r->p);
}

static double power_of_ten(int n)
{
    double v = 1;
    for (; n > 0; n--) v *= 10;
    return v;
}

/* A decimal number, whatever the locale; *end is where it ends, or `text` if there is none. */
static double decimal(const char *text, const char **end)
{
    const char *p = text + (*text == '+' || *text == '-');
    double mantissa = 0;
    int digits = 0, exponent = 0, given = 0;
    for (bool point = false;; p++) {
        if (*p == '.' && !point) {
            point = true;
            continue;
        }
        if (*p < '0' || *p > '9') break;
        digits++;
        if (mantissa < 1e15) mantissa = mantissa * 10 + (*p - '0'), exponent -= point;
        else exponent += !point;
    }
    *end = digits ? p : text;
    if (!digits) return 0;
    if (*p == 'e' || *p == 'E') {
        const char *q = p + 1 + (p[1] == '+' || p[1] == '-');
        for (*end = *q >= '0' && *q <= '9' ? q : p; **end >= '0' && **end <= '9'; (*end)++)
            given = given < 1000 ? given * 10 + (**end - '0') : given;
        exponent += p[1] == '-' ? -given : given;
    }
    exponent = exponent > 400 ? 400 : exponent < -400 ? -400 : exponent;
    double v = exponent < 0 ? mantissa / power_of_ten(-exponent) : mantissa * power_of_ten(exponent);
    return *text == '-' ? -v : v;
}

static kf_status read_number(reader *r, double *out)
{
    if (!number_ahead(r)) return broken(r, "a number is missing");
    if (r->p[0] == '0' && (r->p[1] == 'x' || r->p[1] == 'X')) return broken(r, "not a decimal number");
    const char *end;
    double v = decimal(r->p, &end);
    if (end == r->p) return broken(r, "not a number");
    if (!(fabs(v) <= MAX_COORDINATE)) return broken(r, "the number is out of range");
    r->p = end;
    *out = v;
    return KF_OK;
}

/* Arc flags may stand without blanks between them. */
static kf_status read_flag(reader *r, double *out)
{
    skip_blanks(r);
    if (*r->p != '0' && *r->p != '1') return broken(r, "an arc flag must be 0 or 1");
    *out = *r->p++ - '0';
    return KF_OK;
}

/* After a path was closed, the next one begins where it did. */
static void begin(reader *r)
{
    if (!r->drawing) kf_outline_move(r->to, r->x, r->y);
    r->drawing = true;
}

static void curve_to(reader *r, double x1, double y1, double x2, double y2, double x, double y)
{
    begin(r);
    kf_outline_curve(r->to, (kf_point){x1, y1}, (kf_point){x2, y2}, (kf_point){x, y});
    r->ctrl_x = x2;
    r->ctrl_y = y2;
    r->x = x;
    r->y = y;
}

static void quad_to(reader *r, double cx, double cy, double x, double y)
{
    curve_to(r, r->x + (cx - r->x) * 2 / 3, r->y + (cy - r->y) * 2 / 3, x + (cx - x) * 2 / 3, y + (cy - y) * 2 / 3, x,
             y);
    r->ctrl_x = cx;
    r->ctrl_y = cy;
}

static void line_to(reader *r, double x, double y)
{
    begin(r);
    kf_outline_line(r->to, x, y);
    r->x = x;
    r->y = y;
}

static void move_to(reader *r, double x, double y)
{
    kf_outline_move(r->to, x, y);
    r->drawing = true;
    r->x = r->start_x = x;
    r->y = r->start_y = y;
}

/* Where an arc goes on, on the unit circle: from a by at most a quarter towards b, the way round that `sweep` says. */
static kf_point quarter_on(kf_point a, kf_point b, bool sweep, bool *last)
{
    kf_point next = sweep ? (kf_point){-a.y, a.x} : (kf_point){a.y, -a.x};
    double ahead = next.x * b.x + next.y * b.y, along = a.x * b.x + a.y * b.y;
    *last = ahead >= 0 && along >= 0;
    return *last ? b : next;
}

/* The cubic of an arc of up to a quarter, mapped by m: (x, y) -> (m0 x + m1 y + m2, m3 x + m4 y + m5). */
static void arc_piece(reader *r, const double m[6], kf_point a, kf_point b, bool sweep)
{
    double c = a.x * b.x + a.y * b.y, h = sqrt(fmax(0, (1 - c) / 2)), k = sqrt(fmax(0, (1 + c) / 2));
    double reach = h > 0 ? (4.0 / 3) * (1 - k) / h : 0, s = sweep ? 1 : -1;
    kf_point p1 = {a.x - s * reach * a.y, a.y + s * reach * a.x}, p2 = {b.x + s * reach * b.y, b.y - s * reach * b.x};
    curve_to(r, m[0] * p1.x + m[1] * p1.y + m[2], m[3] * p1.x + m[4] * p1.y + m[5], m[0] * p2.x + m[1] * p2.y + m[2],
             m[3] * p2.x + m[4] * p2.y + m[5], m[0] * b.x + m[1] * b.y + m[2], m[3] * b.x + m[4] * b.y + m[5]);
}

/* From end points to centre: SVG 1.1, F.6.5. n: rx, ry, rotation, large, sweep, x, y. */
static void arc_to(reader *r, const double n[7])
{
    double rx = fabs(n[0]), ry = fabs(n[1]), phi = n[2] * (3.14159265358979323846 / 180);
    if (rx == 0 || ry == 0 || (n[5] == r->x && n[6] == r->y)) {
        line_to(r, n[5], n[6]);
        return;
    }
    double c = cos(phi), s = sin(phi), hx = (r->x - n[5]) / 2, hy = (r->y - n[6]) / 2;
    double x1 = c * hx + s * hy, y1 = -s * hx + c * hy;
    double lambda = x1 * x1 / (rx * rx) + y1 * y1 / (ry * ry);
    if (lambda > 1) {
        rx *= sqrt(lambda);
        ry *= sqrt(lambda);
    }
    double a = rx * rx * y1 * y1 + ry * ry * x1 * x1;
    double k = sqrt(fmax(0, (rx * rx * ry * ry - a) / a)) * (n[3] != n[4] ? 1 : -1);
    double cx = k * rx * y1 / ry, cy = -k * ry * x1 / rx;
    const double m[6] = {c * rx, -s * ry, c * cx - s * cy + (r->x + n[5]) / 2,
                         s * rx, c * ry,  s * cx + c * cy + (r->y + n[6]) / 2};
    kf_point at = {(x1 - cx) / rx, (y1 - cy) / ry}, end = {(-x1 - cx) / rx, (-y1 - cy) / ry};
    bool sweep = n[4] != 0, last = false;
    begin(r);
    for (int i = 0; i < 5 && !last; i++) { /* a quarter at most each */
        kf_point next = quarter_on(at, end, sweep, &last);
        arc_piece(r, m, at, next, sweep);
        at = next;
    }
    r->x = n[5];
    r->y = n[6];
}

static int argument_count(char upper)
{
    static const char commands[] = "MLHVCSQTAZ";
    static const int counts[] = {2, 2, 1, 1, 6, 4, 4, 2, 7, 0};
    const char *at = upper ? strchr(commands, upper) : NULL;
    return at ? counts[at - commands] : -1;
}

/* Relative arguments become absolute ones. */
static void make_absolute(const reader *r, char upper, double *n, int count)
{
    if (upper == 'H') n[0] += r->x;
    else if (upper == 'V') n[0] += r->y;
    else if (upper == 'A') n[5] += r->x, n[6] += r->y;
    else for (int i = 0; i < count; i++) n[i] += i % 2 ? r->y : r->x;
}

static void apply(reader *r, char upper, const double *n)
{
    bool after_cubic = r->previous == 'C' || r->previous == 'S', after_quad = r->previous == 'Q' || r->previous == 'T';
    double mirror_x = 2 * r->x - r->ctrl_x, mirror_y = 2 * r->y - r->ctrl_y;
    switch (upper) {
    case 'M': move_to(r, n[0], n[1]); break;
    case 'L': line_to(r, n[0], n[1]); break;
    case 'H': line_to(r, n[0], r->y); break;
    case 'V': line_to(r, r->x, n[0]); break;
    case 'C': curve_to(r, n[0], n[1], n[2], n[3], n[4], n[5]); break;
    case 'S': curve_to(r, after_cubic ? mirror_x : r->x, after_cubic ? mirror_y : r->y, n[0], n[1], n[2], n[3]); break;
    case 'Q': quad_to(r, n[0], n[1], n[2], n[3]); break;
    case 'T': quad_to(r, after_quad ? mirror_x : r->x, after_quad ? mirror_y : r->y, n[0], n[1]); break;
    case 'A': arc_to(r, n); break;
    default:
        kf_outline_close(r->to);
        r->drawing = false;
        r->x = r->start_x;
        r->y = r->start_y;
    }
    r->previous = upper;
}

static kf_status read_arguments(reader *r, char upper, double *n, int count)
{
    for (int i = 0; i < count; i++) {
        kf_status status = upper == 'A' && (i == 3 || i == 4) ? read_flag(r, &n[i]) : read_number(r, &n[i]);
        if (status) return status;
    }
    return KF_OK;
}

static kf_status read_command(reader *r)
{
    char command = *r->p, upper = command >= 'a' && command <= 'z' ? (char)(command - 32) : command;
    int count = argument_count(upper);
    if (count < 0) return broken(r, "a command (M L H V C S Q T A Z) is expected");
    if (!r->begun && upper != 'M') return broken(r, "a path begins with M");
    r->begun = true;
    r->p++;
    do {
        double n[7] = {0};
        kf_status status = read_arguments(r, upper, n, count);
        if (status) return status;
        if (command != upper) make_absolute(r, upper, n, count);
        for (int i = 0; i < count; i++) {
            if (!(fabs(n[i]) <= MAX_COORDINATE)) return broken(r, "the path runs out of range");
        }
        apply(r, upper, n);
        if (upper == 'M') upper = 'L'; /* further pairs are lines */
    } while (count && number_ahead(r));
    return KF_OK;
}

kf_status kf_path_add(kf_outline *outline, const char *text, kf_error *err)
{
    if (strnlen(text, KF_TEXT_MAX_BYTES + 1) > KF_TEXT_MAX_BYTES) {
        return kf_fail(err, KF_ERR_INVALID, "path is longer than %d bytes", KF_TEXT_MAX_BYTES);
    }
    reader r = {.text = text, .p = text, .to = outline, .err = err};
    for (skip_blanks(&r); *r.p; skip_blanks(&r)) {
        kf_status status = read_command(&r);
        if (status) return status;
    }
    return KF_OK;
}
