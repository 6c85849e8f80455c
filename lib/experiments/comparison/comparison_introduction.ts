import { plural } from "../../messages.ts";
import type { StrategyOrigin } from "../../model/mod.ts";
import { strategyTitle } from "../results/mod.ts";
import type { Settings } from "../../settings/mod.ts";
import type { ComparisonScore } from "./comparison.ts";
import type { ComparisonSummary } from "./comparison_summary.ts";
import { namesText } from "./comparison_verdict.ts";
import { type Peer, PEERS, TUNED_PEER } from "./peer_table.ts";

/** The size and kind of a table. */
export interface ComparedData {
  /** The number of rows, without a separate test table. */
  readonly rows: number;
  /** Feature columns. */
  readonly features: number;
  /** Feature columns that hold text. */
  readonly textFeatures: number;
  /** The number of cells without a value, including those of a test table. */
  readonly missingCells: number;
  /** The number of classes; 0 if the target is a number. */
  readonly classes: number;
  /** The number of rows of a separate test table; `null` if test rows are held out. */
  readonly testRows: number | null;
  /** The SHA-256 of all rows. Left out in older descriptions. */
  readonly digest?: string | undefined;
}

/** A contender's settings, with its settings on single data sets, and its custom strategy. */
export interface DescribedContender extends Partial<Settings> {
  /** Further settings on some data sets, by name. */
  readonly onDatasets?: Readonly<Record<string, Partial<Settings>>> | undefined;
  /** The custom strategy. Left out: the method's strategy. */
  readonly strategy?: StrategyOrigin | undefined;
}

/** The least probability in the log loss, the same for all methods. */
export const LOG_LOSS_FLOOR = "1 / (training rows + classes)";

/** The methods and tables of a comparison. A missing key means that the value is unknown. */
export interface ComparisonDescription {
  /** The report's title. */
  readonly title?: string | undefined;
  /** The share of rows held out. */
  readonly testFraction?: number | undefined;
  /** The settings of this library's contenders, complete, by name. */
  readonly contenders?: Readonly<Record<string, DescribedContender>> | undefined;
  /** The least probability in the log loss. Left out in older comparisons, where it is 2.2e-16. */
  readonly logLossFloor?: "1 / (training rows + classes)" | undefined;
  /** The method whose processor seconds are the budget of the tuned LightGBM. Left out: none was tuned. */
  readonly equalBudget?: string | undefined;
  /** The other libraries that took part, with their versions. */
  readonly libraries?: readonly string[] | undefined;
  /** The tables, by name. */
  readonly datasets?: Readonly<Record<string, ComparedData>> | undefined;
}

/** The first paragraph. */
export function introduction(
  scores: readonly ComparisonScore[],
  { datasets, measure, perDataset }: ComparisonSummary,
  description: ComparisonDescription,
): string {
  const names = [...new Set(scores.map(({ name }) => name))];
  const all = [...new Set(scores.map(({ dataset }) => dataset))];
  const seeds = [...new Set(scores.map(({ seed }) => seed))].sort((a, b) => a - b);
  const known = all.flatMap((name) => description.datasets?.[name] ?? []);
  const { libraries = [] } = description;
  const isPair = perDataset.some(({ values }) => values.length === 2);
  const isIntervalled = measure.key === "accuracy";
  return [
    `${plural(names.length, "method")} (${names.join("; ")}) on ` +
    `${plural(all.length, "data set")} (${all.join(", ")}), ${seedsText(seeds)}.`,
    "For every seed all methods learn from the same rows and are tested on the same others.",
    ...strategySentences(names, description),
    ...ownSettingsSentences(names, description),
    ...splitSentences(description, measure.key === "r2"),
    ...librarySentences(libraries),
    ...tunedSentences(names, description),
    ...cellSentences(
      names,
      known.some(({ missingCells }) => missingCells > 0),
      known.some(({ textFeatures }) => textFeatures > 0),
    ),
    ...trialSentences(names, description),
    ...scores.some(({ logLoss }) => logLoss !== undefined)
      ? [`In the log loss no probability is less than ${description.logLossFloor ?? "2.2e-16"}.`]
      : [],
    ...scores.some(({ density }) => density !== null)
      ? ["Density is the share of the weights of dense layers of the same widths, sines included."]
      : [],
    `After ± stands half of a 95 % interval: Student's over seeds` +
    (isIntervalled
      ? ", or Wilson's over the test rows where there is one seed."
      : ", where there are several."),
    ...isPair ? ["Two seeds have no interval."] : [],
    "Times are processor seconds, medians over seeds; they hold for the machine they were taken on.",
    ...incompleteSentences(scores, names, all, seeds),
    ...datasets.length === all.length || datasets.length === 0 ? [] : [
      `Means, ranks and wins are over the ${plural(datasets.length, "data set")} ` +
      `that every method was run on.`,
    ],
  ].join(" ");
}

function strategySentences(
  names: readonly string[],
  { contenders = {} }: ComparisonDescription,
): string[] {
  return names.flatMap((name) => {
    const { strategy } = contenders[name] ?? {};
    return strategy === undefined
      ? []
      : [`${name} follows a strategy of its own, "${strategyTitle(strategy)}".`];
  });
}

