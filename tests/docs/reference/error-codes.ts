import { ERROR_CODES, type ErrorCode } from '@shootdown/core';
import ts from 'typescript';
import { code, read } from '../page.js';
import { parse } from './declarations.js';
import { packageFiles, typeScriptFiles } from './sources.js';

/** Where sources raise a code, and the messages that stand beside it. */
interface Raised {
  readonly files: readonly string[];
  readonly messages: readonly string[];
}

const TABLE = 'packages/core/src/errors.ts';
const NOWHERE: Raised = { files: [], messages: [] };
const isCode = (text: string): text is ErrorCode => Object.hasOwn(ERROR_CODES, text);

/** The codes that a test expects: named in a string, alone or within what a command prints. Comments and titles do not count. */
export function expectedIn(file: string): readonly ErrorCode[] {
  return stringsIn(file)
    .filter((literal) => !isTitle(literal))
    .flatMap(({ text }) => text.split(/[^A-Z_]+/).filter(isCode));
}

/** Test files of the packages, and those that join them. */
export const testFiles = (): readonly string[] => [
  ...packageFiles('test'),
  ...typeScriptFiles('tests').filter((file) => !file.startsWith('tests/docs/')),
];

/** What the sources say of every code that they raise. A comparison with a code raises nothing. */
export function raisedCodes(): ReadonlyMap<ErrorCode, Raised> {
  const found = new Map<ErrorCode, Raised>();
  for (const file of packageFiles('src').filter((each) => each !== TABLE)) {
    for (const literal of stringsIn(file)) {
      if (!isCode(literal.text) || !isHandedOn(literal)) continue;
      const { files, messages } = found.get(literal.text) ?? NOWHERE;
      const said = messageBeside(literal);
      found.set(literal.text, {
        files: [...new Set([...files, file])],
        messages: [...new Set([...messages, ...(said === undefined ? [] : [said])])],
      });
    }
  }
  return found;
}

function stringsIn(file: string): readonly ts.StringLiteral[] {
  if (
    !read(file)
      .split(/[^A-Z_]+/)
      .some(isCode)
  )
    return [];
  const found: ts.StringLiteral[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node)) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(parse(file));
  return found;
}

const isHandedOn = ({ parent }: ts.StringLiteral): boolean =>
  !ts.isBinaryExpression(parent) && !ts.isArrayLiteralExpression(parent) && !ts.isLiteralTypeNode(parent);

const isTitle = ({ parent }: ts.StringLiteral): boolean =>
  ts.isCallExpression(parent) && /^(?:it|test|describe)\b/.test(parent.expression.getText());

/** The message in the same call as a code, with `…` for what a run puts in. Undefined where it is put together elsewhere. */
function messageBeside(literal: ts.StringLiteral): string | undefined {
  const { parent } = literal;
  if (!ts.isNewExpression(parent) && !ts.isCallExpression(parent)) return undefined;
  const texts = (parent.arguments ?? []).filter((each) => each !== literal).map(templateOf);
  return texts.find((text) => text !== undefined && /[a-z]{3}/.test(text));
}

/** A string, a template, or a constant of the enclosing function that is one. */
function templateOf(node: ts.Expression): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isIdentifier(node)) return constantOf(node);
  if (!ts.isTemplateExpression(node)) return undefined;
  return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('…');
}

function constantOf({ text, parent }: ts.Identifier): string | undefined {
  const statements: readonly ts.Statement[] = ts.findAncestor(parent, ts.isBlock)?.statements ?? [];
  const constants = statements
    .filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) => [...declarationList.declarations]);
  const value = constants.find(({ name }) => name.getText() === text)?.initializer;
  return value === undefined || ts.isIdentifier(value) ? undefined : templateOf(value);
}

/** The page docs/reference/errors.md. */
export function errorMessagesPage(all: ReadonlyMap<ErrorCode, Raised>): string {
  const entries = Object.entries(ERROR_CODES).map(([name, { exitCode, title }]) => {
    const { files, messages } = (isCode(name) ? all.get(name) : undefined) ?? NOWHERE;
    const folders = [...new Set(files.map((file) => file.split('/').slice(0, 2).join('/')))];
    const links = folders.map((folder) => `[${folder.split('/').at(-1)}](../../${folder}/README.md)`).join(', ');
    return [
      `## ${name}`,
      `${title}. Exit code ${exitCode}.`,
      ...(messages.length === 0 ? [] : [code('', messages.join('\n'))]),
      `Raised in ${links}.`,
    ].join('\n\n');
  });
  return `${[INTRODUCTION, ...entries].join('\n\n')}\n`;
}

const INTRODUCTION = `# What each error says

The messages of every code of [errors](../errors.md) as they stand in the sources; \`…\` is what a run puts in. A message that is put
together from parts elsewhere is not shown. This page is generated, and a test compares it with the sources.`;
