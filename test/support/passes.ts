/** The compiler's passes one by one, for tests that look between them. */
import { type Bounds, bounds } from '../../lib/compiler/bounds.ts';
import { CellBuilder } from '../../lib/compiler/cells.ts';
import { fuse } from '../../lib/compiler/fuse.ts';
import { type Layout, layout } from '../../lib/compiler/layout.ts';
import type { LowerOptions } from '../../lib/compiler/lower/estimates.ts';
import { lower } from '../../lib/compiler/lower/lower.ts';
import type { Plan } from '../../lib/compiler/lower/plan.ts';
import { type Prices, pricesFor } from '../../lib/compiler/lower/prices.ts';
import type { Values } from '../../lib/compiler/lower/value.ts';
import { defaultCalibration } from '../../lib/compiler/parameters/calibration.ts';
import { type PlanRequirements, requirementsOf } from '../../lib/compiler/requirements.ts';
import { declareInputs, type InputSpecs } from '../../lib/compiler/specs.ts';
import type { Graph } from '../../tracer/graph.ts';
import { type TracedFunction, trace } from '../../tracer/trace.ts';

export interface Passed {
  readonly graph: Graph;
  readonly fused: Graph;
  readonly cells: Bounds;
  readonly plan: Plan;
  readonly placed: Layout;
  readonly asked: PlanRequirements;
}

/** The real prices of packed queries. */
export const prices: Prices = pricesFor(2048, 'packed', -46, defaultCalibration);

/** CMUX so dear that every function is a lookup, and wide lookups so cheap that tables of one index share them. */
export const lookupsOnly: Prices = {
  ...prices,
  cmux: 1e9,
  bit: 1e9,
  lookup: (precision) => 1000 + precision,
};

/** As `lookupsOnly`, but a lookup of one more bit costs three times as much, so that tables do not share any. */
export const lookupsApart: Prices = { ...lookupsOnly, lookup: (precision) => 3 ** precision };

/** A function through all passes before the parameter search. */
export function pass(
  f: TracedFunction,
  specs: InputSpecs,
  options: Partial<LowerOptions> = {},
): Passed {
  const graph = trace(f, declareInputs(specs, undefined));
  const fused = fuse(graph);
  const builder = new CellBuilder();
  const cells = bounds(fused, builder);
  const plan = lower(fused, cells, builder, {
    prices,
    exactWidth: () => 53,
    gateWidth: 53,
    sumWidth: 53,
    bits: true,
    lookups: true,
    ...options,
  });
  const placed = layout(plan, { polynomialSize: 2048 });
  const asked = requirementsOf(plan, placed, {
    pError: 2 ** -40,
    polynomialSize: 2048,
    query: 'packed',
    calibration: defaultCalibration,
  });
  return { graph, fused, cells, plan, placed, asked };
}

/** A leveled value and all that it is computed from, one a line, each under its place of first use. */
export function printValue(values: Values, root: number): string {
  const names = new Map<number, string>();
  const lines: string[] = [];
  let count = 0;
  const visit = (id: number): string => {
    const known = names.get(id);
    if (known !== undefined) return known;
    const value = values.get(id);
    const text = textOf();
    const name = value.kind === 'leaf' ? text : `v${count++}`;
    names.set(id, name);
    if (value.kind !== 'leaf') lines.push(`${name} = ${text}`);
    return name;

    function textOf(): string {
      switch (value.kind) {
        case 'leaf':
          return `(${value.values.join(', ')})`;
        case 'branch': {
          const [zero, one] = [visit(value.zero), visit(value.one)];
          return `x${Math.floor(value.bit / 64)}.${value.bit % 64} ? ${one} : ${zero}`;
        }
        case 'lookup':
          return `${value.tables.map((table) => `[${table.join(', ')}]`).join(' ')}[c${value.cell}]`;
        case 'dot':
          return value.form.terms.map(([cell, weight]) => `${weight} * c${cell}`).join(' + ');
        case 'sum': {
          const terms = value.terms.map(([child, weight]) => `${weight} * ${visit(child)}`);
          return `${terms.join(' + ')} + (${value.constants.join(', ')})`;
        }
        case 'pack':
          return `pack(${value.values.map(visit).join(', ')})`;
        case 'wheel':
          return 'wheel';
        case 'turn': {
          const { bit, by } = value;
          return `${visit(value.of)} turned by ${by} * x${Math.floor(bit / 64)}.${bit % 64}`;
        }
        case 'wheels':
          return value.terms
            .map(({ of, at, coefficient }) => `${coefficient} * ${visit(of)} from ${at}`)
            .join(' + ');
        case 'side':
          return `${visit(value.of)} at ${value.at}`;
        default:
          return value satisfies never;
      }
    }
  };
  const name = visit(root);
  return [...lines, `return ${name}`].join('\n');
}

/** The engines of a plan, an output or a lookup a line. */
export function printPlan(plan: Plan): string {
  const form = ({ values, lookups, constant }: Plan['lookups'][number]['index']): string =>
    [
      ...values.map(([value, weight]) => `${weight} * ${plan.values.get(value).kind}`),
      ...lookups.map(([cell, weight]) => `${weight} * lookup c${cell}`),
      `${constant}`,
    ].join(' + ');
  const lookups = plan.lookups.map((lookup) => {
    const { index, layer, log2Step } = lookup;
    const steps = log2Step === 0 ? '' : ` / 2^${log2Step}`;
    if (lookup.kind === 'bit')
      return `layer ${layer}: c${lookup.cell} = bit${lookup.gate ? ' and gate' : ''}[${form(index)}${steps}]`;
    const { freshInput, precision, tables } = lookup;
    const source = freshInput === null ? form(index) : `fresh c${freshInput}`;
    const places = tables.map(({ cell, offset }) => `c${cell} at ${offset}`).join(', ');
    return `layer ${layer}: ${places} = tables of ${precision} bits[${source}${steps}]`;
  });
  const outputs = plan.outputs.map((output) => {
    switch (output.kind) {
      case 'constant':
        return `output ${output.output} = ${output.value}`;
      case 'value': {
        const parts = output.parts.map(
          ({ output: of, weight, min, max }) => `${weight} * output ${of} [${min}, ${max}]`,
        );
        return `${plan.values.get(output.value).kind} with ${parts.join(', ')}`;
      }
      case 'lwe':
        return `output ${output.output} = ${form(output.form)}`;
      default:
        return output satisfies never;
    }
  });
  return [...lookups, ...outputs].join('\n');
}
