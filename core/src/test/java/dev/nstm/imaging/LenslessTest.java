package dev.nstm.imaging;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nstm.Seeds;
import dev.nstm.autodiff.GradientCheck;
import dev.nstm.autodiff.Graph;
import dev.nstm.autodiff.Leaf;
import dev.nstm.device.Device;
import dev.nstm.device.TestDevice;
import dev.nstm.device.cpu.CpuDevice;
import dev.nstm.optics.ComplexGrid;
import dev.nstm.optics.Diffuser;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.Shutter;
import dev.nstm.simulate.LenslessImaging;
import dev.nstm.tensor.InvalidInputException;
import dev.nstm.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The lensless camera with a rolling shutter. */
@Tag("device")
class LenslessTest {
    private final SplittableRandom random = Seeds.random();

    private Grid2D noise(int height, int width) {
        Grid2D grid = new Grid2D(height, width);
        for (int i = 0; i < grid.values().length; i++) grid.values()[i] = random.nextDouble();
        return grid;
    }

    @ParameterizedTest
    @CsvSource({"DUAL,24,5", "DUAL,25,4", "DUAL,12,20", "SINGLE,17,6", "SINGLE,8,1"})
    void everyRowIsOpenForItsExposureButAtTheVeryEnd(Shutter.Kind kind, int rows, int openTimes) {
        Shutter shutter = new Shutter(kind, rows, openTimes);
        assertEquals(0, shutter.moments() % 2);
        int[] open = shutter.openMoments();
        for (int row = 0; row < rows; row++)
            assertTrue(
                    open[row] == openTimes || open[row] == openTimes - 1,
                    "row " + row + " is open " + open[row] + " times");
        assertEquals(-1, shutter.time(0));
        assertTrue(shutter.time(shutter.moments() - 1) < 1);
    }

    @Test
    void aShutterFasterThanItsRowsIsRefused() {
        assertEquals(12, Shutter.of(Shutter.Kind.DUAL, 270, 1320, 27.52, 4).openTimes());
        assertTrue(assertThrows(InvalidInputException.class, () -> Shutter.of(Shutter.Kind.SINGLE, 270, 10, 27.52, 4))
                .getMessage()
                .contains("shorter than the time of a row"));
    }

    /** Against the sum that defines it, for even and odd sensors. */
    @ParameterizedTest
    @CsvSource({"12,16,0.5", "13,11,0.5", "20,9,0.8", "11,12,1"})
    void theDiffuserConvolvesWithoutWrapping(int height, int width, double field) {
        Diffuser diffuser = Diffuser.of(List.of(noise(height, width)), field);
        Grid2D scene = noise(diffuser.sceneHeight(), diffuser.sceneWidth());
        Grid2D image = diffuser.image(scene, diffuser.transfer(0));
        Grid2D psf = diffuser.pointSpread().getFirst();
        for (int r = 0; r < height; r++) {
            for (int c = 0; c < width; c++) {
                double sum = 0;
                for (int y = 0; y < scene.height(); y++) {
                    for (int x = 0; x < scene.width(); x++) {
                        int row = r - y - diffuser.sceneOrigin()[0] + (height + 1) / 2;
                        int column = c - x - diffuser.sceneOrigin()[1] + (width + 1) / 2;
                        if (row >= 0 && row < height && column >= 0 && column < width)
                            sum += scene.get(y, x) * psf.get(row, column);
                    }
                }
                assertEquals(sum, image.get(r, c), 1e-10);
            }
        }
    }

    @Test
    void theAdjointIsTheDiffusersOwn() {
        Diffuser diffuser = Diffuser.of(List.of(noise(18, 22)), 0.5);
        ComplexGrid transfer = diffuser.transfer(0);
        Grid2D x = noise(9, 11);
        Grid2D y = noise(18, 22);
        assertEquals(dot(diffuser.image(x, transfer), y), dot(x, diffuser.adjoint(y, transfer)), 1e-9);
    }

    private static double dot(Grid2D a, Grid2D b) {
        double sum = 0;
        for (int i = 0; i < a.values().length; i++) sum += a.values()[i] * b.values()[i];
        return sum;
    }

