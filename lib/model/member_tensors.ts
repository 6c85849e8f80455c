/**
 * Members of an ensemble as named tensors and back. Layer 1 of member 0 becomes
 * `member.0.layer.1.indptr`, `.indices` (I32), `.data` and `.bias` (F32) if it is sparse, the arrays of
 * SciPy's `csr_matrix`, and `.weight` (F32, outputs × inputs) and `.bias` if it is dense. What the
 * tensors do not say (epochs, accuracies, kinds and shapes) is in a description beside them, plain JSON.
 *
 * @module
 */
import { type Member, type OwnActivation, ownActivation, type StoredLayer } from "../nn/mod.ts";
import { type Pattern, validatePattern } from "../sparse/mod.ts";
import type { Tensor, TensorArrays } from "../files/mod.ts";

/** What the tensors of a layer do not say. */
export interface LayerDescription {
  /** What kind of layer it is. */
  readonly kind: "sparse" | "dense";
  /** Output neurons × input neurons. */
  readonly shape: readonly [rows: number, columns: number];
  /** What its neurons do where that is not the network's activation. */
  readonly activation?: OwnActivation;
}

/** What the tensors of a member do not say. */
export interface MemberDescription {
  /** The epoch, counted from 1, after which its weights were taken. */
  readonly epoch: number;
  /** The fraction of the held-out rows it got right, or `null` where none were held out. */
  readonly validationAccuracy: number | null;
  /** Its mean squared error on the held-out rows; left out of classifiers. */
  readonly validationLoss?: number | undefined;
  /** Its layers, from the input to the output. */
  readonly layers: readonly LayerDescription[];
}

/**
 * Describes members, for the JSON beside their tensors.
 *
 * @example Usage
 * ```ts
 * import { describeMembers } from "@sparsemble/sparsemble/model";
 * import assert from "node:assert/strict";
 *
 * const member = {
 *   layers: [{
 *     kind: "dense" as const,
 *     shape: [1, 2] as const,
 *     weights: Float32Array.of(0.5, -1),
 *     bias: Float32Array.of(0),
 *   }],
 *   epoch: 3,
 *   validationAccuracy: null,
 * };
 * assert.deepEqual(describeMembers([member]), [
 *   { epoch: 3, validationAccuracy: null, layers: [{ kind: "dense", shape: [1, 2] }] },
 * ]);
 * ```
 */
export function describeMembers(members: readonly Member[]): MemberDescription[] {
  return members.map(({ epoch, validationAccuracy, validationLoss, layers }) => ({
    epoch,
    validationAccuracy,
    ...validationLoss === undefined ? {} : { validationLoss },
    layers: layers.map((layer) => {
      const { kind, shape } = layer;
      return { kind, shape, ...ownActivation(layer.kind === "sparse" ? layer : {}) };
    }),
  }));
}

/**
 * Checks a description that was read from somewhere.
 *
 * @param value Parsed JSON.
 * @param source Where it comes from, for the errors.
 * @throws {SyntaxError} If it is not a description; the message names the place in it.
 *
 * @example Usage
 * ```ts
 * import { parseMemberDescriptions } from "@sparsemble/sparsemble/model";
 * import assert from "node:assert/strict";
 *
 * assert.throws(
 *   () => parseMemberDescriptions([{ epoch: -1 }], "model.safetensors"),
 *   /found -1 as "members\[0\].epoch", need a whole number from 0/,
 * );
 * ```
 */
