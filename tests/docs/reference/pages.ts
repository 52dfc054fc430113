import { code } from '../page.js';
import { type Declaration, declarationsOf, type Documented } from './declarations.js';

/** One page of the reference: declarations by file, in the order in which they are told. */
export interface ReferencePage {
  readonly path: string;
  readonly title: string;
  readonly introduction: string;
  readonly declarations: readonly (readonly [file: string, names: readonly string[]])[];
}

const PLUGIN = 'packages/plugin/src';
const CORE = 'packages/core/src';

export const REFERENCE_PAGES: readonly ReferencePage[] = [
  {
    path: 'docs/reference/ops.md',
    title: 'Ops',
    introduction: 'What a program may yield: the methods of `cpu`, and the types that they take and give.',
    declarations: [
      [`${CORE}/program/cpu.ts`, ['Cpu', 'Owner']],
      [
        `${CORE}/program/op.ts`,
        ['Op', 'Program', 'ProgramRef', 'Word', 'Mask', 'Vector', 'Group', 'Condition', 'Phase'],
      ],
    ],
  },
  {
    path: 'docs/reference/hooks.md',
    title: 'Hooks',
    introduction: 'What `create` returns: the programs that the kernel runs for a strategy, and what they are told.',
    declarations: [
      [`${PLUGIN}/hooks.ts`, ['Hooks', 'KernelThread', 'KERNEL_CHOOSES']],
      [`${PLUGIN}/flush-request.ts`, ['FlushRequest', 'ALL_PAGES', 'INIT_MM', 'ANY_MM', 'SWITCHING']],
      [`${CORE}/program/kernel-cpu.ts`, ['FLUSH_KINDS', 'FlushKind']],
    ],
  },
  {
    path: 'docs/reference/manifest.md',
    title: 'Manifest',
    introduction:
      'What `defineStrategy` takes: everything about a strategy that can be known without running it, and `create`.',
    declarations: [
      [`${PLUGIN}/strategy.ts`, ['defineStrategy', 'StrategyDefinition', 'Strategy', 'OptionsOf', 'STRATEGY_BRAND']],
      [
        `${PLUGIN}/manifest.ts`,
        ['API_VERSION', 'NAME_PATTERN', 'Manifest', 'Guarantee', 'Mark', 'Assumption', 'RequiredFeature', 'Layout'],
      ],
    ],
  },
  {
    path: 'docs/reference/environment.md',
    title: 'Environment',
    introduction:
      'What `create` is given: words, programs and vectors to be made, facts about the machine, and the kernel that a strategy works with.',
    declarations: [
      [`${PLUGIN}/env.ts`, ['Env', 'Features', 'StrategyCosts']],
      [`${CORE}/boot/memory.ts`, ['RecordPlacement', 'Records', 'WordClass']],
      [`${PLUGIN}/kernel-view.ts`, ['KernelView', 'FlushInfo']],
      [`${PLUGIN}/steal-time.ts`, ['StealTime']],
      ['packages/smp-call-function/src/call-function.ts', ['CallFunction', 'CalledFunction']],
    ],
  },
];

/** The declarations of a page with the file that each stands in. */
export function declarationsOn({ declarations }: ReferencePage): readonly (Declaration & { readonly file: string })[] {
  return declarations.flatMap(([file, names]) => declarationsOf(file, names).map((each) => ({ ...each, file })));
}

/** A page of the reference as it should be. */
export function referencePage(page: ReferencePage): string {
  const files = page.declarations.map(([file]) => `[${file.slice(file.lastIndexOf('/') + 1)}](../../${file})`);
  const parts = declarationsOn(page).flatMap((declaration) => [
    entry('##', declaration),
    ...declaration.members.map((member) => entry('###', member)),
  ]);
  const source = `This page is generated from the doc comments in ${files.join(', ')}, and a test compares the two.`;
  return `${[`# ${page.title}`, `${page.introduction}\n${source}`, ...parts].join('\n\n')}\n`;
}

function entry(level: string, { name, signature, text }: Documented): string {
  return [
    `${level} ${name}`,
    ...(signature === '' ? [] : [code('ts', signature)]),
    ...(text === '' ? [] : [text]),
  ].join('\n\n');
}

/** `Hooks.tick` for every declaration and member without a doc comment. */
export function undocumentedOn(page: ReferencePage): readonly string[] {
  return declarationsOn(page).flatMap(({ name, text, members }) => [
    ...(text === '' ? [name] : []),
    ...members.filter((member) => member.text === '').map((member) => `${name}.${member.name}`),
  ]);
}
