/**
 * Pages whose numbers are held: every number in their prose belongs to a claim that was made of
 * records, or to a set-up. Numbers are written with digits or as words.
 *
 * @module
 */
import assert from "node:assert/strict";

/** Numbers in digits or words. "One" and "first" are left out: they mostly count nothing. */
export const NUMBER =
  /\d+|\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|twenty|thirty|hundred|thousand|million|half|halves|third|quarter|fifth|tenth|twice|double|doubles)\b/gi;

/**
 * Takes claims and set-ups out of a page, and tells what numbers are left.
 *
 * @param text The page's prose.
 * @param claims Parts of sentences with figures that records give. Each stands in the text.
 * @param setups What names a set-up and measures nothing. Each stands in the text, as often as it may.
 */
export function unheld(
  text: string,
  claims: readonly string[],
  setups: readonly (string | RegExp)[],
): string[] {
  let rest = text;
  // The longest first: a short one may be a part of it.
  for (const claim of claims.toSorted((a, b) => b.length - a.length)) {
    assert.ok(rest.includes(claim), `the page does not say "${claim}"`);
    rest = rest.replace(claim, "§");
  }
  for (const setup of setups) {
    const found = typeof setup === "string" ? rest.includes(setup) : setup.test(rest);
    assert.ok(found, `the page does not say ${setup}`);
    rest = typeof setup === "string"
      ? rest.replaceAll(setup, "§")
      : rest.replaceAll(new RegExp(setup, "g"), "§");
  }
  const found = rest.matchAll(new RegExp(`.{0,40}(${NUMBER.source})[^ ]*`, "gi"));
  return Array.from(found, ([place]) => place);
}
