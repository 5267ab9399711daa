/**
 * Lower: which engine computes what.
 *
 * Every output becomes a leveled value (`value.ts`) or a sum of values and table lookups (`sums.ts`); every table that is
 * not computed as a value becomes a bootstrapped lookup of such a sum. Where both are possible the cheaper is taken,
 * by the estimates of `estimates.ts`.
 */
import type { Graph } from '../../../tracer/graph.ts';
import { error } from '../../errors.ts';
import type { Bounds } from '../bounds.ts';
import type { CellBuilder, Form } from '../cells.ts';
import { cutTerms, cutWeights } from './cut.ts';
import { widthOf } from './diagram.ts';
import { type Digits, digitsOf } from './digits.ts';
import { Estimates, type LowerOptions } from './estimates.ts';
import type { LeveledForms } from './leveled-forms.ts';
import type { LweForm, OutputPlan, Part, Plan } from './plan.ts';
import { schedule } from './schedule.ts';
import { isNoisy } from './summary.ts';
import { Sums } from './sums.ts';

/** Prices that differ by less are equal: they are sums in different orders. */
const roundingSlack = 1 + 1e-9;

/** Most output scalars that are tried as components of one ciphertext. */
const mostComponents = 64;

export function lower(
  graph: Graph,
  bounds: Bounds,
  builder: CellBuilder,
  options: LowerOptions,
): Plan {
  return new Lowering(new Estimates(graph, bounds, builder, options)).run(bounds);
}

class Lowering {
  readonly #estimates: Estimates;
  readonly #sums: Sums;
  readonly #builder: CellBuilder;
  readonly #leveled: LeveledForms;

  constructor(estimates: Estimates) {
    this.#estimates = estimates;
    this.#sums = new Sums(estimates);
    this.#builder = estimates.builder;
    this.#leveled = estimates.leveled;
  }

