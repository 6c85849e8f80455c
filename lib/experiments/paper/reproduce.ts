import { node } from "../../node.ts";
import { ensureWritableFolder, writeFileAtomically } from "../../files/mod.ts";
import { contentError, quoted } from "../../messages.ts";
import { renderSvg } from "../../plots/mod.ts";
import {
  runState,
  sweep,
  type SweepEvent,
  type SweepOptions,
  sweepTasks,
  unfinishedRuns,
} from "../sweep/mod.ts";
import {
  dataPath,
  isMade,
  readJson,
  type RunConfig,
  runFiles,
  runHash,
  type RunRecord,
} from "../run/mod.ts";
import * as figures from "./figures/mod.ts";
import { type Finding, type MarkdownReport, reportMarkdown, tableCsv } from "../../reports/mod.ts";
import { million } from "./scale/mod.ts";
import * as tables from "./tables/mod.ts";
import { type DenseReference, denseReference } from "./dense_reference.ts";
import { hasEvidence, readEvidence, writeEvidence } from "./evidence_files.ts";
import type { Evidence, Experiment, ExperimentName, Selection } from "./experiment.ts";
import { EXPERIMENTS } from "./experiment.ts";
import { type Choice, selectionsOf } from "./selection.ts";
import { datasetKeys } from "./paper_configs.ts";
import { openWorkLog } from "./work_log.ts";

const BY_NAME: Readonly<Record<ExperimentName, Experiment>> = { ...tables, ...figures, million };

/** An event of an experiment. */
export type ReproduceEvent =
  /** A report begins. */
  | { readonly type: "begin"; readonly name: ExperimentName; readonly selection: Selection }
  /** An event of its sweep. */
  | { readonly type: "sweep"; readonly event: SweepEvent }
  /** Its next measurement. */
  | { readonly type: "measure"; readonly what: string };

/** The options of an experiment. */
export interface ReproduceOptions extends Pick<SweepOptions, "workers" | "command" | "signal"> {
  /** The folder of the run folders and measurements. */
  readonly runs: string;
  /** The folder of the reports, each in its own folder. */
  readonly out: string;
  /** The choices. Left out: the paper's choices. */
  readonly choice?: Choice | undefined;
  /** Tiny settings on built-in data, which reproduce nothing; the report says so. */
  readonly quick?: boolean | undefined;
  /** `true` reports finished runs and measurements, and makes no new ones. */
  readonly onlyFinished?: boolean | undefined;
  /** `true` computes reports again from the evidence beside them, and does nothing else. */
  readonly fromRecords?: boolean | undefined;
  /**
   * `true` keeps the runs and measurements of the evidence beside the reports, and makes the missing ones.
   */
  readonly addToRecords?: boolean | undefined;
  readonly onEvent?: ((event: ReproduceEvent) => void) | undefined;
}

/** A written report of an experiment. */
export interface Reproduction {
  readonly name: ExperimentName;
  readonly selection: Selection;
  /** The folder of its files. */
  readonly folder: string;
  readonly files: readonly string[];
  readonly report: MarkdownReport;
  /** The number of finished runs and measurements. */
  readonly finished: number;
  /** The number of runs and measurements that the report needs. */
  readonly needed: number;
}

/**
 * Carries out an experiment, or `"all"` experiments of the paper. It can be stopped and called again at any
 * time. Finished work is not done again.
 *
 * @returns One entry per report. There are fewer if it was asked to stop.
 * @throws {TypeError | RangeError} If the choice does not fit the experiment.
 * @throws {Error} If data are missing, or a file cannot be read or written.
 */
export async function reproduce(
  name: ExperimentName | "all",
  options: ReproduceOptions,
): Promise<Reproduction[]> {
  const { choice = {}, quick = false, signal } = options;
  const experiments = name === "all" ? EXPERIMENTS.map((name) => BY_NAME[name]) : [BY_NAME[name]];
  const done: Reproduction[] = [];
  for (const experiment of experiments) {
    for (const selection of selectionsOf(experiment, choice, quick, name !== "all")) {
      if (signal?.aborted) return done;
      done.push(await carryOut(experiment, selection, options));
    }
  }
  return done;
}

async function carryOut(
  experiment: Experiment,
  selection: Selection,
  options: ReproduceOptions,
): Promise<Reproduction> {
  const { name, together } = experiment;
  const { out, onEvent } = options;
  onEvent?.({ type: "begin", name, selection });
  const folder = node.path.join(
    out,
    selection.quick ? `${name}-quick` : name,
    ...together ? [] : selection.datasets,
  );
  const evidenceFiles = options.fromRecords ? [] : writeEvidence(
    folder,
    await gather(experiment, selection, folder, options),
    options.addToRecords,
  );
  // The evidence is read back even if it was just written, because the report depends only on the files.
  const evidence = readEvidence(folder);
  if (options.fromRecords) checkEvidence(experiment, evidence, folder);
  const report = labelled(reportOf(experiment, evidence, folder), evidence.selection);
  const files = [...evidenceFiles, ...await writeReport(folder, name, report)];
  const configs = experiment.configs(evidence.selection);
  const measurements = experiment.measurements?.(evidence.selection) ?? [];
  return {
    name,
    selection: evidence.selection,
    folder,
    files,
    report,
    finished: evidence.runs.length + Object.keys(evidence.measured).length,
    needed: (configs.length === 0 ? 0 : sweepTasks(configs, folder).length) + measurements.length,
  };
}

/** Checks that the evidence belongs to this experiment. */
function checkEvidence(
  experiment: Experiment,
  { selection, dense }: Evidence,
  folder: string,
): void {
  const read = Object.fromEntries(experiment.options.map((key) => [key, selection[key]]));
  selectionsOf(experiment, read, selection.quick, false);
  const lacking = Object.keys(experiment.denseRuns?.(selection) ?? {})
    .find((dataset) => !Object.hasOwn(dense, dataset));
  if (lacking === undefined) return;
  throw contentError(folder, `no dense network on ${quoted(lacking)}`, "its size");
}

