package dev.nstm.cuda;

/** Thrown where work that is being recorded takes memory, or needs an answer of the GPU. */
final class NotRecordable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotRecordable() {
        super("this work cannot be recorded", null, false, false);
    }
}
