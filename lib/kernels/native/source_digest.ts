/** The SHA-256 of the kernels' source, by which a stale native library is known. Written by the build. */
export const SOURCE_DIGEST = "a5434f5af7bb08706f39ec1d85ebd2cc976398986f7c9c1ddfa33d3ce495781a";
