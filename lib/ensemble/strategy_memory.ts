/**
 * The data that a strategy keeps from one update to the next: its memory, and its own arrays with a number
 * for every weight.
 *
 * @module
 */
import { printable, quoted, shown } from "../messages.ts";
import { mayChange, type Network } from "../nn/mod.ts";
import type { Pattern } from "../sparse/mod.ts";
import type { TopologyStrategy } from "../topology/mod.ts";

/** A strategy's own arrays for one layer, by name. */
export type OwnArrays = Readonly<Record<string, Float64Array>>;

/** A summary of the updates after single steps in an epoch so far. */
export interface EpochUpdates {
  /** The number of updates. */
  count: number;
  /** Per layer of the network, the number of connections that they removed. */
  readonly removed: number[];
  /** Per layer of the network, the number of connections that they grew. */
  readonly grown: number[];
}

/** The memory and arrays of a strategy in a run. */
export interface StrategyMemory {
  /**
   * The value of `begin`; `null` if the strategy has no `begin`; `undefined` before `begin` and `start`
   * were called.
   */
  memory: unknown;
  /** Per layer of the network, the strategy's own arrays. Empty for layers that never change. */
  readonly own: OwnArrays[];
  /** The updates in the current epoch. */
  updates: EpochUpdates;
  /**
   * Per layer that may change, the positions that were ever connected; `null` if they are not counted, and
   * before the first change.
   */
  tried: readonly Pattern[] | null;
}

/** The memory and arrays of a strategy in a checkpoint. */
export interface SavedStrategy {
  /** The strategy's name. */
  readonly name: string;
  /** Its memory. */
  readonly memory: unknown;
  /** Its own arrays, per layer of the network. */
  readonly own: readonly OwnArrays[];
  /** The updates in the current epoch. */
  readonly updates: EpochUpdates;
  /** Per layer that may change, the positions that were ever connected. Left out if they are not counted. */
  readonly tried?: readonly Pattern[] | undefined;
}

/** The typed arrays that a strategy's memory may contain. */
export type MemoryArray = Float32Array | Float64Array | Int32Array | Uint32Array | Uint8Array;

/** Makes arrays of 0 for the layers of a network that may change. */
export function emptyMemory(strategy: TopologyStrategy, network: Network): StrategyMemory {
  const own = network.layers.map((layer, l): OwnArrays =>
    mayChange(network, l) ? ownArrays(strategy, layer.weights.length) : {}
  );
  const begins = strategy.begin !== undefined || strategy.start !== undefined;
  const memory = begins ? undefined : null;
  return { memory, own, updates: noUpdates(network.layers), tried: null };
}

/** No updates, for so many layers. */
export function noUpdates({ length }: ArrayLike<unknown>): EpochUpdates {
  return { count: 0, removed: Array(length).fill(0), grown: Array(length).fill(0) };
}

/** Returns `true` if a strategy has data that a resumed run needs. */
function keeps({ begin, start, own = [] }: TopologyStrategy): boolean {
  return begin !== undefined || start !== undefined || own.length > 0;
}

/** A strategy's own arrays for a layer of so many weights. */
export function ownArrays({ own = [] }: TopologyStrategy, weights: number): OwnArrays {
  return Object.fromEntries(own.map((name) => [name, new Float64Array(weights)]));
}

/** Copies a strategy's memory and arrays; `undefined` if it has none. */
export function saveMemory(
  strategy: TopologyStrategy,
  { memory, own, updates, tried }: StrategyMemory,
): SavedStrategy | undefined {
  const { name, when } = strategy;
  if (!keeps(strategy) && when?.unit !== "steps" && tried === null) return undefined;
  const saved = {
    name,
    memory: copyMemory(name, memory),
    own: own.map(copyOwn),
    updates: structuredClone(updates),
  };
  // Patterns are never changed in place, so they need no copy.
  return tried === null ? saved : { ...saved, tried };
}

/**
 * Restores a strategy's memory and arrays from a saved state.
 *
 * @throws {Error} If the state belongs to another strategy, or has other arrays.
 */
