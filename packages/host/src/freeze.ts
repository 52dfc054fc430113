/**
 * Freezes data through plain objects and arrays, so that nobody who receives it can use it to remember something.
 * Instances of classes are left alone, for freezing one may break its methods; typed arrays cannot be frozen.
 */
export function deepFreeze<T>(value: T): T {
  freeze(value, new Set());
  return value;
}

/** `seen` ends cycles. That an object is frozen already says nothing about what it holds. */
function freeze(value: unknown, seen: Set<object>): void {
  if (!isPlain(value) || seen.has(value)) return;
  seen.add(value);
  Object.freeze(value);
  for (const inner of Object.values(value)) freeze(inner, seen);
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || Array.isArray(value);
}
