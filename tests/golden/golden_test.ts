/**
 * What must not change by a hair while the code around it moves: the bytes of small models, and what
 * reports are made of committed records.
 *
 * `digests.json` holds their SHA-256. A change that means to change them says so, and writes the file
 * anew: `deno test --allow-all tests/golden -- --write`.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cpSync } from "node:fs";
import type { Dataset } from "../../lib/data/table/dataset.ts";
import { readDataset } from "../../lib/data/formats/read_dataset.ts";
import { fit } from "../../lib/ensemble/fit.ts";
import { save } from "../../lib/model/model_file.ts";
import type { Settings } from "../../lib/settings/mod.ts";
import { reproduce } from "../../lib/experiments/paper/reproduce.ts";
import { randomStream } from "../../lib/random.ts";
import { newFolder, readBytes, readJsonFile, writeFile } from "../files.ts";
import { ROOT } from "../tasks/run_task.ts";

const DIGESTS = `${ROOT}tests/golden/digests.json`;

const golden: { models: Record<string, string>; reports: Record<string, string> } = readJsonFile(
  DIGESTS,
);

/** Five numbers, one of them sometimes missing, and a category; three classes, or a number, follow. */
async function table(task: Settings["task"]): Promise<Dataset> {
  const random = randomStream(1, "golden table");
  const lines = Array.from({ length: 240 }, () => {
    const x = Array.from({ length: 5 }, () => Math.round(1e4 * random.normal()) / 1e4);
    const kind = ["oak", "ash", '"beech, ""copper"""'][random.below(3)];
    const number = x[0] + 0.5 * Math.abs(x[1]) - 0.3 * x[2] + kind.length / 20;
    const label = ["low", "middle", "high"][Math.min(2, Math.max(0, Math.round(number + 0.5)))];
    const cells = [...x.slice(0, 4), x[4] > 1 ? "" : x[4], kind];
    return [...cells, task === "regression" ? (10 + number).toFixed(3) : label].join(",");
  });
  const path = `${newFolder()}/table.csv`;
  writeFile(path, `${["a,b,c,d,e,kind,y", ...lines].join("\n")}\n`);
  const kind = task === "regression" ? task : "classification";
  const options = { target: "y", task: kind, missing: "keep", categorical: "auto" } as const;
  return (await readDataset(path, options)).dataset;
}

const SMALL: Partial<Settings> = {
  hidden: [30, 30],
  epsilon: 2,
  batchSize: 20,
  learningRate: 0.05,
};
const MEMBERS: Partial<Settings> = { ...SMALL, epochs: 12, explore: 4, members: 2 };
const SINGLE: Partial<Settings> = { ...SMALL, epochs: 8 };
const MODERN: Partial<Settings> = {
  ...{ recipe: "modern", hidden: [30, 30], epsilon: 2, epochs: 4, members: 2, trials: 2 },
  ...{ adaptToRows: false, batchSize: 32, frequencies: 4, keepTrials: true },
};

/** One run for every way of coming to a model. */
const RUNS: Readonly<Record<string, Partial<Settings>>> = {
  "fd": { ...MEMBERS, method: "fd" },
  "rd": { ...MEMBERS, method: "rd" },
  "dist": { ...MEMBERS, method: "dist", distanceSamples: 8 },
  "edst": { ...MEMBERS, method: "edst" },
  "edst grown by gradient": {
    ...MEMBERS,
    method: "edst",
    growth: "gradient",
    growthCandidates: 5,
  },
  "set": { ...SINGLE, method: "set" },
  "set grown by strength": { ...SINGLE, method: "set", growth: "strength" },
  // As settings were stored before RigL's updates came by steps.
  "rigl": {
    ...SINGLE,
    ...{ method: "rigl", interval: 2, pruneRate: 0.2, evolveUntil: 1, growthCandidates: 5 },
  },
  "static": { ...SINGLE, method: "static" },
  "sparse-ensemble": { ...SINGLE, method: "sparse-ensemble", members: 2 },
  "dense": { ...SINGLE, method: "dense" },
  "dense-ensemble": { ...SINGLE, method: "dense-ensemble", members: 2 },
  "modern": MODERN,
  "modern, without its trial members": { ...MODERN, keepTrials: false },
  "modern, weighted": {
    ...MODERN,
    trials: 0,
    candidates: [],
    classWeights: "balanced",
    memberWeighting: 1,
  },
  "fd, regression": { ...MEMBERS, method: "fd", task: "regression" },
  "modern, regression": { ...MODERN, task: "regression" },
};

