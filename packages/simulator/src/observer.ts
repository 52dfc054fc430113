/** Is told what happens when. Times are simulated picoseconds. The simulator works the same without one. */
export interface Observer {
  /** Operations completed so far, on all threads: the run makes progress as long as it grows. */
  readonly operations: number;
  /** Per program: not 0 when `enter` and `leave` are wanted for its frames. */
  readonly framesOf: Uint8Array;
  /** A frame of a program begins or ends on a context. */
  enter(context: number, cpu: number, program: number, nowPs: number): void;
  leave(context: number, cpu: number, program: number, nowPs: number): void;
  /** A program announced the phase of the flush it runs. */
  phase(context: number, phase: number, nowPs: number): void;
  /** The CPU begins to leave its thread for an interrupt, has entered the handler, and comes back to the thread. */
  interrupted(cpu: number, thread: number, nowPs: number): void;
  entered(cpu: number, nowPs: number): void;
  returned(cpu: number, thread: number, nowPs: number): void;
  /** An IPI has left for a CPU. */
  sent(cpu: number, target: number, nowPs: number): void;
  /** A CPU has dropped a whole context from its TLB. */
  flushedAll(cpu: number, nowPs: number): void;
  /** A program op has taken effect. */
  executed(cpu: number, opcode: number): void;
}
