/**
 * A transformer for each group of columns.
 */
import { error } from '../../lib/errors.ts';
import { type Estimator, type EstimatorJson, type Fitted, fittedState } from '../estimator.ts';
import { besideEachOther, identityMap, type MapKind } from '../featureMap.ts';
import { boolean, custom, type ParameterTable } from '../parameters.ts';
import {
  columnsOf,
  readTable,
  sideBySide,
  type Table,
  type TableArray,
  type TableLike,
} from '../preprocessing/table.ts';
import { type LearnedTransform, Transformer } from '../preprocessing/transformer.ts';
import { register } from '../registry.ts';
import { type AnyStateTable, hasKeys, isIndices, isList, type StateTable } from '../state.ts';
import { type Columns, columnIndices, isColumns } from './columns.ts';
import { type Factored, factorStep, isTransforming, type TransformingStep } from './factor.ts';
import {
  areNames,
  changedParts,
  clonedParts,
  isEstimator,
  nestedParams,
  partsToJson,
  revived,
  revivedParts,
} from './parts.ts';

/** A transformer, or what stands for leaving columns as they are, or out. */
export type ColumnStep = Estimator<object, Fitted> | 'passthrough' | 'drop';

/** A named transformer and its columns. */
export type ColumnEntry = readonly [name: string, transformer: ColumnStep, columns: Columns];

/** Parameters of `ColumnTransformer`, with scikit-learn's defaults. */
export interface ColumnTransformerParameters {
  /** Names, transformers (or 'passthrough', 'drop') and columns, in the order of the output. */
  readonly transformers: readonly ColumnEntry[];
  /** What becomes of columns that no transformer has: 'drop' (default), 'passthrough', or a transformer; they come last. */
  readonly remainder: ColumnStep;
  /** Whether names of the output begin with the name of the transformer. Default true. */
  readonly verboseFeatureNamesOut: boolean;
}

/** What one transformer was fitted to. */
export interface ColumnBlock {
  readonly name: string;
  readonly transformer: EstimatorJson | 'passthrough';
  readonly columns: readonly number[];
  /** Names of its output, without its own. */
  readonly names: readonly string[];
}

/** Learned state of a `ColumnTransformer`. */
export interface ColumnTransformerFitted extends Fitted {
  /** One for each transformer that was not dropped, in the order of the output. */
  readonly blocks: readonly ColumnBlock[];
  /** The parameter at the time of the fit. */
  readonly verboseFeatureNamesOut: boolean;
}

const isBlock = (value: unknown, columns: number): boolean =>
  hasKeys(value, ['name', 'transformer', 'columns', 'names']) &&
  typeof value.name === 'string' &&
  isIndices(value.columns, null, columns) &&
  isList(value.names, null, (name) => typeof name === 'string');

const state: StateTable<ColumnTransformerFitted> = {
  ...fittedState,
  blocks: (value, { nFeaturesIn }) =>
    isList(value, null, (block) => isBlock(block, nFeaturesIn)) && value.length > 0,
  verboseFeatureNamesOut: (value) => typeof value === 'boolean',
};

const isStep = (value: unknown): boolean =>
  value === 'passthrough' || value === 'drop' || (isEstimator(value) && isTransforming(value));

const own = ['transformers', 'remainder', 'verboseFeatureNamesOut'];

const table: ParameterTable<ColumnTransformerParameters> = {
  transformers: custom<readonly ColumnEntry[]>(
    [],
    "a list of [name, transformer | 'passthrough' | 'drop', columns], with different names",
    (value) =>
      Array.isArray(value) &&
      value.every((entry) => Array.isArray(entry) && isStep(entry[1]) && isColumns(entry[2])) &&
      areNames(
        value.map(([name]) => name),
        own,
      ),
  ),
  remainder: custom<ColumnStep>('drop', "'drop', 'passthrough', or a transformer", isStep),
  verboseFeatureNamesOut: boolean(true),
};

/** A fitted block and the columns that it reads. */
interface Block {
  readonly name: string;
  readonly transformer: TransformingStep | null;
  readonly columns: readonly number[];
  readonly outputs: number;
}