/**
 * Whether WebAssembly's relaxed multiply-add rounds once here, or twice: the processor decides. The
 * digests are those of one rounding.
 */
function fusesMultiplyAdd(): boolean {
  // (func (export "f") (param f32 f32 f32) (result f32): the first lane of f32x4.relaxed_madd.
  const module = new WebAssembly.Module(Uint8Array.of(
    ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 8, 1, 96, 3, 125, 125, 125, 1, 125, 3, 2, 1, 0],
    ...[7, 5, 1, 1, 102, 0, 0, 10, 22, 1, 20, 0, 32, 0, 253, 19, 32, 1, 253, 19, 32, 2, 253, 19],
    ...[253, 133, 2, 253, 31, 0, 11],
  ));
  const f = new WebAssembly.Instance(module).exports.f as (...abc: number[]) => number;
  const a = Math.fround(1.1);
  return f(a, a, -Math.fround(a * a)) !== 0;
}

const FUSED = fusesMultiplyAdd();

for (const [name, settings] of Object.entries(RUNS)) {
  for (const kernels of ["wasm", "reference"] as const) {
    const why = kernels === "wasm" && !FUSED ? ": no fused multiply-add here" : "";
    Deno.test({
      name: `${name} with ${kernels} kernels has the bytes that it had${why}`,
      ignore: why !== "",
      async fn() {
        const path = `${newFolder()}/model.safetensors`;
        const data = await table(settings.task ?? "classification");
        save(await fit(data, { ...settings, kernels }), path);
        judge(golden.models, `${name}, ${kernels}`, digestOf(path));
      },
    });
  }
}

/** Where the committed records are, and what is made of them there. */
const REPORTS = [
  { from: "results", name: "all", choice: {} },
  { from: "results", name: "table1", choice: { datasets: ["higgs-subset"] } },
  { from: "results/wasm", name: "table1", choice: {} },
  { from: "results/seeds", name: "table1", choice: {} },
] as const;

for (const { from, name, choice } of REPORTS) {
  const what = [name, ...Object.values(choice).flat(), `of ${from}`].join(" ");
  Deno.test(`${what}: the records give the reports that they gave`, async () => {
    const out = newFolder();
    cpSync(`${ROOT}${from}`, out, { recursive: true });
    const made = await reproduce(name, { runs: `${out}/none`, out, choice, fromRecords: true });
    for (const file of made.flatMap(({ files }) => files)) {
      const name = `${from}${file.slice(out.length)}`;
      judge(golden.reports, name, digestOf(file));
      assert.equal(digestOf(`${ROOT}${name}`), digestOf(file), `${name} as it is committed`);
    }
  });
}

function digestOf(file: string): string {
  return createHash("sha256").update(readBytes(file)).digest("hex");
}

/** Compares a digest with the one that is written down, or writes it down if that is asked for. */
function judge(digests: Record<string, string>, name: string, digest: string): void {
  if (Deno.args.includes("--write")) {
    digests[name] = digest;
    writeFile(DIGESTS, `${JSON.stringify(golden, null, 2)}\n`);
  } else assert.equal(digest, digests[name], name);
}

Deno.test("every digest that is written down is compared", () => {
  const names = Object.keys(RUNS).flatMap((name) => [`${name}, wasm`, `${name}, reference`]);
  assert.deepEqual(Object.keys(golden.models).sort(), names.sort());
  assert.ok(Object.keys(golden.reports).length > 40);
  assert.equal(new Set(Object.values(golden.models)).size, names.length);
});
