import assert from "node:assert/strict";
import { display, displayTable } from "../../lib/reports/display.ts";
import { resultsFigure } from "../../lib/plots/results_figure.ts";

/** What Deno's Jupyter kernel does with the last value of a cell. */
// deno-lint-ignore no-explicit-any
const shown = async (value: any): Promise<any> => await value[Symbol.for("Jupyter.display")]();

const spec = resultsFigure([
  { group: "", label: "FD-TSE", series: "ours", estimate: 94.4, low: 93.3, high: 95.3 },
], { title: "Accuracy", interval: "bars: 95 %" });

Deno.test("display gives a figure as Vega-Lite, as SVG and as text", async () => {
  const content = await shown(display(spec));
  assert.equal(content["text/plain"], "Accuracy");
  assert.match(content["image/svg+xml"], /^<svg .*>FD-TSE</s);
  const vega = content["application/vnd.vegalite.v5+json"];
  assert.equal(vega.$schema, "https://vega.github.io/schema/vega-lite/v5.json");
  assert.deepEqual({ ...vega, $schema: spec.$schema }, spec);
  // A notebook file keeps it as JSON.
  assert.deepEqual(JSON.parse(JSON.stringify(vega)), vega);
});

Deno.test("display calls a figure by its title, or a figure", async () => {
  const point = { data: { values: [{ x: 1 }] }, mark: "point" };
  for (
    const [title, text] of [
      ["Loss", "Loss"],
      [{ text: ["Loss", "of a run"] }, "Loss of a run"],
      [undefined, "Figure"],
    ] as const
  ) {
    const content = await shown(display(title === undefined ? point : { ...point, title }));
    assert.equal(content["text/plain"], text);
  }
});

Deno.test("display tells of a figure that cannot be drawn", async () => {
  await assert.rejects(() => shown(display({ mark: "cloud" })), /^SyntaxError: Cannot draw/);
});

Deno.test("displayTable gives a table as HTML, as Markdown and as text", async () => {
  assert.deepEqual(await shown(displayTable({ columns: ["seed"], rows: [[1]] })), {
    "text/html":
      '<table><thead><tr><th scope="col" class="number">seed</th></tr></thead><tbody><tr><td class="number">1</td></tr></tbody></table>',
    "text/markdown": "| seed |\n| ---: |\n| 1 |\n",
    "text/plain": "seed\n----\n   1\n",
  });
});
