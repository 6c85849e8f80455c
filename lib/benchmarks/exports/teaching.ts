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
import type { Kept } from "./kept_steps.ts";
import { RECORDED_RECIPE } from "./recorded_recipe.ts";

/** An ensemble that teaches. */
export interface Teacher {
  /** Its name, which the names of its students begin with. */
  readonly name: string;
  /** The ensemble. */
  readonly model: Model;
  /** The frequency of sines that had the least loss in its trials. Left out without trials. */
  readonly frequency: number | undefined;
}

/** Tiny networks and few epochs, to see that all works. */
export const LITTLE: Partial<Settings> = { epochs: 2, trials: 0, adaptToRows: false };

/**
 * Trains the ensemble of the modern recipe on some rows.
 *
 * @param name The name under which it is kept: of the table, and of the rows.
 */
export async function trainTeacher(
  name: string,
  training: Dataset,
  quick: boolean,
  kept: Kept,
): Promise<Teacher> {
  const small: Partial<Settings> = quick ? { ...LITTLE, members: 2, hidden: [32, 32] } : {};
  let [least, best]: [number, number | undefined] = [Infinity, undefined];
  const model = await kept.model(
    name,
    () =>
      fit(training, { ...RECORDED_RECIPE, ...small }, {
        threads: 2,
        onEvent(event) {
          if (event.type !== "choice") return;
          for (const { candidates, loss } of event.scores) {
            if (candidates.length === 1 && loss < least) {
              [least, best] = [loss, candidates[0].frequency];
            }
          }
        },
      }),
  );
  // The model does not say it.
  const { frequency } = await kept.step<{ frequency?: number }>(
    `${name}: the best frequency`,
    () => Promise.resolve(best === undefined ? {} : { frequency: best }),
  );
  return { name, model, frequency };
}

/**
 * Trains students with different seeds, and joins them to one ensemble. They have no dropout, because they
 * have few weights for their task, and many training rows for each row of the table.
 *
 * @param settings The students' settings that differ from the recipe. `members` is the number of students.
 */
export function trainStudents(
  training: Dataset,
  settings: Partial<Settings>,
  { name, model: teacher, frequency }: Teacher,
  kept: Kept,
): Promise<Model> {
  return kept.model(`${name} ${JSON.stringify(settings)}`, async () => {
    using opened = await openKernels("auto", 1);
    const { members: count = 1, ...own } = settings;
    const students: Model[] = [];
    for (let seed = 1; seed <= count; seed++) {
      const complete = completeSettings({
        ...RECORDED_RECIPE,
        dropout: 0,
        frequency,
        ...own,
        seed,
        distil: true,
      });
      const options = { teach: () => Promise.resolve(teacher), onEvent: () => {} };
      students.push(await distil(training, complete, opened.kernels, options));
    }
    return { ...students[0], members: students.flatMap(({ members }) => members) };
  });
}
