/**
 * Jupyter notebooks on the Deno kernel: read, executed, and compared with what they showed before.
 *
 * @module
 */
import { readJson } from "../experiments/run/mod.ts";
import { node } from "../node.ts";
import { NBCONVERT_CONFIG } from "./nbconvert_config.ts";

/** What a cell showed: a stream of text, or one thing in several MIME types. */
export interface CellOutput {
  /** As in the notebook format: `stream`, `display_data`, `execute_result` or `error`. */
  readonly output_type: string;
  /** The text of a stream. */
  readonly text?: string | readonly string[];
  /** What was shown, by MIME type. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** The name of an error. */
  readonly ename?: string;
  /** Its message. */
  readonly evalue?: string;
}

/** A cell of a notebook. */
export interface NotebookCell {
  /** Code or prose. */
  readonly cell_type: "code" | "markdown";
  /** Its lines. */
  readonly source: string | readonly string[];
  /** What it showed when it was executed last; code only. */
  readonly outputs?: readonly CellOutput[];
}

/** A notebook (format version 4). */
export interface Notebook {
  /** Its cells, in order. */
  readonly cells: readonly NotebookCell[];
}

/**
 * Reads a notebook.
 *
 * @throws {SyntaxError} If the file is no notebook.
 */
export function readNotebook(path: string): Notebook {
  const notebook = readJson(path);
  if (!Array.isArray(notebook.cells)) {
    throw new SyntaxError(`Cannot read "${path}": found no cells, need a Jupyter notebook`);
  }
  return notebook as unknown as Notebook;
}

/** The lines of a cell or an output as one text. */
export function joined(lines: string | readonly string[]): string {
  return typeof lines === "string" ? lines : lines.join("");
}

/**
 * Whether Jupyter stopped because the kernel garbled what it sent, not because of the notebook.
 *
 * Deno's kernel (2.9) now and then writes that it is idle into the middle of what a cell shows, the
 * more often the longer that is. The client then finds a message whose signature is wrong, or waits
 * for one that was swallowed; nothing of it has reached the notebook.
 */
export function isGarbled(told: string): boolean {
  return /ValueError: Invalid Signature|Timeout waiting for IOPub output|CellTimeoutError/.test(
    told,
  );
}

/** How often a notebook is executed before a garbled connection counts as a failure. */
const ATTEMPTS = 4;

/**
 * Executes until the connection was not garbled, or for the last time.
 *
 * @param execute Executes a notebook, and returns what Jupyter told where it failed, else `null`.
 * @returns What the last execution returned.
 */
export async function againWhereGarbled(
  execute: () => Promise<string | null>,
): Promise<string | null> {
  let told = await execute();
  for (let attempt = 1; attempt < ATTEMPTS && told !== null && isGarbled(told); attempt++) {
    told = await execute();
  }
  return told;
}

/**
 * Executes a notebook from its first cell to its last, with `jupyter nbconvert` and a Deno kernel that
 * is described in `scratch` and nowhere else. Executes it again where the kernel garbled a message.
 *
 * @param deno The Deno executable.
 * @param scratch A folder of one's own; the executed notebook is written there.
 * @returns The path of the executed notebook.
 * @throws {Error} If a cell fails, or Jupyter does; the message holds what it printed last.
 */
export async function executeNotebook(
  path: string,
  deno: string,
  scratch: string,
): Promise<string> {
  const kernel = node.path.join(scratch, "kernels", "deno");
  node.fs.mkdirSync(kernel, { recursive: true });
  node.fs.writeFileSync(
    node.path.join(kernel, "kernel.json"),
    JSON.stringify({
      argv: [deno, "jupyter", "--kernel", "--conn", "{connection_file}"],
      display_name: "Deno",
      language: "typescript",
    }),
  );
  const config = node.path.join(scratch, "nbconvert_config.py");
  node.fs.writeFileSync(config, NBCONVERT_CONFIG);
  const name = "executed.ipynb";
  const told = await againWhereGarbled(async () => {
    const { success, stderr } = await new Deno.Command("jupyter", {
      args: [
        ...["nbconvert", "--config", config, "--to", "notebook", "--execute", path],
        ...["--output", name, "--output-dir", scratch],
      ],
      env: {
        JUPYTER_PATH: scratch,
        NO_COLOR: "1",
        // Jupyter otherwise goes on without a configuration that fails.
        TRAITLETS_APPLICATION_RAISE_CONFIG_FILE_ERROR: "1",
      },
      stdout: "null",
      stderr: "piped",
    }).output();
    return success ? null : new TextDecoder().decode(stderr).trim();
  });
  if (told === null) return node.path.join(scratch, name);
  throw new Error(`Cannot execute "${path}": ${told.split("\n").slice(-12).join("\n")}`);
}

/**
 * Where two executions of a notebook differ in kind: in how many things a cell showed, in their MIME
 * types, or in an error. What they say may differ: seconds do, and rounding between processors.
 *
 * @returns One sentence for each difference.
 */
export function differencesInKind(before: Notebook, after: Notebook): string[] {
  const kinds = ({ outputs = [] }: NotebookCell) =>
    // A stream may arrive in one piece or in several.
    [
      ...new Set(outputs.map(({ output_type: type, data = {}, ename, evalue }) =>
        type === "error"
          ? `error ${ename}: ${evalue}`
          : [type, ...Object.keys(data).sort()].join(" ")
      )),
    ].join(", ");
  const differences: string[] = [];
  if (before.cells.length !== after.cells.length) {
    differences.push(`found ${after.cells.length} cells, need ${before.cells.length}`);
  }
  before.cells.forEach((cell, c) => {
    const [old, now] = [kinds(cell), kinds(after.cells[c] ?? { cell_type: "code", source: "" })];
    if (old !== now) differences.push(`cell ${c + 1}: found [${now}], need [${old}]`);
  });
  return differences;
}
