/** The records of exported programs and of the speeds of all formats, and what is said of them. */
import assert from "node:assert/strict";
import { type ExportMeasurement, exportsTable } from "../../lib/benchmarks/exports/mod.ts";
import { tableMarkdown } from "../../lib/reports/mod.ts";
import { exportsRecord } from "../documentation/studies/exports_record.ts";
import { speedsRecord } from "../documentation/studies/speeds_record.ts";
import { readText } from "../files.ts";
import { ROOT } from "../tasks/run_task.ts";

const page = readText(`${ROOT}docs/exports.md`).replaceAll(/\s+/g, " ");
const record = exportsRecord();

const points = (share: number) => (100 * share).toFixed(1).replace("-0.0", "0.0").replace("-", "−");

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

Deno.test("results/exports/c.md is the table of its record", () => {
  const text = readText(`${ROOT}results/exports/c.md`);
  assert.equal(text, `${tableMarkdown(exportsTable(record))}\n`);
});

Deno.test("the programs of the record fit a microcontroller, and lose what the page says", () => {
  assert.equal(record.length, 4);
  for (const { file, ensemble, int8, float32, trained } of record) {
    assert.ok(int8.flash <= 64 * 1024 && int8.ram <= 8 * 1024, file);
    assert.ok(float32.flash <= 100 * 1024 && float32.ram <= 8 * 1024, file);
    assert.ok(trained === undefined || trained.flash > 100 * 1024, file);
    assert.ok(int8.accuracy > int8.floatAccuracy - 0.005, file);
    assert.ok(int8.accuracy > ensemble.accuracy - 0.005, file);
  }
  const lost = onEach(({ ensemble, int8 }) => points(ensemble.accuracy - int8.accuracy));
  const wide = onEach(
    ({ trained }) => `${(trained!.flash / 1024).toFixed(1)} KB`,
    record.filter(({ trained }) => trained !== undefined),
  );
  says(
    `in points of accuracy, ${lost}: less than half a point each`,
    `512 × 512, does not: it takes ${wide}.`,
  );
});

Deno.test("a row takes the instructions that the page says, beside emlearn's network of equal accuracy", () => {
  const equals = record.filter(({ equal }) => equal !== undefined);
  for (const { file, equal, emlearn } of equals) {
    assert.ok(equal!.held >= emlearn!.best.held, file);
    assert.ok(equal!.instructions < emlearn!.best.instructions, file);
  }
  const percent = onEach(({ equal, emlearn }) => {
    const { instructions, preparation } = emlearn!.best;
    return `${Math.round(100 * equal!.instructions / (instructions + preparation))} %`;
  }, equals);
  const ahead = onEach(
    ({ equal, emlearn }) => points(equal!.accuracy - emlearn!.best.accuracy),
    equals,
  );
  says(
    `than emlearn's first network with its quantiles: ${percent}. That is`,
    `in points, by ${ahead}.`,
  );
});

Deno.test("the page says of speeds and sizes what their record does", () => {
  const { accuracy, members, trees, rounds, versions, microseconds } = speedsRecord();
  const one = (form: string) => microseconds[form]["one row"];
  const times = (slow: string, fast: string) => Math.round(one(slow) / one(fast));
  const [library, forest] = ["the library, native kernels", "random forest, C by m2cgen"];
  const layers = Math.min(one("ONNX, gather"), one("ONNX, dense"));
  const { node, deno, onnxruntime, m2cgen, ...others } = versions;
  says(
    `the median of ${rounds} rounds`,
    `The ensemble of ${members} members answers ${
      points(accuracy.model)
    } % of the test rows right, ` +
      `the forest of ${trees} trees ${points(accuracy.forest)} %.`,
    `takes onnxruntime ${Math.round(layers / one(library))} times as long as the library`,
    `scikit-learn's forest ${times("random forest, scikit-learn", library)} times`,
    `is ${times("C, float32", forest)} times as fast as ours`,
    `Deno ${deno}, Node ${node.slice(1)}, onnxruntime ${onnxruntime}, scikit-learn ` +
      `${others["scikit-learn"]} and m2cgen ${m2cgen}`,
  );
});