/**
 * Transforms groups of columns, each in its own way, and puts the results side by side. `fit` fits copies; `fit` has none of
 * the weights of rows. In a pipeline, each transformer is folded or not on its own.
 */
export class ColumnTransformer extends Transformer<
  ColumnTransformerParameters,
  ColumnTransformerFitted,
  TableArray
> {
  #blocks: { readonly of: ColumnTransformerFitted; readonly blocks: readonly Block[] } | undefined;

  constructor(
    parameters: Partial<ColumnTransformerParameters> & Readonly<Record<string, unknown>> = {},
  ) {
    const { transformers, remainder, verboseFeatureNamesOut, ...nested } = parameters;
    super('ColumnTransformer', table, {
      ...(transformers && { transformers: revivedParts(transformers) }),
      ...(remainder && { remainder: revived(remainder) as ColumnStep }),
      ...(verboseFeatureNamesOut !== undefined && { verboseFeatureNamesOut }),
    });
    if (Object.keys(nested).length > 0) this.setParams(nested);
  }

  /** The fitted transformers by name, once there are some. @throws NOT_FITTED */
  get namedTransformers(): Readonly<Record<string, TransformingStep | 'passthrough'>> {
    const entries = this.#fittedBlocks().map(({ name, transformer }) => [
      name,
      transformer ?? 'passthrough',
    ]);
    return Object.fromEntries(entries);
  }

  /** Own parameters; with `deep` (default) also the transformers by name, and their parameters as `name__parameter`. */
  override getParams(
    options: { readonly deep?: boolean } = {},
  ): ColumnTransformerParameters & Readonly<Record<string, unknown>> {
    const parameters = super.getParams();
    if (options.deep === false) return { ...parameters };
    return { ...parameters, ...nestedParams(parameters.transformers) };
  }

  /** Changes the named parameters, `name__parameter` those of a copy of a transformer, for the next `fit`. */
  override setParams(parameters: Readonly<Record<string, unknown>>): this {
    const entries = Object.entries(parameters);
    const mine = Object.fromEntries(entries.filter(([key]) => own.includes(key)));
    const others = Object.fromEntries(entries.filter(([key]) => !own.includes(key)));
    super.setParams(mine);
    const { transformers } = super.getParams();
    return super.setParams({ transformers: changedParts(this.name, own, transformers, others) });
  }

  override clone(): this {
    const { transformers, remainder, ...rest } = super.getParams();
    const [[, other]] = clonedParts([['remainder', remainder]]) as [[string, ColumnStep]];
    const parameters = { ...rest, transformers: clonedParts(transformers), remainder: other };
    return new (this.constructor as new (parameters: object) => this)(parameters);
  }

  override toJSON(): EstimatorJson {
    const { transformers, remainder, ...rest } = super.getParams();
    const [[, other]] = partsToJson([['remainder', remainder]]) as [[string, unknown]];
    const parameters = { ...rest, transformers: partsToJson(transformers), remainder: other };
    return { ...super.toJSON(), parameters };
  }

  override restore(json: EstimatorJson): void {
    super.restore(json);
    if (json.fitted !== null) this.#fittedBlocks();
  }

  /** The fitted transformers in two parts; choosing columns is the client's. Called by pipelines alone. */
  factored(kind: MapKind | null, whyNot: string): Factored {
    const { fitted } = this;
    const blocks = this.#fittedBlocks();
    const parts = blocks.map(({ name, transformer }): Factored => {
      if (transformer === null) return { client: null, map: null, placement: [] };
      return factorStep(name, transformer, kind, whyNot);
    });
    const client = (X: TableLike): TableLike => {
      const all = readTable(X, 'X', fitted);
      return sideBySide(
        blocks.map(({ columns }, i) => {
          const chosen = columnsOf(all, columns);
          const own = parts[i]!.client;
          return own === null ? chosen : readTable(own(chosen), 'X');
        }),
      );
    };
    const maps = parts.map(({ map }, i) => map ?? (kind && identityMap(kind, blocks[i]!.outputs)));
    const folds = kind !== null && parts.some(({ map }) => map !== null);
    return {
      client,
      map: folds
        ? besideEachOther(
            kind,
            maps.filter((map) => map !== null),
          )
        : null,
      placement: parts.flatMap(({ placement }) => placement),
    };
  }

  protected override get state(): AnyStateTable {
    return state;
  }

  protected override train(
    X: Table,
    { transformers, remainder, verboseFeatureNamesOut }: ColumnTransformerParameters,
  ): LearnedTransform<ColumnTransformerFitted> {
    const chosen = transformers.map(([name, transformer, columns]) => {
      const indices = columnIndices(columns, X, `ColumnTransformer, columns of '${name}'`);
      return { name, transformer, columns: indices };
    });
    const taken = new Set(chosen.flatMap(({ columns }) => columns));
    const rest = Array.from({ length: X.columns }, (_, i) => i).filter((i) => !taken.has(i));
    const all = [...chosen, { name: 'remainder', transformer: remainder, columns: rest }];
    const blocks = all.flatMap(({ name, transformer, columns }): ColumnBlock[] => {
      if (transformer === 'drop' || columns.length === 0) return [];
      const own = columnsOf(X, columns);
      const inputs = own.names ?? columns.map((column) => `x${column}`);
      if (transformer === 'passthrough') return [{ name, transformer, columns, names: inputs }];
      const fitted = (transformer.clone() as TransformingStep).fit(own);
      const names = fitted.getFeatureNamesOut?.(inputs) ?? outputNames(fitted, own);
      return [{ name, transformer: fitted.toJSON(), columns, names }];
    });
    const names = blocks.flatMap((block) => block.names);
    const what = 'ColumnTransformer.transformers';
    if (names.length === 0) {
      throw error('BAD_OPTION', { what, given: 'no column that is kept', allowed: 'one or more' });
    }
    const twice = names.find((name, i) => names.indexOf(name) < i);
    if (!verboseFeatureNamesOut && twice !== undefined) {
      const allowed = 'different names, or verboseFeatureNamesOut: true';
      throw error('BAD_OPTION', { what, given: `the name ${twice} twice`, allowed });
    }
    return { blocks, verboseFeatureNamesOut };
  }

  protected override applied(X: Table): Table {
    return sideBySide(
      this.#fittedBlocks().map(({ transformer, columns }) => {
        const own = columnsOf(X, columns);
        return transformer === null ? own : readTable(transformer.transform(own), 'X');
      }),
    );
  }

  protected override namesOut(
    _names: readonly string[],
    fitted: ColumnTransformerFitted,
  ): string[] {
    return fitted.blocks.flatMap(({ name, names }) =>
      fitted.verboseFeatureNamesOut ? names.map((own) => `${name}__${own}`) : names,
    );
  }

  #fittedBlocks(): readonly Block[] {
    const { fitted } = this;
    if (this.#blocks?.of !== fitted) {
      const blocks = fitted.blocks.map(({ name, transformer, columns, names }) => {
        const outputs = names.length;
        return { name, transformer: fittedStep(transformer, columns.length), columns, outputs };
      });
      this.#blocks = { of: fitted, blocks };
    }
    return this.#blocks.blocks;
  }
}

register('ColumnTransformer', ColumnTransformer);

/** The fitted transformer of so many columns. @throws BAD_JSON where it is no such */
function fittedStep(json: ColumnBlock['transformer'], columns: number): TransformingStep | null {
  if (json === 'passthrough') return null;
  const step = revived(json);
  if (isEstimator(step) && isTransforming(step) && step.fitted.nFeaturesIn === columns) return step;
  const allowed = `a transformer that was fitted to ${columns} columns, or 'passthrough'`;
  throw error('BAD_JSON', { what: 'ColumnTransformer.fitted.blocks', given: json, allowed });
}

/** Names for the output of a transformer that has none of its own. */
function outputNames(transformer: TransformingStep, X: Table): string[] {
  const [, columns = 0] = transformer.transform(X).shape;
  return Array.from({ length: columns }, (_, i) => `${transformer.name.toLowerCase()}${i}`);
}
