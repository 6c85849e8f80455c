/** Reads the values of options. */
import { InvalidArgumentError } from "./commander.ts";

/**
 * Reads a number from the command line.
 *
 * @throws {InvalidArgumentError} If it is not a number.
 */
export function parseNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || Number.isNaN(value)) throw new InvalidArgumentError("Need a number");
  return value;
}

/**
 * Reads `true` or `false` from the command line.
 *
 * @throws {InvalidArgumentError} If it is neither.
 */
export function parseBoolean(text: string): boolean {
  if (text === "true" || text === "false") return text === "true";
  throw new InvalidArgumentError("Need true or false");
}

/**
 * Reads JSON.
 *
 * @throws {InvalidArgumentError} If it is not JSON.
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidArgumentError("Need JSON");
  }
}

/** Reads numbers separated by commas. */
export function parseNumbers(text: string): number[] {
  return text === "" ? [] : text.split(",").map(parseNumber);
}

/** Reads names separated by commas. */
export function parseNames(text: string): string[] {
  return text.split(",").map((name) => name.trim()).filter((name) => name !== "");
}

/**
 * Reads a number of bytes, such as `65536` or `64KB`. A KB has 1,024 bytes.
 *
 * @throws {InvalidArgumentError} If it is not a size.
 */
export function parseBytes(text: string): number {
  const [, count, unit] = /^(\d+(?:\.\d+)?)\s*(B|KB|MB)?$/i.exec(text.trim()) ?? [];
  if (count === undefined) throw new InvalidArgumentError("Need a size such as 64KB");
  const power = { "": 0, B: 0, KB: 1, MB: 2 }[(unit ?? "").toUpperCase()]!;
  return Math.floor(Number(count) * 1024 ** power);
}
