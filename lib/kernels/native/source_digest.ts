/** The SHA-256 of the kernels' source, by which a stale native library is known. Written by the build. */
export const SOURCE_DIGEST = "0182deb01aa9449440db0a2a7b4e4c6830d67acde50e403520a6f37999068ad6";
