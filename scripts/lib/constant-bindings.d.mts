import type { Options } from 'tsup';

/** For tsup: keeps what is constant in the sources constant in the bundle. */
export declare const constantBindings: NonNullable<Options['plugins']>;
/** The chunk with `const` for each `var` of the top level that nothing assigns to. */
export declare function withConstants(code: string): string;
