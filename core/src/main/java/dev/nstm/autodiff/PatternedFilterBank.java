package dev.nstm.autodiff;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.device.Device;
import dev.nstm.tensor.ElementType;
import dev.nstm.tensor.InvalidInputException;
import dev.nstm.tensor.Tensor;

/**
 * Imaging of a volume x under patterned light, band by band (periodic borders):
 *
 * <pre>
 * x' = IFFT( A FFT(x) )
 * y  = sum over orders o of w_o IFFT( H[set][o] FFT( pattern[p][o] x' ) )
 * w_o = n |m[set][o]| / sum over orders of |m[set]|
 * </pre>
 *
 * with n the number of orders and pattern 1 for order 0. A and H are half spectra of real filters. Part of the gradient
 * that order 0 sends to x can be dropped, so that the sharp bands of the higher orders dominate.
 */
public final class PatternedFilterBank extends Node {
    private final Device device;
    private final Node input;
    private final Node modulation;
    private final Tensor prefilter;
    private final Tensor filters;
    private final Tensor patterns;
    private final double heldBack;
    private final int orders;
    private final int depth;
    private final int plane;
    private final int width;
    private final int bins;
    private final Device.RealTransform transform;
    private final Tensor filtered;
    private final Tensor real;
    private final Tensor spectrum;
    private final Tensor total;
    /** {@code [order][bin]}: H FFT(pattern x'). */
    private final Tensor products;

    private final Tensor amplitudeGradient;
    private final float[] amplitudeStep;
    private final double[] weights;
    private float[] amplitudes;
    private int set;
    private int pattern;

    /**
     * @param input {@code [z, y, x]}
     * @param modulation {@code [set, order]}
     * @param prefilter A, complex {@code [z, y, x/2+1]}
     * @param filters H, complex {@code [set, order, z, y, x/2+1]}
     * @param patterns of the orders above 0, {@code [pattern, order - 1, y, x]}, the same in every plane
     * @param heldBack share of the gradient through order 0 that is dropped, 0 to 1
     */
    public PatternedFilterBank(
            Device device,
            Node input,
            Node modulation,
            Tensor prefilter,
            Tensor filters,
            Tensor patterns,
            double heldBack,
            int depth,
            int height,
            int width) {
        super(device, new int[] {depth, height, width}, input, modulation);
        require(
                input.value().count() == depth * height * width,
                "the scene of %s is not a volume of %dx%dx%d",
                input.value().shape(),
                depth,
                height,
                width);
        bins = depth * height * (width / 2 + 1);
        require(
                filters.type() == ElementType.COMPLEX64
                        && filters.shape().rank() == 5
                        && filters.count()
                                == filters.shape().extent(0) * filters.shape().extent(1) * bins,
                "transfer functions of %s do not fit a volume of %dx%dx%d",
                filters.shape(),
                depth,
                height,
                width);
        require(
                prefilter.type() == ElementType.COMPLEX64 && prefilter.count() == bins,
                "the prefilter of %s does not fit a volume of %dx%dx%d",
                prefilter.shape(),
                depth,
                height,
                width);
        orders = filters.shape().extent(1);
        plane = height * width;
        require(
                patterns.count() % ((orders - 1) * plane) == 0,
                "patterns of %s do not fit %d orders of %dx%d",
                patterns.shape(),
                orders,
                height,
                width);
        require(
                modulation.value().count() >= filters.shape().extent(0) * orders,
                "%d amplitudes are not enough for %d sets of %d orders",
                modulation.value().count(),
                filters.shape().extent(0),
                orders);
        require(
                heldBack >= 0 && heldBack <= 1,
                "the share of the gradient that is held back lies between 0 and 1, got %s",
                heldBack);
        this.device = device;
        this.input = input;
        this.modulation = modulation;
        this.prefilter = prefilter;
        this.filters = filters;
        this.patterns = patterns;
        this.heldBack = heldBack;
        this.depth = depth;
        this.width = width;
        transform = device.realTransform(3, depth, height, width);
        filtered = device.allocate(depth, height, width);
        real = device.allocate(depth, height, width);
        spectrum = device.allocate(ElementType.COMPLEX64, bins);
        total = device.allocate(ElementType.COMPLEX64, bins);
        products = device.allocate(ElementType.COMPLEX64, orders, bins);
        weights = new double[orders];
        amplitudes = device.read(modulation.value());
        amplitudeStep = new float[amplitudes.length];
        amplitudeGradient = device.allocate(amplitudes.length);
    }

