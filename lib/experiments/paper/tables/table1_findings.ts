import { mean } from "../../../statistics/mod.ts";
import { type Finding, signed } from "../../../reports/mod.ts";
import { accuracyBySeed } from "../evidence_runs.ts";
import type { Selection } from "../experiment.ts";
import {
  compare,
  compareWithOne,
  decided,
  orderFindings,
  type Scores,
  untested,
} from "../paired_order.ts";
import {
  METHOD_NAMES,
  modelName,
  nameInSentence,
  PROPOSED,
  SINGLES,
  sparsityText,
} from "../paper_configs.ts";
import { type Row, singleEpsilon } from "./table1_rows.ts";

/** The points by which our mean may lie below a published one. */
const TOLERANCE = 1;

/** Scores by seed and, if several ε are pooled, by ε. */
function scoresOf(rows: readonly Row[]): Scores {
  return new Map(
    rows.flatMap(({ runs, model: { epsilon } }) => [
      ...accuracyBySeed(runs, epsilon === null ? "" : `${epsilon}/`),
    ]),
  );
}

/** The order of the methods, pooled and at every sparsity. Statements of one question are a family. */
export function table1Orders(rows: readonly Row[], selection: Selection): Finding[] {
  const { epsilons } = selection;
  const single = singleEpsilon(selection);
  const proposed = PROPOSED.map((method) => rows.filter(({ model }) => model.method === method))
    .filter((own) => own.length > 0);
  const edst = rows.filter(({ model }) => model.method === "edst");
  const at = (epsilon: number, own: readonly Row[]) =>
    own.filter(({ model }) => model.epsilon === epsilon);
  const isAhead = (own: readonly Row[], others: readonly Row[], where: string) => {
    const [name, other] = [own, others].map(([{ model }]) => nameInSentence(model));
    return {
      claim: `${name} is more accurate than ${other}${where}`,
      comparison: compare(scoresOf(own), scoresOf(others)),
    };
  };
  const against = ([null, "comprehensive"] as const).flatMap((refinement) => {
    const baseline = edst.filter(({ model }) => model.refinement === refinement);
    if (baseline.length === 0) return [];
    return [
      ...orderFindings(proposed.map((own) => {
        const { claim, comparison } = isAhead(own, baseline, ", all ε together");
        const isWhole = [...own, ...baseline].every(({ runs }) => runs.length > 0);
        return { claim, comparison: isWhole ? comparison : compare(new Map(), new Map()) };
      })),
      ...epsilons.length < 2
        ? []
        : orderFindings(proposed.flatMap((own) =>
          epsilons.map((epsilon) =>
            isAhead(at(epsilon, own), at(epsilon, baseline), ` at ε = ${epsilon}`)
          )
        )),
    ];
  });
  const baseline = at(single, edst).filter(({ model }) => model.refinement === null);
  const singles = rows.filter(({ model }) => SINGLES.includes(model.method));
  const dense = rows.filter(({ model }) => model.epsilon === null);
  return [
    ...against,
    ...baseline.length === 0 ? [] : orderFindings(singles.map((row) => ({
      claim: `EDST_RG is more accurate than the ${nameInSentence(row.model)} at ε = ${single}`,
      comparison: compare(scoresOf(baseline), scoresOf([row])),
    }))),
    ...dense.flatMap((row) =>
      orderFindings(proposed.map((own) => ({
        claim: `${nameInSentence(own[0].model)} at ε = ${single} is more accurate than the ` +
          nameInSentence(row.model),
        comparison: compareWithOne(scoresOf(at(single, own)), scoresOf([row])),
      })))
    ),
  ];
}

/** "Without any significant additional overhead in terms of training FLOPS and training time." */
export function costFindings(rows: readonly Row[]): Finding[] {
  return PROPOSED.flatMap((method): Finding[] => {
    const pairs = rows.filter(({ model }) => model.method === method).flatMap((row) => {
      const edst = rows.find(({ model }) =>
        model.method === "edst" && model.refinement === null &&
        model.epsilon === row.model.epsilon
      );
      return edst === undefined || row.flops === null || edst.flops === null
        ? []
        : [{ flops: row.flops / edst.flops, minutes: row.minutes! / edst.minutes! }];
    });
    if (!rows.some(({ model }) => model.method === method)) return [];
    const claim = `${METHOD_NAMES[method]} costs no more than EDST_RG: at most 5 % more FLOPs`;
    if (pairs.length === 0) return [untested(claim)];
    const most = Math.max(...pairs.map(({ flops }) => flops));
    const times = pairs.map(({ minutes }) => minutes);
    const [shortest, longest] = [Math.min(...times).toFixed(2), Math.max(...times).toFixed(2)];
    const evidence = `FLOPs at most ${most.toFixed(3)} times, training time ${shortest} to ` +
      `${longest} times that of EDST_RG at the same ε`;
    return [decided(claim, most <= 1.05, evidence)];
  });
}

/** Compares our means with the published ones. */
export function levelFinding(rows: readonly Row[]): Finding {
  const compared = rows.filter(({ accuracies, published }) =>
    accuracies.length > 0 && published !== undefined
  );
  const claim = `No mean is more than ${TOLERANCE.toFixed(1)} point below the published one`;
  if (compared.length === 0) return { claim, verdict: "untested", evidence: "No run is finished" };
  const gap = ({ accuracies, published }: Row) => mean(accuracies) - published!.accuracy;
  const below = compared.filter((row) => gap(row) < -TOLERANCE);
  const text = (row: Row) =>
    `${modelName(row.model)}, ${sparsityText(row.model.epsilon)}: ${signed(gap(row))}`;
  const lowest = compared.reduce((least, row) => gap(row) < gap(least) ? row : least);
  const evidence = below.length === 0
    ? `The lowest of ${compared.length} is ${text(lowest)}`
    : `${below.length} of ${compared.length} means are lower: ${below.map(text).join("; ")}`;
  return decided(claim, below.length === 0, evidence);
}
