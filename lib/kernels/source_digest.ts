/** The SHA-256 of `kernels.c`, by which a stale native library is known. Written by the build. */
export const SOURCE_DIGEST = "b9bc60409b1ab9f4345cdc2a246084ef635b9ed08ed6a7355ca9f5ed49c0bcf1";
