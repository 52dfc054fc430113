import type { Hooks } from '@shootdown/plugin';
import { type CaseDefinition, seen } from '../definition.js';
import { defersUnmaps } from '../manifest-facts.js';
import type { Subject } from '../subject.js';
import { compareCommand, judge, subjectCell } from '../timed/subject-cell.js';
import { cellWorkload, simulateCell } from '../timed/timed-cell.js';

/** Operations that no pool of frames lasts for unless pages come back. */
const MANY = 40;

/** What the manifest states has something behind it. */
export function promiseCases({ strategy }: Subject): readonly CaseDefinition[] {
  const isDeferred = defersUnmaps(strategy);
  return [
    {
      id: 'promises.hooks',
      section: 'what-the-manifest-promises',
      tier: 'quick',
      expected: 'the hooks that the manifest speaks of are there',
      more: ({ strategy: { name } }) => [`npx shootdown show strategy ${name}`],
      check: checkHooks,
    },
    {
      id: 'promises.release',
      section: 'what-the-manifest-promises',
      tier: 'quick',
      expected: 'pages whose guarantee is deferred come back, and are not used before',
      skip: isDeferred ? undefined : 'the manifest defers no guarantee',
      more: (subject) => [compareCommand(subject, subjectCell(subject))],
      check(subject) {
        for (const threads of [1, 2, 4]) {
          const cell = subjectCell(subject, { threads, iterations: MANY });
          judge(subject, cell, simulateCell(cell));
        }
      },
    },
  ];
}

function checkHooks(subject: Subject): void {
  const { assumes = [] } = subject.strategy;
  const hooks = hooksOf(subject);
  if (defersUnmaps(subject.strategy) && hooks.release === undefined)
    throw seen(
      'NOT_CONFORMING',
      "The manifest says guarantee: { unmap: 'release' }, and there is no hook release: pages would come back as soon as the flush returns.",
    );
  const ticking = assumes.find(({ maximumTickSkew }) => maximumTickSkew !== undefined);
  if (ticking !== undefined && hooks.tick === undefined)
    throw seen('NOT_CONFORMING', `The manifest assumes '${ticking.name}' of ticks, and there is no hook tick.`);
}

function hooksOf(subject: Subject): Hooks {
  const made: Hooks[] = [];
  cellWorkload(subjectCell(subject), {
    createHooks(strategy, env, options) {
      const hooks = strategy.create(env, options as never);
      made.push(hooks);
      return hooks;
    },
  });
  return made[0] as Hooks;
}
