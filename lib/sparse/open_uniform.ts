import type { Random } from "../random.ts";

/**
 * Draws a number from the open interval (0, 1) with 53 random bits. It is never 0, so its logarithm is
 * finite. The 32 bits of `Random.float` could not reach every member of a population beyond 2³².
 */
export function openUniform(random: Random): number {
  return ((random.uint32() >>> 6) * 0x800_0000 + (random.uint32() >>> 5) + 0.5) * 2 ** -53;
}
