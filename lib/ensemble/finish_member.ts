/**
 * The end of a member: the best network is chosen and stored, and the next member begins.
 *
 * @module
 */
import { addFlops, layerSizeOf, trialFlops } from "../counters/mod.ts";
import { randomGrowthTopology } from "../methods/mod.ts";
import { type Member, openWorkspace, storeNetwork } from "../nn/mod.ts";
import type { Evaluation } from "../training/mod.ts";
import { changeLayers } from "./layer_changes.ts";
import { addMember, openRowWeights } from "./row_weights.ts";
import { emptyMemory } from "./strategy_memory.ts";
import type { TrainingEvent } from "./training_event.ts";
import { freshNetwork, nextStage, type TrainingRun } from "./training_run.ts";
import { keptMembers } from "./trials.ts";

/**
 * Stores the network as the member's best so far, if its validation score beats all earlier ones.
 * Classifiers compare accuracies; networks that predict a number compare losses.
 */
export function keepBest(run: TrainingRun, validation: Evaluation | null): void {
  const { progress, settings } = run;
  if (settings.memberSelection !== "best" || validation === null) return;
  const { accuracy, loss } = validation;
  const isBetter = accuracy === null
    ? loss < (progress.best?.validationLoss ?? Infinity)
    : accuracy > (progress.best?.validationAccuracy ?? -1);
  if (isBetter) progress.best = snapshot(run, validation);
}

/**
 * Adds the member to the ensemble: its best network, or the current one where none was kept. Then
 * begins the next member, if there is one.
 *
 * @param index The member's number, counted from 0.
 */
export function finishMember(
  run: TrainingRun,
  index: number,
  validation: Evaluation | null,
): TrainingEvent[] {
  const { progress, schedule } = run;
  const member = progress.best ?? snapshot(run, validation);
  progress.members.push(member);
  progress.best = null;
  const isLast = progress.epoch + 1 === schedule.epochs;
  return [{ type: "member", index, member }, ...isLast ? [] : beginMember(run, index + 1)];
}

/** Removes the trial members of the candidates that were not chosen. */
export function keepChosen({ progress, settings, schedule, trialScores }: TrainingRun): void {
  if (trialScores.length === 0 || progress.members.length < schedule.members) return;
  const kept = keptMembers(settings, schedule.members, trialScores[0].candidates);
  progress.members = kept.map((member) => progress.members[member]);
}

function snapshot(run: TrainingRun, validation: Evaluation | null): Member {
  const member = {
    layers: storeNetwork(run.network),
    epoch: run.progress.epoch + 1,
    validationAccuracy: validation?.accuracy ?? null,
  };
  // The accuracy alone judges a classifier.
  if (validation === null || validation.accuracy !== null) return member;
  return { ...member, validationLoss: validation.loss };
}

/** Sequential members re-initialise the same network; independent members get a fresh one. */
function beginMember(run: TrainingRun, member: number): TrainingEvent[] {
  const { problem, settings, method, progress, rowWeights, network: { kernels } } = run;
  const events = beginStage(run);
  if (rowWeights !== null) {
    addMember(rowWeights, progress.members[member - 1], problem, settings, kernels, progress.flops);
  }
  if (method.members === "sequential") {
    const change = method.topology.reinitialize ?? randomGrowthTopology().reinitialize!;
    return changeLayers(run, "reinitialize", change, settings.reinitializeRate);
  }
  run.network.dispose();
  run.network = freshNetwork(problem, run.memberSettings, kernels, member);
  run.workspace = openWorkspace(run.network, settings.batchSize, true);
  run.memory = emptyMemory(method.topology, run.network);
  return events;
}

/** Sets rows and settings for the next member. Where the trials end here, returns the choice. */
function beginStage(run: TrainingRun): TrainingEvent[] {
  const { problem, settings, progress } = run;
  if (settings.trials === 0) return [];
  const before = run.trialScores.length;
  const { rows, heldOut, memberSettings, trialScores } = nextStage(run);
  run.rows = rows;
  run.heldOut = heldOut;
  run.memberSettings = memberSettings;
  run.trialScores = trialScores;
  if (trialScores.length === before) return [];
  const networks = progress.members.map(({ layers }) => layers.map(layerSizeOf));
  addFlops(progress.flops, trialFlops(networks, settings.trials, problem.validation!.rows));
  run.rowWeights = openRowWeights({ ...problem, training: rows }, settings);
  const scores = trialScores.map(({ candidates, ...score }) => ({
    candidates: candidates.map((number) => settings.candidates[number]),
    ...score,
  }));
  return [{ type: "choice", scores }];
}
