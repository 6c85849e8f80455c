/**
 * The playground on the built-in data, beside the command line: accuracy on the same test rows, and the
 * processor's time. The session is the page's own, with the same kernels. Then the page itself, in a tab of
 * headless Chromium: seconds of the clock from the click on "train" until everything is shown, and those of
 * the processor that all of the browser's processes took.
 *
 * deno run --allow-read --allow-write --allow-run --allow-env --allow-net=127.0.0.1 results/playground/segment.ts
 * writes segment.json. It needs Chromium.
 */
import process from "node:process";
import { builtinDatasetPath } from "../../mod.ts";
import type { Answer, Request } from "../../lib/playground/messages.ts";
import { openSession } from "../../lib/playground/worker/mod.ts";
import { openPage, type Page } from "../../tests/playground/devtools.ts";
import { siteAddress, textOf, the } from "../../tests/playground/site.ts";

/** What the page asks for unless a person asks for another number. */
const MEMBERS = 6;

/** Tabs in which the page is opened and trains, one after the other. */
const TABS = 3;

const answers: Answer[] = [];
const session = openSession((answer) => answers.push(answer));
const before = process.cpuUsage();
const requests: Request[] = [
  { type: "open", name: "segment.csv.gz", bytes: Deno.readFileSync(builtinDatasetPath("segment")) },
  { type: "train", target: "class", task: "classification", members: MEMBERS },
];
for (const request of requests) await session.hear(request);
const { user, system } = process.cpuUsage(before);
const outcome = answers.flatMap((answer) => answer.type === "finished" ? [answer.outcome] : [])[0];
if (outcome.score.kind !== "classes") throw new TypeError("Cannot score numbers");

const out = Deno.makeTempDirSync();
const task = new URL("../../tasks/train.ts", import.meta.url).pathname;
const { stdout } = await new Deno.Command(Deno.execPath(), {
  args: ["run", "-A", task, "--json", "--out", `${out}/run`],
  stderr: "inherit",
}).output();
const { accuracy, testRows } = JSON.parse(new TextDecoder().decode(stdout));
Deno.removeSync(out, { recursive: true });
/** The processor's seconds of all processes of a browser so far. */
async function processorSeconds(page: Page): Promise<number> {
  const { processInfo } = await page.sendToBrowser("SystemInfo.getProcessInfo");
  return processInfo.reduce((sum: number, one: { cpuTime: number }) => sum + one.cpuTime, 0);
}

const tabs: { seconds: number; processorSeconds: number; accuracy: number }[] = [];
let version = "";
for (let tab = 0; tab < TABS; tab++) {
  await using page = await openPage(await siteAddress());
  await page.run(`${the("builtin")}.click()`);
  await page.until(`${the("target-facts")}.textContent !== ""`);
  if (Number(await page.run(`${the("members")}.value`)) !== MEMBERS) {
    throw new RangeError("members");
  }
  const [before, cpuBefore] = [performance.now(), await processorSeconds(page)];
  await page.run(`${the("train")}.click()`);
  // The importance of columns is left out where the processor has too much else to do.
  await page.until(`${the("answer")}.textContent !== "" && !${the("outcome")}.hidden`);
  const seconds = Number(((performance.now() - before) / 1000).toFixed(1));
  const cpu = Number((await processorSeconds(page) - cpuBefore).toFixed(1));
  tabs.push({
    seconds,
    processorSeconds: cpu,
    accuracy: Number.parseFloat(await textOf(page, "great")) / 100,
  });
  version = (await page.send("Browser.getVersion")).product;
}
const { stdout: load } = await new Deno.Command("cat", { args: ["/proc/loadavg"] }).output();
const [loadOfLastMinute] = new TextDecoder().decode(load).split(" ");
const record = {
  playground: {
    members: MEMBERS,
    accuracy: outcome.score.accuracy,
    processorSeconds: Number(((user + system) / 1e6).toFixed(1)),
  },
  // The last minute's load says how many programs shared the processor.
  browser: { version, tabs, load: Number(loadOfLastMinute) },
  commandLine: { accuracy, testRows },
};
Deno.writeTextFileSync(
  new URL("segment.json", import.meta.url),
  `${JSON.stringify(record, null, 2)}\n`,
);
