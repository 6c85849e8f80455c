/** The C of docs/exports.md is compiled with a model of as many columns. */
import assert from "node:assert/strict";
import { datasetFromArrays, fit } from "../../../mod.ts";
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
