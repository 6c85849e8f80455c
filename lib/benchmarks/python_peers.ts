import { fileURLToPath } from "node:url";
import { noCount } from "../counters/hardware_count.ts";
import { absent, type Missing, type PeerCase, type Peers, type WorkSizes } from "./peer.ts";

/**
 * Starts `peers.py`. Needs permission to run the program.
 *
 * @param program The interpreter.
 * @returns No cases where the interpreter is not there.
 */
export async function openPythonPeers(sizes: WorkSizes, program = "python3"): Promise<Peers> {
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command(program, {
      args: [fileURLToPath(new URL("./peers.py", import.meta.url))],
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable) {
      return absent({ name: "SciPy, PyTorch, scikit-learn", reason: error.message });
    }
    throw error;
  }
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).pipeThrough(byLine()).getReader();
  const writer = child.stdin.getWriter();
  const ask = async (line: string): Promise<string | undefined> => {
    try {
      await writer.write(new TextEncoder().encode(`${line}\n`));
      return (await lines.read()).value;
    } catch (error) {
      // Whatever ended it also closed the pipe.
      if (error instanceof Deno.errors.BrokenPipe) return undefined;
      throw error;
    }
  };
  const end = async () => {
    await writer.close().catch(() => {});
    await lines.cancel();
    await child.status;
  };
  const first = await ask(JSON.stringify(sizes));
  if (first === undefined) {
    await end();
    const reason = `"${program}" ended before it answered`;
    return absent({ name: "SciPy, PyTorch, scikit-learn", reason });
  }
  const { cases, missing } = JSON.parse(first) as { cases: PeerCase[]; missing: Missing[] };
  return {
    cases,
    missing,
    async round() {
      const answer = await ask("round");
      if (answer === undefined) {
        throw new Error(`Cannot time the Python libraries: "${program}" ended in a round`);
      }
      return JSON.parse(answer) as number[];
    },
    counts: () => cases.map(() => noCount({ unavailable: "it runs in a process of its own" })),
    [Symbol.asyncDispose]: end,
  };
}

function byLine(): TransformStream<string, string> {
  let rest = "";
  return new TransformStream({
    transform(piece, controller) {
      const lines = (rest + piece).split("\n");
      rest = lines.pop()!;
      for (const line of lines) controller.enqueue(line);
    },
  });
}
