/** `deno task methods`: lists the methods by family, or describes some in full. */
import { didYouMean, quoted } from "../lib/messages.ts";
import {
  costsOf,
  FAMILIES,
  type Family,
  memoryOf,
  type Method,
  METHOD_TABLE,
  METHODS,
} from "../lib/methods/mod.ts";
import { defaultSettings } from "../lib/settings/mod.ts";
import { runProgram, say, taskProgram } from "./terminal/command_line.ts";
import { helpItem, terminalWidth, wrapped } from "./terminal/help.ts";
import { plainTable } from "./terminal/result_table.ts";
import { optionName } from "./terminal/setting_options.ts";

const TABLE: readonly Method[] = METHOD_TABLE;

const program = taskProgram(
  "methods",
  "Lists the methods of sparse training by family. Of those that are named it tells all: their " +
    "sources, costs, memory and settings.",
  "",
  "rigl srigl",
)
  .argument("[names...]", "names of methods")
  .option("--json", "print one JSON object")
  .action((names, { json }) => {
    const strange = names.find((name) => TABLE.every((method) => method.name !== name));
    if (strange !== undefined) {
      throw new TypeError(
        `Cannot tell of ${quoted(strange)}: there is no method of this name` +
          didYouMean(strange, METHODS),
      );
    }
    const chosen = TABLE.filter(({ name }) => names.length === 0 || names.includes(name));
    if (json) return say(JSON.stringify({ methods: chosen.map(factsOf) }));
    say(names.length === 0 ? overview() : chosen.map(description).join("\n\n"));
  });

/** A sentence without the marks of code. */
function plain(text: string): string {
  return text.replaceAll("`", "");
}

/** The facts about a method. */
function factsOf(method: Method) {
  const { name, title, family, source, says, members } = method;
  const defaults: Readonly<Record<string, unknown>> = { ...defaultSettings(name as never) };
  const settings = Object.entries(method.settings as Record<string, { says: string }>)
    .map(([setting, { says }]) => ({
      option: optionName(setting),
      says: plain(says),
      default: defaults[setting] ?? null,
    }));
  const [costs, memory] = [costsOf(method), memoryOf(method)];
  return { name, title, family, source, says, members, costs, memory, settings };
}

/** A table for every family. */
function overview(): string {
  const tables = Object.entries(FAMILIES).map(([family, says]) => {
    const rows = TABLE.filter((method) => method.family === family as Family)
      .map((method) => [method.name, plain(method.says), plain(costsOf(method))]);
    const head = ["--method", "how the topology changes", "what an update costs"];
    const list = rows.map(([name, topology]) => [name, topology]);
    return `${paragraph(`${family}: ${says}`)}\n${tableOrList(head, rows, list)}`;
  });
  const more = "Sources, costs, memory and settings of one: deno task methods NAME";
  return [...tables, more].join("\n\n");
}

function paragraph(text: string): string {
  return wrapped(text, terminalWidth()).join("\n");
}

/** A table if it fits the terminal; otherwise a list of terms with their descriptions. */
function tableOrList(
  head: readonly string[],
  rows: readonly string[][],
  list: readonly string[][],
): string {
  const width = terminalWidth();
  const longest = (c: number) => Math.max(...[head, ...rows].map((row) => row[c].length));
  // A border and two blanks for every cell, and a border at the end.
  if (head.reduce((sum, _, c) => sum + longest(c) + 3, 1) <= width) return plainTable(head, rows);
  const term = Math.max(...list.map(([own]) => own.length));
  return list.map(([own, says]) => helpItem.call({ helpWidth: width }, own, term, says)).join("\n");
}

function description(method: Method): string {
  const { title, name, family, says, costs, memory, source, settings } = factsOf(method);
  const rows = settings.map(({ option, says, default: standard }) => [
    option,
    // An option cannot be `null`, so the sentence about it is removed.
    says.replace(/; null.*/, ""),
    standard === null ? /; null for (\w+)$/.exec(says)?.[1] ?? "" : `${standard}`,
  ]);
  const list = rows.map(([option, says, standard]) => [
    option,
    standard === "" ? says : `${says} (default: ${standard})`,
  ]);
  return [
    paragraph(`${title} (--method ${name}), ${family}`),
    paragraph(`The topology: ${plain(says)}`),
    paragraph(`An update costs: ${plain(costs)}`),
    paragraph(`Memory: ${plain(memory)}`),
    paragraph(`Source: ${source}`),
    ...rows.length === 0 ? [] : [tableOrList(["its settings", "", "default"], rows, list)],
  ].join("\n");
}

await runProgram(program);
