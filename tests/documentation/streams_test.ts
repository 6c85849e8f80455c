/** What docs/streams.md says of costs is what the record says. */
import assert from "node:assert/strict";
import { readJsonFile } from "../files.ts";
import { ROOT } from "../tasks/run_task.ts";
import { unheld } from "./held.ts";
import { prose, readPage, section } from "./markdown.ts";

interface Side {
  readonly side: "streamed" | "in memory";
  readonly prepared: { cpuSeconds: number; peakBytes: number; rankError: number };
  readonly trained: {
    cpuSeconds: number;
    rowsPerCpuSecond: number;
    validationAccuracy: number;
    fileBytes: number;
    windowBytes: number;
  };
  readonly peakBytes: number;
}

const RECORD = readJsonFile(`${ROOT}results/streams/rows-3600000.json`) as {
  rows: number;
  columns: number;
  cells: number;
  memory: string;
  sides: Side[];
};

/** The least and the largest of some numbers, as they are written. */
function span(numbers: readonly number[], written: (number: number) => string): string {
  return `${written(Math.min(...numbers))} to ${written(Math.max(...numbers))}`;
}

const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)}`;
const thousands = (rows: number) => `${Math.round(rows / 1000)},000`;
const percent = (share: number) => `${(100 * share).toFixed(2)} %`;

Deno.test("the costs of streamed rows are those of the record", () => {
  const { rows, columns, cells, memory, sides } = RECORD;
  assert.equal(cells, rows * columns);
  const [streamed, inMemory] = ["streamed", "in memory"].map((name) =>
    sides.filter(({ side }) => side === name)
  );
  assert.deepEqual([streamed.length, inMemory.length], [3, 3]);
  // The first process makes the file, and the others find it.
  const [{ prepared, trained }, ...others] = streamed;
  const speed = (side: Side) => side.trained.rowsPerCpuSecond;
  const ratios = streamed.map((side, pair) => speed(side) / speed(inMemory[pair]));
  assert.ok(Math.min(...ratios) >= 0.8);
  assert.ok(trained.fileBytes >= 10 * Number(memory.replace("MB", "000000")));
  const accuracy = (all: readonly Side[]) => {
    const [one, ...rest] = all.map((side) => percent(side.trained.validationAccuracy));
    rest.forEach((other) => assert.equal(other, one));
    return one;
  };
  const epoch = prepared.cpuSeconds / trained.cpuSeconds;
  const text = prose(section(readPage("docs/streams.md"), "What it costs"));
  const claims = [
    `${columns} columns and ${rows.toLocaleString("en")} rows, were ${
      cells.toLocaleString("en")
    } cells`,
    `with \`--memory ${memory}\` from a file of ${
      megabytes(trained.fileBytes)
    } MB, ten times as much`,
    `took ${Math.round(prepared.cpuSeconds)} processor seconds, ${
      Math.round(epoch)
    } times as many as the epoch`,
    `the process had ${megabytes(prepared.peakBytes)} MB`,
    `it had ${span(others.map((side) => side.peakBytes), megabytes)} MB at its peak, and ${
      span(inMemory.map((side) => side.peakBytes), megabytes)
    } MB with the same rows in memory`,
    `learned from ${span(streamed.map(speed), thousands)} rows, and from ${
      span(inMemory.map(speed), thousands)
    } of those in memory`,
    `${span(ratios, (ratio) => ratio.toFixed(2))} times as many, in three pairs of runs`,
    `A window of ${megabytes(trained.windowBytes)} MB`,
    `was ${accuracy(streamed)}, and ${accuracy(inMemory)} in memory`,
    `at most ${(100 * prepared.rankError).toPrecision(2)} % of the rows`,
  ];
  assert.deepEqual(unheld(text, claims, ["128 × 128", "11,000,000 rows of HIGGS"]), []);
});
