import { node } from "../../node.ts";
import { methodNamed } from "../../methods/mod.ts";
import type { StrategyOrigin } from "../../model/mod.ts";
import type { RunConfig } from "../run/mod.ts";

/**
 * A method's name, such as `"FD-TSE"`, with λ where there is one; or that of the strategy in its place. A
 * run with the modern recipe says so first.
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

/** The name of a strategy of one's own; before its file was loaded, the file's. */
export function strategyName({ name, path = "", export: exported }: StrategyOrigin): string {
  return name ?? node.path.basename(path) + (exported === undefined ? "" : `#${exported}`);
}

/** The name of a strategy with digits of its SHA-256, which tell it from others of that name. */
export function strategyTitle(origin: StrategyOrigin): string {
  const { sha256, export: exported, earlier = [] } = origin;
  const contents = [...earlier, sha256 ?? []].flat().map((digest) => digest.slice(0, 8)).join(
    " → ",
  );
  const which = exported === undefined || origin.name === undefined ? "" : `#${exported}`;
  return strategyName(origin) + (contents === "" ? "" : ` (${contents}${which})`);
}

/** The name of a run's table: of the catalogue, or of the file without folder and ending. */
export function datasetTitle({ file }: Pick<RunConfig, "file">): string {
  return node.path.basename(file).replace(/^(dataset|builtin):/, "").replace(
    /(\.csv)?(\.gz)?$/,
    "",
  );
}

/** The sparsity of a run's layers, such as `"ε = 20"` or `"ε = 20, G = 8"`; `""` where they are dense. */
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

/** With fewer rows, one of them is more than the second decimal of a percentage. */
const ROWS_OF_TWO_DECIMALS = 1000;

/**
 * A share in percent, without the sign; `null` where there is none.
 *
 * @param rows The rows that the share is of. One of few rows has one decimal in place of two.
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

/** A number in the target's unit, with the four digits that count. */
export function numberText(value: number): string {
  return `${Number(value.toPrecision(4))}`;
}
