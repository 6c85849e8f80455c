/** The record of the playground on the built-in data, and what docs/playground.md says of it. */
import assert from "node:assert/strict";
import { readPage } from "../documentation/markdown.ts";
import { readJsonFile } from "../files.ts";
import { ROOT } from "../tasks/run_task.ts";

Deno.test("docs/playground.md has the figures of the record, and they are within a point", () => {
  const { playground, browser, commandLine } = readJsonFile(
    `${ROOT}results/playground/segment.json`,
  );
  const text = readPage("docs/playground.md").replaceAll(/\s+/g, " ");
  const share = (accuracy: number) => `right on ${(100 * accuracy).toFixed(1)} %`;
  assert.equal(playground.members, 6);
  const range = (numbers: number[]) => [Math.min(...numbers), Math.max(...numbers)];
  const tabs = browser.tabs as { seconds: number; processorSeconds: number; accuracy: number }[];
  const [least, most] = range(tabs.map((tab) => tab.processorSeconds));
  const [soonest, latest] = range(tabs.map((tab) => tab.seconds));
  assert.ok(tabs.every((tab) => Math.abs(tab.accuracy - playground.accuracy) < 0.0006));
  const claims = [
    `training took ${soonest} to ${latest} seconds by the clock`,
    `took ${least} to ${most} seconds of a processor, drawing included`,
    `six members take ${playground.processorSeconds} seconds of a processor's time and are ` +
    `${share(playground.accuracy)} of the test rows`,
    `\`deno task train\` without options is ${share(commandLine.accuracy)}`,
  ];
  for (const claim of claims) assert.ok(text.includes(claim), claim);
  assert.ok(Math.abs(playground.accuracy - commandLine.accuracy) < 0.01);
});
