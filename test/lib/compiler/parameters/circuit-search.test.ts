import test from 'ava';
import { defaultCalibration as calibration } from '../../../../lib/compiler/parameters/calibration.ts';
import { circuitSets } from '../../../../lib/compiler/parameters/circuit-sets.ts';
import {
  type BoundContext,
  constraintBound,
} from '../../../../lib/compiler/parameters/constraint-bounds.ts';
import { searchLookups } from '../../../../lib/compiler/parameters/lookup-search.ts';
import { lookupTables } from '../../../../lib/compiler/parameters/lookup-sets.ts';
import { predictor } from '../../../../lib/compiler/parameters/predict.ts';
import { largestExactWidth } from '../../../../lib/compiler/parameters/reachable.ts';
import type {
  Choice,
  CircuitRequirement,
  Constraint,
  NoiseTerm,
  Requirements,
} from '../../../../lib/compiler/parameters/requirements.ts';
import { eventShare, searchParameters } from '../../../../lib/compiler/parameters/search.ts';
import { marginFor } from '../../../../lib/compiler/parameters/special.ts';

const size = 2048;

/** The input of a circuit bootstrap: the lowest bit of `bits`, after the lower ones were subtracted. */
function bit(bits: number, terms: readonly NoiseTerm[]): Constraint {
  const weight = 4 ** (bits - 1);
  return {
    margin: 2 ** -2,
    terms: terms.map((term) => ({ ...term, squaredWeight: weight * term.squaredWeight })),
    lookup: 'circuit',
    keyswitched: true,
    replyBits: null,
    count: bits,
  };
}

function output(width: number, terms: readonly NoiseTerm[]): Constraint {
  return {
    margin: 2 ** -(width + 1),
    terms,
    lookup: null,
    keyswitched: false,
    replyBits: null,
    count: 1,
  };
}

/** A table of `width` bits of a computed value of `inputs` bits, which are made one after the other. */
function table(width: number, inputs: number): Requirements {
  return {
    pError: 2 ** -40,
    polynomialSize: size,
    calibration,
    bits: null,
    circuit: { bitCount: inputs, layerCount: inputs, cmuxCount: 2 * inputs },
    constraints: [
      bit(inputs, [
        { source: 'fresh-glwe', squaredWeight: 1 },
        { source: 'circuit', squaredWeight: 1 },
      ]),
      output(width, [{ source: 'circuit-diagram', depth: inputs, squaredWeight: 1 }]),
    ],
    lookups: [],
  };
}

/** Bits of the query, computed ones and lookups, all in one constraint. */
function mixed(): Requirements {
  const lookup = (precision: number) => ({
    precision,
    count: 10,
    keyswitchCount: 10,
    smallSlotCount: 0,
  });
  return {
    ...table(6, 8),
    bits: { encoding: 'packed', bitCount: 20, cmuxCount: 100 },
    lookups: [lookup(4), lookup(0)],
    constraints: [
      ...table(6, 8).constraints,
      {
        margin: 2 ** -6,
        lookup: 0,
        keyswitched: true,
        replyBits: null,
        count: 10,
        terms: [
          { source: 'circuit-diagram', depth: 8, squaredWeight: 4 },
          { source: 'diagram', depth: 6, squaredWeight: 3 },
        ],
      },
      output(6, [
        { source: 'circuit-diagram', depth: 3, squaredWeight: 4 },
        { source: 'diagram', depth: 1, squaredWeight: 3 },
        { source: 'bootstrap', lookup: 0, squaredWeight: 3 },
      ]),
      {
        margin: 2 ** -2,
        lookup: 1,
        keyswitched: true,
        replyBits: null,
        count: 10,
        terms: [{ source: 'bootstrap', lookup: 0, squaredWeight: 64 }],
      },
    ],
  };
}

function chosen(requirements: Requirements): Choice {
  const result = searchParameters(requirements);
  if (result.kind !== 'chosen') throw new Error(JSON.stringify(result));
  return result;
}

function isSound(requirements: Requirements, choice: Choice): boolean {
  const share = eventShare(requirements);
  const predict = predictor(choice.parameters, choice.lookupClasses);
  return requirements.constraints.every((constraint, index) => {
    const { log2Failure } = predict(constraint);
    return log2Failure <= share + 1e-3 && log2Failure === choice.predictions[index]?.log2Failure;
  });
}

/** What trying every set of gadgets with every key finds. */
function exhaustive(requirements: Requirements, circuit: CircuitRequirement): number {
  const tables = lookupTables(size, calibration);
  const context: BoundContext = {
    z: marginFor(eventShare(requirements)),
    size,
    circuitClass: 0,
    tailOf: () => ({ share: 0, degrees: Infinity }),
  };
  const bits = { precision: 0, count: 0, keyswitchCount: 0, smallSlotCount: 0, bits: circuit };
  const prices = circuitSets(circuit, size, calibration).map((set) => {
    const bounds = requirements.constraints.map((constraint) =>
      constraintBound(constraint, { bits: null, circuit: set }, context),
    );
    return set.price + (searchLookups([bits], bounds, tables)?.price ?? Infinity);
  });
  return Math.min(...prices);
}

