/**
 * What the commands need to know of an imaging system: how its run is trained and what becomes of it. Every system has
 * a package of its own beside this one.
 */
package dev.nstm.apps.instrument;
