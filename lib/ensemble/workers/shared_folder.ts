/**
 * Workers in separate processes, on one machine or several, that share a folder with their master. A
 * message is a file. It gets its name when it is complete. The folder has:
 *
 * - `session.json`: the name of the session's folder, which is new with every master, and a mark once the
 *   work is done;
 * - `SESSION/begin`: the problem and the settings;
 * - `SESSION/hello-W-ID`: worker W has started, or started again, under the name ID;
 * - `SESSION/to-W-ID-N` and `SESSION/from-W-ID-N`: the worker's numbered tasks and answers.
 *
 * A worker that was killed and starts again gets the task that it had not answered. Messages need not
 * survive a power failure, so they are not flushed.
 *
 * @module
 */
import { fileErrorCode, fileErrorReason } from "../../files/mod.ts";
import { quotedPath } from "../../messages.ts";
import { node } from "../../node.ts";
import type { TrainingRun } from "../training_run.ts";
import type { NetworkNews, TeamAnswer, TeamBeginning, TeamTask } from "./messages.ts";
import { type Link, remoteTeam } from "./remote_team.ts";
import type { Team } from "./team.ts";
import { teamMember } from "./team_member.ts";

/** Milliseconds between two looks at the folder: the first pause, and the longest. */
const LOOKS = [1, 20] as const;
/** The number of looks for answers between two looks for new workers. */
const ROUND = 25;
/** Milliseconds for which a master that was asked to stop waits for the answer of a worker. */
const GRACE = 5000;

/** The worker at the other end of a link. */
interface Peer {
  /** The name that it has given itself; `null` before it has started. */
  id: string | null;
  /** The task that it has not answered. */
  pending: TeamTask | null;
  /** The network that was sent to it last. */
  news: NetworkNews | null;
  /** The numbers of the next task and of the next answer. */
  sent: number;
  received: number;
}

/**
 * Opens a session in a shared folder, for the workers that a run asks for. Workers may start at any time.
 *
 * @param folder The folder; created if it is missing. If two masters use one folder, the workers work for
 * the later one, and the earlier one ends with an error.
 * @param signal Ends the wait for an answer; the signal's reason is thrown. If it was aborted and the
 * training is not finished, the workers wait for the next master. Otherwise they end with this one.
 * @throws {Error} If the folder cannot be written.
 */
