import assert from "node:assert/strict";
import {
  compare,
  orderFinding,
  rankFinding,
  verdictSentence,
} from "../../../lib/experiments/paper/paired_order.ts";

const scores = (...values: number[]) => new Map(values.map((value, i) => [`${i + 1}`, value]));

Deno.test("compare pairs by seed, or takes a single score off all", () => {
  const first = new Map([["1", 73], ["2", 74], ["4", 75]]);
  const second = new Map([["2", 70], ["1", 71], ["3", 60]]);
  assert.deepEqual(compare(first, second), { differences: [2, 4], againstOne: false });
  const one = new Map([["1", 50]]);
  assert.deepEqual(compare(first, one), { differences: [23, 24, 25], againstOne: true });
  assert.deepEqual(compare(one, one), { differences: [0], againstOne: false });
});

Deno.test("orderFinding goes by the interval of the difference", () => {
  const base = scores(70, 70, 70);
  const verdict = (...values: number[]) => orderFinding("ahead", compare(scores(...values), base));
  // scipy.stats.ttest_1samp([1, 2, 3], 0): p 0.0742, 95 % interval -0.484 to 4.484.
  assert.deepEqual(verdict(71, 72, 73), {
    claim: "ahead",
    verdict: "open",
    evidence: "Difference +2.0 points, 95 % interval −0.5 to +4.5, 3 pairs, two-sided p = 0.074",
  });
  // [2.9, 3, 3.1]: p 0.00037, 2.752 to 3.248.
  const ahead = verdict(72.9, 73, 73.1);
  assert.equal(ahead.verdict, "holds");
  assert.match(ahead.evidence, /\+3\.0 points, .* \+2\.8 to \+3\.2, .* p = 3\.7e-4$/);
  assert.equal(verdict(67.1, 67, 66.9).verdict, "contradicted");
  assert.equal(verdict(70, 70, 70).verdict, "open");
  assert.equal(verdict(80).verdict, "open");
  assert.equal(verdict().verdict, "untested");
  const one = orderFinding("ahead", compare(scores(80, 80.1), new Map([["1", 70]])));
  assert.equal(one.verdict, "holds");
  assert.match(one.evidence, /2 runs against one/);
});

Deno.test("rankFinding goes by the signed ranks over data sets", () => {
  const pairs = Array.from({ length: 8 }, (_, i) => [70 + i + (i + 1) / 10, 70 + i] as const);
  // scipy.stats.wilcoxon(..., alternative="greater") where all eight are ahead: 1 / 2⁸.
  assert.deepEqual(rankFinding("ahead", pairs), {
    claim: "ahead",
    verdict: "holds",
    evidence: "Ahead on 8, behind on 0 of 8 data sets, median difference +0.45 points, one-sided " +
      "Wilcoxon p = 0.004",
  });
  const reverse = pairs.map(([one, other]) => [other, one] as const);
  assert.equal(rankFinding("ahead", reverse).verdict, "contradicted");
  assert.equal(rankFinding("ahead", pairs.slice(0, 2)).verdict, "open");
  assert.equal(rankFinding("ahead", []).verdict, "untested");
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
