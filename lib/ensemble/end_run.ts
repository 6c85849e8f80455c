/**
 * The end of a run: selects the members of the ensemble among the trained networks.
 *
 * @module
 */
import { addFlops, layerSizeOf, memberWeightingFlops, noFlops } from "../counters/mod.ts";
import { shown } from "../messages.ts";
import type { Member } from "../nn/mod.ts";
import { outputsOf } from "./teaching/mod.ts";
import { type Progress, withFlops } from "./progress.ts";
import type { TrainingRun } from "./training_run.ts";
import { keptMembers } from "./trials.ts";

/**
 * Makes the final progress of a run. It leaves out networks that are no members of the ensemble, such as
 * ancestors and the trial members of candidates that were not chosen. It gives the members their votes, if
 * the method has votes.
 */
export function endRun(run: TrainingRun): Progress {
  const { progress, settings, schedule, stage } = run;
  const { members } = progress;
  // A run that was saved at its end has this progress already.
  if (members.length < schedule.members || members[0].vote !== undefined) return progress;
  const kept = keptMembers(settings, members.length, stage.trialScores[0]?.candidates ?? []);
  return withVotes(run, { ...progress, members: kept.map((member) => members[member]) });
}

function withVotes(
  { method, settings, problem: { training }, stage: { network } }: TrainingRun,
  progress: Progress,
): Progress {
  if (method.votes === undefined) return progress;
  const flops = noFlops();
  const outputs = progress.members.map((member) => {
    addFlops(flops, memberWeightingFlops(member.layers.map(layerSizeOf), training.rows));
    return outputsOf(member, training, settings, network.kernels);
  });
  const votes = method.votes(training, outputs, settings);
  const wrong = votes.find((vote) => !Number.isFinite(vote));
  if (votes.length !== outputs.length || wrong !== undefined) {
    throw new RangeError(
      `Cannot put the ensemble together: found ${votes.length} votes` +
        (wrong === undefined ? "" : `, one of them ${shown(wrong)}`) +
        `, need a finite number for each of ${outputs.length} members`,
    );
  }
  const members = progress.members.map((member, m): Member => ({ ...member, vote: votes[m] }));
  return withFlops({ ...progress, members }, flops);
}
