package dev.nstm.apps.command;

/** The Java heap before a device takes memory beside it. */
final class Heap {
    private Heap() {}

    /**
     * Gives back what setting up in double precision left behind. The collector would not look at it again: training
     * takes nothing from the heap, and what lies there is memory that the tensors then need besides (200 to 400 MB of
     * 600 to 1900).
     */
    static void giveBack() {
        System.gc();
    }
}
