/** A run's record with everything in it that a report needs, and what it is told to have. */
export function completeRecord(own: Record<string, unknown>): Record<string, unknown> {
  const accuracy = own.accuracy ?? null;
  const phases = { forward: 600, activation: 100, softmax: 50, inputGradient: 100 };
  return {
    accuracy,
    testRows: 200,
    members: [{ accuracy, validationAccuracy: 0.55, epoch: 4, nnz: 1500 }],
    weights: 3000,
    density: 0.05,
    rollbacks: [],
    peakMemoryBytes: 5e7,
    kernels: "wasm",
    seed: 1,
    droppedColumns: [],
    ...own,
    flops: {
      ...{ counted: 1000, hardware: null, event: null, reason: "not asked for" },
      phases: { ...phases, weightGradient: 100, update: 40, topology: 10 },
      ...{ members: [700, 300], perSecond: 500, evaluation: null },
      ...own.flops as object,
    },
    seconds: { train: 2, topology: 0.5, evaluate: 0.1, total: 2.5, ...own.seconds as object },
  };
}
