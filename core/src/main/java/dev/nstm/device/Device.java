package dev.nstm.device;

import dev.nstm.tensor.ElementType;
import dev.nstm.tensor.InvalidInputException;
import dev.nstm.tensor.Tensor;

/**
 * A machine that computes: memory for tensors and the operations that training is made of. Operations check shapes and
 * ranges when called and run to completion in the order of the calls. Results are the same for any number of threads.
 * Ranges are counted in elements of the tensors concerned.
 */
public interface Device extends AutoCloseable {
    /** Short name as given to {@code --device}. */
    String name();

    /** The machine in one line, for people. */
    String description();

    /** A tensor of zeros that lives as long as the innermost {@link #scope}, or the device where there is none. */
    Tensor allocate(ElementType type, int... extents);

    /** A real tensor of zeros that lives as long. */
    default Tensor allocate(int... extents) {
        return allocate(ElementType.FLOAT32, extents);
    }

    /** Bytes of tensor and scratch memory that are taken. */
    long allocatedBytes();

    /**
     * Opens a scope: what is allocated or prepared from now on is given back when it is closed, and may not be used
     * afterwards. Scopes are closed in the order opposite to that of their opening.
     */
    Scope scope();

    /** Copies an array (complex values interleaved) into a tensor. */
    default void write(Tensor target, float[] values) {
        target.requireLength(values);
        write(target, 0, values);
    }

    /** Copies an array into the elements of a tensor from {@code first} on. */
    void write(Tensor target, int first, float[] values);

    /** Copies a tensor (complex values interleaved) into a new array. */
    float[] read(Tensor source);

    /** x = value. */
    void fill(Tensor x, float value);

    /** Sets {@code count} values of a real tensor, beginning with {@code first}. */
    void fillRange(Tensor x, int first, int count, float value);

    /** Copies {@code count} elements from x, beginning with {@code xFirst}, to y, beginning with {@code yFirst}. */
    void copy(Tensor x, int xFirst, Tensor y, int yFirst, int count);

    /** y += a x. */
    default void axpy(float a, Tensor x, Tensor y) {
        if (!x.shape().equals(y.shape()))
            throw InvalidInputException.of("axpy needs equal shapes, got %s and %s", x.shape(), y.shape());
        axpy(a, x, 0, y, 0, x.count());
    }

    /** z = a x + y on ranges. */
    void scaleAdd(float a, Tensor x, int xFirst, Tensor y, int yFirst, Tensor z, int zFirst, int count);

    /** y += a x on ranges of two tensors of one type. */
    void axpy(float a, Tensor x, int xFirst, Tensor y, int yFirst, int count);

    /** z = a x y (or z += a x y) element by element on real ranges. */
    void multiply(float a, Tensor x, int xFirst, Tensor y, int yFirst, Tensor z, int zFirst, int count, boolean add);

    /**
     * Copies a block of the last three axes of x into y, or adds it there; both are real and have no other axes longer
     * than 1.
     *
     * @param from first sample of the block in x, one per axis
     * @param to first sample of the block in y
     * @param size samples of the block
     */
    void copyBlock(Tensor x, int[] from, Tensor y, int[] to, int[] size, boolean add);

    /** y = f(x) on real ranges. */
    void apply(ElementFunction function, Tensor x, int xFirst, Tensor y, int yFirst, int count);

    /** z += f'(x) g on real ranges: the gradient that passes through {@link #apply}. */
    void addSlopeProduct(
            ElementFunction function, Tensor x, int xFirst, Tensor g, int gFirst, Tensor z, int zFirst, int count);

    /**
     * y[yFirst + i yStep] = x[xFirst + i xStep] or, with {@code add}, +=; first and step count single-precision values,
     * two for each complex element.
     */
    void copyStrided(Tensor x, int xFirst, int xStep, Tensor y, int yFirst, int yStep, int count, boolean add);

    /** z = x - y in the interior of the last two axes, zero within {@code margin} of their borders. */
    void interiorDifference(Tensor x, Tensor y, int margin, Tensor z);

    /**
     * x -= share B'B x on a range: takes away a share of what x has in common with the rows of B.
     *
     * @param basis the rows, orthonormal, {@code count} values each, one after another
     * @param basisFirst element at which the first of them begins
     * @param components how many rows are taken away; none leave x as it is
     */
    void removeComponents(float share, Tensor basis, int basisFirst, int components, Tensor x, int xFirst, int count);

    /** y = min(x, 0) on ranges. */
    void negativePart(Tensor x, int xFirst, Tensor y, int yFirst, int count);

    /** y += a where x &lt; 0, on ranges. */
    void addWhereNegative(float a, Tensor x, int xFirst, Tensor y, int yFirst, int count);

    /**
     * Sum over the full spectra of Re(conj(x) y), given both as half spectra (last axis width/2+1) of real arrays.
     *
     * @param rows rows of width/2+1 values that are summed
     */
    double halfSpectrumDot(Tensor x, int xFirst, Tensor y, int yFirst, int rows, int width);

