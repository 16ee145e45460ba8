/** Specimens that move in known ways, and the noisy shots an instrument would take of them. */
package dev.nstm.simulate;
