/**
 * What was tried on rows that are in no test part: the figures of results/comparison/README.md, and those of
 * smaller batches on results/README.md.
 *
 * @module
 */
import assert from "node:assert/strict";
import { holm, mean, standardDeviation, wilcoxon } from "../../../lib/statistics/mod.ts";
import { readText } from "../../files.ts";
import { ROOT } from "../../tasks/run_task.ts";
import { comparison, fixed, gain, WORDS } from "../records.ts";
import { CONTENDERS, meanSeconds } from "./result_tables.ts";

const { modern: MODERN, CatBoost: CATBOOST } = CONTENDERS;

/** The data sets of the comparison on test rows, beside which these stand. */
const { datasets: DATASETS } = comparison("comparison");

/** The costs without AVX-512. */
const { perDataset: SECOND_LOOK } = comparison("comparison/second");

/** What smaller batches had where they were chosen: on one split of rows that are in no test part. */
export function smallerBatches(): string[] {
  const [, ...lines] = readText(`${ROOT}results/comparison/choice.csv`).trim().split("\n");
  const scores = lines.map((line) => {
    const [, variant, dataset, accuracy, logLoss] = /^"(.*)",([\w-]+),\d+,([\d.]+),([\d.]+)$/.exec(
      line,
    )!;
    return { variant, dataset, accuracy: 100 * Number(accuracy), logLoss: Number(logLoss) };
  });
  const of = (variant: string) =>
    new Map(
      scores.filter((score) => score.variant === variant).map((own) => [own.dataset, own]),
    );
  const [larger, smaller] = ["batches of 256, η 0.02", "batches of 64, η 0.01"].map(of);
  const both = [...smaller.keys()].filter((dataset) => larger.has(dataset));
  const ahead = both.map((dataset) =>
    smaller.get(dataset)!.accuracy - larger.get(dataset)!.accuracy
  );
  const less = both.map((dataset) => larger.get(dataset)!.logLoss - smaller.get(dataset)!.logLoss);
  return [
    `On ${both.length} of the sets they are ${fixed(mean(ahead), 2)} points ahead in the mean, ` +
    `with ${fixed(mean(less), 4)} less log loss, and ahead on ${
      ahead.filter((points) => points > 0).length
    }`,
  ];
}

/**
 * What longer training of some candidates' members had, on another split of those rows, and would cost beside
 * CatBoost.
 */
function longerMembers(): string[] {
  const [, ...lines] = readText(`${ROOT}results/comparison/longer.csv`).trim().split("\n");
  const scores = lines.map((line) => {
    const [, variant, dataset, ...rest] =
      /^"(.*)",([\w-]+),\d+,([\d.]+),([\d.]+),([\d.]+),([\d ]+)$/.exec(line)!;
    const [accuracy, logLoss, seconds] = rest.map(Number);
    const chosen = rest[3].split(" ");
    return { variant, dataset, accuracy: 100 * accuracy, logLoss, seconds, chosen };
  });
  const [recipe, sines, sharp, sixth] = [...new Set(scores.map(({ variant }) => variant))]
    .map((variant) =>
      new Map(
        scores.filter((score) => score.variant === variant).map((own) => [own.dataset, own]),
      )
    );
  const datasets = [...recipe.keys()].filter((dataset) => DATASETS.includes(dataset));
  const gain = (variant: typeof recipe, dataset: string) =>
    variant.get(dataset)!.accuracy - recipe.get(dataset)!.accuracy;
  const meanGain = (variant: typeof recipe) =>
    mean(datasets.map((dataset) => gain(variant, dataset)));
  const seconds = (variant: typeof recipe) =>
    mean(datasets.map((dataset) => variant.get(dataset)!.seconds));
  const fine = datasets.filter((dataset) => recipe.get(dataset)!.chosen.includes("5"));
  const better = fine.filter((dataset) =>
    sines.get(dataset)!.logLoss < recipe.get(dataset)!.logLoss
  );
  const times = seconds(sixth) / seconds(recipe);
  assert.ok(times * meanSeconds(SECOND_LOOK, MODERN) > meanSeconds(SECOND_LOOK, CATBOOST));
  return [
    `Electricity gains ${
      fixed(gain(sines, "electricity"), 1)
    } points, but ${datasets.length} of the sets ` +
    `gain ${fixed(meanGain(sines), 2)} points in the mean, and of the ${fine.length} that choose ` +
    `these sines only ${better.length} has less log loss`,
    `phoneme gains ${fixed(gain(sharp, "phoneme"), 1)} points, Bank marketing loses ` +
    `${fixed(-gain(sharp, "bank-marketing"), 1)}, and the mean loses ${fixed(-meanGain(sharp), 2)}`,
    `gains ${fixed(meanGain(sixth), 2)} points for ${fixed(times, 2)} times the seconds`,
  ];
}

