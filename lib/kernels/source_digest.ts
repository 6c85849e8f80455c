/** The SHA-256 of the kernels' source, by which a stale native library is known. Written by the build. */
export const SOURCE_DIGEST = "9e1db539a8f4c4f2fbfc0e389d737c51edda6a4fdd1857fa0f31a8f485449153";
