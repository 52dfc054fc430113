import ts from 'typescript';
import { functionSizes } from './function-size.mjs';

/** Hard stops, in lines. */
export const limits = { functionLines: 70, fileLines: 400 };

/** Written so that no pattern matches its own source. */
const bannedComments =
  /@ts-(?:ignore|nocheck)|(?:biome|eslint|v8|c8|istanbul)[- ](?:ignore|disable)|\b(?:T[O]DO|F[I]XME|X[X]X|H[A]CK)\b/;

const bannedGlobals = new Set([
  'Date',
  'performance',
  'Intl',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'process',
  'crypto',
  'globalThis',
]);
const bannedMath = /^(?:random|a?(?:cos|sin|tan)h?|atan2|exp|expm1|log|log10|log1p|log2|pow|cbrt|hypot)$/;

/** @typedef {(node: ts.Node, what: string) => void} Report */

/**
 * @param {ts.Node} node
 * @param {Report} report
 */
function looseType(node, report) {
  if (node.kind === ts.SyntaxKind.AnyKeyword) report(node, '"any" switches the types off');
  const inner = ts.isAsExpression(node) ? node.expression : undefined;
  if (inner !== undefined && ts.isAsExpression(inner) && inner.type.kind === ts.SyntaxKind.UnknownKeyword) {
    report(node, 'a cast through unknown switches the types off');
  }
}

/**
 * A name that stands for a global value: not a property, a declared name or a type.
 *
 * @param {ts.Identifier} node
 */
function isGlobalUse(node) {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  return (
    ts.isExpression(parent) ||
    ts.isStatement(parent) ||
    (ts.isVariableDeclaration(parent) && parent.initializer === node)
  );
}

/**
 * What differs between hosts, engines or runs, which no deterministic package may read.
 *
 * @param {ts.Node} node
 * @param {Report} report
 */
function ambient(node, report) {
  if (ts.isIdentifier(node) && bannedGlobals.has(node.text) && isGlobalUse(node))
    report(node, `${node.text} is not deterministic`);
  if (
    ts.isIdentifier(node) &&
    node.text === 'Math' &&
    isGlobalUse(node) &&
    !ts.isPropertyAccessExpression(node.parent)
  ) {
    report(node, 'Math is used by naming the function');
  }
  if (!ts.isPropertyAccessExpression(node)) return;
  const property = node.name.text;
  if (ts.isIdentifier(node.expression) && node.expression.text === 'Math' && bannedMath.test(property)) {
    report(node, `Math.${property} is not bit-exact across engines`);
  }
  if (property === 'localeCompare' || property.startsWith('toLocale'))
    report(node, `${property} depends on the host's locale`);
}

/**
 * A test of a property that draws other cases each time it runs.
 *
 * @param {ts.Node} node
 * @param {Report} report
 */
function unseeded(node, report) {
  if (!ts.isCallExpression(node) || node.expression.getText() !== 'fc.assert') return;
  const parameters = node.arguments[1];
  const isSeeded =
    parameters !== undefined &&
    (!ts.isObjectLiteralExpression(parameters) || parameters.properties.some(({ name }) => name?.getText() === 'seed'));
  if (!isSeeded) report(node, 'fc.assert draws from a seed that is written down');
}

/**
 * The hard stops a source breaks.
 *
 * @param {string} path
 * @param {string} text
 * @param {{ deterministic?: boolean }} [options] `deterministic` for sources below the reporter
 * @returns {string[]} one line for each, `path:line: what`
 */
export function sourceProblems(path, text, options = {}) {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true);
  /** @type {string[]} */
  const problems = [];
  const lines = text.trimEnd().split('\n');
  if (lines.length > limits.fileLines) problems.push(`${path}: ${lines.length} lines, at most ${limits.fileLines}`);
  lines.forEach((line, index) => {
    const banned = bannedComments.exec(line);
    if (banned !== null) problems.push(`${path}:${index + 1}: "${banned[0]}" has no place in a source`);
  });
  for (const { name, line, ownLines } of functionSizes(source)) {
    if (ownLines > limits.functionLines)
      problems.push(`${path}:${line}: ${name} has ${ownLines} own lines, at most ${limits.functionLines}`);
  }
  /** @type {Report} */
  const report = (node, what) => {
    problems.push(`${path}:${source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1}: ${what}`);
  };
  const visit = (/** @type {ts.Node} */ node) => {
    looseType(node, report);
    unseeded(node, report);
    if (options.deterministic === true) ambient(node, report);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return problems;
}
