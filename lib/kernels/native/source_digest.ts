/** The SHA-256 of the kernels' source, by which a stale native library is known. Written by the build. */
export const SOURCE_DIGEST = "63c6009f0e0d457a89fc18314c1e503cb8991b2a816f27ca7a30fdefd2b435bb";
