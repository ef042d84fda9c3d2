/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How alike two pictures are, by their first planes of 8 bits (luma). */
#ifndef KF_ENGINE_SSIM_H
#define KF_ENGINE_SSIM_H

#include "base/api/image.h"
#include "base/api/status.h"
#include "base/api/thread.h"

/* Structural similarity: Z. Wang, A. C. Bovik, H. R. Sheikh, E. P. Simoncelli, "Image quality assessment: from error
 * visibility to structural similarity", IEEE Trans. Image Processing 13(4), 2004: Gaussian windows of 11x11 samples,
 * sigma 1.5, weights summing to 1; K1 = 0.01, K2 = 0.03, L = 255; the mean over all windows that lie wholly inside and
 * whose corners are multiples of 4 px. A side shorter than 11 px has one window as long as it is.
 * The same for every number of threads; exactly 1 for equal pictures. */
typedef struct kf_likeness {
    double ssim;
    double squares;          /* sum of squared differences of all samples */
} kf_likeness;
/* Same size. pool may be NULL. KF_ERR_MEMORY. */
kf_status kf_likeness_measure(const kf_image *a, const kf_image *b, kf_pool *pool, kf_likeness *out, kf_error *err);

#endif
