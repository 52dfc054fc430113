import {
  Access,
  accessKind,
  Action,
  BufferField,
  CpuField,
  entryFrame,
  FIRST_ACTION,
  isForwarded,
  isValidEntry,
  leafWord,
  type Machine,
  nextTarget,
  Opcode,
  Operand,
  PROGRAM_OPS,
  replayMove,
  type Schedule,
  translation,
  walkWord,
} from '@shootdown/core';

/**
 * What a move reads and writes, as far as it can matter to a move of another engine. A memory word stands for itself; of the rest of the
 * state one word stands for all that belongs together (see `Places`).
 */
export interface Touches {
  readonly reads: ReadonlySet<number>;
  readonly writes: ReadonlySet<number>;
  /** Words whose values it gets from the store buffer of its CPU, not from memory. */
  readonly forwarded: ReadonlySet<number>;
}

/** Ops that touch memory and their own program's registers, and nothing that hardware or monitors look at. */
const PLAIN: ReadonlySet<number> = new Set([
  Opcode.fence,
  Opcode.work,
  Opcode.choose,
  Opcode.phase,
  Opcode.halt,
  Opcode.disableInterrupts,
  Opcode.enableInterrupts,
]);

/** Ops after which monitors judge other CPUs differently. */
const JUDGING: ReadonlySet<number> = new Set([Opcode.mark, Opcode.setFrameOwner, Opcode.setTableFreed]);

/** Makes a move of a schedule, whose turn it is, and tells what it has touched. Of memory the machine itself says what was written. */
export function touchedBy(machine: Machine, schedule: Schedule, index: number): Touches {
  const noted = new Noting(machine, schedule.cpu(index));
  const move = schedule.move(index);
  if (move < FIRST_ACTION) noted.op();
  else noted.action(move - FIRST_ACTION, schedule.choice(index));
  machine.writes.clear();
  replayMove(machine, schedule, index);
  noted.written();
  return noted;
}

/** Which word stands for a part of the state that is no memory. */
class Places {
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** Walk in flight, TLB, paging-structure cache, CR3 and mode of a CPU. */
  mmu(cpu: number): number {
    return this.#machine.layout.cpu(cpu) + CpuField.walkPage;
  }
  /** Stores that were made through the MMU and have not drained. */
  userStores(cpu: number): number {
    return this.#machine.layout.cpu(cpu) + CpuField.buffer;
  }
  requests(cpu: number): number {
    return this.#machine.layout.cpu(cpu) + CpuField.irr;
  }
  inFlight(cpu: number, vector: number): number {
    return this.#machine.layout.cpu(cpu) + this.#machine.layout.inFlight + vector;
  }
  /** INVLPGBs of a CPU that are under way. */
  broadcasts(cpu: number): number {
    return this.#machine.layout.cpu(cpu) + this.#machine.layout.broadcast;
  }
  owner(group: number): number {
    return this.#machine.layout.groupOwner + group;
  }
  /** Flushes in flight and what is judged by them: the monitor's own words, and the marks it puts on translations, walks and stores. */
  get judgement(): number {
    return this.#machine.layout.size;
  }
  /** Which CPU is how many ticks ahead. */
  get ticks(): number {
    return this.#machine.layout.size + 1;
  }
}

class Noting implements Touches {
  readonly reads: Set<number> = new Set<number>();
  readonly writes: Set<number> = new Set<number>();
  readonly forwarded: Set<number> = new Set<number>();
  readonly #machine: Machine;
  readonly #cpu: number;
  readonly #places: Places;

  constructor(machine: Machine, cpu: number) {
    this.#machine = machine;
    this.#cpu = cpu;
    this.#places = new Places(machine);
  }

  /** The op that is pending on the CPU. */
  op(): void {
    const base = this.#machine.pending(this.#cpu);
    if (base < 0) return;
    const opcode = this.#operand(base, 0);
    switch (PROGRAM_OPS[opcode]?.footprint) {
      case 'load':
        this.#read(this.#operand(base, Operand.a));
        break;
      case 'store':
        this.#store(base);
        break;
      case 'locked':
      case 'waitLocked':
        this.#locked(base);
        break;
      case 'wait':
        this.#wait(base, opcode);
        break;
      case 'mask':
        this.#mask(base, opcode);
        break;
      case 'user':
        this.#user(base, opcode);
        break;
      default:
        if (!PLAIN.has(opcode)) this.#system(base, opcode);
    }
  }

