/** The SHA-256 of `kernels.c`, by which a stale native library is known. Written by the build. */
export const SOURCE_DIGEST = "850bdcc78a838505c907af380633524074ff2094edd91dfcc274849df9d69baa";
