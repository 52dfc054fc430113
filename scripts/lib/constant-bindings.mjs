import ts from 'typescript';

/**
 * @param {ts.Node} node
 * @returns {node is ts.BinaryExpression}
 */
function isAssignment(node) {
  if (!ts.isBinaryExpression(node)) return false;
  const { kind } = node.operatorToken;
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

/**
 * @param {ts.Node} node
 * @returns {node is ts.PrefixUnaryExpression | ts.PostfixUnaryExpression}
 */
function isStep(node) {
  if (!ts.isPrefixUnaryExpression(node) && !ts.isPostfixUnaryExpression(node)) return false;
  return node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken;
}

/**
 * What this node gives a new value; nothing when it gives none.
 *
 * @param {ts.Node} node
 * @returns {ts.Node | undefined}
 */
function assigned(node) {
  if (isAssignment(node)) return node.left;
  if (isStep(node)) return node.operand;
  return ts.isForInStatement(node) || ts.isForOfStatement(node) ? node.initializer : undefined;
}

/**
 * Every name that something in the source assigns to or declares again, in whatever scope: more than the variables of the top level that
 * change.
 *
 * @param {ts.SourceFile} source
 * @returns {Set<string>}
 */
function assignedNames(source) {
  /** @type {Set<string>} */
  const names = new Set();
  /** @type {Set<string>} */
  const declared = new Set();
  const declare = (/** @type {ts.VariableDeclaration} */ { name }) => {
    if (!ts.isIdentifier(name)) return;
    (declared.has(name.text) ? names : declared).add(name.text);
  };
  const add = (/** @type {ts.Node} */ target) => {
    if (ts.isIdentifier(target)) names.add(target.text);
    else if (!ts.isPropertyAccessExpression(target) && !ts.isElementAccessExpression(target))
      ts.forEachChild(target, add);
  };
  const visit = (/** @type {ts.Node} */ node) => {
    const target = assigned(node);
    if (target !== undefined) add(target);
    if (ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.BlockScoped) === 0)
      node.declarations.forEach(declare);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return names;
}

/**
 * The chunk with `const` for each `var` of the top level that nothing assigns to. esbuild turns the `const` of a module into `var`
 * when it bundles; V8 then reads the binding, and the tables of numbers and functions behind it, at every use instead of knowing them.
 *
 * @param {string} code
 * @returns {string}
 */
export function withConstants(code) {
  const source = ts.createSourceFile('chunk.js', code, ts.ScriptTarget.Latest, false, ts.ScriptKind.JS);
  const changing = assignedNames(source);
  const isConstant = (/** @type {ts.VariableDeclaration} */ { name, initializer }) =>
    initializer !== undefined && ts.isIdentifier(name) && !changing.has(name.text);
  let result = '';
  let end = 0;
  for (const statement of source.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    const { declarations, flags } = statement.declarationList;
    if ((flags & ts.NodeFlags.BlockScoped) !== 0 || !declarations.every(isConstant)) continue;
    const start = statement.declarationList.getStart(source);
    result += `${code.slice(end, start)}const`;
    end = start + 'var'.length;
  }
  return result + code.slice(end);
}

/**
 * For tsup: keeps what is constant in the sources constant in the bundle.
 *
 * @type {NonNullable<import('tsup').Options['plugins']>}
 */
export const constantBindings = [{ name: 'constant-bindings', renderChunk: (code) => ({ code: withConstants(code) }) }];
