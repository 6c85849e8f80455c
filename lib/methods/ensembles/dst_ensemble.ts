/**
 * The DST ensemble of FreeTickets. S. Liu et al., "Deep ensembling with no overhead for either training or
 * testing: the all-round blessings of dynamic sparsity", ICLR 2022, https://arxiv.org/abs/2106.14568.
 *
 * @module
 */
import { inSteps, STEPS, type StepSettings } from "../growth.ts";
import type { Method } from "../method.ts";
import { riglTopology } from "../sparse_to_sparse/mod.ts";

/**
 * DST ensemble: independent members, each trained sparse to sparse by itself, with magnitude pruning and
 * growth where the gradient is largest, every thousand steps. So rare an update gives new connections
 * the time to grow, and so large a share explores. The publication grows the output layer too, which
 * stays here. Where a member has fewer steps than that, `--update-steps` has to be smaller. The half of the
 * connections that is replaced falls by a cosine, as with RigL. In the authors' code
 * (https://github.com/VITA-Group/FreeTickets) it stays a half: a cosine is computed, and not used.
 */
export const DST_ENSEMBLE: Method<"dst-ensemble", StepSettings> = {
  name: "dst-ensemble",
  title: "DST ensemble",
  family: "ensembles",
  source:
    'S. Liu et al., "Deep ensembling with no overhead for either training or testing: the all-round ' +
    'blessings of dynamic sparsity", ICLR 2022, ' +
    "https://arxiv.org/abs/2106.14568",
  says: "the weakest weights go, growth where the gradient is largest; every member by itself",
  costs: "the gradient of all positions, on one batch",
  layers: "sparse",
  members: "independent",
  settings: STEPS,
  paper: { explore: 0, members: 3 },
  published: { updateSteps: 1000, pruneRate: 0.5 },
  only: { growth: ["gradient"] },
  strategy: (settings) => inSteps({ ...riglTopology(), name: "DST ensemble" }, settings),
};
