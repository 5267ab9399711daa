/** Random models: a class, some of its parameters, and a data set, as plain data. */
import fc from 'fast-check';
import { type DataSource, dataSources } from './data.ts';

/** What each parameter is drawn from. */
export type Values = Readonly<Record<string, readonly unknown[]>>;

/** A random model as plain data that fast-check prints and shrinks. */
export interface ModelSource {
  readonly estimator: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly data: DataSource;
}

/** Random models of some classes by their names. Most parameters have their defaults. */
export function modelSources(classes: Readonly<Record<string, Values>>): fc.Arbitrary<ModelSource> {
  const data = dataSources(60, 8);
  return fc.oneof(
    ...Object.entries(classes).map(([estimator, values]) =>
      fc.record({ estimator: fc.constant(estimator), parameters: parametersOf(values), data }),
    ),
  );
}

/** Some of the parameters, drawn from their values. */
export function parametersOf(values: Values): fc.Arbitrary<Record<string, unknown>> {
  const entries = Object.entries(values).map(([name, all]) => [name, fc.constantFrom(...all)]);
  return fc
    .tuple(
      fc.record(Object.fromEntries(entries) as Record<string, fc.Arbitrary<unknown>>),
      fc.array(fc.constantFrom(...Object.keys(values)), { maxLength: 5 }),
    )
    .map(([all, chosen]) => Object.fromEntries(chosen.map((name) => [name, all[name]])));
}
