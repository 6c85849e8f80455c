/** results/comparison/README.md: every number in its prose is that of a record. */
import assert from "node:assert/strict";
import { unheld } from "../held.ts";
import { prose, readPage } from "../markdown.ts";
import { developmentClaims } from "./development_claims.ts";

const SETUPS = [
  "in no test part of seeds 1, 2 and 3",
  "at most four members a candidate",
  "With 2.5 times the epochs for the finest sines",
  "With 2.5 times the epochs for all candidates",
  "is below 0.05",
  "may do as well as two",
  "tried with four networks of what the recipe chooses",
  "quantiles within ±3",
  "each adjusted for the three changes",
  "1.5 times the epochs",
  "Without AVX-512",
  "Eight networks These changes were tried with eight networks of what the recipe chooses",
];

Deno.test("every number in what was tried for the recipe is that of a record", () => {
  const page = prose(readPage("results/comparison/README.md"));
  assert.deepEqual(unheld(page, developmentClaims(), SETUPS), []);
});
