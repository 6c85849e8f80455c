/** The SHA-256 of `kernels.c`, by which a stale native library is known. Written by the build. */
export const SOURCE_DIGEST = "a982bfc2e046e35d6164fefc2be05ff98547237bc595bb6194fcd31c389995e6";
