import { CONTRACTS } from '@shootdown/safety';

/** Every statement of the contract, as `C1 no stale use`. */
export const statements: readonly string[] = Object.entries(CONTRACTS).map(([id, { title }]) => `${id} ${title}`);
