import {
  Access,
  Action,
  BufferField,
  chooseOutcome,
  CpuField,
  type Machine,
  type Onlooker,
  Opcode,
  Operand,
  PROGRAM_OPS,
} from '@shootdown/core';
import { actionOf, choiceOf, cpuOf } from '../search/move.js';
import { isPage } from '../search/ways.js';
import { isAboveUser } from './is-above-user.js';
import { type Looks, Side, Whole, type WholeName } from './looks.js';

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
/** Ops after which walks of the CPU find something else. */
const WALKED_OPS: ReadonlySet<number> = new Set([Opcode.invlpg, Opcode.invpcid, Opcode.writeCr3]);
/** Ops after which the CPU may execute user code. */
const JUDGED_OPS: ReadonlySet<number> = new Set([Opcode.returnToUser, Opcode.faultReturn, Opcode.resumePreempted]);

/**
 * Names what a move of a CPU looks at outside the CPU's own part of the state, before it does, and all that it may write there: what is
 * remembered of a move holds wherever all of that is the same. What monitors look at they say themselves (`Lookout`). What is not known to look at
 * less looks at everything.
 */
export class Surroundings implements Onlooker {
  /** Told of each look; undefined: nobody asks. */
  listener: Looks | undefined;
  readonly #machine: Machine;
  /** The machine is one of whose moves less is known: all of them look at everything. */
  readonly #isOpaque: boolean;
  /** The CPU whose move is about to be made. */
  #mover = 0;

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

  tables(): void {
    this.whole(Whole.tables);
  }
  hidden(): void {
    this.whole(Whole.hidden);
  }
  common(): void {
    this.whole(Whole.common);
  }
  translations(cpu: number): void {
    this.listener?.side(cpu, Side.translations);
  }
  /** A virtual CPU that is away executes nothing. */
  mode(cpu: number): void {
    this.listener?.side(cpu, Side.mode);
    if (this.#machine.isVirtual) this.translations(cpu);
  }
  stores(cpu: number): void {
    this.listener?.side(cpu, Side.stores);
  }
  judged(cpu: number): void {
    this.listener?.side(cpu, Side.judged);
  }

  /** What walks find in memory. */
  walks(): void {
    this.whole(Whole.tables);
    this.whole(Whole.freed);
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
    this.#mover = cpuOf(move);
    if (action >= 0) this.#action(action);
    else this.#op(this.#machine.pending(this.#mover), choiceOf(move));
  }

  #action(action: number): void {
    switch (action) {
      case Action.drain:
        this.#drain();
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
      case Action.walkWhole:
        this.#everyWalk();
        break;
      case Action.startWalk:
      case Action.stepWalk:
      case Action.fill:
        this.#ownWalks();
        break;
      case Action.deliver:
      case Action.evict:
      case Action.evictPagingStructure:
      case Action.loadSpeculatively:
        break;
      default:
        this.#anything();
    }
  }

  #drain(): void {
    const { state, layout } = this.#machine;
    const oldest = layout.cpu(this.#mover) + CpuField.buffer;
    this.#written(state[oldest + BufferField.word] as number, state[oldest + BufferField.group] as number);
  }

