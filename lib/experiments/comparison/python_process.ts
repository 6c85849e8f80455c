/** A running script that waits for requests. */
export interface PythonProcess extends AsyncDisposable {
  /** Sends pieces, text or bytes; the last one should end the request. */
  send(...pieces: readonly (string | Uint8Array<ArrayBuffer>)[]): Promise<void>;
  /**
   * The next line of JSON.
   *
   * @throws {Error} If the script ends before it answers.
   */
  // deno-lint-ignore no-explicit-any
  answer(): Promise<any>;
}

/**
 * Starts a script. Needs permission to run the interpreter.
 *
 * @param script The script's path.
 * @param program The interpreter.
 * @param words The script's arguments. Left out: none.
 * @returns The running script, or the system's reason if there is no interpreter. Its `answer` throws an
 * `Error` if the script ends before it answers.
 */
export function startPython(
  script: string,
  program = "python3",
  words: readonly string[] = [],
): PythonProcess | { readonly reason: string } {
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command(program, {
      args: [script, ...words],
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable) {
      return { reason: error.message };
    }
    throw error;
  }
  const lines = linesOf(child.stdout);
  const writer = child.stdin.getWriter();
  return {
    async send(...pieces) {
      try {
        for (const piece of pieces) {
          await writer.write(typeof piece === "string" ? new TextEncoder().encode(piece) : piece);
        }
      } catch (error) {
        // The end of the script closed the pipe. The missing answer will report it.
        if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
      }
    },
    async answer() {
      const { value, done } = await lines.next();
      if (done) throw new Error(`Cannot ask Python: "${program}" ended before it answered`);
      return JSON.parse(value);
    },
    async [Symbol.asyncDispose]() {
      await writer.close().catch(() => {});
      await lines.return(undefined);
      await child.status;
    },
  };
}

async function* linesOf(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<string, undefined> {
  let rest = "";
  for await (const piece of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
}
