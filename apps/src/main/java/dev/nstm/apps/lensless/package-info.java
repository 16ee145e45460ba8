/** The lensless camera with a rolling shutter: its data, its run, and the movie that is made of one photograph. */
package dev.nstm.apps.lensless;
