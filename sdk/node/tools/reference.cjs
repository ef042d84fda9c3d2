// SPDX-License-Identifier: LGPL-2.1-or-later
// Makes API.md of index.d.ts:   reference.cjs [--check]     --check: only says whether API.md is as it should be.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const ts = require('typescript');

const here = path.join(__dirname, '..');
const declarations = path.join(here, 'index.d.ts'), page = path.join(here, 'API.md');
const source = ts.createSourceFile(declarations, fs.readFileSync(declarations, 'utf8'), ts.ScriptTarget.Latest, true);

const textOf = (node) => node.getText(source).replace(/\s+/g, ' ');
const cell = (text) => text.replaceAll('|', '\\|');

/** What the comment before a declaration says. */
function docOf(node) {
  const [doc] = node.jsDoc ?? [];
  const comment = typeof doc?.comment === 'string' ? doc.comment : ts.getTextOfJSDocComment(doc?.comment);
  return (comment ?? '').replace(/\s+/g, ' ');
}

const isPrivate = (member) => member.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword);

function nameOf(member) {
  if (ts.isConstructorDeclaration(member)) return 'new';
  return `${textOf(member.name ?? member.parameters[0])}${member.questionToken ? '?' : ''}`;
}

const isMethod = (member) => ts.isMethodDeclaration(member) || ts.isMethodSignature(member) || ts.isConstructorDeclaration(member);

function rows(members) {
  const fields = members.filter((member) => !isMethod(member));
  if (!fields.length) return [];
  return ['', '| name | type | |', '| --- | --- | --- |', ...fields.map((member) =>
    `| \`${nameOf(member)}\` | ${member.type ? `\`${cell(textOf(member.type))}\`` : ''} | ${cell(docOf(member))} |`)];
}

function signature(member, owner) {
  const shown = textOf(member).replace(/;$/, '');
  return ts.isConstructorDeclaration(member) ? shown.replace(/^constructor/, `new ${owner}`) : shown;
}

/** Overloads and their one description. */
function methods(members, owner) {
  return members.filter((member) => isMethod(member) && !isPrivate(member)).flatMap((member) =>
    ['', '```ts', signature(member, owner), '```', ...(docOf(member) ? ['', docOf(member)] : [])]);
}

function entry(node) {
  const heading = (name) => ['', `## ${name}`, ...(docOf(node) ? ['', docOf(node)] : [])];
  if (ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node)) {
    const name = node.name.text, inherits = node.heritageClauses?.map(textOf).join(' ');
    return [...heading(name), ...(inherits ? ['', `\`${inherits}\``] : []), ...rows(node.members), ...methods(node.members, name)];
  }
  if (ts.isTypeAliasDeclaration(node)) return [...heading(node.name.text), '', '```ts', textOf(node.type), '```'];
  if (ts.isVariableStatement(node)) return heading(node.declarationList.declarations[0].name.text);
  return [];
}

/** Classes first, then what they take and give. */
function reference() {
  const order = (node) => (node.name?.text === 'VideoEngine' ? -1 : ts.isClassDeclaration(node) ? 0 : ts.isInterfaceDeclaration(node) ? 1 : 2);
  const nodes = [...source.statements].sort((a, b) => order(a) - order(b));
  const lines = ['# Reference of @kerf/node', '', 'Made from `index.d.ts` by `tools/reference.cjs`. All keys are in camelCase, times in ' +
    'seconds where a name does not say `Ms`, sizes in bytes where it does not say `MB`.', ...nodes.flatMap(entry)];
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

if (!process.argv.includes('--check')) fs.writeFileSync(page, reference());
else if (fs.readFileSync(page, 'utf8') !== reference()) {
  console.error('API.md is not that of index.d.ts: run sdk/node/tools/reference.cjs');
  process.exitCode = 1;
}
