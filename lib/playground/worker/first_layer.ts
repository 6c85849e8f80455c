/**
 * Watches the first layer that evolves, by columns of the table: their connections, and the connections
 * that they gained.
 *
 * @module
 */
import { columnInputs, type Preprocessing } from "../../data/preprocessing/mod.ts";
import type { TrainingRun } from "../../ensemble/mod.ts";
import type { Layer, SparseLayer } from "../../nn/mod.ts";
import type { LayerNews } from "../messages.ts";

/** The largest number of shown columns. The columns with the most connections are shown. */
const MOST_COLUMNS = 32;

/** The connections of every column of the table with every neuron. */
interface Connections {
  readonly neurons: number;
  /** Length columns: the number of all connections of a column. */
  readonly counts: Int32Array;
  /** Length columns × neurons. */
  readonly cells: Uint8Array;
}

/** Watches the first layer of a run. */
export interface FirstLayerWatch {
  /** Returns the connections after a change, compared with the previous call. */
  look(run: TrainingRun): LayerNews;
}

/** Begins to watch. */
export function watchFirstLayer(preprocessing: Preprocessing): FirstLayerWatch {
  const inputs = columnInputs(preprocessing);
  const columnOf: number[] = [];
  inputs.forEach((own, column) => own.forEach((input) => columnOf[input] = column));
  let [member, began, before]: [number, Connections | null, Connections | null] = [-1, null, null];
  return {
    look({ stage: { network }, progress }) {
      const now = connectionsOf(network.layers, columnOf, inputs.length);
      if (progress.members.length !== member || began === null) {
        [member, began, before] = [progress.members.length, now, now];
      }
      const news = newsOf(preprocessing.featureNames, inputs, now, before ?? now, began);
      before = now;
      return { ...news, member };
    },
  };
}

/**
 * The connections of the first layer that does not consist of sine units. A connection from a sine unit
 * counts for the unit's input.
 */
function connectionsOf(
  layers: readonly Layer[],
  columnOf: readonly number[],
  columns: number,
): Connections {
  const [first, second] = layers;
  const hasSines = first.kind === "sparse" && first.activation === "sine";
  const layer = hasSines ? second : first;
  const inputOf = hasSines ? (unit: number) => first.indices[first.indptr[unit]] : undefined;
  const counts = new Int32Array(columns);
  const cells = new Uint8Array(columns * layer.rows);
  eachConnection(layer, (neuron, input) => {
    const column = columnOf[inputOf?.(input) ?? input];
    const cell = column * layer.rows + neuron;
    counts[column]++;
    if (cells[cell] < 255) cells[cell]++;
  });
  return { neurons: layer.rows, counts, cells };
}

function eachConnection(layer: Layer, take: (neuron: number, input: number) => void): void {
  const { rows, columns } = layer;
  if (layer.kind === "dense") {
    for (let neuron = 0; neuron < rows; neuron++) {
      for (let input = 0; input < columns; input++) take(neuron, input);
    }
    return;
  }
  const { indptr, indices, blockSize } = layer as SparseLayer;
  for (let block = 0; block < rows / blockSize; block++) {
    for (let k = indptr[block]; k < indptr[block + 1]; k++) {
      for (let own = 0; own < blockSize; own++) take(block * blockSize + own, indices[k]);
    }
  }
}

function newsOf(
  names: readonly string[],
  inputs: readonly (readonly number[])[],
  now: Connections,
  before: Connections,
  began: Connections,
): Omit<LayerNews, "member"> {
  const { neurons, counts } = now;
  const used = [...inputs.keys()].filter((column) => inputs[column].length > 0);
  const shown = used.toSorted((a, b) => counts[b] - counts[a] || a - b)
    .slice(0, MOST_COLUMNS)
    .sort((a, b) => a - b);
  const cells = new Uint8Array(shown.length * neurons);
  const grown = new Uint8Array(shown.length * neurons);
  shown.forEach((column, place) => {
    const own = now.cells.subarray(column * neurons, (column + 1) * neurons);
    const last = before.cells.subarray(column * neurons, (column + 1) * neurons);
    cells.set(own, place * neurons);
    own.forEach((count, neuron) => grown[place * neurons + neuron] = Number(count > last[neuron]));
  });
  return {
    neurons,
    columns: shown.map((column) => names[column]),
    hidden: used.length - shown.length,
    counts: shown.map((column) => counts[column]),
    before: shown.map((column) => began.counts[column]),
    cells,
    grown,
  };
}
