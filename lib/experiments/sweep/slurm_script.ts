import { quoted, requireInteger, requireOneLine, shellWord } from "../../messages.ts";

/** A job array: its tasks and its resources. */
export interface SlurmScript {
  /** The job's name. */
  readonly name: string;
  /** The file with the configurations, one per line. Task i takes line i + 1. */
  readonly configs: string;
  /** Tasks in the array. */
  readonly tasks: number;
  /** The folder of the sweep. */
  readonly folder: string;
  /** The folder for the tasks' output. */
  readonly logs: string;
  /** Program and arguments that carry out one run; folder and configuration come last. */
  readonly command: readonly string[];
  /** The folder in which the command is started. */
  readonly directory: string;
  /** Environment variables that a run needs, in addition to those that Slurm passes on. */
  readonly environment: Readonly<Record<string, string>>;
  /** The resources of every task. */
  readonly resources: SlurmResources;
}

/** The resources of a task. Left out: the cluster's default. */
export interface SlurmResources {
  /** The partition. */
  readonly partition?: string | undefined;
  /** The time limit of a task, such as "2:00:00". */
  readonly time?: string | undefined;
  /** Processors of a task. */
  readonly cpus?: number | undefined;
  /** Memory of a task, such as "4G". */
  readonly mem?: string | undefined;
  /** Tasks that may run at once. */
  readonly maxConcurrent?: number | undefined;
  /** Further options of `sbatch`, such as "--account=physics". */
  readonly sbatch?: readonly string[] | undefined;
}

/** Seconds before the time limit at which a run is asked to stop at a checkpoint. */
const WARNING = 60;

/**
 * The text of a batch script that carries out the runs of a sweep as one job array. A task carries out one
 * run. If its time is up or other jobs take precedence, it writes a checkpoint and stops. Back in the
 * queue, it continues from the checkpoint.
 *
 * @throws {TypeError} If a text has a line break or a control character, a further option is not an option,
 * or a variable's name is not valid in a shell.
 * @throws {RangeError} If a number is not a positive integer.
 *
 * @example Usage
 * ```ts
 * import { slurmScript } from "@sparsemble/sparsemble/experiments";
 * import assert from "node:assert/strict";
 *
 * const script = slurmScript({
 *   name: "study",
 *   configs: "/shared/runs/slurm/1/configs.jsonl",
 *   tasks: 4,
 *   folder: "/shared/runs",
 *   logs: "/shared/runs/slurm/1",
 *   command: ["deno", "task", "sweep-run"],
 *   directory: "/shared/sparsemble",
 *   environment: {},
 *   resources: { partition: "long", maxConcurrent: 2 },
 * });
 * assert.match(script, /^#SBATCH --array=0-3%2$/m);
 * assert.match(script, /^#SBATCH --partition=long$/m);
 * ```
 */
export function slurmScript(script: SlurmScript): string {
  const { name, configs, tasks, folder, logs, command, directory, environment } = script;
  const { partition, time, cpus, mem, maxConcurrent, sbatch = [] } = script.resources;
  for (const [what, count] of Object.entries({ tasks, cpus, maxConcurrent })) {
    if (count !== undefined) requireInteger("write a job array", count, what, 1);
  }
  for (const option of sbatch) {
    if (option.startsWith("-")) continue;
    throw new TypeError(`Cannot write a job array: found "${option}", need an option of sbatch`);
  }
  const noName = Object.keys(environment).find((key) => !/^[A-Za-z_]\w*$/.test(key));
  if (noName !== undefined) {
    throw new TypeError(
      `Cannot write a job array: found the variable ${quoted(noName)}, need letters, digits and _`,
    );
  }
  const limit = maxConcurrent === undefined ? "" : `%${maxConcurrent}`;
  const optional = Object.entries({ partition, time, "cpus-per-task": cpus, mem });
  const options = [
    `--job-name=${name}`,
    `--array=0-${tasks - 1}${limit}`,
    `--output=${directive(`${escapePercent(logs)}/%a.log`)}`,
    "--open-mode=append",
    "--requeue",
    `--signal=B:TERM@${WARNING}`,
    ...optional.flatMap(([key, value]) => value === undefined ? [] : [`--${key}=${value}`]),
    ...sbatch,
  ];
  const lines = [
    "#!/bin/sh",
    ...options.map((option) => `#SBATCH ${option}`),
    "",
    "# One run of a sweep, the line of this task. Put back into the queue, it goes on where it stopped.",
    ...Object.entries(environment).map(([key, value]) => `export ${key}=${shellWord(value)}`),
    `cd ${shellWord(directory)} || exit 1`,
    `config=$(sed -n "$((SLURM_ARRAY_TASK_ID + 1))p" ${shellWord(configs)})`,
    // The run replaces the shell, so that signals of Slurm reach the run itself.
    `exec ${[...command, folder].map(shellWord).join(" ")} "$config"`,
  ];
  for (const line of lines) requireOneLine("write a job array", line);
  return `${lines.join("\n")}\n`;
}

/** The value of an option in a directive: Slurm reads quotes as a shell does. */
function directive(value: string): string {
  return /[\s"'\\#]/.test(value) ? `"${value.replaceAll(/["\\]/g, "\\$&")}"` : value;
}

/** In names of output files Slurm replaces patterns that begin with a percent sign. */
function escapePercent(path: string): string {
  return path.replaceAll("%", "%%");
}
