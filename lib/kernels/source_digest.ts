/** The SHA-256 of `kernels.c`, by which a stale native library is known. Written by the build. */
export const SOURCE_DIGEST = "bb174ec86843f177978995a2b1c1dd13e050ee3ad7e62ce74881cc2b9af6ca4b";