  action(action: number, choice: number): void {
    const places = this.#places;
    if (action === Action.drain) this.#drain();
    else if (action === Action.deliver) {
      this.writes.add(places.inFlight(this.#cpu, choice)).add(places.requests(this.#cpu));
    } else if (action === Action.tick) {
      this.writes.add(places.requests(this.#cpu));
      this.#ticks();
    } else if (action === Action.finishBroadcast) this.#finishBroadcast(choice);
    else this.#byHardware(action);
  }

  /** After the move: the words of memory that it has written. */
  written(): void {
    const { writes } = this.#machine;
    for (let i = 0; i < writes.count; i++) this.#wrote(writes.words[i] as number);
  }

  /** Marks are put by what the page tables say, and C10 is judged when a watched word is written. */
  #wrote(word: number): void {
    this.writes.add(word);
    if (this.#machine.isTableWord(word) || this.#machine.guard.isWatched(word)) this.reads.add(this.#places.judgement);
  }

  /** The contents of a hand-off record may be touched by its owner only: that is read too. */
  #read(word: number): void {
    if (isForwarded(this.#machine, this.#cpu, word)) this.forwarded.add(word);
    else this.reads.add(word);
    this.#checkOwner(word);
  }

  #checkOwner(word: number): void {
    const { guard } = this.#machine;
    if (guard.isPayload(word)) this.reads.add(this.#places.owner(guard.groupOf(word)));
  }

  /** It is visible to its own CPU only, but for the monitor: whoever begins a flush is taken at his own view of the page table. */
  #store(base: number): void {
    const word = this.#operand(base, Operand.a);
    this.#checkOwner(word);
    if (this.#machine.isTableWord(word)) this.#wrote(word);
    if (this.#machine.sequentiallyConsistent) this.#passOn(this.#operand(base, Operand.group));
  }

  #locked(base: number): void {
    this.#read(this.#operand(base, Operand.a));
    this.#passOn(this.#operand(base, Operand.group));
  }

  /** A hand-off record gets a new owner; 0 is none. */
  #passOn(group: number): void {
    if (group !== 0) this.writes.add(this.#places.owner(group - 1));
  }

  #wait(base: number, opcode: number): void {
    const first = this.#operand(base, Operand.a);
    for (const word of opcode === Opcode.waitAny ? this.#machine.lists.list(first) : [first]) this.#read(word);
  }

  /** Sends commute with each other: what is in flight is counted. */
  #mask(base: number, opcode: number): void {
    const machine = this.#machine;
    const first = this.#operand(base, Operand.a);
    for (let word = first; word < first + Math.ceil(machine.layout.cpuCount / 32); word++) this.#read(word);
    if (opcode !== Opcode.sendIpiMask) return;
    const vector = this.#operand(base, Operand.b);
    for (
      let target = nextTarget(machine, this.#cpu, base, -1);
      target >= 0;
      target = nextTarget(machine, this.#cpu, base, target)
    )
      this.reads.add(this.#places.inFlight(target, vector));
  }

  #user(base: number, opcode: number): void {
    const machine = this.#machine;
    const page = this.#operand(base, Operand.a);
    const isStore = opcode === Opcode.userStore;
    const kind = accessKind(machine, this.#cpu, page, isStore);
    this.#judged();
    if (isStore) this.writes.add(this.#places.userStores(this.#cpu));
    if (kind === Access.assist) this.reads.add(leafWord(machine, this.#cpu, page));
    else if (kind === Access.fault) this.#tables();
    const entry = machine.state[translation(machine, this.#cpu, page)] as number;
    if (!isStore && kind === Access.hit && isValidEntry(entry)) this.reads.add(machine.frameWord(entryFrame(entry)));
  }

  /** A fault may be found at any level. */
  #tables(): void {
    const { tableBase, shape } = this.#machine;
    for (let word = tableBase; word < tableBase + (shape.tables << shape.levelBits); word++) this.reads.add(word);
  }

  /** The CPU's translations or its mode are used or changed, which is judged by the flushes in flight. */
  #judged(): void {
    this.writes.add(this.#places.mmu(this.#cpu));
    this.reads.add(this.#places.judgement);
  }

  /** Ticks are counted where CPUs may not be many of them apart. */
  #ticks(): void {
    if (this.#machine.boot.system.maximumTickSkew !== undefined) this.writes.add(this.#places.ticks);
  }

  #system(base: number, opcode: number): void {
    const places = this.#places;
    if (opcode === Opcode.sendIpi) {
      this.reads.add(places.inFlight(this.#operand(base, Operand.a), this.#operand(base, Operand.b)));
      return;
    }
    if (opcode === Opcode.endOfInterrupt) {
      this.writes.add(places.requests(this.#cpu));
      return;
    }
    this.#judged();
    if (JUDGING.has(opcode)) this.writes.add(places.judgement);
    if (opcode === Opcode.invlpgb || opcode === Opcode.tlbsync) this.writes.add(places.broadcasts(this.#cpu));
    if (opcode === Opcode.finished) this.#ticks();
  }

  #drain(): void {
    const { state, layout } = this.#machine;
    const first = layout.cpu(this.#cpu) + CpuField.buffer;
    this.#passOn(state[first + BufferField.group] as number);
    if (state[first + BufferField.via] === 0) return;
    this.reads.add(this.#places.judgement);
    this.writes.add(this.#places.userStores(this.#cpu));
  }

  /** CPUs finish in any order; the issuer waits for all of them. */
  #finishBroadcast(choice: number): void {
    this.#judged();
    this.reads.add(this.#places.userStores(this.#cpu));
    this.reads.add(this.#places.broadcasts(Math.floor(choice / this.#machine.layout.broadcasts)));
  }

  #byHardware(action: number): void {
    const { layout } = this.#machine;
    this.#judged();
    if (action === Action.stepWalk) this.reads.add(walkWord(this.#machine, this.#cpu));
    if (action === Action.takeInterrupt) {
      this.writes.add(this.#places.requests(this.#cpu));
      this.#ticks();
    }
    if (action === Action.takeNmi) this.writes.add(layout.nmiBudget);
    if (action === Action.hitProbe) this.writes.add(layout.probeBudget);
    if (action === Action.deschedule) this.writes.add(layout.preemptions);
  }

  #operand(base: number, offset: number): number {
    return this.#machine.runner.operands[base + offset] as number;
  }
}
