/** The SHA-256 of the kernels' source, by which a stale native library is known. Written by the build. */
export const SOURCE_DIGEST = "f60ae74e398a7197e730fee700981c8f56c8669a8a2da0d6ac9efd58b379669f";
