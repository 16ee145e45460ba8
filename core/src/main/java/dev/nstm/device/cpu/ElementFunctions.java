package dev.nstm.device.cpu;

import dev.nstm.device.ElementFunction;
import dev.nstm.simd.FunctionKernel;
import java.lang.foreign.MemorySegment;
import java.util.function.DoubleUnaryOperator;

/** The kernel of each {@link ElementFunction} on the processor. */
final class ElementFunctions {
    private ElementFunctions() {}

    static void apply(ElementFunction function, MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        if (function == ElementFunction.ELU) FunctionKernel.elu(x, xOffset, y, yOffset, n);
        else FunctionKernel.apply(scalar(function), x, xOffset, y, yOffset, n);
    }

    static void addSlope(
            ElementFunction function,
            MemorySegment x,
            long xOffset,
            MemorySegment g,
            long gOffset,
            MemorySegment z,
            long zOffset,
            int n) {
        if (function == ElementFunction.ELU) FunctionKernel.addEluSlope(x, xOffset, g, gOffset, z, zOffset, n);
        else FunctionKernel.addSlope(scalar(function), x, xOffset, g, gOffset, z, zOffset, n);
    }

    private static FunctionKernel.Function scalar(ElementFunction function) {
        return switch (function) {
            case ELU -> throw new IllegalArgumentException("the exponential linear unit has a kernel of its own");
            case SQUARE -> Scalar.SQUARE;
            case ABSOLUTE -> Scalar.ABSOLUTE;
            case SQUARE_ROOT -> Scalar.SQUARE_ROOT;
            case EXPONENTIAL -> Scalar.EXPONENTIAL;
            case SINE -> Scalar.SINE;
            case COSINE -> Scalar.COSINE;
            case LOGISTIC -> Scalar.LOGISTIC;
        };
    }

    private enum Scalar implements FunctionKernel.Function {
        SQUARE(x -> x * x, x -> 2 * x),
        ABSOLUTE(Math::abs, Math::signum),
        SQUARE_ROOT(x -> Math.sqrt(Math.max(x, 0)), x -> x > 0 ? 0.5 / Math.sqrt(x) : 0),
        EXPONENTIAL(Math::exp, Math::exp),
        SINE(Math::sin, Math::cos),
        COSINE(Math::cos, x -> -Math.sin(x)),
        LOGISTIC(x -> 1 / (1 + Math.exp(-x)), x -> 0.25 / Math.pow(Math.cosh(x / 2), 2));

        private final DoubleUnaryOperator value;
        private final DoubleUnaryOperator slope;

        Scalar(DoubleUnaryOperator value, DoubleUnaryOperator slope) {
            this.value = value;
            this.slope = slope;
        }

        @Override
        public double value(double x) {
            return value.applyAsDouble(x);
        }

        @Override
        public double slope(double x) {
            return slope.applyAsDouble(x);
        }
    }
}
