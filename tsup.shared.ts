import { defineConfig, type Options } from 'tsup';

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
    silent: true,
  }) as Options;
}