  #op(base: number, choice: number): void {
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
        this.#written(word, group);
        break;
      case 'store':
        this.#guarded(word);
        if (this.#machine.sequentiallyConsistent) this.#written(word, group);
        break;
      case 'mask':
        for (let each = 0; each < Math.ceil(this.#machine.layout.cpuCount / 32); each++) this.#read(word + each);
        if (operands[base] === Opcode.sendIpiMask) this.#apics();
        break;
      case 'user':
        this.#access(base, choice);
        break;
      default:
        this.#system(base, operands[base] as number);
    }
  }

  /** Which way it goes a load finds out of its CPU's translations, unless it is the last one, a fault; a store, or a walk that D is set by, looks at page tables. */
  #access(base: number, choice: number): void {
    const machine = this.#machine;
    const { operands } = machine.runner;
    const isStore = operands[base] === Opcode.userStore;
    const page = operands[base + Operand.a] as number;
    if (isStore || !machine.saturated) this.walks();
    if (isPage(machine, page)) chooseOutcome(machine, this.#mover, page, isStore, choice);
    if (!isPage(machine, page) || machine.outcome.kind === Access.fault) this.#ownWalks();
    else this.#used(base, isStore);
  }

  #used(base: number, isStore: boolean): void {
    const { outcome, monitor, runner } = this.#machine;
    if (outcome.kind === Access.assist) this.#everyWalk();
    monitor.lookout.exposed(this.#machine, this.#mover, this);
    monitor.lookout.access(this.#machine, this.#mover, this);
    if (!isStore && runner.operands[base + Operand.b] !== 0) this.whole(Whole.frames);
  }

  #system(base: number, opcode: number): void {
    if (OWN_OPS.has(opcode)) return;
    const machine = this.#machine;
    const { lookout } = machine.monitor;
    if (WALKED_OPS.has(opcode)) this.#ownWalks();
    else if (JUDGED_OPS.has(opcode)) lookout.exposed(machine, this.#mover, this);
    else this.#systemBesides(base, opcode);
  }

  #systemBesides(base: number, opcode: number): void {
    switch (opcode) {
      case Opcode.finished:
        this.#finished();
        break;
      case Opcode.sendIpi:
        this.#apics();
        break;
      case Opcode.mark:
        this.#marked(base);
        break;
      case Opcode.setFrameOwner:
        this.#frameGiven(base);
        break;
      case Opcode.setTableFreed:
        this.#everyWalk();
        break;
      default:
        this.#anything();
    }
  }

  #marked(base: number): void {
    const { runner, monitor } = this.#machine;
    const [mark, a, b] = [Operand.a, Operand.b, Operand.c].map((operand) => runner.operands[base + operand] as number);
    monitor.lookout.mark(this.#machine, this.#mover, mark as number, a as number, b as number, this);
  }

  #frameGiven(base: number): void {
    const { runner, monitor, layout } = this.#machine;
    const frame = runner.operands[base + Operand.a] as number;
    this.word(layout.frameOwner + frame);
    const owner = runner.operands[base + Operand.b] as number;
    monitor.lookout.frameGiven(this.#machine, this.#mover, frame, owner, this);
  }

  /** Monitors judge a CPU that comes to execute user code, which a virtual one does behind its host's programs. */
  #finished(): void {
    this.ticks();
    const machine = this.#machine;
    if (machine.isVirtual) this.#ownWalks();
    const context = machine.top(this.#mover);
    if (machine.isVirtual || (context >= machine.layout.threadCount && isAboveUser(machine, this.#mover, context)))
      machine.monitor.lookout.exposed(machine, this.#mover, this);
  }

  /** The CPU's own walks come to find something else. */
  #ownWalks(): void {
    this.walks();
    this.#machine.monitor.lookout.walks(this.#machine, this.#mover, this);
  }

  /** Saturated walkers of all CPUs see what is written into a page table. */
  #everyWalk(): void {
    const { saturated, layout, monitor } = this.#machine;
    this.walks();
    for (let cpu = 0; cpu < layout.cpuCount; cpu++) {
      if (!saturated && cpu !== this.#mover) continue;
      this.translations(cpu);
      this.judged(cpu);
      monitor.lookout.walks(this.#machine, cpu, this);
    }
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
  #written(word: number, group: number): void {
    const { guard, monitor } = this.#machine;
    if (group !== 0) this.owner(group - 1);
    if (this.#machine.isTableWord(word)) this.#everyWalk();
    if (guard.isWatched(word)) monitor.lookout.watched(this.#machine, this.#mover, word, this);
  }

  #apics(): void {
    for (let cpu = 0; cpu < this.#machine.layout.cpuCount; cpu++) this.listener?.side(cpu, Side.apic);
  }

  #anything(): void {
    this.#everything();
    for (let cpu = 0; cpu < this.#machine.layout.cpuCount; cpu++)
      for (const which of Object.values(Side)) this.listener?.side(cpu, which);
  }

  #everything(): void {
    this.whole(Whole.memory);
    this.whole(Whole.globals);
    this.whole(Whole.hidden);
  }
}
