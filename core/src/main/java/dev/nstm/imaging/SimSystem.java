package dev.nstm.imaging;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.autodiff.Crop;
import dev.nstm.autodiff.LossTerm;
import dev.nstm.autodiff.NegativeMean;
import dev.nstm.autodiff.Node;
import dev.nstm.autodiff.PatternedFilterBank;
import dev.nstm.device.Device;
import dev.nstm.device.PixelGrid;
import dev.nstm.optics.Apodization;
import dev.nstm.optics.ComplexGrid3D;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.Grid3D;
import dev.nstm.tensor.ElementType;
import dev.nstm.tensor.Shape;
import dev.nstm.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Structured illumination (Gustafsson et al., Biophys. J. 94, 4957 (2008)) of a volume or, with one plane, a picture:
 * an image is a sum over the orders of the light pattern: the density times the pattern of the order, seen through the
 * order's transfer function. Images are counted time point by time point, direction by direction. A shot is an image,
 * taken at one time; or, where every plane has its own time, a plane of an image, which is compared with the middle
 * plane of a scene that is moved along z.
 */
public final class SimSystem implements ForwardModel {
    /** Rows and columns below which a reduced picture shows nothing that moves. */
    private static final int SMALLEST = 16;

    private final SimInstrument instrument;
    private final float[][] images;
    private final double[] times;
    private final Loss loss;
    private final int[] size;
    private final int[] padding;

    /**
     * What is minimised.
     *
     * @param margin pixels at each lateral border that are not compared
     * @param negativeWeight factor of mean(max(-density, 0))
     * @param heldBack share of the gradient through order 0 that is dropped
     */
    public record Loss(int margin, double negativeWeight, double heldBack) {
        public Loss {
            require(margin >= 0, "the margin cannot be negative, got %d", margin);
            require(negativeWeight >= 0, "the weight of negative densities cannot be negative, got %s", negativeWeight);
            require(
                    heldBack >= 0 && heldBack <= 1,
                    "the share of band 0's gradient that is held back lies between 0 and 1, got %s",
                    heldBack);
        }
    }

    /**
     * @param images {@code [time point, direction, phase]}
     * @param unit value of the images that is counted as 1
     * @param times of the images, in [-1, 1], or of all planes, image by image
     * @param padding planes, rows and columns by which the scene extends beyond the images on every side
     */
    public SimSystem(
            SimInstrument instrument, List<Grid3D> images, double unit, double[] times, Loss loss, int[] padding) {
        Grid3D first = images.getFirst();
        size = new int[] {first.depth(), first.height(), first.width()};
        require(
                padding.length == 3 && Arrays.stream(padding).allMatch(p -> p >= 0),
                "padding needs three numbers that are not negative, got %s",
                Arrays.toString(padding));
        require(
                unit > 0 && Double.isFinite(unit),
                "the unit of the images must be positive, got %s; are they dark?",
                unit);
        require(padding[0] == 0 || size[0] > 1, "a single plane cannot be padded in z");
        int perTimePoint = instrument.directions() * instrument.phases().length;
        require(
                images.size() % perTimePoint == 0,
                "there are %d images but a time point has %d directions x %d phases",
                images.size(),
                instrument.directions(),
                instrument.phases().length);
        require(
                times.length == images.size() || times.length == images.size() * size[0],
                "there are %d images of %d planes but %d times",
                images.size(),
                size[0],
                times.length);
        require(
                size[1] > 2 * loss.margin && size[2] > 2 * loss.margin,
                "a margin of %d leaves nothing of %s",
                loss.margin,
                first.size());
        this.instrument = instrument;
        this.times = times.clone();
        this.loss = loss;
        this.padding = padding.clone();
        this.images = new float[images.size()][];
        for (int n = 0; n < this.images.length; n++) {
            Grid3D image = images.get(n);
            require(
                    image.depth() == size[0] && image.height() == size[1] && image.width() == size[2],
                    "image %d is %s but the first is %s",
                    n,
                    image.size(),
                    first.size());
            this.images[n] = new float[image.values().length];
            for (int i = 0; i < image.values().length; i++) this.images[n][i] = (float) (image.values()[i] / unit);
        }
    }

    /** Whether every plane has its own time. */
    private boolean byPlane() {
        return times.length > images.length;
    }

    /** Shots of one image. */
    private int planes() {
        return times.length / images.length;
    }

    /** Volumes stand in the middle of a box twice as deep, so that what moves in from above and below has its place. */
    @Override
    public PixelGrid samples() {
        if (size[0] == 1)
            return new PixelGrid(
                    Shape.of(padded(1), padded(2)), new double[] {-padding[1], -padding[2]}, new double[] {1, 1});
        double first = byPlane() ? size[0] / 2 - middle() : size[0] / 2 - padding[0];
        return new PixelGrid(
                Shape.of(padded(0), padded(1), padded(2)),
                new double[] {first, -padding[1], -padding[2]},
                new double[] {1, 1, 1});
    }

    @Override
    public int shift(int shot) {
        return byPlane() ? shot % planes() : 0;
    }

    /** The plane of the padded volume that is compared where planes have times of their own. */
    private int middle() {
        return padded(0) / 2;
    }

