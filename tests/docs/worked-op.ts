import ts from 'typescript';
import { code, read } from './page.js';
import { parse } from './reference/declarations.js';

/** Where an op has its parts, in the order in which they are written, and what the part is called there. */
const PLACES: readonly (readonly [file: string, name: string])[] = [
  ['packages/core/src/program/opcode.ts', 'tlbsync'],
  ['packages/core/src/program/cpu.ts', 'tlbsync'],
  ['packages/core/src/moves/broadcast-ops.ts', 'tlbsync'],
  ['packages/core/src/profile/parameter-names.ts', 'tlbsyncCycles'],
  ['packages/core/src/profile/cost-table.ts', 'tlbsyncPs'],
  ['packages/simulator/src/op-prices.ts', "'tlbsync'"],
  ['packages/checker/src/litmus/instruction.ts', 'tlbsync'],
];

const LITMUS = 'packages/checker/src/litmus/data/broadcast.json';

/** The op TLBSYNC: each of its parts as it stands in the sources, then the litmus test that it makes a difference to. */
export function workedOp(): string {
  const parts = PLACES.map(([file, name]) => `// ${file}\n${partOf(file, name)}`);
  return [code('ts', parts.join('\n\n')), code('json', `// ${LITMUS}\n${litmusTest()}`)].join('\n\n');
}

/** The first part of a file that bears the name, with its doc comment, as far to the left as it goes. */
function partOf(file: string, name: string): string {
  const source = parse(file);
  const find = (node: ts.Node): ts.Node | undefined => (bears(node, name) ? node : ts.forEachChild(node, find));
  const part = ts.forEachChild(source, find);
  if (part === undefined) throw new Error(`${file} has no ${name}.`);
  const start = part.getStart(source, true);
  const margin = source.text.slice(source.text.lastIndexOf('\n', start) + 1, start);
  return source.text.slice(start, part.end).replaceAll(`\n${margin}`, '\n');
}

function bears(node: ts.Node, name: string): boolean {
  if (ts.isCaseClause(node)) return node.expression.getText() === name;
  if (ts.isVariableStatement(node)) return node.declarationList.declarations[0]?.name.getText() === name;
  return (ts.isPropertyAssignment(node) || ts.isMethodDeclaration(node)) && node.name.getText() === name;
}

/** The first litmus test with the op: what it permits or forbids, without the counts of states. */
function litmusTest(): string {
  const { tests } = JSON.parse(read(LITMUS)) as { readonly tests: readonly LitmusTest[] };
  const found = tests.find(({ threads }) => threads.some(({ program }) => program.includes('tlbsync')));
  if (found === undefined) throw new Error(`${LITMUS} has no test of TLBSYNC.`);
  const { id, title, source, threads, expected } = found;
  const { permitted, forbidden, outcomes } = expected['tso'] ?? {};
  return JSON.stringify({ id, title, source, threads, expected: { tso: { permitted, forbidden, outcomes } } }, null, 2);
}

interface LitmusTest {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  readonly threads: readonly { readonly program: readonly string[] }[];
  readonly expected: Readonly<
    Record<string, { readonly permitted?: unknown; readonly forbidden?: unknown; readonly outcomes?: unknown }>
  >;
}
