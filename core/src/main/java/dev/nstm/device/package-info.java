/**
 * What a machine must be able to do: the small set of operations every backend offers, and the CPU as one of them. Read
 * {@link dev.nstm.device.Device} first, then {@link dev.nstm.device.NetworkLayout} (what an encoded network is) and
 * {@link dev.nstm.device.Devices} (which backend is taken, and why). Knows nothing of graphs, networks' meaning or
 * physics.
 */
package dev.nstm.device;
