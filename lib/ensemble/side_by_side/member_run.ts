/**
 * The run of one independent member by itself. It takes the steps that the whole run would take for this
 * member: random streams are named by seed, purpose, epoch and member, and none depends on others.
 *
 * @module
 */
import type { Meters } from "../../counters/mod.ts";
import type { Kernels } from "../../kernels/mod.ts";
import { methodOf, trainsApart } from "../../methods/mod.ts";
import { epochsInTurn, type Settings, teamworkOf, trialMembers } from "../../settings/mod.ts";
import { memberSpan } from "../../training/mod.ts";
import { lossLimit } from "../problem.ts";
import { firstProgress, type Progress } from "../progress.ts";
import { type MemberPlace, type SavedRun, stepsBefore } from "../saved_run.ts";
import { type MemberPlan, openMemberStage, type Plan } from "../stage.ts";
import { type TrainingRun, trialSchedule } from "../training_run.ts";

/**
 * Tells whether the members of a run are independent of each other, so that they can be trained side by
 * side. Members that weight their rows by the members before them are not, nor those that several workers train.
 */
export function hasIndependentMembers(settings: Settings): boolean {
  // Workers of one network are all at work on one member.
  const isApart = trainsApart(methodOf(settings)) && settings.memberWeighting === 0 &&
    teamworkOf(settings) === null;
  return isApart && settings.members + trialMembers(settings) > 1;
}

/**
 * Opens the run of one member. It begins at the member's first epoch, or where it was saved, and ends
 * after its last. Its progress counts this member alone.
 */
export function openMemberRun(
  plan: Plan,
  number: number,
  member: MemberPlan,
  kernels: Kernels,
  meters: Meters,
  saved: SavedRun | undefined,
): TrainingRun {
  const { problem, settings } = plan;
  const schedule = trialSchedule(
    settings,
    epochsInTurn(settings, member.trialScores[0]?.candidates ?? []),
  );
  const { from, to } = memberSpan(schedule, number);
  const phases = schedule.phases.filter((phase) => phase.member === number);
  const own: Plan = { ...plan, schedule: { ...schedule, epochs: to, phases } };
  const step = stepsBefore(from, problem, settings, schedule);
  const run: TrainingRun = {
    ...own,
    ownStrategy: null,
    lossLimit: lossLimit(problem),
    stage: openMemberStage(own, member, number, kernels, saved),
    progress: saved?.progress ?? { ...firstProgress(), epoch: from, step },
    anchor: null,
    ahead: [],
    meters,
    dispose: () => run.stage.network.dispose(),
    [Symbol.dispose]: () => run.dispose(),
  };
  return run;
}

/** The place of a member's run. */
export function placeOf(
  { epoch, batch, step, loss, correct, flops, rollbacks }: Progress,
  { seconds, hardwareFlops }: Pick<Meters, "seconds" | "hardwareFlops">,
): MemberPlace {
  const { train, topology, evaluate } = seconds;
  return {
    epoch,
    batch,
    step,
    loss,
    correct,
    flops,
    rollbacks,
    seconds: { train, topology, evaluate },
    hardwareFlops,
  };
}
