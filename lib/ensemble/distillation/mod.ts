/**
 * Distillation: one member learns the predictions of an ensemble, for the training rows and for new rows
 * between them.
 *
 * @module
 */
export { distil, type DistilOptions } from "./distil.ts";
export { mixedRows } from "./mixed_rows.ts";
export { type StudentLesson, studentLesson, studentModel, studentSettings } from "./student.ts";
export { type Teacher, teacherSettings } from "./teacher.ts";
