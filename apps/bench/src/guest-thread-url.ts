/** The module that guests' threads execute, as built: this one lies in `src/` or in `dist/`, both beside `dist/`, so it must stay at their top. */
export const GUEST_THREAD: URL = new URL('../dist/guest-thread.js', import.meta.url);
