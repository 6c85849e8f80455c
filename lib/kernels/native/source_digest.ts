/** The SHA-256 of the kernels' source, by which a stale native library is known. Written by the build. */
export const SOURCE_DIGEST = "1f729228538d241a466b64a199e8d10bc4e39ccaeef1de18b3cf8726ed198b7c";
