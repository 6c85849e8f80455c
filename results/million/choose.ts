/**
 * Tries settings for many neurons on Bioresponse. The test rows of the run with seed 1 are taken away first, so that
 * no choice can see them. Of the other rows a fifth validates, drawn by the seed of the try.
 *
 * deno run --allow-all results/million/choose.ts
 * makes the tries of results/million/tries.json that results/million/tried.jsonl does not have.
 */
import { readDataset, splitDataset } from "../../lib/data/mod.ts";
import { fit } from "../../lib/ensemble/mod.ts";
import { hiddenOf } from "../../lib/experiments/paper/scale/million.ts";
import { dataPath } from "../../lib/experiments/run/mod.ts";
import { randomStream } from "../../lib/random.ts";
import type { Settings } from "../../lib/settings/mod.ts";

/** A network to try. */
interface Try {
  readonly neurons: number;
  readonly seed: number;
  /** The settings that differ from those of the runs of other tables. */
  readonly settings: Partial<Settings>;
}

const HERE = new URL(".", import.meta.url).pathname;
const TRIED = `${HERE}tried.jsonl`;

/** The settings of a run of a million neurons, if a try has no others. */
const COMMON: Partial<Settings> = {
  method: "set",
  epsilon: 1,
  fan: "sparse",
  members: 1,
  scaling: "standard",
  dropout: 0,
  batchSize: 32,
  weightDecay: 0,
  evolveUntil: 0.6,
  epochs: 40,
  onDivergence: "rollback",
};

function keyOf({ neurons, seed, settings }: Try): string {
  return JSON.stringify([neurons, seed, settings]);
}

const tries: readonly Try[] = JSON.parse(await Deno.readTextFile(`${HERE}tries.json`));
const lines = (await Deno.readTextFile(TRIED)).split("\n").filter((line) => line !== "");
const seen = new Set(lines.map((line) => keyOf(JSON.parse(line))));
const { dataset } = await readDataset(dataPath("dataset:bioresponse"), { target: "target" });
const { train } = splitDataset(dataset, 0.2, randomStream(1, "test"));

for (const { neurons, seed, settings } of tries) {
  if (seen.has(keyOf({ neurons, seed, settings }))) continue;
  /** For every epoch: the training loss, and the loss and accuracy of the validation rows. */
  const epochs: number[][] = [];
  const began = performance.now();
  let failed: string | null = null;
  await fit(train, { ...COMMON, ...settings, hidden: hiddenOf(neurons), seed }, {
    onEvent(event) {
      if (event.type !== "epoch") return;
      const { loss, validationLoss, validationAccuracy } = event;
      epochs.push(
        [loss, validationLoss!, validationAccuracy!].map((value) => Number(value.toPrecision(4))),
      );
    },
  }).catch((error) => failed = String(error));
  const seconds = Number(((performance.now() - began) / 1000).toPrecision(2));
  const line = JSON.stringify({ neurons, seed, settings, seconds, failed, epochs });
  await Deno.writeTextFile(TRIED, `${line}\n`, { append: true });
  const last = epochs.at(-1)?.join(", ");
  Deno.stdout.writeSync(new TextEncoder().encode(`${line.slice(0, 120)}… ${last}\n`));
}
