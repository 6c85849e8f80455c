import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { completeConfig, type RunConfig } from "../../../lib/experiments/run/run_config.ts";
import { runHash } from "../../../lib/experiments/run/run_hash.ts";
import { readStudy, type Study, studyConfigs } from "../../../lib/experiments/sweep/study.ts";
import { newFolder, writeFile } from "../../files.ts";

/** What a study's configurations have for some keys. */
function values(study: Study, ...keys: string[]): unknown[][] {
  return studyConfigs(study).map((config) =>
    keys.map((key) => (config as unknown as Record<string, unknown>)[key])
  );
}

const data = { file: "/data/table.csv", target: "class" };

Deno.test("a grid is every combination, the last key moving fastest", () => {
  const study = { base: data, grid: { method: ["fd", "set"], epsilon: [10, 20], seed: [1, 2] } };
  assert.deepEqual(values(study, "method", "epsilon", "seed"), [
    ["fd", 10, 1],
    ["fd", 10, 2],
    ["fd", 20, 1],
    ["fd", 20, 2],
    ["set", 10, 1],
    ["set", 10, 2],
    ["set", 20, 1],
    ["set", 20, 2],
  ]);
});

Deno.test("every method keeps the settings that the paper gives it", () => {
  const study = { base: data, grid: { method: ["fd", "edst", "set"] } };
  assert.deepEqual(values(study, "learningRate", "refinement", "members"), [
    [0.1, "comprehensive", 5],
    [0.1, "plain", 5],
    [0.01, "comprehensive", 1],
  ]);
});

Deno.test("every run is laid over the base and crossed with the grid, and the grid has the last word", () => {
  const study = {
    base: { ...data, epsilon: 5 },
    runs: [{ method: "fd", members: 3 }, { method: "dist", lambda: 2, epsilon: 7 }],
    grid: { seed: [4, 5], dropout: [0.1] },
  };
  assert.deepEqual(values(study, "method", "members", "lambda", "epsilon", "seed", "dropout"), [
    ["fd", 3, 1.5, 5, 4, 0.1],
    ["fd", 3, 1.5, 5, 5, 0.1],
    ["dist", 5, 2, 7, 4, 0.1],
    ["dist", 5, 2, 7, 5, 0.1],
  ]);
  const over = { base: { ...data, seed: 1 }, runs: [{ seed: 2 }], grid: { seed: [3] } };
  assert.deepEqual(values(over, "seed"), [[3]]);
});

Deno.test("parts have a base in common, and each its own base, runs and grid", () => {
  const study = {
    base: { ...data, epsilon: 5, countTried: true },
    parts: [
      { runs: [{ method: "set" }, { method: "static" }], grid: { seed: [1, 2] } },
      { base: { epsilon: 7, members: 2 }, grid: { method: ["bagging", "set"], seed: [1] } },
    ],
  };
  assert.deepEqual(values(study, "method", "epsilon", "members", "seed", "countTried"), [
    ["set", 5, 1, 1, true],
    ["set", 5, 1, 2, true],
    ["static", 5, 1, 1, undefined],
    ["static", 5, 1, 2, undefined],
    ["bagging", 7, 2, 1, true],
    ["set", 7, 2, 1, true],
  ]);
  for (
    const [wrong, place] of [
      [{ parts: [] }, "parts: found an empty list"],
      [{ parts: [{}], grid: { seed: [1] } }, 'grid: found "parts" as well'],
      [{ parts: [{ name: "x" }] }, "parts\\[0\\].name: there is no key of this name"],
      [{ parts: [{}, { grid: { seed: 1 } }] }, "parts\\[1\\].grid.seed: found 1, need a list"],
      [{ parts: [{ grid: { seed: [1, -1] } }] }, "parts\\[0\\].grid.seed\\[1\\]: found -1"],
      [{ parts: [{ runs: [{ seed: -1 }] }] }, "parts\\[0\\].runs\\[0\\].seed: found -1"],
    ] as const
  ) {
    assert.throws(
      () => studyConfigs({ base: data, ...wrong } as unknown as Study),
      new RegExp(`study", ${place}`),
    );
  }
});

Deno.test("a study without runs and grid is one run, and what comes up twice is run once", () => {
  assert.deepEqual(studyConfigs({ base: data }), [completeConfig(data)]);
  const study = { base: data, runs: [{}, { seed: 1 }, { seed: 2 }], grid: { seed: [2, 1, 2] } };
  assert.deepEqual(values(study, "seed"), [[2], [1]]);
});

