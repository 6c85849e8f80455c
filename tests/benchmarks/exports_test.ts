/** The record of exported programs, of all forms and of peers, and what is said of it. */
import assert from "node:assert/strict";
import {
  avrTable,
  type ExportMeasurement,
  exportsTable,
} from "../../lib/benchmarks/exports/mod.ts";
import { tableMarkdown } from "../../lib/reports/mod.ts";
import { exportsRecord } from "../documentation/studies/exports_record.ts";
import { readText } from "../files.ts";
import { ROOT } from "../tasks/run_task.ts";

const page = readText(`${ROOT}docs/exports.md`).replaceAll(/\s+/g, " ");
const { tables: record, rounds, versions } = exportsRecord();

const points = (share: number) => (100 * share).toFixed(1).replace("-0.0", "0.0").replace("-", "−");
const kilobytes = (bytes: number) => `${(bytes / 1024).toFixed(1)} KB`;
const count = (number: number) => number.toLocaleString("en-US");

function says(...claims: readonly string[]): void {
  for (const claim of claims) assert.ok(page.includes(claim), `the page does not say "${claim}"`);
}

/** What is said of every table, as "1 on pol, 2 on segment". */
function onEach(
  of: (one: ExportMeasurement) => string,
  tables: readonly ExportMeasurement[] = record,
): string {
  const each = tables.map((one) => `${of(one)} on ${one.file.replace(/^.*:/, "")}`);
  return `${each.slice(0, -1).join(", ")} and ${each.at(-1)}`;
}

Deno.test("results/exports has the tables of its record, of one run", () => {
  for (const [name, table] of [["c", exportsTable], ["avr", avrTable]] as const) {
    const text = readText(`${ROOT}results/exports/${name}.md`);
    assert.equal(text, `${tableMarkdown(table(record))}\n`);
  }
  assert.equal(record.length, 4);
  for (const { file, emlearn, equal, forest, largeForest, host } of record) {
    assert.ok(emlearn !== undefined && equal !== undefined && forest !== undefined, file);
    assert.ok(largeForest?.trees === 100 && host !== undefined, file);
    for (const { avr } of [equal, forest, emlearn.best]) assert.notEqual(avr, undefined, file);
  }
  const { deno, node, onnxruntime, emlearn, m2cgen, ...others } = versions;
  says(
    `the median of ${["no", "one", "two", "three", "four", "five"][rounds]} rounds`,
    `Deno ${deno}, Node ${node}, onnxruntime ${onnxruntime}, scikit-learn ` +
      `${others["scikit-learn"]}, emlearn ${emlearn} and m2cgen ${m2cgen}`,
  );
});

Deno.test("the programs of the record fit a microcontroller, and lose what the page says", () => {
  for (const { file, ensemble, int8, float32 } of record) {
    assert.ok(int8.flash <= 64 * 1024 && int8.ram <= 8 * 1024, file);
    assert.ok(float32.flash <= 100 * 1024 && float32.ram <= 8 * 1024, file);
    assert.ok(int8.accuracy > int8.floatAccuracy - 0.005, file);
    assert.ok(int8.accuracy > ensemble.accuracy - 0.005, file);
  }
  const tooLarge = record.filter(({ trained }) => trained.flash > 100 * 1024);
  assert.deepEqual(tooLarge.map(({ file }) => file), ["builtin:segment", "dataset:pol"]);
  const [{ trained: { flash, weights, constants } }] = record;
  says(
    `in points of accuracy, ${
      onEach(({ ensemble, int8 }) => points(ensemble.accuracy - int8.accuracy))
    }: less than half a point each`,
    `512 × 512, takes ${
      onEach(({ trained }) => kilobytes(trained.flash))
    }: too much on two of them`,
    `On segment, ${count(weights)} weights of 4 bytes are ${kilobytes(4 * weights)} of it, ` +
      `other constants ${kilobytes(constants - 4 * weights)}, and code ${
        kilobytes(flash - constants)
      }.`,
  );
});

Deno.test("a row takes the instructions that the page says, beside emlearn's network of equal accuracy", () => {
  for (const { file, equal, emlearn } of record) {
    assert.ok(equal!.held >= emlearn!.best.held, file);
    assert.ok(equal!.instructions < emlearn!.best.instructions, file);
  }
  const percent = onEach(({ equal, emlearn }) => {
    const { instructions, preparation } = emlearn!.best;
    return `${Math.round(100 * equal!.instructions / (instructions + preparation))} %`;
  });
  const ahead = onEach(({ equal, emlearn }) => points(equal!.accuracy - emlearn!.best.accuracy));
  says(
    `than emlearn's first network with its quantiles: ${percent}. That is`,
    `in points, by ${ahead}.`,
  );
});

Deno.test("the page says of speeds what their record does", () => {
  const of = (one: ExportMeasurement, forms: string) =>
    Math.min(...forms.split(" or ").map((form) => one.host![form].oneRow));
  const times = (slow: string, fast: string) =>
    onEach((one) => `${Math.round(of(one, slow) / of(one, fast))}`);
  const library = "the library, native kernels";
  says(
    `it takes as many times as long as the library: ${
      times("onnxruntime, gather or onnxruntime, dense", library)
    }.`,
    `scikit-learn's forest takes as many times as long: ${times("largeForest", library)}.`,
    `as many times as fast as our \`int8\` programs: ${times("int8", "forest")}.`,
  );
});

Deno.test("our small programs fit an AVR, and emlearn's constants fill its RAM", () => {
  for (const { file, int8, equal, emlearn } of record) {
    assert.ok(int8.avr !== null && equal!.avr !== null, file);
    for (const { avr } of [emlearn!.best, emlearn!.asAll]) {
      assert.ok(avr === null || avr!.ram > equal!.avr!.ram, file);
    }
  }
});
