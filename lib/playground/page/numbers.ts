/**
 * Numbers as the page shows them.
 *
 * @module
 */

/** A count, with commas between thousands. */
export function count(number: number): string {
  return Math.round(number).toLocaleString("en-US");
}

/** A count with its noun. */
export function counted(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? "" : "s"}`;
}

/** A share as a percentage. */
export function percent(share: number, digits = 1): string {
  return `${(100 * share).toFixed(digits)} %`;
}

/** A number with about as many digits as tell it from others. */
export function plain(number: number, digits = 4): string {
  if (Number.isInteger(number) && Math.abs(number) < 1e6) return `${number}`;
  const size = Math.abs(number);
  if (size >= 1e6 || size < 1e-3 && size > 0) return number.toExponential(2);
  return `${Number(number.toPrecision(digits))}`;
}

/** A size in bytes. */
export function size(bytes: number): string {
  if (bytes < 1000) return counted(bytes, "byte");
  return bytes < 1e6 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** A time. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 100) return `${Math.round(seconds)} s`;
  return seconds < 6000 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

/** Round numbers that divide a range into about so many parts. */
export function ticks(least: number, most: number, about = 4): number[] {
  const rough = (most - least || 1) / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough)! * power;
  const found: number[] = [];
  for (let k = Math.ceil(least / step - 1e-9); k * step <= most + 1e-9 * step; k++) {
    found.push(Number((k * step).toPrecision(12)));
  }
  return found;
}
