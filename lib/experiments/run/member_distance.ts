import type { Member } from "../../nn/mod.ts";
import { nnstd } from "../../prediction/mod.ts";
import type { Settings } from "../../settings/mod.ts";
import { mean } from "../../statistics/mod.ts";
import type { RunRecord } from "./run_record.ts";

/**
 * A record with the distance between the members, if the settings ask for it. It is measured after the
 * record was made, whose time and memory are the method's.
 */
export async function withDistance(
  record: RunRecord,
  { measureNnstd }: Settings,
  members: readonly Member[],
): Promise<RunRecord> {
  const nnstd = measureNnstd ? await memberDistance(members) : undefined;
  return nnstd === undefined ? record : { ...record, nnstd };
}

/**
 * The mean topological distance of the members' hidden layers, over all pairs of members; `undefined` with
 * one member. Layers with an activation of their own, the sines of features, are no topology that training
 * finds: the layer after them is compared with its inputs in their order.
 */
export async function memberDistance(
  members: readonly Pick<Member, "layers">[],
): Promise<number | undefined> {
  const networks = members.map(({ layers }) =>
    layers.slice(0, -1).filter((layer) => layer.kind === "dense" || layer.activation === undefined)
  );
  const distances: number[] = [];
  for (const [i, first] of networks.entries()) {
    for (const second of networks.slice(i + 1)) {
      distances.push(...(await nnstd(first, second)).map(({ distance }) => distance));
    }
  }
  return distances.length === 0 ? undefined : mean(distances);
}
