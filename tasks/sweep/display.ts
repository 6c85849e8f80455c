import { nameOfRun, runNames } from "../../lib/experiments/results/mod.ts";
import { epochsOf, type SweepEvent, type SweepTask } from "../../lib/experiments/sweep/mod.ts";
import { tell, tellPart } from "../terminal/command_line.ts";
import { duration } from "../terminal/screen/duration.ts";
import { widthOf } from "../terminal/screen/width.ts";

/** Shows a sweep's events on standard error. */
export interface SweepDisplay {
  /** Receives every event of the sweep. */
  readonly onEvent: (event: SweepEvent) => void;
  /** Removes the line that is overwritten again and again. */
  readonly stop: () => void;
}

/** Milliseconds between two plain lines. */
const PATIENCE = 10_000;

/** Shows the progress of the sweep in one line. Without a terminal it prints a plain line now and then. */
export function showSweep(): SweepDisplay {
  const terminal = Deno.stderr.isTerminal();
  const began = performance.now();
  /** The current epoch of every running run, and its epoch when it was begun here. */
  const running = new Map<string, { epoch: number; from: number }>();
  let [total, finished, failed, work, done] = [0, 0, 0, 0, 0];
  let lastLine = began;
  let named = runNamer([]);

  const status = () => {
    const epochs = [...running.values()]
      .reduce((sum, { epoch, from }) => sum + Math.max(0, epoch - from), 0);
    const elapsed = (performance.now() - began) / 1000;
    const share = work === 0 ? 0 : (done + epochs) / work;
    const left = share === 0 ? "" : `, about ${duration(elapsed / share - elapsed)} left`;
    const others = failed === 0 ? "" : `, ${failed} failed`;
    return `${finished} of ${total} runs finished, ${running.size} running${others}${left}`;
  };
  const clear = () => {
    if (terminal) tellPart("\r\x1b[K");
  };
  const show = () => {
    if (terminal) {
      clear();
      // A longer line would wrap, and could not be overwritten.
      tellPart(status().slice(0, widthOf(Deno.stderr) - 1));
    } else if (performance.now() - lastLine > PATIENCE) {
      lastLine = performance.now();
      tell(status());
    }
  };
  const line = (text: string) => {
    clear();
    tell(text);
    if (terminal) show();
  };

  return {
    stop: clear,
    onEvent(event) {
      if (event.type === "plan") {
        [total, finished] = [event.total, event.finished];
        named = runNamer(event.tasks);
        work = event.pending.reduce((sum, { config }) => sum + epochsOf(config), 0);
        line(`${total} runs: ${finished} finished before, ${event.pending.length} to do`);
      } else if (event.type === "start") {
        const { task: { hash }, epoch } = event;
        running.set(hash, { epoch, from: epoch });
        work -= epoch;
        show();
      } else if (event.type === "progress") {
        const { task: { hash }, epoch } = event;
        running.set(hash, { epoch, from: Math.min(epoch, running.get(hash)?.from ?? 0) });
        show();
      } else if (event.type === "waiting") {
        line(`Waiting for ${event.tasks.length} runs that other processes are at`);
      } else {
        const { task, attempt } = event;
        const from = running.get(task.hash)?.from ?? 0;
        running.delete(task.hash);
        if (attempt.status === "held") return;
        done += epochsOf(task.config) - from;
        if (attempt.status === "finished") finished++;
        if (attempt.status === "failed" || attempt.status === "unusable") failed++;
        const why = attempt.message === null ? "" : `: ${attempt.message}`;
        line(`${named(task)} ${attempt.status}${why}`);
      }
    },
  };
}

/** Names the runs of a sweep, each by its hash and by the settings that distinguish it from the others. */
export function runNamer(tasks: readonly SweepTask[]): (task: SweepTask) => string {
  // The names are made when first needed. For very many runs this takes a while, and few are ever named.
  let names: ReadonlyMap<string, string> | undefined;
  return ({ hash, config }) => {
    names ??= new Map(
      runNames(tasks.map(({ config }) => config)).map((name, t) => [
        tasks[t].hash,
        nameOfRun(name, tasks[t].config.seed),
      ]),
    );
    return `${hash} (${names.get(hash) ?? nameOfRun(runNames([config])[0], config.seed)})`;
  };
}
