/**
 * The kernels as a native library, built on the machine where they run.
 *
 * @module
 */
export { nativeBuildSteps } from "./build_native.ts";
export { kernelsC, kernelSource } from "./kernel_source.ts";
export { openNativeLibrary } from "./native.ts";
export { nativeFolder, openNativeBackend } from "./native_builds.ts";
