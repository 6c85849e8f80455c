/** `deno task build-kernels`: compiles kernels.c to WebAssembly, or checks that what is there is it. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { writeFileAtomically } from "../../lib/files/mod.ts";
import { runProgram, say, taskProgram } from "../terminal/command_line.ts";
import { kernelsC, kernelSource } from "../../lib/kernels/native/mod.ts";

/** The compiler whose output is committed: another version may give other bytes. */
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

const [wasm, digest] = ["wasm/kernels_wasm.ts", "native/source_digest.ts"].map((path) =>
  fileURLToPath(new URL(`../../lib/kernels/${path}`, import.meta.url))
);

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
      if (readFileSync(wasm, "utf8") !== wasmModule(compile(compiler, linker))) {
        throw new Error(
          `Cannot vouch for "${wasm}": found other bytes than ${compiler} makes of kernels.c; ` +
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
    writeFileAtomically(wasm, wasmModule(compile(compiler, linker)));
    writeFileAtomically(digest, digestModule());
    say(`Compiled the kernels with ${compiler} ${version}`);
  });

/** The compiler's version, or `null` where it is not installed. */
function versionOf(compiler: string): string | null {
  try {
    const { stdout } = new Deno.Command(compiler, { args: ["--version"] }).outputSync();
    return /clang version (\d+\.\d+\.\d+)/.exec(new TextDecoder().decode(stdout))?.[1] ?? "unknown";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

function compile(compiler: string, linker: string): Uint8Array {
  const link = `-Wl,${LINK.join(",")}`;
  const args = [...COMPILE, `-fuse-ld=${linker}`, link, kernelsC(), "-o", "-"];
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

/** The module by which a native library that was built from another source is known. */
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
