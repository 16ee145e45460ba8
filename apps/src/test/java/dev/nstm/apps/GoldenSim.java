package dev.nstm.apps;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nstm.apps.io.NpyArray;
import dev.nstm.autodiff.Crop;
import dev.nstm.autodiff.Graph;
import dev.nstm.autodiff.Leaf;
import dev.nstm.autodiff.LossTerm;
import dev.nstm.autodiff.Node;
import dev.nstm.autodiff.PatternedFilterBank;
import dev.nstm.device.Device;
import dev.nstm.device.TestDevice;
import dev.nstm.imaging.PatchPlan;
import dev.nstm.imaging.SimInstrument;
import dev.nstm.imaging.SimSystem;
import dev.nstm.metrics.Trajectory;
import dev.nstm.optics.Apodization;
import dev.nstm.optics.BandOverlap;
import dev.nstm.optics.BandSeparation;
import dev.nstm.optics.ComplexGrid3D;
import dev.nstm.optics.EdgeTaper;
import dev.nstm.optics.Fourier;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.Grid3D;
import dev.nstm.optics.LightPattern;
import dev.nstm.optics.LinePattern;
import dev.nstm.optics.Modulation;
import dev.nstm.optics.NotchFilter;
import dev.nstm.optics.RadialOtf;
import dev.nstm.optics.VolumeOptics;
import dev.nstm.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Golden cases of structured illumination, of optics beside it, of patches and of trajectories. */
final class GoldenSim {
    private static final double FORWARD = 1e-5;
    private static final double GRADIENT = 1e-4;

    private GoldenSim() {}

