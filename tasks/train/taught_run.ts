/** A run whose one member learns from the ensemble of another run, which is not trained again. */
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { writeFileAtomically } from "../../lib/files/mod.ts";
import {
  isFinished,
  readJson,
  removeEmptyFolder,
  type RunFiles,
  runFiles,
} from "../../lib/experiments/run/mod.ts";
import { quotedPath } from "../../lib/messages.ts";
import { optionName } from "../terminal/setting_options.ts";

/**
 * The options that the teacher decides: the rows that it learned from, the test rows that neither may see,
 * and the options of ensembles.
 */
const TEACHERS = [
  ...["target", "test", "testFraction", "missing", "missingTarget", "categorical", "ignore"],
  ...["weights", "memory", "folds", "group", "time", "config", "resume", "task", "seed"],
  ...["members", "trials", "candidates", "keepTrials", "budget", "coverage"],
];

/** The options that follow from the teacher: from its trials, its size and its soft answers. */
const FOLLOWING = ["dropout", "frequency", "labelSmoothing"];

/**
 * Refuses options that cannot be combined with a teacher, and those that would have no effect beside it.
 *
 * @throws {TypeError} If there is such an option.
 */
export function refuseBesideTeacher(
  file: string | undefined,
  options: Readonly<Record<string, unknown>>,
): void {
  const followed = FOLLOWING.find((name) => options[name] !== undefined);
  if (followed !== undefined) {
    throw new TypeError(
      `Cannot combine --teacher with ${
        optionName(followed)
      }: found a value that would have no effect, ` +
        "need none; it follows from the teacher's trials and from the member's size",
    );
  }
  const given = TEACHERS.find((name) => options[name] !== undefined);
  if (file === undefined && given === undefined) return;
  const found = file === undefined ? optionName(given!) : quotedPath(file);
  throw new TypeError(
    `Cannot combine --teacher with ${found}: the one member learns from the teacher's rows and is ` +
      "tested on its test rows, need the options of a network, such as --hidden and --epsilon",
  );
}

/**
 * The configuration of a teacher's run, for a run that distils.
 *
 * @throws {TypeError} If the run is not finished, or streams its rows.
 */
export function teachersConfig(folder: string): Record<string, unknown> {
  const files = runFiles(folder);
  if (!isFinished(files) || !existsSync(files.model)) {
    throw new TypeError(
      `Cannot learn from ${
        quotedPath(folder)
      }: found no finished run in it, need the folder of one, ` +
        "such as runs/first",
    );
  }
  const { coverage: _interval, budget: _spent, ...config } = readJson(files.config);
  if (typeof config.memory === "number") {
    throw new TypeError(
      `Cannot learn from ${
        quotedPath(folder)
      }: its rows were streamed (--memory), need a run with ` +
        "its rows in memory",
    );
  }
  return { ...config, distil: true };
}

/**
 * Copies a teacher into the folder of its student, where a run that distils finds it.
 *
 * @returns The new folder.
 * @throws {TypeError} If the student already has a teacher.
 */
export function keepTeacher(teacher: string, folder: string): string {
  const own = join(folder, "teacher");
  if (existsSync(own)) {
    throw new TypeError(
      `Cannot keep the teacher in ${
        quotedPath(own)
      }: found something there, need a folder without it`,
    );
  }
  mkdirSync(own, { recursive: true });
  const { config, model, record }: RunFiles = runFiles(teacher);
  // The record comes last, because it marks the teacher as finished.
  for (const path of [config, model, record]) {
    writeFileAtomically(join(own, basename(path)), readFileSync(path));
  }
  return own;
}

/** Removes the copied teacher of a run that did not begin. */
export function removeTeacher(own: string): void {
  rmSync(own, { recursive: true, force: true });
  removeEmptyFolder(dirname(own));
}