test('wide tables of computed values get parameters that hold', (t) => {
  let last = 0;
  for (const width of [2, 6, 10, 12]) {
    const requirements = table(width, 10);
    const choice = chosen(requirements);
    t.true(isSound(requirements, choice), `${width} bits`);
    t.true(choice.objective >= last, `${width} bits`);
    last = choice.objective;
    const lookup = choice.parameters.lookups[choice.parameters.circuit?.lookup ?? -1];
    t.true((lookup?.lweDimension ?? 0) < 650, JSON.stringify(lookup));
    t.true(choice.microseconds < 25_000 * 10, `${choice.microseconds} microseconds`);
  }
});

test('the choice is no dearer than that of an exhaustive search', (t) => {
  for (const [width, inputs] of [
    [3, 6],
    [8, 8],
    [10, 10],
    [12, 5],
  ] as const) {
    const requirements = table(width, inputs);
    const least = exhaustive(requirements, requirements.circuit as CircuitRequirement);
    const { objective } = chosen(requirements);
    t.true(objective <= 1.02 * least, `${width} bits of ${inputs}: ${objective}, least ${least}`);
  }
});

test('the whole set is sound where computed bits, bits of the query and lookups meet', (t) => {
  const requirements = mixed();
  const choice = chosen(requirements);
  t.true(isSound(requirements, choice));
  t.is(choice.lookupClasses.length, 2);
  t.not(choice.parameters.packed, null);
  t.not(choice.parameters.circuit, null);
  t.deepEqual(searchParameters(requirements), choice);
});

test('few computed bits share the keys of the lookups beside them', (t) => {
  const lookups = [{ precision: 4, count: 1, keyswitchCount: 1, smallSlotCount: 0 }];
  const requirements: Requirements = {
    ...table(2, 2),
    lookups,
    constraints: [
      ...table(2, 2).constraints,
      {
        margin: 2 ** -6,
        lookup: 0,
        keyswitched: true,
        replyBits: null,
        count: 1,
        terms: [{ source: 'fresh-glwe', squaredWeight: 1 }],
      },
    ],
  };
  const choice = chosen(requirements);
  t.true(isSound(requirements, choice));
  t.is(choice.parameters.lookups.length, 1);
  t.is(choice.parameters.circuit?.lookup, 0);
});

test('bits that are made together take less than one after the other', (t) => {
  const alone = table(8, 8);
  const together = { ...alone, circuit: { bitCount: 8, layerCount: 1, cmuxCount: 16 } };
  t.true(chosen(together).microseconds < 0.8 * chosen(alone).microseconds);
});

test('one bit without padding has a small dimension and one level, where its output noise allows', (t) => {
  const extraction = (weight: number): Requirements => ({
    ...table(1, 1),
    circuit: null,
    constraints: [
      {
        margin: 2 ** -2,
        lookup: 0,
        keyswitched: true,
        replyBits: null,
        count: 8,
        terms: [{ source: 'bootstrap', lookup: 0, squaredWeight: weight }],
      },
    ],
    lookups: [{ precision: 0, count: 8, keyswitchCount: 8, smallSlotCount: 0 }],
  });
  const coarse = chosen(extraction(4 ** 7)).parameters.lookups[0];
  t.true((coarse?.lweDimension ?? 0) <= 620, JSON.stringify(coarse));
  t.is(coarse?.bootstrap.levelCount, 1);
  const fine = chosen(extraction(4 ** 12)).parameters.lookups[0];
  t.is(fine?.bootstrap.levelCount, 2);
  t.true((fine?.lweDimension ?? 0) <= 620, JSON.stringify(fine));
});

test('an output that no rotation is precise enough for is named', (t) => {
  const requirements = table(17, 8);
  const result = searchParameters(requirements);
  t.is(result.kind, 'infeasible');
  if (result.kind !== 'infeasible') return;
  t.is(result.constraint, 1);
  t.true(result.log2Failure > result.log2FailureAllowed && result.log2Failure < 0);
});

test('the widest exact output of computed bits can be chosen, wider ones cannot', (t) => {
  const noise = { depth: 0, squaredWeight: 1, log2Failure: eventShare(table(1, 8)) };
  const width = largestExactWidth(size, calibration)({ ...noise, circuitDepth: 8 });
  t.true(width >= 12, String(width));
  t.is(searchParameters(table(width, 8)).kind, 'chosen');
  t.is(searchParameters(table(width + 1, 8)).kind, 'infeasible');
});

test('the search takes milliseconds', (t) => {
  let least = Infinity;
  for (let round = 0; round < 8; round += 1) {
    const start = process.cpuUsage();
    searchParameters(table(10, 10));
    const { user, system } = process.cpuUsage(start);
    least = Math.min(least, (user + system) / 1000);
  }
  t.true(least < 50, `${least} ms`);
});
