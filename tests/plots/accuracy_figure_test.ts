import assert from "node:assert/strict";
import { type AccuracyEpoch, accuracyFigure } from "../../lib/plots/accuracy_figure.ts";
import { renderSvg } from "../../lib/plots/render.ts";
import { countText, marksOf, textsOf } from "./svg_marks.ts";

/** Four epochs of exploration, two members with two and two each. */
const EPOCHS: AccuracyEpoch[] = Array.from({ length: 12 }, (_, i) => ({
  epoch: i + 1,
  member: i < 8 ? 0 : 1,
  phase: i < 4 ? "exploration" : i % 4 < 2 ? "refinement 1" : "refinement 2",
  accuracy: 0.5 + 0.01 * i,
  validationAccuracy: 0.52 + 0.01 * i,
}));

Deno.test("accuracyFigure draws both curves per member, the phases, and what was kept", async () => {
  const spec = accuracyFigure(EPOCHS, { title: "A run", kept: [8, 11], ensembleAccuracy: 0.7 });
  const svg = await renderSvg(spec);
  for (
    const text of [
      "A run",
      "epoch",
      "accuracy (%)",
      "member 1",
      "member 2",
      "held-out rows",
      "training rows, with dropout",
      "ensemble, test rows",
      "kept network",
      "exploration",
      "refinement 1",
      "refinement 2",
    ]
  ) assert.equal(countText(svg, text), 1, text);
  // Two curves of two members, with a gap where the member changes.
  const lines = marksOf(svg, "line").flat().map(({ d }) => d.match(/[ML]/g)!.length);
  assert.deepEqual(lines.sort(), [4, 4, 8, 8]);
  assert.equal(marksOf(svg, "rect").flat().length, 5);
  assert.equal(marksOf(svg, "symbol").flat().length, 2);
  assert.equal(marksOf(svg, "rule").flat().length, 2);
});

Deno.test("accuracyFigure places phases, members and kept networks by their epochs", () => {
  const { layer } = accuracyFigure(EPOCHS, { kept: [8, 99] }) as {
    layer: { data: { values: Record<string, unknown>[] } }[];
  };
  const [bands, borders, names, lines, kept] = layer.map(({ data }) => data.values);
  assert.deepEqual(
    bands.map(({ phase, member, from, to }) => [phase, member, from, to]),
    [
      ["exploration", 0, 0.5, 4.5],
      ["refinement 1", 0, 4.5, 6.5],
      ["refinement 2", 0, 6.5, 8.5],
      ["refinement 1", 1, 8.5, 10.5],
      ["refinement 2", 1, 10.5, 12.5],
    ],
  );
  assert.deepEqual(borders.map(({ from }) => from), [8.5]);
  assert.deepEqual(names.map(({ name, middle }) => [name, middle]), [
    ["member 1", 6.5],
    ["member 2", 10.5],
  ]);
  assert.equal(lines.length, 24);
  // An epoch that is not there is not drawn.
  assert.deepEqual(kept.map(({ epoch, percent }) => [epoch, Number(percent).toFixed(6)]), [[
    8,
    "59.000000",
  ]]);
});

Deno.test("accuracyFigure does without held-out rows, exploration and room for names", async () => {
  const epochs = Array.from({ length: 20 }, (_, i) => ({
    epoch: i + 1,
    member: Math.floor(i / 2),
    phase: "training",
    accuracy: 0.5,
    validationAccuracy: null,
  }));
  const svg = await renderSvg(accuracyFigure(epochs));
  assert.ok(!textsOf(svg).includes("held-out rows"));
  assert.ok(!textsOf(svg).includes("kept network"));
  // Ten members are numbered; axis labels of epochs may be the same.
  assert.ok(!textsOf(svg).includes("member 10"));
  assert.ok(countText(svg, "10") >= 1);
});

Deno.test("accuracyFigure draws one member, and one epoch", async () => {
  const svg = await renderSvg(accuracyFigure(EPOCHS.slice(0, 8)));
  assert.equal(countText(svg, "member 1"), 1);
  assert.equal(countText(await renderSvg(accuracyFigure(EPOCHS.slice(0, 1))), "member 1"), 1);
});

Deno.test("accuracyFigure refuses to draw nothing", () => {
  assert.throws(() => accuracyFigure([]), {
    name: "RangeError",
    message: "Cannot draw accuracy over the epochs: found no values, need at least one",
  });
  assert.throws(() => accuracyFigure([{ ...EPOCHS[0], accuracy: NaN }]), {
    name: "RangeError",
    message: "Cannot draw accuracy over the epochs: value 1 is NaN, need finite numbers",
  });
});