export function parseMemberDescriptions(value: unknown, source: string): MemberDescription[] {
  const fail = (found: unknown, path: string, need: string): never => {
    const shown = (JSON.stringify(found) ?? "nothing").slice(0, 200);
    throw new SyntaxError(`Cannot read "${source}": found ${shown} as "${path}", need ${need}`);
  };
  const list = (value: unknown, path: string): unknown[] =>
    Array.isArray(value) ? value : fail(value, path, "a list");
  const object = (value: unknown, path: string, keys: string[]): Record<string, unknown> => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      return fail(value, path, "an object");
    }
    const unknown = Object.keys(value).find((key) => !keys.includes(key));
    if (unknown !== undefined) fail(unknown, path, `the keys ${keys.join(", ")} alone`);
    return value as Record<string, unknown>;
  };
  const whole = (value: unknown, path: string, from: number, to: number): number =>
    Number.isSafeInteger(value) && value as number >= from && value as number <= to
      ? value as number
      : fail(value, path, `a whole number from ${from} to ${to}`);

  return list(value, "members").map((value, m): MemberDescription => {
    const path = `members[${m}]`;
    const keys = ["epoch", "validationAccuracy", "validationLoss", "layers"];
    const member = object(value, path, keys);
    const epoch = whole(member.epoch, `${path}.epoch`, 0, 2 ** 53 - 1);
    const accuracy = member.validationAccuracy;
    if (accuracy !== null && !(typeof accuracy === "number" && accuracy >= 0 && accuracy <= 1)) {
      return fail(accuracy, `${path}.validationAccuracy`, "a number from 0 to 1, or null");
    }
    const { validationLoss: loss } = member;
    if (loss !== undefined && !(typeof loss === "number" && loss >= 0 && loss < Infinity)) {
      return fail(loss, `${path}.validationLoss`, "a finite number from 0");
    }
    const layers = list(member.layers, `${path}.layers`).map((value, l): LayerDescription => {
      const path = `members[${m}].layers[${l}]`;
      const { kind, shape, activation } = object(value, path, ["kind", "shape", "activation"]);
      if (kind !== "sparse" && kind !== "dense") {
        return fail(kind, `${path}.kind`, '"sparse" or "dense"');
      }
      const lengths = list(shape, `${path}.shape`);
      if (lengths.length !== 2) fail(shape, `${path}.shape`, "outputs and inputs");
      const [rows, columns] = lengths.map((length) =>
        whole(length, `${path}.shape`, 1, 2 ** 31 - 1)
      );
      if (activation === undefined) return { kind, shape: [rows, columns] };
      if (kind !== "sparse" || activation !== "sine") {
        return fail(activation, `${path}.activation`, '"sine", and only in a sparse layer');
      }
      return { kind, shape: [rows, columns], activation };
    });
    if (layers.length === 0) fail([], `${path}.layers`, "at least one layer");
    return {
      epoch,
      validationAccuracy: accuracy,
      ...loss === undefined ? {} : { validationLoss: loss },
      layers,
    };
  });
}

/**
 * The tensors of members, by name. They share the members' memory.
 *
 * @example Usage
 * ```ts
 * import {
 *   describeMembers,
 *   membersFromTensors,
 *   membersToTensors,
 * } from "@sparsemble/sparsemble/model";
 * import assert from "node:assert/strict";
 *
 * const member = {
 *   layers: [{
 *     kind: "sparse" as const,
 *     shape: [2, 3] as const,
 *     indptr: Int32Array.of(0, 2, 3),
 *     indices: Int32Array.of(0, 2, 1),
 *     data: Float32Array.of(0.5, -1, 2),
 *     bias: Float32Array.of(0, 0),
 *   }],
 *   epoch: 3,
 *   validationAccuracy: 0.75,
 * };
 * const tensors = membersToTensors([member]);
 * assert.equal(tensors.get("member.0.layer.0.indices")?.data, member.layers[0].indices);
 *
 * const [again] = membersFromTensors(tensors, describeMembers([member]), "an example");
 * assert.deepEqual(again, member);
 * ```
 */
export function membersToTensors(members: readonly Member[]): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>();
  members.forEach((member, m) =>
    member.layers.forEach((layer, l) => {
      const name = `member.${m}.layer.${l}`;
      const { bias, shape } = layer;
      if (layer.kind === "sparse") {
        const { indptr, indices, data } = layer;
        tensors.set(`${name}.indptr`, { dtype: "I32", shape: [indptr.length], data: indptr });
        tensors.set(`${name}.indices`, { dtype: "I32", shape: [indices.length], data: indices });
        tensors.set(`${name}.data`, { dtype: "F32", shape: [data.length], data });
      } else {
        tensors.set(`${name}.weight`, { dtype: "F32", shape, data: layer.weights });
      }
      tensors.set(`${name}.bias`, { dtype: "F32", shape: [bias.length], data: bias });
    })
  );
  return tensors;
}

