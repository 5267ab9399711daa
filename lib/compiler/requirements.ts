/**
 * What a plan asks of the parameters: its rounding events with the noise that reaches each, as linear forms over
 * independent sources, and how much of each primitive it runs.
 */
import type { Layout } from './layout.ts';
import { precisionsOf } from './layout.ts';
import { cellOfBit } from './lower/diagram.ts';
import {
  cellsOf,
  isGate,
  type LookupPlan,
  type LweForm,
  type Plan,
  precisionOf,
} from './lower/plan.ts';
import type { QueryForm } from './lower/prices.ts';
import { isNoisy } from './lower/summary.ts';
import { turnsOf } from './lower/value.ts';
import type { Calibration } from './parameters/calibration.ts';
import { type NoiseOrigin, noiseTerms, originKey } from './parameters/linear-form.ts';
import type { Constraint, NoiseTerm, Requirements } from './parameters/requirements.ts';

export interface RequirementOptions {
  readonly pError: number;
  readonly polynomialSize: number;
  readonly query: QueryForm;
  readonly calibration: Calibration;
  readonly maxKeyBytes?: number | undefined;
}

/** The question to the search, and which of its constraints each rounding event of the plan became. */
export interface PlanRequirements {
  readonly requirements: Requirements;
  /** Constraint of each output plan (-1 for constants) and of each rotation. */
  readonly outputConstraints: readonly number[];
  readonly lookupConstraints: readonly number[];
}

export function requirementsOf(
  plan: Plan,
  layout: Layout,
  options: RequirementOptions,
): PlanRequirements {
  const noise = new Noise(plan, layout);
  const precisions = precisionsOf(plan.lookups);
  const constraints = new Constraints();
  const outputConstraints = plan.outputs.map((output, i) => {
    if (output.kind === 'constant') return -1;
    const scaleLog = layout.outputScales[i] as number;
    const terms =
      output.kind === 'value'
        ? noise.ofValue(output.value, scaleLog)
        : noise.ofForm(output.form, scaleLog);
    return constraints.add({
      margin: 2 ** (scaleLog - 65),
      terms,
      lookup: null,
      keyswitched: false,
      replyBits: null,
      count: output.kind === 'value' ? output.parts.length : 1,
    });
  });
  const lookupConstraints = plan.lookups.map((lookup, i) => {
    const scaleLog = layout.indexScales[i] as number;
    const category = isGate(lookup) ? 'circuit' : precisions.indexOf(precisionOf(lookup));
    const computed = freshInputOf(lookup) === null;
    return constraints.add({
      margin: 2 ** (scaleLog + lookup.log2Step - 65),
      terms:
        computed || category === 'circuit'
          ? noise.ofForm(lookup.index, scaleLog)
          : [{ source: 'fresh-small', lookup: category, squaredWeight: 1 }],
      lookup: category,
      keyswitched: computed,
      replyBits: null,
      count: 1,
    });
  });
  const { branches, computedBranches, lookups } = layout.work;
  const gates = plan.lookups.filter(isGate);
  let cmuxCount = branches;
  let computedCount = computedBranches;
  for (const { cell, components, values } of lookups.values()) {
    const cmux = plan.values.tableCmux(cell, values.length, components);
    if (plan.values.isComputedCell(cell)) computedCount += cmux;
    else cmuxCount += cmux;
  }
  const bitCount = layout.bits.filter((bit) => !plan.values.isClear(cellOfBit(bit))).length;
  const requirements: Requirements = {
    pError: options.pError,
    polynomialSize: options.polynomialSize,
    calibration: options.calibration,
    maxKeyBytes: options.maxKeyBytes,
    constraints: constraints.all,
    bits:
      bitCount === 0 || options.query === 'values'
        ? null
        : { encoding: options.query, bitCount, cmuxCount },
    circuit:
      gates.length === 0
        ? null
        : {
            bitCount: gates.length,
            layerCount: new Set(gates.map(({ layer }) => layer)).size,
            cmuxCount: computedCount,
          },
    lookups: precisions.map((precision) => {
      const all = plan.lookups.filter((each) => !isGate(each) && precisionOf(each) === precision);
      const fresh = all.map(freshInputOf).filter((input) => input !== null);
      return {
        precision,
        count: all.length,
        keyswitchCount: all.length - fresh.length,
        smallSlotCount: new Set(fresh).size,
      };
    }),
  };
  return { requirements, outputConstraints, lookupConstraints };
}

function freshInputOf(lookup: LookupPlan): number | null {
  return lookup.kind === 'bit' ? null : lookup.freshInput;
}

function termKey(term: NoiseTerm): string {
  return `${originKey(term)} ${term.squaredWeight}`;
}

/** Events with equal noise are one constraint with a count. */
class Constraints {
  readonly all: Constraint[] = [];
  readonly #known = new Map<string, number>();

