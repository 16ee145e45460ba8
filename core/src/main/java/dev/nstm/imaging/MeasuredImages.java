package dev.nstm.imaging;

import dev.nstm.autodiff.LossTerm;
import dev.nstm.autodiff.MaskedSquaredError;
import dev.nstm.autodiff.Node;
import dev.nstm.device.Device;
import dev.nstm.tensor.Tensor;
import java.util.Arrays;

/**
 * Images that a model is compared with one after another, each with a brightness of its own: a lamp drifts and a dye
 * bleaches while they are taken. With the measured d and the model's m,
 *
 * <pre>min over e of |m - (1 + e) d|^2 + p e^2 |d|^2,</pre>
 *
 * over all pixels but a margin, is what counts of a comparison.
 */
final class MeasuredImages {
    /** What a squared change of brightness costs, in squared differences of the image. */
    private static final double PRICE = 0.03;

    private final Device device;
    private final Tensor measured;
    private final Tensor mask;
    private final Tensor target;
    private final Tensor direction;
    private final MaskedSquaredError error;
    private final double[] sizes;
    private final int compared;

    /**
     * @param image what the model makes of them, {@code [plane, row, column]}
     * @param images {@code [plane, row, column]}, or several of them one after another in each
     * @param margin rows and columns that are not compared
     */
    MeasuredImages(Device device, Node image, float[][] images, int margin) {
        this.device = device;
        int[] extents = image.value().shape().extents();
        int height = extents[extents.length - 2];
        int width = extents[extents.length - 1];
        int pixels = image.value().count();
        int planes = pixels / (height * width);
        float[] inside = ComparedPixels.inside(height, width, margin).factors(0);
        mask = device.allocate(extents);
        for (int plane = 0; plane < planes; plane++) device.write(mask, plane * inside.length, inside);
        compared = planes * (height - 2 * margin) * (width - 2 * margin);
        int parts = images[0].length / pixels;
        measured = device.allocate(images.length * parts, pixels);
        sizes = new double[images.length * parts];
        for (int n = 0; n < images.length; n++) {
            device.write(measured, n * parts * pixels, images[n]);
            for (int i = 0; i < images[n].length; i++)
                sizes[n * parts + i / pixels] += inside[i % inside.length] * images[n][i] * images[n][i];
        }
        Arrays.setAll(sizes, n -> Math.sqrt(sizes[n]));
        target = device.allocate(extents);
        direction = device.allocate(extents);
        error = new MaskedSquaredError(device, "data", image, 1, target, mask, direction, 1, PRICE);
    }

    /** Makes the model be compared with an image. */
    void select(int image) {
        int count = target.count();
        device.copy(measured, image * count, target, 0, count);
        // A dark image has no brightness to choose.
        float factor = sizes[image] > 0 ? (float) (1 / sizes[image]) : 0;
        device.multiply(factor, target, 0, mask, 0, direction, 0, count, false);
        error.select(0, compared, 0);
    }

    LossTerm error() {
        return error;
    }

    ForwardModel.Residual residual() {
        return new ForwardModel.Residual(target, error.difference());
    }
}
