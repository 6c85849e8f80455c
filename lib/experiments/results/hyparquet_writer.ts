export { type ColumnSource, parquetWriteBuffer } from "npm:hyparquet-writer@0.17.0";
