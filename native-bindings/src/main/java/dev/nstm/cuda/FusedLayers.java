package dev.nstm.cuda;

import dev.nstm.device.NetworkLayout;
import dev.nstm.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * All layers of a small network in one kernel, forward and backward: of a tile of points only the pre-activations go to
 * memory. This takes less than a third of the memory traffic of {@link ChainedLayers} and less than half of its memory.
 */
final class FusedLayers implements Layers {
    /** Neurons or features of a layer that there are kernels for, at most. */
    private static final List<Integer> WIDTHS = List.of(32, 64, 128);
    /** Places of a layer's parameters, counted from the first of the layers', after the tables. */
    static final Struct LAYER = new Struct(
            "Layer",
            List.of(
                    Struct.Field.of("int", "weights"),
                    Struct.Field.of("int", "bias"),
                    Struct.Field.of("int", "joined")));
    /** A network; its layers follow, the output layer last. */
    static final Struct PERCEPTRON = new Struct(
            "Perceptron",
            List.of(
                    Struct.Field.of("int", "activation"),
                    Struct.Field.of("int", "features"),
                    Struct.Field.of("int", "width"),
                    Struct.Field.of("int", "depth"),
                    Struct.Field.of("int", "outputs"),
                    Struct.Field.of("int", "weightRow"),
                    Struct.Field.of("int", "outputRow")));

    /** Values of a tile, {@code WIDTH} times {@code POINTS} of the sources. */
    private static final int TILE = 64 * Definitions.BLOCK_THREADS;
    /** Floats between the end of a tile's row and the next. */
    private static final int GAP = 4;

    private static final int MOST_OUTPUTS = 8;

    private final CudaContext context;
    private final Kernels operations;
    private final Kernels perceptron;
    private final NetworkLayout layout;
    private final int width;
    private final int sharedBytes;
    private final MemorySegment description;
    private final int layersOffset;
    private final int hiddenParameters;
    private final int outputParameters;
    private final int mostBlocks;
    /**
     * Blocks' shares of the gradient with respect to the parameters of the hidden layers, {@code float
     * [block][parameter]}.
     */
    private final MemorySegment hiddenSums;
    /** The same for the output layer, {@code double [parameter][block]}. */
    private final MemorySegment outputSums;

    /** Whether there are kernels for a network and this GPU has the shared memory for them. */
    static boolean suit(CudaContext context, NetworkLayout layout) {
        return rows(layout) <= WIDTHS.getLast()
                && layout.outputs() <= MOST_OUTPUTS
                && sharedBytes(layout) <= context.sharedBytesOfBlock();
    }

    private static int rows(NetworkLayout layout) {
        return Math.max(layout.width(), layout.features());
    }

    private static int width(NetworkLayout layout) {
        return WIDTHS.stream()
                .filter(width -> rows(layout) <= width)
                .findFirst()
                .orElseThrow();
    }

    /** Of the backward pass, which needs more: the tile, the stage, and the gradient with respect to the output. */
    private static int sharedBytes(NetworkLayout layout) {
        return 4 * ((width(layout) + layout.outputs()) * (TILE / width(layout) + GAP) + Definitions.STAGE);
    }

    /**
     * @param points at most so many at once
     * @param tensorCores whether the factors of products may be rounded to 10 bits of mantissa
     */
    FusedLayers(CudaDevice device, NetworkLayout layout, int points, boolean trained, boolean tensorCores) {
        this.layout = layout;
        context = device.context();
        operations = device.kernels();
        width = width(layout);
        sharedBytes = sharedBytes(layout);
        perceptron = device.kernels(Program.perceptron(width, tensorCores));
        for (Kernel kernel : List.of(Kernel.FORWARD_PERCEPTRON, Kernel.BACKWARD_PERCEPTRON))
            perceptron.allowShared(kernel, context.sharedBytesOfBlock());
        layersOffset = layout.layersOffset();
        hiddenParameters = layout.weightsOffset(layout.depth()) - layersOffset;
        outputParameters = layout.biasOffset(layout.depth()) + layout.outputs() - layout.weightsOffset(layout.depth());
        int[] words = description(layout);
        description = context.allocate(4L * words.length);
        context.write(MemorySegment.ofArray(words), description);
        mostBlocks = Math.min(
                tiles(points),
                context.processors() * perceptron.residentBlocks(Kernel.BACKWARD_PERCEPTRON, sharedBytes));
        hiddenSums = trained ? context.allocate(4L * mostBlocks * hiddenParameters) : null;
        outputSums = trained ? context.allocate(8L * mostBlocks * outputParameters) : null;
    }

