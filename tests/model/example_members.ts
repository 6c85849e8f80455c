import type { Member } from "../../lib/nn/member.ts";

/** Two members of three inputs and two outputs: a sparse layer, an empty one, and a dense one. */
export function exampleMembers(): Member[] {
  return [0, 1].map((m) => ({
    layers: [
      {
        kind: "sparse",
        shape: [2, 3],
        indptr: Int32Array.of(0, 2, 3),
        indices: Int32Array.of(0, 2, 1 - m),
        data: Float32Array.of(0.5, -1, 2 + m),
        bias: Float32Array.of(0.25, -0.25),
      },
      {
        kind: "sparse",
        shape: [2, 2],
        indptr: Int32Array.of(0, 0, 0),
        indices: new Int32Array(0),
        data: new Float32Array(0),
        bias: Float32Array.of(1, m),
      },
      {
        kind: "dense",
        shape: [2, 2],
        weights: Float32Array.of(1, 2, 3, 4),
        bias: Float32Array.of(0, 1),
      },
    ],
    epoch: 10 + m,
    validationAccuracy: m === 0 ? 0.75 : null,
  }));
}
