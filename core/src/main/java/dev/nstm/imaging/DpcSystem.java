package dev.nstm.imaging;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.autodiff.FilterBank;
import dev.nstm.autodiff.LossTerm;
import dev.nstm.autodiff.MaskedSquaredError;
import dev.nstm.autodiff.MeanSquare;
import dev.nstm.autodiff.NegativeMeanSquare;
import dev.nstm.autodiff.Node;
import dev.nstm.device.Device;
import dev.nstm.device.PixelGrid;
import dev.nstm.optics.ComplexGrid;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.HalfSpectrum;
import dev.nstm.optics.Microscope;
import dev.nstm.optics.Oversampling;
import dev.nstm.optics.Pupils;
import dev.nstm.optics.WeakObjectTransfer;
import dev.nstm.optics.WeakObjectUnits;
import dev.nstm.tensor.ElementType;
import dev.nstm.tensor.Shape;
import dev.nstm.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/**
 * Differential phase contrast: pictures of a weak object under differently shaped light. Channel 0 of the scene is the
 * absorption, channel 1 the phase (see {@link WeakObjectTransfer} for their units and signs); a picture is the relative
 * deviation from the background, I = Re IFFT(Hu FFT(absorption) + Hp FFT(phase)).
 */
public final class DpcSystem implements ForwardModel {
    /** Scene channel of the absorption. */
    public static final int ABSORPTION = 0;
    /** Scene channel of the phase. */
    public static final int PHASE = 1;
    /** Pictures are not reduced below this many rows or columns. */
    private static final int SMALLEST = 16;

    /** Whitened views of all shots where there is whitening, then the plain ones. */
    private final List<View> views;

    /** Of the whitened views; empty where there are none. */
    private final Optional<PhaseWhitening> whitening;

    private final ComparedPixels compared;
    private final boolean unevenLight;
    private final WeakObjectUnits units;
    private final int shots;
    private final double[] times;
    private final Loss loss;
    private final int height;
    private final int width;
    private final PixelGrid samples;

    /**
     * What a shot is compared with, in single precision.
     *
     * @param picture row after row
     * @param absorption its transfer function
     * @param phase its transfer function
     */
    private record View(float[] picture, HalfSpectrum absorption, HalfSpectrum phase) {
        /** @param transfer for the scene's channels as they are counted */
        static View of(Grid2D picture, WeakObjectTransfer transfer) {
            return new View(
                    picture.floats(),
                    HalfSpectrum.hermitian(transfer.absorption()),
                    HalfSpectrum.hermitian(transfer.phase()));
        }

        View reduced(int height, int width, int newHeight, int newWidth) {
            Grid2D full = Grid2D.of(height, width, picture);
            return new View(
                    Oversampling.undone(full, newHeight, newWidth).floats(),
                    absorption.lowFrequencies(newHeight, newWidth),
                    phase.lowFrequencies(newHeight, newWidth));
        }
    }

    /**
     * What is minimised.
     *
     * @param margin pixels at each border that are not compared
     * @param absorptionWeight factor of mean(max(-absorption, 0)^2), with the absorption as the scene counts it
     * @param phaseWeight factor of mean(phase^2), phase in radians
     * @param whiteningFloor see {@link PhaseWhitening}
     * @param whitenedFrom share of the training after which whitened pictures are compared instead of plain ones: plain
     *     pictures show the motion most sharply, whitened ones the slowly varying phase; 0 throughout, 1 never
     */
    public record Loss(
            int margin, double absorptionWeight, double phaseWeight, double whiteningFloor, double whitenedFrom) {
        public Loss {
            require(
                    whitenedFrom >= 0 && whitenedFrom <= 1,
                    "the share of the training before whitening lies between 0 and 1, got %s",
                    whitenedFrom);
            require(whiteningFloor > 0, "the whitening floor must be positive, got %s", whiteningFloor);
            require(margin >= 0, "the margin cannot be negative, got %d", margin);
            require(
                    absorptionWeight >= 0 && phaseWeight >= 0,
                    "regularisation weights cannot be negative, got %s and %s",
                    absorptionWeight,
                    phaseWeight);
        }

        /** Of pictures that are this many times as large along each axis. */
        Loss reduced(double factor) {
            return new Loss(
                    (int) Math.ceil(margin / factor), absorptionWeight, phaseWeight, whiteningFloor, whitenedFrom);
        }

        Loss plain() {
            return new Loss(margin, absorptionWeight, phaseWeight, whiteningFloor, 1);
        }
    }

    /**
     * A scene whose phase is counted in the unit in which it is as visible as the absorption.
     *
     * @param images one per shot, relative deviation from the background
     * @param transfers transfer functions of the light of each shot
     * @param times of the shots, in [-1, 1]
     */
    public DpcSystem(List<Grid2D> images, List<WeakObjectTransfer> transfers, double[] times, Loss loss) {
        this(images, transfers, times, loss, new WeakObjectUnits(1, PhaseWhitening.phaseUnit(transfers)));
    }

