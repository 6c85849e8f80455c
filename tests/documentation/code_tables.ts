/**
 * The tables of docs/methods.md and docs/tasks.md, made from the tables of methods and settings.
 *
 * @module
 */
import { costsOf, memoryOf, type Method, METHOD_TABLE } from "../../lib/methods/mod.ts";
import { onlyValues, type Setting, SETTING_GROUPS } from "../../lib/settings/mod.ts";

/** A table of Markdown: rows of cells, the head first. */
export type Table = readonly (readonly string[])[];

/** The tables by the heading above them. */
export function methodTables(table: readonly Method[] = METHOD_TABLE): Record<string, Table> {
  return {
    "Which one": [
      ["method", "`--method`", "members", "how the topology changes"],
      ...table.map((method) => [
        method.title,
        `\`${method.name}\``,
        origin(method),
        method.says,
      ]),
    ],
    "What a method sets": [
      ["`--method`", "in the paper's recipe", "in every recipe", "only possible"],
      ...table.map((method) => [
        `\`${method.name}\``,
        options(method.paper),
        options(method.published ?? {}),
        Object.entries(onlyValues(method)).flatMap(([name, values]) =>
          values.map((value) => `\`${optionOf(name)} ${value}\``)
        ).join(", "),
      ]),
    ],
    "What it costs": [
      ["`--method`", "family", "an update costs", "memory"],
      ...table.map((method) => [
        `\`${method.name}\``,
        method.family,
        costsOf(method),
        memoryOf(method),
      ]),
    ],
    "Sources": [
      ["`--method`", "source"],
      ...[...Map.groupBy(table, ({ source }) => source)].map(([source, methods]) => [
        methods.map(({ name }) => `\`${name}\``).join(", "),
        source.replace(/https:\S+/, "<$&>"),
      ]),
    ],
  };
}

function origin({ members, paper, lineage }: Method): string {
  if (lineage !== undefined) return "from one parent";
  if (members === "sequential") return "from one run";
  if (members === "single") return "one network";
  return paper.members === 1 ? "one network, or independent ones" : "independent";
}

function options(settings: object): string {
  return Object.entries(settings).map(([name, value]) => `\`${optionOf(name)} ${value}\``)
    .join(", ");
}

/** The settings by their owner. */
export function settingTables(): Record<string, Table> {
  return Object.fromEntries(
    SETTING_GROUPS.map(({ title, settings }) => [title, [
      ["option", "what it sets"],
      ...Object.entries(settings).map(([name, setting]) => [
        `\`${optionOf(name)}\``,
        `${setting.says}${wordsOf(setting)}${ownersOf(name)}`,
      ]),
    ]]),
  );
}

function wordsOf({ value }: Setting<unknown>): string {
  return typeof value === "string" ? "" : `: ${value.map((word) => `\`${word}\``).join(", ")}`;
}

/** The methods that read a setting, where it is one of methods. */
function ownersOf(name: string): string {
  const owners = METHOD_TABLE.filter(({ settings }) => Object.hasOwn(settings, name));
  if (owners.length === 0) return "";
  return ` (with ${owners.map((method) => `\`${method.name}\``).join(", ")})`;
}

/** A setting's option on the command line. */
export function optionOf(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
