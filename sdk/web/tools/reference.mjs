// SPDX-License-Identifier: LGPL-2.1-or-later
// Makes dist/API.md of the built declarations.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const dist = join(import.meta.dirname, '../dist'), entry = join(dist, 'index.d.ts');
const program = ts.createProgram([entry], { moduleResolution: ts.ModuleResolutionKind.Bundler, module: ts.ModuleKind.ES2022,
  target: ts.ScriptTarget.ES2022, skipLibCheck: true });
const checker = program.getTypeChecker();

const isPrivate = (member) => member.name?.kind === ts.SyntaxKind.PrivateIdentifier ||
  member.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword);

/** A declaration as it stands, without what is private. */
function shown(node) {
  const text = (part) => part.getText().replace(/^export (declare )?/, '');
  if (!ts.isClassDeclaration(node)) return text(node);
  const members = node.members.filter((member) => !isPrivate(member)).map((member) => `    ${member.getFullText().trim()}`);
  const heritage = node.heritageClauses?.map((clause) => ` ${clause.getText()}`).join('') ?? '';
  return [`class ${node.name.text}${heritage} {`, ...members, '}'].join('\n');
}

function section(symbol) {
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const doc = ts.displayPartsToString(target.getDocumentationComment(checker)).replace(/\s+/g, ' ');
  const code = target.declarations.map(shown).join('\n');
  return ['', `## ${symbol.name}`, ...(doc ? ['', doc] : []), '', '```ts', code, '```'];
}

function reference() {
  const exports = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(entry)));
  const rank = ({ name }) => (name === 'init' ? 0 : name === 'Preview' ? 1 : /^[a-z]/.test(name) ? 2 : 3);
  const sorted = [...exports].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, 'en'));
  return ['# Reference of @kerf/web', '', 'Made from the package\'s declarations . Times are seconds, sizes ' +
    'pixels.', ...sorted.flatMap(section)].join('\n') + '\n';
}

writeFileSync(join(dist, 'API.md'), reference());
