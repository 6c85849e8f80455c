/**
 * Trains several independent members of a run at the same time. Events are reported in the order of the
 * members, as if they were trained one after the other. Events of later members wait. So the number of
 * workers changes neither the order of events nor any bit of the result.
 *
 * @module
 */
import { totalFlops, type WorkSeconds } from "../../counters/mod.ts";
import type { Member } from "../../nn/mod.ts";
import { StrategyError } from "../../topology/mod.ts";
import { memberSpan, phaseAt } from "../../training/mod.ts";
import { TrainingDiverged } from "../divergence.ts";
import { endRun } from "../end_run.ts";
import { choiceFlops, choiceOf } from "../finish_member.ts";
import { afterChoice, firstProgress, type Progress, withFlops } from "../progress.ts";
import type { AheadMember, MemberPlace, PlacedEvent, SavedRun } from "../saved_run.ts";
import { planMember } from "../stage.ts";
import type { ChangingRun } from "../train.ts";
import type { EpochRecord, TrainingEvent } from "../training_event.ts";
import { copyState, type TrainingRun, trialSchedule } from "../training_run.ts";
import { trialMembers } from "../../settings/mod.ts";
import { settingsOfMember } from "../trials.ts";
import type { MemberWorkers } from "./member_workers.ts";
import type { WorkItem } from "./messages.ts";
import { sharedRows } from "./shared_rows.ts";

/**
 * The requested state of a run whose members are trained side by side. All earlier events have been
 * reported.
 */
export interface RunState {
  /** Distinguishes a state from the events of training. */
  readonly type: "state";
  /** The state, including the members that are ahead. */
  readonly saved: SavedRun;
}

/** The work on one member. */
interface Work {
  readonly member: number;
  /** The parts of its report that have not been processed yet. */
  readonly items: WorkItem[];
  /** The state from which a worker must continue, until a worker has it. */
  start: AheadMember | null;
  /** `true` once a worker has the member. */
  begun: boolean;
  /** `true` once its last message has arrived. */
  ended: boolean;
  /** The last request whose state has arrived. */
  received: number;
  /** The last request whose state was processed, and that state. */
  taken: number;
  state: SavedRun | null;
  /** The seconds and operations that the run's meters already include. */
  measured: Pick<MemberPlace, "seconds" | "hardwareFlops">;
}

const NO_SECONDS: WorkSeconds = { train: 0, topology: 0, evaluate: 0 };

/**
 * Trains a run to its end, like {@linkcode train}, but reports only some of the batches. The run's own
 * network is closed, because every worker has its own.
 *
 * @throws {TrainingDiverged} If the loss exploded and the settings allow no (further) rollback.
 * @throws {Error} If a worker broke down.
 */
export async function* trainSideBySide(
  run: TrainingRun,
  workers: MemberWorkers,
): AsyncGenerator<TrainingEvent | RunState, readonly Member[]> {
  const now: ChangingRun = run;
  if (run.progress.epoch === run.schedule.epochs) return run.progress.members;
  let current = phaseAt(run.schedule, run.progress.epoch).member;
  const first = apart(copyState(run), memberSpan(run.schedule, current).from);
  run.stage.network.dispose();
  /** The progress at the end of the previous member. */
  let { before } = first;
  const works = new Map<number, Work>();
  works.set(
    current,
    workOn({ member: current, saved: first.own, events: [], seconds: NO_SECONDS }),
  );
  for (const ahead of run.ahead) works.set(ahead.member, openAhead(run, ahead));
  beginMembers(run, works, current, workers);
  // A budget can shorten the schedule during the run.
  while (current < run.schedule.members) {
    if (workers.toldRound < workers.round && isStateThere(works, current, workers.round)) {
      workers.toldRound = workers.round;
      yield { type: "state", saved: stateOf(works, current, before) };
    }
    const work = works.get(current)!;
    const item = work.items.shift();
    if (item === undefined) {
      await receive(works, workers);
      beginMembers(run, works, current, workers);
    } else if (item.kind === "failure") {
      throw errorOf(item);
    } else if (item.kind === "state") {
      work.state = item.saved;
      work.taken = item.round;
    } else if (item.kind === "event") {
      now.progress = progressAfter(before, run.progress, item);
      measure(run, work, item.at);
      yield toldEvent(run, item.event);
    } else {
      measure(run, work, item.at);
      works.delete(current);
      yield* choose(now);
      before = run.progress;
      current++;
      if (current < run.schedule.members) beginMembers(run, works, current, workers);
    }
  }
  now.progress = endRun(run);
  return run.progress.members;
}

