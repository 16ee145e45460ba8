package dev.nstm.imaging;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.autodiff.LossTerm;
import dev.nstm.autodiff.NegativeMean;
import dev.nstm.autodiff.Node;
import dev.nstm.autodiff.RowsSquaredError;
import dev.nstm.autodiff.ShutteredFilterBank;
import dev.nstm.device.Device;
import dev.nstm.device.PixelGrid;
import dev.nstm.optics.Diffuser;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.HalfSpectrum;
import dev.nstm.optics.Shutter;
import dev.nstm.tensor.ElementType;
import dev.nstm.tensor.Shape;
import dev.nstm.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * A lensless camera with a rolling shutter (Antipa et al., ICCP 2019): every row of its one photograph sums up the
 * scene, seen through a diffuser, while the row is open. A shot is a window of moments; of the photograph, only those
 * rows are compared whose open moments all lie within the window.
 */
public final class LenslessSystem implements ForwardModel {
    /** Rows and columns of a scene below which a reduced one shows nothing that moves. */
    private static final int SMALLEST = 16;

    private final Diffuser diffuser;
    private final Shutter shutter;
    private final List<Grid2D> photograph;
    private final double brightness;
    private final double negativeWeight;
    private final List<Window> windows;
    private final PixelGrid samples;

    /**
     * Moments that are looked at together.
     *
     * @param moments of the shutter
     * @param open runs of rows that are open at each of them: first row and number, one after another
     * @param compared runs of rows that are open at these moments only, likewise
     */
    private record Window(int[] moments, int[][] open, int[] compared) {
        /** Of rows that are averaged by so many, those whose middle one belongs to a run. */
        Window reduced(int factor, int rows) {
            return new Window(
                    moments,
                    Arrays.stream(open).map(runs -> reduced(runs, factor, rows)).toArray(int[][]::new),
                    reduced(compared, factor, rows));
        }

        private static int[] reduced(int[] runs, int factor, int rows) {
            int[] reduced = new int[runs.length];
            int count = 0;
            for (int i = 0; i < runs.length; i += 2) {
                int first = Math.ceilDiv(runs[i] - factor / 2, factor);
                int end = Math.min(rows, Math.ceilDiv(runs[i] + runs[i + 1] - factor / 2, factor));
                if (first >= end) continue;
                reduced[count++] = first;
                reduced[count++] = end - first;
            }
            return Arrays.copyOf(reduced, count);
        }
    }

    /**
     * How moments are gathered.
     *
     * @param length moments of a window
     * @param parts pieces of neighbouring moments that a window is made of, spread evenly over the exposure: 1 as
     *     published
     */
    public record Windows(int length, int parts) {
        public Windows {
            require(
                    length >= 1 && parts >= 1 && length % parts == 0,
                    "a window of %d moments cannot be cut into %d parts of one length",
                    length,
                    parts);
        }
    }

    /**
     * @param photograph one picture per colour
     * @param brightness of the scene that is counted as 1
     * @param negativeWeight factor of mean(max(-scene, 0))
     */
    public LenslessSystem(
            Diffuser diffuser,
            Shutter shutter,
            List<Grid2D> photograph,
            double brightness,
            Windows gathering,
            double negativeWeight) {
        require(
                photograph.size() == diffuser.colours(),
                "the photograph has %d colours but the point-spread function %d",
                photograph.size(),
                diffuser.colours());
        for (Grid2D colour : photograph) {
            require(
                    colour.height() == diffuser.height() && colour.width() == diffuser.width(),
                    "the photograph is %s but the point-spread function %dx%d; they come from the same sensor",
                    colour.size(),
                    diffuser.height(),
                    diffuser.width());
        }
        require(
                shutter.rows() == diffuser.height(),
                "the shutter has %d rows but the photograph %d",
                shutter.rows(),
                diffuser.height());
        require(
                brightness > 0 && Double.isFinite(brightness),
                "the brightness of the scene must be positive, got %s; is the photograph dark?",
                brightness);
        require(negativeWeight >= 0, "the weight of negative values cannot be negative, got %s", negativeWeight);
        this.diffuser = diffuser;
        this.shutter = shutter;
        this.photograph = List.copyOf(photograph);
        this.brightness = brightness;
        this.negativeWeight = negativeWeight;
        windows = windows(shutter, gathering);
        samples = PixelGrid.of(Shape.of(diffuser.sceneHeight(), diffuser.sceneWidth()));
    }

    /** The same windows of a photograph whose pixels are averaged. */
    private LenslessSystem(LenslessSystem full, int factor) {
        diffuser = full.diffuser.downsampled(factor);
        shutter = full.shutter;
        photograph = full.photograph.stream()
                .map(colour -> colour.downsampled(factor))
                .toList();
        brightness = full.brightness;
        negativeWeight = full.negativeWeight;
        windows = full.windows.stream()
                .map(window -> window.reduced(factor, diffuser.height()))
                .toList();
        int[] origin = diffuser.sceneOrigin();
        int[] fullOrigin = full.diffuser.sceneOrigin();
        double middle = (factor - 1) / 2.0;
        samples = new PixelGrid(
                Shape.of(diffuser.sceneHeight(), diffuser.sceneWidth()),
                new double[] {factor * origin[0] + middle - fullOrigin[0], factor * origin[1] + middle - fullOrigin[1]},
                new double[] {factor, factor});
    }

