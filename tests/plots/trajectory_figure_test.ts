import assert from "node:assert/strict";
import { renderSvg } from "../../lib/plots/render.ts";
import { trajectoryFigure } from "../../lib/plots/trajectory_figure.ts";
import { countText, marksOf } from "./svg_marks.ts";

/** Two members with five points each, the epochs out of order. */
const points = [3, 1, 2, 5, 4].flatMap((epoch) => [
  { x: epoch, y: 0, member: 0, epoch },
  { x: 0, y: 3 * epoch, member: 1, epoch: epoch + 5 },
]);
const panels = ["EDST", "FD-TSE", "RD-TSE"].map((title) => ({ title, points }));

Deno.test("trajectoryFigure draws a way per member and panel, from diamond to star", async () => {
  const svg = await renderSvg(trajectoryFigure(panels, { columns: 3 }));
  for (const text of ["EDST", "FD-TSE", "RD-TSE", "member 1", "member 2", "start", "end"]) {
    assert.equal(countText(svg, text), 1, text);
  }
  const lines = marksOf(svg, "line").flat();
  assert.deepEqual(lines.map(({ d }) => d.match(/[ML]/g)!.length), Array(6).fill(5));
  const [, ends] = marksOf(svg, "symbol");
  const corners = ends.map(({ d }) => d.match(/[ML]/g)!.length);
  assert.deepEqual(corners, [4, 10, 4, 10]);
});

Deno.test("trajectoryFigure orders points by epoch and keeps both axes to one unit", () => {
  const { concat } = trajectoryFigure(panels) as {
    concat: {
      layer: {
        data: { values: { epoch: number; member: string; end: string }[] };
        encoding: Record<"x" | "y", { scale: { domain: number[] } }>;
      }[];
    }[];
  };
  const [line, , ends] = concat[0].layer;
  assert.deepEqual(line.data.values.map(({ epoch }) => epoch), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  assert.deepEqual(ends.data.values.map(({ member, end, epoch }) => [member, end, epoch]), [
    ["member 1", "start", 1],
    ["member 1", "end", 5],
    ["member 2", "start", 6],
    ["member 2", "end", 10],
  ]);
  const length = ([low, high]: number[]) => high - low;
  const { x, y } = line.encoding;
  assert.ok(Math.abs(length(x.scale.domain) - length(y.scale.domain)) < 1e-12);
  assert.ok(y.scale.domain[0] < 0 && y.scale.domain[1] > 15);
});

Deno.test("trajectoryFigure refuses to draw nothing", () => {
  assert.throws(() => trajectoryFigure([]), {
    name: "RangeError",
    message: "Cannot draw trajectories: found no panels, need at least one",
  });
  assert.throws(() => trajectoryFigure([{ title: "SET", points: [] }]), {
    name: "RangeError",
    message: "Cannot draw the trajectories of SET: found no values, need at least one",
  });
});
