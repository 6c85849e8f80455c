/**
 * Every part of a sentence with a figure of Tables 2 to 5 and Figures 2 to 4 in results/README.md.
 * Whether something is shown follows from the findings of the reports.
 *
 * @module
 */
import assert from "node:assert/strict";
import { pText } from "../../../lib/reports/mod.ts";
import { mean, median } from "../../../lib/statistics/mod.ts";
import {
  difference,
  extent,
  extentText,
  finding,
  fixed,
  record,
  type RecordOfAny,
  records,
  SHOWN,
} from "../records.ts";

const PROPOSED = ["RD-TSE", "FD-TSE", "Dist-TSE (λ = 1.5)"];

/** The words for a p-value and what Holm makes of it. */
function pWords({ numbers }: ReturnType<typeof finding>): string {
  return `p = ${pText(numbers!.pValue)}, ${pText(numbers!.adjusted)} after Holm`;
}

/** What SET gains by η = 0.1 in the mean over the data sets of Table 2 but for one. */
function gainOfSet(left: string): number {
  const runs = records("table2/runs.jsonl").filter(({ config }) =>
    config.method === "set" && config.file !== left
  );
  const at = (rate: number) =>
    mean(
      runs.filter(({ config }) => config.learningRate === rate)
        .map(({ record }) => 100 * record.accuracy),
    );
  return at(0.1) - at(0.01);
}

/** What is said of Table 2. */
export function tableTwoClaims(): string[] {
  const report = "table2/table2.json";
  const { table2 } = record(report).tables;
  const model = (name: string) => table2.find(({ model }: RecordOfAny) => model === name);
  const dense = model("Single dense model");
  const [fd, dist] = PROPOSED.slice(1).map(model);
  const ensembles = ["EDST_RG", ...PROPOSED].map(model);
  const best = (key: string) => Math.max(...table2.map((row: RecordOfAny) => row[key] ?? 0));
  assert.equal(Math.min(...table2.map((row: RecordOfAny) => row.meanRank ?? 99)), fd.meanRank);
  assert.deepEqual([dense.wins, dist.wins], [best("wins"), 0]);
  const [tuned, plain] = [0.1, 0.01].map((rate) => model(`SET-MLP, η = ${rate}`));
  const [fast, slow] = [0.1, 0.01].map((rate) => model(`Single static sparse model, η = ${rate}`));
  assert.equal(fast.winsTuned, best("winsTuned"));
  const against = (name: string, other: string) =>
    finding(report, `${name} is more accurate than ${other}`);
  const toEdst = PROPOSED.map((name) => against(name, "EDST_RG"));
  const [rdVerdict, , distVerdict] = toEdst.map(({ verdict }) => verdict);
  assert.equal(rdVerdict, distVerdict);
  const toDense = PROPOSED.map((name) => against(name, "the single dense model"));
  const denseVerdicts = new Set(toDense.map(({ verdict }) => SHOWN[verdict]));
  const [, ahead] = toEdst;
  const [, beats] = toDense;
  const equal = table2.find(({ refinement }: RecordOfAny) => refinement !== null);
  const minutes = ensembles.map((row) => row.minutes);
  const times = ensembles.map((row) => dense.minutes / row.minutes);
  return [
    `[Table 2]: ${ahead.numbers!.count} tabular data sets`,
    `FD-TSE is ${
      SHOWN[ahead.verdict]
    } to be more accurate than EDST with random growth: ahead on ` +
    `${ahead.numbers!.ahead} sets (${
      pWords(ahead)
    }, one-sided as all tests of this table). For RD and Dist it is ${SHOWN[rdVerdict]}`,
    equal === undefined
      ? "EDST with comprehensive refinement is not run on these sets yet"
      : `Against EDST with comprehensive refinement, on ${equal.datasets} sets, FD-TSE is ${
        SHOWN[against("FD-TSE", "EDST_RG, comprehensive").verdict]
      }`,
    `FD-TSE's mean accuracy is ${fixed(fd.meanAccuracy, 2)} %`,
    `most often the best (on ${dense.wins}) and has ${fixed(dense.meanAccuracy, 2)} %`,
    `takes ${extentText(times)} times as long: ${fixed(dense.minutes, 0)} minutes for all sets, ` +
    `where the ensembles take ${extentText(minutes)}`,
    `It is ${[...denseVerdicts].join()} to be worse than RD, FD or Dist: FD-TSE is ahead on ` +
    `${beats.numbers!.ahead} of ${beats.numbers!.count} (${pWords(beats)})`,
    `it is best on ${slow.wins}.`,
    `SET gains ${fixed(tuned.meanAccuracy - plain.meanAccuracy, 1)} points (${
      fixed(gainOfSet("dataset:pol"), 1)
    } without Pol)`,
    `most often the best (on ${fast.winsTuned}), and`,
  ];
}