  run(bounds: Bounds): Plan {
    const outputs: OutputPlan[] = [];
    const offsets: number[] = [];
    let first = 0;
    for (const { forms } of bounds.outputs) {
      const variable: number[] = [];
      forms.forEach((form, i) => {
        offsets.push(0);
        if (form.terms.length > 0) variable.push(i);
        else outputs.push({ kind: 'constant', output: first + i, value: form.constant });
      });
      outputs.push(
        ...this.#outputGroup(
          variable.map((i) => forms[i] as Form),
          variable.map((i) => first + i),
          offsets,
        ),
      );
      first += forms.length;
    }
    const carried = bounds.carried.map(({ cell, next }) => ({ cell, next: this.#carried(next) }));
    const lookups = schedule(outputs, carried, this.#sums, this.#estimates);
    const { values, summaries } = this.#estimates;
    return {
      cells: this.#builder.cells,
      values,
      summaries,
      embedded: this.#sums.embedded,
      outputs,
      lookups,
      carried,
      offsets,
    };
  }

  /** What an output carries to the next run. @throws UNSUPPORTED where noise would grow from run to run */
  #carried(next: Form): LweForm {
    const sum = this.#sums.sum(next);
    const isFresh = sum.values.length === 0 && sum.lookups.every(([id]) => this.#isOfThisRun(id));
    if (isFresh) return sum;
    throw error('UNSUPPORTED', {
      what: 'carried',
      given: 'an output that is no sum of results of lookups',
      remedy: 'pass what is carried through np.refresh',
    });
  }

  #isOfThisRun(cell: number): boolean {
    return this.#builder.cells[cell]?.kind !== 'carried';
  }

  /** The outputs together in one ciphertext where that is possible and no dearer, else one by one. */
  #outputGroup(
    forms: readonly Form[],
    outputs: readonly number[],
    offsets: number[],
  ): OutputPlan[] {
    if (forms.length === 0) return [];
    if (forms.length > 1 && forms.length <= mostComponents) {
      const value = this.#leveled.ofForms(forms);
      if (value !== null) {
        const single = forms.reduce((sum, form) => sum + this.#estimates.ofForm(form), 0);
        if (this.#estimates.ofValue(value) <= single * roundingSlack)
          return this.#valueOutputs(value, forms, outputs, offsets);
      }
    }
    return forms.flatMap((form, i) => {
      const value = this.#leveled.ofForms([form]);
      if (
        value !== null &&
        this.#estimates.ofValue(value) <= this.#estimates.ofFormApart(form) * roundingSlack
      )
        return this.#valueOutputs(value, [form], [outputs[i] as number], offsets);
      return this.#lweOutputs(form, outputs[i] as number, offsets);
    });
  }

  /** Splits what is too wide to be exact into digits. */
  #valueOutputs(
    value: number,
    forms: readonly Form[],
    outputs: readonly number[],
    offsets: number[],
  ): OutputPlan[] {
    const ranges = forms.map((form) => this.#builder.range(form));
    const width = Math.max(...ranges.map(widthOf));
    const noise = this.#estimates.summaries.of(value);
    const exact =
      isNoisy(noise.cmux) || noise.computedDepth > 0
        ? this.#estimates.options.exactWidth({
            circuitDepth: noise.computedDepth,
            squaredWeight: 1,
            ...noise.cmux,
          })
        : width;
    if (width > exact && exact > 1) {
      const digits = this.#digits(this.#leveled.resolve(forms) ?? forms, width, exact);
      if (digits !== null) {
        const parts = digits.forms.map((form, k): Part => {
          const i = Math.floor(k / digits.count);
          const weight = 2 ** (digits.bits * (k % digits.count));
          return { output: outputs[i] as number, ...this.#builder.range(form), weight };
        });
        outputs.forEach((output, i) => {
          offsets[output] = digits.offsets[i] as number;
        });
        return partsOf(digits.values, parts, digits.forms);
      }
    }
    const parts = ranges.map(
      (range, i): Part => ({ output: outputs[i] as number, ...range, weight: 1 }),
    );
    return partsOf([value], parts, forms);
  }

  /**
   * The fewest digits whose sums are exact: as components of one value where that is possible, else each as its own, or term
   * by term as components, whichever is cheaper. (Terms that add nothing to some digit pair up only so.)
   */
  #digits(
    forms: readonly Form[],
    width: number,
    exact: number,
  ): (Digits & { readonly values: readonly number[] }) | null {
    for (let count = fewestDigits(forms, width, exact); count <= width; count++) {
      const digits = digitsOf(this.#builder, forms, count);
      if (digits === null) return null;
      const widths = digits.forms.map((form) => widthOf(this.#builder.range(form)));
      if (Math.max(...widths) > exact) continue;
      const together = this.#leveled.ofForms(digits.forms);
      if (together !== null) return { ...digits, values: [together] };
      const values = digits.forms.map((form) => this.#leveled.ofForms([form]));
      const apart = values.includes(null) ? null : (values as number[]);
      const joined = this.#leveled.ofTerms(digits.terms);
      if (joined === null) return apart && { ...digits, values: apart };
      const isApart =
        apart !== null && this.#estimates.ofAll(apart) <= this.#estimates.ofAll([joined]);
      return { ...digits, values: isApart ? apart : [joined] };
    }
    return null;
  }

  /** A sum, or several where it is wider than sums should be and has terms to cut between. */
  #lweOutputs(form: Form, output: number, offsets: number[]): OutputPlan[] {
    const { sumWidth, cutsWeights = false } = this.#estimates.options;
    const whole = () => [this.#lweOutput(form, output, 1)];
    if (widthOf(this.#builder.range(form)) <= sumWidth) return whole();
    const flat = this.#sums.flat(form);
    const parts = (cutsWeights ? cutWeights : cutTerms)(this.#builder, flat, sumWidth);
    if (parts.length < 2) return whole();
    offsets[output] = flat.constant;
    return parts.map(([part, weight]) => this.#lweOutput(part, output, weight));
  }

  #lweOutput(form: Form, output: number, weight: number): OutputPlan {
    const range = this.#builder.range(form);
    return {
      kind: 'lwe',
      form: this.#sums.sum(form),
      output,
      part: { output, ...range, weight },
    };
  }
}

/** Fewer digits than this are not exact: the sum of T digits of b bits has b + log2 T bits, or almost. */
function fewestDigits(forms: readonly Form[], width: number, exact: number): number {
  const terms = Math.max(...forms.map((form) => form.terms.length));
  return Math.max(2, Math.floor((width - Math.log2(terms)) / (exact - Math.log2(terms) + 1)));
}

/** Outputs of one value for all parts, or of one for each. */
function partsOf(
  values: readonly number[],
  parts: readonly Part[],
  forms: readonly Form[],
): OutputPlan[] {
  const [value] = values as readonly [number];
  if (values.length === 1) return [{ kind: 'value', value, parts, forms }];
  return values.map((each, k) => ({
    kind: 'value',
    value: each,
    parts: parts.slice(k, k + 1),
    forms: forms.slice(k, k + 1),
  }));
}
