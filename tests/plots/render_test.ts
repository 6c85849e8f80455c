import assert from "node:assert/strict";
import { renderPng, renderSvg } from "../../lib/plots/render.ts";

const POINTS = {
  width: 200,
  height: 100,
  data: { values: [{ x: 1, y: 2 }, { x: 2, y: 5 }, { x: 3, y: 3 }] },
  mark: "point",
  encoding: {
    x: { field: "x", type: "quantitative", title: "across" },
    y: { field: "y", type: "quantitative", title: "up <&>" },
  },
};

/** The text of every text element. */
function textsOf(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((match) => match[1]);
}

Deno.test("renderSvg draws one mark per value, and the axes with their titles", async () => {
  const svg = await renderSvg(POINTS);
  assert.match(svg, /^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  assert.match(svg, /<\/svg>\s*$/);
  const points = /<g class="mark-symbol role-mark marks"[^>]*>(.*?)<\/g>/s.exec(svg)![1];
  assert.equal(points.match(/<path/g)!.length, POINTS.data.values.length);
  const texts = textsOf(svg);
  assert.ok(texts.includes("across"));
  assert.ok(texts.includes("up &lt;&amp;&gt;"));
});

Deno.test("renderSvg escapes what would steer a terminal or turn the writing", async () => {
  const y = { field: "y", type: "quantitative", title: "up\x1b[2J\x9b\u202e" };
  const svg = await renderSvg({ ...POINTS, encoding: { ...POINTS.encoding, y } });
  assert.ok(textsOf(svg).includes("up\\u001b[2J\\u009b\\u202e"));
  assert.doesNotMatch(svg, /[\p{Cc}\u202e]/u);
});

Deno.test("renderSvg places a larger value higher", async () => {
  const svg = await renderSvg(POINTS);
  const points = /<g class="mark-symbol role-mark marks"[^>]*>(.*?)<\/g>/s.exec(svg)![1];
  const heights = [...points.matchAll(/transform="translate\([^,]+,([^)]+)\)/g)].map(([, y]) => +y);
  assert.equal(heights.length, 3);
  assert.ok(heights[1] < heights[2] && heights[2] < heights[0], `${heights}`);
});

Deno.test("renderSvg draws the same every time, and leaves the figure as it is", async () => {
  const coloured = {
    ...POINTS,
    encoding: { ...POINTS.encoding, color: { field: "y", type: "quantitative" } },
  };
  const before = structuredClone(coloured);
  const svg = await renderSvg(coloured);
  assert.match(svg, / id="name-0"/);
  assert.match(svg, /url\(#name-0\)/);
  assert.equal(await renderSvg(coloured), svg);
  assert.deepEqual(coloured, before);
});

Deno.test("renderSvg says what it could not draw", async () => {
  await assert.rejects(() => renderSvg({ mark: "cloud", data: { values: [] } }), {
    name: "SyntaxError",
    message: /^Cannot draw the figure: /,
  });
  const misspelt = { ...POINTS, encoding: { ...POINTS.encoding, colour: { value: "red" } } };
  await assert.rejects(() => renderSvg(misspelt), {
    name: "SyntaxError",
    message: /^Cannot draw the figure: .*colour/,
  });
});

Deno.test("renderPng draws at the scale it is asked for", async () => {
  const sizes: number[][] = [];
  for (const scale of [1, 3]) {
    const png = await renderPng(POINTS, scale);
    assert.deepEqual([...png.subarray(0, 8)], [137, 80, 78, 71, 13, 10, 26, 10]);
    const view = new DataView(png.buffer, png.byteOffset);
    sizes.push([view.getUint32(16), view.getUint32(20)]);
  }
  const [[width, height], [wide, high]] = sizes;
  assert.ok(width > 200 && height > 100, `${width} × ${height}`);
  assert.ok(Math.abs(wide - 3 * width) <= 3 && Math.abs(high - 3 * height) <= 3, `${wide}`);
});
