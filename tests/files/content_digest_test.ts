import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { addContentDigest, checkContentDigest } from "../../lib/files/content_digest.ts";
import { membersToTensors } from "../../lib/model/member_tensors.ts";
import type { Tensor } from "../../lib/files/safetensors.ts";
import { exampleMembers } from "../model/example_members.ts";

const bias: Tensor = { dtype: "F32", shape: [2], data: Float32Array.of(0, 0.5) };

Deno.test("addContentDigest is SHA-256 over the names and shapes, then the numbers", () => {
  const metadata = addContentDigest(new Map([["bias", bias]]), { b: "2", a: "1" });
  const description = '[[["a","1"],["b","2"]],[["bias","F32",[2]]]]';
  const expected = createHash("sha256").update(description)
    .update(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0x3f)).digest("hex");
  assert.deepEqual(metadata, { b: "2", a: "1", sha256: expected });
});

Deno.test("addContentDigest depends on neither order nor the kind of memory", () => {
  const large = Float64Array.from({ length: 300_000 }, (_, i) => Math.sin(i));
  const shared = new Float64Array(new SharedArrayBuffer(large.byteLength));
  shared.set(large);
  const tensors = new Map<string, Tensor>([["bias", bias], ["x", {
    dtype: "F64",
    shape: [300_000],
    data: large,
  }]]);
  const others = new Map<string, Tensor>([
    ["x", { dtype: "F64", shape: [300_000], data: shared }],
    ["bias", bias],
  ]);
  const metadata = addContentDigest(tensors, { a: "1", b: "2" });
  assert.deepEqual(
    addContentDigest(others, { b: "2", a: "1" }),
    metadata,
  );
  large[299_999] += 1;
  assert.throws(
    () => checkContentDigest({ tensors, metadata }, "model"),
    /found content with SHA-256/,
  );
});

Deno.test("checkContentDigest notices every kind of change", () => {
  const tensors = membersToTensors(exampleMembers());
  const metadata = addContentDigest(tensors, { members: "[]" });
  checkContentDigest({ tensors, metadata }, "model");

  const weight = tensors.get("member.0.layer.2.weight")!;
  const changed = (name: string, tensor: Tensor | null): Map<string, Tensor> => {
    const copy = new Map(tensors);
    if (tensor === null) copy.delete(name);
    else copy.set(name, tensor);
    return copy;
  };
  const name = "member.0.layer.2.weight";
  const files: [string, Map<string, Tensor>, Record<string, string>][] = [
    [
      "a number",
      changed(name, { ...weight, data: Float32Array.of(1, 2, 3, 5) } as Tensor),
      metadata,
    ],
    ["the shape", changed(name, { ...weight, shape: [4, 1] }), metadata],
    [
      "the dtype",
      changed(
        name,
        { ...weight, dtype: "U32", data: new Uint32Array(weight.data.buffer) } as Tensor,
      ),
      metadata,
    ],
    ["one less", changed(name, null), metadata],
    ["one more", changed("more", bias), metadata],
    ["metadata", tensors, { ...metadata, members: "[ ]" }],
    ["more metadata", tensors, { ...metadata, more: "" }],
    ["the digest", tensors, { ...metadata, sha256: metadata.sha256.toUpperCase() }],
  ];
  for (const [what, tensors, metadata] of files) {
    assert.throws(
      () => checkContentDigest({ tensors, metadata }, "model"),
      (error) =>
        error instanceof SyntaxError &&
        error.message.startsWith('Cannot read "model": found content with SHA-256 '),
      what,
    );
  }
});
