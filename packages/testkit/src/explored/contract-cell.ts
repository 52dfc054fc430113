import { type Cell, cellText, type CellResult, type Memory, startCell } from '@shootdown/checker';
import { seen } from '../definition.js';
import type { Subject } from '../subject.js';

/** What a cell of the kit varies. */
export type ContractCell = Pick<Cell, 'scenario' | 'targets' | 'initiators' | 'cpus' | 'nmis' | 'walker' | 'assume'> & {
  /** Default: TSO. */
  readonly memory?: Memory;
};

/** Bytes of the state tables of one exploration after which it is given up. */
const MAX_BYTES = 2e9;

/** States from one sign of life to the next: a few tens of milliseconds. */
const PORTION = 8192;

/** Explores every interleaving of the cell. @throws ShootdownError CONTRACT_VIOLATED, CASE_CUT, and the strategy's refusals */
export function checkContract(subject: Subject, place: ContractCell): void {
  const { strategy, options, maxStates, maxNodes, onPortion, conclude } = subject;
  const { memory = 'tso', ...description } = place;
  const cell: Cell = { ...description, strategy, options };
  const limits = { maxStates, maxBytes: MAX_BYTES, maxNodesPerProgram: maxNodes };
  const running = startCell(cell, memory, { ...limits, conclude });
  while (!running.advance(PORTION)) onPortion();
  const result = running.finish();
  const { violation, verdict, exploration } = result;
  if (violation !== undefined) throw violated(cell, result, violation.trace.length);
  if (verdict === 'clean') return;
  throw seen(
    'CASE_CUT',
    `${cellText(cell)}: no violation in ${exploration.states} states, and then ${exploration.limit ?? 'a limit'} cut the search. Observe less, or allow the kit more states.`,
  );
}

function violated(cell: Cell, { violation, memory, isOnlyUnderTso }: CellResult, moves: number): Error {
  const what = violation === undefined ? '' : `${violation.contract} ${violation.form}: ${violation.text}`;
  const where = isOnlyUnderTso ? 'under TSO only' : `under ${memory}`;
  return seen('CONTRACT_VIOLATED', `${what} (${cellText(cell)}, shortest way ${where}: ${moves} moves).`);
}

/** Shows the shortest counterexample, saves it, and goes through it. */
export function checkCommands({ specifier, maxStates }: Subject, cell: ContractCell): readonly string[] {
  const { scenario, cpus, targets, initiators, nmis, walker, assume = {}, memory = 'tso' } = cell;
  const assumed = Object.entries(assume).map(([name, value]) => ` --assume ${name}=${value}`);
  const place = `--scenario ${scenario} --cpus ${cpus} --targets ${targets} --initiators ${initiators} --nmis ${nmis} --walker ${walker} --memory ${memory}${assumed.join('')}`;
  const check = `npx shootdown check --strategy '${specifier}' ${place} --max-states ${maxStates}`;
  return [check, `${check} --format json --output found.json; npx shootdown replay found.json --moves`];
}
