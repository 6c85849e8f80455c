import assert from "node:assert/strict";
import { costFigure } from "../../lib/plots/cost_figure.ts";
import { labelPlaces } from "../../lib/plots/label_places.ts";
import { renderSvg } from "../../lib/plots/render.ts";
import { randomStream } from "../../lib/random.ts";

/** The box of a name of letters that are 5 pixels wide and 8 high. */
function box({ name, x, y }: { name: string; x: number; y: number }, side: string, shift: number) {
  const width = 5 * name.length;
  return { left: side === "right" ? x + 6 : x - 6 - width, width, top: y + shift - 10 };
}

Deno.test("names cover neither each other nor points, as long as there is room", () => {
  const random = randomStream(1);
  const points = Array.from({ length: 25 }, (_, i) => ({
    name: `method ${i}`,
    x: 150 + 300 * random.float(),
    y: 50 + 300 * random.float(),
  }));
  // Two at one place.
  points[1] = { ...points[0], name: "the same" };
  const places = labelPlaces(points, 600);
  const boxes = points.map((point, i) => box(point, places[i].side, places[i].shift));
  boxes.forEach((one, i) => {
    boxes.slice(i + 1).forEach((other, j) => {
      const isApart = one.left + one.width <= other.left || other.left + other.width <= one.left ||
        Math.abs(one.top - other.top) >= 8;
      assert.ok(isApart, `${points[i].name} and ${points[i + 1 + j].name}`);
    });
    for (const { x, y } of points) {
      const isOver = x > one.left && x < one.left + one.width && y > one.top && y < one.top + 8;
      assert.ok(!isOver, `${points[i].name} over the point at ${x}, ${y}`);
    }
  });
});

Deno.test("a name with room stands on the right of its point, and no line leads to it", async () => {
  const far = [[1, 70], [10, 80], [100, 90]].map(([cost, score]) => (
    { name: `costs ${cost}`, series: "one", cost, score }
  ));
  assert.deepEqual(
    labelPlaces(far.map(({ name, score }) => ({ name, x: 4 * score, y: 3 * score })), 640),
    far.map(() => ({ side: "right", shift: 0 })),
  );
  const near = far.map((point) => ({ ...point, cost: 1, score: 70 + point.score / 1e6 }));
  const hasLine = (points: typeof far, namesApart: boolean) =>
    JSON.stringify(costFigure([...points, ...far], { namesApart })).includes('"rule"');
  assert.deepEqual([hasLine([], true), hasLine(near, true)], [false, true]);
  assert.equal(hasLine(near, false), false);
  const svg = await renderSvg(costFigure([...near, far[2]], { namesApart: true }));
  for (const { name } of near) assert.ok(svg.includes(`>${name}<`));
});
