/**
 * Layers of activation.
 */
import { activated, activationLayers, activationOptions } from '../activations.ts';
import { appended, constantOf, spend, uniform } from '../draft.ts';
import type { LayerKind } from '../layerKind.ts';
import { activation, integers } from '../options.ts';

/** The function that its option names; whoever builds layers applies it. */
export const named: LayerKind = {
  options: { activation },
  build: (_call, [value]) => value!,
};

/**
 * x where it is positive, alpha * x elsewhere, with an alpha for each element or channel: alpha * x + (1 - alpha) * max(x, 0).
 * With one alpha for all it is a single function.
 */
export const pReLU: LayerKind = {
  options: {
    shared_axes: {
      allowed: 'a list of integers >= 1',
      accepts: (value) => value === undefined || value === null || integers(1).accepts(value, true),
    },
  },
  weights: () => ['alpha'],
  build(call, [value], draft) {
    const { name, config } = call;
    const { shape, layer: input } = value!;
    const shared = (config.shared_axes ?? []) as readonly number[];
    const own = shape.map((length, axis) => (shared.includes(axis + 1) ? 1 : length));
    const alpha = call.weight('alpha', own);
    const [slope = 0] = alpha;
    if (alpha.every((each) => each === slope)) {
      return activated(draft, name, value!, [{ function: 'leakyRelu', parameters: [slope] }]);
    }
    spend(draft, name, 2 * alpha.length);
    const offset = uniform(0, shape.length);
    const positive = appended(
      draft,
      { kind: 'activation', name, input, function: 'relu', parameters: [] },
      shape,
    );
    const rest = constantOf(
      own,
      alpha.map((each) => 1 - each),
    );
    const weighted = appended(
      draft,
      { kind: 'scale', name, input: positive.layer, factor: rest, offset },
      shape,
    );
    const factor = constantOf(own, alpha);
    const leak = appended(draft, { kind: 'scale', name, input, factor, offset }, shape);
    return appended(draft, { kind: 'add', name, inputs: [leak.layer, weighted.layer] }, shape);
  },
};

/** Layers of one function, by class: `activationLayers` has what their options mean together. */
export const functions: Readonly<Record<string, LayerKind>> = Object.fromEntries(
  Object.keys(activationLayers).map((className) => {
    const allowed = 'numbers, and together what one function of each element does';
    const accepts = (value: unknown) =>
      value === undefined || value === null || Number.isFinite(value);
    const options = activationOptions.map((name) => [name, { allowed, accepts }]);
    const kind: LayerKind = {
      options: Object.fromEntries(options),
      build: (_call, [value]) => value!,
    };
    return [className, kind];
  }),
);
