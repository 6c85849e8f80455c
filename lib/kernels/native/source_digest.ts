/** The SHA-256 of the kernels' source, by which a stale native library is known. Written by the build. */
export const SOURCE_DIGEST = "4bf5989dacc86f1abf5570840fa81fa6694e4d26dd945159146e211950b5645f";
