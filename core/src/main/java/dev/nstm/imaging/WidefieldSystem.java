package dev.nstm.imaging;

import dev.nstm.autodiff.Crop;
import dev.nstm.autodiff.FilterBank;
import dev.nstm.autodiff.LossTerm;
import dev.nstm.autodiff.NegativeMean;
import dev.nstm.autodiff.Node;
import dev.nstm.device.Device;
import dev.nstm.device.PixelGrid;
import dev.nstm.optics.Apodization;
import dev.nstm.optics.ComplexGrid3D;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.Grid3D;
import dev.nstm.optics.VolumeOptics;
import dev.nstm.tensor.ElementType;
import dev.nstm.tensor.Shape;
import dev.nstm.tensor.Tensor;
import java.util.List;
import java.util.OptionalInt;

/**
 * What structured illumination shows at a glance, for the early part of a training: the mean of a direction's images,
 * in which the light is even, with its pixels averaged. Patterned images cannot be reduced, for their patterns are as
 * fine as the pixels allow. Shots are those of the patterned images; those of one direction and time point see the same
 * picture, at their mean time.
 */
final class WidefieldSystem implements ForwardModel {
    private final SimInstrument instrument;
    private final List<Grid3D> pictures;
    private final double[] times;
    private final int perPicture;
    private final SimSystem.Loss loss;
    private final int[] padding;
    private final int factor;
    private final int[] size;

    /**
     * @param instrument at full size
     * @param pictures of every direction, time point by time point, with averaged pixels
     * @param times of the pictures
     * @param perPicture shots of a picture
     * @param loss what is minimised, its margin in pixels of these pictures
     * @param padding planes, and averaged rows and columns, by which the scene extends beyond the pictures
     * @param factor rows and columns that are averaged
     */
    WidefieldSystem(
            SimInstrument instrument,
            List<Grid3D> pictures,
            double[] times,
            int perPicture,
            SimSystem.Loss loss,
            int[] padding,
            int factor) {
        this.instrument = instrument;
        this.pictures = pictures;
        this.times = times;
        this.perPicture = perPicture;
        this.loss = loss;
        this.padding = padding;
        this.factor = factor;
        Grid3D first = pictures.getFirst();
        size = new int[] {first.depth(), first.height(), first.width()};
    }

    private int padded(int axis) {
        return size[axis] + 2 * padding[axis];
    }

    @Override
    public int shots() {
        return pictures.size() * perPicture;
    }

    @Override
    public boolean showsAllAtOnce() {
        return true;
    }

    @Override
    public double[] moments(int shot) {
        return new double[] {times[shot / perPicture]};
    }

    @Override
    public int channels() {
        return 1;
    }

    @Override
    public double channelUnit(int channel) {
        return 1;
    }

    /** In pixels of the patterned images; volumes stand where they do there. */
    @Override
    public PixelGrid samples() {
        double middle = (factor - 1) / 2.0;
        double row = middle - factor * padding[1];
        double column = middle - factor * padding[2];
        if (size[0] == 1)
            return new PixelGrid(
                    Shape.of(padded(1), padded(2)), new double[] {row, column}, new double[] {factor, factor});
        return new PixelGrid(
                Shape.of(padded(0), padded(1), padded(2)),
                new double[] {size[0] / 2 - padding[0], row, column},
                new double[] {1, factor, factor});
    }

    @Override
    public Comparison attach(Device device, Node scene, Node parameters) {
        return new WidefieldComparison(device, scene);
    }

    /** Transfer function of band 0, of the averaging of pixels and of the scene's apodization, taken back. */
    private ComplexGrid3D transfer(int direction) {
        int depth = padded(0);
        int height = padded(1);
        int width = padded(2);
        VolumeOptics optics = instrument.optics().oversampled(1.0 / factor);
        ComplexGrid3D transfer = instrument.otfs().get(direction).expand(0, depth, height, width, optics, 0, 0);
        Grid3D apodization =
                Apodization.inverse(depth, height, width, optics, instrument.largestFrequency(), Apodization.FLOOR);
        for (int i = 0; i < transfer.re().length; i++) {
            double weight = apodization.values()[i]
                    * averaging(Grid2D.frequency(i / width % height, height, 1))
                    * averaging(Grid2D.frequency(i % width, width, 1));
            transfer.re()[i] *= weight;
            transfer.im()[i] *= weight;
        }
        return transfer;
    }

    /** @param frequency in cycles per averaged pixel */
    private double averaging(double frequency) {
        double angle = Math.PI * frequency;
        return angle == 0 ? 1 : Math.sin(angle) / (factor * Math.sin(angle / factor));
    }

    private final class WidefieldComparison implements Comparison {
        private final FilterBank imaging;
        private final MeasuredImages measured;
        private final List<LossTerm> terms;

        private WidefieldComparison(Device device, Node density) {
            int depth = padded(0);
            int height = padded(1);
            int width = padded(2);
            int bins = depth * height * (width / 2 + 1);
            Tensor filters =
                    device.allocate(ElementType.COMPLEX64, instrument.directions(), 1, depth, height, width / 2 + 1);
            for (int direction = 0; direction < instrument.directions(); direction++)
                device.write(
                        filters,
                        direction * bins,
                        transfer(direction).hermitianHalf(instrument.amplitude(direction, 0)));
            imaging = new FilterBank(device, density, filters, 1, 1, depth, height, width);
            measured = new MeasuredImages(
                    device,
                    new Crop(device, imaging, padding, size),
                    pictures.stream().map(Grid3D::floats).toArray(float[][]::new),
                    loss.margin());
            terms = List.of(
                    measured.error(), new NegativeMean(device, "negative density", density, loss.negativeWeight()));
        }

        @Override
        public void select(int shot) {
            int picture = shot / perPicture;
            imaging.select(0, picture % instrument.directions());
            measured.select(picture);
        }

        @Override
        public OptionalInt variant() {
            return OptionalInt.of(0);
        }

        @Override
        public List<LossTerm> terms() {
            return terms;
        }
    }
}
