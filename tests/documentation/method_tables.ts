/**
 * The tables of docs/methods.md, made from the table of methods.
 *
 * @module
 */
import { type Method, METHOD_TABLE } from "../../lib/methods/mod.ts";
import { fixedSettings } from "../../lib/settings/mod.ts";

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
      ["`--method`", "in the paper's recipe, other than `fd`", "always"],
      ...table.map((method) => [
        `\`${method.name}\``,
        options(method.paper),
        options(fixedSettings(method)),
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

function origin({ members, paper }: Method): string {
  if (members === "sequential") return "from one run";
  if (members === "single") return "one network";
  return paper.members === 1 ? "one network, or independent ones" : "independent";
}

function options(settings: object): string {
  return Object.entries(settings).map(([name, value]) => `\`${optionOf(name)} ${value}\``)
    .join(", ");
}

/** A setting's option on the command line. */
export function optionOf(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
