package dev.nstm.apps.io;

import static dev.nstm.tensor.InvalidInputException.require;

/** Whether what a file claims to hold can be held at all: asked before anything is allocated for it. */
public final class Room {
    /** Share of the heap that one file's values may take. */
    private static final double SHARE = 0.8;

    private Room() {}

    /** @param where file, and page or array; or what is to be made */
    public static void forValues(long count, String where) {
        long megabytes = count / (1 << 17);
        long most = (long) (SHARE * Runtime.getRuntime().maxMemory()) >> 20;
        require(
                count >= 0 && count <= Integer.MAX_VALUE - 64 && megabytes <= most,
                "%s holds %d values, which take %d MB of memory; this program may take %d (a machine with more memory, or fewer pixels)",
                where,
                count,
                megabytes,
                most);
    }
}
