/** Named measurements; the unit is the last word of a name: `run ms`, `query KB`, `rows/s`. */
export type Figures = Record<string, number>;

/** One thing that is measured. Files in cases/ export lists of them as `cases`. */
export interface Case {
  /** In kebab case; the peer program of the same name measures the same work. */
  readonly name: string;
  /** What some figures should reach: at most, or at least for figures named in `higherIsBetter`. */
  readonly goal?: Figures;
  run(): Promise<Figures>;
}

/** True for rates, accuracies and R^2, of which more is better. */
export function higherIsBetter(figure: string): boolean {
  return figure.endsWith('/s') || figure === 'accuracy' || figure === 'r2';
}
