/**
 * The kinds of files that come from elsewhere: how each is made of a document, and the tasks it goes
 * through.
 *
 * @module
 */
import { gzipSync } from "node:zlib";
import { completeConfig } from "../../lib/experiments/run/run_config.ts";
import { startRun } from "../../lib/experiments/run/run.ts";
import { randomStream } from "../../lib/random.ts";
import { readBytes, readText, writeFile } from "../files.ts";
import { ROOT } from "../tasks/run_task.ts";
import { jsonText, type Value, valueAt } from "./document.ts";
import {
  arffText,
  csvText,
  listOf,
  npyBytes,
  parquetBytes,
  safetensorsBytes,
  safetensorsDocument,
  utf8,
  zipBytes,
} from "./encoders.ts";
import type { Call } from "./task_process.ts";

/** A kind of file, and what is done with one. */
export interface FileKind {
  readonly name: string;
  /** An intact file as a document. */
  readonly document: Value;
  /** The files made of a document, by their paths in the folder; `null` where none can be made. */
  readonly write: (document: Value) => Readonly<Record<string, Uint8Array>> | null;
  /** Folders and files beside them, by name: copies of what is at a path. */
  readonly beside: Readonly<Record<string, string>>;
  readonly calls: readonly Call[];
  /** The names that the tasks may add to the folder. */
  readonly makes: readonly string[];
}

const ROWS = 24;

/** A table of two numbers, a category and a class; as columns, for every format. */
function tableDocument(): { [key: string]: Value } {
  const random = randomStream(1, "fuzzed table");
  const numbers = () =>
    Array.from({ length: ROWS }, () => Math.round(2000 * random.float() - 1000) / 512);
  const words = (list: string[]) =>
    Array.from({ length: ROWS }, (_, row) => list[(7 * row >> 1) % list.length]);
  return {
    columns: [
      { name: "a", type: "DOUBLE", declared: "numeric", values: numbers() },
      { name: "b", type: "DOUBLE", declared: "real", values: numbers() },
      {
        name: "c",
        type: "STRING",
        declared: "{red,green,blue}",
        values: words(["red", "green", "blue"]),
      },
      { name: "y", type: "STRING", declared: "{no,yes}", values: words(["no", "yes"]) },
    ],
    separator: ",",
    lineEnd: "\n",
    quotes: true,
    rowGroupSize: 10,
  };
}

function arraysDocument(): Value {
  const [a, b] = listOf(tableDocument().columns).map((column) =>
    listOf(valueAt(column, ["values"]))
  );
  const data = a.flatMap((value, row) => [value, b[row]]);
  return {
    X: { version: 1, descr: "<f8", order: "False", shape: [ROWS, 2], data },
    y: {
      version: 1,
      descr: "<i4",
      order: "False",
      shape: [ROWS],
      data: a.map((_, row) => row % 2),
    },
  };
}

const SIZES = { hidden: [4], epsilon: 1, batchSize: 8, members: 2, explore: 2, epochs: 6 };
const TRAIN = [
  ..."--target y --hidden 4 --epsilon 1 --epochs 1 --explore 0 --members 1 --method set".split(" "),
  ..."--test-fraction 0.25 --out new".split(" "),
];

