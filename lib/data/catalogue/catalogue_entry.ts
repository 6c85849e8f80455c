/** A file of a catalogue data set in the data folder. */
export interface CatalogueFile {
  /** Its name. */
  readonly name: string;
  /** Its rows. */
  readonly rows: number;
  /** SHA-256 of the compressed file, as it was first written, or `null` if it is unknown. */
  readonly sha256: string | null;
  /** SHA-256 of its uncompressed text, which does not depend on the compressor, or `null`. */
  readonly csvSha256: string | null;
  /**
   * SHA-256 of its numbers and labels, which does not depend on their spelling, or `null`: rows and columns,
   * features as 32-bit floats, labels, little-endian.
   */
  readonly numbersSha256: string | null;
}

/** A file that a publisher offers. */
export interface DataDownload {
  /** Its address. */
  readonly address: string;
  /** Its SHA-256, or `null` if it is unknown. */
  readonly sha256: string | null;
}

/** A publisher's files, and the way to turn them into the catalogue's files. */
export interface DataSource {
  /** The publisher. */
  readonly publisher: "hugging-face" | "openml" | "uci" | "github" | "google";
  /** The files to download: one, or features and labels of each of the catalogue's files. */
  readonly downloads: readonly DataDownload[];
  /**
   * Their format: one table, a pair of NumPy's or of IDX arrays for each file, or a table in a zip archive.
   */
  readonly form: "csv" | "parquet" | "npy-pairs" | "idx-pairs" | "zip";
  /** The name of the table in a zip archive. */
  readonly member?: string;
  /** The columns' names, if the table has no header. */
  readonly header?: readonly string[];
  /** The column with the labels; `null` for the last one. */
  readonly label: string | null;
  /** The catalogue's names of the labels, by the publisher's, or `null` to keep them. */
  readonly codes: Readonly<Record<string, string>> | null;
  /** True if the benchmark's rule chooses the rows. */
  readonly balance?: true;
}

/** A data set of the catalogue. */
export interface CatalogueDataset {
  /** Its name in the paper, or the name that its authors gave it. */
  readonly title: string;
  /** The table's file name. */
  readonly file: string;
  /** The file of the authors' own test rows, or `null` to hold some out at random. */
  readonly testFile: string | null;
  /** The target column. */
  readonly target: string;
  /** Rows of all files. */
  readonly rows: number;
  /** Feature columns. */
  readonly features: number;
  /** Classes. */
  readonly classes: number;
  /** `exact` for the rows that the paper used, `subset` for some of them. */
  readonly extent: "exact" | "subset";
  /** The catalogue's name of the whole data set, if this is a part. */
  readonly whole: string | null;
  /** Its size in the paper (Table 7 and the networks' inputs); `null` if the paper does not state it. */
  readonly paper: { readonly rows: number | null; readonly features: number | null };
  /** The first publisher of the data. */
  readonly original: string;
  /** The licence that the original publisher states. */
  readonly licence: string;
  /** The changes to the original data. */
  readonly transformation: string;
  /** The division into training and test rows. */
  readonly split: string;
  /** The files, the table first. */
  readonly files: readonly CatalogueFile[];
  /** The publishers, the preferred one first. Empty if no publisher offers exactly these rows. */
  readonly sources: readonly DataSource[];
}
