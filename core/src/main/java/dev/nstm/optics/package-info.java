/**
 * Light in the microscope, in double precision and plain Java: pupils, sources, transfer functions. Read
 * {@link dev.nstm.optics.Microscope} and {@link dev.nstm.optics.WeakObjectTransfer} first. Spatial frequencies are in
 * cycles per micrometre, zero frequency first. Knows nothing of training, threads or vectors.
 */
package dev.nstm.optics;
