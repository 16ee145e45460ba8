package dev.nstm.cuda;

/** Our kernels, by the names that they have in the sources. */
enum Kernel {
    AXPY("axpy"),
    SCALE_ADD("scaleAdd"),
    SCALE("scale"),
    MULTIPLY("multiply"),
    MULTIPLY_COMPLEX("multiplyComplex"),
    COPY_STRIDED("copyStrided"),
    COPY_BLOCK("copyBlock"),
    INTERIOR_DIFFERENCE("interiorDifference"),
    NEGATIVE_PART("negativePart"),
    ADD_WHERE_NEGATIVE("addWhereNegative"),
    APPLY_FUNCTION("applyFunction"),
    ADD_SLOPE_PRODUCT("addSlopeProduct"),
    ADAM("adam"),
    SUM_VALUES("sumValues"),
    SUM_PRODUCTS("sumProducts"),
    SUBTRACT_MULTIPLE("subtractMultiple"),
    SUM_HALF_SPECTRA("sumHalfSpectra"),
    ADD_SUM_OF_SUMS("addSumOfSums"),
    SUM_ROWS("sumRows"),
    ADD_SUMS_OF_ROWS("addSumsOfRows"),
    ADD_BLOCKS_SUMS("addBlocksSums"),
    LARGEST_MAGNITUDE("largestMagnitude"),
    ENCODE_LEVELS("encodeLevels"),
    SCATTER_LEVELS("scatterLevels"),
    SCATTER_LEVELS_FIXED("scatterLevelsFixed"),
    ADD_FIXED("addFixed"),
    ADD_LEVEL_SLOPES("addLevelSlopes"),
    ENCODE_WAVES("encodeWaves"),
    ADD_WAVE_SLOPES("addWaveSlopes"),
    PIXEL_POSITIONS("pixelPositions"),
    PIXEL_TIMES("pixelTimes"),
    ACTIVATE("activate"),
    MULTIPLY_SLOPE("multiplySlope"),
    OUTPUT_SLOPE("outputSlope"),
    NARROW_LAYER("narrowLayer"),
    NARROW_LAYER_INPUTS("narrowLayerInputs"),
    FORWARD_PERCEPTRON("forwardPerceptron"),
    BACKWARD_PERCEPTRON("backwardPerceptron");

    private final String symbol;

    Kernel(String symbol) {
        this.symbol = symbol;
    }

    String symbol() {
        return symbol;
    }
}