function workOn(start: AheadMember | null, member = start!.member): Work {
  return {
    member,
    items: [],
    start,
    begun: false,
    ended: false,
    received: 0,
    taken: 0,
    state: null,
    measured: { seconds: NO_SECONDS, hardwareFlops: 0 },
  };
}

/** The work on a member that an earlier process has begun or finished. */
function openAhead({ schedule }: TrainingRun, ahead: AheadMember): Work {
  const { member, saved, events, seconds } = ahead;
  const work = workOn(ahead);
  work.items.push(...events.map((placed): WorkItem => ({ kind: "event", ...placed })));
  if (saved.progress.epoch < memberSpan(schedule, member).to) return work;
  work.items.push({ kind: "end", saved, at: { ...saved.progress, seconds, hardwareFlops: 0 } });
  work.ended = true;
  return work;
}

/** Gives the next members to idle workers. The choice among candidates comes after all trials. */
function beginMembers(
  run: TrainingRun,
  works: Map<number, Work>,
  current: number,
  workers: MemberWorkers,
): void {
  const { settings, schedule, stage: { rows, heldOut, trialScores } } = run;
  const trials = trialMembers(settings);
  const end = current < trials ? trials : schedule.members;
  for (let member = current; member < end && workers.idle > 0; member++) {
    const work = works.get(member) ?? workOn(null, member);
    works.set(member, work);
    if (work.items.some(({ kind }) => kind === "failure")) return;
    if (work.begun || work.ended) continue;
    work.begun = true;
    const chosen = trialScores[0]?.candidates ?? [];
    const memberSettings = settingsOfMember(settings, member, chosen);
    workers.begin({
      member,
      plan: { rows, heldOut, trialScores, chosenTrials: [], memberSettings },
      saved: work.start?.saved,
      seconds: work.start?.seconds ?? NO_SECONDS,
      // A pending request for states includes this member too.
      round: workers.toldRound,
    });
  }
}

async function receive(works: Map<number, Work>, workers: MemberWorkers): Promise<void> {
  for (const { member, items } of await workers.messages()) {
    const work = works.get(member)!;
    for (const item of items) {
      work.items.push(item);
      if (item.kind === "state") work.received = item.round;
      if (item.kind !== "end" && item.kind !== "failure") continue;
      work.ended = true;
      workers.free(member);
    }
  }
}

/**
 * Returns `true` if all states for a request have arrived. The state of the member in turn must have been
 * processed, so that all its earlier events have been reported.
 */
function isStateThere(works: Map<number, Work>, current: number, round: number): boolean {
  return [...works.values()].every((work) =>
    work.member === current
      ? work.taken === round
      : work.ended || !work.begun || work.received === round
  );
}

/** Makes the state of the whole run, including the members that are ahead. */
function stateOf(works: Map<number, Work>, current: number, before: Progress): SavedRun {
  const { progress, ...saved } = works.get(current)!.state!;
  const others = [...works.values()].filter(({ member }) => member > current);
  const ahead = others.map(aheadOf).filter((member) => member !== null);
  return {
    ...saved,
    progress: {
      ...progress,
      flops: withFlops(before, progress.flops).flops,
      rollbacks: [...before.rollbacks, ...progress.rollbacks],
      members: before.members,
      history: [...before.history, ...progress.history.map((record) => counted(before, record))],
      turns: before.turns,
    },
    ahead: ahead.length === 0 ? undefined : ahead.sort((a, b) => a.member - b.member),
  };
}

/** Returns a member's last state and the events before it; `null` if it has no state. */
function aheadOf({ member, items, start }: Work): AheadMember | null {
  const last = items.findLastIndex(({ kind }) => kind === "state" || kind === "end");
  const item = items[last];
  if (item === undefined) return start;
  if (item.kind !== "state" && item.kind !== "end") return null;
  const events = items.slice(0, last).flatMap((item): PlacedEvent[] =>
    item.kind === "event" && isLogged(item.event) ? [{ event: item.event, at: item.at }] : []
  );
  return { member, saved: item.saved, events, seconds: item.at.seconds };
}

