import { basename } from "node:path";
import { type Bar, startBar } from "./cli_progress.ts";
import { summarizeColumns } from "../../lib/data/preprocessing/mod.ts";
import type { ReadProgress } from "../../lib/data/table/mod.ts";
import { type TrainingRun, trialsOf } from "../../lib/ensemble/mod.ts";
import { trialMembers } from "../../lib/settings/mod.ts";
import { trialTable } from "../../lib/experiments/results/mod.ts";
import type { RunConfig, RunEvent } from "../../lib/experiments/run/mod.ts";
import { tell } from "./command_line.ts";
import { columnLines, otherRemarks } from "./column_lines.ts";
import { layerLines, percent, plainTable } from "./result_table.ts";
import { timeLeft } from "./screen/duration.ts";
import { printableList, quoted } from "../../lib/messages.ts";

/** Shows a run's events on standard error. */
export interface ProgressDisplay {
  /** Receives every event of the run. */
  readonly onEvent: (event: RunEvent) => void;
  /** Removes the bar for good. */
  readonly stop: () => void;
}

/** Milliseconds between two lines of progress, and before the first. */
const PATIENCE = 2000;

/** Milliseconds between two lines within an epoch. */
const LONG = 10_000;

/** Milliseconds between two changes of the bar. */
const BLINK = 100;

/** Shows the progress of reading a file, if it takes longer than a moment. */
export function readingDisplay(
  say: (line: string) => void = tell,
  clock: () => number = () => performance.now(),
): (file: string, progress: ReadProgress) => void {
  let told = clock();
  let reading: string | undefined;
  return (file, { bytesRead, bytesTotal, rows }) => {
    const now = clock();
    if (file !== reading) [reading, told] = [file, now];
    if (now - told < PATIENCE) return;
    told = now;
    const share = bytesTotal === 0 ? "" : `, ${percent(bytesRead / bytesTotal)}`;
    say(`Reading ${file}: ${rows} rows${share}`);
  };
}

/**
 * Shows a bar per member on a terminal; otherwise a plain line now and then.
 *
 * @param again `true` if network and columns were already shown, for the same run on other rows.
 */
