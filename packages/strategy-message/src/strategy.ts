import { defineStrategy, type Cpu, type Env, type Hooks, type Program, type Strategy } from '@shootdown/plugin';
import { type Message, type MessageSteps, messageSteps } from './steps.js';

const optionsSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    wake: {
      enum: ['ipi', 'tick'],
      default: 'ipi',
      description:
        'How a CPU that runs a user thread comes to its monitor: `ipi`: by a reschedule interrupt; `tick`: at its next timer tick, so no IPI is ever sent.',
    },
  },
} as const;

/**
 * A monitor thread on every CPU, a channel in shared memory for every pair. The initiator writes its request into the channels, flushes
 * and goes on when every monitor has replied. CPUs that wait or are idle look at their channels themselves; others are rescheduled.
 */
export const message: Strategy = messageWith({});

/** The strategy with some of its steps replaced. */
export function messageWith(replaced: Partial<MessageSteps>): Strategy {
  const steps = { ...messageSteps, ...replaced };
  return defineStrategy({
    apiVersion: 1,
    name: 'message',
    title: 'Messages (Barrelfish)',
    summary: 'A monitor thread on every CPU takes requests from channels in shared memory, flushes and replies.',
    references: [
      'Baumann et al., The Multikernel: A new OS architecture for scalable multicore systems, SOSP 2009, section 5.1',
      'Linux 5.4 kernel/sched/core.c, resched_curr and set_nr_and_not_polling; kernel/smpboot.c, smpboot_thread_fn',
    ],
    optionsSchema,
    create(env, { wake }) {
      const strategy = messageOf(env, steps, wake === 'ipi');
      return { ...hooksOf(strategy), ...(wake === 'ipi' ? { handlers: { reschedule: nothing } } : { tick: nothing }) };
    },
  });
}

/** `smp_reschedule_interrupt` does nothing: the scheduler looks at the end of every interrupt, a tick's among them. */
function* nothing(): Program {}

function hooksOf(message: Message): Hooks {
  const { steps, bell, attentive, programs } = message;
  function* listen(cpu: Cpu): Program {
    yield* cpu.store(attentive(cpu.id), 1);
  }
  return {
    *flush(cpu, request) {
      yield* steps.flush(message, cpu, request);
    },
    enterIdle: listen,
    *leaveIdle(cpu) {
      yield* steps.turnAway(message, cpu);
    },
    threads: {
      monitor: {
        wake: bell,
        *run(cpu) {
          yield* listen(cpu);
          yield* cpu.call(programs.serve);
          yield* steps.turnAway(message, cpu);
        },
      },
    },
  };
}

/** What a CPU has seen lies on lines of its own. */
const WORDS_PER_LINE = 8;

function messageOf(env: Env, steps: MessageSteps, sendsIpis: boolean): Message {
  const { cpuCount, records, program, vector } = env;
  const channel = (from: number, to: number): number => from * cpuCount + to;
  const pairs = cpuCount ** 2;
  const replies = records('reply', ['done'], pairs, { home: (index) => Math.floor(index / cpuCount) });
  const row = Math.ceil(cpuCount / WORDS_PER_LINE) * WORDS_PER_LINE;
  const seen = records('seen', ['turn'], cpuCount * row, {
    home: (index) => Math.floor(index / row),
    stride: 1,
    wordClass: 'cpu',
  });
  const monitors = records('monitor', ['bell', 'attentive'], cpuCount, { home: (cpu) => cpu });
  const message: Message = {
    env,
    steps,
    channel,
    requests: records('request', ['turn', 'mm', 'firstPage', 'pageCount', 'generation'], pairs, {
      home: (index) => index % cpuCount,
    }),
    done: (from, to) => replies.done(channel(from, to)),
    seen: (cpu, from) => seen.turn(cpu * row + from),
    bell: monitors.bell,
    attentive: monitors.attentive,
    ...(sendsIpis ? { reschedule: vector('reschedule') } : {}),
    programs: {
      serve: program('monitor_serve', (cpu) => steps.serve(message, cpu)),
      awaitReply: program('await_reply', function* (cpu, to: number): Program<number | void> {
        if (yield* steps.awaitReply(message, cpu, to)) return;
        return yield* cpu.become(message.programs.awaitReply, to);
      }),
    },
  };
  return message;
}
