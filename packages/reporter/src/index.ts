export { type BandOf, buildDocument, type Cell, type DocumentParts } from './document/build-document.js';
export { canonicalJson, type JsonObject, type JsonValue } from './document/json.js';
export { rowVariant, variantKey, variantLabel } from './document/variant.js';
export { publishedFor, type PublishedQuery } from './published.js';
export { type PublishedSeries, type PublishedTable, publishedTables } from './published-tables.js';
export { type Format, FORMATS, type RenderOptions } from './render/options.js';
export { render } from './render/render.js';
export * from './result.js';
export { markdownText, terminalText } from './text/escape.js';