    /** @param units in which the scene's channels are counted */
    public DpcSystem(
            List<Grid2D> images, List<WeakObjectTransfer> transfers, double[] times, Loss loss, WeakObjectUnits units) {
        require(!images.isEmpty(), "no shots were given");
        require(times.length >= images.size(), "there are %d shots but only %d times", images.size(), times.length);
        require(
                transfers.size() == images.size(),
                "there are %d shots but %d source patterns",
                images.size(),
                transfers.size());
        height = images.getFirst().height();
        width = images.getFirst().width();
        require(
                height > 1 && width > 1,
                "the shots are %s; pictures are needed",
                images.getFirst().size());
        compared = ComparedPixels.inside(height, width, loss.margin);
        unevenLight = false;
        for (int shot = 0; shot < images.size(); shot++) {
            Grid2D image = images.get(shot);
            require(
                    image.height() == height && image.width() == width,
                    "shot %d is %s but shot 1 is %dx%d; all shots must have one size",
                    shot + 1,
                    image.size(),
                    height,
                    width);
            require(
                    transfers.get(shot).phase().height() == height
                            && transfers.get(shot).phase().width() == width,
                    "the pictures are %dx%d but the transfer functions of shot %d are %dx%d",
                    height,
                    width,
                    shot + 1,
                    transfers.get(shot).phase().height(),
                    transfers.get(shot).phase().width());
        }
        this.loss = loss;
        this.units = units;
        shots = images.size();
        List<View> all = new ArrayList<>();
        whitening = whitens() ? Optional.of(PhaseWhitening.of(transfers, loss.whiteningFloor)) : Optional.empty();
        whitening.ifPresent(filter -> {
            for (int shot = 0; shot < shots; shot++)
                all.add(View.of(
                        filter.filter(images.get(shot)),
                        filter.filter(transfers.get(shot)).counted(units)));
        });
        for (int shot = 0; shot < shots; shot++)
            all.add(View.of(images.get(shot), transfers.get(shot).counted(units)));
        views = List.copyOf(all);
        this.times = times.clone();
        samples = PixelGrid.of(Shape.of(height, width));
    }

    /** The pictures of a system reduced to another size. */
    private DpcSystem(DpcSystem full, int height, int width) {
        this.height = height;
        this.width = width;
        shots = full.shots;
        times = full.times;
        units = full.units;
        views = full.views.stream()
                .map(view -> view.reduced(full.height, full.width, height, width))
                .toList();
        double[] spacing = {(double) full.height / height, (double) full.width / width};
        samples = new PixelGrid(Shape.of(height, width), new double[2], spacing);
        whitening = full.whitening.map(filter -> filter.reduced(height, width));
        loss = full.loss.reduced(Math.min(spacing[0], spacing[1]));
        compared = full.compared.reduced(height, width, loss.margin, full.loss.margin);
        unevenLight = full.unevenLight;
    }

    /** The same measurement compared in another way. */
    private DpcSystem(DpcSystem other, Loss loss, ComparedPixels compared, boolean unevenLight) {
        height = other.height;
        width = other.width;
        shots = other.shots;
        times = other.times;
        units = other.units;
        samples = other.samples;
        this.loss = loss;
        this.compared = compared;
        this.unevenLight = unevenLight;
        whitening = whitens() ? other.whitening : Optional.empty();
        views = whitens() ? other.views : other.views.subList(other.views.size() - shots, other.views.size());
    }

    /** The same measurement, every shot of which may have a smooth light of its own (see {@link SmoothLight}). */
    public DpcSystem inUnevenLight() {
        return new DpcSystem(this, loss, compared, true);
    }

    /**
     * The same measurement, of which some pixels are not compared.
     *
     * @param left per shot, row after row, true where a pixel is left out
     */
    public DpcSystem without(List<boolean[]> left) {
        require(
                left.size() == shots && left.stream().allMatch(mask -> mask.length == height * width),
                "pixels to leave out are needed for each of %d shots of %dx%d",
                shots,
                height,
                width);
        return new DpcSystem(this, loss, compared.without(left), unevenLight);
    }

    private boolean whitens() {
        return loss.whitenedFrom < 1;
    }

    /** Transfer functions for source patterns on the grid of the pictures. */
    public static List<WeakObjectTransfer> transfers(List<Grid2D> sources, Microscope microscope) {
        int height = sources.getFirst().height();
        int width = sources.getFirst().width();
        if (microscope.defocus() == 0) {
            Grid2D pupil = Pupils.circular(microscope, height, width);
            return sources.stream()
                    .map(source -> WeakObjectTransfer.of(source, pupil))
                    .toList();
        }
        ComplexGrid pupil = Pupils.defocused(microscope, height, width);
        return sources.stream()
                .map(source -> WeakObjectTransfer.of(source, pupil))
                .toList();
    }

