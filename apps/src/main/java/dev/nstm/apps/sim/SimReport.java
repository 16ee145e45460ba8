package dev.nstm.apps.sim;

import dev.nstm.apps.config.Keys;
import dev.nstm.apps.instrument.Comparison;
import dev.nstm.apps.instrument.Remainder;
import dev.nstm.apps.instrument.Uncertainty;
import dev.nstm.apps.movie.Movie;
import dev.nstm.apps.movie.Output;
import dev.nstm.apps.movie.ReportOutput;
import dev.nstm.apps.report.ReportPage;
import dev.nstm.apps.report.Shades;
import dev.nstm.apps.report.View;
import dev.nstm.optics.ComplexGrid3D;
import dev.nstm.optics.Fourier;
import dev.nstm.optics.Grid3D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The report of a structured-illumination reconstruction: projections and planes over time beside the conventional
 * images.
 */
final class SimReport {
    private static final double DECADES = 5;

    private SimReport() {}

    /**
     * For a movie at the time of the images of {@link #order}.
     *
     * @param wiener conventional reconstruction of each time point
     * @param widefield image of each time point
     * @param truth at the time of every image
     */
    static Output of(
            SimRun run,
            int[] order,
            List<Grid3D> wiener,
            List<Grid3D> widefield,
            Optional<Movie> truth,
            Optional<Comparison> compared,
            Optional<Uncertainty> uncertainty,
            Remainder remainder,
            double[] losses) {
        return new ReportOutput(
                summary(run, losses),
                run.configuration().toYaml(),
                run.measurement().imageTimes(),
                losses,
                compared.map(Comparison::table),
                ReportPage.LEAST_MOTION * run.measurement().zoom(),
                (page, movie) -> {
                    Grid3D size = run.images().getFirst();
                    if (size.depth() > 1) page.planes(planeNames(run, size));
                    page.margin(run.configuration().get(Keys.LOSS_MARGIN));
                    uncertainty.ifPresent(known -> page.motionUncertainty(middle(known.motions(), size)));
                    addViews(page, run, order, movie, wiener, widefield, truth, compared);
                    uncertainty.ifPresent(known -> page.view(view(
                            "Uncertainty of the model (one deviation)",
                            View.Role.MEASURED,
                            Arrays.stream(order)
                                    .mapToObj(i -> known.scenes()[i][0])
                                    .toList(),
                            size)));
                    addRaw(page, run, size);
                    remainder.show(page, run.advice(), "of the brightest");
                    addSpectra(
                            page,
                            run,
                            size,
                            List.of(
                                    widefield.getFirst().floats(),
                                    wiener.getFirst().floats(),
                                    movie.scene(0, 0)));
                });
    }

    /** The middle planes. */
    private static float[][] middle(float[][] volumes, Grid3D size) {
        int plane = size.height() * size.width();
        int first = size.depth() / 2 * plane;
        return Arrays.stream(volumes)
                .map(volume -> Arrays.copyOfRange(volume, first, first + plane))
                .toArray(float[][]::new);
    }

    private static void addViews(
            ReportPage page,
            SimRun run,
            int[] order,
            Movie movie,
            List<Grid3D> wiener,
            List<Grid3D> widefield,
            Optional<Movie> truth,
            Optional<Comparison> compared) {
        List<Grid3D> images = run.images();
        Grid3D size = images.getFirst();
        ShotOrder shots = run.measurement().order();
        page.view(view("Conventional (Wiener)", View.Role.CONVENTIONAL, still(wiener, order, shots), size)
                .ratedShots(compared.flatMap(Comparison::conventional).map(evaluation -> evaluation.psnr(0))));
        page.view(view("Space-time model", View.Role.MODEL, movie.channel(0), size)
                .withMotion()
                .ratedShots(compared.map(both -> both.model().psnr(0))));
        truth.ifPresent(seen -> page.view(view(
                "Truth, as sharp as the bands allow",
                View.Role.TRUTH,
                seen.only(order).channel(0),
                size)));
        page.view(view(
                "Raw image at the time",
                View.Role.MEASURED,
                Arrays.stream(order).mapToObj(i -> images.get(i).floats()).toList(),
                size));
        page.view(view("Widefield (mean of all images)", View.Role.MEASURED, still(widefield, order, shots), size));
    }

    /** One volume where there is one time point, else that of the time point for every time shown. */
    private static List<float[]> still(List<Grid3D> volumes, int[] order, ShotOrder shots) {
        if (volumes.size() == 1) return List.of(volumes.getFirst().floats());
        return Arrays.stream(order)
                .mapToObj(i -> volumes.get(shots.timePoint(i)).floats())
                .toList();
    }

    private static View view(String title, View.Role role, List<float[]> volumes, Grid3D size) {
        // A density below zero is an artefact and is shown black.
        Shades shades = Shades.of(volumes).fromBlack();
        return new View(
                "density",
                role,
                title,
                "",
                "grey",
                volumes.stream()
                        .flatMap(volume -> frames(volume, size, shades).stream())
                        .toList(),
                shades);
    }

