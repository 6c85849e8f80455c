/** The SHA-256 of the kernels' source, by which a stale native library is known. Written by the build. */
export const SOURCE_DIGEST = "a5fb8f8a64b95c3c96654a6c6a134285c3535437c60777783b4d61c82f548c40";
