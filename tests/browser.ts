/**
 * A real browser, without a window.
 *
 * @module
 */
import { newFolder } from "./files.ts";

/** The browser's path; `null` where there is none, or no permission to run it. */
export const browser: string | null = findBrowser();

function findBrowser(): string | null {
  if (Deno.permissions.querySync({ name: "run", command: "chromium" }).state !== "granted") {
    return null;
  }
  for (const folder of (Deno.env.get("PATH") ?? "").split(":")) {
    try {
      if (Deno.statSync(`${folder}/chromium`).isFile) return `${folder}/chromium`;
    } catch {
      // It is not in this one.
    }
  }
  return null;
}

/** Opens a file, or an address, with further options, and gives what the browser prints. */
export async function openInBrowser(place: string, options: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command("chromium", {
    args: [
      ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"],
      ...["--disable-component-update", "--disable-sync", "--no-first-run"],
      `--user-data-dir=${newFolder()}`,
      ...options,
      place.startsWith("http:") ? place : `file://${place}`,
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (code !== 0) throw new Error(`Chromium ended with ${code}: ${text(stderr)}`);
  return text(stdout);
}
