import { topology, type TopologyStrategy } from "../../../mod.ts";

/** RigL: U. Evci et al., "Rigging the lottery: making all tickets winners", ICML 2020. */
export function rigl({ every = 100, drop = 0.3, until = 0.75 } = {}): TopologyStrategy {
  const placement = topology.gradientPlacement({ candidates: null });
  const pruneRate = topology.cosineSchedule({ from: drop, until });
  return {
    name: "RigL",
    source: "https://arxiv.org/abs/1911.11134",
    when: { every, unit: "steps", until, pruneRate },
    update: { prune: topology.pruneMagnitude, grow: topology.growWith(placement) },
  };
}
