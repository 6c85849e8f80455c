/**
 * The rules between settings.
 *
 * @module
 */
import { shown } from "../messages.ts";
import { methodNamed, methodOf } from "../methods/mod.ts";
import { settingError } from "../setting.ts";
import { edstSchedule } from "../training/mod.ts";
import { onlyValues, readsSetting } from "./by_method.ts";
import type { Settings } from "./setting_table.ts";
import type { Candidate } from "./trials.ts";

/** A rule between settings. */
interface Rule {
  /** The setting that the error names. */
  readonly setting: keyof Settings;
  /** Tells that the settings break the rule. */
  readonly isBroken: (settings: Settings) => boolean;
  /** The part of its value that is wrong. Left out: all of it. */
  readonly found?: (settings: Settings) => unknown;
  /** The value that the setting needs. */
  readonly need: string;
  /** The setting whose value asks for it. */
  readonly with?: keyof Settings;
}

/** The rule that a setting has some values only where another has a certain value. */
function only(
  values: readonly unknown[],
  setting: keyof Settings,
  other: keyof Settings,
  where: (settings: Settings) => boolean = () => true,
): Rule {
  const isBroken = (all: Settings) => where(all) && !values.includes(all[setting]);
  return { setting, isBroken, need: values.map(shown).join(" or "), with: other };
}

const predictsNumbers = ({ task }: Settings) => task === "regression";
const hasTrials = ({ trials }: Settings) => trials > 0;
const holdsNoneOut = ({ validationFraction }: Settings) => validationFraction === 0;

/** Tells that a method draws its first connections itself. */
const drawsItself = (all: Settings) => methodOf(all).topology.initialize !== undefined;

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
  // A network that predicts numbers has no use for the settings of classifiers.
  only([0], "labelSmoothing", "task", predictsNumbers),
  only(["none"], "classWeights", "task", predictsNumbers),
  only([0], "memberWeighting", "task", predictsNumbers),
  only(["none"], "calibration", "task", predictsNumbers),
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
  // Trials hold rows out to choose, and train the members proper on all of them.
  {
    setting: "candidates",
    isBroken: (all) => hasTrials(all) && all.candidates.length === 0,
    need: "some",
    with: "trials",
  },
  only(["last"], "memberSelection", "trials", hasTrials),
  {
    setting: "validationFraction",
    isBroken: (all) => hasTrials(all) && holdsNoneOut(all),
    need: "above 0",
    with: "trials",
  },
  only([0], "memberWeighting", "trials", hasTrials),
  // The one member learns from all rows: none is left to calibrate sets or intervals.
  only([undefined], "coverage", "distil", ({ distil }) => distil === true),
  only([undefined], "budget", "distil", ({ distil }) => distil === true),
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
 * Checks that settings go together.
 *
 * @throws {RangeError} If they break a rule, or leave too few epochs for their members.
 */
export function checkTogether(settings: Settings): void {
  const method = methodNamed(settings.method);
  const ofMethod = Object.entries(onlyValues(method))
    .map(([name, values]) => only(values, name as keyof Settings, "method"));
  const broken = [...ofMethod, ...RULES].find(({ isBroken }) => isBroken(settings));
  if (broken !== undefined) {
    const { setting, need, with: other, found } = broken;
    const because = other === undefined ? "" : ` with ${other} ${shown(settings[other])}`;
    throw settingError(setting, found?.(settings) ?? settings[setting], `${need}${because}`);
  }
  if (settings.distil && !readsSetting(method, "distil")) {
    throw settingError("distil", true, `none with method ${shown(method.name)}`);
  }
  if (method.members === "sequential") edstSchedule(settings);
  if (method.lineage !== undefined && settings.explore === 0) {
    throw settingError("explore", 0, `at least 1 with method ${shown(method.name)}`);
  }
  if (method.lineage !== undefined && settings.budget !== undefined) {
    throw settingError("budget", settings.budget, `none with method ${shown(method.name)}`);
  }
}
