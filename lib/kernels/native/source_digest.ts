/** The SHA-256 of the kernels' source, by which a stale native library is known. Written by the build. */
export const SOURCE_DIGEST = "87b7a54cced560eb18bb7b78609dfbd5e3d30462f54caa8db7c852e9c0d724bf";
