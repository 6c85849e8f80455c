import type { Dataset } from "../../data/table/mod.ts";
import { pathOfFileUrl } from "../../files/mod.ts";
import { codedInputs, oneHotInputs } from "./peer_inputs.ts";
import { packageOf, type Peer, type PeerLibrary, peersWanted, TUNED_PEER } from "./peer_table.ts";
import { type PythonProcess, startPython } from "./python_process.ts";

/** A random search. */
export interface PeerTuning {
  /** The number of tried configurations, including the default. */
  readonly configurations: number;
  /** The number of trees of the chosen configuration. */
  readonly trees: number;
}

/** The answer of a peer for one split. */
export interface PeerAnswer {
  /** Length test rows: the predicted classes, or the predicted numbers. */
  readonly predicted: readonly number[];
  /** The log loss of the probabilities. Left out: numbers are predicted. */
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
  /** The installed peers. */
  readonly peers: readonly Peer[];
  /** One sentence per missing library. */
  readonly missing: readonly string[];
  /**
   * Fits one peer to training rows and predicts test rows, in the process of its library.
   *
   * @param test Rows with the columns, categories and classes of `train`.
   * @param seconds The processor seconds of a search. Left out: no search.
   * @throws {Error} If the library cannot be imported or fails, or Python ends before it answers.
   */
  ask(
    peer: Peer,
    train: Dataset,
    test: Dataset,
    seed: number,
    seconds?: number,
  ): Promise<PeerAnswer>;
}

/** The wanted peers, and the function that is called about them. */
export interface PeerChoice {
  /** Names on the command line or in the results. `"installed"`: all installed peers except the slow ones. */
  readonly names: readonly string[] | "installed";
  /** Set if LightGBM is to be tuned. */
  readonly tuned?: boolean | undefined;
  /** The interpreter. Left out: python3. */
  readonly program?: string | undefined;
  /** Called with every started library and its version. */
  readonly onLibrary?: ((library: string) => void) | undefined;
}

/**
 * Finds the installed peers. Each library is started when it is first asked. Needs permission to run
 * Python, unless no peer is wanted.
 *
 * @throws {RangeError} If there is no such peer, or a named peer is not installed.
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

/** A library that is not installed. */
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
 * The smallest probability in the log loss, the same for all methods. It is Laplace's estimate for a class
 * that no row has; a training set of this size justifies no smaller probability. Without it, one row to
 * which a forest gives the probability 0 would outweigh a hundred others.
 */
export function leastProbability({ rows, classes }: Dataset): number {
  return 1 / (rows + classes.length);
}

function bytesOf(array: Float32Array | Int32Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(array.buffer as ArrayBuffer, array.byteOffset, array.byteLength);
}
