/** What was thrown, as text. Anything can be thrown, also a value that throws when it is asked for its text. */
export function thrownText(cause: unknown): string {
  try {
    return String(cause);
  } catch {
    return `a value (${typeof cause}) that cannot be shown`;
  }
}
