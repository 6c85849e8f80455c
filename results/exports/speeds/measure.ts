/**
 * The speed of a model's predictions in every form, beside random forests of the same rows: one row, and
 * batches of 1,000. In every round each form is measured once, in a process of its own where it needs one.
 * Times are of the processor, on one thread; medians over the rounds.
 *
 * deno run --allow-read --allow-write --allow-run=python3,node,sh,deno --allow-env=SPARSEMBLE_DATA --allow-ffi=.cache/native
 * results/exports/speeds/measure.ts writes speeds.json beside the folder. It needs gcc, Node, and Python with
 * onnxruntime, scikit-learn and m2cgen.
 */
import process from "node:process";
import { gzipSync } from "node:zlib";
import { builtinDatasetPath, fit, openPredictor, readDataset, save, score } from "../../../mod.ts";
import {
  exportC,
  exportJavaScript,
  exportOnnx,
  foldPlan,
  planModel,
} from "../../../lib/exports/mod.ts";
import { splitDataset } from "../../../lib/data/table/mod.ts";
import { type Kernels, openKernels, wasmKernels } from "../../../lib/kernels/mod.ts";
import { randomStream } from "../../../lib/random.ts";

const [ROUNDS, MANY, TREES] = [9, 1000, 100];

/** Microseconds of a row: one at a time, and many. */
type Times = readonly [one: number, many: number];

const { dataset } = await readDataset(builtinDatasetPath("segment"), { target: "class" });
const { train, test } = splitDataset(dataset, 0.2, randomStream(1, "test"));
const { columns, classes } = dataset;
const model = await fit(train, { recipe: "modern", seed: 1 }, { threads: 2 });
const rows = Float32Array.from(
  { length: MANY * columns },
  (_, i) => test.features[i % test.features.length],
);

const folder = await Deno.makeTempDir();
const bytes = (array: Float32Array | Int32Array) =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength) as Uint8Array<ArrayBuffer>;
const file = (name: string) => `${folder}/${name}`;
const own = (name: string) => new URL(name, import.meta.url).pathname;

await Deno.writeFile(file("rows"), bytes(rows));
for (const [name, set] of Object.entries({ train, test })) {
  await Deno.writeFile(file(`${name}.features`), bytes(set.features));
  await Deno.writeFile(file(`${name}.labels`), bytes(set.labels));
}
const plan = foldPlan(planModel(model));
await save(model, file("model.safetensors"));
await Deno.writeTextFile(file("model.js"), exportJavaScript(plan)[0].content as string);
for (const layers of ["gather", "dense"] as const) {
  const [{ content }] = exportOnnx(plan, { layers });
  await Deno.writeFile(file(`${layers}.onnx`), content as Uint8Array<ArrayBuffer>);
}
for (const { name, content } of exportC(planModel(model)).files) {
  await Deno.writeTextFile(file(name), content as string);
}
const forest = JSON.parse(
  await run(["python3", own("forest.py"), folder, "fit", `${columns}`, `${TREES}`]),
);
await run(["sh", "-c", `cc -O2 -DOURS ${own("program.c")} model.c -I. -o ours -lm`]);
const sizes = `-DCOLUMNS=${columns} -DCLASSES=${classes.length}`;
await run(["sh", "-c", `cc -O2 ${sizes} ${own("program.c")} forest.c -I. -o forest -lm`]);

using native = await openKernels("native", 1);
const child = async (...command: string[]): Promise<Times> => JSON.parse(await run(command));
const forms: Record<string, () => Promise<Times> | Times> = {
  "the library, native kernels": () => byLibrary(native.kernels),
  "the library, WebAssembly kernels": () => byLibrary(wasmKernels()),
  "ES module, Deno": () =>
    child("deno", "run", "--allow-read", own("module.js"), folder, `${columns}`),
  "ES module, Node": () => child("node", own("module.js"), folder, `${columns}`),
  "ONNX, gather": () => child("python3", own("onnx.py"), file("gather.onnx"), file("rows")),
  "ONNX, dense": () => child("python3", own("onnx.py"), file("dense.onnx"), file("rows")),
  "C, float32": () => child("sh", "-c", "./ours rows"),
  "random forest, scikit-learn": () =>
    child("python3", own("forest.py"), folder, "time", `${columns}`),
  "random forest, C by m2cgen": () => child("sh", "-c", "./forest rows"),
};

const times: Record<string, Times[]> = Object.fromEntries(
  Object.keys(forms).map((name) => [name, []]),
);
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, timed] of Object.entries(forms)) times[name].push(await timed());
}

const median = (values: number[]) =>
  Number(values.sort((a, b) => a - b)[values.length >> 1].toPrecision(3));
const files = {
  "model.safetensors": "the model file",
  "model.js": "the ES module",
  "gather.onnx": "ONNX, gather",
  "dense.onnx": "ONNX, dense",
  "model.c": "C, float32",
  "forest.joblib": "random forest, scikit-learn",
  "forest.c": "random forest, C by m2cgen",
};
const sizesOf = Object.entries(files).map(([name, what]) => {
  const content = Deno.readFileSync(file(name));
  return [what, { bytes: content.length, gzipped: gzipSync(content).length }];
});
const record = {
  data: "builtin:segment",
  members: model.members.length,
  accuracy: { model: score(model, test), forest: forest.accuracy },
  trees: TREES,
  rounds: ROUNDS,
  versions: {
    deno: Deno.version.deno,
    node: (await run(["node", "--version"])).trim(),
    ...forest.versions,
    cc: (await run(["sh", "-c", "cc -dumpfullversion"])).trim(),
  },
  microseconds: Object.fromEntries(
    Object.entries(times).map(([name, all]) => [
      name,
      {
        "one row": median(all.map(([one]) => one)),
        [`${MANY} rows, each`]: median(all.map(([, many]) => many)),
      },
    ]),
  ),
  files: Object.fromEntries(sizesOf),
};
await Deno.writeTextFile(
  new URL("../speeds.json", import.meta.url),
  `${JSON.stringify(record, null, 1)}\n`,
);
await Deno.remove(folder, { recursive: true });

function byLibrary(kernels: Kernels): Times {
  using predictor = openPredictor(model, kernels);
  const cells = Array.from(
    { length: MANY },
    (_, row) => [...rows.subarray(row * columns, (row + 1) * columns)],
  );
  const one = (row: number) => predictor.predictProba([cells[row]]);
  return [timed(one), timed(() => predictor.predictProba(cells), 20) / MANY];
}

/** Microseconds of the processor for a call, after as many calls that do not count. */
function timed(call: (row: number) => void, calls: number = MANY): number {
  for (let i = 0; i < calls; i++) call(i);
  const before = process.cpuUsage();
  for (let i = 0; i < calls; i++) call(i);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / calls;
}

async function run([command, ...args]: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args, cwd: folder })
    .output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}
