import assert from "node:assert/strict";
import { SCALINGS } from "../../lib/data/preprocessing/mod.ts";
import { quotedList } from "../../lib/messages.ts";
import { METHODS } from "../../lib/methods/methods.ts";
import {
  activationOf,
  completeSettings,
  defaultSettings,
  optimizerOf,
} from "../../lib/settings/mod.ts";

Deno.test("the defaults are the paper's recipe (Table 6 and the text around it)", () => {
  for (const method of ["fd", "rd", "dist"] as const) {
    const settings = completeSettings({ method });
    const paper = {
      method,
      hidden: [1000, 1000, 1000],
      members: 5,
      epochs: 350,
      explore: 100,
      activation: "all-relu",
      alpha: 0.5,
      refinement: "comprehensive",
      pruneRate: 0.2,
      reinitializeRate: 0.8,
      interval: 2,
      optimizer: "sgd",
      learningRate: 0.1,
      learningRateCurve: "step",
      momentum: 0.9,
      weightDecay: 0.0002,
      decayStyle: "direct",
      dropout: 0.2,
      labelSmoothing: 0,
      batchSize: 128,
      initializer: "he-uniform",
      fan: "dense",
      validationFraction: 0.2,
      memberSelection: "best",
    };
    for (const [name, value] of Object.entries(paper)) {
      assert.deepEqual(settings[name as keyof typeof settings], value, name);
    }
  }
});

Deno.test("without a method the recipe is the modern one, and a method brings the paper's", () => {
  const recipeOf = (partial: object) => completeSettings(partial).recipe;
  assert.equal(recipeOf({}), "modern");
  assert.equal(recipeOf({ epochs: 20, task: "regression" }), "modern");
  for (const method of METHODS) assert.equal(recipeOf({ method }), "paper", method);
  assert.equal(completeSettings({ recipe: "paper" }).method, "fd");
  assert.equal(completeSettings({ recipe: "modern", method: "rigl" }).method, "rigl");
  assert.deepEqual(completeSettings(), defaultSettings());
  assert.deepEqual(completeSettings({ task: "regression" }), {
    ...defaultSettings(undefined, undefined, "regression"),
  });
});

Deno.test("the baselines differ from the recipe as the paper says", () => {
  const { refinement } = completeSettings({ method: "edst" });
  assert.equal(refinement, "plain");
  for (const method of ["set", "rigl", "static"] as const) {
    const { learningRate, members, explore, activation, interval } = completeSettings({ method });
    assert.deepEqual([learningRate, members, explore, activation, interval], [
      0.01,
      1,
      0,
      "all-relu",
      2,
    ]);
  }
  const dense = completeSettings({ method: "dense" });
  assert.deepEqual([dense.learningRate, dense.members, dense.activation], [0.001, 1, "relu"]);
  const ensemble = completeSettings({ method: "dense-ensemble" });
  assert.deepEqual([ensemble.learningRate, ensemble.members, ensemble.activation], [
    0.001,
    5,
    "relu",
  ]);
});

Deno.test("completeSettings accepts its own output, and every method's defaults", () => {
  for (const method of METHODS) {
    const settings = completeSettings({ method });
    assert.deepEqual(settings, defaultSettings(method));
    assert.deepEqual(completeSettings(JSON.parse(JSON.stringify(settings))), settings);
  }
});

Deno.test("completeSettings keeps what is given and takes undefined for not given", () => {
  const settings = completeSettings({ epsilon: 10, members: undefined, hidden: [5], seed: 9 });
  assert.deepEqual(
    [settings.epsilon, settings.members, settings.hidden, settings.seed],
    [10, 8, [5], 9],
  );
});

Deno.test("completeSettings names an unknown setting and the nearest known one", () => {
  const cases: [string, string | undefined][] = [
    ["epsilom", "epsilon"],
    ["learningrate", "learningRate"],
    ["member", "members"],
    ["lerning_rate", "learningRate"],
    ["batch", undefined],
    ["colour", undefined],
  ];
  for (const [name, near] of cases) {
    assert.throws(() => completeSettings({ [name]: 1 }), {
      name: "TypeError",
      message: `Cannot use setting "${name}": there is none of this name` +
        (near === undefined ? "" : `; did you mean "${near}"?`),
    });
  }
});