    static void checkImaging(JsonNode p, Map<String, NpyArray> arrays) {
        int[] size = ints(p.get("dimZyx"));
        int[] padding = ints(p.get("paddingZyx"));
        int depth = size[0] + 2 * padding[0];
        int height = size[1] + 2 * padding[1];
        int width = size[2] + 2 * padding[2];
        int directions = p.get("directions").asInt();
        int steps = p.get("phases").asInt();
        VolumeOptics optics = optics(p);
        RadialOtf otf = otf(
                arrays.get("otfReal"),
                arrays.get("otfImag"),
                p.get("otfPixelSize").asDouble(),
                p.get("otfPixelSizeZ").asDouble());
        int orders = otf.bands();
        List<List<Grid3D>> images = new ArrayList<>();
        List<LightPattern> patterns = new ArrayList<>();
        int count = size[0] * size[1] * size[2];
        double[] raw = arrays.get("raw").values();
        for (int d = 0; d < directions; d++) {
            List<Grid3D> direction = new ArrayList<>();
            for (int j = 0; j < steps; j++)
                direction.add(new Grid3D(
                        size[0],
                        size[1],
                        size[2],
                        Arrays.copyOfRange(raw, (d * steps + j) * count, (d * steps + j + 1) * count)));
            images.add(direction);
            patterns.add(LightPattern.lines(
                    new LinePattern(
                            p.get("k0angles").get(d).asDouble(),
                            p.get("lineSpacing").get(d).asDouble()),
                    orders));
        }
        double[] phases = BandSeparation.evenPhases(steps);
        ComplexGrid3D[][] bands = new ComplexGrid3D[directions][];
        for (int d = 0; d < directions; d++) bands[d] = new BandSeparation(phases, orders).separate(images.get(d));
        close(
                join(Arrays.stream(bands)
                        .flatMap(Arrays::stream)
                        .map(ComplexGrid3D::re)
                        .toList()),
                arrays.get("bandsReal"),
                FORWARD,
                "bandsReal");
        close(
                join(Arrays.stream(bands)
                        .flatMap(Arrays::stream)
                        .map(ComplexGrid3D::im)
                        .toList()),
                arrays.get("bandsImag"),
                FORWARD,
                "bandsImag");

        BandOverlap overlap = BandOverlap.of(
                Fourier.forward(bands[0][0]),
                Fourier.forward(bands[0][1]),
                1,
                patterns.getFirst().grating(1),
                otf,
                optics);
        close(overlap.central().re(), arrays.get("overlap1Real"), FORWARD, "overlap1Real");
        close(overlap.central().im(), arrays.get("overlap1Imag"), FORWARD, "overlap1Imag");
        close(overlap.shifted().re(), arrays.get("overlap2Real"), FORWARD, "overlap2Real");
        close(overlap.shifted().im(), arrays.get("overlap2Imag"), FORWARD, "overlap2Imag");

        int[] crop = ints(p.get("cropBoundaryZyx"));
        SimInstrument instrument = published(
                SimInstrument.estimate(images, optics, patterns, phases, List.of(otf, otf, otf), crop[0], crop[1]));
        double[] startingPhase = new double[directions * orders];
        double[] amplitude = new double[directions * orders];
        for (int i = 0; i < startingPhase.length; i++) {
            startingPhase[i] =
                    instrument.modulations().get(i / orders).get(i % orders).phase();
            amplitude[i] = instrument.amplitude(i / orders, i % orders);
        }
        close(startingPhase, arrays.get("startingPhase"), FORWARD, "startingPhase");
        close(amplitude, arrays.get("modulationAmplitude"), FORWARD, "modulationAmplitude");
        List<double[]> otfReal = new ArrayList<>();
        List<double[]> illumination = new ArrayList<>();
        for (int d = 0; d < directions; d++) {
            for (int o = 0; o < orders; o++) {
                double[] values =
                        otf.expand(o, depth, height, width, optics, 0, 0).re();
                for (int i = 0; i < values.length; i++) values[i] *= instrument.amplitude(d, o);
                otfReal.add(values);
            }
            for (int j = 0; j < steps; j++) {
                for (int o = 0; o < orders; o++)
                    illumination.add(instrument
                            .light(d)
                            .cosine(o, instrument.phase(d, j, o), height, width, optics.pixelSize())
                            .values());
            }
        }
        close(join(otfReal), arrays.get("otf3dReal"), FORWARD, "otf3dReal");
        close(join(illumination), arrays.get("illumination"), FORWARD, "illumination");
        close(
                instrument
                        .support(size[0], size[1], size[2], Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY)
                        .values(),
                arrays.get("supportMask"),
                FORWARD,
                "supportMask");
        close(
                Apodization.inverse(depth, height, width, optics, instrument.largestFrequency(), 1e-2)
                        .values(),
                arrays.get("apodizationInverse"),
                FORWARD,
                "apodizationInverse");
        checkModel(
                p,
                arrays,
                new SimSystem(
                        instrument,
                        images.stream().flatMap(List::stream).toList(),
                        1,
                        new double[directions * steps],
                        new SimSystem.Loss(0, 0, 0),
                        padding),
                size,
                padding);
    }

    /** The reference takes the band for the cosine, of which it holds half: its higher orders are half as strong. */
    private static SimInstrument published(SimInstrument found) {
        List<List<Modulation>> halved = found.modulations().stream()
                .map(orders -> orders.stream()
                        .map(order -> order == Modulation.CENTRAL
                                ? order
                                : new Modulation(
                                        order.phase(), order.bandRatio(), order.correlation(), order.significance()))
                        .toList())
                .toList();
        return new SimInstrument(
                found.optics(), found.patterns(), found.phases(), found.otfs(), halved, found.brightness());
    }

