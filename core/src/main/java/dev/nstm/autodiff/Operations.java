package dev.nstm.autodiff;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.device.Device;
import dev.nstm.device.ElementFunction;
import dev.nstm.tensor.ElementType;
import dev.nstm.tensor.Sizes;
import dev.nstm.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * Differentiable operations for writing your own forward models: every method returns a node that carries its gradient
 * back to its inputs by itself. Volumes and pictures are {@code [z, y, x]} with z = 1 for pictures; complex values have
 * their own type.
 */
public final class Operations {
    private final Device device;

    public Operations(Device device) {
        this.device = device;
    }

    /** A constant with these values. */
    public Leaf constant(float[] values, int... extents) {
        Tensor tensor = device.allocate(extents);
        device.write(tensor, values);
        return Leaf.constant(tensor);
    }

    /** The elements from {@code first} on as an array of this shape, such as one channel at one moment. */
    public Node slice(Node input, int first, int... extents) {
        return new Slice(device, input, first, extents);
    }

    /** weights[0] inputs[0] + weights[1] inputs[1] + ...; inputs of one shape and type. */
    public Node sum(List<Node> inputs, double... weights) {
        double[] all = weights.length == 0 ? new double[inputs.size()] : weights.clone();
        if (weights.length == 0) Arrays.fill(all, 1);
        return new WeightedSum(device, inputs, all);
    }

    /** a b, element by element; real. One of them may be a constant, such as a mask. */
    public Node product(Node a, Node b) {
        return new Product(device, a, b);
    }

    /** h x, element by element; complex. The filter is a constant. */
    public Node filter(Tensor h, Node x) {
        return new ComplexProduct(device, h, x);
    }

    /** A function of every element. */
    public Node function(ElementFunction function, Node input) {
        return new Elementwise(device, function, input);
    }

    /** re + i im; a part that is null is zero. */
    public Node complex(Node re, Node im) {
        return new JoinedParts(device, re, im);
    }

    /** |x|^2 of complex values. */
    public Node squaredModulus(Node x) {
        return new SquaredModulus(device, x);
    }

    /**
     * Discrete Fourier transform of complex values over the last {@code axes} axes: unnormalised, exp(-2 pi i k x / n).
     */
    public Node fourier(Node x, int axes) {
        return new FourierTransform(device, x, axes, false);
    }

    /** The inverse of {@link #fourier}, normalised. */
    public Node inverseFourier(Node x, int axes) {
        return new FourierTransform(device, x, axes, true);
    }

    /** A block {@code [z, y, x]} cut out of a volume. */
    public Node crop(Node input, int[] first, int[] size) {
        return new Crop(device, input, first, size);
    }

    /** A volume of zeros with the input as a block in it. */
    public Node pad(Node input, int[] first, int[] size) {
        return new Pad(device, input, first, size);
    }

    /**
     * A linear operator that is given by itself and its adjoint.
     *
     * @param name of the operator, for the message where the adjoint is wrong
     * @param extents shape of the result
     */
    public Node linear(String name, LinearMap map, Node input, int... extents) {
        return new LinearNode(device, name, map, input, extents);
    }

    /** Mean of (input - target)^2 over all elements but those within a margin of the borders of the last two axes. */
    public LossTerm squaredError(String name, Node input, Tensor target, int margin, double weight) {
        return new InteriorSquaredError(device, name, input, weight, target, margin);
    }

    /** Mean of max(-input, 0): holds values from becoming negative. */
    public LossTerm negative(String name, Node input, double weight) {
        return new NegativeMean(device, name, input, weight);
    }

    /** A complex constant from its real and imaginary parts, for {@link #filter}. */
    public Tensor complexConstant(float[] re, float[] im, int... extents) {
        require(re.length == im.length, "%d real and %d imaginary parts do not belong together", re.length, im.length);
        float[] values = new float[Sizes.product("complex values", 2, re.length)];
        for (int i = 0; i < re.length; i++) {
            values[2 * i] = re[i];
            values[2 * i + 1] = im[i];
        }
        Tensor tensor = device.allocate(ElementType.COMPLEX64, extents);
        device.write(tensor, values);
        return tensor;
    }
}
