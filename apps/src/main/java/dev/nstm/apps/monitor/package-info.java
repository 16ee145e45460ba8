/** Following and steering a run from outside, by files in its directory. */
package dev.nstm.apps.monitor;