  add(constraint: Constraint): number {
    const { margin, lookup, keyswitched, replyBits, terms } = constraint;
    const key = `${margin} ${lookup} ${keyswitched} ${replyBits} ${terms.map(termKey).join()}`;
    const at = this.#known.get(key);
    if (at === undefined) {
      this.#known.set(key, this.all.length);
      return this.all.push(constraint) - 1;
    }
    const known = this.all[at] as Constraint;
    this.all[at] = { ...known, count: known.count + constraint.count };
    return at;
  }
}

/** The noise that reaches a reader, in terms of the search. */
export class Noise {
  readonly #plan: Plan;
  readonly #layout: Layout;
  readonly #precisions: readonly number[];
  readonly #clusters = new Map<number, number>();
  readonly #rotationOf = new Map<number, number>();

  constructor(plan: Plan, layout: Layout) {
    this.#plan = plan;
    this.#layout = layout;
    this.#precisions = precisionsOf(plan.lookups);
    const values = [...layout.valueScales.keys()];
    const clusters = plan.summaries.clusters(values);
    values.forEach((value, i) => {
      this.#clusters.set(value, clusters[i] as number);
    });
    plan.lookups.forEach((lookup, i) => {
      for (const cell of cellsOf(lookup)) this.#rotationOf.set(cell, i);
    });
  }

  /** Of a value that is computed at `scaleLog`. */
  ofValue(value: number, scaleLog: number): NoiseTerm[] {
    const { cmux, computedDepth, fresh: own } = this.#plan.summaries.of(value);
    const fresh = this.#layout.oneProduct ? this.#productWeight() : own;
    const terms: NoiseTerm[] = [];
    if (isNoisy(cmux)) terms.push({ source: 'diagram', ...cmux, squaredWeight: 1 });
    if (computedDepth > 0)
      terms.push({ source: 'circuit-diagram', depth: computedDepth, squaredWeight: 1 });
    if (fresh > 0) {
      const growth = 4 ** (scaleLog - this.#layout.slotScale);
      terms.push({ source: 'fresh-glwe', squaredWeight: fresh * growth });
    }
    return terms;
  }

  /** Squared weights of all outputs: in one product each of them meets a noisy coefficient of the query. */
  #productWeight(): number {
    const { roots } = this.#layout;
    return roots.reduce((sum, { value }) => sum + this.#plan.summaries.of(value).fresh, 0);
  }

  #sourceOfTurn(turn: number): NoiseOrigin['source'] {
    const { cmux, computedDepth } = this.#plan.summaries.ofTurn(turn);
    return computedDepth > 0
      ? { source: 'circuit-diagram', depth: computedDepth }
      : { source: 'diagram', ...cmux };
  }

  /** Of a sum that is read at `scaleLog`. */
  ofForm(form: LweForm, scaleLog: number): NoiseTerm[] {
    const { valueScales, lookupScales, slotScale } = this.#layout;
    const precisions = this.#precisions;
    const coefficients = new Map<number, number>();
    const origins = new Map<number, NoiseOrigin>();
    let freshDeviation = 0;
    for (const term of form.values) {
      const value = term[0];
      const scaled = term[1] * 2 ** (scaleLog - (valueScales.get(value) as number));
      const add = (
        id: number,
        source: NoiseOrigin['source'],
        accumulator: number | null,
        weight = scaled,
      ) => {
        origins.set(id, { source, accumulator });
        coefficients.set(id, (coefficients.get(id) ?? 0) + weight);
      };
      const turns = turnsOf(this.#plan.values, value);
      if (turns.size > 0) {
        // Each turn is a source: what wheels have in common is counted for just that.
        for (const [turn, weight] of turns)
          add(2 * turn, this.#sourceOfTurn(turn), null, weight * scaled);
        continue;
      }
      const { cmux, computedDepth, fresh } = this.#plan.summaries.of(value);
      const accumulator = this.#clusters.get(value) as number;
      // Both kinds of noise of a value have names of their own.
      if (isNoisy(cmux)) add(2 * value, { source: 'diagram', ...cmux }, accumulator);
      if (computedDepth > 0)
        add(2 * value + 1, { source: 'circuit-diagram', depth: computedDepth }, accumulator);
      const growth = 2 ** ((valueScales.get(value) as number) - slotScale);
      freshDeviation += Math.abs(scaled) * growth * Math.sqrt(fresh);
    }
    for (const term of form.lookups) {
      const cell = term[0];
      const rotation = this.#rotationOf.get(cell) as number;
      const lookup = this.#plan.lookups[rotation] as LookupPlan;
      const source = isGate(lookup)
        ? ({ source: 'circuit' } as const)
        : ({ source: 'bootstrap', lookup: precisions.indexOf(precisionOf(lookup)) } as const);
      const id = -1 - cell;
      origins.set(id, { source, accumulator: -1 - rotation });
      coefficients.set(id, term[1] * 2 ** (scaleLog - (lookupScales.get(cell) as number)));
    }
    const terms = noiseTerms(coefficients, (id) => origins.get(id) as NoiseOrigin);
    if (freshDeviation > 0)
      terms.push({ source: 'fresh-glwe', squaredWeight: freshDeviation ** 2 });
    return terms;
  }
}
