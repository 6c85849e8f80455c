import assert from "node:assert/strict";
import { tableHtml, tableMarkdown, tableText } from "../../lib/reports/table.ts";

const table = {
  caption: "Two <methods>",
  columns: ["method", "accuracy (%)", "interval"],
  rows: [["FD|TSE", 74.5, "73.9 to 75.1"], ["λ & <b>", null, "−1 to 1"]],
};

Deno.test("tableText aligns text to the left and numbers to the right", () => {
  assert.equal(
    tableText(table),
    [
      "Two <methods>",
      "",
      "method   accuracy (%)      interval",
      "-------  ------------  ------------",
      "FD|TSE           74.5  73.9 to 75.1",
      "λ & <b>             –       −1 to 1",
      "",
    ].join("\n"),
  );
});

Deno.test("tableMarkdown escapes what would be markup", () => {
  assert.equal(
    tableMarkdown(table),
    [
      "Two \\<methods\\>",
      "",
      "| method | accuracy (%) | interval |",
      "| --- | ---: | ---: |",
      "| FD\\|TSE | 74.5 | 73.9 to 75.1 |",
      "| λ & \\<b\\> | – | −1 to 1 |",
      "",
    ].join("\n"),
  );
  const cell = "![x](http://a.example)[y][z]\u001b[2J";
  assert.equal(
    tableMarkdown({ columns: ["a"], rows: [[cell]] }).split("\n")[2],
    String.raw`| ![x]\(http://a.example)[y]\[z]\u001b[2J |`,
  );
});

Deno.test("tableHtml escapes what would be markup, and marks numbers", () => {
  const html = tableHtml(table);
  assert.match(html, /<caption>Two &lt;methods&gt;<\/caption>/);
  assert.match(html, /<th scope="col">method<\/th><th scope="col" class="number">accuracy/);
  assert.match(html, /<td>λ &amp; &lt;b&gt;<\/td><td class="number">–<\/td>/);
});

Deno.test("a table without rows has its head, and one with a short row is refused", () => {
  assert.equal(tableText({ columns: ["a", "b"], rows: [] }), "a  b\n-  -\n");
  for (const write of [tableText, tableMarkdown, tableHtml]) {
    assert.throws(() => write({ columns: ["a", "b"], rows: [[1, 2], [3]] }), {
      name: "TypeError",
      message: "Cannot write the table: row 1 has 1 cells, need 2 as there are columns",
    });
  }
});
