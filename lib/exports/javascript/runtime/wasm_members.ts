import type { Facts, LayerFacts, MemberSum, ReadArray } from "./facts.ts";

/** The functions of the kernels that predict. */
interface PredictionKernels {
  readonly memory: WebAssembly.Memory;
  readonly __heap_base: WebAssembly.Global;
  readonly sparse_forward: (...args: number[]) => void;
  readonly block_forward: (...args: number[]) => void;
  readonly dense_forward: (...args: number[]) => void;
  readonly sine: (...args: number[]) => void;
  readonly softmax: (...args: number[]) => void;
  readonly sparse_row: (...args: number[]) => void;
  readonly dense_row: (...args: number[]) => void;
}

/**
 * Opens the members in the memory of WebAssembly kernels. One row goes without the padding of a batch, as
 * in the library.
 *
 * It goes into exported modules as it stands: it must not use anything from outside but its arguments.
 *
 * @param bytes The kernels.
 * @throws {Error} If the kernels cannot be opened here.
 */
export function wasmMembers(facts: Facts, read: ReadArray, bytes: BufferSource): MemberSum {
  const [BATCH, PANEL, STRIDE] = [128, 32, 16];
  const kernels = new WebAssembly.Instance(new WebAssembly.Module(bytes))
    .exports as unknown as PredictionKernels;
  const { memory } = kernels;
  let end: number = kernels.__heap_base.value;

  /** The address of new memory for so many numbers of 32 bits. */
  const take = (count: number): number => {
    const start = Math.ceil(end / 64) * 64;
    end = start + 4 * count;
    const lacking = end - memory.buffer.byteLength;
    if (lacking > 0) memory.grow(Math.ceil(lacking / 65536));
    return start;
  };
  const floats = (address: number, count: number) =>
    new Float32Array(memory.buffer, address, count);
  const put = (values: ArrayLike<number>, isWhole: boolean): number => {
    const address = take(values.length);
    const { buffer } = memory;
    if (isWhole) new Int32Array(buffer, address, values.length).set(values);
    else new Float32Array(buffer, address, values.length).set(values);
    return address;
  };

  const open = (layer: LayerFacts) => {
    const { lengths, indices, weights, bias } = layer;
    const ends = [0];
    if (lengths !== null) { for (const length of read(lengths)) ends.push(ends.at(-1)! + length); }
    return {
      ...layer,
      ends: lengths === null ? 0 : put(ends, true),
      places: indices === null ? 0 : put(read(indices), true),
      w: put(read(weights), false),
      b: put(read(bias), false),
      slope: layer.activation.kind === "rectified" ? layer.activation.slope : 1,
    };
  };
  const members = facts.members.map(({ share, layers }) => ({ share, layers: layers.map(open) }));
  type Layer = (typeof members)[number]["layers"][number];

  const everyLayer = members.flatMap(({ layers }) => layers);
  const widest = Math.max(facts.inputs, ...everyLayer.map(({ outputs }) => outputs));
  const outputs = facts.output.kind === "classes" ? facts.output.classes.length : 1;
  const [input, one, other] = [0, 1, 2].map(() => take((widest + STRIDE) * BATCH));

  /** Computes a layer for a batch. */
  const forward = (layer: Layer, x: number, out: number, stride: number): void => {
    const { outputs, inputs, block, ends, places, w, b, slope } = layer;
    const tail = [stride, ends, places, w, b, x, out, 0, slope, 0, 0];
    if (block === 0) {
      kernels.dense_forward(0, outputs, outputs, inputs, stride, w, b, x, out, 0, slope, 0, 0);
    } else if (block === 1) kernels.sparse_forward(0, outputs, outputs, inputs, ...tail);
    else kernels.block_forward(0, outputs / block, block, outputs, inputs, ...tail);
    if (layer.activation.kind === "sine") kernels.sine(0, outputs, outputs, stride, out, 0);
  };

  /** Computes a layer for one row. */
  const forwardRow = (layer: Layer, x: number, out: number): void => {
    const { outputs, inputs, block, ends, places, w, b, slope } = layer;
    if (block === 0) kernels.dense_row(0, outputs, inputs, w, b, x, out, slope);
    else kernels.sparse_row(0, outputs / block, block, ends, places, w, b, x, out, slope);
    if (layer.activation.kind === "sine") {
      const groups = Math.ceil(outputs / STRIDE);
      kernels.sine(0, groups, groups, STRIDE, out, 0);
    }
  };

  /** Computes all layers; returns the address of what the last one gives. */
  const all = (layers: readonly Layer[], step: (layer: Layer, x: number, out: number) => void) => {
    let x = input;
    for (const layer of layers) {
      const out = x === one ? other : one;
      step(layer, x, out);
      x = out;
    }
    return x;
  };

  const addRow = (sums: Float32Array): void => {
    for (const { share, layers } of members) {
      const logits = floats(all(layers, forwardRow), outputs);
      if (facts.output.kind === "number") sums[0] += share * logits[0];
      else {
        const largest = logits.reduce((a, b) => b > a ? b : a);
        let total = 0;
        for (const z of logits) total += Math.exp(z - largest);
        logits.forEach((z, c) => sums[c] += share * Math.exp(z - largest) / total);
      }
    }
  };

  const addBatch = (sums: Float32Array, rows: number): void => {
    const stride = Math.ceil(rows / STRIDE) * STRIDE;
    for (const { share, layers } of members) {
      let z = all(layers, (layer, x, out) => forward(layer, x, out, stride));
      if (facts.output.kind === "classes") {
        const p = z === one ? other : one;
        kernels.softmax(outputs, rows, stride, z, p);
        z = p;
      }
      const values = floats(z, outputs * stride);
      for (let row = 0; row < rows; row++) {
        const start = row - row % PANEL;
        const width = Math.min(PANEL, stride - start);
        for (let c = 0; c < outputs; c++) {
          sums[row * outputs + c] += share * values[start * outputs + c * width + row - start];
        }
      }
    }
  };

  return (inputs, rows) => {
    const sums = new Float32Array(rows * outputs);
    const columns = facts.inputs;
    if (rows === 1) {
      floats(input, columns).set(inputs);
      addRow(sums);
      return sums;
    }
    for (let first = 0; first < rows; first += BATCH) {
      const count = Math.min(BATCH, rows - first);
      const stride = Math.ceil(count / STRIDE) * STRIDE;
      const x = floats(input, columns * stride);
      for (let row = 0; row < stride; row++) {
        const start = row - row % PANEL;
        const width = Math.min(PANEL, stride - start);
        // What is behind the last row is padding.
        const from = (first + Math.min(row, count - 1)) * columns;
        for (let i = 0; i < columns; i++) {
          x[start * columns + i * width + row - start] = inputs[from + i];
        }
      }
      addBatch(sums.subarray(first * outputs, (first + count) * outputs), count);
    }
    return sums;
  };
}
