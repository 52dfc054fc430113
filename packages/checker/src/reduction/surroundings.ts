import { Action, BufferField, CpuField, type Machine, Opcode, Operand, PROGRAM_OPS } from '@shootdown/core';
import { actionOf, cpuOf } from '../search/move.js';
import { isAboveUser } from './is-above-user.js';
import { type Looks, Side, type SideName, Whole, type WholeName } from './looks.js';

/** Ops that look at their CPU's own part only. `switchTo`, `preempt` and the like change threads of the CPU. */
const OWN_OPS: ReadonlySet<number> = new Set([
  Opcode.fence,
  Opcode.endOfInterrupt,
  Opcode.disableInterrupts,
  Opcode.enableInterrupts,
  Opcode.work,
  Opcode.choose,
  Opcode.phase,
  Opcode.enterKernel,
  Opcode.halt,
  Opcode.switchTo,
  Opcode.preempt,
]);
/** Ops after which walks of the CPU find something else, or it executes user code. */
const JUDGED_OPS: ReadonlySet<number> = new Set([
  Opcode.invlpg,
  Opcode.invpcid,
  Opcode.writeCr3,
  Opcode.returnToUser,
  Opcode.faultReturn,
  Opcode.resumePreempted,
]);
/** Ops by which monitors come to judge all CPUs. */
const MARKS: ReadonlySet<number> = new Set([Opcode.mark, Opcode.setFrameOwner, Opcode.setTableFreed]);

/**
 * Names what a move of a CPU looks at outside the CPU's own part of the state, before it does, and all that it may write there: what is
 * remembered of a move holds wherever all of that is the same. What is not known to look at less looks at everything that
 * `Monitor.readsBuffersOf` allows for.
 */
export class Surroundings {
  /** Told of each look; undefined: nobody asks. */
  listener: Looks | undefined;
  readonly #machine: Machine;
  /** The machine is one of whose moves less is known: all of them look at everything. */
  readonly #isOpaque: boolean;

  constructor(machine: Machine) {
    this.#machine = machine;
    this.#isOpaque = machine.isVirtual || machine.layout.broadcasts > 0 || !machine.saturated;
  }

