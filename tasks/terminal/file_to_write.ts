import { statSync } from "node:fs";
import { dirname } from "node:path";
import { ensureWritableFolder } from "../../lib/files/mod.ts";
import { quotedPath } from "../../lib/messages.ts";
import { userPath } from "./command_line.ts";

/**
 * The path of a file that a task is to write when its work is done. What could not be written then is refused
 * before the work.
 *
 * @throws {TypeError} If there is a folder of that name, or no folder that it would be in.
 * @throws {Error} If that folder cannot be written to.
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
