/**
 * A target of numbers is read as one more feature, the last: like them it is a number or an error.
 *
 * @module
 */
import { type ColumnPlan, TARGET } from "./column_plan.ts";

/** The plan with the target as the last feature. */
export function withTargetAsFeature(plan: ColumnPlan, target: string): ColumnPlan {
  const place = plan.featureNames.length;
  return {
    ...plan,
    roles: plan.roles.map((role) => role === TARGET ? place : role),
    featureNames: [...plan.featureNames, target],
  };
}

/** Takes the target's column off. The array is reused. */
export function takeTargets(
  all: Float32Array,
  rows: number,
  width: number,
): { features: Float32Array; targets: Float32Array } {
  const targets = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const from = row * (width + 1);
    targets[row] = all[from + width];
    all.copyWithin(row * width, from, from + width);
  }
  return { features: all.subarray(0, rows * width), targets };
}
