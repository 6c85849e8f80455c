import { NATIVE_BUILDS, type NativeBuild } from "./native.ts";
import { nativeFile } from "./native_builds.ts";
import { SOURCE_DIGEST } from "./source_digest.ts";

/** Compiler flags of every build. They keep infinities and NaN, which reveal divergence. */
const FLAGS = [
  "-O3",
  "-ffp-contract=fast",
  "-fno-math-errno",
  "-fno-trapping-math",
  "-fvisibility=hidden",
  "-shared",
  "-fPIC",
];

/** The instructions of every build on x86-64. Other processors have only the baseline. */
const X86: Readonly<Record<NativeBuild, readonly string[]>> = {
  baseline: ["-march=x86-64-v2"],
  avx2: ["-march=x86-64-v3"],
  avx512: ["-march=x86-64-v4", "-mprefer-vector-width=512"],
};

/** A compiler call. */
export interface BuildStep {
  /** The build. */
  readonly build: NativeBuild;
  /** Arguments for the C compiler. */
  readonly args: readonly string[];
  /** The file of the library. */
  readonly output: string;
}

/**
 * The compiler calls that make the native library. There is one build for every level of processor, so
 * that machines can share the folder.
 *
 * @param source The path of `kernels.c`.
 * @param folder The folder for the libraries.
 * @param architecture The processor's architecture, as in `Deno.build.arch`.
 */
export function nativeBuildSteps(
  source: string,
  folder: string,
  architecture: string = Deno.build.arch,
): BuildStep[] {
  const onX86 = architecture === "x86_64";
  const builds: readonly NativeBuild[] = onX86 ? NATIVE_BUILDS : ["baseline"];
  const digest = `-DSOURCE_DIGEST=0x${SOURCE_DIGEST.slice(0, 12)}`;
  return builds.map((build) => {
    const output = nativeFile(folder, build);
    const flags = onX86 ? [...FLAGS, ...X86[build]] : FLAGS;
    return { build, output, args: [...flags, digest, source, "-o", output] };
  });
}
