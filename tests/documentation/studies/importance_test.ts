/** The sentences of docs/workers.md on importance pruning and All-ReLU are those of its records. */
import assert from "node:assert/strict";
import { holm, mean, studentTUpperTail, tInterval } from "../../../lib/statistics/mod.ts";
import { type ImportanceRun, importanceRuns, SETS, SLOPES } from "./importance_records.ts";
import { prose, readPage, section } from "../markdown.ts";
import { fixed, range } from "../records.ts";

const RUNS = importanceRuns();
const TEXT = prose(section(readPage("docs/workers.md"), "Importance pruning and All-ReLU"));

type Choice = (run: ImportanceRun) => boolean;

/** The differences that the page tells, in points: one for every seed, a mean over what else was varied. */
function differences(dataset: string, one: Choice, other: Choice): number[] {
  return [1, 2, 3].map((seed) => {
    const accuracy = (choice: Choice) =>
      100 * mean(
        RUNS.filter((run) => run.dataset === dataset && run.seed === seed && choice(run))
          .map((run) => run.accuracy),
      );
    return accuracy(one) - accuracy(other);
  });
}

const COMPARED: readonly (readonly [name: string, one: Choice, other: Choice])[] = [
  ["with pruning", ({ method }) => method === "importance", ({ method }) => method === "set"],
  ["All-ReLU, 0.05", ({ alpha }) => alpha === 0.05, ({ alpha }) => alpha === 0],
  ["All-ReLU, 0.5", ({ alpha }) => alpha === 0.5, ({ alpha }) => alpha === 0],
];

Deno.test("the study of importance pruning is whole", () => {
  assert.equal(RUNS.length, 36);
  const kinds = new Set(
    RUNS.map(({ dataset, method, alpha, seed }) => `${dataset} ${method} ${alpha} ${seed}`),
  );
  assert.equal(kinds.size, 36);
  assert.deepEqual([...new Set(RUNS.map(({ alpha }) => alpha))].sort(), SLOPES);
});

Deno.test("docs/workers.md tells the differences of importance pruning and All-ReLU", () => {
  const all = Object.entries(SETS).flatMap(([dataset, name]) =>
    COMPARED.map(([what, one, other]) => ({ name, what, own: differences(dataset, one, other) }))
  );
  const pValues = holm(all.map(({ own }) => {
    const middle = mean(own);
    const deviation = Math.sqrt(own.reduce((sum, x) => sum + (x - middle) ** 2, 0) / 2);
    return Math.min(1, 2 * studentTUpperTail(Math.abs(middle) / (deviation / Math.sqrt(3)), 2));
  }));
  all.forEach(({ name, what, own }, k) => {
    const { estimate, low, high } = tInterval(own);
    const sign = estimate > 0 ? "+" : "";
    const says = `${name}, ${what}: ${sign}${fixed(estimate, 1)} (${range(low, high)}), ${
      pValues[k] < 0.05 ? "shown" : "not shown"
    }`;
    assert.ok(TEXT.includes(says), `${says}\n${TEXT}`);
  });
});

Deno.test("docs/workers.md tells the shares of weights and seconds that importance pruning leaves", () => {
  for (const [dataset, name] of Object.entries(SETS)) {
    const share = (of: "weights" | "seconds") => {
      const [pruned, whole] = (["importance", "set"] as const).map((method) =>
        mean(
          RUNS.filter((run) => run.dataset === dataset && run.method === method)
            .map((run) => run[of]),
        )
      );
      return Math.round(100 * pruned / whole);
    };
    const says = `${name}: ${share("weights")} % of the weights, ${
      share("seconds")
    } % of the seconds`;
    assert.ok(TEXT.includes(says), `${says}\n${TEXT}`);
  }
});
