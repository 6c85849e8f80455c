/** The C of docs/exports.md is compiled with a model of as many columns. */
import assert from "node:assert/strict";
import { datasetFromArrays, datasetFromTable, fit } from "../../../mod.ts";
import { exportC, planModel } from "../../../lib/exports/mod.ts";
import { codeBlocks } from "../../documentation/markdown.ts";
import { readText, writeFile } from "../../files.ts";
import { ROOT } from "../../tasks/run_task.ts";
import { folderOf, shell } from "./compiled.ts";

Deno.test("the C of the page compiles and predicts", async () => {
  const dataset = datasetFromArrays({
    features: Array.from({ length: 100 }, (_, i) => [i % 10, i, i % 3 === 0 ? NaN : 1, i % 7]),
    labels: Array.from({ length: 100 }, (_, i) => i % 10 < 5 ? "low" : "high"),
  });
  const settings = { hidden: [8], epsilon: 3, epochs: 4, explore: 1, members: 1, batchSize: 16 };
  const model = await fit(dataset, settings);
  const [block] = codeBlocks(readText(`${ROOT}docs/exports.md`)).filter(({ language }) =>
    language === "c"
  );
  const [include, ...lines] = block.code.trim().split("\n");
  const folder = folderOf(exportC(planModel(model)).files);
  writeFile(
    `${folder}/page.c`,
    `#include <math.h>
#include <stdio.h>
${include}
int main(void)
{
${
      lines.join("\n").replace(
        "/* … */",
        'printf("%d %.3f\\n", (int)(probabilities[0] + probabilities[1] + 0.5f), 1.0);',
      )
    }
  return 0;
}
`,
  );
  shell("cc -std=c99 -Wall -Wextra -Werror page.c model.c -o page -lm", folder);
  assert.equal(shell("./page", folder), "1 1.000\n");
});

Deno.test("the header says of a number what it stands for, where the table has it written otherwise", async () => {
  const rows = Array.from({ length: 60 }, (_, i) => ({
    plain: i % 7,
    day: `2024-03-1${i % 10}`,
    at: `1${i % 10}:30`,
    price: `$1,00${i % 10}`,
    low: i % 9 ? `${i % 5}` : "-",
    y: i % 2 ? "u" : "v",
  }));
  const { dataset } = datasetFromTable(rows, { target: "y" });
  const settings = {
    hidden: [8],
    epsilon: 8,
    epochs: 1,
    explore: 0,
    members: 1,
    method: "set",
  } as const;
  const { files } = exportC(planModel(await fit(dataset, settings)));
  const header = `${files.find(({ name }) => name.endsWith(".h"))!.content}`;
  assert.match(header, /^ \* +0 {2}plain: a number$/m);
  assert.match(header, /^ \* +1 {2}day: a number \(dates, in days since 2024-\d\d-\d\d\)$/m);
  assert.match(header, /^ \* +2 {2}at: a number \(times, in seconds since midnight\)$/m);
  assert.match(header, /^ \* +3 {2}price: a number \(amounts in \$\)$/m);
  assert.match(header, /^ \* +4 {2}low: a number$/m);
});
