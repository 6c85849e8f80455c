export {
  type Purpose,
  type Random,
  randomFromState,
  randomStream,
  shuffle,
  streamKey,
} from "./lib/random.ts";

export {
  checkCsr,
  type Coo,
  type Csr,
  csrFromCoo,
  csrFromDense,
  csrToCoo,
  csrToDense,
  transposeCsr,
  validateCsr,
} from "./lib/sparse/csr.ts";
export { density, erdosRenyi } from "./lib/sparse/erdos_renyi.ts";
export {
  countFree,
  freePositions,
  sampleFree,
  sampleFreeEvenly,
} from "./lib/sparse/free_positions.ts";
export { jaccardDistance, overlap, unionOfPatterns } from "./lib/sparse/overlap.ts";
export {
  checkPattern,
  type Degrees,
  degrees,
  nnz,
  type Pattern,
  validatePattern,
} from "./lib/sparse/pattern.ts";
export { patternFromPositions, positionsOf } from "./lib/sparse/positions.ts";
export { sampleSorted } from "./lib/sparse/sequential_sampling.ts";
export { type TransposeIndex, transposeIndex } from "./lib/sparse/transpose_index.ts";
export { type ChangeReport, type ChangeRequest, changeTopology } from "./lib/topology/change.ts";
export { type DisjointOptions, disjointTopology } from "./lib/methods/disjoint_tse.ts";
export { type DistanceOptions, distanceTopology } from "./lib/methods/distance_tse.ts";
export {
  gradientPlacement,
  type GradientPlacementOptions,
} from "./lib/topology/gradient_placement.ts";
export { largestScores } from "./lib/topology/largest_scores.ts";
export { growWith, type Placement, RANDOM_PLACEMENT } from "./lib/topology/placement.ts";
export { pruneCount, pruneMagnitude, pruneSigned } from "./lib/topology/prune.ts";
export { randomGrowthTopology } from "./lib/methods/edst.ts";
export { growRandom } from "./lib/topology/placement.ts";
export {
  planRewiring,
  type RewirableLayer,
  rewire,
  type Rewiring,
  survivorsOf,
} from "./lib/topology/rewire.ts";
export { riglTopology } from "./lib/methods/rigl.ts";
export {
  type CandidateOptions,
  type PositionScore,
  scoredPlacement,
} from "./lib/topology/scored_placement.ts";
export { setTopology } from "./lib/methods/set.ts";
export { strengthPlacement } from "./lib/topology/strength_placement.ts";
export { staticTopology } from "./lib/methods/static.ts";
export type {
  GradientAt,
  Grow,
  GrowRequest,
  Growth,
  LayerTopology,
  Prune,
  TopologyChange,
  TopologyStrategy,
} from "./lib/topology/strategy.ts";
export type { FloatArray } from "./lib/kernels/float_array.ts";

export {
  ensureWritableFolder,
  removeAbandonedFiles,
  type WriteFaults,
  writeFileAtomically,
} from "./lib/files/atomic_write.ts";
export { addContentDigest, checkContentDigest } from "./lib/files/content_digest.ts";
export {
  describeMembers,
  type LayerDescription,
  type MemberDescription,
  membersFromTensors,
  membersToTensors,
  parseMemberDescriptions,
} from "./lib/model/member_tensors.ts";
export {
  isRunHeld,
  type LockFaults,
  lockRun,
  RunHeld,
  type RunLock,
} from "./lib/files/run_lock.ts";
export {
  decodeSafetensors,
  type Dtype,
  encodeSafetensors,
  readSafetensors,
  readSafetensorsHeader,
  type ReadSafetensorsOptions,
  type Safetensors,
  type SafetensorsHeader,
  type Tensor,
  type TensorArrays,
  type TensorEntry,
} from "./lib/files/safetensors.ts";

