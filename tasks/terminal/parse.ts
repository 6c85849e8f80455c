/** Reads the values of options. */
import { InvalidArgumentError } from "./commander.ts";

/** Reads a number from the command line. */
export function parseNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || Number.isNaN(value)) throw new InvalidArgumentError("Need a number");
  return value;
}

/** Reads `true` or `false` from the command line. */
export function parseBoolean(text: string): boolean {
  if (text === "true" || text === "false") return text === "true";
  throw new InvalidArgumentError("Need true or false");
}

/** Reads JSON. */
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
