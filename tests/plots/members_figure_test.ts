import assert from "node:assert/strict";
import type { AccuracyEpoch } from "../../lib/plots/accuracy_figure.ts";
import { membersFigure } from "../../lib/plots/members_figure.ts";
import { renderSvg } from "../../lib/plots/render.ts";
import { countText, marksOf } from "./svg_marks.ts";

/** Four members of three epochs each; the last two without held-out rows. */
const EPOCHS: AccuracyEpoch[] = Array.from({ length: 12 }, (_, i) => ({
  epoch: i + 1,
  member: Math.floor(i / 3),
  phase: "training",
  accuracy: 0.5 + 0.1 * (i % 3) + 0.02 * Math.floor(i / 3),
  validationAccuracy: i < 6 ? 0.6 + 0.1 * (i % 3) : null,
}));

const panelOf = (member: number) => member < 2 ? "tried" : "after the trials";

Deno.test("membersFigure lays members over each other, a panel for every kind", async () => {
  const svg = await renderSvg(membersFigure(EPOCHS, { title: "A run", panelOf }));
  for (const text of ["A run", "tried", "after the trials", "held-out rows"]) {
    assert.equal(countText(svg, text), 1, text);
  }
  // Not a tooth for every member: a line and a band for every curve of a panel.
  const points = marksOf(svg, "line").flat().map(({ d }) => d.match(/[ML]/g)!.length);
  assert.deepEqual(points, [3, 3, 3]);
  assert.equal(marksOf(svg, "area").flat().length, 3);
});

Deno.test("membersFigure counts the epochs of every member, and shows mean and range", () => {
  const { concat } = membersFigure(EPOCHS, { panelOf }) as {
    concat: { layer: { data: { values: Record<string, number>[] } }[] }[];
  };
  const rounded = concat[1].layer[1].data.values.map(({ epoch, low, mean, high }) =>
    [epoch, low, mean, high].map((value) => Number(value.toFixed(9)))
  );
  assert.deepEqual(rounded, [[1, 54, 55, 56], [2, 64, 65, 66], [3, 74, 75, 76]]);
});

Deno.test("membersFigure refuses to draw nothing", () => {
  assert.throws(() => membersFigure([]), RangeError);
  assert.throws(() => membersFigure([{ ...EPOCHS[0], accuracy: NaN }]), {
    message: "Cannot draw the accuracy of members: value 1 is NaN, need finite numbers",
  });
});