function reportOf(experiment: Experiment, evidence: Evidence, folder: string): MarkdownReport {
  try {
    return experiment.report(evidence);
  } catch (cause) {
    // Every measurement has its own form, which only its report knows.
    throw contentError(
      folder,
      "records that lack what the report needs",
      "those of one study",
      cause,
    );
  }
}

/** Marks a report on tiny settings: it is not a reproduction. */
function labelled(report: MarkdownReport, { quick }: Selection): MarkdownReport {
  if (!quick) return report;
  const text =
    "**Tiny networks, few epochs, built-in data: this tries the machinery and reproduces nothing.** " +
    "Every ε is a tenth of the one that is printed, and the published numbers are of other data and " +
    "other networks.";
  return { title: `${report.title} (quick)`, parts: [{ kind: "text", text }, ...report.parts] };
}

/** Carries out the missing work, and collects all evidence. */
async function gather(
  experiment: Experiment,
  selection: Selection,
  folder: string,
  options: ReproduceOptions,
): Promise<Evidence> {
  const { name, measure } = experiment;
  const { runs: runsFolder, workers, command, signal, onEvent, onlyFinished } = options;
  const kept = options.addToRecords && hasEvidence(folder) ? readEvidence(folder) : null;
  const keptRuns = new Map(kept?.runs.map((run) => [run.hash, run]));
  const all = experiment.configs(selection);
  const configs = all.filter((config) => !keptRuns.has(runHash(config)));
  const measurements = experiment.measurements?.(selection) ?? [];
  const log = openWorkLog(node.path.join(runsFolder, "measured", `${name}.jsonl`), kept?.measured);
  const missing = onlyFinished ? [] : measurements.filter((name) => !log.has(name));
  const measured = missing.length === 0 ? [] : selection.datasets.map(datasetKeys);
  checkData([...configs, ...measured], selection, name);
  ensureWritableFolder(runsFolder);
  if (configs.length > 0 && !onlyFinished) {
    await sweep(configs, runsFolder, {
      workers,
      command,
      signal,
      onEvent: (event) => onEvent?.({ type: "sweep", event }),
    });
  }
  const dense: Record<string, DenseReference> = {};
  for (const [dataset, config] of Object.entries(experiment.denseRuns?.(selection) ?? {})) {
    dense[dataset] = await denseReference(config);
  }
  const tasks = sweepTasks(all, runsFolder);
  const finished = tasks.filter((task) => runState(task).status === "finished");
  const folders = new Map(finished.map(({ hash, folder }) => [hash, folder]));
  if (measure !== undefined && missing.length > 0 && !signal?.aborted) {
    await measure({
      selection,
      log,
      runFolder: (config) => folders.get(sweepTasks([config], runsFolder)[0].hash) ?? null,
      onProgress: (what) => onEvent?.({ type: "measure", what }),
      signal,
    });
  }
  const runs = new Map(tasks.map(({ hash }) => [hash, keptRuns.get(hash)]));
  for (const { hash, config, folder } of finished) {
    const record = readJson(runFiles(folder).record) as unknown as RunRecord;
    runs.set(hash, { hash, config, record });
  }
  return {
    selection,
    dense,
    runs: [...runs.values()].flatMap((run) => run ?? []),
    failed: unfinishedRuns(tasks.filter(({ hash }) => !keptRuns.has(hash))).flatMap((
      { task: { hash, config }, message },
    ) => message === null ? [] : [{ hash, config, reason: message }]),
    measured: Object.fromEntries(
      measurements.filter((name) => log.has(name)).map((name) => [name, log.get(name)]),
    ),
  };
}

/** Reports missing data before the first run or measurement would fail. */
function checkData(
  configs: readonly Partial<RunConfig>[],
  { datasets }: Selection,
  name: string,
): void {
  const files = new Set(
    configs.flatMap(({ file, test }) => [file ?? [], test ?? []].flat())
      .filter((file) => !isMade(file)).map(dataPath),
  );
  for (const path of files) {
    if (node.fs.existsSync(path)) continue;
    throw new Error(
      `Cannot carry out ${name} on ${datasets.join(", ")}: there is no file "${path}"; ` +
        `set SPARSEMBLE_DATA to the folder with the data, or try --quick, which needs none`,
    );
  }
}

async function writeReport(
  folder: string,
  name: string,
  report: MarkdownReport,
): Promise<string[]> {
  const files: string[] = [];
  const write = (file: string, text: string) => {
    const path = node.path.join(folder, file);
    writeFileAtomically(path, text);
    files.push(path);
  };
  write(`${name}.md`, reportMarkdown(report));
  write(`${name}.json`, `${JSON.stringify(reportData(report), null, 2)}\n`);
  for (const part of report.parts) {
    if (part.kind === "table") write(`${part.name}.csv`, tableCsv(part));
    if (part.kind !== "figure") continue;
    write(`${part.name}.vl.json`, `${JSON.stringify(part.spec)}\n`);
    write(`${part.name}.svg`, `${await renderSvg(part.spec)}\n`);
  }
  return files;
}

/** A report's numbers and findings, for programs. */
export function reportData({ title, parts }: MarkdownReport): {
  title: string;
  tables: Record<string, unknown>;
  findings: Finding[];
} {
  return {
    title,
    tables: Object.fromEntries(
      parts.flatMap((part) => part.kind === "table" ? [[part.name, part.data]] : []),
    ),
    findings: parts.flatMap((part) => part.kind === "findings" ? part.findings : []),
  };
}
