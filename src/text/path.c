/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SVG path data (SVG 1.1, 8.3) into a Cairo path. */
#include <string.h>

#include "text/private.h"

typedef struct reader {
    const char *text, *p;
    cairo_t *cr;
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

static kf_status read_number(reader *r, double *out)
{
    if (!number_ahead(r)) return broken(r, "a number is missing");
    if (r->p[0] == '0' && (r->p[1] == 'x' || r->p[1] == 'X')) return broken(r, "not a decimal number");
    char *end;
    double v = g_ascii_strtod(r->p, &end);
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

static void curve_to(reader *r, double x1, double y1, double x2, double y2, double x, double y)
{
    cairo_curve_to(r->cr, x1, y1, x2, y2, x, y);
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
    cairo_line_to(r->cr, x, y);
    r->x = x;
    r->y = y;
}

static void move_to(reader *r, double x, double y)
{
    cairo_move_to(r->cr, x, y);
    r->x = r->start_x = x;
    r->y = r->start_y = y;
}

/* From end points to centre: SVG 1.1, F.6.5. n: rx, ry, rotation, large, sweep, x, y. */
static void arc_to(reader *r, const double n[7])
{
    double rx = fabs(n[0]), ry = fabs(n[1]), phi = n[2] * G_PI / 180;
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
    double from = atan2((y1 - cy) / ry, (x1 - cx) / rx), to = atan2((-y1 - cy) / ry, (-x1 - cx) / rx);
    cairo_save(r->cr);
    cairo_translate(r->cr, c * cx - s * cy + (r->x + n[5]) / 2, s * cx + c * cy + (r->y + n[6]) / 2);
    cairo_rotate(r->cr, phi);
    cairo_scale(r->cr, rx, ry);
    if (n[4] != 0) cairo_arc(r->cr, 0, 0, 1, from, to);
    else cairo_arc_negative(r->cr, 0, 0, 1, from, to);
    cairo_restore(r->cr);
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
        cairo_close_path(r->cr);
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
    char command = *r->p, upper = g_ascii_toupper(command);
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

kf_status kf_path_add(cairo_t *cr, const char *text, kf_error *err)
{
    if (strnlen(text, KF_TEXT_MAX_BYTES + 1) > KF_TEXT_MAX_BYTES) {
        return kf_fail(err, KF_ERR_INVALID, "path is longer than %d bytes", KF_TEXT_MAX_BYTES);
    }
    reader r = {.text = text, .p = text, .cr = cr, .err = err};
    for (skip_blanks(&r); *r.p; skip_blanks(&r)) {
        kf_status status = read_command(&r);
        if (status) return status;
    }
    return KF_OK;
}
