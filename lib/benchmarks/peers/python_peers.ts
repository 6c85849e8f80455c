import { noCount } from "../../counters/mod.ts";
import { startPython } from "../../experiments/comparison/mod.ts";
import { node } from "../../node.ts";
import { absent, type Missing, type PeerCase, type Peers, type WorkSizes } from "./peer.ts";

/**
 * Starts `peers.py`. Needs permission to run the program.
 *
 * @param program The Python interpreter.
 * @returns Peers, without any case if the interpreter cannot be started.
 */
export async function openPythonPeers(sizes: WorkSizes, program = "python3"): Promise<Peers> {
  const python = startPython(
    node.url.fileURLToPath(new URL("./peers.py", import.meta.url)),
    program,
  );
  const name = "SciPy, PyTorch, scikit-learn";
  if ("reason" in python) return absent({ name, reason: python.reason });
  await python.send(`${JSON.stringify(sizes)}\n`);
  let first: { cases: PeerCase[]; missing: Missing[] };
  try {
    first = await python.answer();
  } catch {
    await python[Symbol.asyncDispose]();
    return absent({ name, reason: `"${program}" ended before it answered` });
  }
  const { cases, missing } = first;
  return {
    cases,
    missing,
    async round() {
      await python.send("round\n");
      return await python.answer() as number[];
    },
    counts: () => cases.map(() => noCount({ unavailable: "it runs in a process of its own" })),
    [Symbol.asyncDispose]: () => python[Symbol.asyncDispose](),
  };
}
