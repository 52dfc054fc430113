import {
  cpuCountOf,
  type MachineProfile,
  type Parameter,
  PARAMETER_MEANINGS,
  parameterNames,
  type ParameterSource,
} from '@shootdown/core';
import type { CatalogueDetail, DetailTable } from '../laboratory.js';
import { asJson } from './as-json.js';

/** A machine with every number the simulator charges, how it is known and where it comes from. */
export function machineDetail(profile: MachineProfile): CatalogueDetail {
  const { name, summary, title, topology, features, tlb, storeBufferDepth, hypotheses } = profile;
  const { sockets, complexesPerSocket, coresPerComplex, threadsPerCore } = topology;
  return {
    name,
    summary,
    facts: [
      ['title', title],
      [
        'CPUs',
        `${cpuCountOf(topology)}: ${sockets} sockets × ${complexesPerSocket} complexes × ${coresPerComplex} cores × ${threadsPerCore} threads`,
      ],
      ['TLB', `L1 ${tlb.l1Entries} entries, ${tlb.l1Ways} ways; STLB ${tlb.stlbEntries} entries, ${tlb.stlbWays} ways`],
      ['store buffer', `${storeBufferDepth} stores`],
      ...Object.entries(features).map(([feature, value]) => [feature, String(value)] as const),
      ...hypotheses.map((text) => ['hypothesis', text] as const),
    ],
    tables: [parameterTable(profile)],
    data: asJson(profile),
  };
}

function parameterTable(profile: MachineProfile): DetailTable {
  return {
    title: 'parameters',
    head: ['name', 'value', 'unit', '5-95 %', 'status', 'source', 'meaning'],
    lines: parameterNames(profile).flatMap((name) => {
      const parameter = profile.parameters[name];
      if (parameter === undefined) return [];
      const { value, unit, low, high, status } = parameter;
      return [[name, String(value), unit, `${low}..${high}`, status, sourceText(parameter), PARAMETER_MEANINGS[name]]];
    }),
  };
}

function sourceText(parameter: Parameter): string {
  if (parameter.status === 'fitted') return `fitted; before: ${parameter.prior.value}, ${parameter.prior.note}`;
  if (parameter.source !== undefined) return citation(parameter.source);
  return parameter.note ?? '';
}

function citation({ document, section, figure }: ParameterSource): string {
  return `${document}, ${section}: ${figure}`;
}