export function showProgress(quiet: boolean, again: boolean = false): ProgressDisplay {
  const terminal = Deno.stderr.isTerminal();
  let bar: Bar | undefined;
  const began = performance.now();
  let lastLine = -Infinity;
  let stopped = false;
  let run: TrainingRun | undefined;
  /** The last epoch's loss and its score on held-out rows. */
  let state = { loss: "", validation: "" };
  const reading = readingDisplay();
  const left = timeLeft();
  const clear = () => {
    bar?.stop();
    bar = undefined;
  };
  const line = (text: string) => {
    clear();
    tell(text);
  };

  function ready(event: RunEvent & { type: "ready" }): void {
    const { data, kernels } = event;
    run = event.run;
    const { training, validation } = run.problem;
    tell(
      `${runName(run)} on ${basename(data.training.source)}: ${training.rows} rows to train on, ` +
        `${validation?.rows ?? 0} to validate, ${data.test?.rows ?? 0} to test`,
    );
    if (again) return;
    // A budget chooses epochs and batches itself, so they do not differ from requested ones.
    if (run.settings.budget === undefined) {
      for (const line of adaptedLines(event.config, run.settings, data.training.rows)) tell(line);
    }
    if (training.weights !== undefined) {
      tell(`Rows are weighted by column ${quoted(event.config.weights ?? "")}`);
    }
    for (const line of layerLines(run)) tell(`  ${line}`);
    tell(`Kernels: ${kernels.description} (${kernels.reason})`);
    const { count, bytes, reason } = event.members;
    if (count > 1) {
      const each = (bytes / 1e6).toPrecision(3);
      tell(`Members: ${count} at a time, a network of ${each} MB for each`);
    } else if (reason !== null) tell(`Members: one after the other. ${reason}`);
    const columns = data.stream?.summaries ?? summarizeColumns(data.training);
    for (const remark of otherRemarks(data.remarks, columns)) tell(remark);
    for (const line of columnLines(columns)) tell(line);
    for (const { file, columns } of data.ignored) {
      tell(`Ignored in ${file}: ${printableList(columns)}`);
    }
    const trials = trialMembers(run.settings);
    if (trials > 0) {
      const { candidates, trials: each } = run.settings;
      const kept = run.settings.keepTrials === false ? "" : "; those of the best stay";
      const many = candidates.length === 1
        ? ""
        : `: ${each} of each of ${candidates.length} candidates`;
      tell(`Members 1 to ${trials} are trials${many}${kept}`);
    }
  }

  /** Shows the progress of the run: finished epochs, and the finished part of the current one. */
  function show(done: number, phase: string, patience: number): void {
    if (run === undefined || stopped) return;
    const now = performance.now();
    const since = patience === LONG ? Math.max(lastLine, began) : lastLine;
    if (now - since < (terminal ? BLINK : patience) && done < run.schedule.epochs) return;
    lastLine = now;
    const { epochs, members, phases } = run.schedule;
    const epoch = Math.min(epochs, Math.ceil(done));
    const member = phases.findLast(({ from }) => from < epoch)?.member ?? 0;
    const time = left(done / epochs);
    if (terminal) {
      const before = `${networkOf(run)} ${member + 1}/${members}`;
      const after = [`epoch ${epoch}/${epochs}`, time, state.validation || state.loss];
      bar ??= startBar(epochs, { before, after });
      bar.setTotal(epochs);
      bar.update(done, { before, after });
      return;
    }
    const texts = [state.loss, state.validation, time === "" ? "" : `about ${time}`];
    const known = texts.filter((text) => text !== "").join(", ");
    const place = `epoch ${epoch}/${epochs}, ${networkOf(run)} ${member + 1}, ${phase}`;
    tell(known === "" ? place : `${place}: ${known}`);
  }

  function chosen(): void {
    const { settings, stage: { trialScores }, problem: { validation }, schedule } = run!;
    const trials = trialsOf(settings, trialScores, validation?.rows ?? 0)!;
    const { caption, columns, rows } = trialTable(trials);
    line(`${caption}:`);
    tell(
      plainTable(columns, rows.map((row) => row.map((cell) => cell ?? "")), {
        stream: Deno.stderr,
      }),
    );
    const first = trialMembers(settings) + 1;
    tell(`Members ${first} to ${schedule.members} learn from all rows, as was chosen`);
  }

  return {
    stop() {
      stopped = true;
      clear();
    },
    onEvent(event) {
      if (event.type === "reading") reading(event.file, event.progress);
      else if (event.type === "ready") ready(event);
      else if (event.type === "teacher") {
        line("First the ensemble, then the member that learns from it");
      } else if (event.type === "batch" && !(quiet && terminal)) {
        const { epoch, batch, batches } = event;
        if (batch < batches) show(epoch + batch / batches, "in training", LONG);
      } else if (event.type === "epoch" && !(quiet && terminal)) {
        const { validationAccuracy, validationLoss } = event;
        const loss = `loss ${event.loss.toFixed(4)}`;
        state = {
          loss,
          validation: validationText(validationAccuracy, validationLoss, "validation "),
        };
        show(event.epoch, event.phase, PATIENCE);
      } else if (event.type === "topology") {
        const notes = Object.entries(event.notes).filter(([name]) =>
          ["disjoint", "failSafe"].includes(name)
        );
        if (event.kind === "reinitialize" && notes.length > 0 && bar === undefined) {
          tell(`layer ${event.layer + 1}: ${notes.map((note) => note.join(" ")).join(", ")}`);
        }
      } else if (event.type === "rollback") {
        line(
          `The loss is ${event.loss} in epoch ${event.epoch}: training goes back, with half the ` +
            `learning rate of ${event.learningRate}`,
        );
      } else if (event.type === "choice") chosen();
      else if (event.type === "member") {
        const { epoch, validationAccuracy, validationLoss } = event.member;
        const valid = validationText(validationAccuracy, validationLoss, "validation loss ");
        const name = `${networkOf(run!)} ${event.index + 1}`;
        line(
          `${capitalized(name)} is complete: epoch ${epoch}${valid === "" ? "" : `, ${valid}`}`,
        );
      }
    },
  };
}

/** A line on epochs and batches that differ from the requested ones, because they adapt to the rows. */
export function adaptedLines(
  given: Pick<RunConfig, "epochs" | "batchSize">,
  settings: Pick<RunConfig, "epochs" | "batchSize">,
  rows: number,
): string[] {
  const names = { epochs: "epochs", batchSize: "batch size" } as const;
  const changes = (["epochs", "batchSize"] as const)
    .filter((key) => given[key] !== settings[key])
    .map((key) => `${names[key]} ${given[key]} → ${settings[key]}`);
  if (changes.length === 0) return [];
  return [`For ${rows} rows: ${changes.join(", ")} (or --adapt-to-rows false)`];
}

/** The word for a trained network. Networks that descend from another one are not all members. */
function networkOf({ method }: TrainingRun): string {
  return method.lineage === undefined ? "member" : "network";
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A run's name: its recipe, if that is not the paper's, and its method or strategy. */
function runName({ settings, method, ownStrategy }: TrainingRun): string {
  const name = ownStrategy ?? capitalized(method.topology.name);
  return settings.recipe === "modern" ? `Modern recipe (${name})` : name;
}

function validationText(
  accuracy: number | null,
  loss: number | null | undefined,
  beforeLoss: string,
): string {
  if (accuracy !== null) return `validation ${percent(accuracy)}`;
  return loss === null || loss === undefined ? "" : `${beforeLoss}${loss.toFixed(4)}`;
}
