/** `deno task papi`: lists the events that this machine can count, and checks the counts. */
import { chooseKernels } from "../mod.ts";
import {
  type EventCount,
  FLOP_EVENTS,
  openPapi,
  type Papi,
  PapiError,
  SELF_CHECK_TOLERANCE,
  selfCheck,
} from "../lib/counters/mod.ts";
import { runProgram, say, taskProgram } from "./terminal/command_line.ts";
import { parseNames } from "./terminal/parse.ts";

const EVENTS = [...FLOP_EVENTS, "PAPI_DP_OPS", "PAPI_TOT_INS", "PAPI_TOT_CYC"];

const program = taskProgram("papi", "Shows which hardware events this machine can count.", "")
  .option(
    "--events <names>",
    "events to count, separated by commas: presets or native events",
    parseNames,
    EVENTS,
  )
  .option("--json", "print one JSON object")
  .action((options) => {
    const papi = openOrReason();
    if (typeof papi === "string") {
      say(options.json ? JSON.stringify({ libpapi: null, unavailable: papi }) : noLibrary(papi));
      return;
    }
    using open = papi;
    const { kernels } = chooseKernels("wasm");
    const { path, version, processor, virtualMachine } = open;
    const check = selfCheck(open, kernels, options.events);
    const components = open.components();
    if (options.json) {
      const libpapi = { path, version };
      say(JSON.stringify({ libpapi, processor, virtualMachine, components, ...check }));
      return;
    }
    const where = virtualMachine === null ? "" : `, virtual machine (${virtualMachine})`;
    say(`libpapi ${version} (${path}) on ${processor}${where}\n`);
    say(`Work of ${number(check.counted)} floating-point operations:`);
    say(line("software count", number(check.counted)));
    for (const event of [check.published, ...check.events]) {
      say(line(event.event, found(event, check.counted)));
    }
    const reasons = new Map<string, string>();
    for (const { event, refusal } of check.events) {
      if (refusal === null) continue;
      // One sentence for all events that are refused for the same reason.
      const alike = refusal.replaceAll(event, "…");
      if (!reasons.has(alike)) reasons.set(alike, refusal);
    }
    if (check.published.refusal !== null) say(`\n${check.published.refusal}`);
    for (const reason of reasons.values()) say(`\n${reason}`);
    if (!check.events.some(({ count }) => count !== null)) {
      say("\nTraining works without: it reports the software count, which is exact.");
    }
  });

function openOrReason(): Papi | string {
  try {
    return openPapi();
  } catch (error) {
    if (error instanceof PapiError) return error.message;
    throw error;
  }
}

function noLibrary(reason: string): string {
  return `This machine's hardware events cannot be counted.\n${reason}\n` +
    "\nTraining works without: it reports the software count, which is exact.";
}

function found({ event, count }: EventCount, counted: number): string {
  if (count === null) return "not here";
  if (event !== "PAPI_SP_OPS" && !event.startsWith("sde:::")) return number(count);
  const difference = count / counted - 1;
  const verdict = Math.abs(difference) <= SELF_CHECK_TOLERANCE ? "agrees" : "DISAGREES";
  return `${number(count)}  ${verdict} (${(100 * difference).toFixed(2)} %)`;
}

function line(name: string, value: string): string {
  return `  ${name.padEnd(32)} ${value}`;
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}

await runProgram(program);
