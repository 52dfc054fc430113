import { defineConfig, type Options } from 'tsup';
import { constantBindings } from './scripts/lib/constant-bindings.mjs';

/**
 * The one bundler configuration of every package: JavaScript only.
 * Declarations come from `tsc -b`, so that the compiler and the bundler have independent versions.
 */
export function packageConfig(entry: string[] = ['src/index.ts']): Options {
  return defineConfig({
    entry,
    format: 'esm',
    target: 'node20',
    platform: 'node',
    dts: false,
    // The declarations in dist belong to the compiler.
    clean: ['!**/*.d.ts'],
    sourcemap: false,
    splitting: true,
    treeshake: true,
    plugins: constantBindings,
    silent: true,
  }) as Options;
}
