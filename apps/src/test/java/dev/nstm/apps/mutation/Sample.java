package dev.nstm.apps.mutation;

import java.nio.file.Path;

/**
 * A file that is whole, and what reads it.
 *
 * @param name of the reader and kind
 * @param file with the ending that the reader goes by
 * @param checked whether the format has checksums, so that no change of content may go unnoticed
 * @param reader what is tried
 */
record Sample(String name, String file, byte[] bytes, boolean checked, Reader reader) {
    /** Reads a file. */
    interface Reader {
        /** Everything that was read, as one number: a hash of the values. */
        long read(Path file) throws Exception;
    }
}
