export {
  type AsyncBuffer,
  type Compressors,
  type FileMetaData,
  parquetMetadata,
  parquetRead,
  parquetSchema,
  snappyUncompress,
} from "npm:hyparquet@1.31.5";
