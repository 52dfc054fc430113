export { type LoadedStrategy, loadStrategy } from './loader/load-strategy.js';
export { isInstalled, resolveModule } from './loader/resolve-module.js';
export { isPackageName, isPath } from './loader/specifier.js';
export { type DocumentKind, type DocumentValidator, documentValidator } from './schema/document-validator.js';
export { areHooks, HOOK_NAMES } from './strategy/check-hooks.js';
export { checkStrategy } from './strategy/check-strategy.js';
export { createStrategy } from './strategy/create-strategy.js';
export { manifestSchema } from './strategy/manifest-schema.js';
export { createRegistry, type Registry, unguarded } from './strategy/registry.js';
export { requireHardware } from './strategy/require-hardware.js';
export { type ResolvedOptions, resolveOptions } from './strategy/resolve-options.js';
export { suggestion } from './suggestion.js';
export { validateProfile } from './validate-profile.js';
export { CONFIG_FILES, configFile } from './config/config-file.js';
export type { CommandOptions } from './config/config-schema.js';
export {
  configDirectory,
  type LoadedConfig,
  loadConfig,
  type OptionValue,
  type ShootdownConfig,
} from './config/load-config.js';
