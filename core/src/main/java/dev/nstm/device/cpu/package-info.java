/**
 * The processor as a device: kernels of {@link dev.nstm.simd} on tiles and pieces of the data, shared out among
 * threads.
 */
package dev.nstm.device.cpu;