    /** Averaged pixels see the outermost lags of a point-spread function in part only. */
    private static Grid2D darkBorder(Grid2D psf, int border) {
        for (int i = 0; i < psf.values().length; i++) {
            int y = i / psf.width();
            int x = i % psf.width();
            if (Math.min(Math.min(y, psf.height() - 1 - y), Math.min(x, psf.width() - 1 - x)) < border)
                psf.values()[i] = 0;
        }
        return psf;
    }

    /** A picture in which blocks of so many rows and columns are even. */
    private static Grid2D even(Grid2D blocks, int factor) {
        Grid2D even = new Grid2D(blocks.height() * factor, blocks.width() * factor);
        for (int i = 0; i < even.values().length; i++)
            even.values()[i] = blocks.get(i / even.width() / factor, i % even.width() / factor);
        return even;
    }

    @ParameterizedTest
    @CsvSource({"24,32,0.5,2", "32,48,0.5,4", "27,33,0.6,3", "25,26,0.7,2"})
    void averagedPixelsSeeAnEvenSceneAlike(int height, int width, double field, int factor) {
        Grid2D psf = darkBorder(noise(height, width), factor);
        Diffuser full = Diffuser.of(List.of(psf), field);
        Diffuser reduced = full.downsampled(factor);
        Grid2D blocks = noise(reduced.sceneHeight(), reduced.sceneWidth());
        int[] first = {
            factor * reduced.sceneOrigin()[0] - full.sceneOrigin()[0],
            factor * reduced.sceneOrigin()[1] - full.sceneOrigin()[1]
        };
        // Blocks that reach beyond the scene in full are dark.
        for (int i = 0; i < blocks.values().length; i++) {
            int y = first[0] + i / blocks.width() * factor;
            int x = first[1] + i % blocks.width() * factor;
            if (y < 0 || x < 0 || y + factor > full.sceneHeight() || x + factor > full.sceneWidth())
                blocks.values()[i] = 0;
        }
        Grid2D even = even(blocks, factor);
        Grid2D scene = new Grid2D(full.sceneHeight(), full.sceneWidth());
        for (int i = 0; i < scene.values().length; i++) {
            int y = i / scene.width() - first[0];
            int x = i % scene.width() - first[1];
            if (y < even.height() && x < even.width()) scene.values()[i] = even.get(y, x);
        }
        Grid2D expected = full.image(scene, full.transfer(0)).downsampled(factor);
        Grid2D seen = reduced.image(blocks, reduced.transfer(0));
        for (int i = 0; i < seen.values().length; i++) assertEquals(expected.values()[i], seen.values()[i], 1e-9);
    }

    /** The photograph of an even scene that does not move, with averaged pixels, row by row of the shutter. */
    @ParameterizedTest
    @CsvSource({"DUAL,12,2", "SINGLE,10,2", "DUAL,24,4", "GLOBAL,1,2"})
    void aReducedPhotographShowsTheSameScene(Shutter.Kind kind, int window, int factor) {
        int height = 64 * factor;
        int width = 48 * factor;
        Grid2D psf = darkBorder(
                LenslessImaging.caustic(height, width, 1, random.split()).getFirst(), factor);
        Diffuser diffuser = Diffuser.of(List.of(psf), 0.5);
        Shutter shutter = new Shutter(kind, height, kind == Shutter.Kind.GLOBAL ? 1 : 6);
        Grid2D blocks = noise(32, 24);
        List<Grid2D> scene = List.of(even(blocks, factor));
        List<Grid2D> photograph = LenslessImaging.photograph(time -> scene, diffuser, shutter);
        ForwardModel reduced =
                system(diffuser, shutter, photograph, window, 1).reduced(factor).orElseThrow();
        assertEquals(system(diffuser, shutter, photograph, window, 1).shots(), reduced.shots());
        assertArrayEquals(
                new double[] {(factor - 1) / 2.0, (factor - 1) / 2.0},
                reduced.samples().origin());
        assertArrayEquals(new double[] {factor, factor}, reduced.samples().spacing());
        try (Device device = TestDevice.open()) {
            Tensor tensor = device.allocate(1, window, 32 * 24);
            float[] values = new float[tensor.count()];
            for (int i = 0; i < values.length; i++)
                values[i] = (float) (blocks.values()[i % (32 * 24)] / reduced.channelUnit(0));
            device.write(tensor, values);
            ForwardModel.Comparison comparison =
                    reduced.attach(device, Leaf.constant(tensor), Leaf.constant(device.allocate(1)));
            Graph graph = new Graph(device, comparison.terms().subList(0, 1));
            double dark = photograph.getFirst().sum() / (height * width);
            double[] differences = new double[reduced.shots()];
            for (int shot = 0; shot < differences.length; shot++) {
                comparison.select(shot);
                graph.forward();
                differences[shot] = graph.term(0) / (dark * dark);
            }
            // The very last rows to open are closed a moment early, one more of them than of the averaged ones.
            Arrays.sort(differences);
            assertTrue(differences[(int) (0.9 * (differences.length - 1))] < 1e-9, Arrays.toString(differences));
        }
    }

