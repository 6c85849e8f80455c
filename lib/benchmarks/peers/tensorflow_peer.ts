import { countHardware } from "../../counters/mod.ts";
import { absent, milliseconds, type PeerCase, type Peers } from "./peer.ts";
import { difference, type SharedWork } from "./shared_work.ts";

/** The packages. Names in variables keep Deno from loading them before the import is executed. */
const CORE = "npm:@tensorflow/tfjs-core@4.22.0";
const BACKEND = "npm:@tensorflow/tfjs-backend-wasm@4.22.0";

/** The used part of TensorFlow.js. */
interface Tensorflow {
  readonly version_core: string;
  setBackend(name: string): Promise<boolean>;
  tensor(values: Float32Array, shape: number[]): Tensor;
  zeros(shape: number[]): Tensor;
  transpose(a: Tensor): Tensor;
  matMul(a: Tensor, b: Tensor, transposeA?: boolean, transposeB?: boolean): Tensor;
  add(a: Tensor, b: Tensor): Tensor;
  sum(a: Tensor, axis: number): Tensor;
  tidy<T>(run: () => T): T;
}
interface Tensor {
  readonly shape: number[];
  dataSync(): Float32Array;
}

/**
 * Loads TensorFlow.js with its WebAssembly back end, which computes synchronously in one thread.
 *
 * @returns Peers, without any case if TensorFlow.js cannot be loaded.
 */
export async function openTensorflowPeer(work: SharedWork): Promise<Peers> {
  let tf: Tensorflow;
  try {
    tf = await import(CORE) as Tensorflow;
    await import(BACKEND);
    if (!await tf.setBackend("wasm")) throw new Error("its WebAssembly back end does not start");
  } catch (error) {
    const reason = (error as Error).message.split("\n")[0];
    return absent({ name: "TensorFlow.js", reason, install: `deno cache ${CORE} ${BACKEND}` });
  }
  const { sizes: { neurons, batch }, csr, expected } = work;
  const dense = denseTransposed(work);
  const matrix = (values: Float32Array) => tf.transpose(tf.tensor(values, [neurons, batch]));
  const [x, dz] = [matrix(work.x), matrix(work.dz)];
  const [w, bias] = [tf.tensor(dense, [neurons, neurons]), tf.zeros([neurons])];
  const forward = () => tf.add(tf.matMul(x, w), bias);
  const backward = () => [tf.matMul(dz, w, false, true), tf.matMul(x, dz, true, false)];
  const forwardAndBackward = () => {
    forward();
    backward();
    tf.sum(dz, 0);
  };
  const [out, dx, dw] = tf.tidy(() => {
    const [dx, dw] = backward();
    return [tf.transpose(forward()), tf.transpose(dx), dw].map((tensor) => tensor.dataSync());
  });
  const stored = positionsTransposed(work);
  const gradient = Float32Array.from(csr.indices, (_, entry) => dw[stored[entry]]);
  const library = `TensorFlow.js ${tf.version_core} (WebAssembly)`;
  const forwardDifference = difference(out, expected.out);
  const backwardDifference = Math.max(
    ...[difference(dx, expected.dx), difference(gradient, expected.gradient)],
  );
  const runs = [forward, forwardAndBackward].map((run) => () => {
    tf.tidy(() => void run());
  });
  const cases: PeerCase[] = [
    { library, work: "dense forward", difference: forwardDifference },
    { library, work: "dense forward + backward", difference: backwardDifference },
  ];
  return {
    cases,
    missing: [],
    round: () => Promise.resolve(runs.map(milliseconds)),
    counts: (counter) => runs.map((run) => countHardware(counter, run).count),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** The places of the stored weights in a matrix of inputs × outputs. */
function positionsTransposed({ sizes: { neurons }, csr: { indptr, indices } }: SharedWork) {
  const places = new Int32Array(indices.length);
  for (let row = 0; row < neurons; row++) {
    for (let entry = indptr[row]; entry < indptr[row + 1]; entry++) {
      places[entry] = indices[entry] * neurons + row;
    }
  }
  return places;
}

/** The weights as a matrix of inputs × outputs. A missing connection is 0. */
function denseTransposed(work: SharedWork): Float32Array {
  const matrix = new Float32Array(work.sizes.neurons ** 2);
  positionsTransposed(work).forEach((place, entry) => matrix[place] = work.csr.data[entry]);
  return matrix;
}
