/** The same work on both sides: a case of ours and a program of the peer, of one name. */
export interface Comparison {
  readonly name: string;
  /** The peer's program under docs/bench/peers. */
  readonly program: 'models.py' | 'programs.py';
  /** Takes minutes or gigabytes on the peer's side: only with --heavy or by name. */
  readonly heavy?: true;
  /** Where the two differ in what they compute. */
  readonly note?: string;
}

/** In the order in which they run. */
export const comparisons: readonly Comparison[] = [
  { name: 'logistic-regression', program: 'models.py', note: 'peer nBits 8, ours 12' },
  { name: 'linear-svc', program: 'models.py', note: 'peer nBits 8, ours 12' },
  { name: 'decision-tree', program: 'models.py' },
  { name: 'less', program: 'programs.py' },
  { name: 'multiply', program: 'programs.py' },
  { name: 'maximum', program: 'programs.py' },
  { name: 'lookup-2-bits', program: 'programs.py' },
  { name: 'lookup-4-bits', program: 'programs.py' },
  { name: 'lookup-6-bits', program: 'programs.py' },
  { name: 'life', program: 'programs.py' },
  { name: 'lookup-8-bits', program: 'programs.py', heavy: true },
  {
    name: 'dense',
    program: 'programs.py',
    heavy: true,
    note: 'peer exact on what its inputset reaches, ours everywhere',
  },
];