/**
 * Members from their tensors, trusting nothing: canonical CSR arrays, finite numbers, layers that fit
 * one another, and one input and one output width for all members.
 *
 * @param tensors The members' tensors by name, and no others. The members share their memory.
 * @param description What {@linkcode describeMembers} gave, as it was read back.
 * @param source Where all this comes from, for the errors.
 * @throws {SyntaxError} If anything is missing, left over or wrong; the message names the tensor.
 *
 * @example Usage
 * ```ts
 * import { membersFromTensors } from "@sparsemble/sparsemble/model";
 * import assert from "node:assert/strict";
 *
 * const description = [
 *   { epoch: 3, validationAccuracy: null, layers: [{ kind: "dense", shape: [1, 2] }] },
 * ];
 * assert.throws(
 *   () => membersFromTensors(new Map(), description, "model.safetensors"),
 *   /found no tensor "member.0.layer.0.weight", need one/,
 * );
 * ```
 */
export function membersFromTensors(
  tensors: ReadonlyMap<string, Tensor>,
  description: unknown,
  source: string,
): Member[] {
  const unused = new Set(tensors.keys());
  const fail = (found: string, need: string): never => {
    throw new SyntaxError(`Cannot read "${source}": found ${found}, need ${need}`);
  };
  const take = <D extends "F32" | "I32">(
    name: string,
    dtype: D,
    shape: readonly number[] | null,
  ): TensorArrays[D] => {
    const tensor = tensors.get(name) ?? fail(`no tensor "${name}"`, "one");
    unused.delete(name);
    // No shape given: a list, of a length that another tensor will tell.
    const need = shape ?? [tensor.data.length];
    if (tensor.dtype !== dtype || tensor.shape.join() !== need.join()) {
      fail(
        `tensor "${name}" with ${tensor.dtype} of shape [${tensor.shape.join(", ")}]`,
        `${dtype} of shape [${need.join(", ")}]`,
      );
    }
    return tensor.data as TensorArrays[D];
  };
  const takeFinite = (name: string, shape: readonly number[]): Float32Array => {
    const data = take(name, "F32", shape);
    const bad = data.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) fail(`${data[bad]} in tensor "${name}" at ${bad}`, "finite numbers");
    return data;
  };

  const described = parseMemberDescriptions(description, source);
  described.forEach(({ layers }, m) => {
    layers.forEach(({ shape }, l) => {
      if (l > 0 && shape[1] !== layers[l - 1].shape[0]) {
        fail(
          `layer ${l} of member ${m} with ${shape[1]} inputs`,
          `${layers[l - 1].shape[0]}, the outputs of layer ${l - 1}`,
        );
      }
    });
    const [inputs, outputs] = widths(layers);
    const [firstInputs, firstOutputs] = widths(described[0].layers);
    if (inputs !== firstInputs || outputs !== firstOutputs) {
      fail(
        `member ${m} with ${inputs} inputs and ${outputs} outputs`,
        `${firstInputs} and ${firstOutputs}, as member 0 has`,
      );
    }
  });

  const members = described.map((
    { epoch, validationAccuracy, validationLoss, layers },
    m,
  ): Member => ({
    layers: layers.map(({ kind, shape, activation }, l): StoredLayer => {
      const name = `member.${m}.layer.${l}`;
      if (kind === "dense") {
        const weights = takeFinite(`${name}.weight`, shape);
        return { kind, shape, weights, bias: takeFinite(`${name}.bias`, [shape[0]]) };
      }
      const indptr = take(`${name}.indptr`, "I32", [shape[0] + 1]);
      const indices = take(`${name}.indices`, "I32", null);
      const data = takeFinite(`${name}.data`, [indices.length]);
      checkCanonical({ shape, indptr, indices }, name, source);
      return {
        kind,
        ...ownActivation({ activation }),
        shape,
        indptr,
        indices,
        data,
        bias: takeFinite(`${name}.bias`, [shape[0]]),
      };
    }),
    epoch,
    validationAccuracy,
    ...validationLoss === undefined ? {} : { validationLoss },
  }));
  for (const name of unused) {
    fail(`tensor "${name}"`, `only those of the ${members.length} members described`);
  }
  return members;
}

function widths(layers: readonly LayerDescription[]): [inputs: number, outputs: number] {
  return [layers[0].shape[1], layers[layers.length - 1].shape[0]];
}

function checkCanonical(pattern: Pattern, name: string, source: string): void {
  try {
    validatePattern(pattern);
  } catch (cause) {
    const problem = (cause as Error).message.replace(/^Cannot use the pattern: /, "");
    throw new SyntaxError(
      `Cannot read "${source}": tensors "${name}.indptr" and "${name}.indices": ${problem}`,
      { cause },
    );
  }
}
