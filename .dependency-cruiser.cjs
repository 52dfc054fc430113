// Cycles and crossings in the resolved import graph. Package layers by name and manifest: scripts/check-layers.mjs.
const layers = require('./scripts/layers.json');

const folderPattern = (name) => {
  if (name.startsWith('@')) return name.replace('@shootdown/', 'packages/').replace('*', '[^/]+');
  return name === 'shootdown' ? 'apps/bench' : `apps/${name}`;
};

/** One rule for each layer: its packages reach no package of the same or a higher layer but themselves. */
const layerRules = Object.entries(layers)
  .filter(([name]) => name !== '@shootdown/tests')
  .map(([name, layer]) => {
    const forbidden = Object.entries(layers)
      .filter(([other, its]) => its >= layer && other !== '@shootdown/tests')
      .map(([other]) => folderPattern(other));
    return {
      name: `layer-of-${name.replace('@shootdown/', '')}`,
      severity: 'error',
      comment: `${name} is in layer ${layer} and imports lower layers only.`,
      from: { path: `^(${folderPattern(name)})/` },
      to: { path: `^(?:${forbidden.join('|')})/`, pathNot: '^$1/' },
    };
  });

module.exports = {
  forbidden: [
    {
      name: 'no-cycle',
      severity: 'error',
      comment: 'A cycle of values has no order of evaluation. Types may name each other.',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-strategy-below-the-comparer',
      severity: 'error',
      comment: 'Strategies are plugins: only the comparer, the zoo and the top-level tests name one.',
      from: { path: '^packages/([^/]+)/', pathNot: '^packages/zoo/' },
      to: { path: '^packages/strategy-', pathNot: '^packages/$1/' },
    },
    ...layerRules,
  ],
  options: {
    doNotFollow: { path: ['node_modules', '/dist/'] },
    exclude: { path: ['/dist/', 'tsup\\.'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'default'] },
  },
};
