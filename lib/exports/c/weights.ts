import type { IntegerWeights } from "../integer/mod.ts";

/** The type of weights in a program in C. */
export type CWeights = "float32" | IntegerWeights;

/** The types of weights in a program in C, the finest first. */
export const WEIGHTS: readonly CWeights[] = ["float32", "int16", "int8"];