    /** Prepares {@code count} sums, all zero. */
    Sums sums(int count);

    /**
     * z = h x (or z += h x) element by element on complex ranges; with {@code conjugate}, conj(h) takes the place of h.
     */
    void multiplyComplex(
            Tensor h,
            int hFirst,
            Tensor x,
            int xFirst,
            Tensor z,
            int zFirst,
            int count,
            boolean conjugate,
            boolean add);

    /**
     * One update of all parameters p with their gradient g (Adam, Kingma and Ba, 2015, epsilon outside the square
     * root).
     *
     * <pre>
     * m = b1 m + (1-b1) g      v = b2 v + (1-b2) g^2
     * p = p - rate (m / correction1) / (sqrt(v / correction2) + epsilon)
     * </pre>
     */
    void adam(
            Tensor parameters,
            Tensor gradient,
            Tensor firstMoment,
            Tensor secondMoment,
            float rate,
            float b1,
            float b2,
            float epsilon,
            float correction1,
            float correction2);

    /**
     * Prepares the evaluation of a network at {@code points} points with any coordinates.
     *
     * @param trained whether there will be backward passes
     */
    NetworkEvaluator network(NetworkLayout layout, int points, boolean trained);

    /**
     * Prepares the evaluation of a network at the samples of a pixel grid, which is faster than at points anywhere. The
     * coordinates of a point are its position on the grid's axes, then the time of its picture; the evaluator takes the
     * times, one per picture, in place of coordinates and has no gradient for them.
     *
     * @param reach samples by which the grid may be moved along its first axis, for a single picture; 0 for one that
     *     stays
     */
    PixelEvaluator pixelNetwork(NetworkLayout layout, PixelGrid grid, int reach, int pictures, boolean trained);

    /** Prepares real transforms over the last {@code axes} (1 to 3) axes of an array of this shape. */
    RealTransform realTransform(int axes, int... extents);

    /** Prepares complex transforms over the last {@code axes} (1 to 3) axes of an array of this shape. */
    ComplexTransform complexTransform(int axes, int... extents);

    /** Whether {@link #repeat} gains anything. */
    default boolean records() {
        return false;
    }

    /**
     * Does work that is always the same for the same key: the same operations on the same tensors with the same
     * numbers. A device that records replays the work, once it is recorded, instead of calling it again.
     */
    default void repeat(Object key, Runnable work) {
        work.run();
    }

    /** Gives back all memory; tensors of this device may not be used afterwards. */
    @Override
    void close();

    /** Memory that is given back together. */
    interface Scope extends AutoCloseable {
        @Override
        void close();
    }

    /** Numbers that are summed up on the device; nothing waits for the device until they are read. */
    interface Sums {
        /** Sets all to zero. */
        void clear();

        /** sum[index] += factor * sum of x^2 over a range. */
        void addSquares(int index, double factor, Tensor x, int first, int count);

        /** sum[index] += factor * sum of max(-x, 0) over a range. */
        void addNegatives(int index, double factor, Tensor x, int first, int count);

        /** Fills an array with the first sums; it must not be longer than there are sums. */
        void read(double[] values);
    }

    /** Evaluates a small network, whose first layer is an encoding of coordinates, at many points. */
    interface NetworkEvaluator {
        /**
         * output[c][point] = network(coordinates[.][point]).
         *
         * @param coordinates {@code [axis][point]}
         * @param parameters all parameters as {@link NetworkLayout} orders them
         * @param window factor of every encoded feature
         * @param output {@code [channel][point]}
         */
        void forward(Tensor coordinates, Tensor parameters, Tensor window, Tensor output);

        /**
         * Adds the vector-Jacobian products with {@code outputGradient} to the gradients; the other arguments must be
         * those of the last {@link #forward}.
         *
         * @param coordinateGradient laid out like the coordinates; null where it is not wanted
         */
        void backward(
                Tensor coordinates,
                Tensor parameters,
                Tensor window,
                Tensor outputGradient,
                Tensor parameterGradient,
                Tensor coordinateGradient);
    }

    /** Evaluates a network at the samples of a pixel grid. */
    interface PixelEvaluator extends NetworkEvaluator {
        /** Moves the grid so many samples along its first axis from where it was made. */
        void moveTo(int samples);
    }

    /** Discrete Fourier transform of real arrays to half spectra (last axis n/2+1) and back. */
    interface RealTransform {
        /** spectrum[k] = sum over x of real[x] exp(-2 pi i k x / n); unnormalised. */
        void forward(Tensor real, Tensor spectrum);

        /**
         * The inverse of {@link #forward}, normalised; the spectrum's contents are lost. It must be the spectrum of a
         * real array: devices treat an imaginary part differently where the spectrum of a real array has none.
         */
        void inverse(Tensor spectrum, Tensor real);
    }

    /** Discrete Fourier transform of complex arrays in place. */
    interface ComplexTransform {
        /** Unnormalised, exp(-2 pi i k x / n). */
        void forward(Tensor array);

        /** The inverse of {@link #forward}, normalised. */
        void inverse(Tensor array);
    }
}
