/**
 * Whether everything that a model has is supported; if not, all of it at once.
 */
import { error } from '../../lib/errors.ts';
import { activationLayers, activationOf, softmax } from './activations.ts';
import { layerTable } from './layerTable.ts';
import type { LayerCall, Topology } from './topology.ts';

/** Options of any layer that say nothing of what a prediction computes. */
const silent =
  /^(name|trainable|dtype|autocast|sparse|ragged|optional|batch_input_shape|batch_shape|input_dtype|input_dim|input_shape|momentum|renorm_\w+|synchronized|seed|\w+_(initializer|regularizer|constraint))$/;

/** @throws UNSUPPORTED_OPERATOR naming every layer that is not supported, with its class, options or activation. */
export function checkSupport(topology: Topology): void {
  const problems = topology.calls.flatMap((call, place) =>
    problemsOf(call, place === topology.output, topology.isKeras3),
  );
  if (problems.length === 0) return;
  throw error('UNSUPPORTED_OPERATOR', {
    what: 'the model',
    given: [...new Set(problems)].join('; '),
    allowed: `the layers ${Object.keys(layerTable).join(', ')}, as docs/models/tensorflow.md says`,
    problems: [...new Set(problems)],
  });
}

function problemsOf(call: LayerCall, isOutput: boolean, isKeras3: boolean): string[] {
  const { className, config, path } = call;
  const name = path.join('/');
  if (!Object.hasOwn(layerTable, className)) return [`${name}: the layer ${className}`];
  const { options } = layerTable[className]!;
  if (options === null) return [];
  const unknown = Object.entries(config).filter(
    ([key, value]) =>
      !Object.hasOwn(options, key) && !silent.test(key) && value !== null && value !== false,
  );
  const wrong = Object.entries(options).filter(
    ([key, { accepts }]) => !accepts(config[key], isKeras3),
  );
  const problems = [
    ...unknown.map(([key, value]) => `${name}: ${key} = ${JSON.stringify(value)}`),
    ...wrong.map(
      ([key, { allowed }]) => `${name}: ${key} = ${JSON.stringify(config[key])} (not ${allowed})`,
    ),
  ];
  if (problems.length > 0) return problems;
  const steps = stepsOf(call, isKeras3);
  if (steps === null) return [`${name}: the options of ${className} together`];
  if (steps.includes(softmax) && !isOutput) return [`${name}: softmax before the last layer`];
  return [];
}

/** The activation of a layer; null where it is not supported. */
export function stepsOf(
  { className, config }: LayerCall,
  isKeras3: boolean,
): ReturnType<typeof activationOf> {
  if (Object.hasOwn(activationLayers, className)) return activationLayers[className]!(config);
  return activationOf(config.activation, isKeras3);
}
