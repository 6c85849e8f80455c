/**
 * The settings of a run, the defaults that each recipe gives them, and their checks.
 *
 * @module
 */
export { type Setting, type SettingTable } from "../setting.ts";
export * from "./by_method.ts";
export { type FeatureSettings } from "./features.ts";
export { densitiesOf, densityOf, epsilonOf, type LayerShape } from "./layer_density.ts";
export {
  activationOf,
  type DrawConnections,
  firstConnectionsOf,
  type InitialTopology,
  type NetworkSettings,
} from "./network.ts";
export { optimizerOf, type OptimizerSettings } from "./optimizer.ts";
export { type ProtocolSettings } from "./protocol.ts";
export * from "./recipes.ts";
export { type RecipeName, RECIPES, type RunSettings, type Task, TASKS } from "./run.ts";
export {
  type CommonSettings,
  SETTING_GROUPS,
  type SettingGroup,
  SETTINGS,
  type Settings,
} from "./setting_table.ts";
export * from "./settings.ts";
export { type TopologySettings } from "./topology.ts";
export { corruptionOf, type TrainingSettings } from "./training.ts";
export {
  type Candidate,
  type CandidateSettings,
  epochsInTurn,
  epochsOfTrials,
  middleCandidate,
  settingsOfCandidate,
  trialMembers,
  type TrialSettings,
} from "./trials.ts";
export { type Exchange, type Teamwork, teamworkOf, type WorkerSettings } from "./workers.ts";
