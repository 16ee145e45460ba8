package dev.nstm.cuda;

import dev.nstm.device.Activation;
import dev.nstm.device.ElementFunction;
import java.util.Arrays;
import java.util.stream.Collectors;

/** What Java and the kernels' sources share: said here once, and written at the head of every program. */
final class Definitions {
    /** Points that a thread goes along when gradients are sent to the tables. */
    static final int RUN = 16;
    /** Floats of a tile's stage, where pieces of weights or of a layer's input lie while they are multiplied. */
    static final int STAGE = 2560;
    /** Axes of a hash grid at most. */
    static final int MAX_AXES = 4;
    /** Threads of a block. */
    static final int BLOCK_THREADS = 256;

    /** What is summed. */
    enum Sum {
        SQUARES,
        /** max(-x, 0) */
        NEGATIVES
    }

    private Definitions() {}

    static String text() {
        return define("RUN", RUN)
                + define("STAGE", STAGE)
                + define("MAX_AXES", MAX_AXES)
                + define("BLOCK_THREADS", BLOCK_THREADS)
                + numbers("ACTIVATION", Activation.values())
                + numbers("FUNCTION", ElementFunction.values())
                + numbers("SUM_OF", Sum.values())
                + LevelTable.LEVEL.declaration()
                + FusedLayers.LAYER.declaration()
                + FusedLayers.PERCEPTRON.declaration();
    }

    private static String define(String name, int value) {
        return "#define " + name + " " + value + "\n";
    }

    /** The constants of an enumeration under a common first word. */
    private static String numbers(String first, Enum<?>[] constants) {
        return Arrays.stream(constants)
                .map(constant -> first + "_" + constant.name() + " = " + constant.ordinal())
                .collect(Collectors.joining(", ", "enum { ", " };\n"));
    }
}
