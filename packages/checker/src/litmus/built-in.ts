import acknowledgement from './data/acknowledgement.json' with { type: 'json' };
import broadcast from './data/broadcast.json' with { type: 'json' };
import contexts from './data/contexts.json' with { type: 'json' };
import delay from './data/delay.json' with { type: 'json' };
import dirty from './data/dirty.json' with { type: 'json' };
import mmu from './data/mmu.json' with { type: 'json' };
import remote from './data/remote.json' with { type: 'json' };
import tso from './data/tso.json' with { type: 'json' };
import walks from './data/walks.json' with { type: 'json' };

/** The files that come with the checker, as parsed JSON: whoever runs them validates them like anybody's. */
export const builtInLitmus: readonly object[] = [
  tso,
  mmu,
  walks,
  dirty,
  contexts,
  remote,
  acknowledgement,
  delay,
  broadcast,
];