  /** The moves of a CPU are about to be collected. */
  begin(): void {
    if (this.#isOpaque) this.#everything();
  }

  word(index: number): void {
    this.listener?.word(index);
  }
  whole(which: WholeName): void {
    this.listener?.whole(which);
  }
  arriving(cpu: number): void {
    this.listener?.arriving(cpu);
  }
  future(bit: number): void {
    this.listener?.future(bit);
  }

  ownFrames(): void {
    this.listener?.ownFrames();
  }

  /** The owner of a hand-off record. */
  owner(group: number): void {
    this.word(this.#machine.layout.groupOwner + group);
  }

  nmis(): void {
    if (this.#machine.boot.system.nmi !== undefined) this.word(this.#machine.layout.nmiBudget);
  }

  probes(): void {
    if (this.#machine.boot.system.probe !== undefined) this.word(this.#machine.layout.probeBudget);
  }

  ticks(): void {
    if (this.#machine.boot.system.maximumTickSkew !== undefined) this.whole(Whole.ticks);
  }

  /** The monitor's own words. */
  judged(): void {
    this.whole(Whole.judged);
  }

  /** What walks find in memory. */
  walks(): void {
    this.whole(Whole.tables);
    this.whole(Whole.freed);
  }

  #sides(cpu: number, ...sides: readonly SideName[]): void {
    for (let other = 0; other < this.#machine.layout.cpuCount; other++)
      if (other !== cpu) for (const which of sides) this.listener?.side(other, which);
  }

  /** Whether, and in how many ways, the pending op of the CPU can be executed. */
  pending(cpu: number): void {
    if (this.listener === undefined) return;
    const base = this.#machine.pending(cpu);
    if (base < 0) return;
    const { operands } = this.#machine.runner;
    switch (PROGRAM_OPS[operands[base] as number]?.footprint) {
      case 'wait':
      case 'waitLocked':
        this.#awaited(base);
        break;
      case 'user':
        this.walks();
        break;
      default:
    }
  }

  /** An elementary move is about to be made. */
  move(move: number): void {
    if (this.listener === undefined) return;
    const action = actionOf(move);
    if (action >= 0) this.#action(cpuOf(move), action);
    else this.#op(cpuOf(move), this.#machine.pending(cpuOf(move)));
  }

  #action(cpu: number, action: number): void {
    switch (action) {
      case Action.drain:
        this.#drain(cpu);
        break;
      case Action.takeInterrupt:
      case Action.tick:
        this.ticks();
        break;
      case Action.takeNmi:
        this.nmis();
        break;
      case Action.hitProbe:
        this.probes();
        break;
      case Action.deliver:
        break;
      case Action.walkWhole:
        this.#everyTranslation(cpu);
        break;
      case Action.startWalk:
      case Action.stepWalk:
      case Action.fill:
      case Action.evict:
      case Action.evictPagingStructure:
      case Action.loadSpeculatively:
        this.#monitored();
        break;
      default:
        this.#anything(cpu);
    }
  }

  #drain(cpu: number): void {
    const { state, layout } = this.#machine;
    const oldest = layout.cpu(cpu) + CpuField.buffer;
    this.#written(cpu, state[oldest + BufferField.word] as number, state[oldest + BufferField.group] as number);
    if (state[oldest + BufferField.marks] !== 0) this.#monitored();
  }

  #op(cpu: number, base: number): void {
    const { operands } = this.#machine.runner;
    const word = operands[base + Operand.a] as number;
    const group = operands[base + Operand.group] as number;
    switch (PROGRAM_OPS[operands[base] as number]?.footprint) {
      case 'load':
        this.#read(word);
        break;
      case 'wait':
        this.#awaited(base);
        break;
      case 'locked':
      case 'waitLocked':
        this.#read(word);
        this.#written(cpu, word, group);
        break;
      case 'store':
        this.#guarded(word);
        if (this.#machine.sequentiallyConsistent) this.#written(cpu, word, group);
        break;
      case 'mask':
        for (let each = 0; each < Math.ceil(this.#machine.layout.cpuCount / 32); each++) this.#read(word + each);
        if (operands[base] === Opcode.sendIpiMask) this.#sides(cpu, Side.apic);
        break;
      case 'user':
        this.#access(cpu, base);
        break;
      default:
        this.#system(cpu, operands[base] as number);
    }
  }

  #access(cpu: number, base: number): void {
    const { operands } = this.#machine.runner;
    this.#monitored();
    if (operands[base] === Opcode.userStore) this.#everyTranslation(cpu);
    if (operands[base] === Opcode.userLoad && operands[base + Operand.b] !== 0) this.whole(Whole.frames);
  }

  #system(cpu: number, opcode: number): void {
    if (OWN_OPS.has(opcode)) return;
    if (JUDGED_OPS.has(opcode)) this.#monitored();
    else if (opcode === Opcode.finished) this.#finished(cpu);
    else if (opcode === Opcode.sendIpi) this.#sides(cpu, Side.apic);
    else if (MARKS.has(opcode)) this.#marked(cpu);
    else this.#anything(cpu);
  }

  /** Monitors judge a CPU that comes to execute user code. */
  #finished(cpu: number): void {
    this.ticks();
    const context = this.#machine.top(cpu);
    if (context >= this.#machine.layout.threadCount && isAboveUser(this.#machine, cpu, context)) this.#monitored();
  }

  /** Saturated walkers of all CPUs see what is written into a page table. */
  #everyTranslation(cpu: number): void {
    this.#monitored();
    this.walks();
    if (this.#machine.saturated) this.#sides(cpu, Side.translations);
  }

  /** What monitors may look at: see `Monitor.readsBuffersOf`. */
  #monitored(): void {
    this.whole(Whole.judged);
    this.whole(Whole.watched);
    this.whole(Whole.buffers);
  }

  #awaited(base: number): void {
    const { lists, runner } = this.#machine;
    const operand = runner.operands[base + Operand.a] as number;
    if (runner.operands[base] !== Opcode.waitAny) this.#read(operand);
    else for (const word of lists.list(operand)) this.#read(word);
  }

  #read(word: number): void {
    this.word(word);
    this.#guarded(word);
  }

  #guarded(word: number): void {
    const { guard } = this.#machine;
    if (guard.isPayload(word)) this.owner(guard.groupOf(word));
  }

  /** A store to the word becomes visible, and passes on the record `group` - 1. */
  #written(cpu: number, word: number, group: number): void {
    const { guard } = this.#machine;
    if (group !== 0) this.owner(group - 1);
    if (this.#machine.isTableWord(word)) this.#everyTranslation(cpu);
    if (!guard.isWatched(word)) return;
    this.#monitored();
    const home = guard.home(word);
    if (home !== cpu) this.listener?.side(home, Side.translations);
  }

  #marked(cpu: number): void {
    this.#monitored();
    this.whole(Whole.freed);
    this.#sides(cpu, Side.translations, Side.stores);
  }

  #anything(cpu: number): void {
    this.#everything();
    this.#sides(cpu, ...Object.values(Side));
  }

  #everything(): void {
    this.whole(Whole.memory);
    this.whole(Whole.globals);
    this.whole(Whole.buffers);
  }
}
