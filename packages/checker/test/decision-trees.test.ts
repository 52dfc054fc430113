import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DecisionTrees, UNKNOWN } from '../src/remembered/decision-trees.js';
import { PairTable } from '../src/search/pair-table.js';

const QUESTIONS = 6;
/** The answers of a state to all questions. */
const state = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: QUESTIONS, maxLength: QUESTIONS });

/** Asks some questions, each one depending on the answers before, as a program does. */
function asked(answers: readonly number[]): readonly number[] {
  const questions = [0];
  let next = (answers[0] as number) + 1;
  while (next < QUESTIONS && !questions.includes(next)) {
    questions.push(next);
    next += 1 + (answers[next] as number);
  }
  return questions;
}

describe('decision trees', () => {
  it('lead to what was found under the same answers to what was asked, and to nothing else', () => {
    const property = fc.property(fc.array(state, { maxLength: 60 }), (states) => {
      const trees = new DecisionTrees();
      const known = new Map<string, number>();
      let root = UNKNOWN;
      for (const answers of states) {
        const questions = asked(answers);
        const key = questions.map((question) => `${question}:${answers[question]}`).join();
        const answering = { of: (question: number): number => answers[question] as number };
        const leaf = known.get(key);
        expect(trees.find(root, answering)).toBe(leaf === undefined ? UNKNOWN : ~leaf);
        if (leaf !== undefined) continue;
        known.set(key, known.size);
        root = trees.add(root, Int32Array.from([-1, ...questions]), 1, 1 + questions.length, answering, known.size - 1);
      }
    });
    fc.assert(property, { seed: 1, numRuns: 200 });
  });

  it('have a leaf for a root when nothing is asked', () => {
    const trees = new DecisionTrees();
    const root = trees.add(UNKNOWN, new Int32Array(0), 0, 0, { of: () => 0 }, 7);
    expect(trees.find(root, { of: () => 0 })).toBe(~7);
  });
});

describe('a table of pairs', () => {
  it('is a map', () => {
    const integer = fc.integer({ min: -50, max: 50 });
    const entries = fc.array(fc.tuple(integer, integer, fc.integer({ min: 1, max: 9 })), { maxLength: 600 });
    const property = fc.property(entries, (pairs) => {
      const table = new PairTable();
      const map = new Map<string, number>();
      for (const [first, second, value] of pairs) {
        expect(table.get(first, second)).toBe(map.get(`${first} ${second}`) ?? 0);
        table.set(first, second, value);
        map.set(`${first} ${second}`, value);
      }
      expect(table.count).toBe(map.size);
    });
    fc.assert(property, { seed: 1, numRuns: 100 });
  });
});
