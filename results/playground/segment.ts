/**
 * The playground on the built-in data, beside the command line: accuracy on the same test rows, and the
 * processor's time. The session is the page's own, with the same kernels; a browser draws beside it.
 *
 * deno run --allow-read --allow-write --allow-run --allow-env results/playground/segment.ts writes segment.json.
 */
import process from "node:process";
import { builtinDatasetPath } from "../../mod.ts";
import type { Answer, Request } from "../../lib/playground/messages.ts";
import { openSession } from "../../lib/playground/worker/mod.ts";

/** What the page asks for unless a person asks for another number. */
const MEMBERS = 6;

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
const record = {
  playground: {
    members: MEMBERS,
    accuracy: outcome.score.accuracy,
    processorSeconds: Number(((user + system) / 1e6).toFixed(1)),
  },
  commandLine: { accuracy, testRows },
};
Deno.writeTextFileSync(
  new URL("segment.json", import.meta.url),
  `${JSON.stringify(record, null, 2)}\n`,
);
