/** What docs/streams.md says of costs is what the record says. */
import assert from "node:assert/strict";
import { readJsonFile } from "../../files.ts";
import { ROOT } from "../../tasks/run_task.ts";
import { unheld } from "../held.ts";
import { prose, readPage, section } from "../markdown.ts";

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

interface StreamRecord {
  rows: number;
  columns: number;
  cells: number;
  memory: string;
  sides: Side[];
}

const recordOf = (rows: number): StreamRecord =>
  readJsonFile(`${ROOT}results/streams/rows-${rows}.json`);
const RECORD = recordOf(3_600_000);

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
  assert.deepEqual(unheld(text, claims, ["128 × 128"]), []);
});

Deno.test("the costs of as many rows as HIGGS has are those of the record", () => {
  const { rows, columns, cells, memory, sides: [streamed, inMemory] } = recordOf(11_000_000);
  assert.deepEqual([streamed.side, inMemory.side], ["streamed", "in memory"]);
  const speed = (side: Side) => side.trained.rowsPerCpuSecond;
  const text = prose(section(readPage("docs/streams.md"), "HIGGS at its full size"));
  const claims = [
    `${rows.toLocaleString("en")} made ones of ${columns} columns, were ${
      cells.toLocaleString("en")
    } cells`,
    `with \`--memory ${memory}\` from a file of ${megabytes(streamed.trained.fileBytes)} MB`,
    `took ${Math.round(streamed.prepared.cpuSeconds)} processor seconds, and the epoch ${
      Math.round(streamed.trained.cpuSeconds)
    }.`,
    `the process had ${megabytes(streamed.peakBytes)} MB, and ${
      megabytes(inMemory.peakBytes)
    } MB with the same rows`,
    `learned from ${thousands(speed(streamed))} rows, and from ${thousands(speed(inMemory))} of`,
    `${(speed(streamed) / speed(inMemory)).toFixed(2)} times as many, in one pair of runs`,
    `was ${percent(streamed.trained.validationAccuracy)}, and ${
      percent(inMemory.trained.validationAccuracy)
    } in memory`,
  ];
  for (const says of claims) assert.ok(text.includes(says), `${says}\n${text}`);
});

Deno.test("the memory of answers is that of the record, and does not grow with the table", () => {
  const { columns, measured } = readJsonFile(`${ROOT}results/streams/answers.json`) as {
    columns: number;
    measured: {
      format: "NPY" | "CSV";
      task: "predict" | "evaluate";
      rows: number;
      tableBytes: number;
      peakBytes: number;
      cpuSeconds: number;
      members?: number;
    }[];
  };
  const most = Math.max(...measured.map(({ rows }) => rows));
  const of = (task: string, whole: boolean) =>
    measured.filter((own) => own.task === task && (own.rows === most) === whole);
  const peaks = (task: string, whole: boolean) =>
    span(of(task, whole).map(({ peakBytes }) => peakBytes), megabytes);
  const [npy, csv] = ["NPY", "CSV"].map((format) =>
    measured.find((own) => own.format === format && own.rows === most)!.tableBytes
  );
  assert.ok(of("predict", false).every(({ rows }) => rows === most / 10));
  assert.ok(measured.every(({ members = 8 }) => members === 8));
  const perMillion = of("predict", true).map((own) => own.cpuSeconds / own.rows * 1e6);
  const text = prose(section(readPage("docs/streams.md"), "Answers"));
  const claims = [
    `A table of ${most.toLocaleString("en")} rows and ${columns} columns was ${
      megabytes(npy)
    } MB as NPY and ${megabytes(csv)} MB as CSV`,
    `\`predict\` had ${peaks("predict", true)} MB at its peak, and \`evaluate\` ${
      peaks("evaluate", true)
    } MB`,
    `they had ${peaks("predict", false)} MB and ${peaks("evaluate", false)} MB`,
    `took ${span(perMillion, (seconds) => `${Math.round(seconds)}`)} processor seconds a million`,
  ];
  for (const says of claims) assert.ok(text.includes(says), `${says}\n${text}`);
  // Ten times the rows are hundreds of megabytes more of a table, and a fifth more of memory at most.
  for (const task of ["predict", "evaluate"]) {
    const largest = (whole: boolean) => Math.max(...of(task, whole).map((own) => own.peakBytes));
    assert.ok(largest(true) < 1.2 * largest(false), task);
  }
});
