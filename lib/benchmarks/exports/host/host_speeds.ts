/**
 * The speed of predictors on the machine that measures: one row at a time, and batches of 1,000 rows. All
 * forms of a table take turns. In each round every form is measured once, in a process of its own where it
 * needs one. Times are of the processor, on one thread.
 *
 * @module
 */
import type { ExportedFile } from "../../../exports/mod.ts";
import {
  exportC,
  exportJavaScript,
  exportOnnx,
  foldPlan,
  planModel,
} from "../../../exports/mod.ts";
import { type Kernels, openKernels, wasmKernels } from "../../../kernels/mod.ts";
import { type Model, openPredictor, save } from "../../../model/mod.ts";
import { node } from "../../../node.ts";

import { shell } from "../cortex_m4.ts";
import { CALL, INCLUDE, inNewFolder } from "../on_m4.ts";

/** The number of rows of a batch. */
export const BATCH = 1000;

/** A form of a predictor on this machine. */
export interface HostSpeed {
  /** Bytes of the file that is handed over: a model file, a module, or source in C. */
  readonly bytes: number;
  /** Microseconds per row, one row at a time: the median of the rounds. */
  readonly oneRow: number;
  /** Microseconds per row in batches. */
  readonly inBatches: number;
}

/** A program in C to be timed. */
export interface HostProgram {
  /** The files. The first one is handed over. */
  readonly files: readonly ExportedFile[];
  /** The lines before the main program. */
  readonly include: string;
  /** An expression with the row in `x`. */
  readonly call: string;
  /** Flags of the compiler. Left out: none. */
  readonly flags?: string | undefined;
  /** Its rows: prepared inputs. Left out: the raw rows. */
  readonly rows?: Float32Array | undefined;
}

/** The programs and peers to be timed beside the ensemble in all its forms. */
export interface HostPeers {
  /** Programs in C by name. */
  readonly programs: Readonly<Record<string, HostProgram>>;
  /** A network of prepared inputs as ONNX by name, with its inputs and the name of its output. */
  readonly networks: Readonly<
    Record<
      string,
      { readonly onnx: Uint8Array; readonly rows: Float32Array; readonly output: string }
    >
  >;
  /** Forests of scikit-learn by name, as joblib stores them. */
  readonly forests: Readonly<Record<string, Uint8Array>>;
}

/** Microseconds of a row: one at a time, and in batches. */
type Times = readonly [one: number, many: number];

/**
 * Times an ensemble in every form, and peers. Needs `sh`, `cc`, `deno`, `node`, and `python3` with
 * onnxruntime, and with scikit-learn for forests.
 *
 * @param features The raw rows, which are repeated to a batch.
 * @param columns The number of their columns.
 */