export function folderTeam(run: TrainingRun, folder: string, signal?: AbortSignal): Team {
  const { problem, settings, schedule, stage } = run;
  const { fs, path } = node;
  fs.mkdirSync(folder, { recursive: true });
  const session = fs.mkdtempSync(path.join(folder, "session-"));
  const name = path.basename(session);
  const kernels = stage.network.kernels.name;
  const begin: TeamBeginning = { kind: "begin", problem, settings, schedule, kernels };
  put(path.join(session, "begin"), begin);
  tell(folder, { session: name, done: false });

  const peers = Array.from({ length: settings.workers ?? 1 }, (): Peer => ({
    id: null,
    pending: null,
    news: null,
    sent: 0,
    received: 0,
  }));
  const send = (worker: number, task: TeamTask) => {
    const peer = peers[worker];
    if (peer.id !== null) put(path.join(session, `to-${worker}-${peer.id}-${peer.sent++}`), task);
  };

  /** Registers workers that have started or restarted, and sends them their unanswered tasks. */
  function welcome(): void {
    for (const name of fs.readdirSync(session)) {
      const found = /^hello-(\d+)-(\w+)$/.exec(name);
      if (found === null) continue;
      fs.rmSync(path.join(session, name), { force: true });
      const worker = Number(found[1]);
      const peer = peers[worker];
      if (peer === undefined) continue;
      Object.assign(peer, { id: found[2], sent: 0, received: 0 });
      const { pending } = peer;
      if (pending === null) continue;
      // A restarted worker has no network.
      send(worker, pending.kind === "gradient" ? { ...pending, network: peer.news } : pending);
    }
  }

  function isOwn(): boolean {
    return fs.existsSync(session) && sessionOf(folder)?.session === name;
  }

  /** Ends a master whose workers have left it, which would otherwise wait for ever. */
  function requireSession(): void {
    if (isOwn()) return;
    const found = fs.existsSync(session) ? "another run in it" : "its files removed";
    throw new Error(
      `Cannot go on with the workers in ${
        quotedPath(folder)
      }: found ${found}, need a folder that ` +
        "no other run has: resume the run with another --worker-folder",
    );
  }

  async function answer(): Promise<TeamAnswer> {
    let pause: number = LOOKS[0];
    let stopped = Infinity;
    for (let look = 0;; look++) {
      if (look % ROUND === 0) {
        requireSession();
        welcome();
      }
      if (signal?.aborted) {
        stopped = Math.min(stopped, performance.now());
        const isAlone = peers.every(({ id, pending }) => pending === null || id === null);
        if (isAlone || performance.now() - stopped > GRACE) throw signal.reason;
      }
      for (const [worker, peer] of peers.entries()) {
        if (peer.id === null) continue;
        const file = path.join(session, `from-${worker}-${peer.id}-${peer.received}`);
        const told = take<TeamAnswer>(file);
        if (told === undefined) continue;
        peer.received++;
        // The message `ready` is not an answer to a task.
        if (told.kind === "ready") continue;
        if (told.kind !== "batches") peer.pending = null;
        return told;
      }
      await sleep(pause);
      pause = Math.min(2 * pause, LOOKS[1]);
    }
  }

  const links = peers.map((peer, worker): Link => ({
    known: null,
    send(task) {
      // The arrays may change before the answer arrives, so they are copied.
      peer.pending = task.kind === "gradient" ? { ...task, weights: task.weights.slice() } : task;
      if (task.kind === "gradient" && task.network !== null) peer.news = task.network;
      if (peer.id === null) {
        const { news } = peer;
        if (peer.pending.kind === "gradient") peer.pending = { ...peer.pending, network: news };
      }
      send(worker, peer.pending);
    },
  }));
  let open = true;
  const dispose = () => {
    if (!open) return;
    open = false;
    // A run that was asked to stop, as by a scheduler, is not whole. Its workers wait until it is resumed.
    const isWhole = run.progress.epoch >= run.schedule.epochs;
    // A later master has the workers, or somebody has removed the folder. Neither is this one's to end.
    if (isOwn()) tell(folder, { session: null, done: isWhole || !signal?.aborted });
    fs.rmSync(session, { recursive: true, force: true });
  };
  return remoteTeam(run, { links, sharesMemory: false, answer, dispose });
}

/** Options of {@linkcode workInFolder}. */
export interface FolderWork {
  /** Ends the work between two tasks. */
  readonly signal?: AbortSignal | undefined;
  /** Called with the state of the folder, at once and at every change. */
  readonly onState?: ((state: FolderState) => void) | undefined;
}

/**
 * The state of a shared folder for a worker: it does not exist yet, it has no master, there is a master to
 * work for, or the work is done.
 */
export type FolderState = "no folder" | "no master" | "working" | "done";

/**
 * Works for the master of a shared folder until the work is done. Before the first master, and after a
 * stop, it waits for the next one.
 *
 * @param folder The shared folder. It may appear later, but its parent folder must exist.
 * @param worker The number of the worker, counted from 0. No two processes may have the same number.
 * @throws {RangeError} If waiting is useless: the folder's parent is missing, the path is taken by
 * something else, or the master has fewer workers.
 */
export async function workInFolder(
  folder: string,
  worker: number,
  { signal, onState }: FolderWork = {},
): Promise<void> {
  const { path } = node;
  requirePlace(folder);
  let pause: number = LOOKS[0];
  let before: FolderState | null = null;
  while (!signal?.aborted) {
    const now = sessionOf(folder);
    const state = stateOf(folder, now);
    if (state !== before) onState?.(before = state);
    if (state === "done") return;
    if (now?.session) await serve(folder, path.join(folder, now.session), worker, signal);
    await sleep(pause);
    pause = Math.min(2 * pause, LOOKS[1]);
  }
}

/** Refuses a misspelt folder, for which a worker would wait in vain. */
function requirePlace(folder: string): void {
  const { fs, path } = node;
  const place = fs.existsSync(folder) ? folder : path.dirname(path.resolve(folder));
  const isThere = fs.existsSync(place);
  if (isThere && fs.statSync(place).isDirectory()) return;
  throw new RangeError(
    `Cannot work in ${quotedPath(folder)}: found ${isThere ? "a file" : "nothing"} at ${
      quotedPath(place)
    }, need a folder there; is it the path that the master has as --worker-folder?`,
  );
}

