import { statSync } from "node:fs";
import { dirname } from "node:path";
import { ensureWritableFolder } from "../../lib/files/mod.ts";
import { quotedPath } from "../../lib/messages.ts";
import { userPath } from "./command_line.ts";

/**
 * The path of a file that a task will write after its work. A file that cannot be written is refused before
 * the work.
 *
 * @throws {TypeError} If there is a folder of that name, or its parent folder does not exist.
 * @throws {Error} If the parent folder cannot be written to.
 */
export function fileToWrite(name: string): string {
  const path = userPath(name);
  const folder = dirname(path);
  const intent = `Cannot write ${quotedPath(path)}`;
  if (!isFolder(folder)) throw new TypeError(`${intent}: there is no folder ${quotedPath(folder)}`);
  if (isFolder(path)) throw new TypeError(`${intent}: there is a folder of that name`);
  ensureWritableFolder(folder, 0);
  return path;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
