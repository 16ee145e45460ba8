package dev.nstm.autodiff;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.device.Device;
import dev.nstm.tensor.ElementType;
import dev.nstm.tensor.InvalidInputException;
import dev.nstm.tensor.Shape;
import dev.nstm.tensor.Tensor;
import java.util.Arrays;

/**
 * Linear shift-invariant imaging of several channels at once: picture b is the sum over channels c of channel c of
 * scene b filtered with transfer function {@code filter(b)} of that channel (periodic borders),
 *
 * <pre>y[b] = sum over c of IFFT( H[filter(b)][c] FFT(x[c][b]) ).</pre>
 *
 * Transfer functions are half spectra of real filters. Backward is correlation: conj(H) in place of H.
 */
public final class FilterBank extends Node {
    private final Device device;
    private final Node input;
    private final Tensor filters;
    private final int[] filter;
    private final int channels;
    private final int pictures;
    private final int bins;
    private final Device.RealTransform scenes;
    private final Device.RealTransform images;
    private final Tensor sceneSpectra;
    private final Tensor imageSpectra;
    private final Tensor realScratch;

    /**
     * @param input {@code [channel, picture, y, x]}; volumes {@code [channel, picture, z, y, x]}
     * @param filters complex, {@code [filter, channel, y, x/2+1]} or {@code [filter, channel, z, y, x/2+1]}
     * @param pictures number of pictures or volumes b
     * @param extents rows and columns, or planes, rows and columns
     */
    public FilterBank(Device device, Node input, Tensor filters, int channels, int pictures, int... extents) {
        super(device, joined(new int[] {pictures}, extents), input);
        Shape picture = Shape.of(extents);
        int width = extents[extents.length - 1];
        require(
                input.value().count() == channels * pictures * picture.count(),
                "the scene of %s is not %d channels of %d pictures of %s",
                input.value().shape(),
                channels,
                pictures,
                picture);
        bins = picture.count() / width * (width / 2 + 1);
        require(
                filters.type() == ElementType.COMPLEX64
                        && filters.shape().rank() == extents.length + 2
                        && filters.count() == filters.shape().extent(0) * channels * bins,
                "transfer functions of %s do not fit %d channels of %s",
                filters.shape(),
                channels,
                picture);
        this.device = device;
        this.input = input;
        this.filters = filters;
        this.channels = channels;
        this.pictures = pictures;
        filter = new int[pictures];
        int[] scene = joined(new int[] {channels * pictures}, extents);
        scenes = device.realTransform(extents.length, scene);
        images = device.realTransform(extents.length, joined(new int[] {pictures}, extents));
        sceneSpectra = device.allocate(ElementType.COMPLEX64, channels * pictures, bins);
        imageSpectra = device.allocate(ElementType.COMPLEX64, pictures, bins);
        realScratch = device.allocate(scene);
    }

    private static int[] joined(int[] first, int[] rest) {
        int[] joined = Arrays.copyOf(first, first.length + rest.length);
        System.arraycopy(rest, 0, joined, first.length, rest.length);
        return joined;
    }

    /** Chooses the transfer functions that picture b is made with. */
    public void select(int picture, int index) {
        if (!(index >= 0 && index < filters.shape().extent(0)))
            throw InvalidInputException.of(
                    "there are %d transfer functions, got index %d",
                    filters.shape().extent(0), index);
        filter[picture] = index;
    }

    @Override
    protected void forward() {
        scenes.forward(input.value(), sceneSpectra);
        for (int b = 0; b < pictures; b++) {
            for (int c = 0; c < channels; c++) {
                device.multiplyComplex(
                        filters,
                        (filter[b] * channels + c) * bins,
                        sceneSpectra,
                        (c * pictures + b) * bins,
                        imageSpectra,
                        b * bins,
                        bins,
                        false,
                        c > 0);
            }
        }
        images.inverse(imageSpectra, value());
    }

    @Override
    protected void backward() {
        if (input.gradient() == null) return;
        images.forward(gradient(), imageSpectra);
        for (int b = 0; b < pictures; b++) {
            for (int c = 0; c < channels; c++) {
                device.multiplyComplex(
                        filters,
                        (filter[b] * channels + c) * bins,
                        imageSpectra,
                        b * bins,
                        sceneSpectra,
                        (c * pictures + b) * bins,
                        bins,
                        true,
                        false);
            }
        }
        scenes.inverse(sceneSpectra, realScratch);
        device.axpy(1, realScratch, 0, input.gradient(), 0, realScratch.count());
    }
}
