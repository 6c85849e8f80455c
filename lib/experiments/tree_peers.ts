/**
 * scikit-learn's tree ensembles, asked through a Python process, for comparisons on the same rows.
 *
 * @module
 */
import type { Dataset } from "../data/dataset.ts";
import { pathOfFileUrl } from "../data/file_address.ts";

/** What a peer answered for one split. */
export interface PeerAnswer {
  /** Length test rows: the predicted classes. */
  readonly labels: readonly number[];
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
  /** Why there are none; empty where there are. */
  readonly reason: string;
  /**
   * Fits one peer to rows and predicts others.
   *
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
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command(program, {
      args: [pathOfFileUrl(new URL("./tree_peers.py", import.meta.url))],
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable) {
      return none(error.message);
    }
    throw error;
  }
  const lines = linesOf(child.stdout);
  const writer = child.stdin.getWriter();
  const close = async () => {
    await writer.close().catch(() => {});
    await lines.return(undefined);
    await child.status;
  };
  const next = async () => {
    const { value, done } = await lines.next();
    if (!done) return JSON.parse(value);
    throw new Error(`Cannot ask scikit-learn: "${program}" ended before it answered`);
  };
  let hello: { peers: string[]; missing: { reason: string }[]; library: string | null };
  try {
    hello = await next();
  } catch (error) {
    await close();
    return none((error as Error).message);
  }
  if (hello.peers.length === 0) {
    await close();
    return none(hello.missing.map(({ reason }) => reason).join("; "));
  }
  return {
    names: hello.peers,
    library: hello.library,
    reason: "",
    async ask(peer, train, test, seed) {
      const { rows, columns, classes } = train;
      const request = { peer, seed, rows, columns, testRows: test.rows, classes: classes.length };
      try {
        await writer.write(new TextEncoder().encode(`${JSON.stringify(request)}\n`));
        for (const array of [train.features, train.labels, test.features]) {
          await writer.write(
            new Uint8Array(array.buffer, array.byteOffset, array.byteLength) as Uint8Array<
              ArrayBuffer
            >,
          );
        }
      } catch (error) {
        // Whatever ended it also closed the pipe; `next` says so.
        if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
      }
      return await next() as PeerAnswer;
    },
    [Symbol.asyncDispose]: close,
  };
}

async function* linesOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  let rest = "";
  for await (const piece of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
}
