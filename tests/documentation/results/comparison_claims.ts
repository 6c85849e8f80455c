/**
 * Every part of a sentence with a figure of the comparisons with trees: README.md and results/README.md.
 *
 * @module
 */
import assert from "node:assert/strict";
import { readComparison } from "../../../lib/experiments/comparison/comparison_folder.ts";
import { comparisonReport } from "../../../lib/experiments/comparison/comparison_report.ts";
import { summarizeComparison } from "../../../lib/experiments/comparison/mod.ts";
import { pText, type ReportTable } from "../../../lib/reports/mod.ts";
import { defaultSettings } from "../../../lib/settings/mod.ts";
import { mean, median, wilcoxon } from "../../../lib/statistics/mod.ts";
import { ROOT } from "../../tasks/run_task.ts";
import { smallerBatches } from "./development_claims.ts";
import { CONTENDERS, meanSeconds, secondsText } from "./result_tables.ts";
import { extent, fixed, gain, range, type RecordOfAny, records, WORDS } from "../records.ts";

/** The methods of a comparison over all data sets but some, as its report has them. */
export function overallRows(
  name: string,
  table = "overall",
  without: readonly string[] = [],
): RecordOfAny[] {
  const { scores, description } = readComparison(`${ROOT}results/${name}`);
  const left = scores.filter(({ dataset }) => !without.includes(dataset));
  const { parts } = comparisonReport(left, description);
  const isOverall = (part: RecordOfAny) => part.kind === "table" && part.name === table;
  return [...(parts.find(isOverall) as ReportTable).data];
}

/** The methods as sentences name them. */
const NAMES: Readonly<Record<string, string>> = {
  "LightGBM, tuned in as many seconds": "tuned LightGBM",
  "HistGradientBoosting": "histogram boosting",
  "RandomForest (300)": "random forest",
  "ExtraTrees (300)": "extra trees",
};

/** Some things as a sentence lists them. */
export function listed(words: readonly string[]): string {
  const last = words.length - 1;
  return last < 1 ? words.join("") : `${words.slice(0, last).join(", ")} and ${words[last]}`;
}

/** What a report shows of the other methods beside the first one, by its rules. */
function verdict(
  name: string,
  table: string,
  [lower, higher]: readonly [string, string],
): string[] {
  const rows = overallRows(name, table).filter(({ pValue }) => pValue !== null);
  const those = (shown: string) =>
    rows.filter((row) => row.shown === shown).map(({ method }) => NAMES[method] ?? method);
  const says = (methods: readonly string[], what: string) =>
    methods.length === 0 ? [] : [`${listed(methods)} ${methods.length > 1 ? "are" : "is"} ${what}`];
  return [
    ...says(those("lower"), `shown to be ${lower}`),
    ...says(those("higher"), `shown to be ${higher}`),
    ...says(those("not shown"), "not shown to differ"),
  ];
}

/** The methods of which a report does not show that they differ from the first one. */
function notShown(name: string, table: string): string[] {
  return overallRows(name, table).filter(({ shown }) => shown === "not shown")
    .map(({ method }) => NAMES[method] ?? method);
}

/** What the earlier looks at the test rows showed, and what is left of the last one if all are counted. */
function looks(): string[] {
  const second = meansOf("comparison/second");
  const [accuracy, logLoss] = ["overall", "overall-log-loss"].map((table) => {
    const open = notShown("comparison/first", table);
    const adjusted = (name: string) =>
      overallRows(name, table).filter(({ pValue }) => pValue !== null);
    const first = adjusted("comparison/first").filter(({ shown }) => shown === "not shown");
    const largest = Math.max(...adjusted("comparison").map(({ adjustedP }) => adjustedP));
    return {
      open,
      p: first.map(({ adjustedP }) => pText(adjustedP)),
      tripled: pText(3 * largest),
      fourth: pText(4 * largest),
    };
  });
  assert.deepEqual(accuracy.open, logLoss.open);
  // The page says that all were shown to be worse at the second look.
  assert.deepEqual(notShown("comparison/second", "overall"), []);
  assert.deepEqual(notShown("comparison/second", "overall-log-loss"), []);
  return [
    `${listed(accuracy.open)} were not shown to differ there: after Holm p was ` +
    `${listed(accuracy.p)} by accuracy, ${listed(logLoss.p)} by log loss`,
    `tripled for them, the largest p-value is ${accuracy.tripled} by accuracy and ` +
    `${logLoss.tripled} by log loss; with the recipe before it counted, too, ` +
    `${accuracy.fourth} and ${logLoss.fourth}`,
    ...sinceSecondLook(),
    `has ${fixed(second.accuracy(MODERN), 1)} % and a log loss of ` +
    `${fixed(second.logLoss(MODERN), 3)} there`,
    `${secondsText(second.seconds(MODERN))} seconds beside ` +
    `${secondsText(second.seconds(CATBOOST))} of CatBoost, ` +
    `${fixed(second.seconds(MODERN) / second.seconds(CATBOOST), 1)} times as many`,
  ];
}