    @Override
    public int shots() {
        return shots;
    }

    @Override
    public boolean showsAllAtOnce() {
        return true;
    }

    @Override
    public double[] moments(int shot) {
        return new double[] {times[shot]};
    }

    @Override
    public int channels() {
        return 2;
    }

    @Override
    public double channelUnit(int channel) {
        return channel == PHASE ? units.phase() : units.absorption();
    }

    @Override
    public PixelGrid samples() {
        return samples;
    }

    /** Pictures and transfer functions cut to their low frequencies; empty where hardly anything would be left. */
    @Override
    public Optional<ForwardModel> reduced(int factor) {
        int newHeight = Math.round((float) height / factor);
        int newWidth = Math.round((float) width / factor);
        if (Math.min(newHeight, newWidth) < Math.max(SMALLEST, 4 * loss.margin / factor)) return Optional.empty();
        return Optional.of(new DpcSystem(this, newHeight, newWidth));
    }

    @Override
    public ForwardModel plain() {
        return new DpcSystem(this, loss.plain(), compared, unevenLight);
    }

    /** What is held out is judged by plain pictures. */
    @Override
    public Optional<Split> split(double share, long seed) {
        ComparedPixels.Split pixels = compared.split(shots, share, seed);
        return Optional.of(new Split(
                new DpcSystem(this, loss, pixels.learned(), unevenLight),
                new DpcSystem(this, loss.plain(), pixels.heldOut(), unevenLight)));
    }

    @Override
    public Comparison attach(Device device, Node scene, Node parameters) {
        return new DpcComparison(device, scene);
    }

    private final class DpcComparison implements Comparison {
        private final Device device;
        private final FilterBank filter;
        private final Tensor measured;
        private final Tensor target;
        private final MaskedSquaredError error;
        private final int[] comparedPixels = compared.counts();
        private final List<LossTerm> terms;
        private boolean plain;

        private DpcComparison(Device device, Node scene) {
            this.device = device;
            Tensor filters = device.allocate(ElementType.COMPLEX64, views.size(), 2, height, width / 2 + 1);
            measured = device.allocate(views.size(), height, width);
            int bins = height * (width / 2 + 1);
            for (int view = 0; view < views.size(); view++) {
                device.write(
                        filters, 2 * view * bins, views.get(view).absorption.values());
                device.write(
                        filters, (2 * view + 1) * bins, views.get(view).phase.values());
                device.write(measured, view * height * width, views.get(view).picture);
            }
            target = device.allocate(1, height, width);
            filter = new FilterBank(device, scene, filters, 2, 1, height, width);
            int pixels = height * width;
            error = new MaskedSquaredError(
                    device, "data", filter, 1, target, masks(), light(), SmoothLight.FIELDS, SmoothLight.PRICE);
            terms = List.of(
                    error,
                    new NegativeMeanSquare(
                            device, "negative absorption", scene, loss.absorptionWeight, ABSORPTION * pixels, pixels),
                    new MeanSquare(
                            device,
                            "phase size",
                            scene,
                            loss.phaseWeight * units.phase() * units.phase(),
                            PHASE * pixels,
                            pixels));
        }

        private Tensor masks() {
            Tensor masks = device.allocate(comparedPixels.length, height, width);
            for (int i = 0; i < comparedPixels.length; i++)
                device.write(masks, i * height * width, compared.factors(i));
            return masks;
        }

        /** Fields of light, those of whitened views first; null for even light. */
        private Tensor light() {
            if (!unevenLight) return null;
            List<float[][]> fields = new ArrayList<>();
            whitening.ifPresent(filter -> fields.addAll(SmoothLight.fields(compared, filter::filter)));
            fields.addAll(SmoothLight.fields(compared, UnaryOperator.identity()));
            Tensor tensor = device.allocate(fields.size() * SmoothLight.FIELDS, height, width);
            int first = 0;
            for (float[][] ofMask : fields) {
                for (float[] field : ofMask) {
                    device.write(tensor, first, field);
                    first += field.length;
                }
            }
            return tensor;
        }

        @Override
        public void select(int shot) {
            boolean plainBesideWhitened = plain && whitens();
            int variant = plainBesideWhitened ? shots + shot : shot;
            filter.select(0, variant);
            int mask = compared.index(shot);
            int masksBefore = plainBesideWhitened ? comparedPixels.length : 0;
            error.select(mask, comparedPixels[mask], (masksBefore + mask) * SmoothLight.FIELDS);
            device.copy(measured, variant * target.count(), target, 0, target.count());
        }

        @Override
        public void progress(double done) {
            plain = done < loss.whitenedFrom;
        }

        @Override
        public OptionalInt variant() {
            return OptionalInt.of(plain ? 1 : 0);
        }

        @Override
        public List<LossTerm> terms() {
            return terms;
        }

        @Override
        public Optional<Residual> residual() {
            return Optional.of(new Residual(target, error.difference()));
        }
    }
}
