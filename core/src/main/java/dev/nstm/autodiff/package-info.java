/**
 * Reverse-mode differentiation over coarse nodes: a network evaluated on a grid, a filter, a loss. A graph is built
 * once and run many times; a run allocates nothing. Read {@link dev.nstm.autodiff.Graph} and
 * {@link dev.nstm.autodiff.Node} first. Knows devices and tensors, no physics.
 */
package dev.nstm.autodiff;
