/**
 * The scene and its motion as functions of position and time. Read {@link dev.nstm.field.SpaceTimeField} first, then
 * {@link dev.nstm.field.HashGrids} and {@link dev.nstm.field.Annealing}. Knows nothing of instruments.
 */
package dev.nstm.field;