    private LenslessSystem system(Diffuser diffuser, Shutter shutter, List<Grid2D> photograph, int window, int parts) {
        return new LenslessSystem(diffuser, shutter, photograph, 0.5, new LenslessSystem.Windows(window, parts), 0.1);
    }

    /** A scene that moves: the model finds no error in the rows of any window when it is given the true scenes. */
    @ParameterizedTest
    @CsvSource({"DUAL,7,1", "SINGLE,8,1", "DUAL,8,2", "GLOBAL,1,1"})
    void theModelSeesWhatTheSimulationTook(Shutter.Kind kind, int window, int parts) {
        int height = 20;
        int width = 14;
        Diffuser diffuser = Diffuser.of(List.of(noise(height, width), noise(height, width)), 0.5);
        Shutter shutter = new Shutter(kind, height, kind == Shutter.Kind.GLOBAL ? 1 : 3);
        List<List<Grid2D>> movie = new ArrayList<>();
        for (int moment = 0; moment < shutter.moments(); moment++) movie.add(List.of(noise(10, 7), noise(10, 7)));
        List<Grid2D> photograph = LenslessImaging.photograph(
                time -> movie.get((int) Math.round((time + 1) * shutter.moments() / 2) % shutter.moments()),
                diffuser,
                shutter);
        LenslessSystem system = system(diffuser, shutter, photograph, window, parts);
        try (Device device = TestDevice.open()) {
            Tensor scene = device.allocate(2, window, 10 * 7);
            Leaf leaf = Leaf.parameter(scene, device.allocate(2, window, 10 * 7));
            ForwardModel.Comparison comparison = system.attach(device, leaf, Leaf.constant(device.allocate(1)));
            Graph graph = new Graph(device, comparison.terms());
            double seen = 0;
            for (int shot = 0; shot < system.shots(); shot++) {
                double[] moments = system.moments(shot);
                float[] values = new float[scene.count()];
                for (int i = 0; i < values.length; i++) {
                    int moment = (int) Math.round((moments[i / 70 % window] + 1) * shutter.moments() / 2)
                            % shutter.moments();
                    values[i] =
                            (float) (movie.get(moment).get(i / 70 / window).values()[i % 70] / system.channelUnit(0));
                }
                device.write(scene, values);
                comparison.select(shot);
                graph.forward();
                assertTrue(graph.term(0) < 1e-8, "shot " + shot + " differs by " + graph.term(0));
                device.write(scene, new float[scene.count()]);
                graph.forward();
                seen += graph.term(0);
            }
            assertTrue(seen > 0.1, "a black scene differs");
            device.write(scene, Arrays.copyOf(noise(2 * window * 10, 7).floats(), scene.count()));
            comparison.select(system.shots() / 2);
            GradientCheck.Result check = GradientCheck.run(device, graph, leaf, 1e-2, random.nextLong());
            assertTrue(check.error() < 2e-3, "gradient " + check);
        }
    }