export { balanceClasses, balancedRows } from "./lib/data/catalogue/balance.ts";
export {
  CATALOGUE,
  type CatalogueDataset,
  catalogueDataset,
  type CatalogueFile,
  type DataDownload,
  type DataSource,
} from "./lib/data/catalogue/catalogue.ts";
export { DATA_CACHE, dataFolder } from "./lib/data/catalogue/data_folder.ts";
export { type DownloadEvent } from "./lib/data/catalogue/download.ts";
export {
  fetchDataset,
  type FetchedDataset,
  type FetchEvent,
  type FetchOptions,
} from "./lib/data/catalogue/fetch_dataset.ts";
export { datasetCsv } from "./lib/data/catalogue/csv_text.ts";
export {
  type VerifiedFile,
  verifyDataset,
  type VerifyOptions,
} from "./lib/data/catalogue/verify_dataset.ts";
export {
  BUILTIN_DATASETS,
  type BuiltinDataset,
  builtinDatasetPath,
} from "./lib/data/builtin/builtin.ts";
export {
  type ReadCellsOptions,
  readDataset,
  type ReadDatasetOptions,
  type ReadDatasetResult,
  readFeatures,
  type ReadFeaturesOptions,
  type ReadFeaturesResult,
  readHeader,
  type ReadProgress,
  type UnknownClass,
} from "./lib/data/formats/read_dataset.ts";
export type { Dataset } from "./lib/data/table/dataset.ts";
export { type ArraysOfDataset, datasetFromArrays } from "./lib/data/table/from_arrays.ts";
export {
  droppedColumns,
  fitPreprocessing,
  inputCount,
  preprocess,
  type Preprocessing,
  type PreprocessingOptions,
  rawColumns,
  type UnusualValues,
  unusualValues,
  validatePreprocessing,
} from "./lib/data/preprocessing/preprocessing.ts";
export type { OneHotColumn } from "./lib/data/preprocessing/one_hot.ts";
export {
  applyScaling,
  fitScaling,
  type FittedScaling,
  type Scaling,
  SCALINGS,
  validateScaling,
} from "./lib/data/preprocessing/scaling.ts";
export { selectRows, type Split, splitDataset } from "./lib/data/table/split.ts";
export type { TargetScaling } from "./lib/data/preprocessing/target_scaling.ts";

export type { Arena } from "./lib/kernels/arena.ts";
export {
  chooseKernels,
  type ChosenKernels,
  type KernelChoice,
  type OpenKernels,
  openKernels,
} from "./lib/kernels/choose.ts";
export type { ThreadCounts } from "./lib/kernels/threads/threads.ts";
export {
  activationIndex,
  type AdamStep,
  type DenseArrays,
  type Gate,
  type KernelName,
  type Kernels,
  PANEL,
  type PerWeight,
  type SgdStep,
  type SparseArrays,
  strideOf,
} from "./lib/kernels/kernels.ts";
export { referenceKernels } from "./lib/kernels/reference.ts";
export { wasmKernels } from "./lib/kernels/wasm/wasm.ts";

export { type Activation, type OwnActivation, slopeOf } from "./lib/nn/activation.ts";
export { forward } from "./lib/nn/forward.ts";
export { fillInitial, type Initializer } from "./lib/nn/initializer.ts";
export type { DenseLayer, Layer, SparseLayer, Trainable } from "./lib/nn/layer.ts";
export {
  type InitialLayers,
  initialLayers,
  type Network,
  openNetwork,
  sizesOf,
  storeNetwork,
} from "./lib/nn/network.ts";
export { type PeriodicEmbedding, periodicEmbedding } from "./lib/nn/periodic_embedding.ts";
export type { Adam, DecayStyle, Optimizer, Sgd } from "./lib/nn/optimizer.ts";
export type { StoredDenseLayer, StoredLayer, StoredSparseLayer } from "./lib/nn/stored_layer.ts";
export { type StepOptions, type StepResult, trainStep } from "./lib/nn/training_step.ts";
export { openWorkspace, type Workspace } from "./lib/nn/workspace.ts";
export { epsilonForDensity } from "./lib/sparse/epsilon_for_density.ts";

