import { noCount } from "../../counters/mod.ts";
import { startPython } from "../../experiments/comparison/mod.ts";
import { node } from "../../node.ts";
import { absent, type Missing, type PeerCase, type Peers, REPEATS } from "./peer.ts";
import { BLOCK, type SharedLayer, type SharedWork } from "./shared_work.ts";

/** The libraries that the script knows. They are named as missing if it does not answer. */
const LIBRARIES = "SciPy, PyTorch, SparseLab, SparseProp, scikit-learn";

/**
 * Starts `peers.py`. Needs permission to run the program.
 *
 * @param program The Python interpreter.
 * @returns Peers, without any case if the interpreter cannot be started.
 */
export async function openPythonPeers(work: SharedWork, program = "python3"): Promise<Peers> {
  const python = startPython(
    node.url.fileURLToPath(new URL("./peers.py", import.meta.url)),
    program,
  );
  if ("reason" in python) return absent({ name: LIBRARIES, reason: python.reason });
  await python.send(...message(work));
  let first: { cases: PeerCase[]; missing: Missing[] };
  try {
    first = await python.answer();
  } catch {
    await python[Symbol.asyncDispose]();
    return absent({ name: LIBRARIES, reason: `"${program}" ended before it answered` });
  }
  const { cases, missing } = first;
  if (cases.length === 0) {
    await python[Symbol.asyncDispose]();
    return absent(...missing);
  }
  return {
    cases,
    missing,
    async round() {
      await python.send(`round ${REPEATS}\n`);
      return await python.answer() as number[];
    },
    counts: () => cases.map(() => noCount({ unavailable: "it runs in a process of its own" })),
    [Symbol.asyncDispose]: () => python[Symbol.asyncDispose](),
  };
}

/** A line of JSON with the arrays' names, then the arrays' bytes, as `peer_work.py` reads them. */
function message(work: SharedWork): (string | Uint8Array<ArrayBuffer>)[] {
  const { sizes, csr, blocks, x, dz, expected, network } = work;
  const { layers, features, labels, ...training } = network;
  const partsOf = (name: string | number, layer: SharedLayer) =>
    (["indptr", "indices", "data"] as const).map((part) =>
      [`${name}.${part}`, layer[part]] as const
    );
  const arrays: (readonly [name: string, array: Int32Array | Float32Array])[] = [
    ...partsOf("csr", csr),
    ...partsOf("blocks", blocks),
    ...layers.flatMap((layer, l) => partsOf(l, layer)),
    ...Object.entries({ x, dz, ...expected, features, labels }),
  ];
  const described = arrays.map(([name, array]) => [
    name,
    array instanceof Int32Array ? "<i4" : "<f4",
    array.length,
  ]);
  const header = { ...sizes, blockSize: BLOCK, ...training, arrays: described };
  return [
    `${JSON.stringify(header)}\n`,
    ...arrays.map(([, { buffer, byteOffset, byteLength }]) =>
      new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength)
    ),
  ];
}