    /** The {@code Perceptron} of the sources and its layers. */
    private static int[] description(NetworkLayout layout) {
        int[] words = new int[PERCEPTRON.words() + LAYER.words() * (layout.depth() + 1)];
        words[PERCEPTRON.at("activation")] = layout.activation().ordinal();
        words[PERCEPTRON.at("features")] = layout.features();
        words[PERCEPTRON.at("width")] = layout.width();
        words[PERCEPTRON.at("depth")] = layout.depth();
        words[PERCEPTRON.at("outputs")] = layout.outputs();
        words[PERCEPTRON.at("weightRow")] = layout.paddedWidth();
        words[PERCEPTRON.at("outputRow")] = layout.outputRow();
        for (int layer = 0; layer <= layout.depth(); layer++) {
            int first = PERCEPTRON.words() + layer * LAYER.words();
            words[first + LAYER.at("weights")] = layout.weightsOffset(layer) - layout.layersOffset();
            words[first + LAYER.at("bias")] = layout.biasOffset(layer) - layout.layersOffset();
            words[first + LAYER.at("joined")] = layout.joined(layer) ? 1 : 0;
        }
        return words;
    }

    private int tiles(int points) {
        return Math.ceilDiv(points, TILE / width);
    }

    /** Pre-activations of every layer. */
    @Override
    public long forwardRows() {
        return hiddenSums == null ? 0 : (long) layout.width() * layout.depth();
    }

    @Override
    public long backwardRows() {
        return 0;
    }

    @Override
    public void forward(Tensor parameters, Rows features, Rows memory, Rows output, int count) {
        Kernels begun = perceptron
                .of(Kernel.FORWARD_PERCEPTRON)
                .pointer(description, 0)
                .pointer(parameters.data(), 4L * layersOffset)
                .rows(features)
                .integer(features.step());
        begun = hiddenSums == null ? begun.pointer(MemorySegment.NULL, 0) : begun.rows(memory);
        begun = output == null
                ? begun.pointer(MemorySegment.NULL, 0).integer(0)
                : begun.rows(output).integer(output.step());
        begun.integer(count).runBlocks(tiles(count), 1, sharedBytes);
    }

    @Override
    public void backward(
            Tensor parameters,
            Rows features,
            Rows memory,
            Rows outputGradient,
            Tensor parameterGradient,
            Rows featureGradient,
            Rows work,
            int count) {
        int blocks = Math.min(mostBlocks, tiles(count));
        context.fill(hiddenSums, 0, (long) blocks * hiddenParameters, 0);
        context.fill(outputSums, 0, 2L * blocks * outputParameters, 0);
        perceptron
                .of(Kernel.BACKWARD_PERCEPTRON)
                .pointer(description, 0)
                .pointer(parameters.data(), 4L * layersOffset)
                .rows(features)
                .integer(features.step())
                .rows(memory)
                .rows(outputGradient)
                .integer(outputGradient.step())
                .rows(featureGradient)
                .pointer(hiddenSums, 0)
                .integer(hiddenParameters)
                .pointer(outputSums, 0)
                .integer(count)
                .runBlocks(blocks, 1, sharedBytes);
        operations
                .of(Kernel.ADD_BLOCKS_SUMS)
                .pointer(hiddenSums, 0)
                .integer(blocks)
                .pointer(parameterGradient.data(), 4L * layersOffset)
                .integer(hiddenParameters)
                .run(hiddenParameters);
        operations
                .of(Kernel.ADD_SUMS_OF_ROWS)
                .pointer(outputSums, 0)
                .integer(blocks)
                .pointer(parameterGradient.data(), 4L * layout.weightsOffset(layout.depth()))
                .integer(outputParameters)
                .run(outputParameters);
    }
}
