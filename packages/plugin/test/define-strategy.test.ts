import { defineStrategy, type Hooks, type Strategy, STRATEGY_BRAND } from '@shootdown/plugin';
import { describe, expect, it } from 'vitest';
import asyncInline from './skeletons/async-inline.js';
import broadcast from './skeletons/broadcast.js';
import concurrent from './skeletons/concurrent.js';
import earlyAck from './skeletons/early-ack.js';
import latr from './skeletons/latr.js';
import message from './skeletons/message.js';
import oneByOne from './skeletons/one-by-one.js';
import scoreboard from './skeletons/scoreboard.js';
import { noOptions } from './skeletons/shared-schema.js';
import sync from './skeletons/sync.js';

const skeletons: readonly Strategy[] = [
  sync,
  concurrent,
  asyncInline,
  broadcast,
  scoreboard,
  latr,
  message,
  earlyAck,
  oneByOne,
];

function definition() {
  const create = (): Hooks => ({ *flush() {} });
  return {
    apiVersion: 1 as const,
    name: 'nothing',
    title: 'Nothing',
    summary: 'Flushes nothing.',
    references: [],
    optionsSchema: noOptions,
    create,
  };
}

describe('defineStrategy', () => {
  it('returns the object it was given', () => {
    const given = definition();
    expect(defineStrategy(given)).toBe(given);
  });

  it('brands it so that any copy of the package recognises it, with the contract version', () => {
    const strategy: object = defineStrategy(definition());
    expect(Reflect.get(strategy, Symbol.for('@shootdown/plugin/strategy'))).toBe(1);
    expect(STRATEGY_BRAND).toBe(Symbol.for('@shootdown/plugin/strategy'));
  });

  it('adds nothing that a manifest check or JSON would see', () => {
    const keys = Object.keys(definition());
    expect(Object.keys(defineStrategy(definition()))).toEqual(keys);
  });

  it('cannot brand a frozen object', () => {
    const frozen = Object.freeze(definition());
    expect(() => defineStrategy(frozen)).toThrow(TypeError);
  });

  it('holds strategies with different options in one list', () => {
    expect(new Set(skeletons.map(({ name }) => name)).size).toBe(skeletons.length);
    expect(skeletons.map((strategy) => strategy[STRATEGY_BRAND])).toEqual(skeletons.map(() => 1));
  });
});
