/**
 * Members of an ensemble as named tensors and back. A sparse layer 1 of member 0 becomes
 * `member.0.layer.1.indptr`, `.indices` (I32), `.data` and `.bias` (F32): the arrays of SciPy's
 * `csr_matrix`. With blocks of G output neurons, `.data` is blocks × G × 1, as in SciPy's `bsr_matrix`. A
 * dense layer becomes `.weight` (F32, outputs × inputs) and `.bias`. Epochs, accuracies, kinds, shapes and
 * the sizes of blocks are in a description beside the tensors, as JSON.
 *
 * @module
 */
import { type Dtype, type Tensor, type TensorArrays } from "../files/mod.ts";
import { contentError, quoted } from "../messages.ts";
import { type Member, type OwnActivation, ownActivation, type StoredLayer } from "../nn/mod.ts";
import { BLOCK_SIZES } from "../kernels/mod.ts";
import { blockPattern, blockSizeOf, ownBlocks, validatePattern } from "../sparse/mod.ts";
import * as v from "../valibot.ts";
import { whileReading } from "./description.ts";

/** A layer beside its tensors. */
export interface LayerDescription {
  /** The kind of the layer: compressed sparse weights, or all of them. */
  readonly kind: "sparse" | "dense";
  /** Output neurons × input neurons. */
  readonly shape: readonly [rows: number, columns: number];
  /** G: the output neurons of a block. Left out: 1, every entry is one connection. */
  readonly blockSize?: number;
  /** Its activation, if that is not the network's. */
  readonly activation?: OwnActivation;
}

/** A member beside its tensors. */
export interface MemberDescription {
  /** The epoch, counted from 1, after which its weights were taken. */
  readonly epoch: number;
  /** Its accuracy on the held-out rows; `null` without held-out rows. */
  readonly validationAccuracy: number | null;
  /** Its mean squared error on the held-out rows; classifiers have none. */
  readonly validationLoss?: number | undefined;
  /** The factor of its outputs in the ensemble's answer. Left out: 1 / the number of members. */
  readonly vote?: number | undefined;
  /** Its layers, from the input to the output. */
  readonly layers: readonly LayerDescription[];
}

/**
 * The description of members, for the JSON beside their tensors.
 */
export function describeMembers(members: readonly Member[]): MemberDescription[] {
  return members.map(({ epoch, validationAccuracy, validationLoss, vote, layers }) => {
    const classifier = { epoch, validationAccuracy };
    const scores = validationLoss === undefined ? classifier : { ...classifier, validationLoss };
    const told = vote === undefined ? scores : { ...scores, vote };
    return { ...told, layers: layers.map(describeLayer) };
  });
}

function describeLayer(layer: StoredLayer): LayerDescription {
  const { kind, shape } = layer;
  if (kind === "dense") return { kind, shape };
  return { kind, shape, ...ownBlocks(layer), ...ownActivation(layer) };
}

/** Returns `true` if a layer of a member has blocks. Files of older versions have none. */
export function hasBlocks(members: readonly Member[]): boolean {
  return members.some(({ layers }) =>
    layers.some((layer) => layer.kind === "sparse" && blockSizeOf(layer) > 1)
  );
}

/** Returns `true` if members have votes. Files of older versions have none. */
export function hasVotes(members: readonly Member[]): boolean {
  return members.some(({ vote }) => vote !== undefined);
}

/** A whole number in a range. */
const whole = (from: number, to: number) => {
  const need = `a whole number from ${from} to ${to}`;
  return v.pipe(v.number(need), v.integer(need), v.minValue(from, need), v.maxValue(to, need));
};

const width = whole(1, 2 ** 31 - 1);
const finite = "a finite number from 0";
const share = "a number from 0 to 1, or null";

const layerSchema = v.pipe(
  v.strictObject({
    kind: v.picklist(["sparse", "dense"], '"sparse" or "dense"'),
    shape: v.strictTuple([width, width], "outputs and inputs"),
    blockSize: v.exactOptional(
      v.picklist(BLOCK_SIZES.slice(1), `one of ${BLOCK_SIZES.slice(1).join(", ")}`),
    ),
    activation: v.exactOptional(v.literal("sine", '"sine"')),
  }, "an object"),
  v.check(
    ({ kind, activation }) => kind === "sparse" || activation === undefined,
    "no activation in a dense layer",
  ),
  v.check(
    ({ kind, shape: [rows], blockSize = 1 }) =>
      rows % blockSize === 0 && (kind === "sparse" || blockSize === 1),
    "blocks in sparse layers alone, and outputs that their size divides",
  ),
);

const memberSchema = v.strictObject({
  epoch: whole(0, Number.MAX_SAFE_INTEGER),
  validationAccuracy: v.nullable(
    v.pipe(v.number(share), v.minValue(0, share), v.maxValue(1, share)),
  ),
  validationLoss: v.exactOptional(
    v.pipe(v.number(finite), v.finite(finite), v.minValue(0, finite)),
  ),
  vote: v.exactOptional(v.pipe(v.number("a number"), v.finite("a finite number"))),
  layers: v.pipe(v.array(layerSchema, "a list"), v.minLength(1, "at least one layer")),
}, "an object");

