/**
 * The run of one independent member by itself. It takes the same steps for this member as the whole run
 * would: seed, purpose, epoch and member determine every random stream.
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
 * Returns `true` if the members of a run can be trained side by side. They cannot if rows are weighted by
 * earlier members, or if several workers train one member.
 */
export function hasIndependentMembers(settings: Settings): boolean {
  // The workers of one network all work on one member.
  const isApart = trainsApart(methodOf(settings)) && settings.memberWeighting === 0 &&
    teamworkOf(settings) === null;
  return isApart && settings.members + trialMembers(settings) > 1;
}

/**
 * Opens the run of one member. It begins at the member's first epoch, or at its saved state, and ends after
 * its last epoch. Its progress counts this member only.
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

/** Returns the position of a member's run. */
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
