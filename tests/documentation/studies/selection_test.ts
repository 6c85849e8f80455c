/** The sentences of docs/feature_selection.md on the study are those of its records. */
import assert from "node:assert/strict";
import { prose, readPage, section } from "../markdown.ts";
import { WORDS } from "../records.ts";
import { areShown, difference, meanOf, overSeeds, selectionRecords } from "./selection_records.ts";

const TEXT = prose(section(readPage("docs/feature_selection.md"), "How they fare"));

/** Points of a hundred, with their interval. */
function points(data: string, selection: string, other: string): string {
  const { estimate, low, high } = difference(data, selection, other);
  return [estimate, low, high].map((share) => (100 * share).toFixed(1).replace("-", "−")).join(" ");
}

Deno.test("every selection of the study has the same seeds on every data set", () => {
  const found = new Map<string, string[]>();
  for (const { data, seed, selection } of selectionRecords()) {
    const key = `${data}, ${selection}`;
    found.set(key, [...found.get(key) ?? [], seed]);
  }
  for (const [key, seeds] of found) assert.deepEqual(seeds.toSorted(), ["1", "2", "3"], key);
});

Deno.test("strength finds the relevant columns of the made tables, as the page says", () => {
  const recall = (selection: string) => 20 * meanOf(overSeeds("made", selection, "recall"));
  assert.equal(recall("strength"), 20);
  assert.ok(TEXT.includes("Strength finds all 20 on every made table"));
  assert.ok(TEXT.includes(`Importance finds ${recall("importance").toFixed(1)} of 20`));
  assert.equal(recall("variance"), 0);
  assert.ok(TEXT.includes("variance none"));
});

Deno.test("the differences that the page calls shown have intervals without 0, and p-values below 0.05 by Holm", () => {
  const claims = Array.from(
    TEXT.matchAll(/(\S+) points \((\S+) to (\S+)\): (shown|not shown)/g),
    ([, ...words]) => words,
  );
  const pairs = [
    ["made", "strength", "variance"],
    ["made", "strength", "strength, noise 0.2"],
    ["made", "importance", "random forest"],
    ["digits", "strength", "variance"],
    ["digits", "attention", "variance"],
    ["bioresponse", "strength", "variance"],
    ["bioresponse", "attention", "variance"],
    ["bioresponse", "importance", "random forest"],
  ] as const;
  assert.equal(claims.length, pairs.length);
  assert.ok(TEXT.includes(`Holm's adjustment for these ${WORDS[pairs.length]} differences`));
  const shown = areShown(pairs.map(([data, one, other]) => difference(data, one, other)));
  pairs.forEach(([data, selection, other], k) => {
    const [estimate, from, to, word] = claims[k];
    assert.equal(`${estimate} ${from} ${to}`, points(data, selection, other), `${data}, ${other}`);
    assert.equal(word, shown[k] ? "shown" : "not shown", `${data}, ${other}`);
  });
});

Deno.test("the page tells how far columns at random are behind all of Bioresponse", () => {
  const [random, all] = ["at random", "all columns"].map((selection) =>
    100 * meanOf(overSeeds("bioresponse", selection, "accuracy"))
  );
  const says = `Columns drawn at random are ${(all - random).toFixed(1)} points behind all of them`;
  assert.ok(TEXT.includes(says), `${says}\n${TEXT}`);
});

Deno.test("a difference over seeds has the p-value that SciPy has, and Holm counts all of them", () => {
  // scipy.stats.ttest_rel(strength, variance) on digits and on made; Holm by hand for two of them.
  const pairs = [["digits", "strength", "variance"], ["made", "strength", "variance"]] as const;
  const both = pairs.map(([data, one, other]) => difference(data, one, other));
  assert.deepEqual(both.map(({ pValue }) => pValue.toFixed(4)), ["0.0202", "0.0007"]);
  assert.deepEqual(areShown(both), [true, true]);
  assert.deepEqual(areShown([both[0], both[0], both[0], both[1]]), [false, false, false, true]);
});
