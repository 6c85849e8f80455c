import { countHardware, type FlopCount } from "../../counters/mod.ts";
import { callFlops } from "../kernel_speed.ts";
import { type BackEnds, openSquareDenseLayer, openSquareLayer } from "../measuring/mod.ts";
import { openStep } from "../training_step.ts";
import { milliseconds, type PeerCase, type Peers, type Work, type WorkSizes } from "./peer.ts";
import { BLOCK, exactPattern, exactSquare } from "./shared_work.ts";

/** Our library as a peer. It also knows the operations of every work. */
export interface OwnWork extends Peers {
  flops(work: Work): Partial<FlopCount>;
}

interface OwnCase extends PeerCase {
  readonly run: () => void;
  readonly phases: Partial<FlopCount>;
}

/** Opens our back ends, each without blocks and with blocks of {@linkcode BLOCK}. */
export function openOwnWork({ present }: BackEnds, sizes: WorkSizes): OwnWork {
  const stack = new DisposableStack();
  const gate = { slope: 1, dropThreshold: 0, dropKey: 0 };
  const { neurons, epsilon, batch, layers } = sizes;
  const cases = present.flatMap(({ name, kernels }): OwnCase[] => {
    const arena = stack.use(kernels.openArena());
    const sparse = (library: string, blockSize: number): OwnCase[] => {
      const opened = openSquareLayer(exactSquare(sizes, blockSize), batch, arena, blockSize);
      const { layer, x, dz, out, gradient } = opened;
      const call = callFlops(layer, batch);
      const forward = () => kernels.sparseForward(layer, x, out, null, gate, batch);
      const both = () => {
        forward();
        kernels.sparseBackward(layer, dz, null, out, batch);
        kernels.sparseGradient(layer, x, dz, gradient, batch, batch);
      };
      const phases = { ...call.forward, ...call.backward, ...call.gradient };
      const connections = { blockSize, connections: exactPattern };
      const { step, flops } = stack.use(openStep(kernels, layers, epsilon, batch, connections));
      return [
        { library, work: "sparse forward", run: forward, phases: call.forward },
        { library, work: "sparse forward + backward", run: both, phases },
        { library, work: "sparse training step", run: step, phases: flops },
      ];
    };
    const dense = (library: string): OwnCase[] => {
      const { x, dz, out } = openSquareLayer(exactSquare(sizes, 1), batch, arena);
      const { layer, gradient, transposed } = openSquareDenseLayer(neurons, batch, arena);
      const call = callFlops(layer, batch);
      const forward = () => kernels.denseForward(layer, x, out, null, gate, batch);
      const both = () => {
        forward();
        kernels.denseBackward(layer, dz, null, out, batch);
        kernels.denseGradient(layer, x, dz, gradient, transposed, batch, batch);
      };
      const phases = { ...call.forward, ...call.backward, ...call.gradient };
      const { step, flops } = stack.use(openStep(kernels, layers, null, batch));
      return [
        { library, work: "dense forward", run: forward, phases: call.forward },
        { library, work: "dense forward + backward", run: both, phases },
        { library, work: "dense training step", run: step, phases: flops },
      ];
    };
    return [...sparse(name, 1), ...dense(name), ...sparse(`${name}, G = ${BLOCK}`, BLOCK)];
  });
  return {
    cases: cases.map(({ library, work }) => ({ library, work })),
    missing: [],
    round: () => Promise.resolve(cases.map(({ run }) => milliseconds(run))),
    counts: (counter) => cases.map(({ run }) => countHardware(counter, run).count),
    flops: (work) => cases.find((each) => each.work === work)?.phases ?? {},
    [Symbol.asyncDispose]: () => Promise.resolve(stack.dispose()),
  };
}
