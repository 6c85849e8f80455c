/** The SHA-256 of `kernels.c`, by which a stale native library is known. Written by the build. */
export const SOURCE_DIGEST = "90c8890b0611f1a3fd93fc30b039efe7c2b5f9d93bdd201e0c074031755fb074";
