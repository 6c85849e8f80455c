/** An exported program on an emulated ATmega1284P, whose `int` has 16 bits, to the bit. */
import assert from "node:assert/strict";
import { exportC, type ExportPlan, planModel } from "../../../lib/exports/mod.ts";
import { modelOf, oddRows } from "../varied_models.ts";
import { folderOf, isInstalled, shell, STRICT } from "./compiled.ts";
import { rowsFile } from "../../../lib/benchmarks/exports/mod.ts";

const ROWS = 24;

/** Writes what `predict` returns, and the answer's bits, to the serial line. */
const MAIN = `\
#include <avr/interrupt.h>
#include <avr/io.h>
#include <avr/sleep.h>
#include "model.h"
#include "rows.h"

static void put(char letter)
{
  while (!(UCSR0A & (1 << UDRE0))) {}
  UDR0 = letter;
}

static void put_word(uint32_t word)
{
  int i;
  for (i = 0; i < 8; i++) {
    put("0123456789abcdef"[word >> 28]);
    word <<= 4;
  }
  put('\\n');
}

int main(void)
{
  static union { float number; uint32_t bits; } answer[PREDICT_CLASSES];
  int row, i;
  UCSR0B = 1 << TXEN0;
  for (row = 0; row < ROWS; row++) {
    for (i = 0; i < PREDICT_CLASSES; i++) answer[i].bits = 0;
    put_word((uint32_t)predict(rows[row].row, &answer[0].number));
    for (i = 0; i < PREDICT_CLASSES; i++) put_word(answer[i].bits);
  }
  /* The emulator ends with a processor that nothing can wake. */
  cli();
  sleep_enable();
  sleep_cpu();
  return 0;
}
`;

for (const weights of ["int8", "int16"] as const) {
  Deno.test({
    name: `on an AVR a program with ${weights} answers as its reference`,
    ignore: !isInstalled("avr-gcc", "simavr"),
    async fn() {
      const model = await modelOf("blocks of 2");
      const columns = model.preprocessing.featureNames.length;
      const width = model.classes.length;
      const rows = oddRows(model, ROWS);
      const { files, predict } = exportC(planModel(model), { weights });
      const main = { name: "main.c", content: MAIN };
      const folder = folderOf([...files, rowsFile(rows, columns), main]);
      shell(`avr-gcc ${STRICT} -mmcu=atmega1284p -Os model.c main.c -o program.elf -lm`, folder);
      const out = shell("timeout 60 simavr -m atmega1284p -f 16000000 program.elf 2>&1", folder);
      const words = Uint32Array.from(
        out.match(/[0-9a-f]{8}(?=\W)/g) ?? [],
        (word) => parseInt(word, 16),
      );
      assert.equal(words.length, ROWS * (1 + width), out);
      const answers = new Float32Array(words.buffer);
      for (let row = 0; row < ROWS; row++) {
        const reference = predict(rows.subarray(row * columns, (row + 1) * columns));
        const at = row * (1 + width);
        if (typeof reference === "number") assert.equal(words[at] | 0, reference);
        else assert.deepEqual(answers.slice(at + 1, at + 1 + width), reference, `row ${row}`);
      }
    },
  });
}

Deno.test({
  name: "an AVR's compiler refuses more constants than its addresses reach",
  ignore: !isInstalled("avr-gcc"),
  fn() {
    const width = 150;
    const layer = (outputs: number, inputs: number) => ({
      kind: "dense" as const,
      outputs,
      inputs,
      bias: new Float32Array(outputs).fill(1),
      weights: Float32Array.from({ length: outputs * inputs }, (_, i) => 1 + i % 7),
      activation: { kind: "rectified" as const, slope: 0 },
    });
    const plan = (layers: number): ExportPlan => ({
      columns: Array.from({ length: width }, (_, column) => `x${column}`),
      target: "y",
      inputs: width,
      numbers: Array.from(
        { length: width },
        (_, column) => ({ column, input: column, median: 0, scaling: { kind: "none" } }),
      ),
      missing: [],
      categories: [],
      texts: [],
      notations: [],
      conformal: null,
      members: [{
        number: 1,
        share: 1,
        layers: [
          ...Array.from({ length: layers }, () => layer(width, width)),
          { ...layer(1, width), activation: { kind: "none" } },
        ],
      }],
      output: { kind: "number", mean: 0, deviation: 1 },
      folded: { neurons: 0, weights: 0, inputs: 0 },
    });
    const compile = "avr-gcc -std=c99 -mmcu=atmega1284p -Os -c model.c -o model.o";
    shell(compile, folderOf(exportC(plan(1), { weights: "int8" }).files));
    const large = folderOf(exportC(plan(3), { weights: "int8" }).files);
    assert.throws(() => shell(compile, large), /These constants take \d+ bytes, and an AVR reads/);
    shell(`cc ${STRICT} -c model.c`, large);
  },
});