export { gatherBatch, type Rows } from "./lib/training/batches.ts";
export { evaluate, type Evaluation } from "./lib/training/evaluate.ts";
export { learningRateAt, type LearningRateCurve } from "./lib/training/learning_rate.ts";
export {
  edstSchedule,
  independentSchedule,
  type Phase,
  type Schedule,
  type ScheduleOptions,
} from "./lib/training/schedule.ts";

export {
  type Inspection,
  inspectModel,
  type LayerInspection,
  type Spread,
} from "./lib/model/inspection.ts";
export { fitTemperature, withTemperature } from "./lib/prediction/calibration.ts";
export type { Member } from "./lib/nn/member.ts";
export { type ProbabilityScores, scoreProbabilities } from "./lib/prediction/probability_scores.ts";
export { type RegressionErrors, regressionErrors } from "./lib/prediction/regression_errors.ts";
export { type Method, methodOf } from "./lib/methods/methods.ts";
export {
  accuracyOf,
  ensembleProbabilities,
  memberProbabilities,
  mostProbable,
  type OpenEnsemble,
  openEnsemble,
} from "./lib/prediction/prediction.ts";
export {
  inputRows,
  type PreparedProblem,
  prepareProblem,
  type Problem,
} from "./lib/ensemble/problem.ts";
export { recipeDefaults, settingsForRows } from "./lib/settings/recipes.ts";
export {
  activationOf,
  type Candidate,
  completeSettings,
  defaultSettings,
  type MethodName,
  METHODS,
  optimizerOf,
  type RecipeName,
  RECIPES,
  type Settings,
} from "./lib/settings/settings.ts";
export { balancedWeights, type RowWeights } from "./lib/ensemble/row_weights.ts";
export type { EpochRecord, TrainingEvent } from "./lib/ensemble/training_event.ts";
export { train } from "./lib/ensemble/train.ts";
export type { TrialScore } from "./lib/ensemble/trials.ts";
export {
  type RecordedOutputs,
  type RecordingEvent,
  trainRecording,
} from "./lib/ensemble/trajectory.ts";
export { TrainingDiverged } from "./lib/ensemble/divergence.ts";
export {
  openRun,
  type OpenRunOptions,
  type Progress,
  type Rollback,
  type SavedRun,
  saveRun,
  type TrainingRun,
} from "./lib/ensemble/training_run.ts";

export { decodeModel, encodeModel } from "./lib/model/model_file.ts";
export { fit, type FitOptions } from "./lib/ensemble/fit.ts";
export { load, save } from "./lib/model/model_file.ts";
export { type Model } from "./lib/model/model.ts";
export {
  openPredictor,
  predict,
  type Predictor,
  predictProba,
  predictValues,
} from "./lib/model/predictor.ts";
export { type RawRows } from "./lib/prediction/raw_rows.ts";
export {
  type RegressionScore,
  type Score,
  score,
  scoreMembers,
  scoreRegression,
} from "./lib/model/score.ts";

export {
  addFlops,
  backpropagationFlops,
  evaluationFlops,
  type FlopCount,
  type LayerSize,
  layerSizeOf,
  memberWeightingFlops,
  missingGradientFlops,
  noFlops,
  predictionFlops,
  strengthFlops,
  topologyFlops,
  totalFlops,
  trainingStepFlops,
} from "./lib/counters/flops.ts";
export { type CounterAccess, counterAdvice } from "./lib/counters/counter_advice.ts";
export {
  countHardware,
  type FlopMode,
  type HardwareCount,
  type HardwareCounter,
  NOT_ASKED,
} from "./lib/counters/hardware_count.ts";
export {
  FLOP_EVENTS,
  type HardwareFlops,
  type NoHardwareFlops,
  openHardwareFlops,
} from "./lib/counters/hardware_flops.ts";
export {
  type EventSet,
  openPapi,
  type Papi,
  type PapiComponent,
  type PapiOptions,
} from "./lib/counters/papi.ts";
export { PapiError } from "./lib/counters/papi_library.ts";
export {
  type EventCount,
  SELF_CHECK_TOLERANCE,
  type SelfCheck,
  selfCheck,
} from "./lib/counters/self_check.ts";
export {
  publishSoftwareEvent,
  type SoftwareEvent,
  type SoftwareEventOptions,
} from "./lib/counters/software_event.ts";

