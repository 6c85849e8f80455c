/** The folder of a run: its name, and the tables in it that came from standard input. */
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { strategyName } from "../../lib/experiments/results/mod.ts";
import { removeEmptyFolder, type RunConfig } from "../../lib/experiments/run/mod.ts";
import { quotedPath } from "../../lib/messages.ts";
import { userPath } from "../terminal/command_line.ts";
import { standardInput, TABLE_FILE } from "../terminal/table_input.ts";

/** A new folder under `runs`, named after table, method, seed and time. */
export function freshFolder(config: RunConfig): string {
  const table = basename(config.file === "-" ? "input" : config.file).replace(
    /^(builtin|dataset|made):/,
    "",
  ).replace(
    TABLE_FILE,
    "",
  );
  const time = new Date().toISOString().slice(0, 19).replace("T", "-").replaceAll(":", "");
  const { method, strategy, seed } = config;
  const what = strategy === null
    ? method
    : strategyName(strategy).replace(/\.[cm]?[jt]s\b/, "").replaceAll(/[^\w.-]+/g, "-");
  const folder = userPath(join("runs", `${table}-${what}-seed${seed}-${time}`));
  // Two runs may begin within one second.
  for (let copy = 2;; copy++) {
    const candidate = copy === 2 ? folder : `${folder}-${copy - 1}`;
    if (!existsSync(candidate)) return candidate;
  }
}

/**
 * Stores standard input in the run's folder, because a resumed run reads its table again.
 *
 * @throws {TypeError} If the folder already has such a file.
 */
export async function keepInput(folder: string, name: string): Promise<string> {
  const path = join(folder, name);
  if (existsSync(path)) {
    throw new TypeError(
      `Cannot keep standard input in ${quotedPath(path)}: found a file, need a folder without it`,
    );
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, await standardInput(), { flag: "wx" });
  return path;
}

/** Removes the stored standard input of a run that did not begin. Its error then does not name the file. */
export function withoutInput(error: unknown, kept: string): unknown {
  rmSync(kept, { force: true });
  removeEmptyFolder(dirname(kept));
  if (error instanceof Error) {
    error.message = error.message.replaceAll(quotedPath(kept), "standard input");
  }
  return error;
}