Deno.test("dataset stands for the data keys, and takes over what stood there before", () => {
  const study = {
    base: { file: "/other.csv", target: "y", test: "/other_test.csv" },
    grid: { dataset: ["gesture-phase", "pol", "segment"] },
  };
  assert.deepEqual(values(study, "file", "target", "test"), [
    ["dataset:gesture-phase", "target", "dataset:gesture-phase#test"],
    ["dataset:pol", "target", null],
    ["builtin:segment", "class", null],
  ]);
  const back = { base: { dataset: "gesture-phase" }, runs: [data] };
  assert.deepEqual(values(back, "file", "target", "test"), [["/data/table.csv", "class", null]]);
});

Deno.test("relative paths begin in the folder of the study's file", () => {
  const folder = newFolder();
  writeFile(
    `${folder}/study.json`,
    JSON.stringify({ base: { file: "a.csv", target: "y" }, grid: { test: ["../b.csv"] } }),
  );
  const { configs: [config] } = readStudy(`${folder}/study.json`);
  assert.equal(config.file, `${folder}/a.csv`);
  assert.equal(config.test, `${folder.replace(/\/[^/]+$/, "")}/b.csv`);
});

Deno.test("a study that is read has its own name, or its file's", () => {
  const path = `${newFolder()}/my study (1).json`;
  for (const [name, expected] of [["Größe 2.0", "Größe 2.0"], [undefined, "my study (1)"]]) {
    writeFile(path, JSON.stringify({ name, base: data }));
    assert.equal(readStudy(path).study.name, expected);
  }
  // Without its ending the file's name would be that of the folder above.
  const folder = newFolder();
  writeFile(`${folder}/...json`, JSON.stringify({ base: data }));
  assert.throws(() => readStudy(`${folder}/...json`), /, name: found "\.\.", need a name of one/);
});

