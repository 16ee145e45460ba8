/** Structured illumination from files to results: raw stacks, transfer functions, patterns, runs, outputs. */
package dev.nstm.apps.sim;