    /** With a black scene, the errors of all windows together see every row that is compared. */
    @ParameterizedTest
    @CsvSource({"12,1", "12,2", "18,3"})
    void everyRowIsComparedInSomeWindow(int window, int parts) {
        Diffuser diffuser = Diffuser.of(List.of(noise(50, 10)), 0.5);
        Shutter shutter = new Shutter(Shutter.Kind.SINGLE, 50, 5);
        try (Device device = new CpuDevice(1)) {
            for (int row = 0; row < 50; row++) {
                Grid2D photograph = new Grid2D(50, 10);
                photograph.values()[row * 10 + 3] = 1;
                LenslessSystem system = system(diffuser, shutter, List.of(photograph), window, parts);
                ForwardModel.Comparison comparison = system.attach(
                        device, Leaf.constant(device.allocate(1, window, 25 * 5)), Leaf.constant(device.allocate(1)));
                Graph graph = new Graph(device, comparison.terms().subList(0, 1));
                double seen = 0;
                for (int shot = 0; shot < system.shots(); shot++) {
                    comparison.select(shot);
                    graph.forward();
                    seen += graph.term(0);
                }
                assertTrue(seen > 0, "row " + row + " is in no window");
            }
        }
    }

    @Test
    void windowsThatFitNothingAreRefused() {
        Diffuser diffuser = Diffuser.of(List.of(noise(20, 14)), 0.5);
        Shutter shutter = new Shutter(Shutter.Kind.DUAL, 20, 6);
        List<Grid2D> photograph = List.of(noise(20, 14));
        assertTrue(assertThrows(InvalidInputException.class, () -> system(diffuser, shutter, photograph, 30, 1))
                .getMessage()
                .contains("longer than the exposure"));
        assertTrue(assertThrows(InvalidInputException.class, () -> system(diffuser, shutter, photograph, 3, 1))
                .getMessage()
                .contains("take a longer window"));
        assertTrue(assertThrows(
                        InvalidInputException.class, () -> system(diffuser, shutter, List.of(noise(20, 16)), 8, 1))
                .getMessage()
                .contains("20x16"));
    }

    @Test
    void theConventionalSolverFindsAnUnmovingScene() {
        Diffuser diffuser = Diffuser.of(LenslessImaging.caustic(48, 56, 1, new SplittableRandom(3)), 0.5);
        Grid2D scene = new Grid2D(24, 28);
        for (int y = 8; y < 16; y++) for (int x = 10; x < 20; x++) scene.values()[y * 28 + x] = x < 14 ? 1 : 0.5;
        Shutter shutter = new Shutter(Shutter.Kind.DUAL, 48, 5);
        List<Grid2D> photograph = LenslessImaging.photograph(time -> List.of(scene), diffuser, shutter);
        Grid2D found = LenslessSolver.solve(diffuser, shutter, photograph, new LenslessSolver.Settings(200, 1e-4))
                .getFirst();
        double error = 0;
        for (int i = 0; i < scene.values().length; i++) {
            assertTrue(found.values()[i] >= 0);
            error += Math.pow(found.values()[i] - scene.values()[i], 2) / scene.values().length;
        }
        assertTrue(10 * Math.log10(1 / error) > 25, "PSNR " + 10 * Math.log10(1 / error));
    }