/** What the recipe has gained from the second look to the last one. */
function sinceSecondLook(): string[] {
  const [second, now] = ["comparison/second", "comparison"].map((name) => {
    const { perDataset, datasets } = meansOf(name);
    const own = datasets.toSorted().map((dataset) =>
      perDataset.find((one) => one.name === MODERN && one.dataset === dataset)!
    );
    return {
      accuracy: own.map(({ score }) => 100 * score.estimate),
      logLoss: own.map(({ logLoss }) => logLoss!),
    };
  });
  const change = (measure: "accuracy" | "logLoss") =>
    mean(now[measure].map((value, i) => value - second[measure][i]));
  const p = (["accuracy", "logLoss"] as const)
    .map((measure) => fixed(wilcoxon(now[measure], second[measure]).pValue, 2));
  return [
    `the means change by ${gain(change("accuracy"), 2)} points and ${
      gain(change("logLoss"), 4)
    } in log loss, which is not shown (p = ${p[0]} and ${p[1]}, not adjusted)`,
  ];
}

/** What the tests say of the methods nearest to the recipe over a part of the data sets. */
function overFewer(without: readonly string[]): string[] {
  const near = [CATBOOST, TUNED];
  return [["overall", "less accurate"], ["overall-log-loss", "worse by log loss"]]
    .map(([table, what]) => {
      const rows = overallRows("comparison", table, without);
      const [are, open] = [true, false].map((isShown) =>
        rows.filter(({ method, shown }) =>
          near.includes(method) && (shown !== "not shown") === isShown
        )
      );
      const says = (those: readonly RecordOfAny[], is: string) => {
        const names = listed(those.map(({ method }) => NAMES[method] ?? method));
        const verb = those.length > 1 ? "are" : "is";
        const p = listed(those.map(({ adjustedP }) => pText(adjustedP)));
        return those.length === 0 ? [] : [`${names} ${verb} ${is} to be ${what} (p = ${p})`];
      };
      return [...says(are, "shown"), ...says(open, "not shown")].join(", ");
    });
}

/** On how many data sets the recipe takes more seconds than another method. */
function slowerThan({ datasets, perDataset }: ReturnType<typeof meansOf>, method: string): number {
  const seconds = (name: string, dataset: string) =>
    perDataset.find((one) => one.name === name && one.dataset === dataset)!.medians.fitSeconds;
  return datasets.filter((dataset) => seconds(MODERN, dataset) > seconds(method, dataset)).length;
}

/** The two data sets on which a method takes the most seconds, and their share of all of its seconds. */
function mostOf({ perDataset }: ReturnType<typeof meansOf>, method: string): string {
  const seconds = perDataset.filter(({ name }) => name === method)
    .map(({ dataset, medians }) => ({ dataset, seconds: medians.fitSeconds }))
    .toSorted((a, b) => b.seconds - a.seconds);
  const most = seconds.slice(0, 2);
  const sum = (own: typeof seconds) => own.reduce((total, { seconds }) => total + seconds, 0);
  return `${fixed(100 * sum(most) / sum(seconds), 0)} % are those of ${
    listed(most.map(({ dataset }) => dataset).toSorted())
  }`;
}

