/** Models as ES modules, beside the library: in Deno, Node, Bun and a browser. */
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { exportJavaScript, foldPlan, planModel } from "../../lib/exports/mod.ts";
import { PREDICTION_WASM } from "../../lib/exports/javascript/prediction_wasm.ts";
import {
  predict,
  predictionIntervals,
  predictionSets,
  predictProba,
  predictValues,
} from "../../lib/model/mod.ts";
import { wasmKernels } from "../../lib/kernels/mod.ts";
import { normalQuantiles, rowReader } from "../../lib/exports/javascript/runtime/mod.ts";
import type { Facts } from "../../lib/exports/javascript/runtime/facts.ts";
import { notatedNumber } from "../../lib/data/table/mod.ts";
import { NORMAL_QUANTILE_FRACTIONS, normalQuantile } from "../../lib/statistics/mod.ts";
import type { RawCell } from "../../lib/prediction/mod.ts";
import { newFolder, writeFile } from "../files.ts";
import { answerOf, distance, hardRows, type Kind, kinds } from "./kinds.ts";

const all = await kinds();
const [paper] = all;
const mixed = all.find(({ name }) => name === "mixed columns")!;
const number = all.find(({ name }) => name === "numbers with intervals")!;

/** Folding leaves weights out, and so changes the order of sums. */
const FOLDED = 1e-6;
/** Without relaxed SIMD a product is rounded before it is added; plain JavaScript adds in 64 bits. */
const ROUNDING = 1e-5;

/** What a module offers. */
interface Exported {
  readonly columns: readonly string[];
  readonly target: string;
  readonly classes: readonly string[];
  predict(rows: readonly unknown[]): (string | number)[];
  predictProba(rows: readonly unknown[]): Float32Array[];
  predictSets(rows: readonly unknown[]): string[][];
  predictIntervals(rows: readonly unknown[]): { lower: number; upper: number }[];
  kernelsInUse(): string;
}

/** The text of a module; `without` takes kernels away. */
function textOf({ model }: Kind, without: readonly string[] = []): string {
  const [{ content }] = exportJavaScript(foldPlan(planModel(model)));
  return without.reduce(
    (text, name) => text.replace(PREDICTION_WASM[name as "simd"], "AAAA"),
    content as string,
  );
}

async function open(kind: Kind, without?: readonly string[]): Promise<Exported> {
  const path = `${newFolder()}/model.js`;
  writeFile(path, textOf(kind, without));
  return await import(`file://${path}`);
}

