/**
 * Instruments: how a scene becomes measurements, as a differentiable model, and the conventional solver beside each.
 * Read {@link dev.nstm.imaging.ForwardModel} first, then {@link dev.nstm.imaging.DpcSystem}. Knows nothing of networks.
 */
package dev.nstm.imaging;
