import { LuDecomposition, Matrix } from 'ml-matrix';

/** A function of several unknowns and the values it should take. */
export interface Equations {
  readonly targets: readonly number[];
  /** Values at a point, in the order of the targets. */
  readonly evaluate: (point: readonly number[]) => readonly number[];
  readonly start: readonly number[];
  /** Step per unknown for the finite differences. */
  readonly steps: readonly number[];
  /** Largest residual that counts as solved. */
  readonly tolerance: number;
}

const MAX_ROUNDS = 8;

/** Newton's method with a Jacobian of finite differences, renewed once. Undefined when it finds no solution. */
export function solveEquations(equations: Equations): readonly number[] | undefined {
  let point = equations.start;
  let jacobian = differences(equations, point);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const residuals = equations.evaluate(point).map((value, i) => (equations.targets[i] as number) - value);
    if (residuals.every((residual) => Math.abs(residual) <= equations.tolerance)) return point;
    const decomposition = new LuDecomposition(jacobian);
    if (decomposition.isSingular()) return undefined;
    const update = decomposition.solve(Matrix.columnVector(residuals)).to1DArray();
    point = point.map((value, i) => value + (update[i] as number));
    if (round === 0) jacobian = differences(equations, point);
  }
  return undefined;
}

function differences({ evaluate, steps }: Equations, point: readonly number[]): Matrix {
  const base = evaluate(point);
  const columns = steps.map((step, k) => {
    const moved = evaluate(point.map((value, i) => (i === k ? value + step : value)));
    return moved.map((value, row) => (value - (base[row] as number)) / step);
  });
  return new Matrix(columns).transpose();
}