/** The scores of a comparison, by method. */
function meansOf(name: string, without: readonly string[] = []) {
  const { scores, description } = readComparison(`${ROOT}results/${name}`);
  const left = scores.filter(({ dataset }) => !without.includes(dataset));
  const { overall, perDataset, datasets } = summarizeComparison(left);
  const of = (method: string) => overall.find((one) => one.name === method)!;
  return {
    description,
    datasets,
    overall,
    perDataset,
    accuracy: (method: string) => 100 * of(method).meanScore,
    logLoss: (method: string) => of(method).meanLogLoss!,
    seconds: (method: string) => meanSeconds(perDataset, method),
  };
}

const { modern: MODERN, tuned: TUNED, CatBoost: CATBOOST } = CONTENDERS;

/** The sets whose rows the recipe's earliest trials have seen, test rows among them. */
const FIRST_TRIALS = ["california", "electricity", "eye-movements", "pol"];

/** What README.md and results/README.md say of the comparison with other libraries. */
export function comparisonClaims(): { readme: string[]; results: string[] } {
  const now = meansOf("comparison");
  const fewer = meansOf("comparison", FIRST_TRIALS);
  const before = meansOf("comparison/before");
  const first = meansOf("comparison/first");
  const second = meansOf("comparison/second");
  const { perDataset, datasets } = now;
  const parts = datasets.filter((dataset) => dataset.endsWith("-subset"));
  const own = perDataset.filter(({ name }) => name === MODERN).map(({ medians }) => medians);
  const density = extent(own.map(({ density }) => 100 * density!));
  const seconds = extent(own.map(({ fitSeconds }) => fitSeconds));
  const { trials, candidates, members } = defaultSettings();
  const networks = trials * candidates.length + members;
  const lead = (means: typeof now, method: string) =>
    fixed(means.accuracy(MODERN) - means.accuracy(method), 1);
  const others = now.overall.length - 1;
  const mostMegabytes = median(own.map(({ modelBytes }) => modelBytes / 1e6));
  const cost = now.seconds(MODERN) / now.seconds(CATBOOST);
  const longer = slowerThan(now, CATBOOST);
  const onDatasets = `on ${datasets.length} data sets of the paper, ${
    WORDS[parts.length]
  } of them in part`;
  const accuracy = verdict("comparison", "overall", ["less accurate", "more accurate"]);
  const paper = "Sparsemble, paper (FD-TSE)";
  const tried = records("comparison/comparison.jsonl").filter(({ name }) => name === TUNED)
    .map(({ tuning }) => tuning.configurations as number);
  return {
    readme: [
      onDatasets,
      `trains ${networks} small networks`,
      `${secondsText(now.seconds(MODERN))} native seconds a table, ` +
      `${fixed(cost, 1)} times CatBoost's (${
        fixed(second.seconds(MODERN) / second.seconds(CATBOOST), 1)
      } without AVX-512, ${
        inWebAssembly(now).times
      } in WebAssembly), more on ${longer} of ${datasets.length} (${
        slowerThan(second, CATBOOST)
      } without)`,
      `${fixed(density[0], 1)} to ${fixed(density[1], 1)} % of the weights`,
      // The page names the others one by one again as soon as one of them is not shown.
      ...overallRows("comparison").every(({ pValue, shown }) =>
          pValue === null || shown === "lower"
        )
        ? [`All ${WORDS[others]} others are shown to be less accurate`]
        : accuracy,
      `It is the recipe's third look at these rows: at a first ${
        listed(notShown("comparison/first", "overall"))
      } were not shown to differ`,
      `The paper's recipe (\`--method fd\`) has ${fixed(before.accuracy(paper), 1)} %`,
    ],
    results: [
      `Over the ${datasets.length} data sets:`,
      `two-sided, after Holm's adjustment for ${WORDS[others]} comparisons`,
      ...accuracy.map((text) => `By accuracy ${text}`),
      ...verdict("comparison", "overall-log-loss", ["better", "worse"])
        .map((text) => `By log loss ${text}`),
      `${lead(now, CATBOOST)} points ahead of CatBoost in the mean, and ` +
      `${lead(fewer, CATBOOST)} without the four sets of the first trials`,
      `${lead(now, TUNED)} points to tuned LightGBM, ${lead(fewer, TUNED)} without those four`,
      `Over the ${datasets.length - FIRST_TRIALS.length} other sets alone ` +
      overFewer(FIRST_TRIALS).join("; "),
      `Over the ${datasets.length - parts.length} sets that others can repeat ` +
      overFewer(parts).join("; "),
      `takes ${secondsText(seconds[0])} to ${secondsText(seconds[1])} processor seconds, ` +
      `${secondsText(now.seconds(MODERN))} in the mean, which is ${
        fixed(cost, 1)
      } times CatBoost's ` +
      `${
        secondsText(now.seconds(CATBOOST))
      }. On ${longer} of the ${datasets.length} sets it takes ` +
      `longer than CatBoost, of whose seconds ${mostOf(now, CATBOOST)}`,
      `The recipe before it trained 28 networks of three times as many neurons: ` +
      `${fixed(before.accuracy(MODERN), 1)} % in ${fixed(before.seconds(MODERN), 0)} seconds`,
      `its FD-TSE has ${fixed(before.accuracy(paper), 1)} % there`,
      `model of ${fixed(mostMegabytes, 1)} MB`,
      `has ${fixed(first.accuracy(MODERN), 1)} % and a log loss of ` +
      `${fixed(first.logLoss(MODERN), 3)} there`,
      ...looks(),
      `which is ${median(tried)} configurations in the median (${range(...extent(tried), 0)})`,
      ...widerLayers(first),
      ...inWebAssembly(now).claims,
      ...smallerBatches(),
      ...otherNetworks(),
      ...laterBase(),
    ],
  };
}

