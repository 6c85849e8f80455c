import assert from "node:assert/strict";
import { markdownTable, reportMarkdown, tableCsv } from "../../lib/reports/markdown.ts";

const table = {
  kind: "table",
  name: "t",
  title: "Numbers",
  columns: ["Model", "a|b"],
  rows: [["FD-TSE", "1.5"], ["none", "not run"]],
  data: [{ model: 'FD, "fully"', value: 1.5 }, { model: "none", value: null, note: "late" }],
} as const;

Deno.test("a report becomes Markdown with its figures linked and its verdicts in words", () => {
  const text = reportMarkdown({
    title: "Table 0",
    parts: [
      { kind: "text", text: "About." },
      table,
      { kind: "figure", name: "f", caption: "A figure", spec: {} },
      {
        kind: "findings",
        findings: [
          { claim: "It rises", verdict: "holds", evidence: "By 2" },
          { claim: "It falls", verdict: "contradicted", evidence: "By −2" },
        ],
      },
    ],
  });
  assert.equal(
    text,
    [
      "# Table 0\n\nAbout.\n\n## Numbers\n",
      "| Model | a\\|b |\n| --- | --- |\n| FD-TSE | 1.5 |\n| none | not run |\n",
      "![A figure](f.svg)\n\nA figure\n",
      "- It rises: **holds**. By 2.",
      "- It falls: **does not hold: the opposite is seen**. By −2.\n",
    ].join("\n"),
  );
});

Deno.test("a table's CSV has every column, quoted where needed, and nothing for no value", () => {
  assert.equal(tableCsv(table), 'model,value,note\n"FD, ""fully""",1.5,\nnone,,late\n');
});

Deno.test("names in a report make no link, image, tag or line of their own", () => {
  const name = "HTTP://c.example www.d.example " +
    "![x](https://a.example/x.svg)[y][z]<img src=x>\n# big\n[z]: http://b.example\u001b[2J|";
  const text = reportMarkdown({
    title: name,
    parts: [
      { kind: "text", text: `On **${name}**. 95 % [1, 2] < 3, a < b.` },
      { kind: "table", name: "t", title: name, columns: [name], rows: [[name]], data: [] },
      { kind: "findings", findings: [{ claim: name, verdict: "holds", evidence: name }] },
    ],
  });
  // The extended autolinks of https://github.github.com/gfm/#autolinks-extension-.
  assert.doesNotMatch(text, /\][([]|^\[z\]:|<img|(https?|ftp):\/\/|www\./mi);
  assert.ok(!text.includes("\u001b"));
  assert.equal(text.split("\n").filter((line) => line.startsWith("# ")).length, 2, text);
  assert.match(
    text,
    /!\[x\]&#40;https&#58;\/\/a\.example\/x\.svg\)\[y\]&#91;z\]&#60;img src=x>/,
  );
  assert.match(text, /95 % \[1, 2\] < 3, a < b\.$/m);
  assert.equal(markdownTable(["a|b"], [["[c](d)"]]), "| a\\|b |\n| --- |\n| [c]&#40;d) |");
});
