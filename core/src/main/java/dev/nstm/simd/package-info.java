/**
 * Vector API kernels over off-heap memory: one class per kernel family, one static method per operation, the formula
 * beside it. Read {@link dev.nstm.simd.Simd} (which vector width is used and why) and
 * {@link dev.nstm.simd.MatrixKernel} first. This is the only package that imports the Vector API; it knows nothing of
 * tensors, threads or physics. Offsets and strides are counted in single-precision values. Each method checks that
 * every address it will touch lies inside the segments given, then runs without further checks.
 */
package dev.nstm.simd;
