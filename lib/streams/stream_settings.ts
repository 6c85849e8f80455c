/**
 * The settings of runs whose rows are streamed.
 *
 * @module
 */
import { methodOf } from "../methods/mod.ts";
import { completeSettings, middleCandidate, type Settings, teamworkOf } from "../settings/mod.ts";

/**
 * Completes the settings of a run with streamed rows. Trials that were not requested are skipped, and the
 * middle one of their candidates is trained.
 *
 * @param given Any of the settings.
 * @throws {TypeError} If a setting needs all rows in memory. The other errors are those of
 * `completeSettings`.
 */
export function streamSettings(given: Readonly<Record<string, unknown>>): Settings {
  const whole = completeSettings(given);
  if (whole.trials === 0 || given.trials !== undefined) return checkStreamSettings(whole);
  const middle = middleCandidate(whole);
  return checkStreamSettings(
    completeSettings({ ...middle, ...given, trials: 0, candidates: [] }),
  );
}

/**
 * Refuses settings that need all rows in memory.
 *
 * @throws {TypeError} If there is such a setting.
 */
export function checkStreamSettings(settings: Settings): Settings {
  const { trials, classWeights, memberWeighting, distil, budget, task } = settings;
  const { sample, lesson, votes } = methodOf(settings);
  const found = task === "reconstruction"
    ? ['task "reconstruction"', '"classification" or "regression"']
    : trials > 0
    ? [`"trials" ${trials}, whose members learn from all rows at last`, '"trials" 0']
    : classWeights !== "none"
    ? [`"classWeights" ${JSON.stringify(classWeights)}`, '"none"']
    : memberWeighting !== 0
    ? [`"memberWeighting" ${memberWeighting}`, "0"]
    : distil
    ? ['"distil"', "an ensemble"]
    : budget !== undefined
    ? ['"budget"', '"members" and "epochs"']
    : teamworkOf(settings) !== null
    ? [`"workers" ${settings.workers}`, "1 worker"]
    : (sample ?? lesson ?? votes) !== undefined
    ? [
      `method "${settings.method}", whose members learn from rows of their own`,
      'one such as "set"',
    ]
    : null;
  if (found === null) return settings;
  throw new TypeError(
    `Cannot stream rows: found ${found[0]}, which needs all rows in memory, need ${found[1]}, ` +
      'or no "memory"',
  );
}
