/**
 * The end of a member: it joins the ensemble, and the next member begins.
 *
 * @module
 */
import { layerSizeOf, memberWeightingFlops, noFlops } from "../counters/mod.ts";
import { randomGrowthTopology } from "../methods/mod.ts";
import { type Evaluation, phaseAt } from "../training/mod.ts";
import { afterMember, withFlops } from "./progress.ts";
import { nextStage, type Stage } from "./stage.ts";
import { changeLayers } from "./strategy/mod.ts";
import type { TrainingEvent } from "./training_event.ts";
import type { TrainingRun } from "./training_run.ts";

/** The end of an epoch. */
export interface EpochEnd extends Pick<TrainingRun, "stage" | "progress"> {
  readonly events: readonly TrainingEvent[];
}

/** Adds the member to the ensemble. Then begins the next member, if there is one. */
export function finishMember(run: TrainingRun, validation: Evaluation | null): EpochEnd {
  const { settings, schedule, method } = run;
  const ended = afterMember(run.progress, run.stage.network, validation);
  const index = phaseAt(schedule, ended.epoch).member;
  const member = ended.members[index];
  const event: TrainingEvent = { type: "member", index, member };
  if (ended.epoch + 1 === schedule.epochs) {
    return { stage: run.stage, progress: ended, events: [event] };
  }
  const stage = nextStage(run, run.stage, ended.members);
  const flops = settings.memberWeighting === 0
    ? noFlops()
    : memberWeightingFlops(member.layers.map(layerSizeOf), stage.rows.rows);
  const progress = withFlops(ended, flops);
  if (method.members !== "sequential") {
    return { stage, progress, events: [event, ...choiceOf(run, stage)] };
  }
  // Sequential members re-initialise the same network.
  const change = method.topology.reinitialize ?? randomGrowthTopology().reinitialize!;
  const next = { ...run, stage, progress };
  const made = changeLayers(next, "reinitialize", change, settings.reinitializeRate);
  return { stage, progress: withFlops(progress, made.flops), events: [event, ...made.events] };
}

/** The choice among the candidates, if the trials end with this stage. */
function choiceOf({ settings, stage }: TrainingRun, { trialScores }: Stage): TrainingEvent[] {
  if (trialScores.length === stage.trialScores.length) return [];
  const scores = trialScores.map(({ candidates, ...score }) => ({
    candidates: candidates.map((number) => settings.candidates[number]),
    ...score,
  }));
  return [{ type: "choice", scores }];
}
