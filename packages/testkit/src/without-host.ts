/** Host facts, chance, timers, output, and functions whose last bit depends on the engine. */
const FORBIDDEN: readonly (readonly [owner: object, name: string])[] = [
  ...['Date', 'performance', 'Intl', 'crypto', 'console', 'fetch'].map((name) => [globalThis, name] as const),
  ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'].map((name) => [globalThis, name] as const),
  ...['random', 'exp', 'log', 'pow', 'sin', 'cos'].map((name) => [Math, name] as const),
  ...['hrtime', 'uptime', 'cpuUsage', 'memoryUsage', 'nextTick', 'env', 'argv'].map((name) => [process, name] as const),
  [process.stdout, 'write'],
  [process.stderr, 'write'],
  [Number.prototype, 'toLocaleString'],
  [String.prototype, 'localeCompare'],
];

/**
 * Runs `body` while every use of what a simulation must not read throws. A module that took such a function into a variable when it
 * was imported still has it.
 */
export function withoutHost<Result>(body: () => Result): Result {
  const saved = FORBIDDEN.map(([owner, name]) => Object.getOwnPropertyDescriptor(owner, name));
  try {
    for (const [owner, name] of FORBIDDEN)
      Object.defineProperty(owner, name, {
        configurable: true,
        get: () => {
          throw new Error(`${name} was used.`);
        },
      });
    return body();
  } finally {
    for (const [index, [owner, name]] of FORBIDDEN.entries()) restore(owner, name, saved[index]);
  }
}

/** What was inherited becomes inherited again. */
function restore(owner: object, name: string, descriptor: PropertyDescriptor | undefined): void {
  if (descriptor === undefined) Reflect.deleteProperty(owner, name);
  else Object.defineProperty(owner, name, descriptor);
}