    /** Images by time; fewer where they would make the page too large. */
    static int[] order(SimRun run) {
        Grid3D size = run.images().getFirst();
        double[] times = run.measurement().imageTimes();
        // Beside the planes there are two projections.
        int step = ReportOutput.step(times.length, (size.depth() + 2.0) * size.height() * size.width());
        int[] order = IntStream.range(0, times.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> times[i]))
                .mapToInt(i -> i)
                .toArray();
        return IntStream.iterate(0, i -> i < order.length, i -> i + step)
                .map(i -> order[i])
                .toArray();
    }

    private static String summary(SimRun run, double[] losses) {
        Grid3D size = run.images().getFirst();
        return String.format(
                Locale.ROOT,
                "Structured illumination, %d directions of %d phases, %s voxels of %s \u00d7 %s \u00d7 %s \u00b5m, emission %s \u00b5m, NA %s. %s. "
                        + "The conventional images take the specimen for unmoving; the model shows it at the chosen time.",
                run.instrument().directions(),
                run.measurement().phases().length,
                size.size().replace('x', '\u00d7'),
                length(run.instrument().optics().zStep()),
                length(run.instrument().optics().pixelSize()),
                length(run.instrument().optics().pixelSize()),
                run.instrument().optics().wavelength(),
                run.instrument().optics().numericalAperture(),
                run.progress(losses));
    }

    /** Three digits at most, without trailing zeros. */
    private static String length(double micrometres) {
        return Double.toString(Math.rint(micrometres * 1000) / 1000);
    }

    private static List<String> planeNames(SimRun run, Grid3D size) {
        List<String> names = new ArrayList<>(List.of("maximum projection", "depth-coloured projection"));
        for (int z = 0; z < size.depth(); z++)
            names.add(String.format(
                    Locale.ROOT,
                    "%d (%.3g \u00b5m)",
                    z + 1,
                    z * run.instrument().optics().zStep()));
        return names;
    }

    /**
     * Maximum projection, the same coloured by plane (16 hues of 16 brightnesses), then all planes; one picture where
     * there is one plane.
     */
    private static List<byte[]> frames(float[] volume, Grid3D size, Shades shades) {
        if (size.depth() == 1) return List.of(shades.bytes(volume));
        int pixels = size.height() * size.width();
        float[] brightest = Arrays.copyOf(volume, pixels);
        int[] plane = new int[pixels];
        List<byte[]> frames = new ArrayList<>();
        for (int z = 0; z < size.depth(); z++) {
            for (int i = 0; i < pixels; i++) {
                if (volume[z * pixels + i] <= brightest[i]) continue;
                brightest[i] = volume[z * pixels + i];
                plane[i] = z;
            }
            frames.add(shades.bytes(Arrays.copyOfRange(volume, z * pixels, (z + 1) * pixels)));
        }
        byte[] projection = shades.bytes(brightest);
        byte[] coloured = new byte[pixels];
        for (int i = 0; i < pixels; i++)
            coloured[i] = (byte) (15 * plane[i] / (size.depth() - 1) << 4 | Byte.toUnsignedInt(projection[i]) >> 4);
        frames.addFirst(coloured);
        frames.addFirst(projection);
        return frames;
    }

    private static void addRaw(ReportPage page, SimRun run, Grid3D size) {
        List<float[]> shots = new ArrayList<>();
        List<String> titles = new ArrayList<>();
        List<Grid3D> images = run.images();
        ShotOrder order = run.measurement().order();
        for (int i = 0; i < images.size(); i++) {
            shots.add(images.get(i).plane(size.depth() / 2).floats());
            titles.add((order.timePoints() > 1 ? "time point " + (order.timePoint(i) + 1) + ", " : "") + "direction "
                    + (order.direction(i) + 1) + ", phase " + (order.phase(i) + 1));
        }
        page.raw(
                "The middle plane of every image, oversampled, in the units of the file. The shot nearest to the time above is framed.",
                "",
                titles,
                shots);
    }

    /** log10 |FFT| of the middle planes, each relative to its largest value. */
    private static void addSpectra(ReportPage page, SimRun run, Grid3D size, List<float[]> volumes) {
        List<byte[]> pictures = new ArrayList<>();
        List<ReportPage.Scale> scales = new ArrayList<>();
        int pixels = size.height() * size.width();
        for (float[] volume : volumes) {
            ComplexGrid3D plane = new ComplexGrid3D(1, size.height(), size.width());
            for (int i = 0; i < pixels; i++) plane.re()[i] = volume[size.depth() / 2 * pixels + i];
            ComplexGrid3D spectrum = Fourier.forward(plane);
            double largest = 0;
            for (int i = 0; i < pixels; i++) largest = Math.max(largest, spectrum.power(i));
            byte[] picture = new byte[pixels];
            for (int i = 0; i < pixels; i++) {
                int row = (i / size.width() + (size.height() + 1) / 2) % size.height();
                int column = (i % size.width() + (size.width() + 1) / 2) % size.width();
                double level = 0.5 * Math.log10(Math.max(1e-30, spectrum.power(row * size.width() + column) / largest));
                picture[i] = (byte) Math.clamp(Math.round(255 * (1 + level / DECADES)), 0, 255);
            }
            pictures.add(picture);
            scales.add(new ReportPage.Scale(-DECADES, 0, "log10"));
        }
        page.frequencies(
                "Spectra",
                "Logarithm of the middle plane's spectrum relative to its largest value (zero frequency in the middle, to the frequency limit of the pixels).",
                "viridis",
                size.height(),
                size.width(),
                0.5 / run.instrument().optics().pixelSize(),
                List.of("widefield", "conventional", "model at the first shot"),
                scales,
                pictures);
    }
}
