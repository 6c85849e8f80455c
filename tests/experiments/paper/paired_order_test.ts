import assert from "node:assert/strict";
import {
  compare,
  compareWithOne,
  type Comparison,
  orderFindings,
  rankFindings,
  verdictOf,
  verdictSentence,
} from "../../../lib/experiments/paper/paired_order.ts";

const scores = (...values: number[]) => new Map(values.map((value, i) => [`${i + 1}`, value]));

Deno.test("compare pairs by seed, or takes a single score off all", () => {
  const first = new Map([["1", 73], ["2", 74], ["4", 75]]);
  const second = new Map([["2", 70], ["1", 71], ["3", 60]]);
  assert.deepEqual(compare(first, second), { differences: [2, 4], againstOne: false });
  const one = new Map([["1", 50]]);
  assert.deepEqual(compareWithOne(first, one), { differences: [23, 24, 25], againstOne: true });
  assert.deepEqual(compareWithOne(one, one), { differences: [0], againstOne: false });
  assert.deepEqual(compareWithOne(first, new Map()), { differences: [], againstOne: false });
});

Deno.test("compare gives one value a seed, of seeds that have all pairs", () => {
  const first = new Map([["10/1", 72], ["20/1", 74], ["10/2", 71], ["20/2", 75], ["20/3", 99]]);
  const second = new Map([["10/1", 71], ["20/1", 71], ["10/2", 71], ["20/2", 73], ["20/3", 1]]);
  assert.deepEqual(compare(first, second).differences, [2, 1]);
});

Deno.test("orderFindings goes by the interval of the difference", () => {
  const base = scores(70, 70, 70);
  const verdict = (...values: number[]) => {
    const comparison = compare(scores(...values), base);
    return orderFindings([{ claim: "ahead", comparison }])[0];
  };
  // scipy.stats.ttest_1samp([1, 2, 3], 0): p 0.0742, 95 % interval -0.484 to 4.484.
  const { numbers, ...open } = verdict(71, 72, 73);
  assert.deepEqual(open, {
    claim: "ahead",
    verdict: "open",
    evidence: "Difference +2.0 points, 95 % interval −0.5 to +4.5, 3 seeds, two-sided p = 0.074",
  });
  assert.deepEqual([numbers!.low.toFixed(3), numbers!.pValue.toFixed(4)], ["-0.484", "0.0742"]);
  // [2.9, 3, 3.1]: p 0.00037, 2.752 to 3.248.
  const ahead = verdict(72.9, 73, 73.1);
  assert.equal(ahead.verdict, "holds");
  assert.match(ahead.evidence, /\+3\.0 points, .* \+2\.8 to \+3\.2, .* p = 3\.7e-4$/);
  assert.equal(verdict(67.1, 67, 66.9).verdict, "contradicted");
  assert.equal(verdict(70, 70, 70).verdict, "open");
  assert.equal(verdict(74, 74, 74).verdict, "holds");
  assert.equal(verdict(80).verdict, "open");
  assert.equal(verdict().verdict, "untested");
});

Deno.test("a single run that several are compared with is taken to scatter as they do", () => {
  const against = (only: number) => {
    const comparison = compareWithOne(scores(80, 80.5, 81), new Map([["1", only]]));
    return orderFindings([{ claim: "ahead", comparison }])[0];
  };
  // scipy.stats.ttest_ind([80, 80.5, 81], [78]): t 4.3301, p 0.0494; scipy.stats.t.ppf(0.975, 2) = 4.3027.
  const far = against(78);
  assert.equal(far.verdict, "holds");
  assert.match(far.evidence, /3 runs against one/);
  assert.deepEqual(
    [far.numbers!.pValue, far.numbers!.low, far.numbers!.high].map((value) => value.toFixed(4)),
    ["0.0494", "0.0159", "4.9841"],
  );
  // The mean of the three is known to 0.29, their difference to the one is not: p 0.0533.
  assert.equal(against(78.1).verdict, "open");
});

Deno.test("orderFindings adjusts the p-values of a family that has values", () => {
  const of = (...differences: number[]): Comparison => ({ differences, againstOne: false });
  // scipy.stats.ttest_1samp(…, 0): p 0.00037, 0.0261 and, for [0.6, 0.9, 1.2], 0.0351.
  const family = [of(2.9, 3, 3.1), of(0.5, 0.7, 0.9), of(0.5), of()]
    .map((comparison, i) => ({ claim: `${i}`, comparison }));
  const findings = orderFindings(family);
  assert.deepEqual(findings.map(({ verdict }) => verdict), ["holds", "holds", "open", "untested"]);
  assert.match(findings[0].evidence, /p = 3\.7e-4 \(7\.4e-4 by Holm, of 2\)$/);
  // A third comparison makes the second's interval, though it excludes 0, no evidence any more.
  const more = orderFindings([...family, { claim: "4", comparison: of(0.6, 0.9, 1.2) }]);
  assert.equal(more[1].verdict, "open");
  assert.ok(more[1].numbers!.low > 0);
  assert.equal(more[1].numbers!.adjusted.toFixed(4), "0.0523");
});

Deno.test("a verdict needs the interval and the adjusted p-value", () => {
  assert.equal(verdictOf(0.1, 2, 0.049), "holds");
  assert.equal(verdictOf(0.1, 2, 0.05), "open");
  assert.equal(verdictOf(-0.1, 2, 0.01), "open");
  assert.equal(verdictOf(-2, -0.1, 0.01), "contradicted");
});

Deno.test("rankFindings goes by the signed ranks over data sets", () => {
  const pairs = Array.from({ length: 8 }, (_, i) => [70 + i + (i + 1) / 10, 70 + i] as const);
  const one = (scores: readonly (readonly [number, number])[]) =>
    rankFindings([{ claim: "ahead", scores }])[0];
  // scipy.stats.wilcoxon(..., alternative="greater") where all eight are ahead: 1 / 2⁸.
  const { numbers, ...finding } = one(pairs);
  assert.deepEqual(finding, {
    claim: "ahead",
    verdict: "holds",
    evidence: "Ahead on 8, behind on 0 of 8 data sets, median difference +0.45 points, one-sided " +
      "Wilcoxon p = 0.004",
  });
  assert.equal(numbers!.pValue, 1 / 256);
  const reverse = pairs.map(([one, other]) => [other, one] as const);
  assert.equal(one(reverse).verdict, "contradicted");
  assert.equal(one(pairs.slice(0, 2)).verdict, "open");
  assert.equal(one([]).verdict, "untested");
  // 13 of a kind: 13 / 256 is above 0.05.
  const many = rankFindings(Array.from({ length: 13 }, () => ({ claim: "", scores: pairs })));
  assert.deepEqual(new Set(many.map(({ verdict }) => verdict)), new Set(["open"]));
  assert.match(many[0].evidence, /p = 0\.004 \(0\.051 by Holm, of 13\)$/);
});

Deno.test("verdictSentence counts every verdict", () => {
  const finding = (verdict: "holds" | "contradicted" | "open" | "untested") => ({
    claim: "",
    verdict,
    evidence: "",
  });
  assert.equal(
    verdictSentence([finding("holds"), finding("open"), finding("open"), finding("untested")]),
    "Of 4 statements, 1 holds here; 2 not shown either way, 1 not tested.",
  );
  assert.equal(
    verdictSentence([finding("holds"), finding("holds")]),
    "Of 2 statements, 2 hold here.",
  );
});
