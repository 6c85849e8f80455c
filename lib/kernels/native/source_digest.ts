/** The SHA-256 of the kernels' source, by which a stale native library is known. Written by the build. */
export const SOURCE_DIGEST = "ad70bedb45c617fadb78bdb7111b965f619ebbce66a28e74cd9dd2bf2f6ce24d";
