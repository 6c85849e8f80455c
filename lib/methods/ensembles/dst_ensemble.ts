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
 * DST ensemble: independent members, each trained by dynamic sparse training. Every 1,000 steps, the
 * weights smallest in magnitude are pruned, and as many connections grow where the gradient is largest.
 * Rare updates give new connections time to grow, and a large pruning rate explores many positions. If a
 * member has fewer than 1,000 steps, set a smaller `--update-steps`.
 *
 * The pruning rate begins at 0.5 and falls along a cosine, as with RigL. In the authors' code
 * (https://github.com/VITA-Group/FreeTickets) it stays at 0.5: the code computes a cosine and does not use
 * it. The publication changes the output layer too; here it is not changed.
 */
export const DST_ENSEMBLE: Method<"dst-ensemble", StepSettings> = {
  name: "dst-ensemble",
  title: "DST ensemble",
  family: "ensembles",
  source:
    'S. Liu et al., "Deep ensembling with no overhead for either training or testing: the all-round ' +
    'blessings of dynamic sparsity", ICLR 2022, ' +
    "https://arxiv.org/abs/2106.14568",
  says:
    "prunes the weakest weights, grows where the gradient is largest, in each member on its own",
  costs: "the gradient of all positions, on one batch",
  layers: "sparse",
  members: "independent",
  settings: STEPS,
  paper: { explore: 0, members: 3 },
  published: { updateSteps: 1000, pruneRate: 0.5 },
  only: { growth: ["gradient"] },
  strategy: (settings) => inSteps({ ...riglTopology(), name: "DST ensemble" }, settings),
};
