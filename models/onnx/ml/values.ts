/**
 * What the names of a graph stand for while a model of `ai.onnx.ml` is read: rows on the client, scores of a core, labels.
 */
import type { Label } from '../../../estimators/input.ts';
import type { Core } from '../../imported/core.ts';
import type { FinishStep } from '../../imported/finish.ts';
import type { PrepareStep } from '../../imported/prepare.ts';
import type { OnnxNode } from '../model.ts';
import type { ElementType, OnnxTensor, TextTensor } from '../tensors.ts';

/** The value of a name; what follows from an unsupported node is unknown. */
export type MlValue =
  | { readonly kind: 'constant'; readonly tensor: OnnxTensor | TextTensor }
  | RowsValue
  | ScoresValue
  | TotalValue
  | IndexValue
  | LabelValue
  | { readonly kind: 'unknown' };

/** A table that the client has. */
export interface RowsValue {
  readonly kind: 'rows';
  /** Position of the step that makes it; -1: the rows as they are given. */
  readonly step: number;
  /** Of one row: [columns], or as the graph has it, such as [columns, categories]. */
  readonly shape: readonly number[];
  readonly type: ElementType;
  /** Whether its numbers are of single precision already, where its type says that they are. */
  readonly exact: boolean;
}

/** Scores of a core, and what the client makes of them. */
export interface ScoresValue {
  readonly kind: 'scores';
  /** Outputs of cores, in order. */
  readonly outputs: readonly CoreOutput[];
  readonly finish: readonly FinishStep[];
  /** Whether these are probabilities, as far as the node that made them says. */
  readonly probabilities: boolean;
}

/** One output of a core. */
export interface CoreOutput {
  /** Position among the cores of the model. */
  readonly core: number;
  readonly output: number;
}

/** The sum of the scores of a row, which they may be divided by. */
export interface TotalValue {
  readonly kind: 'total';
  readonly of: ScoresValue;
}

/** The position of the largest score. */
export interface IndexValue {
  readonly kind: 'index';
  readonly of: ScoresValue;
}

/** The label of the largest score. */
export interface LabelValue {
  readonly kind: 'label';
  readonly of: ScoresValue;
  readonly classes: readonly Label[];
}

/** A core on rows. */
export interface PlacedCore {
  readonly core: Core;
  readonly rows: RowsValue;
}

/** The state of one conversion. */
export interface MlContext {
  readonly steps: PrepareStep[];
  /** The number of columns of each step. */
  readonly widths: number[];
  readonly features: number;
  readonly cores: PlacedCore[];
}

/** One operator. Attributes that are not listed are refused. */
export interface MlOperator {
  readonly attributes: readonly string[];
  /** The values of the outputs, in order. @throws UNSUPPORTED_OPERATOR, BAD_MODEL */
  readonly convert: (
    node: OnnxNode,
    inputs: readonly (MlValue | undefined)[],
    context: MlContext,
  ) => readonly MlValue[];
}

/** The number of columns of rows. */
export function columnsOfRows({ shape }: RowsValue): number {
  return shape.reduce((product, extent) => product * extent, 1);
}
