import type { MethodName } from "../../../methods/mod.ts";
import { mean } from "../../../statistics/mod.ts";
import { type Finding, signed } from "../../../reports/mod.ts";
import { accuracyBySeed } from "../evidence_runs.ts";
import type { Selection } from "../experiment.ts";
import { compare, decided, orderFinding, type Scores, untested } from "../paired_order.ts";
import {
  METHOD_NAMES,
  modelName,
  PROPOSED,
  SINGLE_RATES,
  singleName,
  SINGLES,
  sparsityText,
} from "../paper_configs.ts";
import { type Model, type Row, singleEpsilon } from "./table1_rows.ts";

/** The points by which our mean may lie below a published one. */
const TOLERANCE = 1;

/** Scores by seed and, where several are pooled, by ε. */
function scoresOf(
  rows: readonly Row[],
  method: MethodName,
  where: (model: Model) => boolean = () => true,
): Scores {
  return new Map(
    rows.filter(({ model }) => model.method === method && where(model)).flatMap((row) => [
      ...accuracyBySeed(row.runs, row.model.epsilon === null ? "" : `${row.model.epsilon}/`),
    ]),
  );
}

/** The order of the methods, pooled and at every sparsity. */
export function orderFindings(rows: readonly Row[], selection: Selection): Finding[] {
  const has = (method: MethodName) => rows.some(({ model }) => model.method === method);
  const findings: Finding[] = [];
  const against = (baseline: MethodName, methods: readonly MethodName[]) =>
    has(baseline) ? methods.filter(has) : [];
  const add = (claim: string, first: Scores, second: Scores) =>
    findings.push(orderFinding(claim, compare(first, second)));
  const single = singleEpsilon(selection);
  const atSingle = ({ epsilon }: Model) => epsilon === single;
  const { epsilons } = selection;
  for (const method of against("edst", PROPOSED)) {
    const claim = `${METHOD_NAMES[method]} is more accurate than EDST_RG`;
    add(`${claim}, all ε together`, scoresOf(rows, method), scoresOf(rows, "edst"));
    for (const epsilon of epsilons.length > 1 ? epsilons : []) {
      const here = (model: Model) => model.epsilon === epsilon;
      const [first, second] = [scoresOf(rows, method, here), scoresOf(rows, "edst", here)];
      add(`${claim} at ε = ${epsilon}`, first, second);
    }
  }
  for (const method of against("edst", SINGLES)) {
    for (const rate of SINGLE_RATES) {
      add(
        `EDST_RG is more accurate than the ${singleName(method, rate)} at ε = ${single}`,
        scoresOf(rows, "edst", atSingle),
        scoresOf(rows, method, ({ learningRate }) => learningRate === rate),
      );
    }
  }
  for (const dense of ["dense", "dense-ensemble"] as const) {
    for (const method of against(dense, PROPOSED)) {
      const seedOnly = new Map(
        rows.filter(({ model }) => model.method === method && atSingle(model))
          .flatMap(({ runs }) => [...accuracyBySeed(runs)]),
      );
      const [name, other] = [METHOD_NAMES[method], METHOD_NAMES[dense].toLowerCase()];
      const claim = `${name} at ε = ${single} is more accurate than the ${other}`;
      add(claim, seedOnly, scoresOf(rows, dense));
    }
  }
  return findings;
}

/** "Without any significant additional overhead in terms of training FLOPS and training time." */
export function costFindings(rows: readonly Row[]): Finding[] {
  return PROPOSED.flatMap((method): Finding[] => {
    const pairs = rows.filter(({ model }) => model.method === method).flatMap((row) => {
      const edst = rows.find(({ model }) =>
        model.method === "edst" && model.epsilon === row.model.epsilon
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
