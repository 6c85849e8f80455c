/** The SHA-256 of the kernels' source, by which a stale native library is known. Written by the build. */
export const SOURCE_DIGEST = "79c9256d718c7d714a042764471f7a9839886aafe1eb5295bfefd365f5aa42d6";
