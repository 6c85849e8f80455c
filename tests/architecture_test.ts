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

/** A file's room: its folder, or the file itself where it stands alone in `lib/`. */
function roomOf(path: string): string {
  const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
  return ["", "lib"].includes(folder) ? path : folder;
}

/**
 * The rooms from the ground up. A room may use the rooms on its own floor and below, except where
 * {@linkcode NEVER} forbids it.
 */
const FLOORS: readonly (readonly string[])[] = [
  [
    "lib/node.ts",
    "lib/messages.ts",
    "lib/arguments.ts",
    "lib/csv_line.ts",
    "lib/random.ts",
    "lib/valibot.ts",
    "lib/setting.ts",
  ],
  ["lib/files", "lib/statistics", "lib/plots"],
  ["lib/reports", "lib/data/table"],
  ["lib/data/preprocessing", "lib/data/formats", "lib/data/builtin"],
  ["lib/data/catalogue"],
  ["lib/data"],
  ["lib/kernels", "lib/kernels/wasm", "lib/kernels/native", "lib/kernels/threads"],
  ["lib/sparse"],
  ["lib/nn", "lib/topology"],
  ["lib/methods"],
  ["lib/counters", "lib/settings", "lib/training"],
  ["lib/prediction"],
  ["lib/model"],
  ["lib/ensemble", "lib/exports"],
  ["lib/streams"],
  ["lib/autoencoder"],
  ["lib/selection"],
  ["lib/experiments/run"],
  ["lib/experiments/sweep", "lib/experiments/results"],
  ["lib/experiments/comparison", "lib/experiments/paper"],
  ["lib/experiments/side_by_side"],
  ["lib/experiments"],
  ["lib/notebooks", "lib/benchmarks", "lib/playground"],
  ["mod.ts"],
  ["tasks"],
];

/** What the floors would allow and the house does not: the arithmetic knows no tables and no pages. */
const NEVER: readonly (readonly [user: RegExp, used: RegExp])[] = [
  [
    /^lib\/(kernels|sparse|nn|topology|methods|training)/,
    /^lib\/(files|data|statistics|plots|reports)/,
  ],
  [/^lib\/(settings|prediction|model|ensemble)/, /^lib\/(plots|reports)/],
  [/^lib\/data/, /^lib\/(plots|reports)/],
];

/** Who may use what stands behind a room's face, and why. */
const PAST_THE_FACE: Readonly<Record<string, string>> = {};

/** The outermost room that the floors name, such as `lib/kernels` for `lib/kernels/c`. */
function floorOf(path: string): number {
  const room = roomOf(path);
  return FLOORS.findIndex((rooms) =>
    rooms.some((name) =>
      room === name || path === name || room.startsWith(`${name}/`) && !listed(room)
    )
  );
}

function listed(room: string): boolean {
  return FLOORS.some((rooms) => rooms.includes(room));
}

Deno.test("imports were found, or the other tests would see nothing", () => {
  assert.ok(FILES.size > 300);
  const run = FILES.get("lib/experiments/run/run.ts")!;
  assert.ok(run.local.some(({ path }) => path === "lib/files/mod.ts"));
  assert.ok(FILES.get("mod.ts")!.local.length > 20);
  for (const [file, { local }] of FILES) {
    for (const { path } of local) {
      assert.ok(FILES.has(path) || isThere(`${ROOT}${path}`), `${file} imports ${path}`);
    }
  }
});

Deno.test("every file imports only rooms on its own floor or below", () => {
  const wrong: string[] = [];
  for (const [file, { local }] of FILES) {
    const floor = floorOf(file);
    assert.ok(floor >= 0, `"${roomOf(file)}" is a new room: say on which floor it is`);
    for (const { path } of local) {
      if (!/^(lib|tasks)\/|^mod\.ts$/.test(path)) continue;
      const never = NEVER.some(([user, used]) => user.test(file) && used.test(path));
      if (floorOf(path) > floor || never) wrong.push(`${file} imports ${path}`);
    }
  }
  assert.deepEqual(wrong, []);
});

Deno.test("rooms are used through their faces", () => {
  const past: string[] = [];
  for (const [file, { local }] of FILES) {
    for (const { path } of local) {
      const [own, other] = [roomOf(file), roomOf(path)];
      // An inner room stands in its house: what is in the folder around it is not behind a face.
      if (!path.startsWith("lib/") || own === other || own.startsWith(`${other}/`)) continue;
      if (!/\/mod\.ts$/.test(path) && other !== path) past.push(`${file} imports ${path}`);
    }
  }
  assert.deepEqual(past.sort(), Object.keys(PAST_THE_FACE).sort());
});

