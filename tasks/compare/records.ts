/** `deno task compare --from-records`: reports of existing scores. */
import { quoted, quotedPath } from "../../lib/messages.ts";
import {
  comparisonReportPath,
  mergeComparisons,
  readComparison,
  storeComparison,
  type StoredComparison,
  withoutDatasets,
  writeComparisonReport,
} from "../../lib/experiments/comparison/mod.ts";
import { tell } from "../terminal/command_line.ts";
import { printComparison } from "./print.ts";

/**
 * Reports the scores of folders, without some data sets.
 *
 * @throws {TypeError} If there is no folder with scores.
 * @throws {RangeError} If the folder has scores of a data set that is left out.
 */
export async function reportRecords(
  folders: readonly string[],
  out: string | null,
  without: readonly string[],
  title: string | undefined,
  json: boolean | undefined,
): Promise<void> {
  if (out === null && folders.length === 0) {
    throw new TypeError(
      "Cannot report a comparison: found no --out, need the folder with scores",
    );
  }
  if (folders.length === 0 && without.length === 0) {
    printComparison(await writeComparisonReport(out!, title), json);
    return tell(`Report: ${comparisonReportPath(out!)}`);
  }
  const isSource = folders.length === 0;
  const merged = mergeComparisons((isSource ? [out!] : folders).map(storedIn));
  const left = withoutDatasets(merged, without);
  if (isSource || out === null) {
    printComparison(left, json);
    if (isSource) tell("Nothing is written into the folder that has the other scores too");
    return;
  }
  const before = readComparison(out);
  const kept = before.scores.find(({ dataset }) => without.includes(dataset));
  if (kept !== undefined) {
    throw new RangeError(
      `Cannot leave out ${quoted(kept.dataset)}: found scores of it in ${quotedPath(out)} too, ` +
        "need another folder",
    );
  }
  storeComparison(out, mergeComparisons([before, left]));
  printComparison(await writeComparisonReport(out, title), json);
  tell(`Report: ${comparisonReportPath(out)}`);
}

function storedIn(folder: string): StoredComparison {
  const stored = readComparison(folder);
  if (stored.scores.length > 0) return stored;
  throw new RangeError(
    `Cannot report ${quotedPath(folder)}: found no scores in it, need comparison.jsonl`,
  );
}
