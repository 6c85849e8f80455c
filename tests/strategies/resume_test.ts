/** Run folders of every strategy: killed and stopped at steps drawn at random, and resumed. */
import assert from "node:assert/strict";
import { completeConfig } from "../../lib/experiments/run/run_config.ts";
import { resumeRun, type RunOptions, startRun } from "../../lib/experiments/run/run.ts";
import { chooseKernels, type KernelChoice } from "../../lib/kernels/choose.ts";
import { randomStream } from "../../lib/random.ts";
import { readText } from "../files.ts";
import { assertSameRun } from "../soak/kill_and_resume.ts";
import { folderWithTable } from "../tasks/tiny_run.ts";
import { STRATEGIES } from "./all_strategies.ts";

const BACK_ENDS: readonly [KernelChoice, method: "edst" | "set"][] = [
  ["wasm", "edst"],
  ["native", "set"],
];

function isAvailable(choice: KernelChoice): boolean {
  try {
    chooseKernels(choice);
    return true;
  } catch {
    return false;
  }
}

/** Options that write a checkpoint after every step, and kill the run after so many; or neither. */
function killAfter(steps: number): RunOptions {
  return {
    checkpointEvery: steps === Infinity ? 0 : 1e-9,
    onEvent: ({ type }) => {
      if (type === "batch" && steps-- === 0) throw new Error("killed");
    },
  };
}

for (const [kernels, method] of BACK_ENDS) {
  for (const { strategy: make } of STRATEGIES) {
    const { name } = make();
    Deno.test({
      name: `${name}, ${kernels}: killed at any step and resumed by any threads, the same bytes`,
      ignore: !isAvailable(kernels),
      fn: async () => {
        const random = randomStream(7, name, kernels);
        const folder = folderWithTable({ rows: 200 });
        const config = completeConfig({
          file: `${folder}/table.csv`,
          target: "class",
          method,
          ...method === "set" ? {} : { explore: 2, members: 2 },
          hidden: [24, 24],
          epsilon: 2,
          epochs: 6,
          batchSize: 16,
          kernels,
        });
        const straight = `${folder}/straight`;
        await startRun(config, straight, { checkpointEvery: 0, strategy: make() });
        const killed = `${folder}/killed`;
        for (let part = 0;; part++) {
          // The fourth part trains to the end.
          const options = {
            ...killAfter(part < 3 ? random.below(20) : Infinity),
            strategy: make(),
            threads: 1 + (part + (kernels === "native" ? 1 : 0)) % 2,
          };
          try {
            await (part === 0 ? startRun(config, killed, options) : resumeRun(killed, options));
            break;
          } catch (error) {
            assert.equal((error as Error).message, "killed");
          }
        }
        assertSameRun(straight, killed);
        const events = readText(`${straight}/events.jsonl`);
        const isByStep = make().when?.unit === "steps";
        assert.equal(events.includes('"type":"updates"'), isByStep);
      },
    });
  }
}
