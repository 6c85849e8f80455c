/**
 * Does the work for a master: computes gradients of its network and trains copies, for one worker or
 * several.
 *
 * @module
 */
import { openMeters } from "../../counters/mod.ts";
import { chooseKernels, type Kernels } from "../../kernels/mod.ts";
import { methodOf } from "../../methods/mod.ts";
import {
  type Network,
  openNetwork,
  openWorkspace,
  restoreConnections,
  type Workspace,
} from "../../nn/mod.ts";
import { activationOf, optimizerOf } from "../../settings/mod.ts";
import { outputKind, type Problem } from "../problem.ts";
import { allRows } from "../trials.ts";
import type { MemberPlan, Plan } from "../stage.ts";
import { openRowWeights } from "../teaching/mod.ts";
import type {
  CopyTask,
  GradientTask,
  KnownPlan,
  NetworkNews,
  TeamAnswer,
  TeamTask,
} from "./messages.ts";
import { type GradientContext, gradientOf, perWeightViews } from "./team.ts";
import { trainApart } from "./train_apart.ts";

/** The longest time between two messages of a worker that trains a copy, in milliseconds. */
const PATIENCE = 50;

/** The network whose gradients are computed. */
interface OpenNetwork {
  readonly member: number;
  readonly network: Network;
  readonly workspace: Workspace;
  readonly context: GradientContext;
}

/** Carries out the tasks of a master, one after the other. */
export interface TeamMember extends Disposable {
  /** Carries out a task. A failure is sent as an answer too. */
  carryOut(task: TeamTask): void;
}

/**
 * Opens a member of a team.
 *
 * @param answer Sends an answer to the master.
 */
export function teamMember(answer: (message: TeamAnswer) => void): TeamMember {
  let plan: Plan;
  let kernels: Kernels;
  let current: OpenNetwork | null = null;

  /** Frees the memory of the network. */
  function forget(): void {
    current?.network.dispose();
    current = null;
  }

  /** Opens the network of another member, or changes the connections of the open one. */
  function openLayers({ member, plan: own, layers }: NetworkNews): void {
    if (current?.member === member) {
      const { network } = current;
      layers.forEach((layer, l) => {
        if (layer.kind === "sparse") restoreConnections(network, l, layer);
      });
      return;
    }
    forget();
    const { problem, settings } = plan;
    const { rows, memberSettings } = memberPlan(problem, own);
    const [activation, optimizer] = [activationOf(memberSettings), optimizerOf(memberSettings)];
    const network = openNetwork(kernels, layers, activation, optimizer, outputKind(problem));
    const workspace = openWorkspace(network, settings.batchSize, true);
    const rowWeights = openRowWeights(rows, problem.classes, settings);
    const context = { rows, rowWeights, settings, memberSettings };
    current = { member, network, workspace, context };
  }

  function computeGradient({ batch, network, weights, gradient }: GradientTask): void {
    if (network !== null) openLayers(network);
    const { network: own, workspace, context } = current!;
    const views = perWeightViews(own, weights);
    own.layers.forEach((layer, l) => {
      layer.weights.set(views[l].weights);
      layer.bias.set(views[l].bias);
    });
    const result = gradientOf(own, workspace, context, batch);
    const all = gradient ?? new Float32Array(weights.length);
    const out = perWeightViews(own, all);
    own.layers.forEach((layer, l) => {
      out[l].weights.set(layer.gradient!.weights);
      out[l].bias.set(layer.gradient!.bias);
    });
    const told = { kind: "gradient", worker: batch.worker, ...result } as const;
    answer(gradient === null ? { ...told, gradient: all } : told);
  }

  function trainCopy(task: CopyTask): void {
    const { worker } = task;
    // From here on only copies are trained, so the network is not needed.
    forget();
    const own = { ...task, plan: memberPlan(plan.problem, task.plan) };
    const batches = trainApart(plan, own, kernels, openMeters());
    let sent = performance.now();
    for (;;) {
      const { done, value } = batches.next();
      if (done) {
        answer({ kind: "apart", epoch: value });
        return;
      }
      if (performance.now() - sent < PATIENCE) continue;
      sent = performance.now();
      answer({ kind: "batches", worker, batches: value });
    }
  }

  return {
    carryOut(task) {
      try {
        if (task.kind === "begin") {
          const { problem, settings, schedule } = task;
          plan = { problem, settings, schedule, method: methodOf(settings) };
          kernels = chooseKernels(task.kernels).kernels;
          answer({ kind: "ready" });
        } else if (task.kind === "gradient") {
          computeGradient(task);
        } else {
          trainCopy(task);
        }
      } catch (error) {
        const { name, message } = error instanceof Error ? error : new Error(`${error}`);
        answer({ kind: "failure", name, message });
      }
    },
    [Symbol.dispose]: forget,
  };
}

/** The plan of a member with its rows. Every thread and process already has the rows. */
function memberPlan(problem: Problem, { learnsAll, ...own }: KnownPlan): MemberPlan {
  const rows = learnsAll ? allRows(problem) : problem.training;
  return { ...own, rows, heldOut: learnsAll ? null : problem.validation, chosenTrials: [] };
}
