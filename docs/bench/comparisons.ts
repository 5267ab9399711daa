/** The same work on both sides: a case of ours and a program of the peer, which has that name too. */
export interface Comparison {
  readonly name: string;
  /** The name of the case, where it is not `name`: a case that is compared with several peers. */
  readonly case?: string;
  /** The peer's program under docs/bench/peers: Concrete ML's, Concrete's or SEAL's. */
  readonly program:
    | 'models.py'
    | 'neighbors.py'
    | 'networks.py'
    | 'programs.py'
    | 'seal.ts'
    | 'training.py';
  /** How many times faster ours should be. */
  readonly goal?: number;
  /** Takes minutes or gigabytes on the peer's side: only with --heavy or by name. */
  readonly heavy?: true;
  /** Where the two differ in what they compute. */
  readonly note?: string;
}

/** How many times smaller our evaluation key should be, wherever the peer has one. */
export const keyGoal = 4;

/** In the peer's favour. */
const coarse = 'peer with its default error of 1e-5: at 2^-40 its keys need over 24 GB of memory';

const finer = 'peer nBits 8, ours 12';

/** In the order in which they run. */
export const comparisons: readonly Comparison[] = [
  { name: 'logistic-regression', program: 'models.py', goal: 25, note: finer },
  {
    name: 'logistic-regression-seal',
    case: 'logistic-regression',
    program: 'seal.ts',
    note: 'peer with reals, CKKS in WebAssembly',
  },
  { name: 'linear-svc', program: 'models.py', goal: 25, note: finer },
  { name: 'linear-regression', program: 'models.py', goal: 25, note: finer },
  { name: 'linear-svr', program: 'models.py', goal: 25, note: finer },
  { name: 'poisson-regression', program: 'models.py', goal: 25, note: finer },
  { name: 'decision-tree', program: 'models.py', goal: 20 },
  { name: 'random-forest', program: 'models.py', goal: 100 },
  { name: 'gradient-boosting', program: 'models.py', goal: 100 },
  {
    name: 'neighbors-7',
    program: 'neighbors.py',
    goal: 50,
    heavy: true,
    note: 'peer nBits 2, ours 3; of the peer the client counts the votes',
  },
  {
    name: 'encrypted-sgd',
    program: 'training.py',
    goal: 3,
    heavy: true,
    note: 'peer with its default error of 1e-2 for each lookup, ours 2^-40 for a step',
  },
  {
    name: 'digits-mlp',
    program: 'networks.py',
    note: 'peer with 24 neurons of 3-bit weights; ours with 96 that read four pixels',
  },
  {
    name: 'digits-cnn',
    program: 'networks.py',
    note: 'peer with 16 filters of 4 x 4 pixels, ours of 2 x 2',
  },
  { name: 'lookup-2-bits', program: 'programs.py', goal: 10 },
  { name: 'lookup-4-bits', program: 'programs.py', goal: 10 },
  { name: 'lookup-6-bits', program: 'programs.py', goal: 25 },
  { name: 'lookup-8-bits', program: 'programs.py', goal: 150, heavy: true },
  { name: 'second-layer-4-bits', program: 'programs.py', goal: 1.5 },
  { name: 'second-layer-6-bits', program: 'programs.py', goal: 4 },
  { name: 'second-layer-8-bits', program: 'programs.py', goal: 8, heavy: true },
  { name: 'less', program: 'programs.py', goal: 12 },
  { name: 'multiply', program: 'programs.py', goal: 12 },
  { name: 'maximum', program: 'programs.py', goal: 20 },
  { name: 'less-8-bits', program: 'programs.py', goal: 20, heavy: true },
  { name: 'multiply-8-bits', program: 'programs.py', goal: 10, heavy: true, note: coarse },
  { name: 'maximum-8-bits', program: 'programs.py', goal: 20, heavy: true, note: coarse },
  { name: 'life', program: 'programs.py', goal: 10 },
  {
    name: 'dense',
    program: 'programs.py',
    goal: 4,
    heavy: true,
    note: 'peer exact on what its inputset reaches, ours everywhere',
  },
  { name: 'sort', program: 'programs.py', goal: 4, heavy: true },
];
