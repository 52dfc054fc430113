import ts from 'typescript';

/**
 * The module names a source imports, exports from or loads, type-only ones included.
 *
 * @param {string} path
 * @param {string} text
 * @returns {{ module: string, line: number }[]}
 */
export function importsOf(path, text) {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true);
  /** @type {{ module: string, line: number }[]} */
  const found = [];
  const note = (/** @type {ts.Node | undefined} */ node) => {
    if (node === undefined || !ts.isStringLiteral(node)) return;
    found.push({ module: node.text, line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1 });
  };
  const visit = (/** @type {ts.Node} */ node) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) note(node.moduleSpecifier);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) note(node.argument.literal);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) note(node.arguments[0]);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
