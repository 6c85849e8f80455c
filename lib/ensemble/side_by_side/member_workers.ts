/**
 * Workers that train the independent members of a run, each worker one member at a time.
 *
 * @module
 */
import type { ThreadCounts } from "../../kernels/mod.ts";
import type { Stage } from "../stage.ts";
import type { TrainingRun } from "../training_run.ts";
import { hasIndependentMembers } from "./member_run.ts";
import {
  type MemberTask,
  Word,
  type WorkerBeginning,
  type WorkerReady,
  type WorkMessage,
} from "./messages.ts";
import { sharedProblem, sharedRows } from "./shared_rows.ts";

/** The way in which a run's members are trained: in how many workers. */
export interface MembersAtATime extends Disposable {
  /** The number of members that are trained at the same time. */
  readonly count: number;
  /** The memory of one member in bytes: network, optimiser state and activations. */
  readonly bytes: number;
  /**
   * The reason why only one member is trained at a time although more threads were asked for; else `null`.
   */
  readonly reason: string | null;
  /** The workers; `null` if this thread trains the members. */
  readonly workers: MemberWorkers | null;
}

/**
 * Starts workers for the members of a run, if there is more than one thread and the members are
 * independent. If workers cannot be started, this thread trains the members one after the other. A run that
 * was stopped with several members in training continues with at least one worker.
 *
 * @param threads The number of threads that were asked for.
 * @param counting `true` if each worker is to count its operations in hardware.
 * @throws {RangeError} If `threads` is not an integer from 1 to 1024.
 */
export async function openMembersAtATime(
  run: TrainingRun,
  threads: number,
  counting: boolean,
): Promise<MembersAtATime> {
  if (!Number.isSafeInteger(threads) || threads < 1 || threads > 1024) {
    throw new RangeError(`Cannot use ${threads} threads: need an integer from 1 to 1024`);
  }
  const { settings, schedule, progress, ownStrategy } = run;
  const bytes = networkBytes(run.stage);
  const alone = (reason: string | null): MembersAtATime => ({
    count: 1,
    bytes,
    reason,
    workers: null,
    [Symbol.dispose]: () => {},
  });
  // Each worker would need a window of its own, and would read the whole file.
  if (run.problem.training.stream !== undefined) return alone(null);
  const isAsked = threads > 1 || run.ahead.length > 0;
  if (!isAsked || ownStrategy !== null || !hasIndependentMembers(settings)) return alone(null);
  const count = Math.min(threads, Math.max(1, schedule.members - progress.members.length));
  try {
    const workers = await startMemberWorkers(run, count, counting);
    return { count, bytes, reason: null, workers, [Symbol.dispose]: () => workers.dispose() };
  } catch (error) {
    return alone((error as Error).message);
  }
}

function networkBytes({ network, workspace }: Stage): number {
  const arrays: ArrayBufferView[] = [];
  const collect = (value: unknown): void => {
    if (ArrayBuffer.isView(value)) arrays.push(value);
    else if (typeof value === "object" && value !== null) Object.values(value).forEach(collect);
  };
  collect(network.layers);
  collect(workspace);
  return arrays.reduce((sum, { byteLength }) => sum + byteLength, 0);
}

/** The workers of a run. */
export interface MemberWorkers extends Disposable {
  /** The number of workers, each with one member at a time. */
  readonly count: number;
  /** The counted hardware event, or the reason why workers cannot count; `null` without counting. */
  readonly counts: ThreadCounts | null;
  /** The workers without a member. */
  readonly idle: number;
  /** The number of the last request for states. */
  readonly round: number;
  /** The number of the last request whose state the run has reported. Only the run sets it. */
  toldRound: number;
  /** Gives a member to a worker without one. */
  begin(task: MemberTask): void;
  /** Frees the worker of a finished member. */
  free(member: number): void;
  /**
   * Requests the states of all members in training. {@linkcode trainSideBySide} then yields a state of the
   * run. A second request before that is not needed.
   *
   * @param stop `true` if the workers must stop after sending their states.
   */
  askForState(stop: boolean): void;
  /**
   * Waits for messages.
   *
   * @throws {Error} If a worker failed.
   */
  messages(): Promise<WorkMessage[]>;
  /** Ends the workers. Safe to call twice. */
  dispose(): void;
}

