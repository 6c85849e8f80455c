/**
 * Every part of a sentence of results/README.md with a figure of what was tried on rows that are in no test part.
 *
 * @module
 */
import assert from "node:assert/strict";
import { holm, mean, standardDeviation, wilcoxon } from "../../../lib/statistics/mod.ts";
import { readText } from "../../files.ts";
import { ROOT } from "../../tasks/run_task.ts";
import { fixed, gain, WORDS } from "../records.ts";
import { CONTENDERS } from "./result_tables.ts";

const { modern: MODERN, CatBoost: CATBOOST } = CONTENDERS;

/** The comparison on test rows, beside which these stand. */
interface Compared {
  readonly datasets: readonly string[];
  readonly seconds: (method: string) => number;
}

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
export function longerMembers(now: Compared): string[] {
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
  const datasets = [...recipe.keys()].filter((dataset) => now.datasets.includes(dataset));
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
  assert.ok(times * now.seconds(MODERN) > now.seconds(CATBOOST));
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
    return [variant, {
      points: differences("accuracy").map((difference) => 100 * difference),
      logLoss: differences("logLoss"),
      times: seconds / mean(group.map(({ place }) => recipes.get(place)!.seconds)),
      splits: new Set(group.map(({ split }) => split)).size,
    }];
  }));
}

const errorOf = (values: readonly number[]) => standardDeviation(values) / Math.sqrt(values.length);

/** Points of accuracy and a difference in log loss, each with its standard error over the sets. */
function differenceText({ points, logLoss }: BesideRecipe): string {
  return `${gain(mean(points), 2)} points (${fixed(errorOf(points), 2)}) and ` +
    `${gain(mean(logLoss), 4)} log loss (${fixed(errorOf(logLoss), 4)})`;
}

/** The variants of whole runs: what they change, and how the page names them. */
const WHOLE = {
  "one trial a candidate": "One trial a candidate in place of two",
  "one trial a candidate, a sixth candidate": "A sixth candidate beside that",
  "the chosen trials stay": "trial members of what was chosen that stay in the ensemble",
  "the mean of logits": "the mean of logits in place of probabilities",
};

/** What was tried after longer members, and was not taken. */
export function triedSinceThen({ datasets }: Pick<Compared, "datasets">): string[] {
  const variants = triedVariants(datasets);
  const names = Object.keys(WHOLE) as (keyof typeof WHOLE)[];
  const pValues = holm(names.map((name) => {
    const { logLoss } = variants.get(name)!;
    return wilcoxon(logLoss, logLoss.map(() => 0)).pValue;
  }));
  const whole = names.map((name, n) => {
    const variant = variants.get(name)!;
    const shown = pValues[n] < 0.05 ? "shown" : "not shown";
    return `${WHOLE[name]}: ${differenceText(variant)}, ${shown}, for ${fixed(variant.times, 2)} ` +
      `times the seconds, ${variant.points.length} sets`;
  });
  const parts = [...variants].filter(([name]) => !Object.hasOwn(WHOLE, name));
  const sets = parts.map(([, { points }]) => points.length);
  const splits = Math.max(...names.map((name) => variants.get(name)!.splits));
  return [
    `on up to ${WORDS[splits]} splits of them`,
    ...whole,
    `on ${Math.min(...sets)} to ${Math.max(...sets)} of the sets`,
    ...parts.map(([name, { points, logLoss }]) =>
      `${name} ${gain(mean(points), 1)} and ${gain(mean(logLoss), 4)}`
    ),
  ];
}
