/**
 * The rules between the rooms of the house, read from the import statements themselves.
 */
import assert from "node:assert/strict";
import { isThere, namesIn, newFolder, readJsonFile, readText, writeFile } from "./files.ts";
import { ROOT } from "./tasks/run_task.ts";

interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
}

/** Every source file below a folder, as a path from the repository. */
function sources(folder: string): string[] {
  return [...Deno.readDirSync(`${ROOT}${folder}`)].flatMap(({ name, isDirectory }) => {
    const path = `${folder}/${name}`;
    return isDirectory ? sources(path) : /\.(ts|js)$/.test(name) ? [path] : [];
  }).sort();
}

/** The code of a file: comments go, so that an example in one is no import. */
function codeOf(path: string): string {
  return readText(`${ROOT}${path}`)
    .replaceAll(/\/\*[^]*?\*\//g, "")
    .replaceAll(/(?<=^|[\s;{(,])\/\/.*$/gm, "");
}

function importsOf(path: string): Import[] {
  const code = codeOf(path);
  const statements = code.matchAll(
    /^(?:import|export)\s+(type\s)?(?:[^"';]*?\sfrom\s+)?"([^"]+)"/gm,
  );
  const dynamic = code.matchAll(/\bimport\(\s*"([^"]+)"/g);
  const urls = code.matchAll(/new URL\(\s*"(\.[^"]+\.(?:ts|js))",\s*import\.meta\.url/g);
  return [
    ...Array.from(statements, ({ 1: type, 2: specifier }) => ({
      specifier,
      typeOnly: type !== undefined,
    })),
    ...Array.from([...dynamic, ...urls], ({ 1: specifier }) => ({ specifier, typeOnly: false })),
  ];
}

function resolve(specifier: string, from: string): string {
  return new URL(specifier, `file:///${from}`).pathname.slice(1);
}

/** Every file of the project by its imports of other files of the project. */
const FILES = new Map(
  ["mod.ts", ...sources("lib"), ...sources("tasks")].map((path) => {
    const all = importsOf(path);
    const local = all.filter(({ specifier }) => specifier.startsWith("."))
      .map(({ specifier, typeOnly }) => ({ path: resolve(specifier, path), typeOnly }));
    return [path, { all, local }] as const;
  }),
);

/** A file's room: its folder in lib, or `classifier`, `random`, `tasks`, `mod`. */
function roomOf(path: string): string {
  const parts = path.replace(/^lib\//, "").split("/");
  const room = parts[0].replace(/\.\w+$/, "");
  if (room !== "checkpoints") return room;
  return FORMAT.includes(parts[1]) ? "checkpoints (format)" : "checkpoints";
}

/** The part of the checkpoints that knows files and nothing of networks: a leaf. */
const FORMAT = [
  "safetensors.ts",
  "safetensors_header.ts",
  "atomic_write.ts",
  "file_error.ts",
  "content_digest.ts",
  "run_lock.ts",
  "path.ts",
];

/**
 * What each room may import. Training and the network know data only as arrays; the ensemble is where
 * a table, a network and a topology come together.
 */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  random: [],
  data: ["random"],
  statistics: ["random"],
  counters: [],
  plots: [],
  "checkpoints (format)": [],
  kernels: [],
  sparse: ["random", "kernels"],
  nn: ["random", "kernels", "sparse"],
  topology: ["random", "kernels", "sparse"],
  training: ["random", "kernels", "sparse", "nn", "topology"],
  ensemble: ["random", "kernels", "sparse", "nn", "topology", "training", "data", "counters"],
  checkpoints: ["checkpoints (format)", "sparse", "nn", "ensemble", "kernels", "data", "counters"],
};

/** What counts operations has to name the things that do them, and takes nothing but their types. */
const TYPES_ONLY: Readonly<Record<string, readonly string[]>> = { counters: ["kernels", "nn"] };

/** Single files that a leaf may use of another: here, one formula that needs nothing itself. */
const SHARED: Readonly<Record<string, readonly string[]>> = {
  statistics: ["lib/data/normal_quantile.ts"],
  // The one task whose work is that of the tests, done for longer; and what a task's command line is.
  tasks: ["tests/soak/soak.ts", "deno.json"],
};

/** Rooms above the classifier and the checkpoints may use all of what is below. */
const UPPER = ["classifier", "experiments", "benchmarks", "tasks"];

Deno.test("imports were found, or the other tests would see nothing", () => {
  assert.ok(FILES.size > 80);
  const run = FILES.get("lib/experiments/run.ts")!;
  assert.ok(run.local.some(({ path }) => path === "lib/checkpoints/run_lock.ts"));
  assert.ok(FILES.get("mod.ts")!.local.length > 30);
  for (const [file, { local }] of FILES) {
    for (const { path } of local) {
      assert.ok(FILES.has(path) || isThere(`${ROOT}${path}`), `${file} imports ${path}`);
    }
  }
});

Deno.test("every file imports only rooms below its own", () => {
  const wrong: string[] = [];
  for (const [file, { local }] of FILES) {
    if (file === "mod.ts") continue;
    const room = roomOf(file);
    const upper = UPPER.indexOf(room);
    const allowed = upper < 0
      ? ALLOWED[room]
      : [...Object.keys(ALLOWED), ...UPPER.slice(0, upper), ...room === "tasks" ? ["mod"] : []];
    assert.ok(allowed !== undefined, `"${room}" is a new room: say here what it may import`);
    for (const { path, typeOnly } of local) {
      const other = roomOf(path);
      if (other === room || allowed.includes(other)) continue;
      if (typeOnly && TYPES_ONLY[room]?.includes(other)) continue;
      if (!SHARED[room]?.includes(path)) wrong.push(`${file} imports ${path}`);
    }
  }
  assert.deepEqual(wrong, []);
});

Deno.test("no file imports itself in a roundabout way, not even for a type", () => {
  const graph = new Map(
    Array.from(FILES, ([file, { local }]) => [file, local.map(({ path }) => path)] as const),
  );
  assert.deepEqual(cyclesIn(graph), []);
  // The search itself finds what there is.
  graph.set("lib/random.ts", ["lib/classifier.ts"]);
  assert.match(cyclesIn(graph).join(), /lib\/random\.ts → lib\/classifier\.ts →/);
});

function cyclesIn(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const finished = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, trail: readonly string[]): void => {
    if (trail.includes(file)) {
      cycles.push([...trail.slice(trail.indexOf(file)), file].join(" → "));
      return;
    }
    if (finished.has(file)) return;
    for (const path of graph.get(file) ?? []) visit(path, [...trail, file]);
    finished.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  return cycles;
}

Deno.test("nothing in lib imports tasks or mod.ts", () => {
  for (const [file, { local }] of FILES) {
    if (!file.startsWith("lib/")) continue;
    for (const { path } of local) assert.match(path, /^lib\//, `${file} imports ${path}`);
  }
});

Deno.test("nothing in lib prints, exits or reads the clock; nothing in tasks names console", () => {
  // A script that is run by hand, beside the data set that it made.
  const scripts = ["lib/data/builtin/make_segment.ts"];
  for (const file of FILES.keys()) {
    if (scripts.includes(file)) continue;
    const code = codeOf(file);
    assert.doesNotMatch(code, /\bconsole\s*\./, file);
    if (!file.startsWith("lib/")) continue;
    assert.doesNotMatch(code, /Deno\s*\.\s*exit|process\s*\.\s*exit/, file);
    assert.doesNotMatch(code, /Deno\s*\.\s*(stdout|stderr)|process\s*\.\s*(stdout|stderr)/, file);
    assert.doesNotMatch(code, /\bDate\s*\.\s*now|new\s+Date\b|\bTemporal\b/, file);
    assert.doesNotMatch(code, /Math\s*\.\s*random/, file);
  }
});

Deno.test("every library from npm is named with its version, in one file", () => {
  const where = new Map<string, string[]>();
  for (const [file, { all }] of FILES) {
    for (const { specifier } of all) {
      if (/^(\.|node:)/.test(specifier)) continue;
      const found = /^npm:((?:@[^/@]+\/)?[^/@]+)@(\d+\.\d+\.\d+)(\/.*)?$/.exec(specifier);
      assert.ok(found !== null, `${file} imports "${specifier}": need npm:name@version`);
      where.set(found[1], [...where.get(found[1]) ?? [], file]);
    }
  }
  assert.ok(where.size >= 3);
  for (const [name, files] of where) {
    const distinct = [...new Set(files)];
    assert.equal(distinct.length, 1, `${name} is imported by ${distinct.join(", ")}`);
  }
});

Deno.test("the library needs no import map", () => {
  const config = readJsonFile(`${ROOT}deno.json`);
  assert.equal(config.importMap, undefined);
  assert.equal(config.imports, undefined);
  assert.equal(config.scopes, undefined);
  assert.ok(!namesIn(ROOT).includes("package.json"));
});

Deno.test("importing mod.ts needs no permission and does nothing", () => {
  const folder = newFolder();
  writeFile(
    `${folder}/import.ts`,
    `const before = Object.keys(globalThis).sort().join();
    const library = await import(${JSON.stringify(`file://${ROOT}mod.ts`)});
    const after = Object.keys(globalThis).sort().join();
    if (before !== after) throw new Error("globals changed");
    // The process must end by itself: nothing is left running.
    console.log(typeof library.fit, Object.keys(library).length);`,
  );
  const { code, stdout, stderr } = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", "--no-check", `${folder}/import.ts`],
    cwd: ROOT,
  }).outputSync();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  assert.equal(code, 0, text(stderr));
  assert.equal(text(stderr), "");
  const [kind, count] = text(stdout).trim().split(" ");
  assert.equal(kind, "function");
  assert.ok(Number(count) > 80);
});
