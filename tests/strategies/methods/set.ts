import { topology, type TopologyStrategy } from "../../../mod.ts";

/** SET: D. C. Mocanu et al., "Scalable training of artificial neural networks", 2018. */
export function set({ zeta = 0.3 } = {}): TopologyStrategy {
  return {
    name: "SET",
    source: "https://doi.org/10.1038/s41467-018-04316-3",
    when: { every: 1, unit: "epochs", pruneRate: () => zeta },
    update: { prune: topology.pruneSigned, grow: topology.growRandom },
  };
}
