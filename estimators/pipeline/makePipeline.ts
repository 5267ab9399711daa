/**
 * Pipelines without names.
 */
import type { PipelineStep } from './assemble.ts';
import { isEstimator } from './parts.ts';
import { Pipeline } from './pipeline.ts';

/** A pipeline of steps named by their classes in small letters; those of one class get -1, -2, and so on. */
export function makePipeline(...steps: readonly PipelineStep[]): Pipeline {
  const names = steps.map((step) => (isEstimator(step) ? step.name.toLowerCase() : 'passthrough'));
  return new Pipeline(
    steps.map((step, i) => {
      const alike = names.filter((name) => name === names[i]).length;
      const place = names.slice(0, i + 1).filter((name) => name === names[i]).length;
      return [alike > 1 ? `${names[i]}-${place}` : names[i]!, step] as const;
    }),
  );
}