export {
  resumeRun,
  type RunEvent,
  type RunOptions,
  type RunResult,
  startRun,
} from "./lib/experiments/run/run.ts";
export type { TrainingHardwareCount } from "./lib/experiments/run/flop_meter.ts";
export {
  completeConfig,
  type DataConfig,
  type RunConfig,
} from "./lib/experiments/run/run_config.ts";
export {
  compareOn,
  type ComparisonOptions,
  type ComparisonScore,
  type Contender,
} from "./lib/experiments/comparison/comparison.ts";
export {
  type ComparedData,
  type ComparisonDescription,
} from "./lib/experiments/comparison/comparison_introduction.ts";
export {
  type ComparisonMeasure,
  scoreText,
} from "./lib/experiments/comparison/comparison_measure.ts";
export {
  type ComparedColumns,
  type ComparedTable,
  comparedTable,
  comparisonReportPath,
  type ComparisonRunOptions,
  runComparison,
  writeComparisonReport,
} from "./lib/experiments/comparison/comparison_run.ts";
export type { StoredComparison } from "./lib/experiments/comparison/comparison_folder.ts";
export {
  type ComparisonSummary,
  type DatasetScore,
  type OverallScore,
  summarizeComparison,
} from "./lib/experiments/comparison/comparison_summary.ts";
export {
  builtinData,
  catalogueData,
  namesData,
  readRunData,
  type RunData,
} from "./lib/experiments/run/run_data.ts";
export {
  PAPER_DENSE_FLOPS,
  PAPER_FLOP_SHARES,
  type PaperFlops,
  paperFlops,
} from "./lib/experiments/paper/paper_flops.ts";
export {
  type PlannedFlops,
  plannedFlops,
  type TableSize,
} from "./lib/experiments/run/planned_flops.ts";
export { readConfig, readJson, type RunFiles } from "./lib/experiments/run/run_folder.ts";
export { type RunRecord, storedWeights } from "./lib/experiments/run/run_record.ts";
export type { Executor, ExecutorContext, SweepEvent } from "./lib/experiments/sweep/executor.ts";
export { lastEpoch } from "./lib/experiments/sweep/last_epoch.ts";
export { HELD_STATUS } from "./lib/experiments/sweep/process_executor.ts";
export { readResults, type Result } from "./lib/experiments/results/results.ts";
export {
  filterResults,
  groupResults,
  type ResultGroup,
  varyingKeys,
} from "./lib/experiments/results/result_groups.ts";
export {
  type ResultValue,
  resultValue,
  settingValue,
} from "./lib/experiments/results/result_values.ts";
export {
  compareResults,
  type PairedDifferences,
  type ResultComparison,
  type ResultComparisonOptions,
} from "./lib/experiments/results/results_comparison.ts";
export {
  comparisonRows,
  csvText,
  parquetBytes,
  type PlainRows,
  runRows,
  tableRows,
} from "./lib/experiments/results/results_export.ts";
export {
  distinctResults,
  RESULT_COLUMNS,
  type ResultSpread,
  type ResultsTable,
  type TableOptions,
  tabulateResults,
} from "./lib/experiments/results/results_table.ts";
export { runHash } from "./lib/experiments/run/run_hash.ts";
export {
  readStudy,
  type Study,
  studyConfigs,
  type StudyOptions,
  type StudySettings,
} from "./lib/experiments/sweep/study.ts";
export {
  epochsOf,
  sweep,
  type SweepOptions,
  type SweepSummary,
  type Unfinished,
  unfinishedRuns,
} from "./lib/experiments/sweep/sweep.ts";
export {
  cancelOnSlurm,
  type ProgramRunner,
  type SlurmOptions,
  type SlurmRun,
  slurmStatus,
  type SlurmSubmission,
  submitToSlurm,
  waitForSlurm,
} from "./lib/experiments/sweep/slurm.ts";
export type { SlurmTask } from "./lib/experiments/sweep/slurm_queue.ts";
export {
  type SlurmResources,
  type SlurmScript,
  slurmScript,
} from "./lib/experiments/sweep/slurm_script.ts";
export {
  type Attempt,
  attemptRun,
  type AttemptStatus,
  type RunFailure,
  type RunState,
  runState,
  type SweepTask,
  sweepTasks,
} from "./lib/experiments/sweep/sweep_run.ts";

