/**
 * Networks whose graph names the classes too: scikit-learn's MLPClassifier ends in the label of the largest probability.
 */
import type { Label } from '../../estimators/input.ts';
import type { OnnxGraph, OnnxModel, OnnxNode, ValueInfo } from './model.ts';

/** The scores of a graph, and the labels that it gives to their places. */
export interface LabelledScores {
  readonly scores: ValueInfo;
  readonly classes: readonly Label[];
}

/** What stands around networks in pipelines: with other operators of `ai.onnx.ml` a model is no network. */
const around = ['Scaler', 'ArrayFeatureExtractor', 'ZipMap'];

/** Whether a model may be a network, by its operators of `ai.onnx.ml`. */
export function mayBeNetwork({ graph }: OnnxModel): boolean {
  return graph.nodes.every(
    ({ domain, operator }) => domain !== 'ai.onnx.ml' || around.includes(operator),
  );
}

/** Operators behind a label that leave it what it is. */
const passing = ['Cast', 'Reshape', 'Identity', 'Squeeze', 'Flatten'];

/** What an output chooses from constant labels by the place of the largest score; undefined where no output does. */
export function labelledScores(graph: OnnxGraph): LabelledScores | undefined {
  const producers = new Map<string, OnnxNode>();
  for (const node of graph.nodes) for (const name of node.outputs) producers.set(name, node);
  const before = (name: string | undefined): OnnxNode | undefined => {
    let found = producers.get(name ?? '');
    // A chain is no longer than the graph, unless it is a cycle.
    for (let step = 0; step < graph.nodes.length && found; step++) {
      if (!passing.includes(found.operator)) return found;
      found = producers.get(found.inputs[0] ?? '');
    }
    return undefined;
  };
  for (const { name } of graph.outputs) {
    const chosen = before(name);
    if (chosen?.operator !== 'ArrayFeatureExtractor') continue;
    const labels = graph.initializers.get(chosen.inputs[0] ?? '');
    const largest = before(chosen.inputs[1]);
    const scores = largest?.inputs[0];
    if (labels === undefined || largest?.operator !== 'ArgMax' || scores === undefined) continue;
    const own = { name: scores, type: undefined, shape: undefined };
    return { scores: own, classes: Array.from<Label>(labels.data) };
  }
  return undefined;
}
