/** The numbers of results/million/README.md are those of its records. */
import assert from "node:assert/strict";
import { reproduce } from "../../../../lib/experiments/paper/reproduce.ts";
import { mean } from "../../../../lib/statistics/mod.ts";
import {
  importanceRuns,
  importanceRunsOf,
} from "../../../documentation/studies/importance_records.ts";
import { newFolder, readText, writeFile } from "../../../files.ts";
import { ROOT } from "../../../tasks/run_task.ts";

const FOLDER = `${ROOT}results/million`;
const { tables, findings } = JSON.parse(readText(`${FOLDER}/million.json`));
const PAGE = readText(`${FOLDER}/README.md`).replaceAll(/\s+/g, " ");
const says = (text: string) => assert.ok(PAGE.includes(text), text);

Deno.test("the page has the accuracy, time, memory and size of a million neurons of the records", () => {
  for (const row of tables.million) {
    assert.ok(row.neurons >= 1e6 && row.peakBytes <= 12e9 && row.epochs === 10);
    const cells = [
      row.dataset,
      row.blockSize,
      row.weights.toLocaleString("en"),
      row.accuracy.toFixed(1),
      row.epochSeconds.toPrecision(2),
      (row.peakBytes / 1e9).toPrecision(2),
      (row.modelBytes / 1e6).toPrecision(3),
    ];
    says(`| ${cells.join(" | ")} |`);
    says(`${Number((row.denseBytes / 1e9).toPrecision(2))} GB of weights`);
  }
});

Deno.test("the page has the slopes and estimates of the records", () => {
  for (const { evidence } of findings.filter(({ numbers }: { numbers?: object }) => numbers)) {
    const [, power, last] = /^Power (\S+) from .*[ ,](\S+)$/.exec(evidence)!;
    says(power);
    says(last);
  }
  for (const row of tables.curve) {
    const { neurons, estimatedBytes, peakBytes } = row;
    if (neurons > 1e7) says(`${(estimatedBytes / 1e9).toPrecision(2)} GB`);
    else if (neurons > 1e6) assert.ok(peakBytes / estimatedBytes < 2.75);
    if (neurons < 1e7) continue;
    assert.ok(peakBytes < 12e9);
    says(
      `${row.weights.toLocaleString("en")} connections, ${row.epochSeconds.toPrecision(2)} seconds`,
    );
    says(`${(peakBytes / 1e9).toPrecision(2)} GB at the peak`);
    says(`model file of ${(row.modelBytes / 1e6).toPrecision(3)} MB`);
  }
});

/** An epoch of Bioresponse, as `epochs.csv` has it. */
interface Epoch {
  readonly blockSize: number;
  readonly learningRate: number;
  readonly seed: number;
  readonly epoch: number;
  readonly loss: number;
  readonly validationLoss: number;
  readonly validationAccuracy: number;
}

/** The epochs of the runs on Bioresponse, and of those that chose their rate. */
function epochsOf(blockSize: number, seed: number, learningRate: number): Epoch[] {
  const [head, ...lines] = readText(`${FOLDER}/epochs.csv`).trim().split("\n")
    .map((line) => line.split(","));
  return lines
    .map((cells) => Object.fromEntries(head.map((name, c) => [name, Number(cells[c])])))
    .map((row) => row as unknown as Epoch)
    .filter((row) =>
      row.blockSize === blockSize && row.seed === seed && row.learningRate === learningRate
    );
}

Deno.test("the page tells how far the networks of Bioresponse have learned", () => {
  const own = tables.million.filter(({ dataset }: { dataset: string }) =>
    dataset === "bioresponse"
  );
  assert.equal(own.length, 2);
  for (const { blockSize } of own) {
    const epochs = epochsOf(blockSize, 1, 4e-6);
    assert.equal(epochs.length, 10);
    const [first, last] = [epochs[0], epochs[9]];
    const losses = epochs.map(({ validationLoss }) => validationLoss);
    says(
      `G = ${blockSize}: the training loss went from ${first.loss.toFixed(2)} to ` +
        `${last.loss.toFixed(2)}, that of validation rows from ${
          first.validationLoss.toFixed(2)
        } ` +
        `to ${last.validationLoss.toFixed(2)}, and up to ${
          Math.max(...losses).toFixed(2)
        } in between`,
    );
  }
});

Deno.test("the page has the accuracy of a small network on Bioresponse", () => {
  const small = importanceRunsOf(importanceRuns(), "bioresponse", "set", 0);
  says(
    `SET with 900 hidden neurons has ${
      (100 * mean(small.map((run) => run.accuracy))).toFixed(1)
    } %`,
  );
  for (const { accuracy, dataset } of tables.million) {
    if (dataset === "bioresponse") assert.ok(small.every((run) => 100 * run.accuracy > accuracy));
  }
});

Deno.test("the rate of Bioresponse had the least loss of validation rows with another seed", () => {
  const rates = [2e-5, 4e-6, 1e-6];
  const losses = rates.map((rate) => epochsOf(8, 101, rate).at(-1)!.validationLoss);
  assert.equal(Math.min(...losses), losses[1]);
  assert.ok(rates.every((rate) => epochsOf(8, 101, rate).length === 3));
});

Deno.test("the report is that of its records, to the byte", async () => {
  const out = newFolder();
  await Deno.mkdir(`${out}/million`);
  for (const name of ["selection.json", "runs.jsonl", "measured.jsonl"]) {
    writeFile(`${out}/million/${name}`, readText(`${FOLDER}/${name}`));
  }
  await reproduce("million", { runs: `${out}/runs`, out, fromRecords: true });
  for (const name of ["million.md", "million.json", "million.csv", "curve.csv", "cost.svg"]) {
    assert.equal(readText(`${out}/million/${name}`), readText(`${FOLDER}/${name}`), name);
  }
});
