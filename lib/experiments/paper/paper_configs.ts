/** The configurations of the paper's runs (Section 4.1 and Table 6) in this library's form. */
import { BUILTIN_DATASETS, MADE_DATASETS } from "../../data/builtin/mod.ts";
import { CATALOGUE } from "../../data/catalogue/mod.ts";
import { METHOD_TABLE, type MethodName, METHODS } from "../../methods/mod.ts";
import { defaultSettings, type Settings } from "../../settings/mod.ts";
import {
  builtinData,
  catalogueData,
  completeConfig,
  madeData,
  type RunConfig,
} from "../run/mod.ts";
import type { Selection } from "./experiment.ts";
import { publishedDataset, SPARSITY } from "./published.ts";

/** The methods that the paper proposes, in its order. */
export const PROPOSED = ["rd", "fd", "dist"] as const;

/** The methods whose members come from one training run. */
export const ENSEMBLES: readonly MethodName[] = ["edst", "rd", "fd", "dist"];

/** The single sparse networks, which the paper trains with η = 0.01. */
export const SINGLES: readonly MethodName[] = ["set", "static"];

/** The learning rates of the single sparse networks: the paper's rate, and the rate of its ensembles. */
export const SINGLE_RATES = [0.01, 0.1] as const;

/**
 * The learning rates of the single dense network in Table 1: the paper's rate, and the rates of the other
 * models.
 */
export const DENSE_RATES = [0.001, ...SINGLE_RATES] as const;

/** A model of a table, with the settings that distinguish it from others of its method. */
export interface Variant {
  readonly method: MethodName;
  /** The learning rate, if several are tried; otherwise `null`. */
  readonly learningRate: number | null;
  /** Set if the refinement is not the method's own: EDST_RG with the refinement of the others. */
  readonly refinement: "comprehensive" | null;
}

/** Returns `true` if the paper has this model too. It has none with other rates or another refinement. */
export function isPublished({ method, learningRate, refinement }: Variant): boolean {
  const rates: readonly number[] = method === "dense" ? DENSE_RATES : SINGLE_RATES;
  return refinement === null && (learningRate === null || learningRate === rates[0]);
}

/** The sentence of a report that has both schedules of EDST_RG. */
export const SCHEDULES =
  "EDST_RG refines without the Comprehensive Refinement Phase, as in the paper, and the proposed methods with it: a difference to EDST_RG is that of both. EDST_RG, comprehensive refines as they do, and the paper does not have it.";

/** The paper's names. */
export const METHOD_NAMES = Object.fromEntries(
  METHOD_TABLE.map(({ name, title }) => [name, name === "dist" ? `${title} (λ = 1.5)` : title]),
) as Readonly<Record<MethodName, string>>;

/** The name of a model in a report. It distinguishes the model from others of its method. */
export function modelName({ method, learningRate, refinement }: Variant): string {
  return METHOD_NAMES[method] + (refinement === null ? "" : `, ${refinement}`) +
    (learningRate === null ? "" : `, η = ${learningRate}`);
}

/** A model in a sentence. */
export function nameInSentence(variant: Variant): string {
  return modelName(variant).replace(/^(Single|Dense)/, (word) => word.toLowerCase())
    .replace(", η", " with η");
}

/** The methods in the order of the paper's tables. */
export const METHOD_ORDER: readonly MethodName[] = [
  "dense",
  "edst",
  "rd",
  "fd",
  "dist",
  "set",
  "static",
  "dense-ensemble",
];

/** Settings with which a run takes less than a second. They reproduce nothing. */
const QUICK: Partial<Settings> = { hidden: [24, 24, 24], batchSize: 64, distanceSamples: 8 };

/** Some settings; `undefined` stands for the default. */
type Given = { readonly [Name in keyof Settings]?: Settings[Name] | undefined };

/** The warning of a report on a subset. */
export const SUBSET =
  "These are some of the rows of the data set only: no reproduction of the published numbers.";

/** The name of a data set in a report. */
export function datasetTitle(name: string): string {
  if (Object.hasOwn(MADE_DATASETS, name)) return `${name} (made)`;
  return Object.hasOwn(CATALOGUE, name) ? CATALOGUE[name].title : `${name} (built-in)`;
}

/** Returns `true` if the catalogue has only a part of a data set's rows. */
export function isSubset(name: string): boolean {
  return CATALOGUE[name]?.extent === "subset";
}

/** The keys of a configuration that name a data set. */
export function datasetKeys(name: string): Partial<RunConfig> {
  if (Object.hasOwn(MADE_DATASETS, name)) return madeData(name);
  return Object.hasOwn(BUILTIN_DATASETS, name) ? builtinData(name) : catalogueData(name);
}

/**
 * A run with the paper's recipe, with one exception. If the loss explodes, the run goes back and continues
 * with half the learning rate, and the result reports this. The paper only says that "some configurations
 * showed numerical instability".
 */
export function paperRun(
  dataset: string,
  settings: Given & { readonly method: MethodName },
  quick: boolean,
): RunConfig {
  return completeConfig({
    ...datasetKeys(dataset),
    onDivergence: "rollback",
    ...settings,
    ...quick && quickSettings(settings),
  });
}

function quickSettings({ method, epsilon, members }: Given): Given {
  const sparse = epsilon === undefined ? undefined : { epsilon: epsilon / 10 };
  const epochs = method === "dense-ensemble"
    ? { epochs: 6, members: 3 }
    : defaultSettings(method).members === 1
    ? { epochs: 6 }
    : members === 1
    ? { epochs: 6, explore: 2 }
    : { epochs: 14, explore: 2, members: 3 };
  return { ...QUICK, ...sparse, ...epochs };
}

/** The run of an ensemble in Table 1, which Tables 3 and 5 and the figures share. */
export function ensembleRun(
  dataset: string,
  method: MethodName,
  epsilon: number,
  seed: number,
  quick: boolean,
  refinement?: "plain" | "comprehensive",
): RunConfig {
  return paperRun(dataset, { method, epsilon, seed, ...slopeFor(dataset), refinement }, quick);
}

/** The slope of All-ReLU on HIGGS (Table 6). The slope of Gesture Phase is the default. */
export function slopeFor(dataset: string): { alpha: number | undefined } {
  return { alpha: publishedDataset(dataset) === "higgs" ? 0.05 : undefined };
}

/** The sparsity that the paper states for ε, and ε. */
export function sparsityText(epsilon: number | null): string {
  if (epsilon === null) return "–";
  const sparsity = SPARSITY[epsilon];
  return sparsity === undefined ? `ε = ${epsilon}` : `${sparsity} (ε = ${epsilon})`;
}

/** The selected methods, in the order of the paper. */
export function selectedMethods(
  { methods }: Selection,
  among: readonly MethodName[] = METHODS,
): MethodName[] {
  return METHOD_ORDER.filter((method) => methods.includes(method) && among.includes(method));
}
