import { node } from "../node.ts";

/**
 * The path of a `file:` URL. `node:url` is loaded on first use: at import it would take longer than
 * the rest of the library.
 */
export function pathOfFileUrl(address: URL): string {
  return node.url.fileURLToPath(address);
}
