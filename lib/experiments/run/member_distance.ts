import type { Member } from "../../nn/mod.ts";
import { nnstd } from "../../prediction/mod.ts";
import type { Settings } from "../../settings/mod.ts";
import { mean } from "../../statistics/mod.ts";
import type { RunRecord } from "./run_record.ts";

/**
 * Adds the distance between the members to a record, if the settings request it. It is measured after the
 * record was made, so the record's time and memory do not include it.
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
 * one member. Layers of sines of features are not compared, because training does not change their
 * topology. The inputs of the layer after them keep their order.
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