/** What is said of Tables 3 to 5. */
export function otherTableClaims(): string[] {
  const { table4 } = record("table4/table4.json").tables;
  const seconds = (isDistance: boolean) =>
    table4.filter(({ method }: RecordOfAny) => (method === "dist") === isDistance)
      .map((row: RecordOfAny) => row.seconds);
  const faster = table4.map((row: RecordOfAny) => row.publishedSeconds / row.seconds);
  const refinement = (claim: string) => finding("table3/gesture-phase/table3.json", claim);
  const single = PROPOSED.map((name) =>
    refinement(`${name} gains by the Comprehensive Refinement Phase`)
  );
  const alone = single.filter(({ verdict }) => verdict === "holds").length;
  assert.equal(
    refinement("The phase costs nothing: FLOPs with and without it differ by 5 % at most").verdict,
    "holds",
  );
  const { tables: { table5 }, findings } = record("table5/gesture-phase/table5.json");
  const proposed = table5.filter(({ method }: RecordOfAny) => method !== "edst");
  assert.ok(findings.every(({ verdict }: RecordOfAny) => verdict === "holds"));
  const most = Math.max(...proposed.map(({ p }: RecordOfAny) => p));
  assert.ok(most < 1e-5);
  const outside = (key: string) =>
    proposed.filter((row: RecordOfAny) => row[`${key}Low`] > 0 || row[`${key}High`] < 0).length;
  const hasEqual = table5.some(({ refinement }: RecordOfAny) => refinement !== null);
  return [
    `over all three methods together by ${
      difference(refinement("All methods together gain by it"))
    }`,
    alone === 0 ? "For none of the methods alone it is shown" : `For ${alone} of the methods alone`,
    `takes ${extent(seconds(false)).map((s) => fixed(1000 * s, 0)).join(" to ")} ms (RD, FD)`,
    `and ${extentText(seconds(true), 2)} s (Dist)`,
    `That is ${extentText(faster).replace(/(\d)(\d{3})$/, "$1,$2")} times faster`,
    `on ${
      Math.max(...table5.map(({ pairs }: RecordOfAny) => pairs ?? 0))
    } bootstrapped test sets ` +
    `of seed 1 all ${proposed.length} ensembles`,
    "(one-tailed Wilcoxon, p below 1e-5)",
    `excludes 0 for ${outside("difference")} of them`,
    hasEqual
      ? `Against EDST with comprehensive refinement it excludes 0 for ${
        outside("equalRefinement") || "none"
      } of them`
      : "EDST with comprehensive refinement is not run there yet",
  ];
}

/** What is said of the figures. */
export function figureClaims(): string[] {
  const gaussian = finding(
    "fig2/gesture-phase/fig2.json",
    "The distances are approximately Gaussian",
  );
  const [, p] = gaussian.evidence.match(/\d+(\.\d+)?(e-?\d+)?/g)!.map(Number);
  const { fig3 } = record("fig3/gesture-phase/fig3.json").tables;
  const steps = fig3.map((row: RecordOfAny) => row.meanStep / row.meanDistanceWithin);
  const report = "fig4/gesture-phase/fig4.json";
  const itself = (name: string, way: string) =>
    finding(
      report,
      `${name} re-initialises ${name.startsWith("Dist") ? "nearer" : "farther"} than EDST_RG ` +
        `(${way}): from the network itself`,
    );
  const carried = PROPOSED.map((name) =>
    itself(name, "NNSTD, the first layer's matching carried through")
  );
  const carriedVerdicts = new Set(carried.map(({ verdict }) => SHOWN[verdict]));
  const alone = PROPOSED.map((name) =>
    itself(name, "the second layer alone, its inputs in their places")
  );
  const [rdAlone, fdAlone, distAlone] = alone.map(({ verdict }) => SHOWN[verdict]);
  assert.equal(rdAlone, fdAlone);
  const { fig4 } = record(report).tables;
  const own = (method: string) =>
    fig4.find((row: RecordOfAny) => row.method === method && row.way !== "carried").own;
  const [, fd] = carried;
  return [
    `p = ${fixed(p, 3)})`,
    `(${fixed(median(steps), 2)} of it)`,
    `RD, FD and Dist are ${
      [...carriedVerdicts].join()
    } to re-initialise farther from the network, ` +
    `or nearer to it, than random growth does (FD-TSE is nearer by ${
      fixed(-fd.numbers!.difference, 4)
    }, ${pWords(fd)}`,
    `RD and FD are ${rdAlone} to re-initialise farther, as published (${fixed(own("rd"), 3)} and ${
      fixed(own("fd"), 3)
    } against ${fixed(own("edst"), 3)}). That Dist-TSE comes out nearer is ${distAlone}`,
  ];
}