    private static void checkModel(
            JsonNode p, Map<String, NpyArray> arrays, SimSystem system, int[] size, int[] padding) {
        int count = size[0] * size[1] * size[2];
        int padded = (size[0] + 2 * padding[0]) * (size[1] + 2 * padding[1]) * (size[2] + 2 * padding[2]);
        try (Device device = TestDevice.open()) {
            Tensor density = device.allocate(padded);
            Tensor gradient = device.allocate(padded);
            Tensor ones = device.allocate(p.get("directions").asInt() * 3);
            device.fill(ones, 1);
            PatternedFilterBank imaging =
                    system.imaging(device, Leaf.parameter(density, gradient), Leaf.constant(ones));
            Crop image = new Crop(device, imaging, padding, size);
            Tensor cotangent = device.allocate(size);
            Graph graph = new Graph(device, List.of(new Product(device, image, cotangent)));
            List<double[]> images = new ArrayList<>();
            List<double[]> gradients = new ArrayList<>();
            // The reference divides by the amplitudes of the whole batch: each of B images comes out B times fainter.
            int batch = p.get("indexDirection").size();
            for (int b = 0; b < batch; b++) {
                int direction = p.get("indexDirection").get(b).asInt();
                imaging.select(
                        direction,
                        direction * p.get("phases").asInt()
                                + p.get("indexPhase").get(b).asInt());
                device.write(
                        density,
                        Arrays.copyOfRange(AllArrays.floats(arrays.get("density")), b * padded, (b + 1) * padded));
                device.write(
                        cotangent,
                        Arrays.copyOfRange(AllArrays.floats(arrays.get("cotangent")), b * count, (b + 1) * count));
                device.fill(gradient, 0);
                graph.forward();
                graph.backward();
                images.add(Arrays.stream(doubles(device.read(image.value())))
                        .map(value -> value / batch)
                        .toArray());
                gradients.add(Arrays.stream(doubles(device.read(gradient)))
                        .map(value -> value / batch)
                        .toArray());
            }
            close(join(images), arrays.get("images"), FORWARD, "images");
            close(join(gradients), arrays.get("gradDensity"), GRADIENT, "gradDensity");
        }
    }

    /** Inner product with a cotangent: its gradient is the vector-Jacobian product. */
    static final class Product extends LossTerm {
        private final Device device;
        private final Tensor cotangent;

        Product(Device device, Node input, Tensor cotangent) {
            super("product", input, 1);
            this.device = device;
            this.cotangent = cotangent;
        }

        @Override
        protected void forward(Device.Sums sums, int index, double share) {}

        @Override
        protected void backward(double share) {
            device.axpy((float) share, cotangent, 0, input().gradient(), 0, cotangent.count());
        }
    }

    static void checkOptics(JsonNode p, Map<String, NpyArray> arrays) {
        JsonNode o = p.get("otf3d");
        int[] size = ints(o.get("dimZyx"));
        int[] padding = ints(o.get("paddingZyx"));
        int depth = size[0] + 2 * padding[0];
        int height = size[1] + 2 * padding[1];
        int width = size[2] + 2 * padding[2];
        VolumeOptics optics = optics(o);
        Grid3D psf = FluorescencePsf.of(depth, height, width, optics);
        close(psf.values(), arrays.get("psf3d"), FORWARD, "psf3d");
        ComplexGrid3D otf = Fourier.forward(ComplexGrid3D.ofReal(psf));
        close(otf.re(), arrays.get("otf3dReal"), FORWARD, "otf3dReal");
        GoldenParityTest.close(
                "otf3dImag", arrays.get("otf3dImag"), narrow(otf.im()), FORWARD, arrays.get("otf3dReal"));
        JsonNode g = p.get("psfGaussian");
        int[] picture = ints(g.get("dimYx"));
        double pixel = g.get("pixelSize").asDouble();
        double wavelength = g.get("wavelength").asDouble();
        close(
                GaussianPsf.of(
                                picture[0],
                                picture[1],
                                pixel,
                                GaussianPsf.paraxialSigma(
                                        wavelength, g.get("na").get(0).asDouble()))
                        .values(),
                arrays.get("gaussianParaxial"),
                FORWARD,
                "gaussianParaxial");
        close(
                GaussianPsf.of(
                                picture[0],
                                picture[1],
                                pixel,
                                GaussianPsf.nonparaxialSigma(
                                        wavelength,
                                        g.get("na").get(1).asDouble(),
                                        g.get("ri").get(1).asDouble()))
                        .values(),
                arrays.get("gaussianNonparaxial"),
                FORWARD,
                "gaussianNonparaxial");
        NpyArray edge = arrays.get("edgeIn");
        int h = edge.shape()[1];
        int w = edge.shape()[2];
        List<double[]> tapered = new ArrayList<>();
        for (int i = 0; i < edge.shape()[0]; i++)
            tapered.add(EdgeTaper.apply(
                            new Grid2D(h, w, Arrays.copyOfRange(edge.values(), i * h * w, (i + 1) * h * w)),
                            p.get("apodizeEdge").asInt())
                    .values());
        close(join(tapered), arrays.get("edgeOut"), FORWARD, "edgeOut");
        JsonNode n = p.get("notch");
        double[] notch = new double[depth * height * width];
        for (int i = 0; i < notch.length; i++) {
            double radius = Math.hypot(
                    Grid2D.frequency(i % width, width, optics.pixelSize()),
                    Grid2D.frequency(i / width % height, height, optics.pixelSize()));
            double kz = Grid2D.frequency(i / width / height, depth, optics.zStep());
            double offset = n.get("kzOffset").asDouble();
            double axial = n.get("order").asInt() == 1 ? Math.min(Math.abs(kz - offset), Math.abs(kz + offset)) : kz;
            notch[i] = NotchFilter.at(
                    radius / optics.lateralCutoff(),
                    axial / optics.axialCutoff(),
                    n.get("d").asDouble(),
                    n.get("w").asDouble());
        }
        close(notch, arrays.get("notch"), FORWARD, "notch");
    }

