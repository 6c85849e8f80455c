import { type MethodName, METHODS, type Settings } from "../../mod.ts";
import { RECIPES } from "../../lib/settings/mod.ts";
import { parseBoolean, parseJson, parseNumber, parseNumbers } from "./parse.ts";
import { Option } from "./commander.ts";

/** A setting as an option: its value's name (or the choices), and what it does. */
type Described = readonly [value: string | readonly string[], text: string];

const SETTINGS: { readonly [K in keyof Settings]-?: Described } = {
  recipe: [RECIPES, "whose defaults the other settings have (default: paper)"],
  task: [
    ["classification", "regression"],
    "what the target holds (default: classification); regression has other defaults: no dropout, " +
    "learning rate 0.03 in place of 0.1, rollback on divergence",
  ],
  method: [METHODS as readonly MethodName[], "how members come about (default: fd)"],
  epsilon: ["number", "density control of the Erdős–Rényi layers (default: 20)"],
  density: ["share", "density of the whole network, in place of --epsilon"],
  hidden: ["sizes", "neurons per hidden layer (default: 1000,1000,1000)"],
  members: ["count", "members of the ensemble (default: 5)"],
  epochs: ["count", "epochs in all (default: 350)"],
  explore: ["count", "epochs of exploration before the first member (default: 100)"],
  activation: [["all-relu", "relu"], "what hidden neurons do (default: all-relu)"],
  alpha: ["number", "slope of All-ReLU (default: 0.5)"],
  lambda: ["number", "distance coefficient of Dist-TSE (default: 1.5)"],
  distanceSamples: ["count", "candidates that set Dist-TSE's threshold (default: 100)"],
  densityLimit: ["share", "denser layers are not regrown disjointly (default: 0.25)"],
  refinement: [["comprehensive", "plain"], "how members are refined (default: comprehensive)"],
  pruneRate: ["share", "connections replaced by a topology update (default: 0.2)"],
  reinitializeRate: ["share", "connections replaced between members (default: 0.8)"],
  interval: ["epochs", "epochs between topology updates in exploration (default: 2)"],
  evolveUntil: ["share", "of an independent member's epochs with updates (default: 1)"],
  updateSteps: ["steps", "between topology updates, in place of --interval (rigl: 100)"],
  growth: [
    ["random", "gradient", "sampled-gradient", "strength"],
    "where connections grow (default: random; rigl: gradient)",
  ],
  growthCandidates: [
    "number",
    "scored per connection to grow by sampled-gradient or strength (default: 5)",
  ],
  memberSelection: [["best", "last"], "which epoch's network is the member (default: best)"],
  validationFraction: ["share", "training rows held out to choose members (default: 0.2)"],
  optimizer: [["sgd", "adam"], "what trains the weights (default: sgd)"],
  learningRate: ["number", "(default: 0.1; set, rigl, static: 0.01; dense: 0.001)"],
  learningRateCurve: [["step", "constant", "cosine", "one-cycle"], "(default: step)"],
  momentum: ["number", "of sgd (default: 0.9)"],
  beta1: ["number", "of adam (default: 0.9)"],
  beta2: ["number", "of adam (default: 0.999)"],
  adamEpsilon: ["number", "of adam (default: 1e-8)"],
  weightDecay: ["number", "(default: 0.0002)"],
  decayStyle: [["direct", "decoupled", "l2"], "how weight decay acts (default: direct)"],
  dropout: ["share", "of hidden activations (default: 0.2)"],
  labelSmoothing: ["share", "(default: 0)"],
  classWeights: [["none", "balanced"], "of rows, by their class (default: none)"],
  memberWeighting: [
    "number",
    "how much more rows count that earlier members got wrong (default: 0)",
  ],
  batchSize: ["rows", "(default: 128)"],
  dropLastBatch: ["true|false", "leave an epoch's incomplete batch out (default: true)"],
  initializer: [
    ["he-uniform", "he-normal", "xavier-uniform", "xavier-normal", "normal"],
    "(default: he-uniform)",
  ],
  fan: [["dense", "sparse"], "which fan-in the initialiser sees (default: dense)"],
  scaling: [["none", "min-max", "standard", "quantile"], "of features (default: min-max)"],
  embedding: [["none", "periodic"], "learned sines of every feature (default: none)"],
  frequencies: ["count", "sines per feature (default: 16)"],
  frequency: ["number", "their middle, in periods per unit of the scaled feature (default: 0.2)"],
  frequencySpread: ["number", "how many times higher and lower they reach (default: 10)"],
  trials: ["count", "members tried per candidate, with rows held out (default: 0)"],
  candidates: ["json", 'a list such as [{"frequency":0.2},{"frequency":2}] (default: none)'],
  adaptToRows: ["true|false", "epochs and batch size are those of 10,000 rows (default: false)"],
  calibration: [
    ["none", "temperature"],
    "of predicted probabilities, on held-out rows (default: none)",
  ],
  onDivergence: [
    ["stop", "rollback"],
    "what to do when the loss explodes (default: stop; rollback with --class-weights balanced)",
  ],
  seed: ["number", "names all random streams (default: 1)"],
  kernels: [["auto", "wasm", "native", "reference"], "the back end (default: auto)"],
};

/** One option for every setting, none with a default: those depend on the method. */
export function settingOptions(): Option[] {
  return Object.entries(SETTINGS).map(([key, [value, text]]) => {
    const flag = `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    const kind = typeof value === "string" ? value : key;
    const option = new Option(`${flag} <${kind}>`, text) as Option;
    if (typeof value !== "string") return option.choices(value) as Option;
    if (value === "sizes") return option.argParser(parseNumbers) as Option;
    if (value === "json") return option.argParser(parseJson) as Option;
    if (value === "true|false") return option.argParser(parseBoolean) as Option;
    return option.argParser(parseNumber) as Option;
  });
}

/** The settings among the parsed options. */
export function settingsGiven(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.keys(SETTINGS).filter((key) => options[key] !== undefined)
      .map((key) => [key, options[key]]),
  );
}