/** Names the contenders whose settings differ between data sets, and the settings. */
function ownSettingsSentences(
  names: readonly string[],
  { contenders = {} }: ComparisonDescription,
): string[] {
  return names.flatMap((name) => {
    const own = Object.values(contenders[name]?.onDatasets ?? {});
    const keys = [...new Set(own.flatMap((settings) => Object.keys(settings)))];
    return keys.length === 0 ? [] : [`${name} has its own ${keys.join(", ")} on every data set.`];
  });
}

/** Names the contenders that choose among candidates. The other methods try none. */
function trialSentences(
  names: readonly string[],
  { contenders = {} }: ComparisonDescription,
): string[] {
  const choosing = names.filter((name) => (contenders[name]?.trials ?? 0) > 0);
  if (choosing.length === 0) return [];
  const tries = choosing.map((name) =>
    `${name} chooses among ${
      contenders[name].candidates?.length
    } candidate settings for every table`
  );
  const others = choosing.length < names.length ? "; the other methods have one" : "";
  return [`${tries.join(", ")}, on held-out training rows${others}.`];
}

function splitSentences(
  { testFraction, datasets = {} }: ComparisonDescription,
  regression: boolean,
): string[] {
  const own = Object.keys(datasets).filter((name) => datasets[name].testRows !== null);
  const isDrawn = testFraction !== undefined && own.length < Object.keys(datasets).length;
  const percent = Number((100 * (testFraction ?? 0)).toFixed(4));
  const stratified = regression ? "" : " and stratified by class";
  const whose = own.length === 1 ? "its" : "their";
  return [
    ...!isDrawn ? [] : [
      `Test rows are ${percent} % of the rows, drawn anew for every seed${stratified}.`,
    ],
    ...own.length === 0 ? [] : [
      `${own.join(", ")}: the test rows are ${whose} own, the same for every seed.`,
    ],
  ];
}

function librarySentences(libraries: readonly string[]): string[] {
  if (libraries.length === 0) return [];
  const isOnlyTrees = libraries.every((library) => library.startsWith("scikit-learn "));
  return isOnlyTrees
    ? [`Trees: ${libraries.join(", ")}, with default settings but for the number of trees.`]
    : [
      `Other libraries: ${
        libraries.join(", ")
      }, each in a process of its own with one thread and its ` +
      "default settings, but for the 300 trees of the forests.",
    ];
}

function tunedSentences(
  names: readonly string[],
  { equalBudget }: ComparisonDescription,
): string[] {
  if (!names.includes(TUNED_PEER.name)) return [];
  return [
    `${TUNED_PEER.name}: random search in the space of Gorishniy et al. 2023 ` +
    `(TabR, arXiv 2307.14338), default settings first, until the processor seconds of ` +
    `${
      equalBudget ?? "the first contender"
    } on the same rows are used up. The least log loss (squared ` +
    "error) on a fifth of the training rows decides, with early stopping; what was chosen is fitted " +
    "again to all of them.",
  ];
}

/** Describes the treatment of missing values and of text by every method. */
function cellSentences(names: readonly string[], missing: boolean, text: boolean): string[] {
  const peers = [...PEERS, TUNED_PEER].filter(({ name }) => names.includes(name));
  const named = (some: readonly Peer[]) => namesText(some.map(({ name }) => name));
  const kept = peers.filter(({ missing }) => missing === "kept");
  const coded = peers.filter(({ categories }) => categories === "codes");
  const hasNetworks = peers.some(({ slow }) => slow);
  return [
    ...!missing ? [] : [
      "Missing values: this library's methods put the median of the training rows in their place and " +
      `have an input that says so; ${named(kept) || "HistGradientBoosting"} ` +
      `take${kept.length > 1 ? "" : "s"} them as they are; forests${
        hasNetworks ? " and other networks" : ""
      } get the medians.`,
    ],
    ...!text ? [] : [
      "Text: one input for every category in at least 5 training rows, and one that the others share, " +
      (coded.length === 0 ? "for all methods alike." : `for all but ${named(coded)}. ` +
        `${
          coded.length > 1 ? "These take" : "It takes"
        } categories as such; those that no training row ` +
        "has are missing values there."),
    ],
  ];
}

/** Names the methods that were not run with every seed on every data set. */
function incompleteSentences(
  scores: readonly ComparisonScore[],
  names: readonly string[],
  datasets: readonly string[],
  seeds: readonly number[],
): string[] {
  const lacking = datasets.flatMap((dataset) =>
    names.flatMap((name) => {
      const own = scores.filter((score) => score.dataset === dataset && score.name === name);
      const absent = seeds.filter((seed) => !own.some((score) => score.seed === seed));
      return absent.length === 0 ? [] : [`${name} on ${dataset} (${seedsText(absent)})`];
    })
  );
  return lacking.length === 0 ? [] : [`**Not run yet: ${lacking.join("; ")}.**`];
}

function seedsText(seeds: readonly number[]): string {
  return `seed${seeds.length === 1 ? "" : "s"} ${seeds.join(", ")}`;
}
