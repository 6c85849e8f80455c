/** The SHA-256 of the kernels' source, by which a stale native library is known. Written by the build. */
export const SOURCE_DIGEST = "993552f4c71ad65b6381b45d934c2f91ace8a95e249da8a0e791d27fe146939f";
