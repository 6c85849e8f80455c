import { BUILTIN_DATASETS, MADE_DATASETS } from "../../data/builtin/mod.ts";
import { CATALOGUE } from "../../data/catalogue/mod.ts";
import { quoted, quotedList } from "../../messages.ts";
import type { Experiment, Selection } from "./experiment.ts";
import { publishedDataset } from "./published.ts";

/** The parts of a selection that a user may choose. */
export type Choice = { readonly [K in keyof Omit<Selection, "quick">]?: Selection[K] | undefined };

/** ε of the sparsities that the paper has for HIGGS. The least sparsity is missing. */
const HIGGS_EPSILONS = [10, 20];

/** The data of quick experiments, which are part of the library. */
const QUICK_DATASETS = ["segment"];

/**
 * Makes the selections of an experiment, one for every report.
 *
 * @param strict Refuses a choice that does not concern the experiment.
 * @throws {TypeError} If such a choice is refused.
 * @throws {RangeError} If a data set or method is unknown or not possible here, or a list is empty.
 */
export function selectionsOf(
  experiment: Experiment,
  choice: Choice,
  quick: boolean,
  strict: boolean,
): Selection[] {
  const { name, defaults, options, one = [], together } = experiment;
  const chosen = <Key extends keyof Choice>(key: Key, others: Selection[Key]): Selection[Key] =>
    options.includes(key) ? choice[key] ?? others : others;
  for (const key of ["datasets", "seeds", "epsilons", "methods"] as const) {
    if (choice[key] === undefined) continue;
    if (strict && !options.includes(key)) {
      throw new TypeError(`Cannot choose ${key} for ${name}: it has none to choose`);
    }
    if (choice[key].length === 0) {
      throw new RangeError(`Cannot choose ${key} for ${name}: found none, need at least one`);
    }
    const single = key === "seeds" || key === "epsilons" ? one.includes(key) : false;
    if (strict && single && choice[key].length > 1) {
      throw new RangeError(
        `Cannot choose ${key} for ${name}: found ${choice[key].join(", ")}, need one`,
      );
    }
  }
  const isQuick = quick && defaults.datasets.length > 0;
  const datasets = chosen("datasets", isQuick ? QUICK_DATASETS : defaults.datasets);
  const names = [CATALOGUE, BUILTIN_DATASETS, MADE_DATASETS].flatMap(Object.keys);
  const unknown = datasets.find((dataset) => !names.includes(dataset));
  if (unknown !== undefined) {
    throw new RangeError(
      `Cannot find a data set: found ${quoted(unknown)}, need one of ${quotedList(names)}`,
    );
  }
  const methods = chosen("methods", defaults.methods);
  if (!methods.some((method) => defaults.methods.includes(method))) {
    const [found, need] = [methods.join(", "), defaults.methods.join(", ")];
    throw new RangeError(
      `Cannot choose methods for ${name}: found ${found}, need some of ${need}`,
    );
  }
  const seeds = chosen("seeds", quick ? defaults.seeds.slice(0, 3) : defaults.seeds);
  for (
    const [key, values, check] of [
      ["seeds", seeds, (value: number) => Number.isSafeInteger(value) && value >= 0],
      ["epsilons", choice.epsilons ?? [], (value: number) => value > 0 && value < Infinity],
    ] as const
  ) {
    const wrong = values.find((value) => !check(value));
    if (wrong === undefined) continue;
    const need = key === "seeds" ? "whole numbers from 0" : "numbers above 0";
    throw new RangeError(`Cannot choose ${key} for ${name}: found ${wrong}, need ${need}`);
  }
  const epsilonsFor = (dataset: string) => {
    const isHiggs = publishedDataset(dataset) === "higgs";
    const paper = defaults.epsilons.filter((it) => !isHiggs || HIGGS_EPSILONS.includes(it));
    return chosen("epsilons", paper);
  };
  const selection = {
    seeds: [...new Set(seeds)],
    methods: methods.filter((method) => defaults.methods.includes(method)),
    quick,
  };
  return together
    ? [{ ...selection, datasets, epsilons: epsilonsFor("") }]
    : datasets.map((dataset) => (
      { ...selection, datasets: [dataset], epsilons: epsilonsFor(dataset) }
    ));
}
