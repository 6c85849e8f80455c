/**
 * The end of a member: it joins the ensemble, and the next member begins.
 *
 * @module
 */
import {
  addFlops,
  type FlopCount,
  layerSizeOf,
  memberWeightingFlops,
  noFlops,
  trialFlops,
} from "../counters/mod.ts";
import { randomGrowthTopology } from "../methods/mod.ts";
import type { Member } from "../nn/mod.ts";
import { type Evaluation, phaseAt } from "../training/mod.ts";
import { hasLessons } from "./teaching/mod.ts";
import { afterChoice, afterMember, withFlops } from "./progress.ts";
import { nextStage, type Stage } from "./stage.ts";
import { changeLayers } from "./strategy/mod.ts";
import type { TrainingEvent } from "./training_event.ts";
import type { TrainingRun } from "./training_run.ts";
import { MIXTURE_PARTS } from "./trials.ts";

/** The end of an epoch. */
export interface EpochEnd extends Pick<TrainingRun, "stage" | "progress"> {
  readonly events: readonly TrainingEvent[];
}

/** Adds the member in training to the ensemble, and begins the next one, if there is one. */
export function finishMember(run: TrainingRun, validation: Evaluation | null): EpochEnd {
  const { settings, schedule, method } = run;
  const ended = afterMember(run.progress, run.stage.network, validation);
  const index = phaseAt(schedule, ended.epoch).member;
  const member = ended.members[ended.members.length - 1];
  const event: TrainingEvent = { type: "member", index, member };
  if (ended.epoch + 1 === schedule.epochs) {
    return { stage: run.stage, progress: ended, events: [event] };
  }
  const stage = nextStage(run, run.stage, ended.members);
  const { rows, heldOut } = stage;
  const asked = (hasLessons(settings) ? rows.rows + (heldOut?.rows ?? 0) : 0) +
    (settings.memberWeighting === 0 ? 0 : rows.rows);
  const flops = asked === 0
    ? noFlops()
    : memberWeightingFlops(member.layers.map(layerSizeOf), asked);
  const hasChosen = stage.trialScores.length > run.stage.trialScores.length;
  if (hasChosen) addFlops(flops, choiceFlops(run, ended.members));
  const counted = withFlops(ended, flops);
  const progress = hasChosen
    ? afterChoice(counted, settings, stage.trialScores[0].candidates)
    : counted;
  if (method.members !== "sequential") {
    return { stage, progress, events: [event, ...hasChosen ? [choiceOf(run, stage)] : []] };
  }
  // Sequential members share one network, which is re-initialised.
  const change = method.topology.reinitialize ?? randomGrowthTopology().reinitialize!;
  const next = { ...run, stage, progress };
  const made = changeLayers(next, "reinitialize", change, settings.reinitializeRate);
  return { stage, progress: withFlops(progress, made.flops), events: [event, ...made.events] };
}

/** Makes the event about the choice among candidates at the end of the trials. */
export function choiceOf(
  { settings }: Pick<TrainingRun, "settings">,
  { trialScores }: Stage,
): TrainingEvent {
  const scores = trialScores.map(({ candidates, ...score }) => ({
    candidates: candidates.map((number) => settings.candidates[number]),
    ...score,
  }));
  return { type: "choice", scores };
}

/** Returns the floating-point operations of this choice. */
export function choiceFlops(
  { settings, stage }: TrainingRun,
  trials: readonly Member[],
): FlopCount {
  const networks = trials.map(({ layers }) => layers.map(layerSizeOf));
  return trialFlops(networks, settings.trials, MIXTURE_PARTS, stage.heldOut!.rows);
}
