import type { Dataset } from "../../data/table/mod.ts";
import { pathOfFileUrl } from "../../files/mod.ts";
import { startPython } from "./python_process.ts";
import { treeInputs } from "./tree_inputs.ts";

/** The answer of a peer for one split. */
export interface PeerAnswer {
  /** Length test rows: the predicted classes, or numbers where the target is one. */
  readonly predicted: readonly number[];
  /** scikit-learn's log loss of the probabilities. Left out where numbers are predicted. */
  readonly logLoss?: number;
  /** Processor seconds of fitting. */
  readonly fitSeconds: number;
  /** Processor seconds of predicting the test rows. */
  readonly predictSeconds: number;
  /** Bytes of the stored model. */
  readonly modelBytes: number;
}

/** Peers that are ready to be asked. */
export interface TreePeers extends AsyncDisposable {
  /** Their names. */
  readonly names: readonly string[];
  /** The library and its version, or `null` where there is none. */
  readonly library: string | null;
  /** The reason why there are none; empty where there are some. */
  readonly reason: string;
  /**
   * Fits one peer to rows and predicts others. Categories become columns of their own, as
   * {@linkcode treeInputs} says; missing values become the median of the training rows, but for
   * HistGradientBoosting, which takes them as they are.
   *
   * @param test Has the columns, categories and classes of `train`.
   * @throws {Error} If Python ends before it answers.
   */
  ask(name: string, train: Dataset, test: Dataset, seed: number): Promise<PeerAnswer>;
}

/**
 * Starts Python. Needs permission to run it.
 *
 * @param program The interpreter.
 * @returns No peers, and the reason, where there is no interpreter or no scikit-learn.
 */
export async function openTreePeers(program = "python3"): Promise<TreePeers> {
  const none = (reason: string): TreePeers => ({
    names: [],
    library: null,
    reason,
    ask: () => Promise.reject(new Error(`Cannot ask scikit-learn: ${reason}`)),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
  const python = startPython(pathOfFileUrl(new URL("./tree_peers.py", import.meta.url)), program);
  if ("reason" in python) return none(python.reason);
  const close = () => python[Symbol.asyncDispose]();
  const hello: { peers: string[]; missing: { reason: string }[]; library: string | null } =
    await python.answer().catch(({ message }) => ({ peers: [], missing: [{ reason: message }] }));
  if (hello.peers.length === 0) {
    await close();
    return none(hello.missing.map(({ reason }) => reason).join("; "));
  }
  return {
    names: hello.peers,
    library: hello.library,
    reason: "",
    async ask(peer, train, test, seed) {
      const inputs = treeInputs(train, test);
      const task = train.targets === undefined ? "classification" : "regression";
      const { columns } = inputs;
      const [rows, testRows] = [train.rows, test.rows];
      const least = leastProbability(train);
      const request = { peer, task, seed, rows, columns, testRows, leastProbability: least };
      await python.send(
        `${JSON.stringify(request)}\n`,
        bytesOf(inputs.train),
        bytesOf(train.targets ?? train.labels),
        bytesOf(inputs.test),
        ...train.targets === undefined ? [bytesOf(test.labels)] : [],
      );
      return await python.answer() as PeerAnswer;
    },
    [Symbol.asyncDispose]: close,
  };
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