/** What is said of tables that are not the paper's. */
export function newerClaims(): string[] {
  const lead = (name: string) => {
    const { perDataset, datasets } = meansOf(name);
    return datasets.map((dataset) => {
      const scores = perDataset.filter((score) => score.dataset === dataset);
      const own = scores.find((score) => score.name === MODERN)!.score.estimate;
      const others = scores.filter((score) => score.name !== MODERN)
        .map(({ score }) => score.estimate);
      return {
        dataset: dataset.replace("_train", "").replaceAll("_", "-"),
        points: own - Math.max(...others),
      };
    });
  };
  const classes = lead("comparison/newer");
  assert.ok(classes.every(({ points }) => points < 0));
  const ofLook = (name: string) => {
    const { perDataset } = meansOf(`comparison/newer/${name}`);
    return (dataset: string) => {
      const own = perDataset.find((score) => score.dataset === dataset && score.name === MODERN)!;
      return fixed(100 * own.score.estimate, 1);
    };
  };
  const [before, atSecond] = ["first", "second"].map(ofLook);
  const numbers = lead("comparison/numbers");
  const first = numbers.filter(({ points }) => points > 0).map(({ dataset }) => dataset);
  const behind = numbers.filter(({ points }) => points <= 0);
  const ranks = meansOf("comparison/numbers").overall.map(({ name, meanRank }) => ({
    name,
    meanRank,
  }))
    .toSorted((a, b) => a.meanRank - b.meanRank);
  const [best, second] = ranks.map(({ name, meanRank }) =>
    `${name === MODERN ? "the modern recipe" : NAMES[name] ?? name} (${fixed(meanRank, 1)})`
  );
  return [
    "the best of the others is ahead by " +
    listed(classes.map(({ dataset, points }) => `${fixed(-100 * points, 1)} points on ${dataset}`)),
    `had ${before("phoneme")} % on phoneme, ${before("mammography")} % on mammography and ` +
    `${before("adult_train")} % on adult`,
    `with the smaller batches, ${atSecond("phoneme")} % on phoneme and ` +
    `${atSecond("mammography")} % on mammography`,
    `R² is the highest on ${listed(first)}`,
    ...behind.map(({ dataset, points }) => `${fixed(-points, 3)} below the best on ${dataset}`),
    `the best mean ranks are those of ${best} and ${second}`,
    `over ${WORDS[numbers.length]} sets the least p-value that Wilcoxon's test can give is ${
      fixed(2 ** (1 - numbers.length), 3)
    }`,
  ];
}

