import assert from "node:assert/strict";
import type { Selection } from "../../../../lib/experiments/paper/experiment.ts";
import { denseReference } from "../../../../lib/experiments/paper/dense_reference.ts";
import { paperRun } from "../../../../lib/experiments/paper/paper_configs.ts";
import { publishedDataset } from "../../../../lib/experiments/paper/published.ts";
import { table1 } from "../../../../lib/experiments/paper/tables/table1.ts";
import { table2 } from "../../../../lib/experiments/paper/tables/table2.ts";
import { table3 } from "../../../../lib/experiments/paper/tables/table3.ts";
import { table5 } from "../../../../lib/experiments/paper/tables/table5.ts";
import { fig2 } from "../../../../lib/experiments/paper/figures/fig2.ts";
import { fig4 } from "../../../../lib/experiments/paper/figures/fig4.ts";
import { startRun } from "../../../../lib/experiments/run/run.ts";
import { completeConfig, type RunConfig } from "../../../../lib/experiments/run/run_config.ts";
import { catalogueData } from "../../../../lib/experiments/run/run_data.ts";
import type { RunRecord } from "../../../../lib/experiments/run/run_record.ts";
import { runHash } from "../../../../lib/experiments/run/run_hash.ts";
import { newFolder } from "../../../files.ts";

const full = ({ defaults }: typeof table1): Selection => ({ ...defaults, quick: false });
const hashes = (configs: readonly RunConfig[]) => new Set(configs.map(runHash));

Deno.test("Table 1 has every row of the paper, and what stands beside them", () => {
  const configs = table1.configs(full(table1));
  // 4 ensembles and EDST_RG refined as the others × 3 sparsities × 3 seeds, 2 singles × 2 rates × 3
  // seeds, a dense network at 3 rates, a dense ensemble.
  assert.equal(hashes(configs).size, 45 + 12 + 3 + 1);
  const count = (where: (config: RunConfig) => boolean) => configs.filter(where).length;
  assert.equal(count(({ method, learningRate }) => method === "set" && learningRate === 0.1), 3);
  assert.equal(count(({ method, learningRate }) => method === "set" && learningRate === 0.01), 3);
  assert.ok(configs.every(({ lambda, alpha }) => lambda === 1.5 && alpha === 0.5));
  for (const config of configs.filter(({ method }) => method.startsWith("dense"))) {
    assert.equal(config.activation, "relu");
  }
  const rates = configs.filter(({ method }) => method.startsWith("dense"))
    .map(({ learningRate }) => learningRate);
  assert.deepEqual(rates, [0.001, 0.01, 0.1, 0.001]);
  const edst = configs.filter(({ method }) => method === "edst").map((config) => config.refinement);
  assert.deepEqual(edst, [...Array(9).fill("plain"), ...Array(9).fill("comprehensive")]);
  const higgs = table1.configs({ ...full(table1), datasets: ["higgs-subset"] });
  assert.deepEqual(
    ["gesture-phase", "higgs", "higgs-subset", "pol"].map(publishedDataset),
    ["gesture-phase", "higgs", "higgs", null],
  );
  assert.ok(higgs.every(({ alpha, activation }) => alpha === 0.05 || activation === "relu"));
});

Deno.test("Table 2 is of these very configurations, on 14 data sets", () => {
  const configs = table2.configs(full(table2));
  // The paper's seven methods, the single ones at the other rate, EDST_RG refined as the others.
  assert.equal(configs.length, 14 * 10);
  const given = hashes(configs);
  const common = { seed: 1, activation: "relu", scaling: "quantile", onDivergence: "rollback" };
  for (const name of ["bank-marketing", "jannis-subset", "pol"]) {
    const data = catalogueData(name);
    for (const method of ["fd", "dist", "edst", "rd", "set", "static"]) {
      const config = { ...data, method, epsilon: 20, ...common };
      assert.ok(given.has(runHash(completeConfig(config))), `${name} ${method}`);
      const other = { ...config, learningRate: 0.1 };
      assert.ok(given.has(runHash(completeConfig(other))), `${name} ${method}`);
    }
    const dense = { ...data, method: "dense", learningRate: 0.01, ...common };
    assert.ok(given.has(runHash(completeConfig(dense))), `${name} dense`);
  }
});

Deno.test("Tables 3 and 5 and Fig. 2 share the runs of Table 1", () => {
  const known = hashes(table1.configs(full(table1)));
  const unknown = (configs: readonly RunConfig[]) =>
    [...hashes(configs)].filter((hash) => !known.has(hash)).length;
  assert.equal(unknown(table5.configs(full(table5))), 0);
  assert.equal(unknown(fig2.configs(full(fig2))), 0);
  // Only those without the Comprehensive Refinement Phase are new.
  assert.equal(hashes(table3.configs(full(table3))).size, 18);
  assert.equal(unknown(table3.configs(full(table3))), 9);
});

Deno.test("Fig. 4 trains 10 networks with and 10 without the Comprehensive Refinement Phase", () => {
  const configs = fig4.configs(full(fig4));
  assert.equal(hashes(configs).size, 20);
  assert.ok(
    configs.every(({ members, epochs, explore }) =>
      members === 1 && epochs === 150 && explore === 100
    ),
  );
});

Deno.test("the dense reference is what a dense run counts", async () => {
  const config = paperRun("segment", { method: "dense", seed: 3 }, true);
  const reference = await denseReference(config);
  const result = await startRun(config, `${newFolder()}/run`);
  assert.ok(result.status === "finished");
  const stepsOf = ({ flops: { counted, phases } }: RunRecord) => counted - phases.validation!;
  assert.equal(reference.flops, stepsOf(result.record));
  assert.equal(reference.weights, result.record.weights);
  // With the incomplete last batch too.
  const whole = { ...config, dropLastBatch: false };
  const second = await startRun(whole, `${newFolder()}/run`);
  assert.ok(second.status === "finished");
  assert.equal((await denseReference(whole)).flops, stepsOf(second.record));
});
