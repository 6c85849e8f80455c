/**
 * `deno task build-kernels`: compiles kernels.c to WebAssembly, as a whole for the library and in two
 * smaller forms for exported models. Or it checks that the existing modules are up to date.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { writeFileAtomically } from "../../lib/files/mod.ts";
import { runProgram, say, taskProgram } from "../terminal/command_line.ts";
import { kernelsC, kernelSource } from "../../lib/kernels/native/mod.ts";

/** The compiler whose output is committed. Another version may give other bytes. */
const VERSION = "19.1.7";

const COMPILE = [
  "--target=wasm32",
  "-nostdlib",
  "-O3",
  "-msimd128",
  "-mrelaxed-simd",
  "-mbulk-memory",
  "-matomics",
  "-fno-builtin",
  "-ffp-contract=off",
  "-fvisibility=hidden",
  "-Wall",
  "-Wextra",
];

const LINK = [
  "--no-entry",
  "--export-dynamic",
  "--import-memory",
  "--shared-memory",
  "--max-memory=4294967296",
  "--export=__heap_base",
  "--export=__stack_pointer",
  "--strip-all",
  "-z,stack-size=65536",
];

/** Prediction needs no threads, few functions, and its own memory. */
const PREDICT_COMPILE = [
  ...COMPILE.filter((flag) => !/^-(O3|matomics|mrelaxed-simd)$/.test(flag)),
  "-O2",
];

const PREDICT_LINK = [
  "--no-entry",
  ...[
    "sparse_forward",
    "block_forward",
    "dense_forward",
    "sine",
    "softmax",
    "sparse_row",
    "dense_row",
  ]
    .map((name) => `--export=${name}`),
  "--export=__heap_base",
  "--strip-all",
  "-z,stack-size=65536",
];

/** Without relaxed SIMD, a product is rounded before it is added. */
const WITHOUT_RELAXED = "-D__builtin_wasm_relaxed_madd_f32x4(a,b,c)=((a)*(b)+(c))";

const [wasm, digest, predictionWasm] = [
  "kernels/wasm/kernels_wasm.ts",
  "kernels/native/source_digest.ts",
  "exports/javascript/prediction_wasm.ts",
].map((path) => fileURLToPath(new URL(`../../lib/${path}`, import.meta.url)));

const program = taskProgram("build-kernels", "Compiles kernels.c to WebAssembly.", "--check")
  .option(
    "--check",
    "write nothing; say whether the committed WebAssembly is what kernels.c compiles to",
  )
  .option("--compiler <name>", "the C compiler", "clang-19")
  .option("--linker <path>", "the WebAssembly linker", "/usr/bin/wasm-ld-19")
  .action(({ check, compiler, linker }) => {
    const version = versionOf(compiler);
    if (check) {
      checkDigest();
      if (version !== VERSION) {
        const found = version === null ? `no ${compiler}` : `${compiler} ${version}`;
        say(`Skipped: found ${found}, need clang ${VERSION} to compare the WebAssembly`);
        return;
      }
      for (const [path, text] of modules(compiler, linker)) {
        if (readFileSync(path, "utf8") === text) continue;
        throw new Error(
          `Cannot vouch for "${path}": found other bytes than ${compiler} makes of kernels.c; ` +
            `"deno task build-kernels" builds it anew`,
        );
      }
      say(`The WebAssembly is what ${compiler} ${version} makes of kernels.c, byte for byte`);
      return;
    }
    if (version === null) {
      throw new Error(
        `Cannot compile the kernels: found no ${compiler}; on Debian: apt install clang-19 lld-19`,
      );
    }
    for (const [path, text] of modules(compiler, linker)) writeFileAtomically(path, text);
    writeFileAtomically(digest, digestModule());
    say(`Compiled the kernels with ${compiler} ${version}`);
  });

/** The compiler's version, or `null` if it is not installed. */
function versionOf(compiler: string): string | null {
  try {
    const { stdout } = new Deno.Command(compiler, { args: ["--version"] }).outputSync();
    return /clang version (\d+\.\d+\.\d+)/.exec(new TextDecoder().decode(stdout))?.[1] ?? "unknown";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** The modules that hold WebAssembly, by their files. */
function modules(compiler: string, linker: string): [path: string, text: string][] {
  const build = (flags: readonly string[], link: readonly string[], ...sources: string[]) =>
    compile(compiler, [...flags, `-fuse-ld=${linker}`, `-Wl,${link.join(",")}`], [
      kernelsC(),
      ...sources,
    ]);
  const multiplyAdd = fileURLToPath(new URL("multiply_add.c", pathToFileURL(kernelsC())));
  const relaxed = build([...PREDICT_COMPILE, "-mrelaxed-simd"], PREDICT_LINK);
  const plain = build([...PREDICT_COMPILE, WITHOUT_RELAXED], PREDICT_LINK);
  return [
    [wasm, wasmModule(build(COMPILE, LINK, multiplyAdd))],
    [predictionWasm, predictionModule(relaxed, plain)],
  ];
}

function compile(
  compiler: string,
  flags: readonly string[],
  sources: readonly string[],
): Uint8Array {
  const args = [...flags, ...sources, "-o", "-"];
  const { success, stdout, stderr } = new Deno.Command(compiler, { args }).outputSync();
  if (success) return stdout;
  throw new Error(
    `Cannot compile the kernels: ${compiler} failed:\n${new TextDecoder().decode(stderr)}`,
  );
}

/** The module that holds the WebAssembly as text. */
function wasmModule(bytes: Uint8Array): string {
  const lines = bytes.toBase64().match(/.{1,2000}/g)!;
  return `/**
 * The WebAssembly module of \`c/kernels.c\`, as text, so that a script by URL, a bundle and a browser
 * take it along like any other module. Written by \`deno task build-kernels\`.
 *
 * @module
 */
// deno-fmt-ignore-file

/** The bytes of the WebAssembly module in base64. */
export const KERNELS_WASM = \`
${lines.join("\n")}
\`;
`;
}

/** The module that holds the kernels of exported models as text. */
function predictionModule(relaxed: Uint8Array, plain: Uint8Array): string {
  return `/**
 * The part of \`kernels.c\` that predicts, as WebAssembly, for exported models. Written by
 * \`deno task build-kernels\`.
 *
 * @module
 */
// deno-fmt-ignore-file

/** The bytes of the WebAssembly modules in base64 by what they need, the fastest first. */
export const PREDICTION_WASM: Readonly<Record<"relaxed-simd" | "simd", string>> = {
  "relaxed-simd":
    "${relaxed.toBase64()}",
  "simd":
    "${plain.toBase64()}",
};
`;
}

/** The module with the source's digest. It detects a native library that was built from another source. */
function digestModule(): string {
  const sha256 = createHash("sha256").update(kernelSource()).digest("hex");
  return `/** The SHA-256 of the kernels' source, by which a stale native library is known. ` +
    `Written by the build. */\nexport const SOURCE_DIGEST = "${sha256}";\n`;
}

function checkDigest(): void {
  if (readFileSync(digest, "utf8") === digestModule()) return;
  throw new Error(
    `Cannot vouch for "${digest}": found another digest than that of the kernels' source; ` +
      `"deno task build-kernels" writes it anew`,
  );
}

await runProgram(program);