export function hostSpeeds(
  model: Model,
  features: Float32Array,
  columns: number,
  { programs, networks, forests }: HostPeers,
  rounds: number,
): Promise<Readonly<Record<string, HostSpeed>>> {
  const { fs, url } = node;
  return inNewFolder(async (folder) => {
    const own = (name: string) => url.fileURLToPath(new URL(name, import.meta.url));
    const rows = batchOf(features, columns);
    const write = (name: string, content: string | Uint8Array) => {
      fs.writeFileSync(`${folder}/${name}`, content);
      return content.length;
    };
    write("rows", bytesOf(rows));
    const sizes: Record<string, number> = {};
    const times: Record<string, () => Times> = {};
    const timed = (line: string): Times => JSON.parse(shell(line, folder));

    const plan = planModel(model);
    const folded = foldPlan(plan);
    save(model, `${folder}/model.safetensors`);
    const modelBytes = fs.statSync(`${folder}/model.safetensors`).size;
    using fastest = await openKernels("auto", 1);
    const library = { "native": fastest.kernels, "WebAssembly": wasmKernels() };
    for (const [kind, kernels] of Object.entries(library)) {
      // Without permission to load them there are no native kernels.
      if (kind === "native" && !kernels.description.startsWith("native")) continue;
      const name = `the library, ${kind} kernels`;
      sizes[name] = modelBytes;
      times[name] = () => byLibrary(model, rows, columns, kernels);
    }
    const [{ content: module }] = exportJavaScript(folded);
    for (const [runtime, command] of [["Deno", "deno run --allow-read"], ["Node", "node"]]) {
      const name = `ES module, ${runtime}`;
      sizes[name] = write("model.js", module as string);
      times[name] = () =>
        timed(`${command} ${own("module.mjs")} ${folder}/model.js rows ${columns}`);
    }
    for (const layers of ["gather", "dense"] as const) {
      const name = `onnxruntime, ${layers}`;
      const [{ content }] = exportOnnx(folded, { layers });
      addNetwork(name, `${layers}.onnx`, content as Uint8Array, "rows", "probabilities");
    }
    Object.entries(networks).forEach(([name, { onnx, rows, output }], place) => {
      const file = `network_${place}`;
      write(`${file}.rows`, bytesOf(batchOf(rows, rows.length / (features.length / columns))));
      addNetwork(name, `${file}.onnx`, onnx, `${file}.rows`, output);
    });
    const whole: HostProgram = { files: exportC(plan).files, include: INCLUDE, call: CALL };
    Object.entries({ "C, float32": whole, ...programs }).forEach(([name, program], place) => {
      const at = `program_${place}`;
      fs.mkdirSync(`${folder}/${at}`);
      for (const { name, content } of program.files) write(`${at}/${name}`, content);
      const given = program.rows ?? features;
      const width = given.length / (features.length / columns);
      write(`${at}/rows`, bytesOf(batchOf(given, width)));
      const { include, call, flags = "" } = program;
      write(`${at}/setting.h`, `#define COLUMNS ${width}\n${include}\n#define CALL ${call}\n`);
      const sources = program.files.map(({ name }) => name).filter((name) => name.endsWith(".c"));
      shell(
        `cd ${at} && cc -O2 ${flags} ${own("program.c")} ${sources.join(" ")} -I. -o program -lm`,
        folder,
      );
      sizes[name] = program.files[0].content.length;
      times[name] = () => timed(`${at}/program ${at}/rows`);
    });
    Object.entries(forests).forEach(([name, content], place) => {
      const file = `forest_${place}.joblib`;
      sizes[name] = write(file, content);
      times[name] = () => timed(`python3 ${own("forest.py")} ${file} rows ${columns}`);
    });

    const found = Object.keys(times).map((name) => ({ name, all: [] as Times[] }));
    for (let round = 0; round < rounds; round++) {
      for (const { name, all } of found) all.push(times[name]());
    }
    return Object.fromEntries(found.map(({ name, all }) => [name, {
      bytes: sizes[name],
      oneRow: median(all.map(([one]) => one)),
      inBatches: median(all.map(([, many]) => many)),
    }]));

    function addNetwork(
      name: string,
      file: string,
      onnx: Uint8Array,
      table: string,
      output: string,
    ) {
      sizes[name] = write(file, onnx);
      times[name] = () => timed(`python3 ${own("onnx.py")} ${file} ${table} ${output}`);
    }
  });
}

/** Rows repeated to a batch. */
function batchOf(features: Float32Array, columns: number): Float32Array {
  return Float32Array.from({ length: BATCH * columns }, (_, i) => features[i % features.length]);
}

function bytesOf(array: Float32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

function byLibrary(model: Model, rows: Float32Array, columns: number, kernels: Kernels): Times {
  using predictor = openPredictor(model, kernels);
  const cells = Array.from(
    { length: BATCH },
    (_, row) => [...rows.subarray(row * columns, (row + 1) * columns)],
  );
  const one = (row: number) => predictor.predictProba([cells[row]]);
  return [timedCalls(one, 300), timedCalls(() => predictor.predictProba(cells), 5) / BATCH];
}

/** Microseconds of the processor for a call, after as many calls that do not count. */
function timedCalls(call: (row: number) => void, calls: number): number {
  const { process } = globalThis;
  for (let i = 0; i < calls; i++) call(i);
  const before = process.cpuUsage();
  for (let i = 0; i < calls; i++) call(i);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / calls;
}

/** The median, with three digits. */
function median(values: readonly number[]): number {
  return Number(values.toSorted((a, b) => a - b)[values.length >> 1].toPrecision(3));
}