const schema = v.object({ members: v.array(memberSchema, "a list") });

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
        const size = blockSizeOf(layer);
        const blocks = size === 1 ? [data.length] : [indices.length, size, 1];
        tensors.set(`${name}.data`, { dtype: "F32", shape: blocks, data });
      } else {
        tensors.set(`${name}.weight`, { dtype: "F32", shape, data: layer.weights });
      }
      tensors.set(`${name}.bias`, { dtype: "F32", shape: [bias.length], data: bias });
    })
  );
  return tensors;
}

/**
 * Members from their tensors. Everything is checked: CSR arrays are canonical, numbers are finite, each
 * layer fits the one before it, and all members have as many inputs and as many outputs.
 *
 * @param tensors The members' tensors by name, and no others. The members share their memory.
 * @param description The description by {@linkcode describeMembers}, such as parsed JSON.
 * @param source The file, for the errors.
 * @throws {SyntaxError} If anything is missing, left over or wrong; the message says which tensor or where
 * in the description.
 */
export function membersFromTensors(
  tensors: ReadonlyMap<string, Tensor>,
  description: unknown,
  source: string,
): Member[] {
  const left = new Map(tensors);
  const members = takeMembers(left, description, source);
  checkNoneLeft(left, source);
  return members;
}

/** Like {@linkcode membersFromTensors}, but removes the members' tensors from those of a file. */
export function takeMembers(
  tensors: Map<string, Tensor>,
  description: unknown,
  source: string,
): Member[] {
  const { members } = v.checkContent(schema, { members: description }, source);
  checkShapes(members, source);
  return members.map((member, m) => ({
    ...member,
    layers: member.layers.map((layer, l) =>
      takeLayer(tensors, layer, `member.${m}.layer.${l}`, source)
    ),
  }));
}

/** Checks that layers fit one another, and that all members have as many inputs and outputs. */
function checkShapes(members: readonly MemberDescription[], source: string): void {
  const widths = ({ layers }: MemberDescription) => [layers[0].shape[1], layers.at(-1)!.shape[0]];
  members.forEach((member, m) => {
    member.layers.forEach(({ shape }, l, layers) => {
      if (l === 0 || shape[1] === layers[l - 1].shape[0]) return;
      throw contentError(
        source,
        `layer ${l} of member ${m} with ${shape[1]} inputs`,
        `${layers[l - 1].shape[0]}, the outputs of layer ${l - 1}`,
      );
    });
    const [inputs, outputs] = widths(member);
    const [firstInputs, firstOutputs] = widths(members[0]);
    if (inputs !== firstInputs || outputs !== firstOutputs) {
      throw contentError(
        source,
        `member ${m} with ${inputs} inputs and ${outputs} outputs`,
        `${firstInputs} and ${firstOutputs}, as member 0 has`,
      );
    }
  });
}

function takeLayer(
  tensors: Map<string, Tensor>,
  { kind, shape, ...rest }: LayerDescription,
  name: string,
  source: string,
): StoredLayer {
  const [rows] = shape;
  const blockSize = blockSizeOf(rest);
  if (kind === "dense") {
    const weights = takeFinite(tensors, `${name}.weight`, shape, source);
    return { kind, shape, weights, bias: takeFinite(tensors, `${name}.bias`, [rows], source) };
  }
  const indptr = takeTensor(tensors, `${name}.indptr`, "I32", [rows / blockSize + 1], source);
  const indices = takeTensor(tensors, `${name}.indices`, "I32", null, source);
  const blocks = blockSize === 1 ? [indices.length] : [indices.length, blockSize, 1];
  const data = takeFinite(tensors, `${name}.data`, blocks, source);
  const what = `tensors "${name}.indptr" and "${name}.indices": `;
  whileReading(
    source,
    () => validatePattern(blockPattern({ ...rest, shape, indptr, indices })),
    what,
  );
  const bias = takeFinite(tensors, `${name}.bias`, [rows], source);
  return { kind, ...rest, shape, indptr, indices, data, bias };
}

/**
 * Removes a tensor of a given kind and shape from those of a file, and returns it.
 *
 * @param shape Its shape, or `null` for a list of any length.
 * @throws {SyntaxError} If there is no such tensor.
 */
export function takeTensor<D extends Dtype>(
  tensors: Map<string, Tensor>,
  name: string,
  dtype: D,
  shape: readonly number[] | null,
  source: string,
): TensorArrays[D] {
  const tensor = tensors.get(name);
  if (tensor === undefined) throw contentError(source, `no tensor ${quoted(name)}`, "one");
  const need = shape ?? [tensor.data.length];
  if (tensor.dtype !== dtype || tensor.shape.join() !== need.join()) {
    throw contentError(
      source,
      `tensor ${quoted(name)} with ${tensor.dtype} of shape [${tensor.shape.join(", ")}]`,
      `${dtype} of shape [${need.join(", ")}]`,
    );
  }
  tensors.delete(name);
  return tensor.data as TensorArrays[D];
}

/** Removes a tensor of finite 32-bit floats from those of a file, and returns it. */
export function takeFinite(
  tensors: Map<string, Tensor>,
  name: string,
  shape: readonly number[],
  source: string,
): Float32Array {
  const data = takeTensor(tensors, name, "F32", shape, source);
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return data;
  throw contentError(source, `${data[bad]} in tensor ${quoted(name)} at ${bad}`, "finite numbers");
}

/** Checks that every tensor of a file was taken. */
export function checkNoneLeft(tensors: ReadonlyMap<string, Tensor>, source: string): void {
  for (const name of tensors.keys()) {
    throw contentError(source, `tensor ${quoted(name)}`, "only those that are described");
  }
}
