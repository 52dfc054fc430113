import { type Ending, isSend, stepTitle } from './sequence.js';
import type { Step } from './steps.js';
import { type MoveTimes, stepTimes } from './times.js';

/**
 * Steps as a Mermaid sequence diagram: a participant per CPU, a note per step, an arrow per interprocessor interrupt. With the times of all
 * moves a step's note tells its own.
 */
export function mermaidText(
  steps: readonly Step[],
  cpus: number,
  ending: Ending,
  times?: readonly MoveTimes[],
): readonly string[] {
  const ofSteps = times === undefined ? [] : stepTimes(steps, times);
  return [
    'sequenceDiagram',
    ...Array.from({ length: cpus }, (_, cpu) => `  participant cpu${cpu} as CPU ${cpu}`),
    ...steps.flatMap((step, index) => stepLines(step, ofSteps[index])),
    note(ending.cpu, `✗ ${ending.text}`),
  ];
}

function stepLines(step: Step, time: string | undefined): readonly string[] {
  const sends = step.moves.filter(({ move }) => isSend(move));
  const when = time === undefined ? '' : `, ${time} ns`;
  return [
    note(step.cpu, `${step.number}. ${stepTitle(step)}${when}`),
    ...sends.map(({ cpu, text }) => arrow(cpu, text)),
  ];
}

function arrow(cpu: number, text: string): string {
  const target = /cpu (\d+)/.exec(text)?.[1] ?? String(cpu);
  return `  cpu${cpu}->>cpu${target}: ${escaped(text)}`;
}

function note(cpu: number, text: string): string {
  return `  Note over cpu${cpu}: ${escaped(text)}`;
}

/** Mermaid ends a statement at a semicolon and begins an entity at a number sign. */
function escaped(text: string): string {
  return text.replace(/[#;<>]/g, (character) => `#${character.charCodeAt(0)};`);
}