    /** Chooses the set of transfer functions and the pattern. */
    public void select(int set, int pattern) {
        if (!(set >= 0 && set < filters.shape().extent(0)))
            throw InvalidInputException.of(
                    "there are %d sets of transfer functions, got index %d",
                    filters.shape().extent(0), set);
        if (!(pattern >= 0 && (long) (pattern + 1) * (orders - 1) * plane <= patterns.count()))
            throw InvalidInputException.of(
                    "there are %d patterns, got index %d", patterns.count() / plane / (orders - 1), pattern);
        this.set = set;
        this.pattern = pattern;
    }

    @Override
    protected void forward() {
        updateWeights();
        transform.forward(input.value(), spectrum);
        device.multiplyComplex(prefilter, 0, spectrum, 0, total, 0, bins, false, false);
        device.multiplyComplex(filters, set * orders * bins, total, 0, products, 0, bins, false, false);
        transform.inverse(total, filtered);
        for (int order = 1; order < orders; order++) {
            for (int z = 0; z < depth; z++)
                device.multiply(1, patterns, patternOf(order), filtered, z * plane, real, z * plane, plane, false);
            transform.forward(real, spectrum);
            device.multiplyComplex(
                    filters, (set * orders + order) * bins, spectrum, 0, products, order * bins, bins, false, false);
        }
        device.fill(total, 0);
        for (int order = 0; order < orders; order++)
            device.axpy((float) weights[order], products, order * bins, total, 0, bins);
        transform.inverse(total, value());
    }

    private int patternOf(int order) {
        return (pattern * (orders - 1) + order - 1) * plane;
    }

    private void updateWeights() {
        if (modulation.gradient() != null) amplitudes = device.read(modulation.value());
        double sum = 0;
        for (int order = 0; order < orders; order++) sum += Math.abs(amplitudes[set * orders + order]);
        for (int order = 0; order < orders; order++)
            weights[order] = orders * Math.abs(amplitudes[set * orders + order]) / sum;
    }

    @Override
    protected void backward() {
        transform.forward(gradient(), total);
        if (modulation.gradient() != null) addAmplitudeGradient();
        if (input.gradient() == null) return;
        device.fill(filtered, 0);
        for (int order = 1; order < orders; order++) {
            device.multiplyComplex(filters, (set * orders + order) * bins, total, 0, spectrum, 0, bins, true, false);
            transform.inverse(spectrum, real);
            for (int z = 0; z < depth; z++)
                device.multiply(
                        (float) weights[order],
                        patterns,
                        patternOf(order),
                        real,
                        z * plane,
                        filtered,
                        z * plane,
                        plane,
                        true);
        }
        transform.forward(filtered, spectrum);
        device.multiplyComplex(filters, set * orders * bins, total, 0, products, 0, bins, true, false);
        device.axpy((float) (weights[0] * (1 - heldBack)), products, 0, spectrum, 0, bins);
        device.multiplyComplex(prefilter, 0, spectrum, 0, total, 0, bins, true, false);
        transform.inverse(total, real);
        device.axpy(1, real, 0, input.gradient(), 0, real.count());
    }

    /**
     * By Parseval's theorem dL/dw_o = sum over frequencies of Re(conj(FFT g) product_o) / count; then the chain rule of
     * w.
     */
    private void addAmplitudeGradient() {
        double sum = 0;
        double mean = 0;
        double[] slopes = new double[orders];
        for (int order = 0; order < orders; order++) {
            slopes[order] = device.halfSpectrumDot(total, 0, products, order * bins, bins / (width / 2 + 1), width)
                    / (depth * plane);
            sum += Math.abs(amplitudes[set * orders + order]);
            mean += slopes[order] * weights[order] / orders;
        }
        for (int order = 0; order < orders; order++) {
            amplitudeStep[set * orders + order] =
                    (float) (Math.signum(amplitudes[set * orders + order]) * orders / sum * (slopes[order] - mean));
        }
        device.write(amplitudeGradient, amplitudeStep);
        for (int order = 0; order < orders; order++) amplitudeStep[set * orders + order] = 0;
        device.axpy(1, amplitudeGradient, 0, modulation.gradient(), 0, amplitudeGradient.count());
    }
}
