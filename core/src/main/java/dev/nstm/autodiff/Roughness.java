package dev.nstm.autodiff;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.device.Device;
import dev.nstm.device.PixelGrid;
import dev.nstm.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * How much a vector field u varies in space: the sum over components i and axes k of the mean square of du_i/dx_k over
 * a picture, with differences between neighbours in place of derivatives. Or how much it varies beyond an affine one:
 * the same with the variance in place of the mean square, so that a field that shifts, turns, stretches or shears the
 * whole has none.
 */
public final class Roughness extends LossTerm {
    private final Device device;
    private final Difference[] differences;

    /**
     * Differences along one axis: neighbours {@code [outer, neighbours, inner]} of values {@code [outer, neighbours +
     * 1, inner]}.
     *
     * @param even the same value everywhere, of length 1 over a picture; null where an affine field costs
     */
    private record Difference(
            Tensor values, Tensor gradient, Tensor difference, Tensor scratch, Tensor even, double[] factors) {
        int[] size() {
            return difference.shape().extents();
        }
    }

    /**
     * @param input {@code [component][picture, sample]}
     * @param grid where the samples of a picture lie
     * @param pictures how many there are
     * @param scale per component, length in pixels for a value of 1
     * @param affineFree whether an affine field costs nothing
     */
    public Roughness(
            Device device,
            String name,
            Node input,
            double weight,
            PixelGrid grid,
            int pictures,
            double[] scale,
            boolean affineFree) {
        super(name, input, weight);
        require(
                input.value().count() == scale.length * pictures * grid.count(),
                "values of %s are not %d components of %d pictures on a grid of %s",
                input.value().shape(),
                scale.length,
                pictures,
                grid.extents());
        this.device = device;
        List<Difference> found = new ArrayList<>();
        int outer = scale.length * pictures;
        int inner = grid.count();
        for (int axis = 0; axis < grid.axes(); axis++) {
            int extent = grid.extents().extent(axis);
            inner /= extent;
            if (extent == 1) continue;
            double[] factors = new double[scale.length];
            int neighbours = pictures * grid.count() / extent * (extent - 1);
            for (int i = 0; i < scale.length; i++)
                factors[i] = Math.pow(scale[i] / grid.spacing()[axis], 2) / neighbours;
            found.add(new Difference(
                    input.value().reshape(outer, extent, inner),
                    input.gradient() == null ? null : input.gradient().reshape(outer, extent, inner),
                    device.allocate(outer, extent - 1, inner),
                    device.allocate(outer, extent - 1, inner),
                    affineFree ? even(device, neighbours / pictures) : null,
                    factors));
            outer *= extent;
        }
        differences = found.toArray(Difference[]::new);
    }

    private static Tensor even(Device device, int count) {
        Tensor even = device.allocate(count);
        device.fill(even, (float) (1 / Math.sqrt(count)));
        return even;
    }

    @Override
    protected void forward(Device.Sums sums, int index, double share) {
        for (Difference along : differences) {
            device.copyBlock(along.values, new int[] {0, 1, 0}, along.difference, new int[3], along.size(), false);
            device.copyBlock(along.values, new int[3], along.scratch, new int[3], along.size(), false);
            device.axpy(-1, along.scratch, along.difference);
            if (along.even != null) removeMeans(along);
            int count = along.difference.count() / along.factors.length;
            for (int i = 0; i < along.factors.length; i++)
                sums.addSquares(index, share * along.factors[i], along.difference, i * count, count);
        }
    }

    private void removeMeans(Difference along) {
        int ofPicture = along.even.count();
        for (int first = 0; first < along.difference.count(); first += ofPicture)
            device.removeComponents(1, along.even, 0, 1, along.difference, first, ofPicture);
    }

    @Override
    protected void backward(double share) {
        for (Difference along : differences) {
            int count = along.difference.count() / along.factors.length;
            for (int sign = 1; sign >= -1; sign -= 2) {
                device.fill(along.scratch, 0);
                for (int i = 0; i < along.factors.length; i++) {
                    device.axpy(
                            (float) (2 * sign * share * weight() * along.factors[i]),
                            along.difference,
                            i * count,
                            along.scratch,
                            i * count,
                            count);
                }
                device.copyBlock(
                        along.scratch,
                        new int[3],
                        along.gradient,
                        new int[] {0, (sign + 1) / 2, 0},
                        along.size(),
                        true);
            }
        }
    }
}
