/**
 * A program in C under construction: its tables, functions and buffers.
 *
 * @module
 */
import type { Tables } from "./c_text.ts";

/** A program so far. */
export interface Program {
  /** The tables of constants. */
  readonly tables: Tables;
  /** The functions by name, in the order in which they were first needed. */
  readonly functions: Map<string, string>;
  /** The buffers' definitions by name. */
  readonly buffers: Map<string, string>;
  /** The bytes of the buffers. */
  ram: number;
}

/** An empty program. */
export function emptyProgram(): Program {
  return {
    tables: { texts: new Map(), bytes: 0 },
    functions: new Map(),
    buffers: new Map(),
    ram: 0,
  };
}

/** Adds a function, unless the program already has it. */
export function addFunction({ functions }: Program, name: string, text: string): void {
  if (!functions.has(name)) functions.set(name, text.trim());
}

/** Adds a buffer of at least one element. */
export function addBuffer(
  program: Program,
  type: string,
  name: string,
  length: number,
  bytes: number,
): void {
  const elements = Math.max(1, length);
  program.buffers.set(name, `PREDICT_STORAGE ${type} ${name}[${elements}];`);
  program.ram += elements * bytes;
}
