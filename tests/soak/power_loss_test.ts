/** Power that is cut while a run is trained: at a few more places in `deno task soak --only power`. */
import assert from "node:assert/strict";
import { randomStream } from "../../lib/random.ts";
import { newFolder } from "../files.ts";
import { cutPower, shortRun } from "./power_loss.ts";

Deno.test("wherever the power is cut, a run goes on to the same bytes and loses no epoch's line", async () => {
  const folder = newFolder();
  const cuts = randomStream(1, "cuts");
  const { changes, states, resumed, finished } = await cutPower(
    shortRun(folder, { optimizer: "adam" }),
    [2, 5],
    100,
    cuts,
  );
  assert.ok(changes > 100 && states > 50, `${changes} changes, ${states} states`);
  assert.ok(resumed > 40 && finished > 0, `${resumed} went on, ${finished} had ended`);
  await Deno.remove(folder, { recursive: true });
});
