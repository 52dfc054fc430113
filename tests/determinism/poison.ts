/** Host facts, chance and functions whose last bit depends on the engine. */
const FORBIDDEN: readonly (readonly [owner: object, name: string])[] = [
  [globalThis, 'Date'],
  [globalThis, 'performance'],
  [globalThis, 'Intl'],
  [globalThis, 'crypto'],
  [Math, 'random'],
  ...['exp', 'log', 'pow', 'sin', 'cos'].map((name) => [Math, name] as const),
  [Number.prototype, 'toLocaleString'],
  [String.prototype, 'localeCompare'],
];

/** Runs `body` while every use of what a simulation must not read throws. */
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
    FORBIDDEN.forEach(([owner, name], index) => {
      const descriptor = saved[index];
      if (descriptor !== undefined) Object.defineProperty(owner, name, descriptor);
    });
  }
}
