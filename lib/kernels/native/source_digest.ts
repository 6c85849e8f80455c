/** The SHA-256 of the kernels' source, by which a stale native library is known. Written by the build. */
export const SOURCE_DIGEST = "b3ac8e8439fe5f159926fb0bed106630884dc3b43b14d6f89aa7a81cae8b09f1";
