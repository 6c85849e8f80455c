/** The numbers of results/million/README.md are those of its records. */
import assert from "node:assert/strict";
import { reproduce } from "../../../../lib/experiments/paper/reproduce.ts";
import { million, trainedConfigs } from "../../../../lib/experiments/paper/scale/million.ts";
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
const saysRow = (cells: readonly unknown[]) => says(`| ${cells.join(" | ")} |`);

Deno.test("the page has the accuracy, time, memory and size of a million neurons of the records", () => {
  for (const row of tables.million) {
    assert.ok(row.neurons >= 1e6 && row.peakBytes <= 12e9);
    const cells = [
      row.dataset,
      row.blockSize,
      row.epochs,
      row.weights.toLocaleString("en"),
      row.accuracy.toFixed(1),
      row.epochSeconds.toPrecision(2),
      (row.peakBytes / 1e9).toPrecision(2),
      (row.modelBytes / 1e6).toPrecision(3),
    ];
    saysRow(cells);
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

/** Training loss, loss and accuracy of validation rows. */
type Epoch = readonly [loss: number, validationLoss: number, validationAccuracy: number];

/** The epochs of the run on Bioresponse with some size of blocks, of `epochs.csv`. */
function epochsOf(blockSize: number): Epoch[] {
  return readText(`${FOLDER}/epochs.csv`).trim().split("\n").slice(1)
    .map((line) => line.split(",").map(Number))
    .filter(([size]) => size === blockSize)
    .map(([, seed, , ...epoch]) => {
      assert.equal(seed, 1);
      return epoch as unknown as Epoch;
    });
}

interface ScaleRow {
  readonly dataset: string;
  readonly blockSize: number;
  readonly epochs: number;
  readonly accuracy: number;
}

const bioresponse: readonly ScaleRow[] = tables.million
  .filter(({ dataset }: ScaleRow) => dataset === "bioresponse");

Deno.test("the page tells how far the networks of Bioresponse have learned", () => {
  assert.deepEqual(bioresponse.map(({ blockSize }) => blockSize), [1, 8]);
  for (const { blockSize, epochs: count, accuracy } of bioresponse) {
    const epochs = epochsOf(blockSize);
    assert.equal(epochs.length, count);
    says(`${accuracy.toFixed(1)} % (G = ${blockSize})`);
    const [first, last] = [epochs[0], epochs.at(-1)!];
    const losses = epochs.map(([, loss]) => loss);
    const late = losses.slice(-5);
    // Converged: at the end neither the rows that are learned from nor the others change much.
    assert.ok(Math.max(...late) - Math.min(...late) < 0.05 && last[1] < 0.6);
    assert.ok(epochs.at(-5)![0] - last[0] < 0.03);
    says(
      `G = ${blockSize}: the training loss went from ${first[0].toFixed(2)} to ` +
        `${last[0].toFixed(2)}, that of validation rows from ${first[1].toFixed(2)} to ` +
        `${last[1].toFixed(2)}, at most ${Math.max(...losses).toFixed(2)} in between, ` +
        `${Math.min(...late).toFixed(2)} to ${
          Math.max(...late).toFixed(2)
        } in the last five epochs`,
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
});

/** A try of settings on training rows of Bioresponse, as a line of `tried.jsonl`. */
interface Tried {
  readonly neurons: number;
  readonly settings: Readonly<Record<string, number | string>>;
  readonly epochs: readonly Epoch[];
}

const tried: readonly Tried[] = readText(`${FOLDER}/tried.jsonl`).trim().split("\n")
  .map((line) => JSON.parse(line));

/** The cells of a try in the page's table. */
function cellsOf({ neurons, settings, epochs }: Tried): string[] {
  const { optimizer, learningRate, initializer, scaling = "standard", ...more } = settings;
  const words: Readonly<Record<string, (value: number | string) => string>> = {
    learningRateCurve: () => "one cycle",
    epochs: (value) => `${value} epochs`,
    epsilon: (value) => `ε = ${value}`,
    dropout: (value) => `dropout ${value}`,
    activation: () => "ReLU",
    batchSize: (value) => `batches of ${value}`,
  };
  const inOrder = Object.keys(words).filter((key) => key in more);
  const late = (i: number) => mean(epochs.slice(-5).map((epoch) => epoch[i]));
  return [
    neurons.toLocaleString("en"),
    optimizer === "adam" ? "Adam" : "SGD",
    Number(learningRate) < 1e-3 ? Number(learningRate).toExponential() : `${learningRate}`,
    initializer === "normal" ? "0.05" : "fan-in",
    `${scaling}`,
    inOrder.map((key) => words[key](more[key])).join(", "),
    late(0).toFixed(2),
    late(1).toFixed(2),
    (100 * late(2)).toFixed(1),
  ];
}

Deno.test("the table of tries is of their record, and has the settings of the runs", () => {
  const rows = tried.map((one) => `| ${cellsOf(one).join(" | ")} |`.replaceAll(/ +/g, " "));
  const shown = PAGE.slice(PAGE.indexOf("### Settings")).match(/\| 1\d*,000 \|(?: [^|]*\|){8}/g)!;
  assert.ok(shown.length > 20);
  const rowsRight = 549 * tried[0].epochs[0][2];
  assert.ok(Math.abs(rowsRight - Math.round(rowsRight)) < 0.05);
  says(
    `549 validation rows give an accuracy a standard error of ${
      (100 * Math.sqrt(0.75 * 0.25 / 549)).toFixed(1)
    } points`,
  );
  for (const row of shown) assert.ok(rows.includes(row), row);
  const asked = JSON.parse(readText(`${FOLDER}/tries.json`));
  assert.deepEqual(
    asked,
    tried.map(({ neurons, seed, settings }: Tried & { seed?: number }) => ({
      neurons,
      seed,
      settings,
    })),
  );
  const [run] = trainedConfigs({ ...million.defaults, quick: false })
    .filter(({ file }) => file === "dataset:bioresponse");
  const { neurons, settings } = tried.find(({ neurons, settings }) =>
    neurons === 1e5 && settings.learningRate === 1e-3
  )!;
  assert.equal(neurons, 1e5);
  for (const [name, value] of Object.entries(settings)) {
    assert.equal(run[name as keyof typeof run], value, name);
  }
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
