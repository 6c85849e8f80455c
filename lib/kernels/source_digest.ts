/** The SHA-256 of `kernels.c`, by which a stale native library is known. Written by the build. */
export const SOURCE_DIGEST = "25bcb97971b82353ed63d7c1c2fee464ae12c42caee1b1878eea5e26583031b9";
