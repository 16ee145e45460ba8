/**
 * NVIDIA GPUs. Read {@link dev.nstm.cuda.CudaDeviceProvider} first; the package {@code ffi} beside it holds jextract's
 * output for the CUDA headers, generated and not edited.
 */
package dev.nstm.cuda;
