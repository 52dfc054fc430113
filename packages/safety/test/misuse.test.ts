import type { Cpu, KernelCpu, Program } from '@shootdown/core';
import { describe, expect, it } from 'vitest';
import { CONTRACTS } from '../src/index.js';
import { type Body, Lab, MM } from './kit.js';
import { type Ack, flushVector, spinner, unmapper } from './protocols.js';

describe('misuse of marks', () => {
  const running =
    (body: Body, options: ConstructorParameters<typeof Lab>[0] = {}) =>
    (): void => {
      const lab = new Lab(options);
      lab.thread('t', 0, body);
      lab.run(0);
    };
  function* call(cpu: KernelCpu): Program {
    yield* cpu.markCover(MM, 0, 1);
    yield* cpu.markCall('unmap');
  }

  it.each<[string, Body, string, string]>([
    [
      'a return without a call',
      function* (cpu) {
        yield* cpu.markReturn();
      },
      'OP_NOT_ALLOWED',
      "'return' without a flush",
    ],
    [
      'a flush inside a flush',
      function* (cpu) {
        yield* call(cpu);
        yield* call(cpu);
      },
      'OP_NOT_ALLOWED',
      'do not nest',
    ],
    [
      'a page that does not exist',
      function* (cpu) {
        yield* cpu.markCover(MM, 1, 2);
      },
      'INVALID_OPERAND',
      'pages 1 … 2; pages are 0 … 1',
    ],
    [
      'an mm that does not exist',
      function* (cpu) {
        yield* cpu.markCover(5, 0, 1);
      },
      'INVALID_OPERAND',
      'mm 5',
    ],
  ])('refuses %s', (_what, body, code, message) => {
    const program: Body = function* (cpu) {
      yield* body(cpu);
    };
    expect(running(program)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) }));
  });

  it('refuses more ranges in one flush than it was given room for', () => {
    const body: Body = function* (cpu) {
      yield* cpu.markCover(MM, 1, 1);
      yield* cpu.markCover(MM, 0, 1);
    };
    const continued: Body = function* (cpu) {
      yield* cpu.markCover(MM, 0, 1);
      yield* cpu.markCover(MM, 1, 1);
    };
    expect(running(continued, { coversPerFlush: 1 })).not.toThrow();
    expect(running(body, { coversPerFlush: 1 })).toThrow(expect.objectContaining({ code: 'MONITOR_SLOTS' }));
    expect(running(body, { coversPerFlush: 2 })).not.toThrow();
  });

  it('refuses more flushes in flight than it has slots, naming the number and the cure', () => {
    const lab = new Lab({ flushes: 1 });
    lab.thread('a', 0, call);
    lab.thread('b', 1, call);
    lab.run(0);
    expect(() => lab.run(1)).toThrow(
      expect.objectContaining({
        code: 'MONITOR_SLOTS',
        message: expect.stringMatching(/while 1 are in flight.*Give them more/),
      }),
    );
  });

  it('has 30 slots at most', () => {
    for (const flushes of [0, 31, 1.5]) {
      expect(() => new Lab({ flushes })).toThrow(expect.objectContaining({ code: 'INVALID_OPTIONS' }));
    }
    expect(() => new Lab({ flushes: 30 })).not.toThrow();
  });

  it('refuses to watch a tlb_gen that lies in the memory of another CPU', () => {
    const lab = new Lab();
    const contexts = lab.boot.records('ctx', ['gen'], 2, { home: (cpu) => cpu });
    lab.monitor.watchGeneration({ word: contexts.gen(1), cpu: 1, pcids: [0] });
    expect(() => {
      lab.monitor.watchGeneration({ word: contexts.gen(1), cpu: 0, pcids: [0] });
    }).toThrow(
      expect.objectContaining({ code: 'INVALID_OPERAND', message: expect.stringContaining('in the memory of CPU 1') }),
    );
  });
});

describe('no names reach the monitor', () => {
  function run(ack: Ack, owner: string, name: string): { state: number[]; verdict: readonly string[] } {
    const lab = new Lab();
    lab.boot.owner = owner;
    const serve = lab.boot.program(`${name} flush`, function* (cpu: Cpu) {
      yield* cpu.invlpg(0);
      yield* cpu.exchange(lab.ack, 1);
    });
    lab.boot.owner = 'kernel';
    const vector = lab.vector(`${name} vector`, function* (cpu) {
      yield* cpu.endOfInterrupt();
      yield* cpu.call(serve);
    });
    lab.thread(name, 0, unmapper(lab, vector, ack));
    lab.thread(`${name} user`, 1, spinner(lab), true);
    lab.fill(1, 0);
    lab.run(0);
    lab.interrupt(1, vector);
    lab.run(1);
    lab.run(0);
    return { state: [...lab.machine.state], verdict: lab.verdict };
  }

  it.each(['none', 'late'] as const)('the same programs under other names give equal states (ack %s)', (ack) => {
    const one = run(ack, 'trusted-built-in', 'initiator');
    expect(run(ack, 'unknown', 'x')).toEqual(one);
    expect(one.verdict).toEqual(ack === 'none' ? ['C1 exposed'] : []);
  });
});

describe('the listener', () => {
  it('is told when a debt begins, becomes overdue and ends', () => {
    const seen: string[] = [];
    const lab: Lab = new Lab({
      listener: {
        debtChanged: (machine, cpu) =>
          void seen.push(`${cpu}:${lab.monitor.owesAny(machine, cpu)},${lab.monitor.isOverdue(machine, cpu)}`),
      },
    });
    const vector = flushVector(lab, 'none');
    lab.thread('initiator', 0, unmapper(lab, vector, 'none'));
    lab.thread('user', 1, spinner(lab), true);
    lab.run(0);
    lab.interrupt(1, vector);
    lab.run(1);
    expect(seen).toEqual(['0:true,false', '1:true,false', '0:false,false', '1:true,true', '1:false,false']);
  });
});

describe('CONTRACTS', () => {
  it('states every contract that a monitor, the machine or a driver reports', () => {
    expect(Object.keys(CONTRACTS)).toEqual(Array.from({ length: 10 }, (_, index) => `C${index + 1}`));
    for (const { title, statement, source } of Object.values(CONTRACTS)) {
      expect(title.length * statement.length * source.length).toBeGreaterThan(0);
    }
  });
});