    private int padded(int axis) {
        return size[axis] + 2 * padding[axis];
    }

    @Override
    public int shots() {
        return times.length;
    }

    @Override
    public boolean showsAllAtOnce() {
        return !byPlane();
    }

    @Override
    public double[] moments(int shot) {
        return new double[] {times[shot]};
    }

    @Override
    public int channels() {
        return 1;
    }

    @Override
    public double channelUnit(int channel) {
        return 1;
    }

    /**
     * The light of all phases of a direction together is even: see {@link WidefieldSystem}. Empty where it is not, and
     * where every plane has its own time.
     */
    @Override
    public Optional<ForwardModel> reduced(int factor) {
        int margin = Math.ceilDiv(loss.margin, factor);
        int smallest = Math.max(SMALLEST, 4 * margin) * factor;
        if (byPlane() || Math.min(size[1], size[2]) < smallest || !instrument.lightIsEven()) return Optional.empty();
        int steps = instrument.phases().length;
        List<Grid3D> pictures = new ArrayList<>();
        double[] means = new double[images.length / steps];
        for (int picture = 0; picture < means.length; picture++) {
            List<Grid3D> taken = new ArrayList<>();
            for (int n = picture * steps; n < (picture + 1) * steps; n++) {
                taken.add(Grid3D.of(size[0], size[1], size[2], images[n]));
                means[picture] += times[n] / steps;
            }
            pictures.add(Grid3D.mean(taken).eachPlane(plane -> plane.downsampled(factor)));
        }
        return Optional.of(new WidefieldSystem(
                instrument,
                pictures,
                means,
                steps,
                new Loss(margin, loss.negativeWeight, loss.heldBack),
                new int[] {padding[0], Math.ceilDiv(padding[1], factor), Math.ceilDiv(padding[2], factor)},
                factor));
    }

    @Override
    public float[] parameters() {
        float[] ones = new float[instrument.directions() * instrument.orders()];
        Arrays.fill(ones, 1);
        return ones;
    }

    /** @param parameters strength of every direction's orders relative to the estimate, {@code [direction, order]} */
    @Override
    public Comparison attach(Device device, Node scene, Node parameters) {
        return new SimComparison(device, scene, parameters);
    }

    /** The images that the model makes of a density, for those who want to see or test them. */
    public PatternedFilterBank imaging(Device device, Node density, Node modulation) {
        int depth = padded(0);
        int height = padded(1);
        int width = padded(2);
        int half = width / 2 + 1;
        int bins = depth * height * half;
        int directions = instrument.directions();
        int orders = instrument.orders();
        int steps = instrument.phases().length;
        Tensor prefilter = device.allocate(ElementType.COMPLEX64, depth, height, half);
        ComplexGrid3D apodization = ComplexGrid3D.ofReal(Apodization.inverse(
                depth, height, width, instrument.optics(), instrument.largestFrequency(), Apodization.FLOOR));
        device.write(prefilter, apodization.hermitianHalf(1));
        Tensor filters = device.allocate(ElementType.COMPLEX64, directions, orders, depth, height, half);
        Tensor patterns = device.allocate(directions * steps, orders - 1, height, width);
        int at = 0;
        for (int direction = 0; direction < directions; direction++) {
            for (int order = 0; order < orders; order++) {
                device.write(
                        filters,
                        (direction * orders + order) * bins,
                        instrument
                                .otfs()
                                .get(direction)
                                .expand(order, depth, height, width, instrument.optics(), 0, 0)
                                .hermitianHalf(instrument.amplitude(direction, order)));
            }
            for (int step = 0; step < steps; step++) {
                for (int order = 1; order < orders; order++) {
                    Grid2D light = instrument
                            .light(direction)
                            .cosine(
                                    order,
                                    instrument.phase(direction, step, order),
                                    height,
                                    width,
                                    instrument.optics().pixelSize());
                    device.write(patterns, at, light.floats());
                    at += light.values().length;
                }
            }
        }
        return new PatternedFilterBank(
                device, density, modulation, prefilter, filters, patterns, loss.heldBack, depth, height, width);
    }

    private final class SimComparison implements Comparison {
        private final PatternedFilterBank imaging;
        private final MeasuredImages measured;
        private final List<LossTerm> terms;

        private SimComparison(Device device, Node density, Node modulation) {
            imaging = imaging(device, density, modulation);
            int[] compared = {byPlane() ? 1 : size[0], size[1], size[2]};
            Node image = new Crop(
                    device, imaging, new int[] {byPlane() ? middle() : padding[0], padding[1], padding[2]}, compared);
            measured = new MeasuredImages(device, image, images, loss.margin);
            terms = List.of(
                    measured.error(), new NegativeMean(device, "negative density", density, loss.negativeWeight));
        }

        @Override
        public void select(int shot) {
            int steps = instrument.phases().length;
            int pattern = shot / planes() % (instrument.directions() * steps);
            imaging.select(pattern / steps, pattern);
            measured.select(shot);
        }

        @Override
        public OptionalInt variant() {
            return OptionalInt.of(0);
        }

        @Override
        public List<LossTerm> terms() {
            return terms;
        }

        @Override
        public Optional<Residual> residual() {
            return Optional.of(measured.residual());
        }
    }
}
