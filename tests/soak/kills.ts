/**
 * Training processes killed at random moments: every method, every back end that is there, runs that
 * roll back, and Ctrl-C beside SIGKILL.
 *
 * @module
 */
import assert from "node:assert/strict";
import { type MethodName, METHODS } from "../../lib/methods/methods.ts";
import { randomStream } from "../../lib/random.ts";
import { isThere, namesIn, writeFile } from "../files.ts";
import { ROOT } from "../tasks/run_task.ts";
import { tinyOptions, tinyTable } from "../tasks/tiny_run.ts";
import { killAndResume, type StopSignal } from "./kill_and_resume.ts";
import { ENOUGH_FAILURES, failureText, type SoakOptions, type SoakReport } from "./report.ts";

/** Enough epochs for a second of training or so. */
const EPOCHS = 800;

/** A kind of run that is killed again and again. */
export interface KillPlan {
  readonly name: string;
  /** Options of `train`. */
  readonly options: readonly string[];
  readonly signals?: readonly StopSignal[];
  /** Numbers of threads, of which every process draws one. */
  readonly threads?: readonly number[];
  /** How often the run has to roll back. */
  readonly rollbacks?: number;
}

function withKernels(options: readonly string[], kernels: string): string[] {
  return options.map((word) => word === "wasm" ? kernels : word);
}

/** Plain gradient descent with so large a learning rate that the run goes back three times. */
function diverging(method: MethodName): string[] {
  return [
    ...tinyOptions(method, EPOCHS),
    ..."--on-divergence rollback --momentum 0 --weight-decay 0 --learning-rate 2".split(" "),
  ];
}

/** Whether `deno task native` has been run. */
export function nativeIsBuilt(): boolean {
  const folder = `${ROOT}.cache/native`;
  return isThere(folder) && namesIn(folder).some((name) => name.endsWith(".so"));
}

/** Every kind of run, those of different back ends in turn. */
export function killPlans(native: boolean = nativeIsBuilt()): KillPlan[] {
  const backEnds = native ? ["wasm", "native"] : ["wasm"];
  const both: StopSignal[] = ["SIGKILL", "SIGINT"];
  return [
    ...METHODS.flatMap((method) =>
      backEnds.map((kernels) => ({
        name: `${method} (${kernels})`,
        options: withKernels(tinyOptions(method, EPOCHS), kernels),
      }))
    ),
    { name: "fd (reference)", options: withKernels(tinyOptions("fd", 30), "reference") },
    { name: "fd with rollbacks", options: diverging("fd"), rollbacks: 1 },
    { name: "rd with rollbacks", options: diverging("rd"), rollbacks: 1, signals: both },
    { name: "fd and Ctrl-C", options: tinyOptions("fd", EPOCHS), signals: both },
    { name: "dense-ensemble and Ctrl-C", options: tinyOptions("dense-ensemble"), signals: both },
    {
      name: "dense-ensemble side by side",
      options: [...tinyOptions("dense-ensemble", EPOCHS), "--members", "4"],
      threads: [1, 2, 3],
      signals: both,
    },
    { name: "dist on two threads", options: [...tinyOptions("dist", EPOCHS), "--threads", "2"] },
  ];
}

/** Kills that many processes, spread over all kinds of runs. */
export async function soakKills(kills: number, options: SoakOptions): Promise<SoakReport> {
  const { seed, folder, deadline, deno, onProgress } = options;
  const table = `${folder}/table.csv`;
  writeFile(table, tinyTable());
  const plans = killPlans();
  const counts = { kills: 0, "before the first checkpoint": 0, "runs compared": 0 };
  const failures: string[] = [];
  for (const [i, plan] of plans.entries()) {
    const share = Math.floor((i + 1) * kills / plans.length) - Math.floor(i * kills / plans.length);
    if (share === 0 || performance.now() >= deadline) continue;
    onProgress?.(`${plan.name}: ${share} kills`);
    try {
      const found = await killAndResume({
        args: [table, "--target", "class", ...plan.options],
        kills: share,
        random: randomStream(seed, "kills", plan.name),
        signals: plan.signals,
        threads: plan.threads,
        within: folder,
        deno,
        deadline,
        checkRecord: ({ rollbacks }) =>
          assert.ok((rollbacks as unknown[]).length >= (plan.rollbacks ?? 0), "no rollback"),
      });
      counts.kills += found.kills;
      counts["before the first checkpoint"] += found.early;
      counts["runs compared"] += found.runs;
    } catch (error) {
      failures.push(`${plan.name}: ${failureText(error)}`);
      if (failures.length >= ENOUGH_FAILURES) break;
    }
  }
  return { counts, failures };
}
