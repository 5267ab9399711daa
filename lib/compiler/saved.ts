/**
 * Compiled circuits that come from JSON, which others may have changed: that they have every part, that parts refer to what
 * is there, and that lengths are those of lists in the document. The program itself is checked by the native runtime.
 */
import { sizeOf } from '../../tracer/tensor.ts';
import type { Compiled } from './circuit.ts';

type Test = (value: unknown) => boolean;

/** Whether a value is all that `Circuit.toJSON` writes. */
export function isCompiled(value: unknown): value is Compiled {
  const isParts = isRecord({
    format: (format) => format === 1,
    hash: isText,
    inputs: isList(isInput),
    outputs: isList(isShape),
    listed: isBoolean,
    pError: (pError) => isNumber(pError) && pError > 0 && pError <= 0.5,
    program: isRecord({ inputs: Array.isArray, outputs: Array.isArray }),
    statistics: isRecord({ queryBytes: isNonNegative, log2Failure: isNumber }),
    noise: isList(isRecord({})),
    graph: isRecord({ text: isText, dot: isText }),
    simulation: isRecord({ cells: Array.isArray, outputs: Array.isArray }),
  });
  if (!isParts(value)) return false;
  const { inputs, outputs, program, simulation } = value as Compiled;
  const inputCount = inputs.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const outputCount = outputs.reduce((sum, shape) => sum + sizeOf(shape), 0);
  return (
    program.inputs.length === inputCount &&
    program.outputs.length === outputCount &&
    simulation.outputs.length === outputCount &&
    isSimulation(simulation.cells.length, inputCount)(simulation)
  );
}

const isInput: Test = (value) =>
  isRecord({
    name: isText,
    shape: isShape,
    min: isInteger,
    max: isInteger,
    encrypted: isBoolean,
  })(value) &&
  (value as { min: number }).min <= (value as { max: number }).max &&
  ['undefined', 'number'].includes(typeof (value as { carried?: unknown }).carried);

/** The test of a model with so many cells and scalar inputs. */
function isSimulation(cells: number, inputs: number): Test {
  const isCell = isBelow(cells);
  const isTerms = isList((term) => isPair(term) && isCell(term[0]) && isNumber(term[1]));
  const isForm = isRecord({ terms: isTerms, constant: isNumber });
  const isSum = isRecord({ exact: isForm, lookups: isTerms, constant: isNumber });
  const isLookupForm: Test = (form) => {
    if (!isSum(form)) return false;
    const { choices } = form as { readonly choices?: unknown };
    return choices === undefined || isList(isChoice)(choices);
  };
  const isChoice = isRecord({ condition: isForm, form: (form) => isLookupForm(form) });
  const kinds: Readonly<Record<string, Test>> = {
    input: isRecord({ input: isBelow(inputs) }),
    table: isRecord({ index: isForm, values: isList(isNumber) }),
    where: isRecord(
      Object.fromEntries(['condition', 'then', 'otherwise'].map((name) => [name, isForm])),
    ),
    form: isRecord({ form: isForm }),
    bit: isRecord({ form: isForm, position: isBelow(64) }),
    bits: isRecord({ form: isForm, bits: isList(isCell) }),
  };
  const isModelCell: Test = (cell) => {
    if (!isRecord({ kind: isText })(cell)) return false;
    const { kind } = cell as { readonly kind: string };
    return Object.hasOwn(kinds, kind) && kinds[kind]!(cell);
  };
  const isRead: Test = (reads) =>
    isRecord({ kind: (kind) => kind === 'bit', cell: isCell })(reads) ||
    isRecord({
      kind: (kind) => kind === 'tables',
      precision: isBelow(64),
      entries: isList(isNumber),
      tables: isList(isRecord({ cell: isCell, offset: isNumber })),
      approximate: isBoolean,
    })(reads);
  const isLookup = isRecord({
    index: isLookupForm,
    log2Step: isNumber,
    deviation: isNonNegative,
    reads: isRead,
  });
  const isPart = isRecord({
    form: isLookupForm,
    weight: isNumber,
    deviation: isNonNegative,
    min: isNumber,
    width: isBelow(65),
  });
  return isRecord({
    cells: isList(isModelCell),
    lookups: isList(isLookup),
    outputs: isList(isRecord({ parts: isList(isPart), offset: isNumber })),
    promises: isList(isRecord({ form: isForm, min: isNumber, max: isNumber, what: isText })),
  });
}

/** The test of an object with these entries, each of which passes; there may be others. */
function isRecord(tests: Readonly<Record<string, Test>>): Test {
  return (value) =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.entries(tests).every(
      ([name, passes]) =>
        Object.hasOwn(value, name) && passes((value as Record<string, unknown>)[name]),
    );
}

/** The test of a list of values that all pass. */
function isList(passes: Test): Test {
  return (value) => Array.isArray(value) && Array.from(value).every(passes);
}

function isPair(value: unknown): value is readonly [unknown, unknown] {
  return Array.isArray(value) && value.length === 2;
}

function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

function isNonNegative(value: unknown): boolean {
  return isNumber(value) && value >= 0;
}

function isInteger(value: unknown): boolean {
  return Number.isSafeInteger(value);
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isBoolean(value: unknown): boolean {
  return typeof value === 'boolean';
}

function isBelow(limit: number): Test {
  return (value) => isInteger(value) && Number(value) >= 0 && Number(value) < limit;
}

function isShape(value: unknown): boolean {
  return isList(isBelow(2 ** 32))(value);
}