/** A variant beside the recipe on the same splits of the same rows: one value a set, the mean over its splits. */
interface BesideRecipe {
  readonly points: readonly number[];
  readonly logLoss: readonly number[];
  /** Its seconds, as a multiple of the recipe's. */
  readonly times: number;
  /** The splits in which it ran. */
  readonly splits: number;
  /** The points of every split, in the order of the splits: means over the data sets. */
  readonly bySplit: readonly number[];
}

const RECIPE = "the recipe";

/** The scores of `tried.csv`, every variant beside the recipe. */
function triedVariants(datasets: readonly string[]): Map<string, BesideRecipe> {
  const [, ...lines] = readText(`${ROOT}results/comparison/tried.csv`).trim().split("\n");
  const scores = lines.map((line) => {
    const [, kind, variant, split, dataset, ...rest] =
      /^(\w+),"(.*)",(\d+),([\w-]+),\d+,([\d.]+),([\d.]+),([\d.]+)$/.exec(line)!;
    const [accuracy, logLoss, seconds] = rest.map(Number);
    const place = [kind, split, dataset].join();
    return { variant, place, split, dataset, accuracy, logLoss, seconds };
  }).filter(({ dataset }) => datasets.includes(dataset));
  const recipes = new Map(
    scores.filter(({ variant }) => variant === RECIPE).map((score) => [score.place, score]),
  );
  const groups = Map.groupBy(
    scores.filter(({ variant }) => variant !== RECIPE),
    ({ variant }) => variant,
  );
  return new Map([...groups].map(([variant, group]) => {
    const sets = [...Map.groupBy(group, ({ dataset }) => dataset).values()];
    const differences = (key: "accuracy" | "logLoss") =>
      sets.map((own) => mean(own.map((score) => score[key] - recipes.get(score.place)![key])));
    const seconds = mean(group.map((score) => score.seconds));
    const splits = [...Map.groupBy(group, ({ split }) => split)]
      .toSorted(([a], [b]) => Number(a) - Number(b)).map(([, own]) => own);
    return [variant, {
      points: differences("accuracy").map((difference) => 100 * difference),
      logLoss: differences("logLoss"),
      times: seconds / mean(group.map(({ place }) => recipes.get(place)!.seconds)),
      splits: splits.length,
      bySplit: splits.map((own) =>
        mean(own.map((score) => 100 * (score.accuracy - recipes.get(score.place)!.accuracy)))
      ),
    }];
  }));
}

const errorOf = (values: readonly number[]) => standardDeviation(values) / Math.sqrt(values.length);

/** The variants of whole runs: what they change, and how the page names them. */
const WHOLE = {
  "one trial a candidate": "one trial a candidate in place of two",
  "one trial a candidate, a sixth candidate": "the same, and a sixth candidate",
  "the chosen trials stay": "trial members of what was chosen stay in the ensemble",
  "the mean of logits": "the mean of logits in place of probabilities",
};

/** The variants of eight networks: what they change, and how the page names them. */
const EIGHT = {
  "quantiles within ±3": "quantiles within ±3 in place of ±5.2",
  "the last four learn a half from the first four":
    "the last four learn a half from the first four (`born-again`)",
  "both": "both",
};

/** The variants of the bounds' splits: what they change, and how the page names them. */
const BOUNDS = {
  "the recipe, within ±3": "quantiles within ±3",
  "the recipe, with lessons": "members five to eight learn a half from the first four",
  "the recipe, within ±3, with lessons": "both",
};

/** The variants of longer training, beside the recipe with its bounds. */
const LONGER = ["1.5 times the epochs", "1.5 times the epochs, one trial a candidate"];

/** A mean over the data sets, with its standard error. */
function withError(values: readonly number[], digits: number): string {
  return `${gain(mean(values), digits)} (${fixed(errorOf(values), digits)})`;
}

