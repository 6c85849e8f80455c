/**
 * The comparison with other libraries, in the same rounds: SciPy, PyTorch and scikit-learn in a Python
 * process, TensorFlow.js in this process. Libraries that are not installed are listed as missing.
 *
 * @module
 */
import { countHardware, type FlopCount, type HardwareCounter } from "../../counters/mod.ts";
import { callFlops } from "../kernel_speed.ts";
import {
  type BackEnds,
  openSquareDenseLayer,
  openSquareLayer,
  type Quartiles,
  quartiles,
  squarePattern,
  type WorkFlops,
  workFlops,
} from "../measuring/mod.ts";
import { openStep, PAPER_BATCH, PAPER_SIZES } from "../training_step.ts";
import type { Missing, PeerCase, Peers, Work } from "./peer.ts";
import { openPythonPeers } from "./python_peers.ts";
import { openTensorflowPeer } from "./tensorflow_peer.ts";

/** The speed of one case. */
export interface PeerSpeed extends PeerCase {
  /** Milliseconds. */
  readonly ms: Quartiles;
  /** The operations of the work in our library, and the hardware's count of this case. */
  readonly flops: WorkFlops;
  /**
   * The speed of our back ends as a multiple of this case's, by back end: quartiles over rounds. Empty
   * for the back ends themselves.
   */
  readonly ours: Readonly<Record<string, Quartiles>>;
}

export interface PeerComparison {
  /** The speeds, our back ends first. */
  readonly speeds: readonly PeerSpeed[];
  readonly missing: readonly Missing[];
}

/** Measures our library and all installed peers in turn. */
export async function comparePeers(
  backEnds: BackEnds,
  rounds: number,
  counter: HardwareCounter,
): Promise<PeerComparison> {
  await using stack = new AsyncDisposableStack();
  const pattern = squarePattern(1000, 20);
  const nnz = pattern.indices.length;
  const sizes = { neurons: 1000, nnz, batch: PAPER_BATCH, layers: PAPER_SIZES };
  const ours = stack.use(openOwnWork(backEnds, pattern));
  const parties = [
    ours,
    stack.use(await openPythonPeers(sizes)),
    stack.use(await openTensorflowPeer(sizes)),
  ];
  const times = parties.map(({ cases }) => cases.map((): number[] => []));
  for (let round = -1; round < rounds; round++) {
    for (const [p, party] of parties.entries()) {
      const ms = await party.round();
      // The first round warms up.
      if (round >= 0) times[p].forEach((samples, c) => samples.push(ms[c]));
    }
  }
  const cases = parties.flatMap(({ cases, counts }, p) => {
    const counted = counts(counter);
    return cases.map((each, c) => ({ ...each, samples: times[p][c], hardware: counted[c] }));
  });
  const own = cases.slice(0, ours.cases.length);
  const speeds = cases.map(({ library, work, samples, hardware }, c) => {
    const ms = quartiles(samples);
    const compared = c < own.length ? [] : own.filter((each) => each.work === work);
    const ratios = compared.map((each) => [
      each.library,
      quartiles(samples.map((ms, round) => ms / each.samples[round])),
    ]);
    const flops = workFlops(ours.flops(work), { median: ms.median, hardware });
    return { library, work, ms, flops, ours: Object.fromEntries(ratios) };
  });
  return { speeds, missing: parties.flatMap(({ missing }) => missing) };
}

/** The runs of our cases in a round. One run would be too short to measure. */
const REPEATS = 5;

/** Our library as a peer. It also knows the operations of every work. */
interface OwnWork extends Peers {
  flops(work: Work): Partial<FlopCount>;
}

function openOwnWork({ present }: BackEnds, pattern: ReturnType<typeof squarePattern>): OwnWork {
  const stack = new DisposableStack();
  const cases: (PeerCase & { run: () => void; phases: Partial<FlopCount> })[] = [];
  const gate = { slope: 1, dropThreshold: 0, dropKey: 0 };
  const batch = PAPER_BATCH;
  for (const { name: library, kernels } of present) {
    const arena = stack.use(kernels.openArena());
    const { layer, x, dz, out, gradient } = openSquareLayer(pattern, batch, arena);
    const dense = openSquareDenseLayer(layer.rows, batch, arena);
    const sparseCall = callFlops(layer, batch);
    const denseCall = callFlops(dense.layer, batch);
    const sparseForward = () => kernels.sparseForward(layer, x, out, null, gate, batch);
    const denseForward = () => kernels.denseForward(dense.layer, x, out, null, gate, batch);
    cases.push(
      { library, work: "sparse forward", run: sparseForward, phases: sparseCall.forward },
      {
        library,
        work: "sparse forward + backward",
        phases: { ...sparseCall.forward, ...sparseCall.backward, ...sparseCall.gradient },
        run() {
          sparseForward();
          kernels.sparseBackward(layer, dz, null, out, batch);
          kernels.sparseGradient(layer, x, dz, gradient, batch, batch);
        },
      },
      { library, work: "dense forward", run: denseForward, phases: denseCall.forward },
      {
        library,
        work: "dense forward + backward",
        phases: { ...denseCall.forward, ...denseCall.backward, ...denseCall.gradient },
        run() {
          denseForward();
          kernels.denseBackward(dense.layer, dz, null, out, batch);
          const { gradient, transposed } = dense;
          kernels.denseGradient(dense.layer, x, dz, gradient, transposed, batch, batch);
        },
      },
    );
    for (const epsilon of [null, 20]) {
      const { step, flops } = stack.use(openStep(kernels, PAPER_SIZES, epsilon, batch));
      const work = `${epsilon === null ? "dense" : "sparse"} training step` as const;
      cases.push({ library, work, run: step, phases: flops });
    }
  }
  return {
    cases: cases.map(({ library, work }) => ({ library, work })),
    missing: [],
    round: () =>
      Promise.resolve(cases.map(({ run }) => {
        run();
        const started = performance.now();
        for (let r = 0; r < REPEATS; r++) run();
        return (performance.now() - started) / REPEATS;
      })),
    counts: (counter) => cases.map(({ run }) => countHardware(counter, run).count),
    flops: (work) => cases.find((each) => each.work === work)?.phases ?? {},
    [Symbol.asyncDispose]: () => Promise.resolve(stack.dispose()),
  };
}
