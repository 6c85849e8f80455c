import { node } from "../node.ts";

/** The path of a `file:` URL. */
export function pathOfFileUrl(address: URL): string {
  return node.url.fileURLToPath(address);
}
