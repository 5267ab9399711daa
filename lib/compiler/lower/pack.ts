/**
 * Packing: outputs that were computed apart share one reply.
 *
 * A value occupies its own coefficient and perhaps some around it, which its rotations fill with other entries of its
 * tables. Values are added at positions so far apart that none reaches another's coefficient. Each output then has the
 * noise of all; whether that is worth the smaller reply, the parameter search decides.
 */

import { widthOf } from './diagram.ts';
import type { OutputPlan, Plan } from './plan.ts';
import { workOf } from './summary.ts';

/** The plan with its single outputs packed, as many as fit and have the same width; null where none are. */
export function packReplies(plan: Plan, polynomialSize: number): Plan | null {
  const singles = plan.outputs.filter(isSingle);
  const others = plan.outputs.filter((output) => !isSingle(output));
  const reach = reachOf(plan, singles, polynomialSize);
  const groups = new Map<number, SingleOutput[]>();
  for (const output of singles) {
    const clear = plan.values.get(output.value).kind === 'leaf';
    const own = clear ? polynomialSize : reach(output.value);
    // Clear values need no ciphertext; those that reach half the polynomial have no room beside each other.
    const key = own < polynomialSize / 2 ? widthOf(output.parts[0]) : -1;
    groups.set(key, [...(groups.get(key) ?? []), output]);
  }
  const packed: OutputPlan[] = [...(groups.get(-1) ?? [])];
  groups.delete(-1);
  for (const group of groups.values()) {
    const widest = Math.max(...group.map((output) => reach(output.value)));
    const room = polynomialSize / 2 ** Math.ceil(Math.log2(widest + 1));
    for (let first = 0; first < group.length; first += room)
      packed.push(packedGroup(plan, group.slice(first, first + room)));
  }
  if (packed.length === singles.length) return null;
  return { ...plan, outputs: [...others, ...packed] };
}

type ValueOutput = OutputPlan & { readonly kind: 'value' };
type SingleOutput = ValueOutput & { readonly parts: readonly [ValueOutput['parts'][number]] };

function isSingle(output: OutputPlan): output is SingleOutput {
  return output.kind === 'value' && output.parts.length === 1;
}

function packedGroup(plan: Plan, group: readonly SingleOutput[]): OutputPlan {
  const [only] = group;
  if (group.length === 1 && only !== undefined) return only;
  return {
    kind: 'value',
    value: plan.values.pack(group.map((output) => output.value)),
    parts: group.flatMap((output) => output.parts),
    forms: group.flatMap((output) => output.forms),
  };
}

/** How far from its coefficient a value may have entries other than 0; infinitely far where it is a dot product. */
function reachOf(
  plan: Plan,
  outputs: readonly SingleOutput[],
  polynomialSize: number,
): (value: number) => number {
  const { values } = plan;
  const sums = [...plan.outputs, ...plan.lookups].flatMap((each) => {
    if ('index' in each) return each.index.values;
    return each.kind === 'lwe' ? each.form.values : [];
  });
  const roots = [...outputs.map((output) => output.value), ...sums.map(([value]) => value)];
  const { lookups } = workOf(values, roots, () => 1);
  const known = new Map<number, number>();
  const reach = (id: number): number => {
    let far = known.get(id);
    if (far === undefined) {
      far = own(id);
      known.set(id, far);
    }
    return far;
  };
  const own = (id: number): number => {
    const value = values.get(id);
    switch (value.kind) {
      case 'leaf':
        return 0;
      case 'dot':
      case 'pack':
      case 'wheel':
      case 'turn':
      case 'wheels':
      case 'side':
        return Number.POSITIVE_INFINITY;
      case 'lookup': {
        // The tables of an input lie side by side in as many polynomials as they fill.
        const width = 2 ** values.bitsOfCell(value.cell);
        const count = lookups.get(`${value.cell},1`)?.values.length ?? 1;
        return Math.min(count * width, polynomialSize);
      }
      case 'branch':
        return Math.max(reach(value.zero), reach(value.one));
      case 'sum':
        return Math.max(...value.terms.map(([child]) => reach(child)));
      default:
        return value satisfies never;
    }
  };
  return reach;
}