    static void checkPatches(JsonNode p, Map<String, NpyArray> arrays) {
        PatchPlan plan = PatchPlan.of(
                ints(p.get("fullZyx")),
                ints(p.get("patchZyx")),
                p.get("overlap").asInt());
        close(
                join(plan.starts().stream()
                        .map(start -> Arrays.stream(start).asDoubleStream().toArray())
                        .toList()),
                arrays.get("starts"),
                0,
                "starts");
    }

    static void checkTrajectory(JsonNode p, Map<String, NpyArray> arrays) {
        NpyArray motion = arrays.get("motion");
        int axes = motion.shape()[motion.shape().length - 1];
        int[] extents = Arrays.copyOfRange(motion.shape(), 1, motion.shape().length - 1);
        int pixels = motion.values().length / motion.shape()[0] / axes;
        float[][][] maps = new float[motion.shape()[0]][axes][pixels];
        for (int i = 0; i < motion.values().length; i++)
            maps[i / axes / pixels][i % axes][i / axes % pixels] = (float) motion.values()[i];
        Trajectory trajectory = new Trajectory(maps, extents);
        List<double[]> interpolated = new ArrayList<>();
        for (JsonNode point : p.get("points")) {
            interpolated.addAll(List.of(trajectory.interpolated(ints(point))));
        }
        close(join(interpolated), arrays.get("interpolated"), FORWARD, "interpolated");
    }

    private static VolumeOptics optics(JsonNode p) {
        return new VolumeOptics(
                p.get("wavelength").asDouble(),
                p.get("wavelengthExc").asDouble(),
                p.get("na").asDouble(),
                p.get("riMedium").asDouble(),
                p.get("pixelSize").asDouble(),
                p.get("pixelSizeZ").asDouble());
    }

    /** The reference keeps {@code [radius, z, band]}. */
    private static RadialOtf otf(NpyArray real, NpyArray imaginary, double pixelSize, double zStep) {
        int radii = real.shape()[0];
        int axial = real.shape()[1];
        int bands = real.shape()[2];
        double[] re = new double[real.values().length];
        double[] im = new double[re.length];
        for (int i = 0; i < re.length; i++) {
            int to = (i % bands * radii + i / bands / axial) * axial + i / bands % axial;
            re[to] = real.values()[i];
            im[to] = imaginary.values()[i];
        }
        return new RadialOtf(bands, radii, axial, re, im, pixelSize, zStep);
    }

    private static int[] ints(JsonNode list) {
        int[] values = new int[list.size()];
        for (int i = 0; i < values.length; i++) values[i] = list.get(i).asInt();
        return values;
    }

    private static double[] doubles(float[] values) {
        double[] result = new double[values.length];
        for (int i = 0; i < values.length; i++) result[i] = values[i];
        return result;
    }

    private static double[] join(List<double[]> parts) {
        return parts.stream().flatMapToDouble(Arrays::stream).toArray();
    }

    private static void close(double[] actual, NpyArray expected, double tolerance, String name) {
        GoldenParityTest.close(name, expected, narrow(actual), tolerance);
    }

    private static float[] narrow(double[] values) {
        return AllArrays.floats(NpyArray.of(values));
    }
}
