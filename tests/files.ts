/**
 * Files in tests: small, and there is nothing else to do while they are read and written.
 *
 * @module
 */

/** A new folder for the test's files. */
export function newFolder(): string {
  return Deno.makeTempDirSync({ prefix: "sparsemble-" });
}

/** The names in a folder, in order. */
export function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

/** A file as text. */
export function readText(path: string | URL): string {
  return Deno.readTextFileSync(path);
}

/** A file as bytes. */
export function readBytes(path: string | URL): Uint8Array<ArrayBuffer> {
  return Deno.readFileSync(path);
}

/** A file parsed as JSON. */
// deno-lint-ignore no-explicit-any
export function readJsonFile(path: string | URL): any {
  return JSON.parse(readText(path));
}

/** Writes text or bytes. */
export function writeFile(path: string, content: string | Uint8Array): void {
  Deno.writeFileSync(
    path,
    typeof content === "string" ? new TextEncoder().encode(content) : content,
  );
}

/** Whether there is something at a path. */
export function isThere(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    // A file stands where a folder would.
    if (error instanceof Deno.errors.NotADirectory) return false;
    throw error;
  }
}
