import { node } from "../../node.ts";
import { ensureWritableFolder, readTextFile, writeFileAtomically } from "../../files/mod.ts";

/** Results by name in a file of one JSON line each, kept as they come. */
export interface WorkLog {
  /** Tells whether there is a result of this name. */
  has(name: string): boolean;
  /** A result; `undefined` where there is none. */
  get(name: string): unknown;
  /** Keeps a result. */
  put(name: string, value: unknown): void;
}

/**
 * Opens a log, or begins one. A line that was cut off is as if it had never been written.
 *
 * @param kept Results from elsewhere, which the log takes over.
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

/** The results in a log's file; none where there is no file. */
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
