/**
 * Which times the cost model counts with: those of this machine, measured once and kept in the user's cache folder, or
 * the fixed ones.
 */
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { availableParallelism, cpus } from 'node:os';
import { cacheFolder, readCached, writeCached } from '../cache.ts';
import { error } from '../errors.ts';
import { measurePrimitives } from '../runtime/measure.ts';
import { type Calibration, defaultCalibration } from './parameters/calibration.ts';

/**
 * - `measured`: of this machine; the first use ever measures for a quarter of a second. The fixed ones where the native
 *   runtime is missing.
 * - `default`: the fixed ones, with which a function compiles to the same circuit on every machine.
 * - Times of another machine, such as the server that will run the circuit.
 */
export type CalibrationOption = 'measured' | 'default' | Calibration;

/** Times further than this from the fixed ones, as a factor, were not measured. */
const LARGEST_FACTOR = 100;
/** Times are rounded to so many steps per factor of two, so that small disturbances do not change circuits. */
const STEPS = 4;
/** Milliseconds to wait for a measurement, which itself waits while circuits run. */
const PATIENCE = 2000;

/**
 * The times that an option stands for; without one, those that the environment's BLINDFIT_CALIBRATION names.
 *
 * @throws BAD_OPTION
 */
export async function calibrationFor(option: CalibrationOption | undefined): Promise<Calibration> {
  const chosen = option ?? process.env.BLINDFIT_CALIBRATION ?? 'measured';
  if (chosen === 'default') return defaultCalibration;
  if (chosen === 'measured') return machineCalibration();
  if (isCalibration(chosen)) return chosen;
  throw error('BAD_OPTION', {
    what: option === undefined ? 'BLINDFIT_CALIBRATION' : 'calibration',
    given: chosen,
    allowed: `'measured', 'default'${option === undefined ? '' : ', or positive times by name'}`,
  });
}

let measured: Promise<Calibration> | undefined;

/** The times of this machine: measured by this process or an earlier one; the fixed ones where that is impossible. */
export function machineCalibration(): Promise<Calibration> {
  measured ??= keptOrMeasured();
  return measured;
}

/**
 * What the cache folder holds for this machine, or what `measure` finds within `patience` milliseconds; what it finds is
 * kept there. Else the fixed times.
 */
export async function keptOrMeasured(
  folder: string | null = cacheFolder(),
  measure: () => Promise<Calibration> = measurePrimitives,
  patience: number = PATIENCE,
): Promise<Calibration> {
  const kept = readCached(cacheName(), folder) as
    | { subject?: unknown; times?: unknown }
    | null
    | undefined;
  if (JSON.stringify(kept?.subject) === JSON.stringify(subject()) && isCalibration(kept?.times))
    return kept.times;
  const measuring = measure().then(
    (times) => {
      const rounded = roundTimes(times);
      if (!isCalibration(rounded)) return defaultCalibration;
      writeCached(cacheName(), { subject: subject(), times: rounded }, folder);
      return rounded;
    },
    () => defaultCalibration,
  );
  return soon(measuring, patience, defaultCalibration);
}

/** What `work` gives, or `instead` where that takes longer than `patience`; it then goes on by itself. */
async function soon<T>(work: Promise<T>, patience: number, instead: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<T>((resolve) => {
    timer = setTimeout(resolve, patience, instead);
  });
  const first = await Promise.race([work, late]);
  clearTimeout(timer);
  return first;
}

/** What a measurement holds for: another version, machine or number of threads measures anew. */
function subject(): Record<string, string | number> {
  const { version } = createRequire(import.meta.url)('blindfit/package.json') as {
    version: string;
  };
  return {
    version,
    processor: cpus()[0]?.model ?? 'unknown',
    architecture: process.arch,
    threads: availableParallelism(),
  };
}

/** The name of the cache's file. */
export function cacheName(): string {
  const digest = createHash('sha256').update(JSON.stringify(subject())).digest('hex');
  return `calibration-${digest.slice(0, 16)}.json`;
}

function roundTimes(times: Calibration): Calibration {
  const entries = Object.entries(defaultCalibration).map(([name, usual]) => {
    const steps = Math.round(Math.log2(times[name as keyof Calibration] / usual) * STEPS);
    return [name, usual * 2 ** (steps / STEPS)];
  });
  return Object.fromEntries(entries);
}

/** Whether every time is there, and credible. */
function isCalibration(value: unknown): value is Calibration {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(defaultCalibration).every(([name, usual]) => {
    const time = (value as Record<string, unknown>)[name];
    if (typeof time !== 'number') return false;
    return time > usual / LARGEST_FACTOR && time < usual * LARGEST_FACTOR;
  });
}
