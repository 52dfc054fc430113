import { Action, DEVICE_OWNER, MACHINE_ACTIONS } from '@shootdown/core';
import { describe, expect, it } from 'vitest';
import { type Body, Lab } from './kit.js';
import { type Ack, around, flushVector, shootdown } from './protocols.js';

/** CPU 0 unmaps page 0 and gives its frame to a device; CPU 1 has cached the page and is in its handler by then. */
function handedToDevice(ack: Ack, owner = DEVICE_OWNER): Lab {
  const lab = new Lab();
  const vector = flushVector(lab, ack);
  const initiator: Body = function* (cpu) {
    yield* cpu.exchange(lab.leaf(0), 0);
    yield* around(cpu, 'unmap', shootdown(lab, vector, ack));
    yield* cpu.setFrameOwner(0, owner);
  };
  lab.thread('initiator', 0, initiator);
  lab.thread('target', 1, function* (cpu) {
    yield* cpu.waitUntil(lab.go, 'equal', 1);
  });
  lab.fill(1, 0);
  lab.run(0);
  lab.interrupt(1, vector);
  // Up to the acknowledgement: the early one stands before the invalidation, the late one after it.
  lab.step(1, ack === 'early' ? 2 : 3);
  lab.run(0);
  return lab;
}
const mayLoad = ({ machine }: Lab): boolean =>
  MACHINE_ACTIONS[Action.loadSpeculatively]?.enabled(machine, 1, 0) === true;

describe('C9 no speculative device load', () => {
  it('is violated by a load through an entry whose invalidation is still to come', () => {
    const lab = handedToDevice('early');
    lab.act(Action.loadSpeculatively, 1, 0);
    expect(lab.verdict).toEqual(['C9 speculated']);
  });

  it('holds when the entry is gone before the frame becomes a device’s', () => {
    expect(mayLoad(handedToDevice('late'))).toBe(false);
  });

  it('does not speak of memory that is no device’s', () => {
    expect(mayLoad(handedToDevice('early', -1))).toBe(false);
  });

  it('does not speak of a device that is mapped', () => {
    const lab = new Lab();
    lab.thread('driver', 1, function* (cpu) {
      yield* cpu.setFrameOwner(0, DEVICE_OWNER);
    });
    lab.fill(1, 0);
    lab.run(1);
    lab.act(Action.loadSpeculatively, 1, 0);
    expect(lab.verdict).toEqual([]);
  });
});