/** Batches and updates after single steps number thousands, so they are not reported again. */
function isLogged(event: TrainingEvent): boolean {
  return event.type !== "batch" && !(event.type === "topology" && event.step !== undefined);
}

/** Divides a run's state into the progress before a member and the member's own state. */
function apart(
  { progress, ...network }: SavedRun,
  from: number,
): { before: Progress; own: SavedRun } {
  const { members, history, rollbacks, turns } = progress;
  const before: Progress = {
    ...firstProgress(),
    members,
    turns,
    history: history.filter(({ epoch }) => epoch <= from),
    rollbacks: rollbacks.filter(({ epoch }) => epoch <= from),
  };
  // The operations of earlier members cannot be separated, so they count as the member's own.
  const own: Progress = {
    ...progress,
    members: [],
    history: history.filter(({ epoch }) => epoch > from),
    rollbacks: rollbacks.filter(({ epoch }) => epoch > from),
  };
  return { before, own: { ...network, progress: own } };
}

/** Makes the progress of the run after an event of the member in turn. */
function progressAfter(before: Progress, progress: Progress, { event, at }: PlacedEvent): Progress {
  const { epoch, batch, step, loss, correct, flops, rollbacks } = at;
  return {
    ...progress,
    epoch,
    batch,
    step,
    loss,
    correct,
    flops: withFlops(before, flops).flops,
    rollbacks: [...before.rollbacks, ...rollbacks],
    members: event.type === "member" ? [...before.members, event.member] : before.members,
    best: null,
    history: historyAfter(before, progress.history, event, epoch),
    updateIsDue: false,
  };
}

function historyAfter(
  before: Progress,
  history: readonly EpochRecord[],
  event: TrainingEvent,
  epoch: number,
): readonly EpochRecord[] {
  // A rollback may go back several epochs. They are then reported again.
  if (event.type === "rollback") return history.filter((record) => record.epoch <= epoch);
  if (event.type !== "epoch") return history;
  const { type: _, epochs: __, ...record } = event;
  return [...history, counted(before, record)];
}

/** Replaces an epoch's count of operations since the member began by the count since the run began. */
function counted(before: Progress, record: EpochRecord): EpochRecord {
  return { ...record, flops: record.flops + totalFlops(before.flops) };
}

/** Converts a member's event to an event of the whole run. */
function toldEvent({ schedule, progress: { history } }: TrainingRun, event: TrainingEvent) {
  if (event.type !== "epoch") return event;
  return { type: event.type, epochs: schedule.epochs, ...history[history.length - 1] };
}

/** Adds the member's new seconds and operations to the run's meters. */
function measure(run: TrainingRun, work: Work, { seconds, hardwareFlops }: MemberPlace): void {
  const { measured } = work;
  const more = {
    train: seconds.train - measured.seconds.train,
    topology: seconds.topology - measured.seconds.topology,
    evaluate: seconds.evaluate - measured.seconds.evaluate,
  };
  run.meters.add(more, hardwareFlops - measured.hardwareFlops);
  work.measured = { seconds, hardwareFlops };
}

/** Chooses among the candidates after the last trial member. */
function* choose(run: ChangingRun): Generator<TrainingEvent> {
  const { settings, stage, progress } = run;
  const { members } = progress;
  if (members.length !== trialMembers(settings) || stage.trialScores.length > 0) return;
  const next = run.meters.measure(
    "topology",
    () => planMember(run, stage.network.kernels, members),
  );
  const counted = withFlops(progress, choiceFlops(run, members));
  run.progress = afterChoice(counted, settings, next.trialScores[0].candidates);
  const { turns } = run.progress;
  if (turns !== undefined) run.schedule = trialSchedule(settings, turns);
  run.stage = { ...stage, ...next, rows: sharedRows(next.rows) };
  yield choiceOf(run, run.stage);
}

/** Converts a worker's error to the error that training without workers would throw. */
function errorOf({ name, message }: WorkItem & { kind: "failure" }): Error {
  const kinds: Record<string, new (message: string) => Error> = {
    TrainingDiverged,
    StrategyError,
    RangeError,
    TypeError,
  };
  return new (Object.hasOwn(kinds, name) ? kinds[name] : Error)(message);
}
