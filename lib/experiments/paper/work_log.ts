import { node } from "../../node.ts";
import { ensureWritableFolder, readTextFile, writeFileAtomically } from "../../files/mod.ts";

/** Results by name in a file with one JSON line per result. Each is written as soon as it is known. */
export interface WorkLog {
  /** Returns `true` if there is a result of this name. */
  has(name: string): boolean;
  /** Returns a result; `undefined` if there is none. */
  get(name: string): unknown;
  /** Keeps a result. */
  put(name: string, value: unknown): void;
}

/**
 * Opens a log, or begins one. An incomplete last line is ignored.
 *
 * @param kept Results from another source, which the log includes.
 */
export function openWorkLog(path: string, kept: Readonly<Record<string, unknown>> = {}): WorkLog {
  const entries = new Map(Object.entries({ ...readWorkLog(path), ...kept }));
  return {
    has: (name) => entries.has(name),
    get: (name) => entries.get(name),
    put(name, value) {
      entries.set(name, JSON.parse(JSON.stringify(value)));
      writeWorkLog(path, Object.fromEntries(entries));
    },
  };
}

/** The results in a log's file; empty if there is no file. */
export function readWorkLog(path: string): Record<string, unknown> {
  if (!node.fs.existsSync(path)) return {};
  const entries = readTextFile(path).split("\n").flatMap((line) => {
    try {
      const { name, value } = JSON.parse(line);
      return [[name, value] as const];
    } catch {
      return [];
    }
  });
  return Object.fromEntries(entries);
}

/** Writes results as a log's file. */
export function writeWorkLog(path: string, entries: Readonly<Record<string, unknown>>): void {
  ensureWritableFolder(node.path.dirname(path));
  const lines = Object.entries(entries).map(([name, value]) =>
    `${JSON.stringify({ name, value })}\n`
  );
  writeFileAtomically(path, lines.join(""));
}