/** What whole runs with a change have beside the recipe. */
export function wholeRunsTable(): string[][] {
  return changesTable(WHOLE);
}

/** What eight networks with a change have beside eight of what the recipe chooses. */
export function eightNetworksTable(): string[][] {
  return changesTable(EIGHT);
}

/** What bounds and lessons have beside the recipe before them, on splits on which nothing was picked. */
export function boundsTable(): string[][] {
  const shown = verdicts(BOUNDS, "points", "higher", "lower");
  return changesTable(BOUNDS).map((row, r) =>
    row.toSpliced(2, 0, r === 0 ? "accuracy is" : shown[r - 1])
  );
}

function changesTable(changes: Readonly<Record<string, string>>): string[][] {
  const variants = triedVariants(DATASETS);
  const shown = verdicts(changes, "logLoss", "worse", "better");
  const rows = Object.keys(changes).map((name, n) => {
    const { points, logLoss, times } = variants.get(name)!;
    return [
      changes[name],
      withError(points, 2),
      withError(logLoss, 4),
      shown[n],
      fixed(times, 2),
      `${points.length}`,
    ];
  });
  return [
    ["change", "points", "log loss", "log loss is", "times the seconds", "data sets"],
    ...rows,
  ];
}

/** What Wilcoxon's test over the data sets, adjusted after Holm for the changes, shows of each. */
function verdicts(
  changes: Readonly<Record<string, string>>,
  measure: "points" | "logLoss",
  above: string,
  below: string,
): string[] {
  const variants = triedVariants(DATASETS);
  const differences = Object.keys(changes).map((name) => variants.get(name)![measure]);
  const pValues = holm(differences.map((own) => wilcoxon(own, own.map(() => 0)).pValue));
  return differences.map((own, n) =>
    pValues[n] < 0.05 ? `${mean(own) < 0 ? below : above}, shown` : "not shown"
  );
}

/** What single ingredients have beside the recipe. */
export function ingredientsTable(): string[][] {
  const others = [WHOLE, EIGHT, BOUNDS].flatMap((changes) => Object.keys(changes)).concat(LONGER);
  const isIngredient = (name: string) => !others.includes(name);
  const rows = [...triedVariants(DATASETS)].filter(([name]) => isIngredient(name))
    .map(([name, { points, logLoss }]) => [
      name,
      gain(mean(points), 1),
      gain(mean(logLoss), 4),
      `${points.length}`,
    ]);
  return [["ingredient", "points", "log loss", "data sets"], ...rows];
}

/** The parts of the prose with figures. */
export function developmentClaims(): string[] {
  const variants = triedVariants(DATASETS);
  const splits = Object.keys(WHOLE).map((name) => variants.get(name)!.splits);
  const later = Object.keys(EIGHT).map((name) => variants.get(name)!);
  const bounds = Object.keys(BOUNDS).map((name) => variants.get(name)!);
  const bySplit = bounds[0].bySplit.map((points) => gain(points, 2));
  assert.ok(bounds.every((own) => own.splits === 3 && own.points.length === 15));
  const [longest, cheaper] = LONGER.map((name) => variants.get(name)!);
  assert.ok([longest, cheaper].every((own) => own.splits === 1 && own.points.length === 15));
  assert.ok(later.every((own) => own.splits === 2 && own.points.length === later[0].points.length));
  return [
    ...longerMembers(),
    `on up to ${WORDS[Math.max(...splits)]} splits of the rows`,
    `on ${WORDS[later[0].splits]} splits of the rows of ${later[0].points.length} data sets`,
    `on ${WORDS[bounds[0].splits]} further splits of the rows of the same ${
      bounds[0].points.length
    } data sets`,
    `have ${gain(mean(longest.points), 2)} points and ${
      gain(mean(longest.logLoss), 4)
    } log loss for ` +
    `${
      fixed(longest.times, 2)
    } times the seconds; with one trial a candidate in place of two they have ` +
    `${gain(mean(cheaper.points), 2)} and ${gain(mean(cheaper.logLoss), 4)} for ` +
    `${fixed(cheaper.times, 2)} times`,
    `when two of these splits had ${bySplit[0]} and ${bySplit[1]} points; the third then had ${
      bySplit[2]
    }`,
  ];
}
