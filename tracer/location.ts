/**
 * Where in the user's own program a node was made.
 */
import type { Location } from './graph.ts';

/** Frames looked at; an estimator may stand between the user's line and the tracer. */
const FRAMES = 24;

/** The folder of the package, as a path that ends in a slash; in a build also without its `dist/`. */
const ROOT = toPath(new URL('..', import.meta.url).href);
const ROOTS: readonly string[] = [ROOT, ROOT.replace(/dist\/$/, '')];
const OWN: readonly string[] = [
  'tracer/',
  'lib/',
  'estimators/',
  'models/',
  'plot/',
  'node_modules/',
];

/**
 * The innermost frame of the caller's stack that is not the library's own. The stack is taken now and read when a
 * field is, because reading (with source maps) costs a hundred times more. Line 0 means: no such frame.
 *
 * @param inside a function on the stack whose frame, and those inside it, are known to be the library's
 */
export function captureLocation(inside: (...args: never[]) => unknown = captureLocation): Location {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = FRAMES;
  const location = new LazyLocation();
  Error.captureStackTrace?.(location, inside);
  Error.stackTraceLimit = limit;
  return location;
}

/** A class with getters on its prototype: one object a node, where closures made the tracer twice as slow. */
class LazyLocation implements Location {
  declare stack?: string;
  #found: Location | undefined;

  get file(): string {
    return this.#resolve().file;
  }

  get line(): number {
    return this.#resolve().line;
  }

  get column(): number {
    return this.#resolve().column;
  }

  toJSON(): Location {
    return { ...this.#resolve() };
  }

  #resolve(): Location {
    this.#found ??= findUserFrame(this.stack ?? '') ?? { file: '', line: 0, column: 0 };
    return this.#found;
  }
}

/** `file:line:column`, or null where there is none. */
export function formatLocation(location: Location | undefined): string | null {
  if (!location || location.line === 0) return null;
  return `${location.file}:${location.line}:${location.column}`;
}

/** The first frame of a V8 stack text that belongs to the user. */
export function findUserFrame(stack: string): Location | null {
  for (const text of stack.split('\n')) {
    const frame = parseFrame(text);
    if (frame && !isOwn(frame.file)) return frame;
  }
  return null;
}

/** A line of a V8 stack: `at f (place)`, `at async f (place)` or `at place`; null for native and eval frames. */
export function parseFrame(text: string): Location | null {
  const frame = /^\s*at (?:async )?(.*)$/.exec(text)?.[1];
  if (frame === undefined) return null;
  const opening = frame.endsWith(')') ? frame.indexOf(' (') : -1;
  const place = opening >= 0 ? frame.slice(opening + 2, -1) : frame;
  const [, file, line, column] = /^(.+):(\d+):(\d+)$/.exec(place) ?? [];
  if (file === undefined || file.includes('<anonymous>')) return null;
  return { file: toPath(file), line: Number(line), column: Number(column) };
}

function isOwn(file: string): boolean {
  if (file.startsWith('node:')) return true;
  return ROOTS.some(
    (root) => file.startsWith(root) && OWN.some((folder) => file.startsWith(folder, root.length)),
  );
}

/** A `file://` URL as a path with forward slashes, without a query; other text as it is. */
function toPath(file: string): string {
  if (!file.startsWith('file://')) return file.replaceAll('\\', '/');
  const path = decodeURIComponent(new URL(file).pathname);
  return path.replace(/^\/(?=[A-Za-z]:\/)/, '');
}
