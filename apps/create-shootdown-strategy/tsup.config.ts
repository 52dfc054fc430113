import type { Options } from 'tsup';
import { packageConfig } from '../../tsup.shared.js';

const config: Options = packageConfig(['src/index.ts', 'src/cli.ts']);

export default config;
