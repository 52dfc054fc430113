import { types } from 'node:util';
import type { Hooks } from '@shootdown/plugin';
import { deepFreeze } from '../freeze.js';
import { suggestion } from '../suggestion.js';
import { refuse } from './plugin-error.js';

/** What each hook must be. The type keeps the table complete. */
const HOOKS: Readonly<Record<keyof Hooks, (value: unknown, name: string) => readonly string[]>> = {
  flush: programProblems,
  handlers: handlerProblems,
  mayAccessUser: programProblems,
  chooseAsid: programProblems,
  beforeLoadCr3: programProblems,
  afterLoadCr3: programProblems,
  tick: programProblems,
  kernelEntry: programProblems,
  returnToUser: programProblems,
  enterIdle: programProblems,
  leaveIdle: programProblems,
  release: programProblems,
  beforeReuse: programProblems,
  vmEntry: programProblems,
  threads: threadProblems,
};

/** Every hook that the contract knows. */
export const HOOK_NAMES = Object.keys(HOOKS) as readonly (keyof Hooks)[];

/**
 * Checks what `create()` returned: a plain object with known hooks, every one of them a generator function. The hooks are
 * frozen and no getters, so that a strategy cannot exchange them while it runs.
 *
 * @throws ShootdownError INVALID_MANIFEST listing every problem with the hook's name
 */
export function checkHooks(value: unknown, strategy: string): Hooks {
  const problems = problemsOf(value);
  if (problems.length > 0) throw refuse('INVALID_MANIFEST', strategy, problems, 'create');
  return deepFreeze(value as Hooks);
}

/** Whether `checkHooks` accepts it: who puts something around hooks leaves what are none as they are, to be refused. */
export function areHooks(value: unknown): value is Hooks {
  return problemsOf(value).length === 0;
}

function problemsOf(value: unknown): readonly string[] {
  return isRecord(value) ? hookProblems(value) : ['create() must return an object of hooks.'];
}

function hookProblems(hooks: Readonly<Record<string, unknown>>): readonly string[] {
  const getters = Object.entries(Object.getOwnPropertyDescriptors(hooks)).filter(([, { get }]) => get !== undefined);
  if (getters.length > 0) return getters.map(([name]) => `${name} is a getter; return the hook itself.`);
  const unknown = Object.keys(hooks)
    .filter((name) => !Object.hasOwn(HOOKS, name))
    .map((name) => `create() returned '${name}', which is no hook.${suggestion(name, HOOK_NAMES)}`);
  const missing = hooks['flush'] === undefined ? ['create() returned no flush; every strategy needs one.'] : [];
  const wrong = HOOK_NAMES.filter((name) => hooks[name] !== undefined).flatMap((name) =>
    HOOKS[name](hooks[name], name),
  );
  return [...unknown, ...missing, ...wrong];
}

function programProblems(value: unknown, name: string): readonly string[] {
  return isProgram(value) ? [] : [`${name} must be a generator function: *${name}(cpu, …) { … }.`];
}

function handlerProblems(value: unknown, name: string): readonly string[] {
  if (!isRecord(value)) return [`${name} must be an object with a generator function for each vector.`];
  return Object.entries(value)
    .filter(([, handler]) => !isProgram(handler))
    .map(([vector]) => `${name}.${vector} must be a generator function: *'${vector}'(cpu) { … }.`);
}

function threadProblems(value: unknown, name: string): readonly string[] {
  if (!isRecord(value)) return [`${name} must be an object with { wake, run } for each kernel thread.`];
  return Object.entries(value).flatMap(([thread, entry]) => {
    const { wake, run } = isRecord(entry) ? entry : {};
    const problems = typeof wake === 'function' ? [] : [`${name}.${thread}.wake must be a function (cpu) => word.`];
    return isProgram(run)
      ? problems
      : [...problems, `${name}.${thread}.run must be a generator function: *run(cpu) { … }.`];
  });
}

/** A plain object: a class instance could keep state of its own beside the machine words. */
function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function isProgram(value: unknown): boolean {
  return typeof value === 'function' && Object.prototype.toString.call(value) === '[object GeneratorFunction]';
}
