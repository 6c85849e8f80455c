import type { ExportPlan, NumberInput, PlannedLayer, PlannedMember } from "../plan.ts";
import type { ArrayPlace, Facts, LayerFacts, NumberFacts } from "./runtime/mod.ts";

/** A plan as JSON and bytes. */
export interface EncodedPlan {
  /** The plan without its arrays. */
  readonly facts: Facts;
  /** The arrays, one after the other, in little-endian order. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Separates a plan into facts and arrays. */
export function encodePlan(plan: ExportPlan): EncodedPlan {
  const parts: Uint8Array[] = [];
  let end = 0;
  const put = (array: Float32Array | Float64Array | Uint8Array | Uint16Array | Int32Array) => {
    const place = {
      type: array.constructor.name as ArrayPlace["type"],
      at: end,
      length: array.length,
    };
    parts.push(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
    end += array.byteLength;
    return place;
  };
  const number = ({ column, input, median, scaling }: NumberInput): NumberFacts => ({
    column,
    input,
    median,
    scaling: scaling.kind === "quantile"
      ? { kind: "quantile", quantiles: put(scaling.quantiles), beyond: scaling.beyond }
      : scaling,
  });
  const layer = (planned: PlannedLayer): LayerFacts => {
    const { outputs, inputs, activation } = planned;
    const isSparse = planned.kind === "sparse";
    return {
      outputs,
      inputs,
      block: isSparse ? planned.blockSize : 0,
      activation,
      lengths: isSparse ? put(narrow(lengthsOf(planned.indptr))) : null,
      indices: isSparse ? put(narrow(planned.indices)) : null,
      weights: put(isSparse ? planned.data : planned.weights),
      bias: put(planned.bias),
    };
  };
  const member = ({ share, layers }: PlannedMember) => ({ share, layers: layers.map(layer) });
  const { columns, target, inputs, missing, texts, notations, output, conformal } = plan;
  const facts: Facts = {
    columns,
    target,
    inputs,
    missing,
    texts,
    notations,
    output,
    conformal,
    numbers: plan.numbers.map(number),
    categories: plan.categories.map(({ column, inputs, other }) => ({
      column,
      inputs: [...inputs],
      other,
    })),
    members: plan.members.map(member),
  };
  const bytes = new Uint8Array(end);
  parts.reduce((at, part) => {
    bytes.set(part, at);
    return at + part.length;
  }, 0);
  return { facts, bytes };
}

function lengthsOf(indptr: Int32Array): Int32Array {
  return Int32Array.from({ length: indptr.length - 1 }, (_, row) => indptr[row + 1] - indptr[row]);
}

/** Stores integers from 0 in the fewest bytes that hold the largest one. */
function narrow(integers: Int32Array): Uint8Array | Uint16Array | Int32Array {
  const largest = integers.reduce((a, b) => Math.max(a, b), 0);
  if (largest < 2 ** 8) return Uint8Array.from(integers);
  return largest < 2 ** 16 ? Uint16Array.from(integers) : integers;
}