function stateOf(folder: string, now: Session | null): FolderState {
  if (now?.done) return "done";
  if (now?.session) return "working";
  return node.fs.existsSync(folder) ? "no master" : "no folder";
}

/** Works until the session is over. */
async function serve(
  folder: string,
  session: string,
  worker: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { fs, path } = node;
  const beginning = read<TeamBeginning>(path.join(session, "begin"));
  if (beginning === undefined) return;
  const { workers = 1 } = beginning.settings;
  if (worker >= workers) {
    throw new RangeError(
      `Cannot work in ${quotedPath(folder)}: found worker ${worker}, need one from 0 to ${
        workers - 1
      }`,
    );
  }
  const id = crypto.randomUUID().slice(0, 8);
  let told = 0;
  using member = teamMember((answer) => {
    // The session may have ended meanwhile.
    if (fs.existsSync(session)) put(path.join(session, `from-${worker}-${id}-${told++}`), answer);
  });
  member.carryOut(beginning);
  put(path.join(session, `hello-${worker}-${id}`), null);
  let pause: number = LOOKS[0];
  for (let next = 0; !signal?.aborted;) {
    const file = path.join(session, `to-${worker}-${id}-${next}`);
    const task = take<TeamTask>(file);
    if (task !== undefined) {
      member.carryOut(task);
      next++;
      pause = LOOKS[0];
      continue;
    }
    if (path.basename(session) !== sessionOf(folder)?.session) return;
    await sleep(pause);
    pause = Math.min(2 * pause, LOOKS[1]);
  }
}

/** The state of the folder. */
interface Session {
  /** The name of the session's folder; `null` without a session. */
  readonly session: string | null;
  /** `true` once there is no more work. */
  readonly done: boolean;
}

function sessionOf(folder: string): Session | null {
  const told = content(
    node.path.join(folder, "session.json"),
    (bytes) => JSON.parse(new TextDecoder().decode(bytes)),
  );
  if (told === undefined) return null;
  const { session, done } = told ?? {};
  // Only names inside the folder are accepted.
  return { session: /^session-\w+$/.test(`${session}`) ? session : null, done: done === true };
}

function tell(folder: string, session: Session): void {
  write(node.path.join(folder, "session.json"), new TextEncoder().encode(JSON.stringify(session)));
}

function put(file: string, message: unknown): void {
  write(file, node.v8.serialize(message));
}

/** Writes a file under a temporary name, and renames it when it is complete. */
function write(file: string, bytes: Uint8Array): void {
  const { fs } = node;
  const temporary = `${file}.${crypto.randomUUID().slice(0, 8)}.tmp`;
  try {
    fs.writeFileSync(temporary, bytes);
    fs.renameSync(temporary, file);
  } catch (cause) {
    fs.rmSync(temporary, { force: true });
    throw new Error(`Cannot write ${quotedPath(file)}: ${fileErrorReason(cause)}`, { cause });
  }
}

function read<Message>(file: string): Message | undefined {
  return content(file, (bytes) => node.v8.deserialize(bytes));
}

/** Reads a message and removes its file. */
function take<Message>(file: string): Message | undefined {
  const message = read<Message>(file);
  if (message !== undefined) node.fs.rmSync(file, { force: true });
  return message;
}

/**
 * The content of a file; `undefined` if there is none.
 *
 * @throws {Error} If the file cannot be read or is damaged.
 */
function content<Content>(
  file: string,
  understand: (bytes: Uint8Array) => Content,
): Content | undefined {
  let bytes: Uint8Array;
  try {
    // The file is read without asking for it first, because the session may end in between.
    bytes = node.fs.readFileSync(file);
  } catch (cause) {
    if (fileErrorCode(cause) === "ENOENT") return undefined;
    throw new Error(`Cannot read ${quotedPath(file)}: ${fileErrorReason(cause)}`, { cause });
  }
  try {
    return understand(bytes);
  } catch (cause) {
    throw new Error(
      `Cannot read ${quotedPath(file)}: found a damaged message (${
        (cause as Error).message
      }), need a new folder: stop the master and its workers, and resume the run with another ` +
        "--worker-folder",
      { cause },
    );
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
