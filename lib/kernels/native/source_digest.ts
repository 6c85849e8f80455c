/** The SHA-256 of the kernels' source, by which a stale native library is known. Written by the build. */
export const SOURCE_DIGEST = "157417e3126979158d2417bd057285c13d57a279513d0bdb1bbb2919fea7bcd7";
