// Solves the fitted parameters of a machine profile, writes them into the profile, and stores the 5–95 % bands of the predicted
// cells beside the comparer. With --check it writes nothing and fails when the stored values differ from the solved ones.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);
const isCheck = process.argv.includes('--check');
const others = process.argv.slice(2).filter((argument) => argument !== '--check');
const machine = 'haswell';
const profileFile = new URL(`packages/core/src/profile/machines/${machine}.json`, root);
const bandsFile = new URL(`apps/bench/data/bands/${machine}-madvise.json`, root);

const cli = fileURLToPath(new URL('apps/bench/dist/cli.js', root));
const draws = others.length > 0 ? others : isCheck ? [] : ['--draws', '400'];
const result = JSON.parse(
  execFileSync(process.execPath, [cli, 'fit', '--machine', machine, ...draws], { encoding: 'utf8' }),
);

const profile = JSON.parse(readFileSync(profileFile, 'utf8'));
let differences = 0;
for (const { name, value, prior, isWithinPrior } of result.fitted) {
  const stored = profile.parameters[name].value;
  const range = `prior ${prior.value}, range ${prior.low} to ${prior.high}${isWithinPrior ? '' : ', OUTSIDE'}`;
  console.log(`${name}: ${value} (${range}; stored ${stored})`);
  if (stored !== value) differences++;
  profile.parameters[name].value = value;
}
if (isCheck) {
  process.exitCode = differences === 0 ? 0 : 5;
} else {
  writeFileSync(profileFile, `${JSON.stringify(profile, null, 2)}\n`);
  if (result.bands !== null) {
    const { cells, ...counts } = result.bands;
    writeFileSync(bandsFile, `${JSON.stringify({ machine, scenario: result.scenario, ...counts, cells }, null, 2)}\n`);
    console.log(`bands over ${counts.admitted} admitted of ${counts.draws} draws`);
  }
}
