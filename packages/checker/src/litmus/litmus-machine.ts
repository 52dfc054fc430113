import { Boot, Machine, type MachineShape, type Program, type ProgramRef, type Vector } from '@shootdown/core';
import type { Memory } from '../cells/cell.js';
import type { MachineFactory } from '../explore.js';
import { compileInstruction, type Instruction, type InstructionContext } from './instruction.js';
import { LitmusLab, literal } from './lab.js';
import type { LitmusTest, LitmusThread } from './litmus-test.js';
import { litmusMonitor } from './registers.js';

/** The machine of every test but for what it states itself. */
const SHAPE: MachineShape = {
  cpuCount: 2,
  virtualPages: 2,
  levels: 2,
  levelBits: 1,
  tables: 4,
  frames: 3,
  asids: 1,
  pcid: false,
  pti: false,
  invpcid: true,
  storeBufferDepth: 4,
  clusterSize: 8,
  icrWriteDrainsStores: true,
};

/** Boots the machine of a test under a memory model. @throws ShootdownError INVALID_LITMUS */
export function litmusMachine(test: LitmusTest, memory: Memory): MachineFactory {
  return (options) => {
    const { boot, lab } = bootLab(test);
    for (const [name, value] of Object.entries(test.init ?? {}))
      boot.memory.initial(lab.location(name), literal(String(value)));
    const vector = interruptVector(boot, lab, test);
    addSystem(boot, { lab, vector }, test);
    test.threads.forEach((thread, cpu) => {
      addThread(boot, { lab, vector }, thread, cpu);
    });
    return new Machine(boot, {
      ...options,
      monitor: litmusMonitor(boot, test.flushes ?? 0),
      sequentiallyConsistent: memory === 'sc',
      nmiBudget: test.hardware?.nmis ?? 0,
    });
  };
}

/** Words of a test lie at the same places in every boot: the lab allocates first. */
export function bootLab(test: LitmusTest): { readonly boot: Boot; readonly lab: LitmusLab } {
  const { invlpgb = false, ...machine } = test.machine ?? {};
  const broadcast = invlpgb ? { broadcast: { outstanding: 2, pagesPerInvlpgb: 2, globalAsids: 0 } } : {};
  const boot = new Boot({ ...SHAPE, ...machine, ...broadcast, cpuCount: test.threads.length });
  return { boot, lab: new LitmusLab(boot, test.words ?? []) };
}

function interruptVector(boot: Boot, lab: LitmusLab, { interrupt }: LitmusTest): Vector | undefined {
  if (interrupt === undefined) return undefined;
  const body = compiled(interrupt, { lab, vector: undefined });
  return boot.vector(
    'interrupt',
    boot.program('interrupt', (cpu) => runAll(body, cpu)),
  );
}

function addSystem(boot: Boot, context: InstructionContext, { fault, nmi }: LitmusTest): void {
  const onFault = compiled(fault ?? [], context);
  const onNmi = compiled(nmi ?? [], context);
  const faultProgram = (): ProgramRef<[number, number, number]> =>
    boot.program('fault', (cpu, _page: number, _isStore: number, _fromUser: number) => runAll(onFault, cpu));
  boot.system = {
    ...(fault === undefined ? {} : { pageFault: faultProgram() }),
    ...(nmi === undefined ? {} : { nmi: boot.program('nmi', (cpu) => runAll(onNmi, cpu)) }),
  };
}

function addThread(boot: Boot, context: InstructionContext, thread: LitmusThread, cpu: number): void {
  const body = compiled(thread.program, context);
  const forever = thread.forever ?? false;
  const program: ProgramRef<[]> = boot.program(`P${cpu}`, function* (view): Program<number | void> {
    yield* runAll(body, view);
    if (forever) return yield* view.become(program);
  });
  boot.thread(`P${cpu}`, cpu, program, [], { user: thread.user ?? true, daemon: forever });
}

function compiled(lines: readonly string[], context: InstructionContext): readonly Instruction[] {
  return lines.map((line) => compileInstruction(line, context));
}

function* runAll(body: readonly Instruction[], cpu: Parameters<Instruction>[0]): Program {
  const locals: number[] = [];
  for (const instruction of body) yield* instruction(cpu, locals);
}