    private static List<Window> windows(Shutter shutter, Windows gathering) {
        int moments = shutter.moments();
        require(
                gathering.length <= moments,
                "a window of %d moments is longer than the exposure, which has %d",
                gathering.length,
                moments);
        int piece = gathering.length / gathering.parts;
        int stretch = moments / gathering.parts;
        require(
                piece <= stretch,
                "%d parts of %d moments overlap: the exposure has %d moments",
                gathering.parts,
                piece,
                moments);
        require(
                piece >= shutter.openTimes(),
                "no row is open within a window of %d moments: rows are open for %d; take a longer window",
                piece,
                shutter.openTimes());
        int[] all = shutter.openMoments();
        List<Window> windows = new ArrayList<>();
        // A window of one piece stays within the exposure. Of several pieces, each moves on to where the next one
        // began; the last one wraps round the end.
        int starts = gathering.parts == 1 ? moments - piece + 1 : stretch + moments % gathering.parts;
        for (int start = 0; start < starts; start++) {
            int[] chosen = new int[gathering.length];
            for (int i = 0; i < chosen.length; i++) chosen[i] = (i / piece * stretch + start + i % piece) % moments;
            int[] compared = compared(shutter, chosen, all);
            if (compared.length > 0)
                windows.add(new Window(
                        chosen,
                        IntStream.of(chosen)
                                .mapToObj(moment -> open(shutter, moment))
                                .toArray(int[][]::new),
                        compared));
        }
        return List.copyOf(windows);
    }

    private static int[] open(Shutter shutter, int moment) {
        return shutter.open(moment).stream()
                .flatMapToInt(run -> IntStream.of(run.first(), run.count()))
                .toArray();
    }

    /** Runs of rows all of whose open moments are among these. */
    private static int[] compared(Shutter shutter, int[] moments, int[] all) {
        int[] counts = new int[shutter.rows()];
        for (int moment : moments)
            for (Shutter.Run run : shutter.open(moment))
                for (int row = run.first(); row < run.first() + run.count(); row++) counts[row]++;
        List<Integer> runs = new ArrayList<>();
        for (int row = 0; row < counts.length; row++) {
            if (counts[row] == 0 || counts[row] != all[row]) continue;
            int first = row;
            while (row + 1 < counts.length && counts[row + 1] > 0 && counts[row + 1] == all[row + 1]) row++;
            runs.add(first);
            runs.add(row - first + 1);
        }
        return runs.stream().mapToInt(Integer::intValue).toArray();
    }

    @Override
    public int shots() {
        return windows.size();
    }

    @Override
    public double[] moments(int shot) {
        int[] moments = windows.get(shot).moments;
        double[] times = new double[moments.length];
        for (int i = 0; i < times.length; i++) times[i] = shutter.time(moments[i]);
        return times;
    }

    @Override
    public int channels() {
        return diffuser.colours();
    }

    @Override
    public double channelUnit(int channel) {
        return brightness;
    }

    @Override
    public PixelGrid samples() {
        return samples;
    }

    /**
     * The photograph with its pixels averaged, row and column by so many; rows that are averaged count as open when the
     * middle one of them is.
     */
    @Override
    public Optional<ForwardModel> reduced(int factor) {
        if (Math.min(diffuser.sceneHeight(), diffuser.sceneWidth()) < SMALLEST * factor) return Optional.empty();
        LenslessSystem reduced = new LenslessSystem(this, factor);
        return reduced.windows.stream().allMatch(window -> window.compared.length > 0)
                ? Optional.of(reduced)
                : Optional.empty();
    }

    @Override
    public Comparison attach(Device device, Node scene, Node parameters) {
        return new LenslessComparison(device, scene);
    }

    private final class LenslessComparison implements Comparison {
        private final ShutteredFilterBank camera;
        private final RowsSquaredError error;
        private final List<LossTerm> terms;

        private LenslessComparison(Device device, Node scene) {
            int colours = diffuser.colours();
            int[] transform = diffuser.transform();
            int bins = transform[0] * (transform[1] / 2 + 1);
            Tensor filters = device.allocate(ElementType.COMPLEX64, colours, bins);
            Tensor measured = device.allocate(colours, diffuser.height(), diffuser.width());
            int pixels = diffuser.height() * diffuser.width();
            for (int colour = 0; colour < colours; colour++) {
                float[] transfer =
                        HalfSpectrum.hermitian(diffuser.transfer(colour)).values();
                for (int i = 0; i < transfer.length; i++) transfer[i] *= (float) brightness;
                device.write(filters, colour * bins, transfer);
                device.write(measured, colour * pixels, photograph.get(colour).floats());
            }
            camera = new ShutteredFilterBank(
                    device,
                    scene,
                    filters,
                    colours,
                    windows.getFirst().moments.length,
                    new ShutteredFilterBank.Geometry(
                            new int[] {diffuser.sceneHeight(), diffuser.sceneWidth()},
                            diffuser.sceneOrigin(),
                            new int[] {diffuser.height(), diffuser.width()},
                            new int[2],
                            transform));
            error = new RowsSquaredError(device, "data", camera, 1, measured);
            terms = List.of(error, new NegativeMean(device, "negative brightness", scene, negativeWeight));
        }

        @Override
        public void select(int shot) {
            Window window = windows.get(shot);
            for (int i = 0; i < window.open.length; i++) camera.open(i, window.open[i]);
            error.compare(window.compared);
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
