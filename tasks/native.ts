/** `deno task native`: compiles the native kernels with the machine's C compiler, or tests them. */
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  type BuildStep,
  kernelsC,
  nativeBuildSteps,
  nativeFolder,
} from "../lib/kernels/native/mod.ts";
import { chooseKernels } from "../mod.ts";
import { runProgram, say, taskProgram, tell } from "./terminal/command_line.ts";
import { parseNumber } from "./terminal/parse.ts";

/** Compilers in the order they are tried. */
const COMPILERS = ["gcc", "clang", "cc"];

/** Compilers that come with libFuzzer. */
const FUZZERS = ["clang", "clang-19"];

/** Flags that end the program if a kernel accesses memory outside an array, or has undefined behaviour. */
const SANITIZE = [
  ...["-O1", "-g", "-fno-omit-frame-pointer"],
  ...["-fsanitize=address,undefined", "-fno-sanitize-recover=all"],
];

/** Flags that end the program at a data race between two threads. */
const WATCH_THREADS = ["-O1", "-g", "-fsanitize=thread", "-lpthread"];

const TESTS = fileURLToPath(new URL("../tests/kernels/sanitized", import.meta.url));
const SANITIZED = fileURLToPath(new URL("../.cache/native-sanitized", import.meta.url));

const program = taskProgram("native", "Compiles the native kernels for this machine.", "")
  .option("--compiler <name>", `the C compiler (default: the first of ${COMPILERS.join(", ")})`)
  .option(
    "--sanitize",
    "run the kernels' tests over builds with AddressSanitizer and UBSan instead, and threads under ThreadSanitizer",
  )
  .option(
    "--fuzz <minutes>",
    "run the kernels on random input under libFuzzer instead",
    parseNumber,
  )
  .action(async (options) => {
    if (options.sanitize) return sanitize(options.compiler);
    if (options.fuzz !== undefined) return fuzz(options.fuzz, options.compiler);
    const compiler = findCompiler(COMPILERS, options.compiler);
    const folder = nativeFolder()!;
    // The permission is checked before half a minute of compiling, not after it.
    if (Deno.permissions.querySync({ name: "ffi", path: folder }).state !== "granted") {
      throw new Error(`Cannot use native kernels: permission is missing (--allow-ffi=${folder})`);
    }
    mkdirSync(folder, { recursive: true });
    await compileAll(compiler, nativeBuildSteps(kernelsC(), folder));
    say(`Built into ${folder}. In use from now on: ${chooseKernels("native").kernels.description}`);
  });

async function sanitize(asked: string | undefined): Promise<void> {
  const compiler = findCompiler(COMPILERS, asked);
  // The sanitizer's runtime must be loaded when the process starts, so it must be a separate file.
  const ask = (question: string) =>
    new TextDecoder().decode(new Deno.Command(compiler, { args: [question] }).outputSync().stdout);
  const runtime = ask("-print-file-name=libasan.so").trim();
  if (!runtime.includes("/") || ask("--version").includes("clang")) {
    say(`Skipped: found ${compiler}, need gcc with its libasan.so to test the kernels under it`);
    return;
  }
  mkdirSync(SANITIZED, { recursive: true });
  const steps = nativeBuildSteps(kernelsC(), SANITIZED);
  await compileAll(
    compiler,
    steps.map((step) => ({ ...step, args: [...step.args, ...SANITIZE] })),
  );
  const test =
    `${Deno.execPath()} test --quiet --no-check --no-prompt --allow-read --allow-ffi --allow-run`;
  run(
    `LD_PRELOAD="$0" ASAN_OPTIONS=detect_leaks=0 exec ${test} "$1" -- "$2"`,
    [runtime, `${TESTS}/sanitized.ts`, SANITIZED],
    "the kernels' tests failed",
  );
  await checkThreads(compiler);
}

/** Runs the kernels on two threads under ThreadSanitizer, and once with a race that it must report. */
async function checkThreads(compiler: string): Promise<void> {
  const steps = programSteps(`${TESTS}/thread_kernels.c`, "threads", WATCH_THREADS);
  await compileAll(compiler, steps);
  for (const { output: target } of steps) {
    const overlap = ["-c", 'TSAN_OPTIONS=halt_on_error=1 exec "$0" overlap', target];
    const { success, stderr } = new Deno.Command("sh", { args: overlap }).outputSync();
    const found = new TextDecoder().decode(stderr);
    if (found.includes("unexpected memory mapping")) {
      return say("Skipped: ThreadSanitizer does not run on this system");
    }
    if (success) throw new Error("Cannot vouch for the native kernels: a race went unseen");
    run('TSAN_OPTIONS=halt_on_error=1 exec "$0"', [target], "two threads touched one number");
  }
}

/** The compiler calls that make a program instead of a library of every build. */
function programSteps(source: string, name: string, flags: readonly string[]): BuildStep[] {
  return nativeBuildSteps(source, SANITIZED).map(({ build, args, output }) => {
    const target = `${SANITIZED}/${name}-${build}`;
    const toTarget = args.filter((word) => word !== "-shared")
      .map((word) => word === output ? target : word);
    return { build, output: target, args: [...toTarget, ...flags] };
  });
}

async function fuzz(minutes: number, asked: string | undefined): Promise<void> {
  if (!(minutes > 0 && minutes < 1e5)) {
    throw new RangeError(`Cannot fuzz for ${minutes} minutes: need a number above 0`);
  }
  const compiler = findCompiler(FUZZERS, asked);
  mkdirSync(SANITIZED, { recursive: true });
  const steps = programSteps(`${TESTS}/fuzz_kernels.c`, "fuzz", [
    ...SANITIZE,
    "-fsanitize=fuzzer,float-cast-overflow",
    "-lm",
  ]);
  await compileAll(compiler, steps);
  for (const { output: target } of steps) {
    const seconds = Math.ceil(60 * minutes / steps.length);
    run(
      `exec "$0" -max_total_time=${seconds} -max_len=2048 -artifact_prefix="$1/" -verbosity=0 -print_final_stats=1`,
      [target, SANITIZED],
      "a kernel failed on the input that is told above",
    );
  }
}

/** Runs a line of shell. Its output goes to this program's output. */
function run(line: string, args: string[], failure: string): void {
  // Deno itself may not start a program with another LD_PRELOAD.
  const { success } = new Deno.Command("sh", {
    args: ["-c", line, ...args],
    stdout: "inherit",
    stderr: "inherit",
  }).outputSync();
  if (!success) throw new Error(`Cannot vouch for the native kernels: ${failure}`);
}

/** Makes all builds at the same time. */
async function compileAll(compiler: string, steps: readonly BuildStep[]): Promise<void> {
  await Promise.all(steps.map((step) => compile(compiler, step)));
}

async function compile(compiler: string, { build, args, output }: BuildStep): Promise<void> {
  tell(`${compiler} ${build} …`);
  const { success, stderr } = await new Deno.Command(compiler, { args: [...args] }).output();
  if (success) return;
  throw new Error(
    `Cannot build the native kernels: ${compiler} failed on "${output}":\n` +
      new TextDecoder().decode(stderr),
  );
}

function findCompiler(usual: readonly string[], asked: string | undefined): string {
  const candidates = asked === undefined ? usual : [asked];
  const compiler = candidates.find(answers);
  if (compiler !== undefined) return compiler;
  throw new Error(
    `Cannot build the native kernels: found no C compiler (${candidates.join(", ")}); ` +
      `install gcc or clang, or go on with WebAssembly`,
  );
}

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
