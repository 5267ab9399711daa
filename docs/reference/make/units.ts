/** Quantities as the pages show them: two digits and a unit. */

/** Bytes of a key. */
export function megabytes(bytes: number): string {
  return bytes === 0 ? '0' : `${twoDigits(bytes / 1e6)} MB`;
}

/** Bytes of a query or a reply. */
export function kilobytes(bytes: number): string {
  return `${twoDigits(bytes / 1e3)} KB`;
}

/** Microseconds, in whichever unit reads best. */
export function duration(microseconds: number): string {
  if (microseconds < 1) return '0';
  if (microseconds < 995) return `${twoDigits(microseconds)} µs`;
  if (microseconds < 995e3) return `${twoDigits(microseconds / 1e3)} ms`;
  return `${twoDigits(microseconds / 1e6)} s`;
}

function twoDigits(value: number): string {
  return String(Number(value.toPrecision(2)));
}
