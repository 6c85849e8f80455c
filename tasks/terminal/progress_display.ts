import { type Bar, startBar } from "./cli_progress.ts";
import { summarizeColumns } from "../../lib/data/preprocessing/mod.ts";
import type { ReadProgress } from "../../lib/data/table/mod.ts";
import type { RunEvent } from "../../lib/experiments/run/mod.ts";
import { tell } from "./command_line.ts";
import { columnLines, otherRemarks } from "./column_lines.ts";
import { layerLines, percent } from "./result_table.ts";
import { printableList } from "../../lib/messages.ts";

/** Shows a run's events on standard error. */
export interface ProgressDisplay {
  /** Takes every event of the run. */
  readonly onEvent: (event: RunEvent) => void;
  /** Takes the bar away. */
  readonly stop: () => void;
}

/** Milliseconds between two lines of progress, and before the first. */
const PATIENCE = 2000;

const BAR = "member {member} {bar} {value}/{total} epochs, {state}, {eta_formatted} left";

/** Tells how far reading a file is, where it takes longer than a moment. */
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

/** A bar per member on a terminal; elsewhere a plain line now and then. */
export function showProgress(quiet: boolean): ProgressDisplay {
  const terminal = Deno.stderr.isTerminal();
  let bar: Bar | undefined;
  let lastLine = -Infinity;
  const reading = readingDisplay();
  const stop = () => {
    bar?.stop();
    bar = undefined;
  };

  function ready(event: RunEvent & { type: "ready" }): void {
    const { run, data, kernels } = event;
    const { training, validation } = run.problem;
    tell(
      `${run.method.topology.name} on ${data.training.source}: ${training.rows} rows to train on, ` +
        `${validation?.rows ?? 0} to validate, ${data.test?.rows ?? 0} to test`,
    );
    for (const line of layerLines(run)) tell(`  ${line}`);
    tell(`Kernels: ${kernels.description} (${kernels.reason})`);
    const { count, bytes, reason } = event.members;
    if (count > 1) {
      const each = (bytes / 1e6).toPrecision(3);
      tell(`Members: ${count} at a time, a network of ${each} MB for each`);
    } else if (reason !== null) tell(`Members: one after the other. ${reason}`);
    const columns = summarizeColumns(data.training);
    for (const remark of otherRemarks(data.remarks, columns)) tell(remark);
    for (const line of columnLines(columns)) tell(line);
    for (const { file, columns } of data.ignored) {
      tell(`Ignored in ${file}: ${printableList(columns)}`);
    }
  }

  function epoch(event: RunEvent & { type: "epoch" }): void {
    const { validationAccuracy, validationLoss } = event;
    const valid = validationText(validationAccuracy, validationLoss, ", validation ");
    const state = `loss ${event.loss.toFixed(4)}${valid}`;
    if (terminal) {
      bar ??= startBar(event.epochs, BAR, { member: 1, phase: "", state: "" });
      bar.update(event.epoch, { member: event.member + 1, phase: event.phase, state });
      return;
    }
    const now = performance.now();
    if (now - lastLine < PATIENCE && event.epoch < event.epochs) return;
    lastLine = now;
    tell(
      `epoch ${event.epoch}/${event.epochs}, member ${event.member + 1}, ${event.phase}: ${state}`,
    );
  }

  return {
    stop,
    onEvent(event) {
      if (event.type === "reading") reading(event.file, event.progress);
      else if (event.type === "ready") ready(event);
      else if (event.type === "epoch" && !(quiet && terminal)) epoch(event);
      else if (event.type === "topology") {
        const notes = Object.entries(event.notes).filter(([name]) =>
          ["disjoint", "failSafe"].includes(name)
        );
        if (event.kind === "reinitialize" && notes.length > 0 && bar === undefined) {
          tell(`layer ${event.layer + 1}: ${notes.map((note) => note.join(" ")).join(", ")}`);
        }
      } else if (event.type === "rollback") {
        stop();
        tell(
          `The loss is ${event.loss} in epoch ${event.epoch}: training goes back, with half the ` +
            `learning rate of ${event.learningRate}`,
        );
      } else if (event.type === "choice") {
        stop();
        const [{ candidates, accuracy, loss }] = event.scores;
        const score = accuracy === null ? `loss ${loss.toFixed(4)}` : percent(accuracy);
        const names = candidates.map((candidate) => JSON.stringify(candidate)).join(" and ");
        tell(`The trials chose ${names}: validation ${score} together`);
      } else if (event.type === "member") {
        stop();
        const { epoch, validationAccuracy, validationLoss } = event.member;
        const valid = validationText(validationAccuracy, validationLoss, ", validation loss ");
        tell(`Member ${event.index + 1} is complete: epoch ${epoch}${valid}`);
      }
    },
  };
}

function validationText(
  accuracy: number | null,
  loss: number | null | undefined,
  beforeLoss: string,
): string {
  if (accuracy !== null) return `, validation ${percent(accuracy)}`;
  return loss === null || loss === undefined ? "" : `${beforeLoss}${loss.toFixed(4)}`;
}