Deno.test("completeSettings says the value found, the value needed and the range", () => {
  const cases: [string, unknown, string][] = [
    ["epsilon", 0, "more than 0 (range: above 0 to 1000000000)"],
    ["epsilon", -1, "more than 0 (range: above 0 to 1000000000)"],
    ["dropout", 1, "less than 1 (range: 0 to below 1)"],
    ["dropout", -0.1, "at least 0 (range: 0 to below 1)"],
    ["members", 0, "at least 1 (range: 1 to 10000)"],
    ["members", 10_001, "at most 10000 (range: 1 to 10000)"],
    ["density", 1.5, "at most 1 (range: above 0 to 1)"],
    ["learningRate", 0, "more than 0 (range: above 0 to 1000)"],
    ["momentum", 1, "less than 1 (range: 0 to below 1)"],
    ["labelSmoothing", 1, "less than 1 (range: 0 to below 1)"],
    ["validationFraction", 1, "less than 1 (range: 0 to below 1)"],
    ["pruneRate", 1.1, "at most 1 (range: 0 to 1)"],
    ["reinitializeRate", -0.1, "at least 0 (range: 0 to 1)"],
    ["alpha", 101, "at most 100 (range: 0 to 100)"],
    ["seed", -1, "at least 0 (range: 0 to 9007199254740991)"],
    ["members", 2.5, "an integer (range: 1 to 10000)"],
    ["learningRate", Infinity, "a finite number (range: above 0 to 1000)"],
    ["alpha", -Infinity, "a finite number (range: 0 to 100)"],
    ["method", "fdd", `one of ${quotedList(METHODS)}`],
    ["activation", "tanh", `one of "all-relu", "relu"`],
    ["scaling", "minmax", `one of ${quotedList(SCALINGS)}`],
    ["hidden.1", 0, "at least 1"],
    ["hidden.1", 1.5, "an integer"],
  ];
  for (const [name, value, need] of cases) {
    const given = name === "hidden.1" ? { hidden: [5, value] } : { [name]: value };
    const found = typeof value === "string" ? `"${value}"` : `${value}`;
    assert.throws(() => completeSettings(given), {
      name: "RangeError",
      message: `Cannot use setting "${name}": found ${found}, need ${need}`,
    });
  }
});

Deno.test("completeSettings calls a wrong type a TypeError", () => {
  const cases: [string, unknown, string, string][] = [
    ["members", "5", `"5"`, "number"],
    ["members", NaN, "NaN", "number"],
    ["epsilon", null, "null", "number"],
    ["dropLastBatch", 1, "1", "boolean"],
    ["hidden", 1000, "1000", "array"],
    ["density", "0.1", `"0.1"`, "number"],
    ["activation", 5, "5", `one of "all-relu", "relu"`],
    ["method", 5, "5", `one of ${quotedList(METHODS)}`],
    ["hidden.0", "9", `"9"`, "number"],
  ];
  for (const [name, value, found, need] of cases) {
    const given = name === "hidden.0" ? { hidden: [value] } : { [name]: value };
    assert.throws(() => completeSettings(given), (error: Error) => {
      assert.equal(error.name, "TypeError", `${name}: ${error.message}`);
      assert.ok(error.message.startsWith(`Cannot use setting "${name}": found ${found}, need `));
      assert.ok(error.message.includes(need), error.message);
      return true;
    });
  }
});

Deno.test("exploration keeps its share of the epochs, unless it is given", () => {
  const explore = (partial: object) => completeSettings({ method: "fd", ...partial }).explore;
  assert.equal(explore({ epochs: 350 }), 100);
  assert.equal(explore({ epochs: 50 }), 14);
  assert.equal(explore({ epochs: 50, explore: 3 }), 3);
  // The members' own two epochs each come first.
  assert.equal(explore({ epochs: 12 }), 2);
  assert.equal(explore({ epochs: 4, members: 2 }), 0);
  assert.throws(
    () => explore({ epochs: 3, members: 2 }),
    /"epochs" of at least 4, or "members" of at most 1$/,
  );
  assert.equal(explore({ method: "set", epochs: 50 }), 0);
  assert.equal(explore(completeSettings({ method: "fd", epochs: 50 })), 14);
  assert.throws(() => completeSettings({ epochs: "50" }), TypeError);
});

