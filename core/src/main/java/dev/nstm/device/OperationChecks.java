package dev.nstm.device;

import dev.nstm.tensor.ElementType;
import dev.nstm.tensor.InvalidInputException;
import dev.nstm.tensor.Shape;
import dev.nstm.tensor.Tensor;

/** What every device checks at the door of an operation, so that all refuse the same in the same words. */
public final class OperationChecks {
    private OperationChecks() {}

    /** A real tensor that has the elements {@code first} to {@code first + count}. */
    public static void real(Tensor tensor, int first, int count) {
        if (tensor.type() != ElementType.FLOAT32)
            throw InvalidInputException.of("a real tensor is needed, got %s of %s", tensor.type(), tensor.shape());
        range(tensor, first, count);
    }

    /** A complex tensor that has the elements {@code first} to {@code first + count}. */
    public static void complex(Tensor tensor, int first, int count) {
        if (tensor.type() != ElementType.COMPLEX64)
            throw InvalidInputException.of("a complex tensor is needed, got %s of %s", tensor.type(), tensor.shape());
        range(tensor, first, count);
    }

    /** Two tensors of one type that have these elements. */
    public static void sameType(Tensor x, int xFirst, Tensor y, int yFirst, int count) {
        if (x.type() != y.type()) throw InvalidInputException.of("%s and %s do not go together", x.type(), y.type());
        range(x, xFirst, count);
        range(y, yFirst, count);
    }

    /** An array for the elements of a tensor from {@code first} on. */
    public static void written(Tensor tensor, int first, float[] values) {
        if (values.length % tensor.type().floats() != 0)
            throw InvalidInputException.of(
                    "%d values are no whole elements of a tensor of %s", values.length, tensor.shape());
        range(tensor, first, values.length / tensor.type().floats());
    }

    private static void range(Tensor tensor, int first, int count) {
        if (!(first >= 0 && count >= 0 && (long) first + count <= tensor.count()))
            throw InvalidInputException.of(
                    "elements %d to %d do not lie in a tensor of %s", first, (long) first + count, tensor.shape());
    }

    /** Every {@code step}th of a tensor's single-precision values, {@code count} of them. */
    public static void strided(Tensor tensor, int first, int step, int count) {
        if (!(step >= 1)) throw InvalidInputException.of("steps must be at least 1, got %d", step);
        if (!(first >= 0 && count >= 0 && (count == 0 || first + (count - 1L) * step < tensor.floats())))
            throw InvalidInputException.of(
                    "%d values from %d on in steps of %d do not lie in a tensor of %s",
                    count, first, step, tensor.shape());
    }

    /** A block of the last three axes of a real tensor that has no others. */
    public static void block(Tensor tensor, int[] first, int[] size) {
        real(tensor, 0, tensor.count());
        if (!(tensor.shape().rank() >= 3 && first.length == 3 && size.length == 3))
            throw InvalidInputException.of("a block has three axes, got a tensor of shape %s", tensor.shape());
        int count = 1;
        for (int axis = 0; axis < 3; axis++) {
            int extent = tensor.shape().extent(axis - 3);
            count *= extent;
            if (!(first[axis] >= 0 && size[axis] >= 1 && first[axis] <= extent - size[axis]))
                throw InvalidInputException.of(
                        "samples %d to %d do not lie in axis %d of %s",
                        first[axis], first[axis] + size[axis], axis - 3, tensor.shape());
        }
        if (count != tensor.count())
            throw InvalidInputException.of("a block needs a single volume, got %s", tensor.shape());
    }

    /** Three tensors of one shape, and a margin that leaves something of it. */
    public static void interior(Tensor x, Tensor y, int margin, Tensor z) {
        Shape shape = x.shape();
        if (!(shape.equals(y.shape()) && shape.equals(z.shape())))
            throw InvalidInputException.of("shapes must agree, got %s, %s and %s", shape, y.shape(), z.shape());
        int height = shape.rank() > 1 ? shape.extent(-2) : 1;
        if (!(margin >= 0 && 2 * margin < shape.extent(-1) && 2 * margin < height))
            throw InvalidInputException.of("a margin of %d leaves nothing of %s", margin, shape);
    }

    /** Rows of {@code count} values and a range of as many. */
    public static void components(Tensor basis, int basisFirst, int components, Tensor x, int xFirst, int count) {
        if (!(components >= 0)) throw InvalidInputException.of("components cannot be negative, got %d", components);
        real(basis, basisFirst, Math.multiplyExact(components, count));
        real(x, xFirst, count);
    }

    /** Half spectra of {@code rows} rows of {@code width} real values. */
    public static void halfSpectra(Tensor x, int xFirst, Tensor y, int yFirst, int rows, int width) {
        complex(x, xFirst, Math.multiplyExact(rows, width / 2 + 1));
        complex(y, yFirst, Math.multiplyExact(rows, width / 2 + 1));
    }

