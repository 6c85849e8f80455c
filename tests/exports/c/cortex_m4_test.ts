/** Exported programs on an emulated Cortex-M4, to the bit, and what they take of flash and RAM. */
import assert from "node:assert/strict";
import { exportC, planModel } from "../../../lib/exports/mod.ts";
import { type Kind, modelOf, oddRows } from "../varied_models.ts";
import { isInstalled, STRICT } from "./compiled.ts";
import {
  ARM_PROGRAMS,
  compileForM4,
  rowsFile,
  runOnM4,
} from "../../../lib/benchmarks/exports/mod.ts";
import { newFolder } from "../../files.ts";

const ROWS = 120;

/** What a program takes beside the exported one: the start, and newlib's variables for errors. */
const BOARD_RAM = 1200;

/** Prints what `predict` returns for every row, and the answer's bits. */
function mainFile(width: number) {
  return {
    name: "main.c",
    content: `\
#include "board.h"
#include "model.h"
#include "rows.h"
int main(void)
{
  static union { float number; uint32_t bits; } answer[${width}];
  int row, i;
  for (row = 0; row < ROWS; row++) {
    for (i = 0; i < ${width}; i++) answer[i].bits = 0;
    put_word((uint32_t)predict(rows[row].row, &answer[0].number));
    for (i = 0; i < ${width}; i++) put_word(answer[i].bits);
  }
  return 0;
}
`,
  };
}

const CASES: readonly (readonly [Kind, "int8" | "int16" | "float32"])[] = [
  ["sines and quantiles", "int8"],
  ["blocks of 8", "int8"],
  ["boosted classes", "int8"],
  ["All-ReLU", "int16"],
  ["numbers", "int16"],
  ["sines and quantiles", "int16"],
  ["no scaling, one layer", "int16"],
  ["blocks of 2", "float32"],
  ["sines and quantiles", "float32"],
];

for (const [kind, weights] of CASES) {
  Deno.test({
    name: `on a Cortex-M4 a program with ${weights} answers as its reference: ${kind}`,
    ignore: !isInstalled(...ARM_PROGRAMS),
    async fn() {
      const model = await modelOf(kind);
      const columns = model.preprocessing.featureNames.length;
      const width = Math.max(1, model.classes.length);
      const rows = oddRows(model, ROWS);
      const program = exportC(planModel(model), { weights });
      const files = [...program.files, rowsFile(rows, columns), mainFile(width)];
      const folder = newFolder();
      const { flash, ram } = compileForM4(files, folder, `${STRICT} -Os`);
      const words = runOnM4(folder);
      assert.equal(words.length, ROWS * (1 + width));
      const answers = new Float32Array(words.buffer);
      for (let row = 0; row < ROWS; row++) {
        const reference = program.predict(rows.subarray(row * columns, (row + 1) * columns));
        const at = row * (1 + width);
        if (typeof reference === "number") {
          assert.equal(words[at] | 0, reference, `row ${row}`);
          continue;
        }
        assert.equal(words[at], 0, `row ${row}`);
        const answer = answers.subarray(at + 1, at + 1 + width);
        if (weights !== "float32") assert.deepEqual(answer, reference, `row ${row}`);
        else reference.forEach((value, c) => assert.ok(Math.abs(value - answer[c]) < 1e-5));
      }
      const others = rows.byteLength + 2048;
      assert.ok(flash - others <= program.flashBytes, `${flash} of ${program.flashBytes}`);
      assert.ok(ram <= program.bufferBytes + 4 * width + BOARD_RAM, `${ram}`);
    },
  });
}
