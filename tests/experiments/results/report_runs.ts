/**
 * Finished runs that nobody has trained, and what a report shows of them.
 *
 * @module
 */
import assert from "node:assert/strict";
import { type Report } from "../../../lib/reports/html_report.ts";
import { completeConfig } from "../../../lib/experiments/run/run_config.ts";
import { newFolder, writeFile } from "../../files.ts";

/** The tables of a section. */
export function tablesOf(report: Report, title: string) {
  const section = report.sections.find((section) => section.title === title);
  assert.ok(section !== undefined, `${title} is not among ${report.sections.map((s) => s.title)}`);
  return section.blocks.flatMap((block) => block.kind === "table" ? [block.table] : []);
}

export interface RunOf {
  readonly accuracy: number | null;
  readonly regression?: object;
  readonly weighted?: boolean;
  readonly coverage?: object;
  readonly assessment?: object;
  readonly events?: boolean;
}

/** Writes a finished run into a folder, as training would. */
export function writeRun(
  folder: string,
  settings: Record<string, unknown>,
  { accuracy, assessment, regression, weighted, coverage, events = true }: RunOf,
): void {
  Deno.mkdirSync(folder, { recursive: true });
  const config = completeConfig({
    target: "class",
    method: "fd",
    explore: 2,
    epochs: 6,
    members: 2,
    ...settings,
  });
  writeFile(`${folder}/config.json`, JSON.stringify(config));
  if (events) {
    const lines = [1, 2, 3, 4, 5, 6].map((epoch) =>
      JSON.stringify({
        ...{ step: epoch, type: "epoch", epochs: 6, epoch, member: epoch < 5 ? 0 : 1 },
        phase: epoch < 3 ? "exploration" : epoch % 2 === 1 ? "refinement 1" : "refinement 2",
        ...{ loss: 1 / epoch, flops: epoch, validationLoss: 1 },
        accuracy: regression === undefined ? 0.5 : null,
        validationAccuracy: regression === undefined ? 0.5 + epoch / 100 : null,
      })
    );
    lines.splice(
      2,
      0,
      '{"step":2,"type":"topology","kind":"update","epoch":2,"layer":0,"grown":3}',
    );
    writeFile(`${folder}/events.jsonl`, `${lines.join("\n")}\n`);
  }
  const validationAccuracy = regression === undefined ? 0.55 : null;
  const member = { accuracy, regression, validationAccuracy, epoch: 4, nnz: 1500 };
  const phases = { forward: 600, activation: 100, softmax: 50, inputGradient: 100 };
  writeFile(
    `${folder}/record.json`,
    JSON.stringify({
      ...{ accuracy, regression, weighted, coverage, assessment },
      testRows: 200,
      members: [member, { ...member, epoch: 6 }],
      weights: 3000,
      density: 0.05,
      flops: {
        counted: 1000,
        hardware: null,
        event: null,
        reason: "not asked for (--flops hardware)",
        phases: { ...phases, weightGradient: 100, update: 40, topology: 10 },
        members: [700, 300],
        perSecond: 500,
        evaluation: null,
      },
      rollbacks: [],
      seconds: { train: 2, topology: 0.5, evaluate: 0.1, total: 2.5, cpu: 2.4 },
      peakMemoryBytes: 5e7,
      kernels: "wasm",
      seed: config.seed,
      droppedColumns: [],
    }),
  );
}

/** Three methods on two tables, two seeds of each. */
export function folderOfRuns(): string {
  const folder = newFolder();
  const runs = ["fd", "rd", "edst"].flatMap((method, m) =>
    ["first", "second"].flatMap((file, f) =>
      [1, 2].map((seed) => ({
        method,
        file: `${file}.csv.gz`,
        seed,
        accuracy: 0.9 - m / 10 - f / 100 + seed / 1000,
      }))
    )
  );
  runs.forEach(({ accuracy, ...settings }, i) =>
    writeRun(`${folder}/run-${i}`, settings, { accuracy })
  );
  return folder;
}
