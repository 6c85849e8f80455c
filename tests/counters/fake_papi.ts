import { fileURLToPath } from "node:url";

/** Whether fake libraries can be built here. */
export const hasCompiler: boolean = compilerAnswers();

const source = fileURLToPath(new URL("fixtures/fake_papi.c", import.meta.url));

const LIBRARY = "SPARSEMBLE_LIBPAPI";

/** Does something while a variable names the library; worker threads see it too. */
export async function withLibrary<T>(path: string, work: () => Promise<T>): Promise<T> {
  const before = Deno.env.get(LIBRARY);
  Deno.env.set(LIBRARY, path);
  try {
    return await work();
  } finally {
    if (before === undefined) Deno.env.delete(LIBRARY);
    else Deno.env.set(LIBRARY, before);
  }
}

/** Builds a libpapi with these definitions. The folder goes when the tests end. */
export function buildFakePapi(definitions: Record<string, string>): string {
  const folder = Deno.makeTempDirSync({ prefix: "sparsemble-" });
  addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
  const path = `${folder}/libpapi.so`;
  const flags = Object.entries(definitions).map(([name, value]) => `-D${name}=${value}`);
  const { success, stderr } = new Deno.Command("cc", {
    args: ["-shared", "-fPIC", ...flags, source, "-o", path],
  }).outputSync();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return path;
}

function compilerAnswers(): boolean {
  try {
    return new Deno.Command("cc", { args: ["--version"] }).outputSync().success;
  } catch {
    return false;
  }
}