/** Trains what the kinds need in a folder, and tells them. */
export async function fileKinds(base: string): Promise<FileKind[]> {
  const table = `${base}/table.csv`;
  writeFile(table, csvText(tableDocument()));
  const numbers = `${base}/numbers.csv`;
  writeFile(
    numbers,
    csvText({ ...tableDocument(), columns: listOf(tableDocument().columns).slice(0, 3) }),
  );
  const config = (changes: object) =>
    completeConfig({
      file: table,
      target: "y",
      testFraction: 0.25,
      method: "fd",
      kernels: "wasm",
      ...SIZES,
      ...changes,
    });
  const runs = `${base}/runs`;
  await startRun(config({}), `${runs}/one`);
  await startRun(config({ method: "set", members: 1, explore: 0 }), `${runs}/other`);
  // A model and a checkpoint in blocks.
  const modern = {
    ...{ recipe: "modern", hidden: [4], epsilon: 1, epochs: 6, batchSize: 8, members: 2 },
    blockSize: 4,
  };
  await startRun(
    completeConfig({
      ...{ file: numbers, target: "a", task: "regression", kernels: "wasm", testFraction: 0.25 },
      ...modern,
    }),
    `${base}/regression`,
  );
  const arrays = `${base}/arrays.npz`;
  writeFile(arrays, zipBytes(npyFiles(arraysDocument())));
  await startRun(config({ file: arrays }), `${base}/arrays`);
  await stoppedRun(config({ optimizer: "adam", blockSize: 2 }), `${base}/whole`, `${base}/stopped`);

  const json = (path: string): Value => JSON.parse(readText(path));
  const lines = (path: string): Value =>
    readText(path).trimEnd().split("\n").map((line) => JSON.parse(line));
  const jsonFile = (path: string) => (document: Value) => ({ [path]: utf8(jsonText(document)) });
  const call = (line: string, ...more: string[]): Call => {
    const [task, ...args] = line.split(" ");
    return { task, args: [...args, ...more] };
  };

  const usesModel = (data: string) => [
    call("inspect m.safetensors"),
    call("inspect m.safetensors --json"),
    call(`evaluate m.safetensors ${data}`),
    call(`predict m.safetensors ${data} --out out.csv`),
  ];
  const usesRuns = [
    call("report . --out report.html"),
    call("results . --each"),
    call("results . --format markdown --out results.md"),
    call("results . --format parquet --out results.parquet"),
    call("results . --compare fd,set"),
  ];
  const madeOfRuns = ["report.html", "results.md", "results.parquet"];
  const resumes = [
    call("train --resume run"),
    call("results ."),
    call("report run --out report.html"),
  ];
  const usesTable = (name: string) => [
    call(`train ${name}`, ...TRAIN),
    call(`predict m.safetensors ${name}`),
    call(`evaluate m.safetensors ${name}`),
    call(`data balance ${name} --target y --out out.csv`),
  ];
  const usesArrays = { beside: { "m.safetensors": `${base}/arrays/model.safetensors` } };
  const stopped = (file: string, document: Value, write: FileKind["write"]): FileKind => ({
    ...{ name: `stopped run: ${file}`, document, write, calls: resumes },
    beside: { run: `${base}/stopped` },
    makes: ["run", "report.html"],
  });
  const finished = (file: string, document: Value, write: FileKind["write"]): FileKind => ({
    ...{ name: `finished run: ${file}`, document, write, calls: usesRuns, makes: madeOfRuns },
    beside: { one: `${runs}/one`, other: `${runs}/other` },
  });
  const tableFile = (
    name: string,
    write: (document: Value) => Uint8Array | null,
    document: Value,
  ): FileKind => ({
    ...{ name, document, calls: usesTable(name), makes: ["new", "out.csv"] },
    write: (changed) => {
      const bytes = write(changed);
      return bytes && { [name]: bytes };
    },
    beside: { "m.safetensors": `${runs}/one/model.safetensors` },
  });
  const jsonLines = (document: Value) =>
    utf8(listOf(document).map((line) => `${jsonText(line)}\n`).join(""));
  const model = (path: string) => safetensorsDocument(readBytes(path));
  const study = {
    name: "study",
    base: { file: table, target: "y" },
    grid: { method: ["fd", "set"], seed: [1, 2] },
  };

  return [
    ...([["model", `${runs}/one`, "table.csv"], [
      "regression model",
      `${base}/regression`,
      "numbers.csv",
    ]] as const)
      .map(([name, folder, data]): FileKind => ({
        name,
        document: model(`${folder}/model.safetensors`),
        write: (document) => ({ "m.safetensors": safetensorsBytes(document) }),
        beside: { [data]: `${base}/${data}` },
        calls: usesModel(data),
        makes: ["out.csv"],
      })),
    stopped("checkpoint", model(`${base}/stopped/checkpoint.safetensors`), (document) => ({
      "run/checkpoint.safetensors": safetensorsBytes(document),
    })),
    stopped("config", json(`${base}/stopped/config.json`), jsonFile("run/config.json")),
    stopped("events", lines(`${base}/stopped/events.jsonl`), (document) => ({
      "run/events.jsonl": jsonLines(document),
    })),
    finished("record", json(`${runs}/one/record.json`), jsonFile("one/record.json")),
    finished("config", json(`${runs}/one/config.json`), jsonFile("one/config.json")),
    finished("events", lines(`${runs}/one/events.jsonl`), (document) => ({
      "one/events.jsonl": jsonLines(document),
    })),
    {
      ...{ name: "study", document: study, write: jsonFile("study.json"), beside: {}, makes: [] },
      calls: [call("sweep study.json --list")],
    },
    {
      ...{ name: "settings", document: json(`${runs}/one/config.json`), write: jsonFile("c.json") },
      ...{ beside: {}, makes: ["new"], calls: [call("train --config c.json --out new")] },
    },
    {
      ...{ name: "contenders", document: { ours: SIZES, "the other": { ...SIZES, method: "rd" } } },
      ...{ write: jsonFile("c.json"), beside: { "table.csv": table }, makes: ["new"] },
      calls: [
        call("compare table.csv --target y --contenders c.json --no-trees --seeds 1 --out new"),
        call("compare --from-records --out new"),
      ],
    },
    ...(["comparison.jsonl", "comparison.json"] as const).map((name): FileKind => {
      const folder = `${ROOT}results/calibration`;
      const [other] = ["comparison.json", "comparison.jsonl"].filter((it) => it !== name);
      return {
        name: `comparison: ${name}`,
        document: name.endsWith("l")
          ? listOf(lines(`${folder}/${name}`)).slice(0, 24)
          : json(`${folder}/${name}`),
        write: (document) => ({
          [`new/${name}`]: name.endsWith("l") ? jsonLines(document) : utf8(jsonText(document)),
        }),
        ...{ beside: { [`new/${other}`]: `${folder}/${other}` }, makes: ["new"] },
        calls: [call("compare --from-records --out new")],
      };
    }),
    ...(["runs.jsonl", "selection.json"] as const).map((name): FileKind => {
      const folder = `${ROOT}results/table1/gesture-phase`;
      const inside = "new/table1/gesture-phase";
      const others = ["runs.jsonl", "selection.json", "measured.jsonl"].filter((it) => it !== name);
      return {
        name: `evidence: ${name}`,
        document: name.endsWith("l") ? lines(`${folder}/${name}`) : json(`${folder}/${name}`),
        write: (document) => ({
          [`${inside}/${name}`]: name.endsWith("l")
            ? jsonLines(document)
            : utf8(jsonText(document)),
        }),
        beside: Object.fromEntries(others.map((it) => [`${inside}/${it}`, `${folder}/${it}`])),
        makes: ["new"],
        calls: [call("reproduce table1 --from-records --out new")],
      };
    }),
    tableFile("table.csv", (document) => utf8(csvText(document)), tableDocument()),
    tableFile(
      "table.csv.gz",
      (document) => new Uint8Array(gzipSync(csvText(document))),
      tableDocument(),
    ),
    tableFile("table.arff", (document) => utf8(arffText(document)), tableDocument()),
    tableFile("table.parquet", parquetBytes, tableDocument()),
    {
      ...tableFile("table.npz", (document) => zipBytes(npyFiles(document)), arraysDocument()),
      ...usesArrays,
    },
    {
      ...tableFile("X.npy", () => null, arraysDocument()),
      ...usesArrays,
      write: (document) =>
        Object.fromEntries(
          npyFiles(document).slice(0, 50).flatMap(({ name, bytes }) =>
            /^[\w.]{1,50}$/.test(name) ? [[name, bytes]] : []
          ),
        ),
    },
  ];
}

function npyFiles(document: Value) {
  if (typeof document !== "object" || document === null) return [];
  return Object.entries(document).map(([name, array], k) => ({
    name: `${name}.npy`,
    bytes: npyBytes(array),
    packed: k % 2 === 0,
  }));
}

/** A run's folder as it was after its second member's first checkpoint. */
async function stoppedRun(
  config: ReturnType<typeof completeConfig>,
  whole: string,
  stopped: string,
): Promise<void> {
  let checkpoints = 0;
  const onEvent = ({ type }: { type: string }) => {
    if (type !== "checkpoint" || ++checkpoints !== 5) return;
    Deno.mkdirSync(stopped);
    for (const name of ["config.json", "events.jsonl", "checkpoint.safetensors"]) {
      writeFile(`${stopped}/${name}`, readBytes(`${whole}/${name}`));
    }
  };
  await startRun(config, whole, { onEvent, checkpointEvery: 1e-9 });
}
