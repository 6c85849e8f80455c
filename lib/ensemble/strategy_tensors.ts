/**
 * The memory and arrays of a strategy, as a part of a checkpoint.
 *
 * @module
 */
import type { Tensor } from "../files/mod.ts";
import { contentError } from "../messages.ts";
import { takeTensor } from "../model/mod.ts";
import type { StoredLayer } from "../nn/mod.ts";
import { type Pattern, validatePattern } from "../sparse/mod.ts";
import * as v from "../valibot.ts";
import {
  type MemoryArray,
  memoryFromJson,
  memoryToJson,
  noUpdates,
  type OwnArrays,
  type SavedStrategy,
} from "./strategy_memory.ts";

const text = v.string("a text");
const whole = "a whole number from 0";
const count = v.pipe(v.number(whole), v.safeInteger(whole), v.minValue(0, whole));
const counts = v.array(count, "a list");
const dtypes = ["F32", "F64", "I32", "U32", "U8"] as const;

/** The JSON of a strategy in a checkpoint. */
export const strategySchema = v.object({
  name: text,
  /** JSON, in which `{ "$array": number }` replaces a typed array. Left out: the strategy has not begun. */
  memory: v.optional(v.unknown()),
  /** The kinds of the memory's typed arrays. */
  arrays: v.array(v.picklist(dtypes, "a kind of numbers"), "a list"),
  /** Per layer, the names of its own arrays. */
  own: v.array(v.array(text, "a list"), "a list"),
  /** The updates after single steps in the current epoch. Checkpoints of older versions have none. */
  updates: v.optional(v.object({ count, removed: counts, grown: counts }, "an object")),
  /**
   * Per layer that may change, the shape of the pattern of positions that were ever connected. Left out:
   * they are not counted.
   */
  tried: v.optional(v.array(v.strictTuple([count, count], "outputs and inputs"), "a list")),
}, "an object");

type StrategyJson = v.InferOutput<typeof strategySchema>;

/** Adds a strategy's arrays to the tensors of a checkpoint, and returns its JSON. */
export function strategyToTensors(
  { name, memory, own, updates, tried }: SavedStrategy,
  tensors: Map<string, Tensor>,
): StrategyJson {
  own.forEach((arrays, l) => {
    Object.entries(arrays).forEach(([, data], i) =>
      tensors.set(`own.${l}.${i}`, { dtype: "F64", shape: [data.length], data })
    );
  });
  const arrays: StrategyJson["arrays"] = [];
  const json = memory === undefined ? undefined : memoryToJson(name, memory, (array, number) => {
    const tensor = tensorOf(array);
    arrays.push(tensor.dtype as StrategyJson["arrays"][number]);
    tensors.set(`memory.${number}`, tensor);
  });
  tried?.forEach(({ indptr, indices }, i) => {
    tensors.set(`tried.${i}.indptr`, tensorOf(indptr));
    tensors.set(`tried.${i}.indices`, tensorOf(indices));
  });
  const names = own.map((arrays) => Object.keys(arrays));
  const shapes = tried?.map(({ shape: [rows, columns] }): [number, number] => [rows, columns]);
  return { name, memory: json, arrays, own: names, updates, tried: shapes };
}

/**
 * Removes a strategy's arrays from the tensors of a checkpoint and returns them.
 *
 * @throws {SyntaxError} If an array is missing, or is not as long as its layer has connections, or a
 * pattern is not valid.
 */
export function savedStrategy(
  { name, memory, arrays, own, updates = noUpdates(own), tried }: StrategyJson,
  layers: readonly StoredLayer[],
  tensors: Map<string, Tensor>,
  source: string,
): SavedStrategy {
  for (const { length } of [own, updates.removed, updates.grown]) {
    if (length === layers.length) continue;
    throw contentError(source, `arrays for ${length} layers`, `${layers.length}`);
  }
  const taken = arrays.map((dtype, i) => takeTensor(tensors, `memory.${i}`, dtype, null, source));
  const give = (number: number): MemoryArray => {
    if (taken[number] === undefined) throw contentError(source, `no array ${number}`, "one");
    return taken[number];
  };
  const patterns = tried?.map((shape, i): Pattern => {
    const indptr = takeTensor(tensors, `tried.${i}.indptr`, "I32", [shape[0] + 1], source);
    const pattern = {
      shape,
      indptr,
      indices: takeTensor(tensors, `tried.${i}.indices`, "I32", null, source),
    };
    try {
      validatePattern(pattern);
    } catch (error) {
      throw contentError(
        source,
        `positions ever connected of layer ${i} that are none`,
        `${(error as Error).message}`,
      );
    }
    return pattern;
  });
  const saved = {
    name,
    memory: memory === undefined ? undefined : memoryFromJson(memory, give),
    own: own.map((names, l): OwnArrays => {
      const layer = layers[l];
      const nnz = layer.kind === "sparse" ? layer.data.length : layer.weights.length;
      return Object.fromEntries(
        names.map((key, i) => [key, takeTensor(tensors, `own.${l}.${i}`, "F64", [nnz], source)]),
      );
    }),
    updates,
  };
  return patterns === undefined ? saved : { ...saved, tried: patterns };
}

function tensorOf(data: MemoryArray): Tensor {
  const shape = [data.length];
  if (data instanceof Float32Array) return { dtype: "F32", shape, data };
  if (data instanceof Float64Array) return { dtype: "F64", shape, data };
  if (data instanceof Int32Array) return { dtype: "I32", shape, data };
  if (data instanceof Uint32Array) return { dtype: "U32", shape, data };
  return { dtype: "U8", shape, data };
}
