/// <reference lib="webworker" />
/**
 * A thread that computes gradients for a master and trains copies of its network, for one worker or several.
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
import { outputKind } from "../problem.ts";
import type { Plan } from "../stage.ts";
import { openRowWeights } from "../teaching/mod.ts";
import type { GradientTask, TeamAnswer, TeamTask } from "./messages.ts";
import { type GradientContext, gradientOf, perWeightViews } from "./team.ts";
import { type ApartTask, trainApart } from "./train_apart.ts";

/** The most milliseconds between two messages of a worker that trains a copy. */
const PATIENCE = 50;

let plan: Plan;
let kernels: Kernels;
/** The member whose gradients are computed. */
let current: {
  readonly member: number;
  readonly network: Network;
  readonly workspace: Workspace;
  readonly context: GradientContext;
} | null = null;

self.onmessage = ({ data }: MessageEvent<TeamTask>) => {
  try {
    if (data.kind === "begin") {
      const { problem, settings, schedule } = data;
      plan = { problem, settings, schedule, method: methodOf(settings) };
      kernels = chooseKernels(data.kernels).kernels;
      answer({ kind: "ready" });
    } else if (data.kind === "gradient") {
      computeGradient(data);
    } else {
      trainCopy(data);
    }
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(`${error}`);
    answer({ kind: "failure", name, message });
  }
};

function answer(message: TeamAnswer): void {
  self.postMessage(message);
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
  const out = perWeightViews(own, gradient);
  own.layers.forEach((layer, l) => {
    out[l].weights.set(layer.gradient!.weights);
    out[l].bias.set(layer.gradient!.bias);
  });
  answer({ kind: "gradient", worker: batch.worker, ...result });
}

/** Opens the network of another member, or changes the connections of the one that is open. */
function openLayers({ member, plan: own, layers }: NonNullable<GradientTask["network"]>): void {
  if (current?.member === member) {
    const { network } = current;
    layers.forEach((layer, l) => {
      if (layer.kind === "sparse") restoreConnections(network, l, layer);
    });
    return;
  }
  forget();
  const { problem, settings } = plan;
  const { rows, memberSettings } = own;
  const [activation, optimizer] = [activationOf(memberSettings), optimizerOf(memberSettings)];
  const network = openNetwork(kernels, layers, activation, optimizer, outputKind(problem));
  const workspace = openWorkspace(network, settings.batchSize, true);
  const rowWeights = openRowWeights(rows, problem.classes, settings);
  current = { member, network, workspace, context: { rows, rowWeights, settings, memberSettings } };
}

/** Gives the memory of the network back. */
function forget(): void {
  current?.network.dispose();
  current = null;
}

function trainCopy(task: ApartTask): void {
  const { worker } = task;
  // The copies alone are trained from here on.
  forget();
  const batches = trainApart(plan, task, kernels, openMeters());
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
