/**
 * Distillation: one member learns what an ensemble says of the rows it knows, and of rows that nobody knows.
 *
 * @module
 */
export { distil, type DistilOptions } from "./distil.ts";
export { mixedRows } from "./mixed_rows.ts";
export { type StudentLesson, studentLesson, studentModel, studentSettings } from "./student.ts";
export { type Teacher, teacherSettings } from "./teacher.ts";
