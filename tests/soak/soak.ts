/**
 * The parts of a soak by their names, and how they are carried out one after the other.
 *
 * @module
 */
import { soakFiles } from "./files.ts";
import { soakKills } from "./kills.ts";
import { soakLargeTable } from "./large_table.ts";
import { soakLoadMemory } from "./load_memory.ts";
import { soakChangedFiles } from "../fuzzing/fuzz.ts";
import type { SoakOptions, SoakReport } from "./report.ts";
import { soakPowerLoss } from "./power_loss.ts";
import { soakTables } from "./tables.ts";
import { soakTopology } from "./topology.ts";

/** The parts, in the order in which they run. */
export const PARTS = ["topology", "files", "tables", "changes", "power", "kills"] as const;

/** How much of everything. */
export interface SoakSizes {
  readonly kills: number;
  readonly mutations: number;
  readonly tables: number;
  readonly changes: number;
  readonly cases: number;
  /** Bytes of the large table, in units of 10^9. */
  readonly gigabytes: number;
}

/** Parses the names of parts, separated by commas. */
export function parseParts(text: string): (typeof PARTS)[number][] {
  const names = text.split(",").map((name) => name.trim());
  const unknown = names.find((name) => !PARTS.some((part) => part === name));
  if (unknown !== undefined) {
    throw new RangeError(`Cannot soak "${unknown}": need some of ${PARTS.join(", ")}`);
  }
  return PARTS.filter((part) => names.includes(part));
}

/** Refuses what cannot be counted to. */
export function checkSizes(sizes: Readonly<Record<string, number>>): void {
  for (const [name, size] of Object.entries(sizes)) {
    const fractions = ["gigabytes", "minutes"].includes(name);
    if (size >= 0 && (fractions || Number.isSafeInteger(size))) continue;
    throw new RangeError(
      `Cannot soak with --${name} ${size}: need a ${fractions ? "" : "whole "}number from 0`,
    );
  }
}

/** Carries out a part. */
export async function soakPart(
  part: (typeof PARTS)[number],
  sizes: SoakSizes,
  options: SoakOptions,
): Promise<SoakReport> {
  switch (part) {
    case "topology":
      return soakTopology(sizes.cases, options);
    case "files":
      return together([
        await soakFiles(sizes.mutations, options),
        await soakLoadMemory(Math.ceil(sizes.mutations / 500), options),
      ]);
    case "tables":
      return together([
        await soakTables(sizes.tables, options),
        ...sizes.gigabytes > 0 ? [await soakLargeTable(sizes.gigabytes * 1e9, options)] : [],
      ]);
    case "changes":
      return await soakChangedFiles(sizes.changes, options);
    case "power":
      return await soakPowerLoss(options);
    case "kills":
      return await soakKills(sizes.kills, options);
  }
}

function together(reports: readonly SoakReport[]): SoakReport {
  return {
    counts: Object.assign({}, ...reports.map(({ counts }) => counts)),
    failures: reports.flatMap(({ failures }) => failures),
  };
}
