import { node } from "../../node.ts";
import { runFiles } from "../run/mod.ts";
import type { SweepTask } from "./sweep_run.ts";

/** The number of bytes at the end of a run's events that are searched for the last epoch. */
const TAIL = 8192;

/** The last epoch in the events of a run's folder, or `null`. Any process may be working on the run. */
export function lastEpoch({ folder }: SweepTask): { epoch: number; epochs: number } | null {
  const { openSync, statSync, fstatSync, readSync, closeSync } = node.fs;
  let file: number;
  try {
    const { events } = runFiles(folder);
    // Opening a pipe would wait for its other end.
    if (!statSync(events).isFile()) return null;
    file = openSync(events, "r");
  } catch {
    return null;
  }
  try {
    const { size } = fstatSync(file);
    const bytes = new Uint8Array(Math.min(size, TAIL));
    readSync(file, bytes, 0, bytes.length, size - bytes.length);
    const lines = new TextDecoder().decode(bytes).split("\n").slice(0, -1);
    const line = lines.findLast((line) => line.includes('"type":"epoch"') && line.startsWith("{"));
    if (line === undefined) return null;
    const { epoch, epochs } = JSON.parse(line);
    return { epoch, epochs };
  } catch {
    return null;
  } finally {
    closeSync(file);
  }
}
