/**
 * Small networks that learn from the whole ensemble of the modern recipe. `--distil` teaches a network as
 * large as the ensemble's own; here the students have any size.
 *
 * @module
 */
import type { Dataset } from "../../data/table/mod.ts";
import { distil, fit } from "../../ensemble/mod.ts";
import { openKernels } from "../../kernels/mod.ts";
import type { Model } from "../../model/mod.ts";
import { completeSettings, type Settings } from "../../settings/mod.ts";

/** An ensemble that teaches. */
export interface Teacher {
  /** The ensemble. */
  readonly model: Model;
  /** The frequency of sines that had the least loss in its trials. Left out without trials. */
  readonly frequency: number | undefined;
}

/** Tiny networks and few epochs, to see that all works. */
export const LITTLE: Partial<Settings> = { epochs: 2, trials: 0, adaptToRows: false };

/** Trains the ensemble of the modern recipe on some rows. */
export async function trainTeacher(training: Dataset, quick: boolean): Promise<Teacher> {
  const small: Partial<Settings> = quick ? { ...LITTLE, members: 2, hidden: [32, 32] } : {};
  let [least, frequency]: [number, number | undefined] = [Infinity, undefined];
  const model = await fit(training, { recipe: "modern", seed: 1, ...small }, {
    threads: 2,
    onEvent(event) {
      if (event.type !== "choice") return;
      for (const { candidates, loss } of event.scores) {
        if (candidates.length === 1 && loss < least) {
          [least, frequency] = [loss, candidates[0].frequency];
        }
      }
    },
  });
  return { model, frequency };
}

/**
 * Trains students with different seeds, and joins them to one ensemble. They have no dropout, because they
 * have few weights for their task, and nine training rows for each row of the table.
 *
 * @param settings The students' settings that differ from the recipe. `members` is the number of students.
 */
export async function trainStudents(
  training: Dataset,
  { members: count = 1, ...settings }: Partial<Settings>,
  { model, frequency }: Teacher,
): Promise<Model> {
  using opened = await openKernels("auto", 1);
  const students: Model[] = [];
  for (let seed = 1; seed <= count; seed++) {
    const own = completeSettings({
      recipe: "modern",
      dropout: 0,
      frequency,
      ...settings,
      seed,
      distil: true,
    });
    const options = { teach: () => Promise.resolve(model), onEvent: () => {} };
    students.push(await distil(training, own, opened.kernels, options));
  }
  return { ...students[0], members: students.flatMap(({ members }) => members) };
}
