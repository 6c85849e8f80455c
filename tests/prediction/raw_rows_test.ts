/** Rows to predict, as people have them: objects with the notations that the model learnt. */
import assert from "node:assert/strict";
import { datasetFromTable } from "../../lib/data/table/mod.ts";
import {
  fitPreprocessing,
  preprocess,
  type Preprocessing,
} from "../../lib/data/preprocessing/mod.ts";
import { fit, predict, predictProba } from "../../mod.ts";
import { rawFeatures, type RawRows } from "../../lib/prediction/mod.ts";

const rows = Array.from({ length: 60 }, (_, i) => ({
  height: i % 9 === 4 ? null : i / 2,
  kind: ["oak", "elm", "ash"][i % 3],
  planted: `2024-0${1 + i % 9}-1${i % 10}`,
  price: `$${(1000 + 13 * i).toLocaleString("en-US")}`,
  share: `${i} %`,
  alive: i % 4 ? "true" : "false",
  one: 1,
  id: `tree ${i}`,
  y: i % 2 ? "tall" : "low",
}));
const { dataset } = datasetFromTable(rows, { target: "y" });
const preprocessing = fitPreprocessing(dataset, { scaling: "standard" });

/** The inputs of a network. */
function inputs(given: RawRows, own: Preprocessing = preprocessing): number[] {
  const { features, count } = rawFeatures(own, given);
  return [...preprocess(own, features, count, own.featureNames.length)];
}

Deno.test("rows as objects become the inputs that the same rows of the table become", () => {
  const expected = [...preprocess(preprocessing, dataset.features, 60, dataset.columns)];
  assert.deepEqual(inputs(rows), expected);
  const reversed = rows.map((row) => Object.fromEntries(Object.entries(row).reverse()));
  assert.deepEqual(inputs(reversed), expected);
  // What contributes nothing need not be there.
  const fewer = rows.map(({ one: _, id: __, y: ___, ...row }) => ({ ...row, remark: "new" }));
  assert.deepEqual(inputs(fewer), expected);
  const lists = rows.map((row) => [
    row.height,
    row.kind,
    row.planted,
    row.price,
    row.share,
    row.alive,
    row.one,
    row.id,
  ]);
  assert.deepEqual(inputs(lists), expected);
});

Deno.test("cells of JavaScript's own types mean what the texts mean", () => {
  const texts = {
    height: "12.5",
    kind: " oak ",
    planted: "2024-03-12",
    price: "$1,013",
    share: "7 %",
    alive: "TRUE",
  };
  const values = {
    height: 12.5,
    kind: "oak",
    planted: new Date("2024-03-12"),
    price: 1013,
    share: 7,
    alive: true,
  };
  assert.deepEqual(inputs([values]), inputs([texts]));
  const missing = {
    height: undefined,
    kind: null,
    planted: "NA",
    price: "?",
    share: NaN,
    alive: "",
  };
  const none = { height: null, kind: null, planted: null, price: null, share: null, alive: null };
  assert.deepEqual(inputs([missing]), inputs([none]));
});

Deno.test("rows that lack a column, or have a cell of no use, are refused in a sentence", () => {
  const { height: _, ...without } = rows[0];
  assert.throws(() => inputs([{ ...without, hight: 3 }]), {
    name: "TypeError",
    message: 'Cannot predict 1 row: found none with "height", need it, null where a value is ' +
      'missing; did you mean "hight"?',
  });
  // A row may lack what others have: it is missing there.
  assert.deepEqual(inputs([without, rows[1]]), inputs([{ ...without, height: null }, rows[1]]));
  const wrong: [object, RegExp][] = [
    [{ height: "tall" }, /^Cannot predict row 0, column "height": found "tall", need a number$/],
    [{ price: "12 €" }, /column "price": found "12 €", need amounts in \$$/],
    [{ planted: "yesterday" }, /column "planted": found "yesterday", need dates/],
    [{ kind: {} }, /column "kind": found bytes or a record/],
  ];
  for (const [cell, message] of wrong) {
    assert.throws(() => inputs([{ ...rows[0], ...cell }]), { message });
  }
  assert.throws(
    () => inputs([rows[0], null] as unknown as RawRows),
    /found null as row 1, need a row as the others are/,
  );
  // Its numbers are not those of the next columns.
  const nested = preprocessing.featureNames.map((name) => name === "height" ? [1, 2] : null);
  assert.throws(() => inputs([nested] as unknown as RawRows), /row 0, column "height": found/);
});

Deno.test("predict takes rows as objects", async () => {
  const settings = { hidden: [16, 16], epsilon: 4, epochs: 2, members: 2, trials: 1 };
  const model = await fit(dataset, settings);
  const labels = predict(model, rows);
  assert.deepEqual(labels, predict(model, dataset.features.slice()));
  const [one] = predict(model, [{ ...rows[0], kind: "beech" }]);
  assert.ok(["tall", "low"].includes(one));
  assert.equal(predictProba(model, [rows[3]]).length, 2);
});

Deno.test("what are no rows is refused with what rows are", () => {
  const need = "need a list of rows, such as [[…]] or [{…}], or a Float32Array of";
  for (
    const [rows, found] of [
      [[1, 2, 3], "a list of 3 numbers"],
      [["a", 2], "a list of 2 values"],
      [[null], "a list of 1 value"],
      ["1,2,3", '"1,2,3"'],
      [undefined, "nothing"],
      [null, "null"],
      [{ a: 1 }, "an object"],
    ] as const
  ) {
    assert.throws(() => inputs(rows as unknown as RawRows), {
      name: "TypeError",
      message: new RegExp(
        `^Cannot predict: found ${found}, ${need.replaceAll(/[[\]{}]/g, "\\$&")}`,
      ),
    });
  }
});

Deno.test("a dash among numbers is a missing value, as in a file", () => {
  const dashes = rows.map((row) => ({
    ...row,
    height: "-",
    planted: "–",
    price: "--",
    share: ".",
  }));
  const nothing = rows.map((row) => (
    { ...row, height: null, planted: null, price: null, share: null }
  ));
  assert.deepEqual(inputs(dashes), inputs(nothing));
});