    /** Four tensors of as many values. */
    public static void adam(Tensor parameters, Tensor gradient, Tensor firstMoment, Tensor secondMoment) {
        int count = parameters.count();
        if (!(gradient.count() == count && firstMoment.count() == count && secondMoment.count() == count)) {
            throw InvalidInputException.of(
                    "parameters, gradient and moments must have one size, got %s, %s, %s and %s",
                    parameters.shape(), gradient.shape(), firstMoment.shape(), secondMoment.shape());
        }
    }

    /**
     * The tensors of an evaluation of a network.
     *
     * @param atPoints whether coordinates are given point by point
     */
    public static void network(
            NetworkLayout layout,
            int points,
            boolean atPoints,
            Tensor coordinates,
            Tensor parameters,
            Tensor window,
            Tensor output) {
        if (!(!atPoints || coordinates.count() == layout.axes() * points))
            throw InvalidInputException.of(
                    "%d coordinates at %d points are needed, got %s", layout.axes(), points, coordinates.shape());
        if (!(parameters.count() == layout.parameterCount()))
            throw InvalidInputException.of(
                    "the network has %d parameters, got %s", layout.parameterCount(), parameters.shape());
        if (!(window.count() == layout.features()))
            throw InvalidInputException.of(
                    "the encoding has %d features, got a window of %s", layout.features(), window.shape());
        if (!(output.count() == layout.outputs() * points))
            throw InvalidInputException.of(
                    "%d channels at %d points are produced, got %s", layout.outputs(), points, output.shape());
    }

    /**
     * The gradients that a backward pass of a network adds to; a coordinate gradient only where points have coordinates
     * of their own.
     */
    public static void networkGradients(
            NetworkLayout layout, int points, boolean atPoints, Tensor parameterGradient, Tensor coordinateGradient) {
        if (!(parameterGradient.count() == layout.parameterCount()))
            throw InvalidInputException.of(
                    "the gradient needs %d values, got %s", layout.parameterCount(), parameterGradient.shape());
        if (!(coordinateGradient == null || atPoints && coordinateGradient.count() == layout.axes() * points))
            throw InvalidInputException.of("the coordinate gradient needs %d values", layout.axes() * points);
    }

    /** A network's place on a pixel grid that may move. */
    public static void pixelNetwork(NetworkLayout layout, PixelGrid grid, int reach, int pictures) {
        if (layout.axes() > grid.axes() + 1)
            throw InvalidInputException.of(
                    "the network reads %d axes but the grid of %s and the time give %d",
                    layout.axes(), grid.extents(), grid.axes() + 1);
        if (!(reach == 0 || reach > 0 && pictures == 1))
            throw InvalidInputException.of(
                    "only the grid of a single picture moves, got %d pictures and a reach of %d samples",
                    pictures, reach);
    }

    /** Points that a network is evaluated at. */
    public static void points(int points) {
        if (!(points > 0)) throw InvalidInputException.of("a network needs points to be evaluated at, got %d", points);
    }

    /**
     * Samples of a grid that lie before those evaluated once it has moved.
     *
     * @param grid including all samples that it may be moved over
     * @param samples by which it moves along its first axis
     * @param points that are evaluated
     */
    public static int movedBy(PixelGrid grid, int samples, int points) {
        int slice = grid.count() / grid.extents().extent(0);
        if (!(samples >= 0 && (long) samples * slice + points <= grid.count()))
            throw InvalidInputException.of("the grid was not made to be moved by %d samples", samples);
        return samples * slice;
    }

    /** A transform of the last axes of an array. */
    public static void transformAxes(int axes, int... extents) {
        if (!(axes >= 1 && axes <= 3 && axes <= extents.length))
            throw InvalidInputException.of(
                    "1 to 3 of the array's %d axes can be transformed, got %d", extents.length, axes);
    }

    /** Arrays that a real transform was prepared for. */
    public static void realTransform(Shape shape, Tensor real, Tensor spectrum) {
        int bins = shape.count() / shape.extent(-1) * (shape.extent(-1) / 2 + 1);
        if (!(real.type() == ElementType.FLOAT32 && real.count() == shape.count()))
            throw InvalidInputException.of(
                    "the transform was prepared for real values of shape %s, got %s", shape, real.shape());
        if (!(spectrum.type() == ElementType.COMPLEX64 && spectrum.count() == bins))
            throw InvalidInputException.of(
                    "the half spectrum of %s has %d values, got %s of %s",
                    shape, bins, spectrum.type(), spectrum.shape());
    }

    /** An array that a complex transform was prepared for. */
    public static void complexTransform(Shape shape, Tensor array) {
        if (!(array.type() == ElementType.COMPLEX64 && array.count() == shape.count()))
            throw InvalidInputException.of(
                    "the transform was prepared for complex values of shape %s, got %s of %s",
                    shape, array.type(), array.shape());
    }
}
