import type { Model } from "../../../mod.ts";
import type { ExportedFile, ExportPlan, LayerForm, WEIGHTS } from "../../../lib/exports/mod.ts";

/** An export in memory. */
export interface Exported {
  /** The plan that was exported, not folded. */
  readonly plan: ExportPlan;
  /** The files. */
  readonly files: readonly ExportedFile[];
  /** Sentences on what was exported. */
  readonly remarks: readonly string[];
  /** The same as JSON. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** The export's answer to a raw row; left out if it is the model's. */
  readonly predict?: ((row: ArrayLike<number>) => Float32Array | number) | undefined;
}

/** The options of all formats. */
export interface ExportOptions {
  readonly weights?: (typeof WEIGHTS)[number] | undefined;
  readonly prefix?: string | undefined;
  readonly quantileError?: number | undefined;
  readonly targetSize?: number | undefined;
  readonly sketch?: true | undefined;
  readonly layers?: LayerForm | undefined;
}

/** A format. */
export interface Format {
  /** The ending of its main file. */
  readonly ending: string;
  /** The options that only some formats have. */
  readonly options: readonly (keyof ExportOptions)[];
  /** Makes the files. `members` are the places of those to keep; left out: all, or what fits. */
  exported(
    model: Model,
    name: string,
    options: ExportOptions,
    members: readonly number[] | undefined,
  ): Exported | Promise<Exported>;
}
