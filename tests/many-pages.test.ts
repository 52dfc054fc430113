import { Boot, Machine } from '@shootdown/core';
import type { ResultDocument } from '@shootdown/reporter';
import { describe, expect, it } from 'vitest';
import { commandLine } from './kit/command-line.js';

describe('many pages', () => {
  it('map without getting into each other’s way: sync stays clean', async () => {
    const size = ['--pages', '100,4200', '--threads', '2', '--iterations', '2'];
    const { exitCode, stdout } = await commandLine(['compare', '--strategy', 'sync', ...size, '--format', 'json']);
    const { rows } = JSON.parse(stdout) as ResultDocument;
    expect(rows.map(({ pages, safety }) => [pages, safety?.verdict])).toEqual([
      [100, 'clean'],
      [4200, 'clean'],
    ]);
    expect(exitCode).toBe(0);
  });

  it('are refused where a TLB entry could not name their frames', () => {
    const boot = new Boot({
      cpuCount: 1,
      virtualPages: 1,
      levels: 2,
      levelBits: 1,
      tables: 3,
      frames: 2 ** 16 + 1,
      asids: 1,
      pcid: false,
      pti: false,
      invpcid: false,
      storeBufferDepth: 1,
      clusterSize: 8,
      icrWriteDrainsStores: true,
    });
    expect(() => new Machine(boot)).toThrow(expect.objectContaining({ code: 'INVALID_OPERAND' }));
  });
});
