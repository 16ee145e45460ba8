/** What a reconstruction shows, rendered a moment at a time, and the forms in which it leaves the program. */
package dev.nstm.apps.movie;
