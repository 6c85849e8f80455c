/**
 * The comparison with other libraries, in the same rounds: SciPy, PyTorch, SparseLab, SparseProp and
 * scikit-learn in a Python process, TensorFlow.js in this process. Libraries that are not installed are
 * listed as missing, with the command that installs them.
 *
 * @module
 */
import type { HardwareCounter } from "../../counters/mod.ts";
import {
  type BackEnds,
  type Quartiles,
  quartiles,
  type WorkFlops,
  workFlops,
} from "../measuring/mod.ts";
import { PAPER_BATCH, PAPER_SIZES } from "../training_step.ts";
import { openOwnWork } from "./own_work.ts";
import type { Missing, PeerCase, Work } from "./peer.ts";
import { openPythonPeers } from "./python_peers.ts";
import { drawSharedWork } from "./shared_work.ts";
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
  /**
   * For another library's dense work: the speed of our sparse work as a multiple of its speed. Left out for
   * other work.
   */
  readonly oursSparse?: Readonly<Record<string, Quartiles>>;
}

export interface PeerComparison {
  /** The speeds, our back ends first. */
  readonly speeds: readonly PeerSpeed[];
  readonly missing: readonly Missing[];
}

/**
 * The largest difference from ours that another order of rounding explains, as a share of the largest
 * number.
 */
const TOLERANCE = 1e-4;

/** Measures our library and all installed peers in turn. */
export async function comparePeers(
  backEnds: BackEnds,
  rounds: number,
  counter: HardwareCounter,
): Promise<PeerComparison> {
  await using stack = new AsyncDisposableStack();
  const sizes = { neurons: 1000, epsilon: 20, batch: PAPER_BATCH, layers: PAPER_SIZES };
  const shared = drawSharedWork(backEnds.present[0].kernels, sizes);
  const ours = stack.use(openOwnWork(backEnds, sizes));
  const parties = [
    ours,
    stack.use(await openPythonPeers(shared)),
    stack.use(await openTensorflowPeer(shared)),
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
  const ratios = (samples: readonly number[], work: Work) =>
    Object.fromEntries(
      own.filter((each) => each.work === work).map((each) => [
        each.library,
        quartiles(samples.map((ms, round) => ms / each.samples[round])),
      ]),
    );
  const wrong: Missing[] = [];
  const speeds: PeerSpeed[] = [];
  for (const [c, { samples, hardware, ...each }] of cases.entries()) {
    const { library, work } = each;
    const reason = wrongResult(each);
    if (reason !== null) {
      wrong.push({ name: `${library}: ${work}`, reason });
      continue;
    }
    const ms = quartiles(samples);
    const flops = workFlops(ours.flops(work), { median: ms.median, hardware });
    const speed = { ...each, ms, flops, ours: c < own.length ? {} : ratios(samples, work) };
    const counterpart = work.replace("dense", "sparse") as Work;
    if (c < own.length || counterpart === work) speeds.push(speed);
    else speeds.push({ ...speed, oursSparse: ratios(samples, counterpart) });
  }
  return { speeds, missing: [...parties.flatMap(({ missing }) => missing), ...wrong] };
}

/**
 * The reason to leave out a case with a wrong result. `null` if the result is right, or cannot be checked.
 */
export function wrongResult({ difference }: PeerCase): string | null {
  if (difference === undefined || difference <= TOLERANCE) return null;
  return `its result differs from ours by ${difference.toExponential(1)} of the largest number`;
}
