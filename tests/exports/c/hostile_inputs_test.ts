/** Exported programs under sanitizers and valgrind, with every number that a row can hold. */
import assert from "node:assert/strict";
import { randomStream } from "../../../lib/random.ts";
import { exportC, planModel } from "../../../lib/exports/mod.ts";
import { type Kind, modelOf, oddRows } from "../varied_models.ts";
import { isInstalled, runProgram } from "./compiled.ts";

const SANITIZED = "-std=c99 -g -O1 -fsanitize=address,undefined -fno-sanitize-recover=all";

/** Rows of random bits, beside odd ones. */
function hostileRows(columns: number, odd: Float32Array): Float32Array {
  const random = randomStream(5, "hostile rows");
  const bits = Uint32Array.from(
    { length: 300 * columns },
    () => Math.floor(2 ** 32 * random.float()),
  );
  const rows = new Float32Array(odd.length + bits.length);
  rows.set(odd);
  new Uint32Array(rows.buffer).set(bits, odd.length);
  return rows;
}

for (
  const [kind, weights] of [
    ["sines and quantiles", "float32"],
    ["sines and quantiles", "int8"],
    ["sines and quantiles", "int16"],
    ["All-ReLU", "int16"],
    ["blocks of 8", "int8"],
    ["blocks of 8", "int16"],
    ["boosted numbers", "int8"],
    ["boosted numbers", "int16"],
    ["no scaling, one layer", "int8"],
    ["no scaling, one layer", "int16"],
    ["dense layers", "int16"],
    ["numbers", "int16"],
  ] as const satisfies readonly (readonly [Kind, string])[]
) {
  Deno.test(`sanitizers find nothing in a program with ${weights}: ${kind}`, async () => {
    const model = await modelOf(kind);
    const columns = model.preprocessing.featureNames.length;
    const rows = hostileRows(columns, oddRows(model, 500));
    const width = Math.max(1, model.classes.length);
    const { files, predict } = exportC(planModel(model), { weights });
    const { status, answers } = runProgram(files, rows, width, { flags: SANITIZED });
    assert.equal(status.length, rows.length / columns);
    assert.ok(status.some((one) => one !== 0) && status.some((one) => one === 0));
    if (weights === "float32") return;
    status.forEach((own, row) => {
      const reference = predict(rows.subarray(row * columns, (row + 1) * columns));
      if (typeof reference === "number") assert.equal(own, reference, `row ${row}`);
      else assert.deepEqual(answers.slice(row * width, (row + 1) * width), reference, `row ${row}`);
    });
  });
}

for (const weights of ["int8", "int16"] as const) {
  Deno.test({
    name: `valgrind finds nothing in a program with ${weights}`,
    ignore: !isInstalled("valgrind"),
    async fn() {
      const model = await modelOf("sines and quantiles");
      const columns = model.preprocessing.featureNames.length;
      const rows = hostileRows(columns, oddRows(model, 20));
      const { files } = exportC(planModel(model), { weights });
      const flags = "-std=c99 -g -O1";
      const runner = "valgrind --quiet --error-exitcode=9 --leak-check=full";
      const { status } = runProgram(files, rows, model.classes.length, { flags, runner });
      assert.equal(status.length, rows.length / columns);
    },
  });
}

Deno.test("a compiler that fuses products and sums changes no bit", async () => {
  const model = await modelOf("sines and quantiles");
  const rows = oddRows(model, 500);
  for (const weights of ["int8", "int16"] as const) {
    const { files } = exportC(planModel(model), { weights });
    const [plain, fused] = ["-std=c99 -O2", "-std=gnu99 -O3 -march=native -ffp-contract=fast"].map(
      (flags) => runProgram(files, rows, model.classes.length, { flags }),
    );
    assert.deepEqual(fused, plain, weights);
  }
});

Deno.test("a compiler that takes no number for missing finds missing values all the same", async () => {
  const model = await modelOf("All-ReLU");
  const rows = oddRows(model, 500);
  for (const weights of ["int8", "int16", "float32"] as const) {
    const { files } = exportC(planModel(model), { weights });
    const [plain, fast] = ["-std=c99 -O2", "-std=c99 -O2 -ffast-math"].map((flags) =>
      runProgram(files, rows, model.classes.length, { flags })
    );
    assert.deepEqual(fast.status, plain.status);
    const width = model.classes.length;
    fast.answers.forEach((value, i) => {
      // Every eighth row has numbers so large that the order of a sum matters.
      const isExtreme = Math.floor(i / width) % 8 === 0;
      assert.ok(isExtreme || Math.abs(value - plain.answers[i]) < 1e-4);
    });
  }
});
