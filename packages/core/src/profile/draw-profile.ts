import type { RandomStream } from '../random.js';
import { type AnyParameterName, parameterNames } from './parameter-names.js';
import type { Parameter } from './parameter.js';
import type { MachineProfile } from './profile.js';

/**
 * Half-width of a symmetric triangular distribution whose 5 % and 95 % quantiles lie at −1 and +1.
 * Below the centre F(x) = (1 + x/a)²/2, so F(−1) = 0.05 gives a = 1/(1 − √0.1), about 1.462.
 */
const TRIANGLE_HALF_WIDTH: number = 1 / (1 - Math.sqrt(0.1));

/**
 * One machine out of the prior: every parameter that is not fitted is drawn independently, from a triangular distribution (the sum of two uniform draws) whose 5–95 % range is the parameter's range, cut at zero and,
 * for fractions, at one. A parameter of shape `either` takes one end of its range, both with the same chance.
 * Fitted parameters keep their value: each draw is to be fitted again. Each parameter has a stream of its own and takes
 * two numbers from it, so that its draws do not depend on which others there are.
 */
export function drawProfile(
  profile: MachineProfile,
  streamOf: (parameter: AnyParameterName) => RandomStream,
): MachineProfile {
  const parameters = { ...profile.parameters };
  for (const name of parameterNames(profile)) {
    const random = streamOf(name);
    const first = random.next();
    const second = random.next();
    const parameter = profile.parameters[name];
    if (parameter !== undefined) parameters[name] = drawn(name, parameter, first, second);
  }
  return { ...profile, parameters };
}

function drawn(name: AnyParameterName, parameter: Parameter, first: number, second: number): Parameter {
  if (parameter.status === 'fitted') return parameter;
  const { low, high } = parameter;
  if (parameter.status === 'prior' && parameter.shape === 'either')
    return { ...parameter, value: first < 0.5 ? low : high };
  const centre = (low + high) / 2;
  const reach = ((high - low) / 2) * TRIANGLE_HALF_WIDTH;
  const value = Math.max(0, centre + (first + second - 1) * reach);
  return { ...parameter, value: name.endsWith('Fraction') ? Math.min(1, value) : value };
}
