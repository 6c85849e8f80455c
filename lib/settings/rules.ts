/**
 * Rules about combinations of settings.
 *
 * @module
 */
import { shown } from "../messages.ts";
import { type Method, methodNamed, methodOf } from "../methods/mod.ts";
import { settingError } from "../setting.ts";
import { edstSchedule } from "../training/mod.ts";
import { onlyValues, readsSetting } from "./by_method.ts";
import type { Settings } from "./setting_table.ts";
import type { Candidate } from "./trials.ts";
import { teamworkOf } from "./workers.ts";

/** A rule about a combination of settings. */
interface Rule {
  /** The setting that the error names. */
  readonly setting: keyof Settings;
  /** Returns `true` if the settings break the rule. */
  readonly isBroken: (settings: Settings) => boolean;
  /** Returns the wrong part of its value. Left out: the whole value. */
  readonly found?: (settings: Settings) => unknown;
  /** The value that the setting must have. */
  readonly need: string;
  /** The other setting of the combination. */
  readonly with?: keyof Settings;
  /** A second way to keep the rule, for the error. */
  readonly or?: string;
}

/** Makes a rule: a setting may have some values only if another setting has a certain value. */
function only(
  values: readonly unknown[],
  setting: keyof Settings,
  other: keyof Settings,
  where: (settings: Settings) => boolean = () => true,
): Rule {
  const isBroken = (all: Settings) => where(all) && !values.includes(all[setting]);
  return { setting, isBroken, need: values.map(shown).join(" or "), with: other };
}

/** Makes a rule: a setting may have some values only if there are trials. */
function onlyWithTrials(values: readonly unknown[], setting: keyof Settings): Rule {
  return { ...only(values, setting, "trials", hasTrials), or: NO_TRIALS };
}

/** The way to keep the rule for a person whose trials come from the modern recipe. */
const NO_TRIALS = '"trials" of 0';

const predictsNumbers = ({ task }: Settings) => task !== "classification";
const reconstructs = ({ task }: Settings) => task === "reconstruction";
const hasTarget = ({ task }: Settings) => task !== "reconstruction";

/** Returns `true` if the method needs the predictions of earlier members, for lessons or for votes. */
const needsPredictions = (all: Settings) => {
  const { lesson, votes, lineage } = methodNamed(all.method) as Method;
  return [lesson, votes, lineage].some((own) => own !== undefined);
};
const hasTrials = ({ trials }: Settings) => trials > 0;
const holdsNoneOut = ({ validationFraction }: Settings) => validationFraction === 0;

/** Returns `true` if a method draws its initial connections itself. */
const drawsItself = (all: Settings) => methodOf(all).topology.initialize !== undefined;

const distils = ({ distil }: Settings) => distil === true;

const isDivided = (all: Settings) => teamworkOf(all) !== null;

const smooths = ({ labelSmoothing = 0 }: Candidate) => labelSmoothing > 0;

