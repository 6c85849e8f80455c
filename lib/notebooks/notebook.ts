import { readJson } from "../experiments/run/mod.ts";
import { shown } from "../messages.ts";
import { node } from "../node.ts";
import { NBCONVERT_CONFIG } from "./nbconvert_config.ts";

/** An output of a cell: a stream of text, an error with name and message, or data by MIME type. */
export interface CellOutput {
  /** `stream`, `display_data`, `execute_result` or `error`. */
  readonly output_type: string;
  readonly text?: string | readonly string[];
  readonly data?: Readonly<Record<string, unknown>>;
  readonly ename?: string;
  readonly evalue?: string;
}

/** A cell of a notebook. */
export interface NotebookCell {
  readonly cell_type: "code" | "markdown";
  readonly source: string | readonly string[];
  /** The outputs of the last execution; code only. */
  readonly outputs?: readonly CellOutput[];
}

/** A notebook (format version 4). */
export interface Notebook {
  readonly cells: readonly NotebookCell[];
  /** Other facts about it, such as the kernel that it is written for. */
  readonly metadata?: { readonly kernelspec?: { readonly name?: unknown } };
}

/**
 * Reads a notebook.
 *
 * @throws {SyntaxError} If the file is not a notebook, or is one of another kernel.
 */
export function readNotebook(path: string): Notebook {
  const notebook = readJson(path);
  if (!Array.isArray(notebook.cells)) {
    throw new SyntaxError(`Cannot read "${path}": found no cells, need a Jupyter notebook`);
  }
  const { metadata } = notebook as unknown as Notebook;
  const kernel = metadata?.kernelspec?.name;
  if (kernel !== "deno") {
    throw new SyntaxError(
      `Cannot execute "${path}": found ${
        kernel === undefined ? "no kernel" : `the kernel ${shown(kernel)}`
      }, need a notebook of the kernel "deno"`,
    );
  }
  return notebook as unknown as Notebook;
}

/** Joins the lines of a cell or an output. */
export function joined(lines: string | readonly string[]): string {
  return typeof lines === "string" ? lines : lines.join("");
}

/**
 * Returns `true` if Jupyter stopped because of a garbled message from the kernel, and not because of the
 * notebook. Deno's kernel (2.9) sometimes writes the report that it is idle into the middle of an output,
 * mostly of a long one. The client then finds a wrong signature, or waits for a message that was lost.
 */
export function isGarbled(message: string): boolean {
  return /ValueError: Invalid Signature|Timeout waiting for IOPub output|CellTimeoutError/
    .test(message);
}

/** The number of executions after which a garbled message counts as a failure. */
const ATTEMPTS = 4;

/**
 * Executes a notebook again while messages are garbled, at most {@linkcode ATTEMPTS} times.
 *
 * @param execute Executes a notebook and returns Jupyter's error message, or `null` without an error.
 * @returns The result of the last execution.
 */
export async function againWhereGarbled(
  execute: () => Promise<string | null>,
): Promise<string | null> {
  let message = await execute();
  for (let attempt = 1; attempt < ATTEMPTS && message !== null && isGarbled(message); attempt++) {
    message = await execute();
  }
  return message;
}

/**
 * Executes a notebook with `jupyter nbconvert` and a Deno kernel. Executes it again if the kernel garbled
 * a message.
 *
 * @param deno The Deno executable.
 * @param scratch An empty folder for the kernel's description and the executed notebook.
 * @returns The path of the executed notebook.
 * @throws {Error} If a cell or Jupyter fails. The message has the last lines of Jupyter's output.
 */
export async function executeNotebook(
  path: string,
  deno: string,
  scratch: string,
): Promise<string> {
  const folder = node.path.join(scratch, "kernels", "deno");
  node.fs.mkdirSync(folder, { recursive: true });
  const argv = [deno, "jupyter", "--kernel", "--conn", "{connection_file}"];
  const kernel = { argv, display_name: "Deno", language: "typescript" };
  node.fs.writeFileSync(node.path.join(folder, "kernel.json"), JSON.stringify(kernel));
  const config = node.path.join(scratch, "nbconvert_config.py");
  node.fs.writeFileSync(config, NBCONVERT_CONFIG);
  const name = "executed.ipynb";
  const out = [`--output=${name}`, `--output-dir=${scratch}`];
  const message = await againWhereGarbled(async () => {
    const { success, stderr } = await runJupyter(
      ["nbconvert", "--to=notebook", "--execute", `--config=${config}`, ...out, path],
      scratch,
    );
    return success ? null : new TextDecoder().decode(stderr).trim();
  });
  if (message === null) return node.path.join(scratch, name);
  throw new Error(`Cannot execute "${path}": ${message.split("\n").slice(-12).join("\n")}`);
}

async function runJupyter(args: string[], scratch: string): Promise<Deno.CommandOutput> {
  const env = {
    JUPYTER_PATH: scratch,
    NO_COLOR: "1",
    // Without this, Jupyter ignores a configuration that fails.
    TRAITLETS_APPLICATION_RAISE_CONFIG_FILE_ERROR: "1",
  };
  try {
    const options = { args, env, stdout: "null", stderr: "piped" } as const;
    return await new Deno.Command("jupyter", options).output();
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    const need = "need Jupyter with nbconvert: pip install nbconvert";
    throw new Error(`Cannot execute notebooks: found no "jupyter", ${need}`, { cause });
  }
}

/**
 * Compares the outputs of two executions of a notebook by kind: their MIME types, and errors. The content
 * may differ, such as seconds, or digits that depend on the processor.
 *
 * @returns One sentence per difference.
 */
export function differencesInKind(before: Notebook, after: Notebook): string[] {
  const kindOf = ({ output_type: type, data = {}, ename, evalue }: CellOutput) =>
    type === "error" ? `error ${ename}: ${evalue}` : [type, ...Object.keys(data).sort()].join(" ");
  // Once each, because a stream may arrive in one piece or in several.
  const kinds = ({ outputs = [] }: NotebookCell) => [...new Set(outputs.map(kindOf))].join(", ");
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