/**
 * Starts workers. The run's rows are moved into shared memory.
 *
 * @param count The number of workers.
 * @param counting `true` if each of them is to count its operations in hardware.
 * @throws {Error} If a worker cannot be started.
 */
async function startMemberWorkers(
  run: TrainingRun,
  count: number,
  counting: boolean,
): Promise<MemberWorkers> {
  const words = new Int32Array(new SharedArrayBuffer(8));
  const { settings, schedule, stage } = run;
  const beginning: WorkerBeginning = {
    problem: shareProblem(run),
    settings,
    schedule,
    kernels: stage.network.kernels.name,
    words: words.buffer as SharedArrayBuffer,
    counting,
  };
  const workers: Worker[] = [];
  /** The workers that train a member, by its number. */
  const busy = new Map<number, Worker>();
  let received: WorkMessage[] = [];
  let broken: Error | null = null;
  let wake = () => {};
  const dispose = () => {
    for (const worker of workers) worker.terminate();
    workers.length = 0;
  };
  let answers: WorkerReady[];
  try {
    answers = await Promise.all(Array.from({ length: count }, () => {
      const worker = new Worker(new URL("./member_worker.ts", import.meta.url), { type: "module" });
      workers.push(worker);
      return readyAnswer(worker, beginning);
    }));
  } catch (cause) {
    dispose();
    throw new Error(
      `Cannot train members side by side: found a worker that does not start ` +
        `(${(cause as Error).message}), need ${count}`,
      { cause },
    );
  }
  for (const worker of workers) {
    worker.onmessage = ({ data }: MessageEvent<WorkMessage>) => {
      received.push(data);
      wake();
    };
    worker.onerror = (event) => {
      event.preventDefault();
      broken ??= new Error(
        `Cannot go on training: found a worker that broke down (${event.message}), need all of them`,
      );
      wake();
    };
  }
  const members: MemberWorkers = {
    count,
    counts: countsOf(answers),
    get idle() {
      return workers.length - busy.size;
    },
    get round() {
      return words[Word.ROUND];
    },
    toldRound: 0,
    begin(task) {
      const worker = workers.find((worker) => ![...busy.values()].includes(worker))!;
      busy.set(task.member, worker);
      worker.postMessage(task);
    },
    free: (member) => void busy.delete(member),
    askForState(stop) {
      const round = words[Word.ROUND];
      // A stopped worker would not answer.
      if (words[Word.LAST_ROUND] > 0 || (!stop && members.toldRound < round)) return;
      if (stop) Atomics.store(words, Word.LAST_ROUND, round + 1);
      Atomics.store(words, Word.ROUND, round + 1);
    },
    async messages() {
      while (received.length === 0 && broken === null) {
        await new Promise<void>((resolve) => wake = resolve);
      }
      if (broken !== null) throw broken;
      const messages = received;
      received = [];
      return messages;
    },
    dispose,
    [Symbol.dispose]: dispose,
  };
  return members;
}

/** Moves a run's rows into shared memory, and returns its problem. */
function shareProblem(run: { -readonly [Part in keyof TrainingRun]: TrainingRun[Part] }) {
  const { problem, stage } = run;
  const shared = sharedProblem(problem);
  run.problem = shared;
  const { rows, heldOut } = stage;
  run.stage = {
    ...stage,
    rows: rows === problem.training ? shared.training : sharedRows(rows),
    heldOut: heldOut === problem.validation ? shared.validation : heldOut,
  };
  return shared;
}

function readyAnswer(worker: Worker, beginning: WorkerBeginning): Promise<WorkerReady> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<WorkerReady>) => resolve(data);
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(event.message));
    };
    worker.postMessage(beginning);
  });
}

/** The sum of the workers' counts, which come with their messages. */
function countsOf(answers: readonly WorkerReady[]): ThreadCounts | null {
  const events = new Set<string>();
  for (const answer of answers) {
    if (answer === null || "unavailable" in answer) return answer;
    events.add(answer.event);
  }
  const [event, ...others] = events;
  if (others.length === 0) return { event, read: () => 0 };
  return { unavailable: `workers count different events: ${[...events].join(", ")}` };
}
