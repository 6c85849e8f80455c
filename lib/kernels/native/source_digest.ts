/** The SHA-256 of the kernels' source, by which a stale native library is known. Written by the build. */
export const SOURCE_DIGEST = "1fc4f601e659778034a0a0440274c958e2a9b567c6725c86fccc9400870647ce";
