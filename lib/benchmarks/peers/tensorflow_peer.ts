import { countHardware } from "../../counters/mod.ts";
import { absent, type Peers, type Work, type WorkSizes } from "./peer.ts";

/** The packages. Names in variables keep Deno from loading them before the import is executed. */
const CORE = "npm:@tensorflow/tfjs-core@4.22.0";
const BACKEND = "npm:@tensorflow/tfjs-backend-wasm@4.22.0";

/** The used part of TensorFlow.js. */
interface Tensorflow {
  readonly version_core: string;
  setBackend(name: string): Promise<boolean>;
  randomUniform(shape: number[], low: number, high: number): Tensor;
  matMul(a: Tensor, b: Tensor, transposeA?: boolean, transposeB?: boolean): Tensor;
  add(a: Tensor, b: Tensor): Tensor;
  sum(a: Tensor, axis: number): Tensor;
  tidy(run: () => void): void;
}
type Tensor = { readonly shape: number[] };

/**
 * Loads TensorFlow.js with its WebAssembly back end, which computes synchronously in one thread.
 *
 * @returns Peers, without any case if TensorFlow.js cannot be loaded.
 */
export async function openTensorflowPeer(sizes: WorkSizes): Promise<Peers> {
  let tf: Tensorflow;
  try {
    tf = await import(CORE) as Tensorflow;
    await import(BACKEND);
    if (!await tf.setBackend("wasm")) throw new Error("its WebAssembly back end does not start");
  } catch (error) {
    return absent({ name: "TensorFlow.js", reason: (error as Error).message.split("\n")[0] });
  }
  const { neurons, batch } = sizes;
  const random = (...shape: number[]) => tf.randomUniform(shape, -0.5, 0.5);
  const [x, dy] = [random(batch, neurons), random(batch, neurons)];
  const [w, bias] = [random(neurons, neurons), random(neurons)];
  const forward = () => tf.add(tf.matMul(x, w), bias);
  const forwardAndBackward = () => {
    forward();
    tf.matMul(dy, w, false, true);
    tf.matMul(x, dy, true, false);
    tf.sum(dy, 0);
  };
  const work: [Work, () => void][] = [
    ["dense forward", forward],
    ["dense forward + backward", forwardAndBackward],
  ];
  const library = `TensorFlow.js ${tf.version_core} (WebAssembly)`;
  return {
    cases: work.map(([work]) => ({ library, work })),
    missing: [],
    round: () =>
      Promise.resolve(work.map(([, run]) => {
        const started = performance.now();
        tf.tidy(run);
        return performance.now() - started;
      })),
    counts: (counter) => work.map(([, run]) => countHardware(counter, () => tf.tidy(run)).count),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
