import type { StrategyOrigin } from "../../model/mod.ts";
import { node } from "../../node.ts";
import { completeConfig, type RunConfig } from "./run_config.ts";

/**
 * The number of hex digits of a name. Among four billion runs, the probability that two share a name is
 * about 0.4.
 */
const DIGITS = 16;

/**
 * The name of a configuration: the first 16 hex digits of the SHA-256 of its JSON, complete and with its
 * keys in order. Two configurations have the same name exactly if they mean the same run. For a strategy's
 * file, the content counts, not the path.
 *
 * @param config A configuration. {@linkcode completeConfig} adds missing keys.
 * @throws {TypeError | RangeError} As {@linkcode completeConfig} throws them.
 *
 * @example Usage
 * ```ts
 * import { completeConfig, runHash } from "@sparsemble/sparsemble/experiments";
 * import assert from "node:assert/strict";
 *
 * const hash = runHash(completeConfig({ file: "table.csv", target: "class" }));
 * assert.match(hash, /^[0-9a-f]{16}$/);
 * assert.equal(runHash(completeConfig({ target: "class", file: "table.csv", seed: 1 })), hash);
 * assert.notEqual(runHash(completeConfig({ target: "class", file: "table.csv", seed: 2 })), hash);
 * ```
 */
export function runHash(config: RunConfig): string {
  const complete = completeConfig(config as unknown as Record<string, unknown>);
  const { strategy, missingTarget, ...settings } = complete;
  // Names from before this setting existed stay the same.
  const rest = missingTarget === "error" ? settings : { ...settings, missingTarget };
  return node.crypto
    .createHash("sha256")
    .update(canonicalJson(strategy === null ? rest : { ...rest, strategy: contentOf(strategy) }))
    .digest("hex")
    .slice(0, DIGITS);
}

/** The parts that identify a strategy: its code, or its name if a script passed it. */
function contentOf({ name, sha256, export: exported, earlier }: StrategyOrigin): unknown[] {
  return [sha256 ?? name, exported ?? null, earlier ?? null];
}

/** JSON without white space, with the keys of every object sorted. */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, value]) => value !== undefined).sort((
    [a],
    [b],
  ) => a < b ? -1 : 1);
  return `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${canonicalJson(value)}`)}}`;
}
