import assert from "node:assert/strict";
import { heatmapFigure } from "../../lib/plots/heatmap_figure.ts";
import { renderReport, type Report } from "../../lib/reports/html_report.ts";
import { newFolder, readBytes, writeFile } from "../files.ts";
import { browser, openInBrowser } from "../browser.ts";

const heatmap = heatmapFigure([{ title: "FD-TSE", distances: [[0.1, 0.2], [0.3, 0.4]] }]);

const REPORT: Report = {
  title: "Runs & <script>more</script>",
  lead: "Two sections.",
  sections: [
    {
      title: "A table",
      blocks: [
        { kind: "text", text: "a < b" },
        {
          kind: "table",
          table: { columns: ["method", "%"], rows: [["FD-TSE", 74.5], ["SET", 62]] },
        },
        { kind: "code", text: 'echo "<&>"' },
      ],
    },
    {
      title: "Figures",
      blocks: [
        { kind: "figure", spec: heatmap, caption: "A caption" },
        { kind: "figure", spec: heatmap },
      ],
    },
  ],
};

Deno.test("renderReport writes a document with everything in it, and markup as text", async () => {
  const html = await renderReport(REPORT);
  assert.match(html, /<title>Runs &amp; &lt;script&gt;more&lt;\/script&gt;<\/title>/);
  assert.doesNotMatch(html, /<script|<link|<iframe|@import/);
  assert.match(html, /<li><a href="#section-2">Figures<\/a><\/li>/);
  assert.match(html, /<section id="section-2"><h2>Figures<\/h2>/);
  assert.match(html, /<pre><code>echo &quot;&lt;&amp;&gt;&quot;<\/code><\/pre>/);
  // Every figure is there for wide screens and for narrow ones.
  assert.equal(html.match(/<svg /g)!.length, 4);
  assert.match(html, /<figcaption>A caption<\/figcaption>/);
  // Addresses are names of vocabularies only, which no browser opens.
  const addresses = new Set([...html.matchAll(/https?:[^"'\s<)]*/g)].map(([address]) => address));
  assert.deepEqual([...addresses].sort(), [
    "http://www.w3.org/1999/xlink",
    "http://www.w3.org/2000/svg",
  ]);
});

Deno.test("renderReport gives every name in the document once", async () => {
  const html = await renderReport(REPORT);
  const names = [...html.matchAll(/\bid="([^"]+)"/g)].map(([, name]) => name);
  assert.ok(
    names.includes("figure-1-name-0") && names.includes("figure-2-narrow-name-0"),
    `${names}`,
  );
  assert.equal(new Set(names).size, names.length);
  const used = [...html.matchAll(/(?:url\(|href=")#([^)"]+)/g)].map(([, name]) => name);
  assert.ok(used.length >= 4);
  assert.deepEqual(used.filter((name) => !names.includes(name)), []);
});

Deno.test("renderReport is the same every time", async () => {
  assert.equal(await renderReport(REPORT), await renderReport(REPORT));
});

Deno.test({
  name: "Chromium shows a report (needs chromium)",
  ignore: browser === null,
  fn: async () => {
    const folder = newFolder();
    writeFile(`${folder}/report.html`, await renderReport(REPORT));
    const page = await openInBrowser(`${folder}/report.html`, ["--dump-dom"]);
    assert.match(page, /<title>Runs &amp; &lt;script&gt;more&lt;\/script&gt;<\/title>/);
    assert.equal(page.match(/<table>/g)!.length, 1);
    assert.equal(page.match(/<tr>/g)!.length, 3);
    assert.equal(page.match(/<svg /g)!.length, 4);

    await openInBrowser(`${folder}/report.html`, [
      "--window-size=900,1200",
      "--hide-scrollbars",
      `--screenshot=${folder}/report.png`,
    ]);
    const png = readBytes(`${folder}/report.png`);
    const view = new DataView(png.buffer);
    assert.deepEqual([view.getUint32(16), view.getUint32(20)], [900, 1200]);
    // An empty page of this size takes some 5,000 bytes.
    assert.ok(png.length > 20_000, `${png.length} bytes`);
  },
});

Deno.test({
  name: "Chromium asks nobody for anything, even where a report says so (needs chromium)",
  ignore: browser === null,
  fn: async () => {
    const asked: string[] = [];
    const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
      asked.push(new URL(request.url).pathname);
      return new Response("ok");
    });
    try {
      const folder = newFolder();
      const url = `http://127.0.0.1:${server.addr.port}`;
      const bait = `<img src="${url}/image"><link rel="stylesheet" href="${url}/style">` +
        `<script src="${url}/script"></script><script>document.title = "changed"</script>`;
      const html = await renderReport(REPORT);
      assert.equal(html.split("<main>").length, 2);
      writeFile(`${folder}/bait.html`, html.replace("<main>", `<main>${bait}`));
      const page = await openInBrowser(`${folder}/bait.html`, ["--dump-dom"]);
      assert.match(page, /<title>Runs /);
      assert.deepEqual(asked, []);
      // Without the policy, the same page asks for all three.
      const open = html.replace(/<meta http-equiv[^>]*>/, "").replace("<main>", `<main>${bait}`);
      writeFile(`${folder}/open.html`, open);
      assert.match(await openInBrowser(`${folder}/open.html`, ["--dump-dom"]), /<title>changed/);
      assert.deepEqual([...new Set(asked)].sort(), ["/image", "/script", "/style"]);
    } finally {
      await server.shutdown();
    }
  },
});