    /**
     * The solver's minimum is that of another method, which knows the camera as a matrix: primal and dual steps in
     * turn, each unknown with a step of its own (Pock and Chambolle, ICCV 2011), until nothing changes.
     */
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.001, 0.01})
    void theConventionalSolverFindsTheMinimumThatAnotherMethodFinds(double variation) {
        Diffuser diffuser = Diffuser.of(List.of(noise(10, 12)), 0.5);
        Shutter shutter = new Shutter(Shutter.Kind.DUAL, 10, 3);
        int height = diffuser.sceneHeight();
        int width = diffuser.sceneWidth();
        double[][] camera = new double[10 * 12][height * width];
        for (int column = 0; column < height * width; column++) {
            Grid2D unit = new Grid2D(height, width);
            unit.values()[column] = 1;
            double[] image = LenslessImaging.photograph(time -> List.of(unit), diffuser, shutter)
                    .getFirst()
                    .values();
            for (int row = 0; row < camera.length; row++) camera[row][column] = image[row];
        }
        double[] scene = random.doubles(height * width)
                .map(value -> Math.max(0, 2 * value - 1))
                .toArray();
        double[] seen = product(camera, scene);
        double mean = Arrays.stream(seen).average().orElseThrow();
        for (int i = 0; i < seen.length; i++) seen[i] += 0.1 * mean * random.nextGaussian();
        double weight = variation
                * Arrays.stream(transposed(camera, seen)).map(Math::abs).max().orElseThrow();
        double[] expected = primalDual(camera, seen, weight, height, width);
        double[] found = LenslessSolver.solve(
                        diffuser,
                        shutter,
                        List.of(new Grid2D(10, 12, seen)),
                        new LenslessSolver.Settings(3000, variation))
                .getFirst()
                .values();
        double least = objective(camera, seen, weight, expected, height, width);
        assertEquals(least, objective(camera, seen, weight, found, height, width), 1e-3 * least);
    }

    private static double[] primalDual(double[][] camera, double[] seen, double weight, int height, int width) {
        double[] dualSteps = Arrays.stream(camera)
                .mapToDouble(row -> 1 / Arrays.stream(row).map(Math::abs).sum())
                .toArray();
        double[] steps = Arrays.stream(
                        transposed(camera, Arrays.stream(seen).map(value -> 1).toArray()))
                .map(sum -> 1 / (sum + 4))
                .toArray();
        double[] x = new double[height * width];
        double[] ahead = x.clone();
        double[] data = new double[seen.length];
        double[][] slopes = new double[2][height * width];
        for (int round = 0; round < 100_000; round++) {
            double[] image = product(camera, ahead);
            for (int i = 0; i < data.length; i++)
                data[i] = (data[i] + dualSteps[i] * (image[i] - seen[i])) / (1 + dualSteps[i]);
            double[][] differences = differences(ahead, height, width);
            for (int i = 0; i < x.length; i++) {
                double down = slopes[0][i] + 0.5 * differences[0][i];
                double right = slopes[1][i] + 0.5 * differences[1][i];
                double shrink = Math.max(1, Math.hypot(down, right) / Math.max(weight, 1e-300));
                slopes[0][i] = down / shrink;
                slopes[1][i] = right / shrink;
            }
            double[] back = transposed(camera, data);
            for (int i = 0; i < x.length; i++) {
                int column = i % width;
                if (i + width < x.length) back[i] -= slopes[0][i];
                if (i >= width) back[i] += slopes[0][i - width];
                if (column + 1 < width) back[i] -= slopes[1][i];
                if (column > 0) back[i] += slopes[1][i - 1];
            }
            for (int i = 0; i < x.length; i++) {
                double next = Math.max(0, x[i] - steps[i] * back[i]);
                ahead[i] = 2 * next - x[i];
                x[i] = next;
            }
        }
        return x;
    }

    private static double objective(
            double[][] camera, double[] seen, double weight, double[] x, int height, int width) {
        double[] image = product(camera, x);
        double[][] differences = differences(x, height, width);
        double sum = 0;
        for (int i = 0; i < seen.length; i++) sum += 0.5 * (image[i] - seen[i]) * (image[i] - seen[i]);
        for (int i = 0; i < x.length; i++) sum += weight * Math.hypot(differences[0][i], differences[1][i]);
        return sum;
    }

    /** To the next row and to the next column; none at the borders. */
    private static double[][] differences(double[] x, int height, int width) {
        double[][] differences = new double[2][x.length];
        for (int i = 0; i < x.length; i++) {
            if (i / width + 1 < height) differences[0][i] = x[i + width] - x[i];
            if (i % width + 1 < width) differences[1][i] = x[i + 1] - x[i];
        }
        return differences;
    }

    private static double[] product(double[][] matrix, double[] x) {
        return Arrays.stream(matrix)
                .mapToDouble(row -> IntStream.range(0, x.length)
                        .mapToDouble(i -> row[i] * x[i])
                        .sum())
                .toArray();
    }

    private static double[] transposed(double[][] matrix, double[] y) {
        double[] sums = new double[matrix[0].length];
        for (int row = 0; row < matrix.length; row++)
            for (int i = 0; i < sums.length; i++) sums[i] += matrix[row][i] * y[row];
        return sums;
    }
}
