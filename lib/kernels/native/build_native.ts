import type { NativeBuild } from "./native.ts";
import { nativeFile } from "./native_builds.ts";
import { SOURCE_DIGEST } from "./source_digest.ts";

/** Compiler flags of every build: infinities and NaN survive, so that divergence is seen. */
const FLAGS = [
  "-O3",
  "-ffp-contract=fast",
  "-fno-math-errno",
  "-fno-trapping-math",
  "-fvisibility=hidden",
  "-shared",
  "-fPIC",
];

/** The instructions each build may use on x86-64. Elsewhere there is the baseline alone. */
const X86: Readonly<Record<NativeBuild, readonly string[]>> = {
  baseline: ["-march=x86-64-v2"],
  avx2: ["-march=x86-64-v3"],
  avx512: ["-march=x86-64-v4", "-mprefer-vector-width=512"],
};

/** A compiler call: the arguments, and the file that comes of it. */
export interface BuildStep {
  /** The build. */
  readonly build: NativeBuild;
  /** Arguments for the C compiler. */
  readonly args: readonly string[];
  /** The library. */
  readonly output: string;
}

/**
 * The compiler calls that make the native library: one build for every kind of processor, so that the
 * folder can be shared between machines.
 *
 * @param source The path of `kernels.c`.
 * @param folder Where the libraries go.
 * @param architecture The processor's, as in `Deno.build.arch`.
 */
export function nativeBuildSteps(
  source: string,
  folder: string,
  architecture: string = Deno.build.arch,
): BuildStep[] {
  const builds: [NativeBuild, readonly string[]][] = architecture === "x86_64"
    ? Object.entries(X86) as [NativeBuild, readonly string[]][]
    : [["baseline", []]];
  const digest = `-DSOURCE_DIGEST=0x${SOURCE_DIGEST.slice(0, 12)}`;
  return builds.map(([build, flags]) => {
    const output = nativeFile(folder, build);
    return { build, output, args: [...FLAGS, ...flags, digest, source, "-o", output] };
  });
}
