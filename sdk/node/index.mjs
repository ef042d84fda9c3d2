// SPDX-License-Identifier: LGPL-2.1-or-later
import kerf from './lib/index.cjs';

export const { VideoEngine, Job, KerfError, version } = kerf;
