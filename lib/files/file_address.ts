import { requireText } from "../arguments.ts";
import { quotedPath } from "../messages.ts";
import { node } from "../node.ts";

/** The path of a `file:` URL. */
export function pathOfFileUrl(address: URL): string {
  return node.url.fileURLToPath(address);
}

/**
 * The path of a file that a caller names by path or URL.
 *
 * @param intent `read` or `write`.
 * @param what The file's content, such as `a model`.
 * @param file A path, or a `file:` URL.
 * @throws {TypeError} If `file` is neither a path nor a `file:` URL.
 */
export function filePath(intent: "read" | "write", what: string, file: unknown): string {
  if (!(file instanceof URL)) {
    requireText(`${intent} ${what}`, file, "the path of its file");
    return file;
  }
  if (file.protocol === "file:") return pathOfFileUrl(file);
  throw new TypeError(
    `Cannot ${intent} ${quotedPath(file.href)}: found "${file.protocol}", need "file:"`,
  );
}
