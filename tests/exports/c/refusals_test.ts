/** Models that cannot be exported to C: which, and why, in one sentence. */
import assert from "node:assert/strict";
import { datasetFromArrays, fit } from "../../../mod.ts";
import { exportC, type ExportPlan, planModel } from "../../../lib/exports/mod.ts";
import { modelOf } from "../varied_models.ts";
import { folderOf, shell, STRICT } from "./compiled.ts";

const SMALL = {
  method: "set",
  hidden: [8],
  epsilon: 4,
  epochs: 2,
  members: 1,
  batchSize: 16,
} as const;

function smallPlan(scale: number, settings: object = {}): Promise<ExportPlan> {
  const dataset = datasetFromArrays({
    features: Array.from({ length: 60 }, (_, row) => [scale * (row % 10), row % 7]),
    labels: Array.from({ length: 60 }, (_, row) => row % 10 < 5 ? "low" : "high"),
    featureNames: ["far", "near"],
  });
  return fit(dataset, { ...SMALL, ...settings }).then((model) => planModel(model));
}

Deno.test("numbers beyond 32-bit arithmetic are refused by their column's name", async () => {
  for (const scale of [3e37, 1e-33]) {
    const plan = await smallPlan(scale, { scaling: "min-max" });
    assert.throws(() => exportC(plan), {
      name: "RangeError",
      message:
        /^Cannot export the model: found numbers in column "far" that are larger than 1e\+37, or/,
    });
  }
  assert.ok(exportC(await smallPlan(1e36, { scaling: "min-max" })));
});

Deno.test("a slope beyond 1 is refused with integer weights alone", async () => {
  const plan = await smallPlan(1, { activation: "all-relu", alpha: 1.5 });
  assert.throws(() => exportC(plan, { weights: "int8" }), {
    name: "RangeError",
    message:
      /^Cannot export the model with int8 weights: found α = 1\.5, need 1 at most; use --weights float32$/,
  });
  assert.ok(exportC(plan));
});

Deno.test("whole tables of quantiles are refused with integer weights, and so is a wrong prefix", async () => {
  const plan = planModel(await modelOf("blocks of 2"));
  assert.throws(
    () => exportC(plan, { weights: "int16", quantileError: 0 }),
    /found quantile error 0, need/,
  );
  assert.throws(() => exportC(plan, { prefix: "a-b" }), {
    name: "SyntaxError",
    message:
      /^Cannot export the model: found prefix "a-b", need letters, digits and underscores, a letter first$/,
  });
});

Deno.test("files that C cannot include are refused by their name, and others compile", async () => {
  const plan = planModel(await modelOf("blocks of 2"));
  for (const name of ['a"b', "a\\b", "a/b", "a\nb", "a??!b", ""]) {
    assert.throws(() => exportC(plan, { name }), {
      name: "SyntaxError",
      message: /^Cannot export the model to C: found files named ".*", need a name without quotes,/,
    });
  }
  const name = "a é %s 'b' *?.x";
  const folder = folderOf(exportC(plan, { name }).files);
  shell(`cc ${STRICT} -c ./*.c`, folder);
});

Deno.test("too many columns are refused", () => {
  const columns = Array.from({ length: 70_000 }, (_, column) => `x${column}`);
  const bias = Float32Array.of(0);
  const layer = {
    kind: "dense",
    outputs: 1,
    inputs: 0,
    bias,
    weights: new Float32Array(0),
  } as const;
  const plan: ExportPlan = {
    columns,
    target: "y",
    inputs: 0,
    numbers: [],
    missing: [],
    categories: [],
    texts: [],
    notations: [],
    conformal: null,
    members: [{ number: 1, share: 1, layers: [{ ...layer, activation: { kind: "none" } }] }],
    output: { kind: "number", mean: 0, deviation: 1 },
    folded: { neurons: 0, weights: 0, inputs: 0 },
  };
  assert.throws(
    () => exportC(plan),
    /found 70000 columns, inputs or neurons of a layer, need 65535/,
  );
});

Deno.test("names of a table are no C: two models with names that would break it share a program", async () => {
  const model = await modelOf("All-ReLU");
  const plan = planModel({ ...model, target: "*/ int x; /* ??/" });
  const files = ["a", "b"].flatMap((name) => exportC(plan, { name, prefix: `${name}_` }).files);
  const main = {
    name: "main.c",
    content: `\
#define A_PREDICT_NAMES
#include "a.h"
#include "b.h"
#include <stdio.h>
int main(void)
{
  static float row[A_PREDICT_COLUMNS];
  puts(a_predict_class_names[0]);
  puts(a_predict_column_names[5]);
  (void)a_predict_class_names;
  return (a_predict_class(row) != b_predict_class(row)) + (a_predict_categories_4[0][0] == 'x')
    + (a_predict_categories_5[0][0] == 'x');
}
`,
  };
  const folder = folderOf([...files, main]);
  shell(`cc ${STRICT} a.c b.c main.c -o main -lm`, folder);
  assert.equal(shell("./main", folder), 'high ??/\nquality */ "x"\n');
});
