/** Nanoseconds as a whole number, which is the precision of the published table; short times keep one decimal. */
export function formatNs(ns: number): string {
  return Math.abs(ns) < 10 ? ns.toFixed(1) : ns.toFixed(0);
}

/** A signed change of time in nanoseconds; no change is `0`. */
export function formatNsChange(ns: number): string {
  const text = formatNs(ns);
  if (Number(text) === 0) return '0';
  return ns > 0 ? `+${text}` : text;
}

/** A fraction as a signed percentage, for example -0.14 as `-14%`. Never `-0`. */
export function formatPercent(fraction: number, decimals: 0 | 1 = 0): string {
  const text = (fraction * 100).toFixed(decimals);
  const isZero = Number(text) === 0;
  if (isZero) return `${text.replace('-', '')}%`;
  return fraction > 0 ? `+${text}%` : `${text}%`;
}
