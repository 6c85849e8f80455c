/**
 * The native kernels: a library built on the machine on which it runs.
 *
 * @module
 */
export * from "./build_native.ts";
export * from "./kernel_source.ts";
export { type NativeBuild, type NativeLibrary, openNativeLibrary } from "./native.ts";
export { nativeFolder, openNativeBackend, openNativeBuilds } from "./native_builds.ts";
