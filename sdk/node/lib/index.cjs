// SPDX-License-Identifier: LGPL-2.1-or-later
'use strict';
const { VideoEngine } = require('./engine.cjs');
const { Job } = require('./job.cjs');
const { KerfError } = require('./errors.cjs');
const { version } = require('../package.json');

module.exports = { VideoEngine, Job, KerfError, version };
