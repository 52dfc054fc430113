import { createRegistry } from '@shootdown/host';
import { defineStrategy, type Env, type Hooks, type Strategy } from '@shootdown/plugin';
import { describe, expect, it } from 'vitest';
import { Pulse } from '../../src/sandbox/pulse.js';
import { watchedStrategy } from '../../src/sandbox/watched-strategy.js';

const nothing = undefined as never;

/** Has hooks of every form. */
const strategy: Strategy = defineStrategy({
  apiVersion: 1,
  name: 'plain',
  title: 'Plain',
  summary: 'Does nothing.',
  references: [],
  optionsSchema: { type: 'object', additionalProperties: false, properties: {} },
  create: () => ({
    *flush() {},
    handlers: { *ping() {} },
    threads: { monitor: { wake: () => 7 as never, *run() {} } },
  }),
});

function watched(): { readonly pulse: Pulse; readonly hooks: Hooks } {
  const pulse = new Pulse();
  pulse.isReady = true;
  const { create } = watchedStrategy(createRegistry([strategy]).find('plain'), pulse);
  return { pulse, hooks: create({} as Env, {} as never) };
}

describe('watchedStrategy', () => {
  it.each<[string, (hooks: Hooks) => unknown]>([
    ['create', () => undefined],
    ['flush', (hooks) => hooks.flush(nothing, nothing)],
    ['handlers', (hooks) => hooks.handlers?.['ping']?.(nothing)],
    ['threads', (hooks) => hooks.threads?.['monitor']?.run(nothing)],
  ])('beats when %s begins', (place, begin) => {
    const { pulse, hooks } = watched();
    const before = place === 'create' ? 0 : pulse.read().beats;
    begin(hooks);
    expect(pulse.place).toBe(place);
    expect(pulse.read()).toEqual({ beats: before + 1, isResting: false });
  });

  it('has the hooks of the strategy and no other, with their results', () => {
    const { hooks } = watched();
    expect(Object.keys(hooks)).toEqual(['flush', 'handlers', 'threads']);
    expect(hooks.threads?.['monitor']?.wake(0)).toBe(7);
    expect(hooks.tick).toBeUndefined();
  });
});

describe('a pulse', () => {
  it('rests before its thread is ready and while only the laboratory works', () => {
    const pulse = new Pulse();
    expect(pulse.read().isResting).toBe(true);
    pulse.isReady = true;
    expect(pulse.read().isResting).toBe(false);
    expect(pulse.resting(() => pulse.resting(() => pulse.read().isResting))).toBe(true);
    expect(pulse.read().isResting).toBe(false);
  });

  it('is one in both threads', () => {
    const pulse = new Pulse();
    const other = new Pulse(pulse.memory);
    other.enter('tick');
    expect({ ...pulse.read(), place: pulse.place }).toMatchObject({ beats: 1, place: 'tick' });
  });
});
