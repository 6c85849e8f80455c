/**
 * The teacher of a run that distils: a separate run, in a folder within the run's folder. If it was stopped
 * or killed, it is resumed. After its end it stays, and its ensemble can be used like any other.
 *
 * @module
 */
import { node } from "../../node.ts";
import { addFlops, type FlopCount, noFlops, type WorkSeconds } from "../../counters/mod.ts";
import { type Teacher, teacherSettings } from "../../ensemble/mod.ts";
import { load } from "../../model/mod.ts";
import { checkRecord } from "./record_schema.ts";
import type { RunConfig } from "./run_config.ts";
import type { RunData } from "./run_data.ts";
import { isFinished, readJson, type RunFiles, runFiles } from "./run_folder.ts";

/** A teacher, and its costs. */
export interface Taught {
  readonly teacher: Teacher;
  /** The operations of its training. */
  readonly flops: FlopCount;
  /** The seconds of its run. */
  readonly seconds: WorkSeconds & { readonly total: number; readonly cpu: number };
}

/** Trains a teacher in its folder, or resumes it. Throws the signal's reason if it was asked to stop. */
export type Teach = (config: RunConfig, folder: string, data: RunData) => Promise<void>;

/** The folder of a run's teacher. */
function teacherFolder({ config }: RunFiles): string {
  return node.path.join(node.path.dirname(config), "teacher");
}

/** Returns `true` if a run has begun to train its teacher. */
export function hasTeacher(files: RunFiles): boolean {
  return node.fs.existsSync(teacherFolder(files));
}

/** Trains the teacher of a run on the run's rows, or finishes its training. */
export async function trainTeacher(
  config: RunConfig,
  files: RunFiles,
  data: RunData,
  teach: Teach,
): Promise<Taught> {
  const folder = teacherFolder(files);
  const own = runFiles(folder);
  if (!isFinished(own)) await teach(teacherSettings(config), folder, data);
  const record = checkRecord(readJson(own.record), own.record);
  const flops = noFlops();
  addFlops(flops, { ...noFlops(), ...record.flops.phases });
  const { train, topology, evaluate, total, cpu } = record.seconds;
  return {
    teacher: { model: load(own.model), trials: record.trials?.tried ?? [] },
    flops,
    // A record's seconds of training include those of topology changes.
    seconds: { train: train - topology, topology, evaluate, total, cpu },
  };
}
