export { type DocumentKind, type DocumentValidator, documentValidator } from './schema/document-validator.js';
export { checkStrategy } from './strategy/check-strategy.js';
export { createStrategy } from './strategy/create-strategy.js';
export { manifestSchema } from './strategy/manifest-schema.js';
export { createRegistry, type Registry } from './strategy/registry.js';
export { requireHardware } from './strategy/require-hardware.js';
export { type ResolvedOptions, resolveOptions } from './strategy/resolve-options.js';
export { suggestion } from './suggestion.js';
export { validateProfile } from './validate-profile.js';
