/**
 * SET beside dense networks with as many neurons, of scikit-learn and of PyTorch: processor seconds an epoch and peak
 * memory, all on one thread, on the same 256 rows of `made:narrow`, with the same batches, rate and epochs. Each
 * is a process of its own, of which the system tells the peak of resident memory. What they learn is not compared.
 *
 * deno run --allow-all results/million/peers.ts
 * writes results/million/peers.json. It needs Python with scikit-learn and PyTorch, and 2 GB.
 */
import { parseArgs } from "node:util";
import { describeMachine, machineLine, peakMemory } from "../../lib/benchmarks/measuring/mod.ts";
import { processorSeconds } from "../../lib/counters/mod.ts";
import { madeDataset } from "../../lib/data/builtin/mod.ts";
import { type Dataset, selectRows } from "../../lib/data/table/mod.ts";
import { fit } from "../../lib/ensemble/mod.ts";
import { hiddenOf } from "../../lib/experiments/paper/scale/million.ts";
import { denseWeights } from "../../lib/experiments/paper/scale/million_memory.ts";
import { storedWeights } from "../../lib/experiments/run/mod.ts";
import { writeFileAtomically } from "../../lib/files/mod.ts";

const HERE = new URL(".", import.meta.url).pathname;
const ROWS = 256;
/** The first epoch begins with what is done once, so that it does not count. */
const EPOCHS = 5;
/** Hidden neurons in three layers. */
const SIZES = [1e3, 1e4, 1e5, 1e6];
/** The most neurons of a dense network that is trained here; of larger ones the bytes are worked out. */
const LARGEST_DENSE = 1e4;
const PEERS = ["scikit-learn", "PyTorch"];

/** What one network took. */
interface Trained {
  readonly version?: string;
  /** Processor seconds of each epoch. */
  readonly seconds: readonly number[];
  /** The peak of resident memory before there is a network: the program and its library. */
  readonly bytesBefore: number;
  readonly peakBytes: number;
  readonly loss: number;
  readonly weights?: number;
}

const { values } = parseArgs({ options: { own: { type: "string" } } });

function table(): Dataset {
  return selectRows(madeDataset("narrow"), Int32Array.from({ length: ROWS }, (_, row) => row));
}

/** SET with some neurons, in this process. */
async function own(neurons: number): Promise<Trained> {
  const seconds: number[] = [];
  const bytesBefore = peakMemory();
  let [before, loss, weights] = [processorSeconds(), NaN, 0];
  const { members } = await fit(table(), {
    ...{ method: "set", hidden: hiddenOf(neurons), epsilon: 1, fan: "sparse", members: 1 },
    ...{ epochs: EPOCHS, batchSize: 32, optimizer: "sgd", learningRate: 2e-4, momentum: 0.9 },
    ...{ activation: "all-relu", alpha: 0.5, weightDecay: 0, dropout: 0, labelSmoothing: 0 },
    ...{ embedding: "none", scaling: "standard", trials: 0, candidates: [], calibration: "none" },
    ...{ validationFraction: 0, memberSelection: "last", blockSize: 1, adaptToRows: false },
  }, {
    onEvent(event) {
      if (event.type !== "epoch") return;
      const now = processorSeconds();
      seconds.push(now - before);
      [before, loss] = [now, event.loss];
    },
  });
  for (const layer of members[0].layers) weights += storedWeights(layer);
  return { seconds, bytesBefore, peakBytes: peakMemory(), loss, weights };
}

async function inProcess(program: string, args: readonly string[]): Promise<Trained> {
  const { stdout, stderr, success } = await new Deno.Command(program, {
    args: [...args],
    env: { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", MKL_NUM_THREADS: "1" },
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

async function all() {
  const folder = await Deno.makeTempDir();
  const { features, labels, columns, classes } = table();
  await Deno.writeFile(`${folder}/features.f32`, new Uint8Array(features.slice().buffer));
  await Deno.writeFile(`${folder}/labels.i32`, new Uint8Array(labels.slice().buffer));
  const sizes = [];
  for (const neurons of SIZES) {
    const hidden = hiddenOf(neurons);
    const script = ["run", "--no-check", "--allow-all", import.meta.filename!];
    const trained: Record<string, Trained> = {
      "SET": await inProcess(Deno.execPath(), [...script, "--own", `${neurons}`]),
    };
    for (const name of neurons <= LARGEST_DENSE ? PEERS : []) {
      const numbers = [ROWS, columns, EPOCHS, ...hidden].map(String);
      trained[name] = await inProcess("python3", [
        `${HERE}dense_peer.py`,
        name,
        folder,
        ...numbers,
      ]);
    }
    const weights = denseWeights([columns, ...hidden, classes.length]);
    sizes.push({ neurons: 3 * hidden[0], denseWeights: weights, trained });
  }
  await Deno.remove(folder, { recursive: true });
  const machine = machineLine(describeMachine());
  const load = Deno.loadavg();
  return { machine, load, rows: ROWS, columns, epochs: EPOCHS, sizes };
}

// deno-lint-ignore no-console -- A script that is run by hand.
if (values.own !== undefined) console.log(JSON.stringify(await own(Number(values.own))));
else writeFileAtomically(`${HERE}peers.json`, `${JSON.stringify(await all(), null, 2)}\n`);
