/**
 * Formats numbers for the page.
 *
 * @module
 */
import type { Notation } from "../../data/table/mod.ts";

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

/** A number with about the digits that distinguish it from others. */
export function plain(number: number, digits = 4): string {
  const size = Math.abs(number);
  if (size >= 1e9 || size < 1e-3 && size > 0) return number.toExponential(2);
  const rounded = Number.isInteger(number) ? number : Number(number.toPrecision(digits));
  return size < 10_000 ? `${rounded}` : rounded.toLocaleString("en-US");
}

/** The milliseconds of a day. */
const DAY = 86_400_000;

/** A number in the notation of its table. */
export function written(number: number, notation: Notation | null): string {
  switch (notation?.kind) {
    case "date": {
      // The Swedish locale writes dates as in ISO 8601.
      const day = new Intl.DateTimeFormat("sv-SE", { timeZone: "UTC" });
      return day.format((number + (notation.origin ?? 0)) * DAY);
    }
    case "time": {
      const minutes = Math.round(number / 60);
      return `${Math.floor(minutes / 60)}:${`${minutes % 60}`.padStart(2, "0")}`;
    }
    case "boolean":
      return `${number >= 0.5}`;
  }
  const sign = notation?.sign;
  if (sign === "%") return `${plain(number)} %`;
  if (sign === undefined) return plain(number);
  return `${sign}${/\w$/.test(sign) ? " " : ""}${plain(number)}`;
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

/** Round numbers that divide a range into about `about` parts. */
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
