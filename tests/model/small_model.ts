import { fit } from "../../lib/ensemble/fit.ts";
import { type Model } from "../../lib/model/model.ts";
import { datasetFromArrays } from "../../lib/data/table/from_arrays.ts";
import type { Dataset } from "../../lib/data/table/dataset.ts";
import type { Settings } from "../../lib/settings/mod.ts";
import { wasmKernels } from "../../lib/kernels/wasm/wasm.ts";
import { randomStream } from "../../lib/random.ts";

/** Rows of four features, one of them constant, whose class follows from two of them. */
export function smallDataset(rows = 160, seed = 1): Dataset {
  const random = randomStream(seed, "small dataset");
  const features = Array.from(
    { length: rows },
    () => [random.normal(), 3 * random.float(), 7, 100 * random.normal()],
  );
  return datasetFromArrays({
    features,
    labels: features.map(([a, b]) => a > 0.5 ? "right" : b > 1.5 ? "up, left" : "down"),
    featureNames: ["a", "b", "always 7", "noise"],
    target: "way",
  });
}

/** An ensemble of two small members. */
export function smallModel(settings: Partial<Settings> = {}): Promise<Model> {
  return fit(smallDataset(), {
    method: "fd",
    hidden: [12, 10],
    epsilon: 3,
    epochs: 12,
    explore: 4,
    members: 2,
    batchSize: 16,
    ...settings,
  }, { kernels: wasmKernels() });
}
