import ts from 'typescript';
import { read } from '../page.js';

/** A declaration or a member of one, as its source has it. */
export interface Documented {
  readonly name: string;
  /** The declaration without its body and its comments, on one line. */
  readonly signature: string;
  /** The doc comment as Markdown, `''` where there is none. */
  readonly text: string;
}

/** An exported declaration with its public members. */
export interface Declaration extends Documented {
  readonly members: readonly Documented[];
}

/**
 * The exported declarations of these names, from the syntax tree of the file.
 *
 * @throws Error when the file exports no such name
 */
export function declarationsOf(file: string, names: readonly string[]): readonly Declaration[] {
  const { statements } = parse(file);
  return names.map((name) => {
    const statement = statements.find((each) => isExported(each) && nameOf(each) === name);
    if (statement === undefined) throw new Error(`${file} exports no ${name}.`);
    return { ...documented(statement, name), members: membersOf(statement) };
  });
}

/** Every name that a file exports, re-exported ones included. */
export function exportedNames(file: string): readonly string[] {
  return parse(file).statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement)) return isExported(statement) ? [nameOf(statement)] : [];
    const { exportClause } = statement;
    return exportClause !== undefined && ts.isNamedExports(exportClause)
      ? exportClause.elements.map(({ name }) => name.text)
      : [];
  });
}

/** The syntax tree of a source of the repository. */
export function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true);
}

function isExported(statement: ts.Statement): boolean {
  return ts.canHaveModifiers(statement) && has(statement, ts.SyntaxKind.ExportKeyword);
}

function has(node: ts.HasModifiers, kind: ts.SyntaxKind): boolean {
  return ts.getModifiers(node)?.some((modifier) => modifier.kind === kind) ?? false;
}

function nameOf(statement: ts.Statement): string {
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations[0]?.name.getText() ?? '';
  const declared = statement as ts.DeclarationStatement;
  return declared.name?.getText() ?? '';
}

function membersOf(statement: ts.Statement): readonly Documented[] {
  if (!ts.isInterfaceDeclaration(statement) && !ts.isClassDeclaration(statement)) return [];
  const members: readonly (ts.ClassElement | ts.TypeElement)[] = [...statement.members];
  return members.filter(isPublic).map((member) => documented(member, member.name?.getText() ?? ''));
}

function isPublic(member: ts.ClassElement | ts.TypeElement): boolean {
  const { name } = member;
  if (name === undefined || ts.isPrivateIdentifier(name) || ts.isComputedPropertyName(name)) return false;
  return !ts.canHaveModifiers(member) || !has(member, ts.SyntaxKind.ProtectedKeyword);
}

function documented(node: ts.Node, name: string): Documented {
  return { name, signature: signatureOf(node), text: commentOf(node) };
}

/** The text of a declaration up to its body or its members, comments and `readonly` left out. */
function signatureOf(node: ts.Node): string {
  if (ts.isInterfaceDeclaration(node) || ts.isClassDeclaration(node)) return '';
  const end = ts.isFunctionLike(node) && 'body' in node && node.body !== undefined ? node.body.pos : node.end;
  return node
    .getSourceFile()
    .text.slice(node.getStart(), end)
    .replace(/^(?:export |readonly )+/, '')
    .replace(/\s+/g, ' ')
    .replace(/;$/, '')
    .trim();
}

function commentOf(node: ts.Node): string {
  const [comment] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc).slice(-1);
  if (comment === undefined) return '';
  const tags = (comment.tags ?? []).map((tag) => `${tag.tagName.text}: ${ts.getTextOfJSDocComment(tag.comment) ?? ''}`);
  return [ts.getTextOfJSDocComment(comment.comment) ?? '', ...tags].filter((text) => text !== '').join('\n\n');
}
