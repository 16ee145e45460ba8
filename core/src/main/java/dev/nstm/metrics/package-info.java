/** How good a reconstruction is where the truth is known. Plain Java, no devices. */
package dev.nstm.metrics;
