/**
 * Damaged files: whatever happens to the bytes of a model, reading them ends with one clear sentence
 * or with a network whose every invariant holds, and with the digest, with the very same network.
 */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { addContentDigest, checkContentDigest } from "../../lib/files/content_digest.ts";
import {
  describeMembers,
  membersFromTensors,
  membersToTensors,
} from "../../lib/model/member_tensors.ts";
import { decodeSafetensors, encodeSafetensors } from "../../lib/files/safetensors.ts";
import type { Member } from "../../lib/nn/member.ts";
import { randomStream } from "../../lib/random.ts";
import { exampleMembers } from "../model/example_members.ts";
import { headerEndOf, mutated } from "./mutation.ts";

const source = "damaged.safetensors";
const description = describeMembers(exampleMembers());
const original: Uint8Array = (() => {
  const tensors = membersToTensors(exampleMembers());
  const metadata = addContentDigest(tensors, { members: JSON.stringify(description) });
  return new Uint8Array(Buffer.concat(encodeSafetensors(tensors, metadata)));
})();
const headerEnd = headerEndOf(original);

Deno.test("decodeSafetensors refuses every truncation of a model", () => {
  assert.deepEqual(decode(original), exampleMembers());
  for (let length = 0; length < original.length; length++) {
    assert.throws(() => decode(original.slice(0, length)), isClear, `${length} bytes`);
  }
});

Deno.test("decodeSafetensors survives a change of every single byte", () => {
  let loaded = 0;
  for (let at = 0; at < original.length; at++) {
    for (const flip of [0x01, 0x10, 0x80, 0xff]) {
      const bytes = original.slice();
      bytes[at] ^= flip;
      if (checkOutcome(bytes, `byte ${at} changed by ${flip}`)) loaded++;
    }
  }
  // Changed weights load, without the digest: the checks are not merely refusing everything.
  assert.ok(loaded > 100);
});

Deno.test("decodeSafetensors survives 6,000 random mutations", () => {
  const outcomes = { loaded: 0, refused: 0 };
  for (let round = 0; round < 6000; round++) {
    const random = randomStream(3, "mutation", round);
    let bytes = original;
    const changes = 1 + random.below(3);
    for (let change = 0; change < changes; change++) bytes = mutated(bytes, headerEnd, random);
    outcomes[checkOutcome(bytes, `round ${round}`) ? "loaded" : "refused"]++;
  }
  assert.ok(outcomes.loaded > 100 && outcomes.refused > 3000, JSON.stringify(outcomes));
});

function decode(bytes: Uint8Array): Member[] {
  return membersFromTensors(decodeSafetensors(bytes, source).tensors, description, source);
}

/** Whether the bytes load; fails unless they do so in order or are refused in order. */
function checkOutcome(bytes: Uint8Array, what: string): boolean {
  let members: Member[];
  try {
    members = decode(bytes);
  } catch (error) {
    assert.ok(isClear(error), `${what}: ${error}`);
    return false;
  }
  for (const member of members) checkMember(member, what);
  const file = decodeSafetensors(bytes, source);
  try {
    checkContentDigest(file, source);
  } catch (error) {
    assert.ok(isClear(error), `${what}: ${error}`);
    return true;
  }
  assert.deepEqual(members, exampleMembers(), what);
  return true;
}

function isClear(error: unknown): boolean {
  return error instanceof SyntaxError && error.message.length < 1000 &&
    error.message.startsWith(`Cannot read "${source}": `);
}

/** The invariants, written out once more: the reader does not judge itself. */
function checkMember({ layers }: Member, what: string): void {
  for (const layer of layers) {
    const [rows, columns] = layer.shape;
    assert.equal(layer.bias.length, rows, what);
    const weights = layer.kind === "sparse" ? layer.data : layer.weights;
    assert.ok([...weights, ...layer.bias].every(Number.isFinite), what);
    if (layer.kind === "dense") {
      assert.equal(weights.length, rows * columns, what);
      continue;
    }
    const { indptr, indices } = layer;
    assert.equal(indptr.length, rows + 1, what);
    assert.deepEqual([indptr[0], indptr[rows]], [0, weights.length], what);
    assert.equal(indices.length, weights.length, what);
    for (let row = 0; row < rows; row++) {
      const inRow = [...indices.subarray(indptr[row], indptr[row + 1])];
      assert.deepEqual(inRow, [...new Set(inRow)].sort((a, b) => a - b), what);
      assert.ok(inRow.every((column) => column >= 0 && column < columns), what);
    }
  }
}