const RULES: readonly Rule[] = [
  {
    setting: "initialTopology",
    isBroken: (all) =>
      ![undefined, "erdos-renyi"].includes(all.initialTopology) && drawsItself(all),
    need: '"erdos-renyi"',
    with: "method",
  },
  {
    setting: "smallWorldRewiring",
    isBroken: ({ initialTopology, smallWorldRewiring }) =>
      smallWorldRewiring !== undefined && initialTopology !== "watts-strogatz",
    need: 'initialTopology "watts-strogatz" for it',
  },
  // Settings of classifiers do not apply to a network that predicts numbers.
  only([0], "labelSmoothing", "task", predictsNumbers),
  only(["none"], "classWeights", "task", predictsNumbers),
  only([0], "memberWeighting", "task", predictsNumbers),
  only(["none"], "calibration", "task", predictsNumbers),
  // An autoencoder has no target, so candidates, intervals and member weights cannot be judged.
  only([0], "trials", "task", reconstructs),
  only([undefined], "coverage", "task", reconstructs),
  only([undefined], "corruption", "task", hasTarget),
  only([undefined], "noise", "task", hasTarget),
  {
    setting: "method",
    isBroken: (all) => reconstructs(all) && needsPredictions(all),
    need: "one whose members do not learn from each other",
    with: "task",
  },
  {
    setting: "noise",
    isBroken: ({ corruption, noise = 0 }) => corruption === "mask" && noise >= 1,
    need: "less than 1",
    with: "corruption",
  },
  {
    setting: "candidates",
    isBroken: (all) => predictsNumbers(all) && all.candidates.some(smooths),
    found: ({ candidates }) => candidates.filter(smooths),
    need: "no labelSmoothing",
    with: "task",
  },
  {
    setting: "memberWeighting",
    isBroken: ({ memberWeighting, members }) => memberWeighting > 0 && members === 1,
    need: "0 with one member",
  },
  {
    setting: "growthCandidates",
    isBroken: ({ growth, growthCandidates }) =>
      growth === "sampled-gradient" && growthCandidates === null,
    need: "a number",
    with: "growth",
  },
  // Trials hold rows out to choose a candidate. Then the members are trained on all rows.
  {
    setting: "candidates",
    isBroken: (all) => hasTrials(all) && all.candidates.length === 0,
    need: "some",
    with: "trials",
    or: NO_TRIALS,
  },
  onlyWithTrials(["last"], "memberSelection"),
  {
    setting: "validationFraction",
    isBroken: (all) => hasTrials(all) && holdsNoneOut(all),
    need: "above 0",
    with: "trials",
    or: NO_TRIALS,
  },
  onlyWithTrials([0], "memberWeighting"),
  // The distilled member learns from all rows, so no row is left to calibrate sets or intervals.
  only([undefined], "coverage", "distil", distils),
  only([undefined], "budget", "distil", distils),
  only(["classification", "regression"], "task", "distil", distils),
  // Workers need a network that learns from the table only.
  only(["classification", "regression"], "task", "workers", isDivided),
  only([undefined], "distil", "workers", isDivided),
  only([undefined], "budget", "workers", isDivided),
  only([undefined], "countTried", "workers", isDivided),
  only([0], "memberWeighting", "workers", isDivided),
  ...(["exchange", "apart"] as const).map((setting): Rule => ({
    setting,
    isBroken: (all) => all[setting] !== undefined && !isDivided(all),
    need: '"workers" of at least 2 for it',
  })),
  {
    setting: "validationFraction",
    isBroken: (all) => all.coverage !== undefined && holdsNoneOut(all),
    need: "above 0",
    with: "coverage",
  },
  {
    setting: "validationFraction",
    isBroken: (all) => all.memberSelection === "best" && holdsNoneOut(all),
    need: "above 0",
    with: "memberSelection",
  },
];

/**
 * Checks the combination of settings.
 *
 * @throws {RangeError} If the settings break a rule, or leave too few epochs for their members.
 */
export function checkTogether(settings: Settings): void {
  const method = methodNamed(settings.method);
  const ofMethod = Object.entries(onlyValues(method))
    .map(([name, values]) => only(values, name as keyof Settings, "method"));
  const broken = [...ofMethod, ...RULES].find(({ isBroken }) => isBroken(settings));
  if (broken !== undefined) {
    const { setting, need, with: other, found, or } = broken;
    const because = other === undefined ? "" : ` with ${other} ${shown(settings[other])}`;
    const otherwise = or === undefined ? "" : `, or ${or}`;
    const needed = `${need}${because}${otherwise}`;
    throw settingError(setting, found?.(settings) ?? settings[setting], needed);
  }
  if (settings.distil && !readsSetting(method, "distil")) {
    throw settingError("distil", true, `none with method ${shown(method.name)}`);
  }
  if (isDivided(settings) && !readsSetting(method, "workers")) {
    throw settingError("workers", settings.workers, `none with method ${shown(method.name)}`);
  }
  if (method.members === "sequential") edstSchedule(settings);
  if (method.lineage !== undefined && settings.explore === 0) {
    throw settingError("explore", 0, `at least 1 with method ${shown(method.name)}`);
  }
  if (method.lineage !== undefined && settings.budget !== undefined) {
    throw settingError("budget", settings.budget, `none with method ${shown(method.name)}`);
  }
}
