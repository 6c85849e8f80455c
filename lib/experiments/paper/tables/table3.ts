import { mean, median } from "../../../statistics/mod.ts";
import type { MethodName } from "../../../methods/mod.ts";
import type { RunConfig } from "../../run/mod.ts";
import type { Column, Finding, MarkdownReport } from "../../../reports/mod.ts";
import { deviationOrNull, meanOrNull, meanText, signed, tableOf } from "../../../reports/mod.ts";
import {
  accuracies,
  accuracyBySeed,
  finishedRuns,
  kernelsText,
  troubleText,
} from "../evidence_runs.ts";
import type { Evidence, Experiment, RunLine, Selection } from "../experiment.ts";
import type { Scores } from "../paired_order.ts";
import { compare, decided, findingParts, orderFindings, untested } from "../paired_order.ts";
import {
  datasetTitle,
  ensembleRun,
  isSubset,
  METHOD_NAMES,
  PROPOSED,
  selectedMethods,
  SUBSET,
} from "../paper_configs.ts";
import { publishedDataset, TABLE3 } from "../published.ts";

const REFINEMENTS = ["plain", "comprehensive"] as const;

/** Table 3: the gain by the Comprehensive Refinement Phase. */
export const table3: Experiment = {
  name: "table3",
  defaults: { datasets: ["gesture-phase"], seeds: [1, 2, 3], epsilons: [20], methods: PROPOSED },
  options: ["datasets", "seeds", "epsilons", "methods"],
  one: ["epsilons"],
  together: false,
  configs: (selection) =>
    selectedMethods(selection, PROPOSED).flatMap((method) =>
      REFINEMENTS.flatMap((refinement) => configsOf(selection, method, refinement))
    ),
  report: (evidence) => reportTable3(evidence),
};

type Refinement = typeof REFINEMENTS[number];

function configsOf(
  { datasets: [dataset], epsilons: [epsilon], seeds, quick }: Selection,
  method: MethodName,
  refinement: Refinement,
): RunConfig[] {
  return seeds.map((seed) => ensembleRun(dataset, method, epsilon, seed, quick, refinement));
}

function reportTable3(evidence: Evidence): MarkdownReport {
  const { selection } = evidence;
  const [dataset] = selection.datasets;
  const subset = isSubset(dataset);
  const name = publishedDataset(dataset);
  const published = name === null ? [] : TABLE3[name];
  const methods = selectedMethods(selection, PROPOSED).map((method) => ({
    method,
    name: METHOD_NAMES[method],
    plain: finishedRuns(evidence, configsOf(selection, method, "plain")),
    comprehensive: finishedRuns(evidence, configsOf(selection, method, "comprehensive")),
    published: published.find((row) => row.method === method),
  }));
  const scores = (pick: Refinement): Scores =>
    new Map(methods.flatMap((row) => [...accuracyBySeed(row[pick], `${row.method}/`)]));
  const findings = [
    ...orderFindings(methods.map(({ name, plain, comprehensive }) => ({
      claim: `${name} gains by the Comprehensive Refinement Phase`,
      comparison: compare(accuracyBySeed(comprehensive), accuracyBySeed(plain)),
    }))),
    ...methods.length < 2 ? [] : orderFindings([{
      claim: "All methods together gain by it",
      comparison: compare(scores("comprehensive"), scores("plain")),
    }]),
    costFinding(methods),
  ];
  const rows = methods.flatMap((row) =>
    REFINEMENTS.map((refinement) => ({
      row,
      refinement,
      own: accuracies(row[refinement]),
      published: row.published?.[refinement],
    }))
  );
  const difference: Column<typeof rows[number], string> = [
    "difference",
    ({ own, published }) =>
      published === undefined || own.length === 0 ? "–" : signed(mean(own) - published),
  ];
  return {
    title: `Table 3: the Comprehensive Refinement Phase on ${datasetTitle(dataset)}`,
    parts: [
      {
        kind: "text",
        text: [
          ...subset ? [SUBSET] : [],
          `ε = ${selection.epsilons[0]}, seeds ${selection.seeds.join(", ")}; kernels: ${
            kernelsText(evidence)
          }. The paper does not say at which sparsity it ran this study, nor how many runs its numbers are of.`,
          ...troubleText(evidence),
        ].join(" "),
      },
      {
        kind: "table",
        name: "table3",
        title: "Ours beside the paper",
        ...tableOf<typeof rows[number], string>(rows, [
          ["Model", ({ row }) => row.name],
          ["Comprehensive refinement", ({ refinement }) => refinement === "plain" ? "no" : "yes"],
          ["Accuracy [%]: mean ± sd (n)", ({ own }) => meanText(own, 1)],
          ["paper", ({ published }) => published?.toFixed(1) ?? "–"],
          ...subset ? [] : [difference],
        ]),
        data: rows.map(({ row, refinement, own, published }) => ({
          method: row.method,
          refinement,
          runs: own.length,
          accuracy: meanOrNull(own),
          accuracyDeviation: deviationOrNull(own),
          publishedAccuracy: published ?? null,
        })),
      },
      ...findingParts(findings),
    ],
  };
}

/** "We did not observe any significant difference in terms of FLOPs and running time." */
function costFinding(
  methods: readonly Readonly<Record<Refinement, readonly RunLine[]>>[],
): Finding {
  const claim = "The phase costs nothing: FLOPs with and without it differ by 5 % at most";
  const ratios = methods.filter(({ plain, comprehensive }) =>
    plain.length > 0 && comprehensive.length > 0
  ).map(({ plain, comprehensive }) => {
    const ratio = (value: (run: RunLine) => number) =>
      median(comprehensive.map(value)) / median(plain.map(value));
    return {
      flops: ratio(({ record }) => record.flops.counted),
      seconds: ratio(({ record }) => record.seconds.cpu),
    };
  });
  if (ratios.length === 0) return untested(claim);
  const list = (values: readonly number[]) => values.map((value) => value.toFixed(3)).join(", ");
  const far = ratios.some(({ flops }) => Math.abs(flops - 1) > 0.05);
  const flops = list(ratios.map((ratio) => ratio.flops));
  const seconds = list(ratios.map((ratio) => ratio.seconds));
  const evidence = `With it, FLOPs are ${flops} times and training times ${seconds} times those ` +
    `without, by method`;
  return decided(claim, !far, evidence);
}
