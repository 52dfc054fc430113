import {
  type Cost,
  type CostTable,
  cyclesToPs,
  type Machine,
  Opcode,
  OPCODE_NAMES,
  Operand,
  PROGRAM_OPS,
} from '@shootdown/core';

/** The machine's own durations of the program ops, in picoseconds: what an op takes besides what memory adds. */
export class OpPrices {
  readonly #costs: CostTable;
  readonly #isXapic: boolean;
  /** Duration by opcode; -1 where it depends on operands. */
  readonly #fixedPs: Float64Array;

  constructor(costs: CostTable, isXapic: boolean) {
    this.#costs = costs;
    this.#isXapic = isXapic;
    this.#fixedPs = Float64Array.from(OPCODE_NAMES, (_, opcode) => this.#fixed(opcode));
  }

  /** How long the pending op at `base` of the runner's operands takes. */
  durationPs(machine: Machine, base: number, opcode: number): number {
    const fixedPs = this.#fixedPs[opcode] as number;
    if (fixedPs >= 0) return fixedPs;
    if (opcode === Opcode.work) return cyclesToPs(this.#costs, machine.runner.operands[base + Operand.a] as number);
    return this.#price(PROGRAM_OPS[opcode]?.cost(machine, base) ?? 'free');
  }

  /** An op whose cost does not depend on operands takes no parameters to tell it. */
  #fixed(opcode: number): number {
    const op = PROGRAM_OPS[opcode];
    if (op === undefined || op.cost.length > 0 || opcode === Opcode.work) return -1;
    return this.#price((op.cost as () => Cost)());
  }

  #price(cost: Cost): number {
    const costs = this.#costs;
    switch (cost) {
      case 'fence':
        return costs.fencePs;
      case 'invlpg':
        return costs.invlpgPs;
      case 'invpcidPage':
        return costs.invpcidSinglePs;
      case 'invpcidContext':
        return costs.invpcidContextPs;
      case 'invlpgb':
        return costs.invlpgbPs;
      case 'tlbsync':
        return costs.tlbsyncPs;
      case 'cr3Flush':
        return costs.cr3WriteFlushPs;
      case 'cr3Keep':
        return costs.cr3WriteKeepPs;
      case 'icrWrite':
        return costs.icrWritePs + (this.#isXapic ? costs.icrPreparePs : 0);
      case 'eoi':
        return costs.eoiPs;
      case 'interruptFlag':
        return costs.interruptFlagPs;
      case 'syscallEntry':
        return costs.syscallEntryPs;
      case 'syscallExit':
        return costs.syscallExitPs;
      case 'faultReturn':
        return costs.faultReturnPs;
      case 'interruptReturn':
        return costs.interruptReturnPs;
      default:
        return 0;
    }
  }
}
