/**
 * Off-heap arrays: what a number array is, where its memory lives and when it is given back. Read
 * {@link dev.nstm.tensor.Tensor} first, then {@link dev.nstm.tensor.TensorArena} (memory of a run) and
 * {@link dev.nstm.tensor.Workspace} (scratch memory of a step). Knows nothing of any other package.
 */
package dev.nstm.tensor;
