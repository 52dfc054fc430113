import { cpuCountOf, type MachineProfile, type Parameter, PARAMETER_MEANINGS, parameterNames } from '../src/index.js';

const INTRODUCTION = `# Machine parameters

Every number of every built-in machine, as the profile files hold it. A test compares this page with them. The range is the 5–95 % range of
what was believed before any run; [fidelity.md](fidelity.md) says how the numbers were chosen and what the statuses mean.
`;

/** The page docs/machine-parameters.md for these machines. */
export function parameterPage(profiles: readonly MachineProfile[]): string {
  return [INTRODUCTION, meanings(), ...profiles.map(machine)].join('\n');
}

function meanings(): string {
  const rows = Object.entries(PARAMETER_MEANINGS).map(([name, meaning]) => `| \`${name}\` | ${cell(meaning)} |`);
  return ['## What they mean', '', '| parameter | meaning |', '|---|---|', ...rows, ''].join('\n');
}

function machine(profile: MachineProfile): string {
  const { sockets, complexesPerSocket, coresPerComplex, threadsPerCore } = profile.topology;
  const features = Object.entries(profile.features).map(([name, value]) => `${name} ${String(value)}`);
  const { l1Entries, l1Ways, stlbEntries, stlbWays } = profile.tlb;
  return [
    `## ${profile.name}: ${profile.title}`,
    '',
    profile.summary,
    '',
    ...profile.hypotheses.map((hypothesis) => `- ${hypothesis}`),
    '',
    `Topology: ${sockets} sockets × ${complexesPerSocket} complexes × ${coresPerComplex} cores × ${threadsPerCore} threads = ${cpuCountOf(profile.topology)} CPUs. ` +
      `Switches: ${features.join(', ')}. Store buffer: ${profile.storeBufferDepth}. ` +
      `TLB: ${l1Entries} entries, ${l1Ways} ways; second level ${stlbEntries} entries, ${stlbWays} ways.` +
      broadcastText(profile),
    '',
    '| parameter | value | range | unit | status | source and reason |',
    '|---|---|---|---|---|---|',
    ...parameterNames(profile).map((name) => row(name, profile.parameters[name])),
    '',
  ].join('\n');
}

function broadcastText({ broadcast }: MachineProfile): string {
  if (broadcast === undefined) return '';
  return ` INVLPGB: ${broadcast.pagesPerInvlpgb} pages, ${broadcast.outstanding} of a CPU under way.`;
}

function row(name: string, parameter: Parameter | undefined): string {
  if (parameter === undefined) throw new Error(`${name} is listed and not there`);
  const { value, low, high, unit, status } = parameter;
  const shape = parameter.status === 'prior' && parameter.shape === 'either' ? ' (either end)' : '';
  return `| \`${name}\` | ${value} | ${low} to ${high}${shape} | ${unit} | ${status} | ${cell(grounds(parameter))} |`;
}

function grounds(parameter: Parameter): string {
  const { source, note } = parameter.status === 'fitted' ? parameter.prior : parameter;
  const parts = source === undefined ? [] : [`${source.document}; ${source.section}: ${source.figure}.`];
  if (parameter.status === 'fitted')
    parts.unshift(`Prior ${parameter.prior.value} (${parameter.prior.low} to ${parameter.prior.high}).`);
  return [...parts, ...(note === undefined ? [] : [note])].join(' ');
}

const cell = (text: string): string => text.replaceAll('|', '\\|');
