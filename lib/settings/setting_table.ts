/**
 * All settings, by what owns them.
 *
 * @module
 */
import {
  type DisjointSettings,
  type DistanceSettings,
  type Method,
  METHOD_SETTINGS,
  METHOD_TABLE,
  type MethodSettings,
} from "../methods/mod.ts";
import type { SettingTable } from "../setting.ts";
import { FEATURES, type FeatureSettings } from "./features.ts";
import { NETWORK, type NetworkSettings } from "./network.ts";
import { OPTIMIZER, type OptimizerSettings } from "./optimizer.ts";
import { PROTOCOL, type ProtocolSettings } from "./protocol.ts";
import { RUN, type RunSettings } from "./run.ts";
import { TOPOLOGY, type TopologySettings } from "./topology.ts";
import { TRAINING, type TrainingSettings } from "./training.ts";
import { TRIALS, type TrialSettings } from "./trials.ts";
import { WORKERS, type WorkerSettings } from "./workers.ts";

/** The settings that every run has. */
export interface CommonSettings
  extends
    RunSettings,
    NetworkSettings,
    ProtocolSettings,
    TopologySettings,
    OptimizerSettings,
    TrainingSettings,
    FeatureSettings,
    TrialSettings,
    WorkerSettings,
    DisjointSettings,
    DistanceSettings {}

/**
 * The settings of a run. Shares are numbers from 0 to 1. A setting that only some methods read is present
 * only if the run's method reads it. The settings of the paper's own methods are always present.
 */
export interface Settings
  extends CommonSettings, Partial<Omit<MethodSettings, keyof CommonSettings>> {}

/** Settings of one owner. */
export interface SettingGroup {
  /** The owner. */
  readonly title: string;
  /** Its settings. */
  readonly settings: Partial<SettingTable<Settings>>;
}

/** All settings, by what owns them. */
export const SETTING_GROUPS: readonly SettingGroup[] = [
  { title: "The run", settings: RUN },
  { title: "Members", settings: PROTOCOL },
  { title: "The network", settings: NETWORK },
  { title: "The topology", settings: TOPOLOGY },
  { title: "Settings of some methods", settings: METHOD_SETTINGS },
  { title: "The optimiser", settings: OPTIMIZER },
  { title: "Training", settings: TRAINING },
  { title: "Features", settings: FEATURES },
  { title: "Trials and calibration", settings: TRIALS },
  { title: "Workers of one network", settings: WORKERS },
];

/** All settings by name. */
export const SETTINGS: SettingTable<Settings> = Object.assign(
  {},
  ...SETTING_GROUPS.map(({ settings }) => settings),
);

/**
 * The order of the settings in `config.json` and in a model file, so that equal runs have equal bytes.
 * Settings that are not listed here come after these.
 */
const ORDER = (
  "recipe task method epsilon density hidden members epochs explore activation alpha lambda " +
  "distanceSamples densityLimit refinement pruneRate reinitializeRate interval evolveUntil " +
  "growth growthCandidates memberSelection validationFraction optimizer learningRate " +
  "learningRateCurve momentum beta1 beta2 adamEpsilon weightDecay decayStyle dropout " +
  "labelSmoothing classWeights memberWeighting batchSize dropLastBatch initializer fan " +
  "scaling embedding frequencies frequency frequencySpread trials candidates adaptToRows " +
  "calibration onDivergence seed kernels"
).split(" ");

/** Returns the settings of a run with a method, in the order in which they are stored. */
export function settingsWith(method: Method): SettingTable<Settings> {
  return TABLES.get(method)!;
}

const TABLES = new Map(METHOD_TABLE.map((method: Method) => [method, tableOf(method)]));

function tableOf({ settings }: Method): SettingTable<Settings> {
  const names = new Set([...ORDER, ...Object.keys(SETTINGS)]);
  const own = [...names].filter((name) =>
    ORDER.includes(name) || !Object.hasOwn(METHOD_SETTINGS, name) || Object.hasOwn(settings, name)
  );
  return Object.fromEntries(
    own.map((name) => [name, SETTINGS[name as keyof Settings]]),
  ) as unknown as SettingTable<Settings>;
}