/** An answer of a module; `null` if it refuses the row. */
function answerOfModule(module: Exported, row: readonly RawCell[]): ArrayLike<number> | null {
  try {
    return module.predictProba === undefined
      ? module.predict([row]) as number[]
      : module.predictProba([row])[0];
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

Deno.test("every kind of model answers in its module as here, to rounding, and refuses what is refused here", async () => {
  for (const kind of all) {
    const module = await open(kind);
    assert.equal(module.kernelsInUse(), "relaxed-simd");
    assert.equal(module.target, kind.model.target);
    assert.deepEqual(module.columns, kind.model.preprocessing.featureNames);
    const rows = hardRows(kind, 1000);
    const good = rows.filter((row, r) => {
      const [expected, found] = [answerOf(kind.model, row), answerOfModule(module, row)];
      assert.equal(found === null, expected === null, `${kind.name}, row ${r}: ${row}`);
      return expected !== null;
    });
    assert.ok(good.length > 150, `${kind.name}: ${good.length}`);
    if (kind.model.targetScaling === undefined) {
      const found = Float32Array.from(module.predictProba(good).flatMap((p) => [...p]));
      const expected = predictProba(kind.model, good, wasmKernels());
      assert.ok(distance(expected, found) <= FOLDED, `${kind.name}: ${distance(expected, found)}`);
      const labels = predict(kind.model, good, wasmKernels());
      assert.deepEqual(module.predict(good), labels);
    } else {
      const expected = predictValues(kind.model, good, wasmKernels());
      assert.ok(distance(expected, module.predict(good) as number[]) <= FOLDED, kind.name);
    }
  }
});

Deno.test("without folding, the answers are the same to the last bit", async () => {
  for (const kind of all) {
    const path = `${newFolder()}/model.js`;
    writeFile(path, exportJavaScript(planModel(kind.model))[0].content);
    const module: Exported = await import(`file://${path}`);
    const rows = hardRows(kind, 200).filter((row) => answerOf(kind.model, row) !== null);
    for (const some of [rows, rows.slice(0, 1)]) {
      const found = kind.model.targetScaling === undefined
        ? module.predictProba(some).flatMap((p) => [...p])
        : module.predict(some) as number[];
      const ask = kind.model.targetScaling === undefined ? predictProba : predictValues;
      assert.deepEqual(Float32Array.from(found), ask(kind.model, some, wasmKernels()), kind.name);
    }
  }
});

Deno.test("without relaxed SIMD, and without WebAssembly, answers differ by rounding", async () => {
  const relaxed = ["relaxed-simd"];
  for (const without of [relaxed, [...relaxed, "simd"]]) {
    for (const kind of all) {
      const module = await open(kind, without);
      assert.equal(module.kernelsInUse(), without.length === 1 ? "simd" : "javascript");
      const rows = hardRows(kind, 300);
      const expected = rows.map((row) => answerOf(kind.model, row));
      rows.forEach((row, r) => {
        const found = answerOfModule(module, row);
        assert.equal(found === null, expected[r] === null, `${kind.name}, row ${r}`);
        if (found === null) return;
        const off = distance(expected[r]!, found);
        assert.ok(off <= ROUNDING, `${kind.name}, row ${r}: ${off}`);
      });
    }
  }
});

Deno.test("rows may be objects, and sets and intervals are those of the library", async () => {
  const module = await open(mixed);
  const { preprocessing } = mixed.model;
  const rows = hardRows(mixed, 50).filter((row) => answerOf(mixed.model, row) !== null);
  const objects = rows.map((row) => ({
    more: 1,
    ...Object.fromEntries(preprocessing.featureNames.map((name, c) => [name, row[c]])),
  }));
  const probabilities = predictProba(mixed.model, rows, wasmKernels());
  const sets = predictionSets(mixed.model, probabilities);
  assert.deepEqual(module.predictSets(objects), sets);
  assert.deepEqual(module.predict(objects), module.predict(rows));
  assert.deepEqual(module.predict([]), []);
  const ofNumbers = await open(number);
  const good = hardRows(number, 50).filter((row) => answerOf(number.model, row) !== null);
  const values = predictValues(number.model, good, wasmKernels());
  const { lower, upper } = predictionIntervals(number.model, values);
  ofNumbers.predictIntervals(good).forEach((interval, row) => {
    assert.ok(distance([lower[row], upper[row]], [interval.lower, interval.upper]) < FOLDED);
  });
});

Deno.test("a module says in a sentence which row it cannot read", async () => {
  const module = await open(mixed);
  const { featureNames } = mixed.model.preprocessing;
  const row = (name: string, cell: unknown) => featureNames.map((own) => own === name ? cell : 1);
  const day = (cell: unknown) =>
    Object.assign(row("a", 1), { [featureNames.indexOf("day")]: cell });
  const cases: [rows: unknown[], message: RegExp][] = [
    [[row("a", "high")], /^Cannot predict row 0, column "a": found "high", need a number$/],
    [
      [day(1), day("5/1")],
      /^Cannot predict row 1, column "day": found "5\/1", need a date as 2024-01-05$/,
    ],
    [
      [row("a", Infinity)],
      /^Cannot predict row 0, column "a": found Infinity, need a finite 32-bit/,
    ],
    [[[1, 2]], /^Cannot predict: found 2 cells in row 0, need 8$/],
    [[{ b: 1 }], /^Cannot predict: found no row with "a", need it, null where a value is missing$/],
    [[5], /^Cannot predict: found number as row 0, need a list or object$/],
  ];
  for (const [rows, message] of cases) {
    assert.throws(() => module.predict(rows), { message });
  }
});

Deno.test("a module takes a dash among numbers for a missing value, as the library does", async () => {
  const module = await open(mixed);
  const { featureNames } = mixed.model.preprocessing;
  const row = (cell: unknown) => (
    Object.fromEntries(
      featureNames.map((name) => [name, /^(a|b|price|day)$/.test(name) ? cell : 1]),
    )
  );
  const nothing = module.predictProba([row(null)]);
  for (const dash of ["-", "--", "–", "—", ".", " - "]) {
    assert.deepEqual(module.predictProba([row(dash)]), nothing, dash);
    assert.deepEqual(predict(mixed.model, [row(dash) as Record<string, RawCell>]).length, 1);
  }
  assert.throws(() => module.predict("x" as unknown as unknown[]), /need a list of rows$/);
});

Deno.test("a module reads dates in the order that the training table has", () => {
  for (const order of ["day-first", "month-first"] as const) {
    const notation = { kind: "date", order, origin: 20_000 } as const;
    const own = rowReader({
      ...{ columns: ["day"], texts: [], notations: [{ column: 0, ...notation }] },
      ...{ numbers: [], missing: [], categories: [] },
    } as unknown as Facts);
    const words = [
      "1/2/2026",
      "31/12/2025",
      "12/31/2025",
      "01.02.2026 9:30",
      "2026-01-01",
      "1/2/26",
    ];
    for (const word of words) {
      const expected = Math.fround(notatedNumber(notation, word));
      if (!Number.isNaN(expected)) assert.deepEqual([...own([[word]])], [expected], word);
      else assert.throws(() => own([[word]]), /need a date as (31\/12|12\/31)\/2024$/, word);
    }
  }
});

Deno.test("the normal quantile of modules is the library's, to the last bit", () => {
  const own = normalQuantiles(NORMAL_QUANTILE_FRACTIONS);
  for (let k = 1; k < 5000; k++) assert.equal(own(k / 5000), normalQuantile(k / 5000));
  for (let k = 2; k < 300; k++) assert.equal(own(10 ** -k), normalQuantile(10 ** -k));
});

Deno.test("a module's code is at most 60 kB beside the model, compressed", () => {
  for (const kind of all) {
    const code = textOf(kind).replace(/^const (arrays|facts) = .*$/gm, "");
    assert.ok(gzipSync(code).length <= 60_000, `${gzipSync(code).length}`);
  }
});

/** A script that prints a module's answers to rows beside it, and what could be forbidden. */
const SCRIPT = `
import * as model from "./model.js";
import rows from "./rows.js";
const answers = rows.map((row) => Array.from((model.predictProba ?? model.predict)([row])).flat());
const flat = answers.map((answer) => answer.map((part) => Array.from(part.length ? part : [part])).flat());
console.log(JSON.stringify({ kernels: model.kernelsInUse(), answers: flat }));
`;

/** A row as JSON has it. */
function plain(row: readonly RawCell[]): unknown[] {
  return row.map((cell) =>
    cell === undefined || Number.isNaN(cell) ? null : typeof cell === "bigint" ? Number(cell) : cell
  );
}

function goodRows(kind: Kind, count: number): RawCell[][] {
  return hardRows(kind, count).filter((row) => answerOf(kind.model, row) !== null);
}

/** Runs a script beside a module and rows, and compares what it prints. */
function compareElsewhere(kind: Kind, command: string, args: readonly string[]): string {
  const rows = goodRows(kind, 300);
  const folder = newFolder();
  writeFile(`${folder}/model.js`, textOf(kind));
  writeFile(`${folder}/package.json`, '{ "type": "module" }');
  writeFile(`${folder}/rows.js`, `export default ${JSON.stringify(rows.map(plain))};`);
  writeFile(`${folder}/script.js`, SCRIPT);
  const { success, stdout, stderr } = new Deno.Command(command, {
    args: [...args, "script.js"],
    cwd: folder,
  }).outputSync();
  assert.ok(success, new TextDecoder().decode(stderr));
  const { kernels, answers } = JSON.parse(new TextDecoder().decode(stdout));
  rows.forEach((row, r) => {
    const off = distance(answerOf(kind.model, row)!, answers[r]);
    assert.ok(off <= ROUNDING, `${command}, ${kind.name}, row ${r}: ${off}`);
  });
  return kernels;
}

Deno.test("a module needs no permission", () => {
  for (const kind of [mixed, number]) {
    const args = ["run", "--quiet", "--no-prompt", "--no-config"];
    assert.equal(compareElsewhere(kind, Deno.execPath(), args), "relaxed-simd");
  }
});

/** Whether the shell knows a program. */
function has(program: string): boolean {
  try {
    return new Deno.Command("sh", { args: ["-c", `command -v ${program}`] }).outputSync().success;
  } catch {
    return false;
  }
}

for (const program of ["node", "bun"]) {
  Deno.test({
    name: `a module answers under ${program} as here (needs ${program})`,
    ignore: !has(program),
    fn() {
      for (const kind of [paper, mixed, number]) {
        assert.match(
          compareElsewhere(kind, "sh", ["-c", `exec ${program} "$0"`]),
          /^(relaxed-)?simd$/,
        );
      }
    },
  });
}

Deno.test("the types beside a module fit it", async () => {
  const [module, types] = exportJavaScript(planModel(mixed.model));
  const folder = newFolder();
  for (const { name, content } of [module, types]) writeFile(`${folder}/${name}`, content);
  const script = (row: string) =>
    `import { classes, predict, predictProba } from "./model.js";
const labels: string[] = predict([${row}, [1, 2, 3, "2024-01-05", "red", "x", 7, "one"]]);
export const first: number = predictProba([{ a: 1 }])[0][classes.indexOf(labels[0])];
`;
  writeFile(`${folder}/right.ts`, script('{ a: 1, colour: "red", b: null }'));
  writeFile(`${folder}/wrong.ts`, script("{ a: [1] }"));
  const check = async (name: string) => {
    const args = ["check", "--quiet", "--no-config", `${folder}/${name}`];
    const { code, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
    return { code, said: new TextDecoder().decode(stderr) };
  };
  const right = await check("right.ts");
  assert.equal(right.code, 0, right.said);
  const wrong = await check("wrong.ts");
  assert.match(wrong.said, /not assignable/);
});
