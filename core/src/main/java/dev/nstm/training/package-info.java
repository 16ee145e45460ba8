/**
 * Fits a space-time field to what an instrument measured. Read {@link dev.nstm.training.Reconstruction} first, then
 * {@link dev.nstm.training.TrainingPlan} and {@link dev.nstm.training.CheckpointStore}. Knows nothing of screens or
 * image files.
 */
package dev.nstm.training;
