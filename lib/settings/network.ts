import type { Activation, Initializer } from "../nn/mod.ts";
import {
  choice,
  number,
  optional,
  orNull,
  positive,
  type Setting,
  settingError,
  type SettingTable,
  sizes,
} from "../setting.ts";
import { BLOCK_SIZES } from "../kernels/mod.ts";
import { type Allocation, barabasiAlbert, type Pattern, wattsStrogatz } from "../sparse/mod.ts";
import type { Random } from "../random.ts";

/** The settings of the network. */
export interface NetworkSettings {
  /** Neurons per hidden layer. */
  readonly hidden: readonly number[];
  /** ε: sets the density of the Erdős–Rényi layers, about ε × (inputs + outputs) connections each. */
  readonly epsilon: number;
  /** The density of the network, instead of ε; `null` to use ε. */
  readonly density: number | null;
  /** The division of the connections among layers; left out: `er`. */
  readonly allocation?: Allocation | undefined;
  /** The initial topology of all layers before the output layer; left out: `erdos-renyi`. */
  readonly initialTopology?: InitialTopology | undefined;
  /** β of Watts–Strogatz: the share of random connections; left out: 0.25. */
  readonly smallWorldRewiring?: number | undefined;
  // Stored only with runs whose blocks are larger than 1, so the files of other runs stay the same.
  /** G: neighbouring neurons that share their inputs, 1, 2, 4, 8 or 16; left out: 1. */
  readonly blockSize?: number | undefined;
  /** The activation of hidden neurons. */
  readonly activation: "all-relu" | "relu";
  /** α: the slope of All-ReLU. */
  readonly alpha: number;
  /** The distribution of initial weights. */
  readonly initializer: Initializer;
  /** The fan-in of the initialiser: all inputs of a layer, or its mean connections per neuron. */
  readonly fan: "dense" | "sparse";
}

/** The models of random graphs from which initial topologies are drawn. */
export type InitialTopology = "erdos-renyi" | "barabasi-albert" | "watts-strogatz";

/** The setting of the block size. A run without it has size 1. */
const BLOCK_SIZE: Setting<number | undefined> = {
  says: "G: neighbouring neurons that share their inputs, 1, 2, 4, 8 or 16; left out: 1",
  value: "count",
  default: undefined,
  read(value, name) {
    if (value === undefined || value === 1) return undefined;
    if (typeof value !== "number") throw settingError(name, value, "a number", TypeError);
    const found = BLOCK_SIZES.find((size) => size === value);
    if (found !== undefined) return found;
    throw settingError(name, value, `one of ${BLOCK_SIZES.join(", ")}`);
  },
};

export const NETWORK: SettingTable<NetworkSettings> = {
  hidden: sizes("Neurons per hidden layer", [1000, 1000, 1000]),
  epsilon: positive(
    "ε: sets the density of the Erdős–Rényi layers, about ε × (inputs + outputs) connections each",
    20,
    1e9,
  ),
  density: orNull(
    positive("The density of the network, instead of ε; `null` to use ε", 1, 1),
    null,
  ),
  allocation: optional(choice("The division of the connections among layers; left out: `er`", [
    "er",
    "erk",
    "uniform",
    "equal",
  ])),
  initialTopology: optional(
    choice("The initial topology of all layers before the output layer; left out: `erdos-renyi`", [
      "erdos-renyi",
      "barabasi-albert",
      "watts-strogatz",
    ]),
  ),
  smallWorldRewiring: optional(
    number("β of Watts–Strogatz: the share of random connections; left out: 0.25", 0.25, 0, 1),
  ),
  blockSize: BLOCK_SIZE,
  activation: choice("The activation of hidden neurons", ["all-relu", "relu"]),
  alpha: number("α: the slope of All-ReLU", 0.5, 0, 100),
  initializer: choice("The distribution of initial weights", [
    "he-uniform",
    "he-normal",
    "xavier-uniform",
    "xavier-normal",
    "normal",
  ]),
  fan: choice(
    "The fan-in of the initialiser: all inputs of a layer, or its mean connections per neuron",
    ["dense", "sparse"],
  ),
};

/** Returns the activation function that the settings name. */
export function activationOf({ activation, alpha }: NetworkSettings): Activation {
  return activation === "relu" ? { kind: "relu" } : { kind: "all-relu", alpha };
}

/** A function that draws the initial connections of a layer. */
export type DrawConnections = (
  shape: Pattern["shape"],
  density: number,
  random: Random,
) => Pattern;

/** Returns the function for the settings' initial topology; `undefined` for Erdős–Rényi layers. */
export function firstConnectionsOf(
  { initialTopology, smallWorldRewiring = 0.25 }: NetworkSettings,
): DrawConnections | undefined {
  switch (initialTopology) {
    case "barabasi-albert":
      return ([rows, columns], density, random) => barabasiAlbert(rows, columns, density, random);
    case "watts-strogatz":
      return ([rows, columns], density, random) =>
        wattsStrogatz(rows, columns, density, smallWorldRewiring, random);
    default:
      return undefined;
  }
}