/** The seconds in WebAssembly, with seed 1: on the machine of the comparison, and on that of the second look. */
function inWebAssembly(now: ReturnType<typeof meansOf>): { times: string; claims: string[] } {
  const [second, present] = ["comparison/wasm/second", "comparison/wasm"].map((name) =>
    meansOf(name)
  );
  const ratio = ({ seconds }: typeof now) =>
    seconds("Modern, WebAssembly") / seconds("Modern, native");
  assert.deepEqual(present.datasets.toSorted(), now.datasets.toSorted());
  assert.deepEqual(second.datasets.toSorted(), now.datasets.toSorted());
  const times = ratio(present);
  const beside = fixed(times * now.seconds(MODERN) / now.seconds(CATBOOST), 1);
  const claims = [
    `In WebAssembly the recipe takes ${fixed(times, 1)} times as long as natively (seed 1;`,
    `and so about ${beside} times as long as CatBoost`,
    `On the machine without AVX-512 it takes ${
      fixed(ratio(second), 1)
    } times as long there as natively`,
  ];
  return { times: beside, claims };
}

/** What a network of another library had, on the sets on which it ran, beside the scores of the comparison. */
function otherNetworks(): string[] {
  const name = "RealMLP-TD";
  const { datasets, accuracy, logLoss, seconds, perDataset } = meansOf("comparison/networks");
  const own = records("comparison/networks/comparison.jsonl").filter((one) => one.name === MODERN);
  const all = records("comparison/comparison.jsonl").map((one) => JSON.stringify(one));
  assert.ok(
    own.length === datasets.length && own.every((one) => all.includes(JSON.stringify(one))),
  );
  const score = (method: string, dataset: string) =>
    perDataset.find((one) => one.name === method && one.dataset === dataset)!.score.estimate;
  const ahead = datasets.filter((dataset) => score(MODERN, dataset) > score(name, dataset));
  const [accuracyText] = verdict("comparison/networks", "overall", [
    "less accurate",
    "more accurate",
  ]);
  assert.equal(accuracyText, `${name} is shown to be less accurate`);
  const [lossText] = verdict("comparison/networks", "overall-log-loss", ["better", "worse"]);
  // Its defaults are made for accuracy: the page says so beside this.
  assert.equal(lossText, `${name} is shown to be worse`);
  return [
    `ran on all ${datasets.length} sets`,
    `it has ${fixed(accuracy(name), 1)} % and a log loss of ${fixed(logLoss(name), 3)} in ` +
    `${secondsText(seconds(name))} seconds there, and modern ${fixed(accuracy(MODERN), 1)} % and ` +
    `${fixed(logLoss(MODERN), 3)} in ${secondsText(seconds(MODERN))} seconds`,
    `Modern is ahead on ${ahead.length} of them`,
    `By accuracy ${accuracyText}. By log loss it is shown to be worse, of which its defaults have a part`,
  ];
}

/** What a first version with wider layers had, on the sets on which it ran. */
function widerLayers(first: ReturnType<typeof meansOf>): string[] {
  const name = "Modern, layers of 1000";
  const wider = meansOf("comparison/wider");
  const same = meansOf(
    "comparison/first",
    first.datasets.filter((dataset) => !wider.datasets.includes(dataset)),
  );
  assert.equal(same.datasets.length, wider.datasets.length);
  return [
    `begun on the test rows of ${WORDS[wider.datasets.length]} sets: it has ` +
    `${fixed(wider.accuracy(name), 1)} % in ${
      secondsText(wider.seconds(name))
    } seconds there, and ` +
    `the narrower one ${fixed(same.accuracy(MODERN), 1)} % in ${secondsText(same.seconds(MODERN))}`,
  ];
}

/** What the base of the ablation has in later runs, with the same seed. */
function laterBase(): string[] {
  const seedOne = (study: string, wanted: string) =>
    new Map(
      records(`${study}/comparison.jsonl`)
        .filter(({ name, seed }) => name.startsWith(wanted) && seed === 1)
        .map(({ dataset, accuracy }) => [dataset as string, 100 * accuracy as number]),
    );
  const [before, after] = [seedOne("ablation/before", "Base"), seedOne("why_sparse", "Sparse")];
  assert.deepEqual([...before.keys()].toSorted(), [...after.keys()].toSorted());
  const names = [...before.keys()];
  const [old, later] = [before, after].map((scores) => names.map((name) => scores.get(name)!));
  const differences = later.map((score, i) => score - old[i]);
  assert.ok(wilcoxon(later, old).pValue > 0.05);
  return [
    `Of seed 1 its mean over the ${names.length} sets differs by ${fixed(mean(differences), 1)} ` +
    `points (${range(...extent(differences))} on one set), not shown`,
  ];
}
