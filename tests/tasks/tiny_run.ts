/**
 * Tables and settings so small that a run takes less time than the start of its process.
 *
 * @module
 */
import { randomStream } from "../../lib/random.ts";
import { newFolder, writeFile } from "../files.ts";
import type { MethodName } from "../../mod.ts";
import { defaultSettings } from "../../lib/settings/mod.ts";

/** How a tiny table is written. */
export interface TinyTable {
  /** Rows. */
  readonly rows?: number;
  /** The classes' names: two. */
  readonly classes?: readonly [string, string];
  /** Names another table of the same kind. */
  readonly seed?: number;
  /** The order of the columns; a name that is no feature becomes a column of noise. */
  readonly columns?: readonly string[];
}

/** The features, one with a name that must be quoted, and the target. */
export const COLUMNS = ["a", 'b, "quoted"', "c", "d", "class"] as const;

/** The text of a table: the class follows from the first two features. */
export function tinyTable(
  { rows = 240, classes = ["no", "yes"], seed = 1, columns = COLUMNS }: TinyTable = {},
): string {
  const random = randomStream(seed, "tiny table");
  const lines = [columns.map(cell).join(",")];
  for (let row = 0; row < rows; row++) {
    const features = COLUMNS.slice(0, -1).map(() => (2 * random.float() - 1).toFixed(4));
    const label = classes[Number(features[0]) + 0.5 * Number(features[1]) > 0.1 ? 1 : 0];
    const values = new Map<string, string>([
      ...features.map((value, i): [string, string] => [COLUMNS[i], value]),
      ["class", cell(label)],
    ]);
    lines.push(columns.map((name) => values.get(name) ?? `noise ${row}`).join(","));
  }
  return `${lines.join("\n")}\n`;
}

function cell(text: string): string {
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A new folder with `table.csv` in it. */
export function folderWithTable(table: TinyTable = {}): string {
  const folder = newFolder();
  writeFile(`${folder}/table.csv`, tinyTable(table));
  return folder;
}

/** Options of `train` for a tiny network, sparse enough that every strategy has room. */
export function tinyOptions(method: MethodName = "fd", epochs = 8): string[] {
  const { members, explore } = defaultSettings(method);
  return [
    ...["--method", method, "--epochs", `${epochs}`, "--hidden", "24,24", "--epsilon", "2"],
    ...["--batch-size", "16", "--members", `${Math.min(2, members)}`],
    ...["--explore", `${Math.min(2, explore)}`, "--kernels", "wasm"],
    ...(method === "dist" ? ["--distance-samples", "8"] : []),
  ];
}

/** The same as settings of the paper's recipe, with the target of the tiny table. */
export function tinySettings(epochs = 8): Record<string, unknown> {
  return {
    ...{
      method: "fd",
      target: "class",
      epochs,
      explore: 2,
      hidden: [24, 24],
      epsilon: 2,
      batchSize: 16,
    },
    ...{ members: 2, kernels: "wasm" },
  };
}