export function restoreMemory(
  strategy: TopologyStrategy,
  saved: SavedStrategy | undefined,
  network: Network,
): StrategyMemory {
  const empty = emptyMemory(strategy, network);
  if (saved === undefined && !keeps(strategy)) return empty;
  const namesOf = (own: readonly OwnArrays[]) =>
    JSON.stringify(own.map((arrays) => Object.keys(arrays).sort()));
  if (saved?.name !== strategy.name || namesOf(saved.own) !== namesOf(empty.own)) {
    throw new Error(
      `Cannot resume the run: found a state of ${
        saved === undefined ? "another strategy" : `the strategy "${saved.name}"`
      }, need one of "${strategy.name}" with the same arrays`,
    );
  }
  // In the order of the strategy's `own`, which rewiring relies on.
  const own = empty.own.map((arrays, l) => copyOwn({ ...arrays, ...saved.own[l] }));
  const updates = structuredClone(saved.updates);
  return { memory: copyMemory(saved.name, saved.memory), own, updates, tried: saved.tried ?? null };
}

/** Copies a layer's own arrays. */
export function copyOwn(arrays: OwnArrays): OwnArrays {
  return Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, array.slice()]));
}

/** Copies a strategy's memory. */
export function copyMemory(name: string, memory: unknown): unknown {
  if (memory === undefined) return undefined;
  return mapMemory(name, memory, (array) => array.slice());
}

/**
 * Checks a strategy's memory.
 *
 * @throws {TypeError} If it has anything but JSON values and typed arrays.
 */
export function checkMemory(name: string, memory: unknown): void {
  mapMemory(name, memory, (array) => array);
}

/** The key that stands for a typed array in the JSON of a memory. */
const ARRAY = "$array";

/** Converts a memory to JSON. `take` receives every typed array with its number. */
export function memoryToJson(
  name: string,
  memory: unknown,
  take: (array: MemoryArray, number: number) => void,
): unknown {
  let number = 0;
  return mapMemory(name, memory, (array) => {
    take(array, number);
    return { [ARRAY]: number++ };
  });
}

/** Converts JSON to a memory. `give` returns the typed array with a number. */
export function memoryFromJson(value: unknown, give: (number: number) => MemoryArray): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => memoryFromJson(item, give));
  if (ARRAY in value) return give(value[ARRAY] as number);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, memoryFromJson(item, give)]),
  );
}

/** The maximal length of a memory's JSON in characters. A checkpoint has it in its header. */
const MOST_LETTERS = 2 ** 20;

/** The maximal number of characters of a 64-bit number. */
const NUMBER_LETTERS = 24;

/** Copies a memory and replaces its typed arrays by the values that `replace` returns. */
function mapMemory(
  name: string,
  memory: unknown,
  replace: (array: MemoryArray) => unknown,
): unknown {
  const seen = new Map<unknown, string>();
  let letters = 0;
  const copy = (value: unknown, path: string): unknown => {
    letters += typeof value === "string" ? value.length : NUMBER_LETTERS;
    if (letters > MOST_LETTERS) {
      throw new TypeError(
        `Cannot keep the memory of the strategy ${quoted(name)}: found more than ${MOST_LETTERS} ` +
          `letters of JSON by ${printable(path)}, need typed arrays for many numbers`,
      );
    }
    if (value === null || typeof value === "boolean" || typeof value === "string") return value;
    if (typeof value === "number" && Number.isFinite(value)) return value;
    const wrong = (found: string) =>
      new TypeError(
        `Cannot keep the memory of the strategy ${quoted(name)}: found ${found} at ` +
          `${printable(path)}, need JSON values and typed arrays, each at one place`,
      );
    // After a checkpoint, one shared object would have become two.
    const before = seen.get(value);
    if (before !== undefined) throw wrong(`${printable(before)} again`);
    if (typeof value === "object") seen.set(value, path);
    if (isMemoryArray(value)) return replace(value);
    // `map` would skip holes of sparse arrays.
    if (Array.isArray(value)) return Array.from(value, (item, i) => copy(item, `${path}[${i}]`));
    if (!isPlainObject(value) || ARRAY in value) {
      const kind = Object.prototype.toString.call(value).slice(8, -1);
      throw wrong(typeof value === "object" && kind !== "Object" ? kind : shown(value));
    }
    if (Object.getOwnPropertySymbols(value).length > 0) throw wrong("a symbol as key");
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => {
        letters += key.length;
        return [key, copy(item, `${path}.${key}`)];
      }),
    );
  };
  return copy(memory, "memory");
}

function isMemoryArray(value: unknown): value is MemoryArray {
  const kinds = [Float32Array, Float64Array, Int32Array, Uint32Array, Uint8Array];
  return kinds.some((kind) => value instanceof kind);
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