/** What is wrong, and what is said of it. */
const WRONG: [study: unknown, kind: ErrorConstructor, says: RegExp][] = [
  [{ bse: {} }, TypeError, /s\.json", bse: there is no key of this name; did you mean "base"\?$/],
  [{ base: [] }, TypeError, /, base: found \[\], need an object$/],
  [{ base: data, grid: { seed: [] } }, RangeError, /, grid\.seed: found an empty list, need at/],
  [{ base: data, grid: { seed: 3 } }, TypeError, /, grid\.seed: found 3, need a list$/],
  [{ base: data, runs: [] }, RangeError, /, runs: found an empty list/],
  [{ base: data, runs: [3] }, TypeError, /, runs\[0\]: found 3, need an object$/],
  [{ base: data, name: 7 }, TypeError, /, name: found 7, need a text$/],
  ...[
    "",
    ".",
    "..",
    "../../evil",
    "/etc/x",
    "a/b",
    "a\\b",
    "C:x",
    ".ssh",
    "a\nrm -rf x",
    "a\u001b[2J",
  ]
    .concat("a\u0000", "a\u2028b", "a".repeat(101))
    .map((name): typeof WRONG[number] => [
      { name, base: data },
      RangeError,
      /, name: found ".*", need a name of one folder: 1 to 100 letters, none of them "\/"/s,
    ]),
  [
    {
      base: data,
      grid: Object.fromEntries(
        ["epsilon", "dropout", "seed", "epochs", "lambda", "members", "momentum", "hidden", "l2"]
          .map((key) => [key, Array.from({ length: 20 }, (_, value) => value)]),
      ),
    },
    RangeError,
    /^Cannot use study "s\.json": found 512000000000 combinations, need at most 100000$/,
  ],
  [
    { base: data, grid: Object.fromEntries(Array.from({ length: 2e5 }, (_, i) => [`k${i}`, [i]])) },
    TypeError,
    /, grid\.k0\[0\]: there is none of this name$/,
  ],
  [
    { base: data, runs: Array(11).fill({}), grid: { seed: Array(10_000).fill(1) } },
    RangeError,
    /^Cannot use study "s\.json": found 110000 combinations, need at most 100000$/,
  ],
  [{}, TypeError, /, base: found no data, need "dataset", or "file" and "target"$/],
  [{ base: { file: "a.csv" } }, TypeError, /, base\.target: found none, need a text$/],
  [
    { base: data, grid: { epsilom: [3] } },
    TypeError,
    /, grid\.epsilom\[0\]: there is none of this name; did you mean "epsilon"\?$/,
  ],
  [{ base: data, grid: { epsilon: [3, -1] } }, RangeError, /, grid\.epsilon\[1\]: found -1, need/],
  [{ base: data, runs: [{}, { seed: "1" }] }, TypeError, /, runs\[1\]\.seed: found "1", need/],
  [{ base: data, grid: { hidden: [[5, 0]] } }, RangeError, /, grid\.hidden\[0\]\[1\]: found 0/],
  [{ base: { ...data, dropout: 2 } }, RangeError, /, base\.dropout: found 2, need less than 1/],
  [
    { base: data, runs: [{ method: "static", members: 2 }] },
    RangeError,
    /, runs\[0\]\.members: found 2, need 1 with method "static"$/,
  ],
  [
    { base: { ...data, method: "fd", explore: 100 }, grid: { epochs: [100], seed: [1] } },
    RangeError,
    /, epochs 100, seed 1: cannot divide the run: 100 epochs less 100 of exploration/,
  ],
  [
    { base: { dataset: "gesture-fase" } },
    RangeError,
    /, base\.dataset: found "gesture-fase", need one of .*did you mean "gesture-phase"\?$/,
  ],
  [{ base: { dataset: 3 } }, TypeError, /, base\.dataset: found 3, need the name of a data set$/],
  [
    { base: { dataset: "pol", file: "x.csv" } },
    TypeError,
    /, base\.dataset: found "file" as well, need one of the two/,
  ],
];

for (const [study, kind, says] of WRONG) {
  Deno.test(`a study ${JSON.stringify(study).slice(0, 80)} is refused and the place named`, () => {
    let error: unknown;
    try {
      studyConfigs(study as Study, { source: "s.json" });
    } catch (caught) {
      error = caught;
    }
    assert.ok(error instanceof kind, `${error}`);
    assert.match(error.message, /^Cannot use study "s\.json"(, [^.]|: found \d+ comb).*[^.]$/s);
    assert.match(error.message, says);
  });
}

Deno.test("a study that is not JSON, or no object, is refused by its file's name", () => {
  const folder = newFolder();
  writeFile(`${folder}/s.json`, "{");
  assert.throws(() => readStudy(`${folder}/s.json`), { name: "SyntaxError", message: /s\.json"/ });
  writeFile(`${folder}/s.json`, "[]");
  assert.throws(() => readStudy(`${folder}/s.json`), /s\.json": found no JSON object, need one$/);
  assert.throws(() => readStudy(`${folder}/none.json`), /none\.json": there is no such file/);
});

Deno.test("a run's name is the SHA-256 of its JSON with the keys in order", async () => {
  // A run by its method's strategy, with a target in every row, has the name that it had before there
  // was a choice.
  const { strategy: _, missingTarget: _rule, ...config } = completeConfig({
    ...data,
    hidden: [20, 10],
    seed: 7,
  });
  const sorted = Object.fromEntries(Object.entries(config).toSorted(([a], [b]) => a < b ? -1 : 1));
  const bytes = new TextEncoder().encode(JSON.stringify(sorted));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  assert.equal(runHash(config as RunConfig), digest.toHex().slice(0, 16));
  const backwards = Object.fromEntries(Object.entries(config).toReversed());
  assert.equal(runHash(backwards as unknown as RunConfig), runHash(config as RunConfig));
});

Deno.test("a strategy's path begins in the study's folder, and its content makes the run's name", () => {
  const folder = newFolder();
  const strategies = [null, "a.ts", "b.ts#set", "./a.ts", `${folder}/copy of a.ts`];
  const study = { base: data, grid: { strategy: strategies, seed: [1, 2] } };
  writeFile(`${folder}/a.ts`, "// a\n");
  writeFile(`${folder}/copy of a.ts`, "// a\n");
  writeFile(`${folder}/b.ts`, "// b\n");
  const configs = studyConfigs(study, { folder });
  const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
  // The same content elsewhere is the same run.
  assert.deepEqual(configs.map(({ strategy, seed }) => [strategy, seed]), [
    [null, 1],
    [null, 2],
    [{ path: `${folder}/a.ts`, sha256: sha256("// a\n") }, 1],
    [{ path: `${folder}/a.ts`, sha256: sha256("// a\n") }, 2],
    [{ path: `${folder}/b.ts`, sha256: sha256("// b\n"), export: "set" }, 1],
    [{ path: `${folder}/b.ts`, sha256: sha256("// b\n"), export: "set" }, 2],
  ]);
  const [, , first] = configs;
  const named = { ...first, strategy: { ...first.strategy, name: "a" } };
  assert.equal(runHash(named), runHash(first));
  writeFile(`${folder}/a.ts`, "// other\n");
  const changed = studyConfigs({ base: { ...data, strategy: "a.ts" } }, { folder });
  assert.notEqual(runHash(changed[0]), runHash(first));
  const missing = { base: { ...data, strategy: "none.ts" } };
  assert.throws(() => studyConfigs(missing, { folder, source: "s.json" }), {
    name: "RangeError",
    message: `Cannot use study "s.json", base.strategy: cannot use the strategy ` +
      `"${folder}/none.ts": there is no such file or folder`,
  });
  const wrong = { base: data, grid: { strategy: [null, 7] } };
  assert.throws(
    () => studyConfigs(wrong),
    /^TypeError: Cannot use study "study", grid\.strategy\[1\]: found 7, need an object with path/,
  );
});

Deno.test("a study of several methods leaves out what a method does not have, and says so", () => {
  const study = {
    base: { ...data, members: 3, epsilon: 10 },
    grid: { method: ["fd", "static", "dense"], lambda: [1, 2] },
  };
  const notes: string[] = [];
  const configs = studyConfigs(study, { onNote: (note) => notes.push(note) });
  assert.deepEqual(
    configs.map(({ method, members, epsilon, lambda }) => [method, members, epsilon, lambda]),
    [["fd", 3, 10, 1.5], ["static", 1, 10, 1.5], ["dense", 1, 20, 1.5]],
  );
  assert.deepEqual(notes, [
    'Left out with method "fd", which does not have it: lambda',
    'Left out with method "static", which does not have it: members, lambda',
    'Left out with method "dense", which does not have it: members, epsilon, lambda',
  ]);
});

Deno.test("a study says which of its settings make no difference", () => {
  const notes: string[] = [];
  const onNote = (note: string) => notes.push(note);
  studyConfigs({ base: { ...data, explore: 3, refinement: "plain" } }, { onNote });
  const beside = { ...data, method: "static", pruneRate: 0.3 };
  studyConfigs({ base: beside }, { onNote });
  assert.deepEqual(notes, [
    'Without effect with method "set", which does not read it: explore, refinement',
    'Without effect with method "static", which does not read it: pruneRate',
  ]);
});

Deno.test("a study says that its runs follow different recipes unasked", () => {
  const notes: string[] = [];
  const onNote = (note: string) => notes.push(note);
  const runs = [{}, { method: "set" }, { method: "fd" }];
  const recipes = studyConfigs({ base: data, runs }, { onNote }).map(({ recipe }) => recipe);
  assert.deepEqual(recipes, ["modern", "paper", "paper"]);
  assert.deepEqual(notes, [
    "The recipes differ: runs without a method follow the modern one, those with method " +
    '"set", "fd" the paper\'s; "recipe" in "base" gives all the same',
  ]);
  studyConfigs({ base: { ...data, recipe: "modern" }, runs }, { onNote });
  studyConfigs({ base: data, runs: runs.slice(1) }, { onNote });
  studyConfigs({ base: { ...data, method: "set" }, runs }, { onNote });
  assert.equal(notes.length, 1);
});

Deno.test("what stands beside the only method is meant for it, and refused", () => {
  const study = { base: { ...data, method: "static", members: 3 } };
  assert.throws(() => studyConfigs(study), /base\.members: found 3, need 1 with method "static"/);
});

Deno.test("a strategy of one's own is told the pruning rate that its method does without", () => {
  const folder = newFolder();
  writeFile(`${folder}/a.ts`, "// a\n");
  const study = {
    base: { ...data, pruneRate: 0.3 },
    grid: { method: ["static"], strategy: [null, "a.ts"] },
  };
  const configs = studyConfigs(study, { folder });
  assert.deepEqual(configs.map(({ pruneRate }) => pruneRate), [0.2, 0.3]);
});
