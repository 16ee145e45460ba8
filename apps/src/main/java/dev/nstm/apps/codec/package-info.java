/** Decompression that neither the JDK nor a small library on the module path has. */
package dev.nstm.apps.codec;
