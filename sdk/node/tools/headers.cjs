// SPDX-License-Identifier: LGPL-2.1-or-later
// Prints the folder that holds node_api.h, or nothing: that of this node's installation, of Debian's, or of the package
// node-api-headers.
'use strict';
const fs = require('node:fs');
const path = require('node:path');

const folders = [
  path.resolve(process.execPath, '../../include/node'), '/usr/include/node', '/usr/include/nodejs/src',
  '/usr/share/nodejs/node-api-headers/include', path.resolve(__dirname, '../node_modules/node-api-headers/include'),
];
const found = folders.find((folder) => fs.existsSync(path.join(folder, 'node_api.h')));
process.stdout.write(found ?? '');