Deno.test("every room has a face that says what it is for", () => {
  const rooms = new Set([...FILES.keys()].filter((path) => path.startsWith("lib/")).map(roomOf));
  for (const room of rooms) {
    if (FILES.has(room)) continue;
    const face = FILES.has(`${room}/mod.ts`) ? readText(`${ROOT}${room}/mod.ts`) : "";
    const sentence = /^\/\*\*\n((?: \* .+\n)+)/.exec(face)?.[1].replaceAll(/^ \* /gm, "").trim();
    const namespace = new RegExp(`\\/\\*\\* (.+) \\*\\/\\nexport \\* as \\w+ from "\\./${room}/`)
      .exec(
        readText(`${ROOT}mod.ts`),
      );
    if (namespace !== null) assert.equal(namespace[1], sentence?.replaceAll("\n", " "), room);
    assert.match(face, /^\/\*\*\n \* [A-Z][^]*?\.\n[^]*?@module/, `${room}/mod.ts`);
  }
});

Deno.test("no room holds more than twenty files", () => {
  for (const room of new Set([...FILES.keys()].map(roomOf))) {
    if (FILES.has(room)) continue;
    const names = [...Deno.readDirSync(`${ROOT}${room}`)].filter(({ isFile }) => isFile);
    assert.ok(names.length <= 20, `${room}: ${names.length} files`);
  }
});

Deno.test("a file of more than 400 lines says why in its first comment", () => {
  for (const path of FILES.keys()) {
    const text = readText(`${ROOT}${path}`);
    if (text.split("\n").length <= 401) continue;
    assert.match(text, /^\/\*\*(?:(?!\*\/)[^])*\blines\b/, path);
  }
});

Deno.test("no file imports itself in a roundabout way, not even for a type", () => {
  const graph = new Map(
    Array.from(FILES, ([file, { local }]) => [file, local.map(({ path }) => path)] as const),
  );
  assert.deepEqual(cyclesIn(graph), []);
  // The search itself finds what there is.
  graph.set("lib/random.ts", ["lib/ensemble/mod.ts"]);
  assert.match(cyclesIn(graph).join(), /lib\/random\.ts → lib\/ensemble\/mod\.ts →/);
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
    // Under Deno it gives a new file the mode 0666, whatever the umask.
    assert.doesNotMatch(code, /\bappendFile/, file);
  }
});

Deno.test("a value that may be missing is a plain optional value, not a spread of nothing", () => {
  const spread = /\.\.\.\(?[^;,{}]*\?\s*(?:\{\s*\}|\{[^{}]*\}\s*:\s*\{\s*\})/;
  for (const way of ["...x === null ? {} : { x }", "...(x !== null ? { x } : {})"]) {
    assert.match(way, spread);
  }
  for (const file of FILES.keys()) assert.doesNotMatch(codeOf(file), spread, file);
});

Deno.test("doc comments are statements: none opens as a question does", () => {
  const question =
    /(?:\/\*\*\s+(?:\*\s+)?|@(?:returns|param \S+) )(?:What|How|Whether|Where|Which|When|Why)\b.*/;
  assert.match("/**\n   * Whether it rains.", question);
  for (const file of FILES.keys()) assert.doesNotMatch(readText(`${ROOT}${file}`), question, file);
});

Deno.test("every library from npm is named with its version, in one file", () => {
  const where = new Map<string, Set<string>>();
  for (const [file, { all }] of FILES) {
    // A name in a variable counts too: it keeps a library out of what is always loaded.
    const named = [...codeOf(file).matchAll(/"(npm:[^"]*|jsr:[^"]*|https?:[^"]*\.[jt]s)"/g)];
    for (
      const specifier of [
        ...all.map(({ specifier }) => specifier),
        ...named.map(([, n]) => n),
      ]
    ) {
      if (/^(\.|node:)/.test(specifier)) continue;
      const found = /^npm:((?:@[^/@]+\/)?[^/@]+)@(\d+\.\d+\.\d+)(\/.*)?$/.exec(specifier);
      assert.ok(found !== null, `${file} imports "${specifier}": need npm:name@version`);
      where.set(found[1], (where.get(found[1]) ?? new Set()).add(file));
    }
  }
  assert.ok(where.size >= 10);
  for (const [name, files] of where) {
    assert.equal(files.size, 1, `${name} is imported by ${[...files].join(", ")}`);
  }
});

Deno.test("an import whose name is worked out is one of a library, or of a module that is given", () => {
  const found = [...FILES.keys()].filter((file) => /\bimport\(\s*[^"\s]/.test(codeOf(file)));
  assert.deepEqual(found.sort(), [
    "lib/benchmarks/peers/tensorflow_peer.ts",
    "lib/data/formats/zip/yauzl.ts",
    // The user's own module, where a run is begun or resumed with one.
    "lib/experiments/run/strategy_file.ts",
    // The module that counts operations, for a worker: somebody else's room.
    "lib/kernels/threads/kernel_worker.ts",
    "lib/plots/renderers/resvg.ts",
    "lib/plots/renderers/vega.ts",
    "lib/plots/renderers/vega_lite.ts",
    "lib/statistics/druid.ts",
  ]);
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
  assert.ok(Number(count) > 30 && Number(count) < 60, count);
});
