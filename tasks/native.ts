/** `deno task native`: compiles the native kernels with the machine's C compiler. */
import { mkdirSync } from "node:fs";
import { kernelsC, nativeBuildSteps, nativeFolder } from "../lib/kernels/native/mod.ts";
import { chooseKernels } from "../mod.ts";
import { runProgram, say, taskProgram, tell } from "./terminal/command_line.ts";

/** Compilers in the order they are tried. */
const COMPILERS = ["gcc", "clang", "cc"];

const program = taskProgram("native", "Compiles the native kernels for this machine.")
  .option("--compiler <name>", `the C compiler (default: the first of ${COMPILERS.join(", ")})`)
  .action((options) => {
    const candidates = options.compiler === undefined ? COMPILERS : [options.compiler];
    const compiler = candidates.find(answers);
    if (compiler === undefined) {
      throw new Error(
        `Cannot build the native kernels: found no C compiler (${candidates.join(", ")}); ` +
          `install gcc or clang, or go on with WebAssembly`,
      );
    }
    const folder = nativeFolder()!;
    // Before half a minute of compiling and not after it.
    if (Deno.permissions.querySync({ name: "ffi", path: folder }).state !== "granted") {
      throw new Error(`Cannot use native kernels: permission is missing (--allow-ffi=${folder})`);
    }
    mkdirSync(folder, { recursive: true });
    for (const { build, args, output } of nativeBuildSteps(kernelsC(), folder)) {
      tell(`${compiler} ${build} …`);
      const { success, stderr } = new Deno.Command(compiler, { args: [...args] }).outputSync();
      if (!success) {
        throw new Error(
          `Cannot build the native kernels: ${compiler} failed on "${output}":\n` +
            new TextDecoder().decode(stderr),
        );
      }
    }
    say(`Built into ${folder}. In use from now on: ${chooseKernels("native").kernels.description}`);
  });

function answers(compiler: string): boolean {
  try {
    return new Deno.Command(compiler, { args: ["--version"], stdout: "null", stderr: "null" })
      .outputSync().success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

await runProgram(program);
