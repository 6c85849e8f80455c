import type { Dataset } from "../../data/table/mod.ts";
import { pathOfFileUrl } from "../../files/mod.ts";
import { codedInputs, oneHotInputs } from "./peer_inputs.ts";
import { packageOf, type Peer, type PeerLibrary, peersWanted, TUNED_PEER } from "./peer_table.ts";
import { type PythonProcess, startPython } from "./python_process.ts";

/** The configurations that a random search tried. */
export interface PeerTuning {
  /** Configurations that were tried, the default one among them. */
  readonly configurations: number;
  /** Trees of the one that was chosen. */
  readonly trees: number;
}

/** The answer of a peer for one split. */
export interface PeerAnswer {
  /** Length test rows: the predicted classes, or numbers where the target is one. */
  readonly predicted: readonly number[];
  /** The log loss of the probabilities. Left out where numbers are predicted. */
  readonly logLoss?: number;
  /** Processor seconds of fitting. */
  readonly fitSeconds: number;
  /** Processor seconds of predicting the test rows. */
  readonly predictSeconds: number;
  /** Bytes of the stored model. */
  readonly modelBytes: number;
  /** The search, if there was one. */
  readonly tuning?: PeerTuning;
}

/** The peers that take part. */
export interface Peers extends AsyncDisposable {
  /** Those that are installed. */
  readonly peers: readonly Peer[];
  /** A sentence about what is missing, for each library. */
  readonly missing: readonly string[];
  /**
   * Fits one peer to rows and predicts others, in the process of its library.
   *
   * @param test Has the columns, categories and classes of `train`.
   * @param seconds The processor seconds of a search. Left out: there is none.
   * @throws {Error} If the library cannot be imported or cannot do it, or Python ends before it answers.
   */
  ask(
    peer: Peer,
    train: Dataset,
    test: Dataset,
    seed: number,
    seconds?: number,
  ): Promise<PeerAnswer>;
}

/** The peers that are wanted, and who hears of them. */
export interface PeerChoice {
  /** Names on the command line or in the results; `"installed"` for all that are there but the slow ones. */
  readonly names: readonly string[] | "installed";
  /** Set if LightGBM is to be tuned. */
  readonly tuned?: boolean | undefined;
  /** The interpreter. Left out: python3. */
  readonly program?: string | undefined;
  /** Hears of every library that was started, with its version. */
  readonly onLibrary?: ((library: string) => void) | undefined;
}

/**
 * Finds out which peers are installed. Each library is started when it is first asked. Needs permission to
 * run Python, unless no peer is wanted.
 *
 * @throws {RangeError} If there is no such peer, or one that was named is not installed.
 */
export async function openPeers(choice: PeerChoice): Promise<Peers> {
  const { names, tuned = false, program = "python3", onLibrary } = choice;
  const wanted = peersWanted(names);
  const needed = [...names === "installed" ? [] : wanted, ...tuned ? [TUNED_PEER] : []];
  const absent = await absentLibraries([...wanted, ...needed], program);
  const lacks = ({ library }: Peer) => absent.find(({ module }) => module === library.module);
  for (const peer of needed) {
    const reason = lacks(peer)?.reason;
    if (reason === undefined) continue;
    throw new RangeError(`Cannot compare with ${peer.name}: ${reason}`);
  }
  const started = new Map<PeerLibrary, Promise<PythonProcess>>();
  return {
    peers: wanted.filter((peer) => lacks(peer) === undefined),
    missing: absent.map(({ name, reason }) => `${name} is left out: ${reason}`),
    async ask(peer, train, test, seed, seconds) {
      const { library } = peer;
      if (!started.has(library)) started.set(library, startLibrary(library, program, onLibrary));
      const python = await started.get(library)!;
      await python.send(...requestOf(peer, train, test, seed, seconds));
      const answer = await python.answer() as PeerAnswer | { readonly error: string };
      if ("error" in answer) throw new Error(`Cannot fit ${peer.name}: ${answer.error}`);
      return answer;
    },
    async [Symbol.asyncDispose]() {
      for (const process of started.values()) {
        const python = await process.catch(() => null);
        await python?.[Symbol.asyncDispose]();
      }
    },
  };
}

/** A library that is not there. */
interface AbsentLibrary extends PeerLibrary {
  readonly reason: string;
}

async function absentLibraries(
  peers: readonly Peer[],
  program: string,
): Promise<AbsentLibrary[]> {
  const libraries = new Map(peers.map(({ library }) => [library.module, library]));
  if (libraries.size === 0) return [];
  const all = [...libraries.values()];
  const python = startPython(scriptPath("installed"), program, [...libraries.keys()]);
  if ("reason" in python) return all.map((library) => ({ ...library, reason: python.reason }));
  try {
    const isThere: Record<string, boolean> = await python.answer();
    return all.filter(({ module }) => !isThere[module]).map((library) => ({
      ...library,
      reason: `found no module "${library.module}", need it: ${program} -m pip install ` +
        packageOf(library),
    }));
  } catch (error) {
    const reason = (error as Error).message;
    return all.map((library) => ({ ...library, reason }));
  } finally {
    await python[Symbol.asyncDispose]();
  }
}

async function startLibrary(
  { name, script }: PeerLibrary,
  program: string,
  onLibrary: PeerChoice["onLibrary"],
): Promise<PythonProcess> {
  const python = startPython(scriptPath("serve"), program, [script]);
  if ("reason" in python) throw new Error(`Cannot start ${name}: ${python.reason}`);
  const hello: { version?: string; reason?: string } = await python.answer()
    .catch(({ message: reason }) => ({ reason }));
  if (hello.version === undefined) {
    await python[Symbol.asyncDispose]();
    throw new Error(`Cannot start ${name}: ${hello.reason}`);
  }
  onLibrary?.(hello.version);
  return python;
}

function scriptPath(name: string): string {
  return pathOfFileUrl(new URL(`./peers/${name}.py`, import.meta.url));
}

function requestOf(
  peer: Peer,
  train: Dataset,
  test: Dataset,
  seed: number,
  seconds: number | undefined,
): (string | Uint8Array<ArrayBuffer>)[] {
  const inputs = peer.categories === "codes" ? codedInputs(train, test) : oneHotInputs(train, test);
  const request = {
    peer: peer.name,
    task: train.targets === undefined ? "classification" : "regression",
    seed,
    rows: train.rows,
    columns: inputs.columns,
    testRows: test.rows,
    categorical: inputs.categorical,
    hasMissing: inputs.train.some(Number.isNaN) || inputs.test.some(Number.isNaN),
    leastProbability: leastProbability(train),
    seconds,
  };
  return [
    `${JSON.stringify(request)}\n`,
    bytesOf(inputs.train),
    bytesOf(train.targets ?? train.labels),
    bytesOf(inputs.test),
    ...train.targets === undefined ? [bytesOf(test.labels)] : [],
  ];
}

/**
 * The floor of the log loss, the same for all methods: no training set of this size gives reason to call
 * a class less probable. It is Laplace's estimate for a class that none of the rows has. Without it, one
 * row to which a forest gives the probability 0 outweighs a hundred others.
 */
export function leastProbability({ rows, classes }: Dataset): number {
  return 1 / (rows + classes.length);
}

function bytesOf(array: Float32Array | Int32Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(array.buffer as ArrayBuffer, array.byteOffset, array.byteLength);
}
