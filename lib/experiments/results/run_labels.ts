import { node } from "../../node.ts";
import { methodNamed } from "../../methods/mod.ts";
import type { StrategyOrigin } from "../../model/mod.ts";
import type { RunConfig } from "../run/mod.ts";

/**
 * A method's name, such as `"FD-TSE"`, with λ if it has one; or the name of the strategy that replaces it.
 * With the modern recipe, the name begins with it.
 */
export function methodTitle(
  config: Pick<RunConfig, "method" | "lambda" | "strategy"> & Partial<Pick<RunConfig, "recipe">>,
): string {
  const method = methodNamed(config.method);
  const title = config.strategy
    ? strategyName(config.strategy)
    : method.label?.(config) ?? method.title;
  return config.recipe === "modern" ? `modern recipe (${title})` : title;
}

/** The name of a custom strategy. Before its file is loaded, it is the file's name. */
export function strategyName({ name, path = "", export: exported }: StrategyOrigin): string {
  return name ?? node.path.basename(path) + (exported === undefined ? "" : `#${exported}`);
}

/** The name of a strategy, with digits of its SHA-256 that distinguish it from others of the same name. */
export function strategyTitle(origin: StrategyOrigin): string {
  const { sha256, export: exported, earlier = [] } = origin;
  const contents = [...earlier, sha256 ?? []].flat().map((digest) => digest.slice(0, 8)).join(
    " → ",
  );
  const which = exported === undefined || origin.name === undefined ? "" : `#${exported}`;
  return strategyName(origin) + (contents === "" ? "" : ` (${contents}${which})`);
}

/** The name of a run's table: its name in the catalogue, or the file's name without folder and ending. */
export function datasetTitle({ file }: Pick<RunConfig, "file">): string {
  return node.path.basename(file).replace(/^(dataset|builtin):/, "").replace(
    /(\.csv)?(\.gz)?$/,
    "",
  );
}

/** The sparsity of a run's layers, such as `"ε = 20"` or `"ε = 20, G = 8"`; `""` if they are dense. */
export function sparsityTitle(
  { method, epsilon, density, blockSize = 1 }: Pick<
    RunConfig,
    "method" | "epsilon" | "density" | "blockSize"
  >,
): string {
  if (methodNamed(method).layers === "dense") return "";
  const blocks = blockSize === 1 ? "" : `, G = ${blockSize}`;
  return (density === null ? `ε = ${epsilon}` : `density ${density}`) + blocks;
}

/** A whole run's name. */
export function runTitle(config: RunConfig): string {
  return [methodTitle(config), sparsityTitle(config), `seed ${config.seed}`]
    .filter((part) => part !== "").join(", ") + ` on ${datasetTitle(config)}`;
}

/** With fewer rows, one row changes a percentage by more than its second decimal. */
const ROWS_OF_TWO_DECIMALS = 1000;

/**
 * A share in percent, without the sign; `null` if there is none.
 *
 * @param rows The number of rows of which this is a share. A share of few rows has one decimal instead of
 * two.
 */
export function percentOf(share: number | null, rows: number = Infinity): string | null {
  return share === null ? null : (100 * share).toFixed(rows < ROWS_OF_TWO_DECIMALS ? 1 : 2);
}

/** A count with separators between thousands. */
export function countOf(count: number): string {
  return count.toLocaleString("en-GB", { maximumFractionDigits: 0 });
}

/** A count of rows, or the sum of their weights. */
export function rowsText(rows: number): string {
  return Number.isInteger(rows) ? countOf(rows) : numberText(rows);
}

/** A number of operations, such as `"1.33e+12"`. */
export function flopsOf(flops: number): string {
  return flops.toExponential(2);
}

/** A number in the target's unit, with four significant digits. */
export function numberText(value: number): string {
  return `${Number(value.toPrecision(4))}`;
}
