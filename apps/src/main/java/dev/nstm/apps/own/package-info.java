/** Imaging systems that users bring along: finding them, and what they get for free. */
package dev.nstm.apps.own;