Deno.test("completeSettings refuses settings that do not go together", () => {
  assert.throws(() => completeSettings({ method: "static", members: 3 }), {
    name: "RangeError",
    message: `Cannot use setting "members": found 3, need 1 with method "static"`,
  });
  assert.equal(completeSettings({ method: "set", members: 3 }).members, 3);
  assert.throws(() => completeSettings({ method: "fd", evolveUntil: 0.5 }), {
    name: "RangeError",
    message: `Cannot use setting "evolveUntil": found 0.5, need 1 with method "fd"`,
  });
  assert.throws(() => completeSettings({ method: "fd", epochs: 105, explore: 100 }), {
    name: "RangeError",
    message: "Cannot divide the run: 105 epochs less 100 of exploration leave 5 for 5 members, " +
      'need at least 10: "explore" of at most 95, or "epochs" of at least 110, or ' +
      '"members" of at most 2',
  });
  assert.throws(() => completeSettings({ method: "fd", validationFraction: 0 }), {
    name: "RangeError",
    message:
      `Cannot use setting "validationFraction": found 0, need above 0 with memberSelection "best"`,
  });
  const last = completeSettings({ method: "fd", validationFraction: 0, memberSelection: "last" });
  assert.equal(last.validationFraction, 0);
  assert.equal(completeSettings({ method: "set", epochs: 1 }).epochs, 1);
  assert.equal(completeSettings({ method: "dense-ensemble", epochs: 1 }).members, 5);
});

Deno.test("activationOf and optimizerOf read the settings", () => {
  assert.deepEqual(activationOf(completeSettings({ method: "fd", alpha: 0.05 })), {
    kind: "all-relu",
    alpha: 0.05,
  });
  assert.deepEqual(activationOf(completeSettings({ method: "dense" })), { kind: "relu" });
  assert.deepEqual(optimizerOf(completeSettings({ method: "fd", momentum: 0.5 })), {
    kind: "sgd",
    momentum: 0.5,
    weightDecay: 0.0002,
    decayStyle: "direct",
  });
  const adam = { optimizer: "adam", beta1: 0.8, beta2: 0.95, adamEpsilon: 1e-6, weightDecay: 0.1 };
  assert.deepEqual(optimizerOf(completeSettings({ ...adam, decayStyle: "decoupled" })), {
    kind: "adam",
    beta1: 0.8,
    beta2: 0.95,
    epsilon: 1e-6,
    weightDecay: 0.1,
    decayStyle: "decoupled",
  });
});

Deno.test("nobody changes the defaults of others: settings are frozen, completed ones are copies", () => {
  for (const settings of [defaultSettings(), defaultSettings(undefined, "modern", "regression")]) {
    const open = settings as unknown as { epochs: number; hidden: number[]; candidates: object[] };
    assert.throws(() => open.hidden.push(7), TypeError);
    assert.throws(() => open.candidates.push({}), TypeError);
    assert.throws(() => open.epochs = 1, TypeError);
    for (const candidate of open.candidates) assert.ok(Object.isFrozen(candidate));
  }
  const completed = completeSettings() as unknown as { hidden: number[] };
  completed.hidden.push(7);
  assert.deepEqual(completeSettings().hidden, [512, 512]);
});

Deno.test("numbers are predicted with defaults of their own, and without what is meant for classes", () => {
  const { dropout, learningRate, onDivergence, task } = completeSettings({
    method: "fd",
    task: "regression",
  });
  assert.deepEqual({ dropout, learningRate, onDivergence, task }, {
    dropout: 0,
    learningRate: 0.03,
    onDivergence: "rollback",
    task: "regression",
  });
  assert.equal(completeSettings({ task: "regression", method: "set" }).learningRate, 0.01);
  assert.equal(completeSettings({ task: "regression", dropout: 0.1 }).dropout, 0.1);
  const cases: [change: object, says: RegExp][] = [
    [{ labelSmoothing: 0.1 }, /"labelSmoothing": found 0.1, need 0 with task "regression"/],
    [{ memberWeighting: 1 }, /"memberWeighting": found 1, need 0 with task "regression"/],
    [
      { classWeights: "balanced" },
      /"classWeights": found "balanced", need "none" with task "regression"/,
    ],
    [
      { calibration: "temperature" },
      /"calibration": found "temperature", need "none" with task "regression"/,
    ],
    [{ task: "clustering" }, /"task": found "clustering", need/],
  ];
  for (const [change, says] of cases) {
    assert.throws(() => completeSettings({ task: "regression", ...change }), says);
  }
});