export {
  type PairMeasures,
  type PredictionDiversity,
  predictionDiversity,
  topologyOverlaps,
} from "./lib/prediction/diversity.ts";
export { type LayerConnections, nnstd, type NnstdLayer } from "./lib/prediction/nnstd.ts";

export { bootstrap, bootstrapRuns, bootstrapTotals } from "./lib/statistics/bootstrap.ts";
export { friedman, type FriedmanResult } from "./lib/statistics/friedman.ts";
export {
  type Interval,
  percentileInterval,
  tInterval,
  wilsonInterval,
} from "./lib/statistics/intervals.ts";
export { nemenyi, type NemenyiResult } from "./lib/statistics/nemenyi.ts";
export { probabilityOfImprovement } from "./lib/statistics/probability_of_improvement.ts";
export type { Better } from "./lib/statistics/score_table.ts";
export { shapiroWilk, type ShapiroWilkResult } from "./lib/statistics/shapiro_wilk.ts";
export {
  interquartileMean,
  mean,
  median,
  quantile,
  standardDeviation,
} from "./lib/statistics/summary.ts";
export { type Tsne, tsne, type TsneOptions } from "./lib/statistics/tsne.ts";
export { wilcoxon, type WilcoxonOptions, type WilcoxonResult } from "./lib/statistics/wilcoxon.ts";
export { winCounts } from "./lib/statistics/win_counts.ts";

export {
  type AccuracyEpoch,
  accuracyFigure,
  type AccuracyFigureOptions,
} from "./lib/plots/accuracy_figure.ts";
export { type BesidePublished, besidePublished } from "./lib/plots/beside_published.ts";
export {
  criticalDifferenceFigure,
  type CriticalDifferenceFigureOptions,
  type RankComparison,
} from "./lib/plots/critical_difference_figure.ts";
export {
  distanceFigure,
  type DistanceFigureOptions,
  type DistanceSearch,
} from "./lib/plots/distance_figure.ts";
export {
  heatmapFigure,
  type HeatmapFigureOptions,
  type HeatmapPanel,
} from "./lib/plots/heatmap_figure.ts";
export {
  type ResultPoint,
  resultsFigure,
  type ResultsFigureOptions,
} from "./lib/plots/results_figure.ts";
export {
  scalingFigure,
  type ScalingFigureOptions,
  type ScalingPoint,
} from "./lib/plots/scaling_figure.ts";
export {
  trajectoryFigure,
  type TrajectoryFigureOptions,
  type TrajectoryPanel,
  type TrajectoryPoint,
} from "./lib/plots/trajectory_figure.ts";
export { display, type Displayable, displayTable, JUPYTER_DISPLAY } from "./lib/reports/display.ts";
export {
  renderReport,
  type Report,
  type ReportBlock,
  type ReportSection,
} from "./lib/reports/html_report.ts";
export { type Table, tableHtml, tableMarkdown, tableText } from "./lib/reports/table.ts";
export { reportOfFolder, type ReportOptions } from "./lib/experiments/results/report.ts";
export { readEpochs } from "./lib/experiments/run/run_history.ts";
export { type FigureSpec, renderPng, renderSvg } from "./lib/plots/render.ts";
