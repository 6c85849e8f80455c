/** `predict_class` of one member, which finds the largest logit, beside the probabilities of `predict`. */
import assert from "node:assert/strict";
import { exportC, planModel } from "../../../lib/exports/mod.ts";
import { readBytes, writeFile } from "../../files.ts";
import { modelOf, oddRows } from "../varied_models.ts";
import { folderOf, shell, STRICT } from "./compiled.ts";

const MAIN = `\
#include <math.h>
#include <stdio.h>
#include "model.h"
int main(void)
{
  static float row[PREDICT_COLUMNS], p[PREDICT_CLASSES];
  int counts[4] = { 0, 0, 0, 0 };
  while (fread(row, sizeof row, 1, stdin) == 1) {
    const int best = predict_class(row);
    float most = -1.0f;
    int c;
    if (predict(row, p) != 0) counts[best == -1 ? 0 : 1]++;
    else {
      for (c = 0; c < PREDICT_CLASSES; c++) if (p[c] > most) most = p[c];
      counts[best >= 0 && best < PREDICT_CLASSES && p[best] == most ? 2 : 3]++;
    }
  }
  printf("%d %d %d %d", counts[0], counts[1], counts[2], counts[3]);
  return 0;
}
`;

for (const kind of ["sines and quantiles", "All-ReLU", "no scaling, one layer"] as const) {
  for (const weights of ["float32", "int8"] as const) {
    Deno.test(`the class of one member is its most probable one: ${kind}, ${weights}`, async () => {
      const model = await modelOf(kind);
      const { files } = exportC(planModel(model, [0]), { weights });
      const folder = folderOf([...files, { name: "main.c", content: MAIN }]);
      const rows = oddRows(model, 3000);
      writeFile(`${folder}/rows`, new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength));
      shell(`cc ${STRICT} -O2 model.c main.c -o program -lm`, folder);
      shell("./program < rows > counts", folder);
      const text = new TextDecoder().decode(readBytes(`${folder}/counts`));
      const [refused, wrongly, right, wrong] = text.split(" ").map(Number);
      assert.deepEqual([wrongly, wrong, refused + right], [0, 0, 3000]);
      assert.ok(refused > 0 && right > 1000);
    });
  }
}
