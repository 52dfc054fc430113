import ts from 'typescript';

/**
 * @param {ts.Node} node
 * @returns {node is ts.FunctionLikeDeclaration}
 */
function hasBody(node) {
  return ts.isFunctionLike(node) && 'body' in node && node.body !== undefined;
}

/**
 * The functions of a source with their own lines: the lines a function spans, less those its inner functions span.
 *
 * @param {ts.SourceFile} source
 * @returns {{ name: string, line: number, ownLines: number }[]}
 */
export function functionSizes(source) {
  /** @type {{ name: string, line: number, ownLines: number }[]} */
  const sizes = [];
  const lineOf = (/** @type {number} */ position) => source.getLineAndCharacterOfPosition(position).line;
  /** Returns the lines that functions at or below this node span. */
  const measure = (/** @type {ts.Node} */ node) => {
    let inner = 0;
    ts.forEachChild(node, (child) => {
      inner += measure(child);
    });
    if (!hasBody(node)) return inner;
    const first = lineOf(node.getStart(source));
    const lines = lineOf(node.getEnd()) - first + 1;
    const name = node.name?.getText(source) ?? 'function';
    sizes.push({ name, line: first + 1, ownLines: Math.max(1, lines - inner) });
    return lines === 1 ? 0 : lines;
  };
  measure(source);
  return sizes;
}
