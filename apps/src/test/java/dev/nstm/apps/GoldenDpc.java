package dev.nstm.apps;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nstm.apps.io.NpyArray;
import dev.nstm.autodiff.FilterBank;
import dev.nstm.autodiff.Graph;
import dev.nstm.autodiff.InteriorSquaredError;
import dev.nstm.autodiff.Leaf;
import dev.nstm.device.Device;
import dev.nstm.device.NetworkLayout;
import dev.nstm.device.PixelGrid;
import dev.nstm.device.TestDevice;
import dev.nstm.field.Annealing;
import dev.nstm.field.FieldSpec;
import dev.nstm.field.SpaceTimeField;
import dev.nstm.imaging.DpcSystem;
import dev.nstm.imaging.ForwardModel;
import dev.nstm.imaging.TikhonovSolver;
import dev.nstm.imaging.TikhonovWeights;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.HalfSpectrum;
import dev.nstm.optics.Microscope;
import dev.nstm.optics.Pupils;
import dev.nstm.optics.WeakObjectTransfer;
import dev.nstm.optics.WeakObjectUnits;
import dev.nstm.tensor.ElementType;
import dev.nstm.tensor.Shape;
import dev.nstm.tensor.Tensor;
import dev.nstm.training.GroupState;
import dev.nstm.training.Reconstruction;
import dev.nstm.training.Schedule;
import dev.nstm.training.TrainingPlan;
import dev.nstm.training.TrainingState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** DPC held against the published reference: its optics, and its training through the reconstruction itself. */
final class GoldenDpc {
    private static final double FORWARD = 1e-5;
    private static final double GRADIENT = 1e-4;
    private static final double TRAINED = 1e-3;

    private GoldenDpc() {}

    static void checkOptics(JsonNode p, Map<String, NpyArray> arrays) {
        Microscope microscope = new Microscope(
                p.get("wavelength").asDouble(),
                p.get("na").asDouble(),
                p.get("pixelSize").asDouble(),
                1);
        int height = p.get("dimYx").get(0).asInt();
        int width = p.get("dimYx").get(1).asInt();
        List<Grid2D> sources = new ArrayList<>();
        for (JsonNode rotation : p.get("rotationsDeg"))
            sources.add(Pupils.halfSource(microscope, 0, rotation.asDouble(), height, width));
        GoldenParityTest.close(
                "pupil", arrays.get("pupil"), floats(List.of(Pupils.circular(microscope, height, width))), FORWARD);
        GoldenParityTest.close("source", arrays.get("source"), floats(sources), FORWARD);
        List<WeakObjectTransfer> transfers = publishedTransfers(sources, microscope);
        GoldenParityTest.close(
                "HuReal",
                arrays.get("HuReal"),
                narrow(transfers.stream().map(t -> t.absorption().re()).toList()),
                FORWARD);
        GoldenParityTest.close(
                "HuImag",
                arrays.get("HuImag"),
                narrow(transfers.stream().map(t -> t.absorption().im()).toList()),
                FORWARD,
                arrays.get("HuReal"));
        GoldenParityTest.close(
                "HpReal",
                arrays.get("HpReal"),
                narrow(transfers.stream().map(t -> t.phase().re()).toList()),
                FORWARD,
                arrays.get("HpImag"));
        GoldenParityTest.close(
                "HpImag",
                arrays.get("HpImag"),
                narrow(transfers.stream().map(t -> t.phase().im()).toList()),
                FORWARD,
                arrays.get("HpReal"));
        checkDpcPictures(arrays, transfers, height, width);
        List<Grid2D> images = grids(arrays.get("images"));
        TikhonovSolver.Solution solution = TikhonovSolver.solve(
                images,
                transfers,
                new TikhonovWeights(
                        p.get("ampReg").asDouble(), p.get("phaseReg").asDouble()));
        GoldenParityTest.close(
                "tikhonovAbsorption",
                arrays.get("tikhonovAbsorption"),
                floats(List.of(solution.absorption())),
                GRADIENT);
        GoldenParityTest.close(
                "tikhonovPhase", arrays.get("tikhonovPhase"), floats(List.of(solution.phase())), GRADIENT);
    }

    /** For absorption and phase as the published code counts them. */
    private static List<WeakObjectTransfer> publishedTransfers(List<Grid2D> sources, Microscope microscope) {
        return DpcSystem.transfers(sources, microscope).stream()
                .map(transfer -> transfer.counted(WeakObjectUnits.published(microscope.wavelength())))
                .toList();
    }

    /** Pictures of one scene under every light, and the gradient of their product with the cotangent. */
    private static void checkDpcPictures(
            Map<String, NpyArray> arrays, List<WeakObjectTransfer> transfers, int height, int width) {
        int shots = transfers.size();
        int pixels = height * width;
        try (Device device = TestDevice.open()) {
            Tensor filters = device.allocate(ElementType.COMPLEX64, shots, 2, height, width / 2 + 1);
            float[] values = new float[filters.floats()];
            int bins = values.length / shots / 2;
            float[] scene = new float[2 * shots * pixels];
            for (int shot = 0; shot < shots; shot++) {
                System.arraycopy(
                        HalfSpectrum.hermitian(transfers.get(shot).absorption()).values(),
                        0,
                        values,
                        2 * shot * bins,
                        bins);
                System.arraycopy(
                        HalfSpectrum.hermitian(transfers.get(shot).phase()).values(),
                        0,
                        values,
                        (2 * shot + 1) * bins,
                        bins);
                System.arraycopy(AllArrays.floats(arrays.get("absorption")), 0, scene, shot * pixels, pixels);
                System.arraycopy(AllArrays.floats(arrays.get("phase")), 0, scene, (shots + shot) * pixels, pixels);
            }
            device.write(filters, values);
            Tensor sceneTensor = device.allocate(2, shots, height, width);
            Tensor gradient = device.allocate(2, shots, height, width);
            device.write(sceneTensor, scene);
            FilterBank bank =
                    new FilterBank(device, Leaf.parameter(sceneTensor, gradient), filters, 2, shots, height, width);
            for (int shot = 0; shot < shots; shot++) bank.select(shot, shot);
            // The gradient of |I - (I - c)|^2 n/2, with c the cotangent, is the pull-back of c.
            Tensor target = device.allocate(shots, height, width);
            Graph graph = new Graph(
                    device, List.of(new InteriorSquaredError(device, "pull", bank, 0.5 * shots * pixels, target, 0)));
            graph.forward();
            float[] images = device.read(bank.value());
            GoldenParityTest.close("images", arrays.get("images"), images, FORWARD);
            float[] shifted = new float[images.length];
            for (int i = 0; i < images.length; i++)
                shifted[i] = (float) (images[i] - arrays.get("cotangent").values()[i]);
            device.write(target, shifted);
            graph.forward();
            graph.backward();
            float[] all = device.read(gradient);
            float[] absorption = new float[pixels];
            float[] phase = new float[pixels];
            for (int shot = 0; shot < shots; shot++) {
                for (int i = 0; i < pixels; i++) {
                    absorption[i] += all[shot * pixels + i];
                    phase[i] += all[(shots + shot) * pixels + i];
                }
            }
            GoldenParityTest.close("gradAbsorption", arrays.get("gradAbsorption"), absorption, GRADIENT);
            GoldenParityTest.close("gradPhase", arrays.get("gradPhase"), phase, GRADIENT);
        }
    }

    static void checkTraining(JsonNode p, Map<String, NpyArray> arrays) {
        int height = p.get("dimYx").get(0).asInt();
        int width = p.get("dimYx").get(1).asInt();
        NetworkLayout objectLayout =
                GoldenParityTest.layout(GoldenParityTest.grid(0, p.get("objectHash"), "base"), p.get("objectMlp"), 2);
        NetworkLayout motionLayout =
                GoldenParityTest.layout(GoldenParityTest.grid(0, p.get("motionHash"), "base"), p.get("motionMlp"), 2);
        FieldSpec spec = new FieldSpec(objectLayout, motionLayout, new double[] {height, width}, Annealing.PUBLISHED);
        Microscope microscope = new Microscope(
                p.get("wavelength").asDouble(),
                p.get("na").asDouble(),
                p.get("pixelSize").asDouble(),
                1);
        double[] times = arrays.get("t").values();
        DpcSystem system = new DpcSystem(
                grids(arrays.get("images")),
                DpcSystem.transfers(grids(arrays.get("source")), microscope),
                times,
                new DpcSystem.Loss(
                        p.get("margin").asInt(),
                        p.get("regAbsorption").asDouble(),
                        p.get("regPhase").asDouble() * microscope.wavelength() * microscope.wavelength(),
                        1,
                        1),
                WeakObjectUnits.published(microscope.wavelength()));
        try (Device device = TestDevice.open()) {
            Leaf object = parameter(
                    device, GoldenParityTest.pack(objectLayout, arrays, "param/object/mlp/", "param/object/hash"));
            Leaf motion = parameter(
                    device, GoldenParityTest.pack(motionLayout, arrays, "param/motion/mlp/", "param/motion/hash"));
            SpaceTimeField field =
                    new SpaceTimeField(device, spec, object, motion, 1, PixelGrid.of(Shape.of(height, width)), 0);
            ForwardModel.Comparison comparison =
                    system.attach(device, field.scene(), Leaf.constant(device.allocate(1)));
            comparison.progress(0);
            Graph graph = new Graph(device, comparison.terms());
            double annealed = p.get("annealedEpoch").asDouble();
            field.anneal(p.get("epoch").asDouble() / annealed);
            List<float[]> displacements = new ArrayList<>();
            List<float[]> scenes = new ArrayList<>();
            double loss = 0;
            for (int shot = 0; shot < times.length; shot++) {
                loss += compare(field, comparison, graph, times, shot);
                float[] displacement = device.read(field.motion().value());
                for (int i = 0; i < displacement.length; i++)
                    displacement[i] *= i < displacement.length / 2 ? height : width;
                displacements.add(channelsLast(displacement, 2));
                scenes.add(channelsLast(device.read(field.scene().value()), 2));
            }
            GoldenParityTest.close("motion", arrays.get("motion"), joined(displacements), FORWARD);
            GoldenParityTest.close("field", arrays.get("field"), joined(scenes), FORWARD);
            assertEquals(arrays.get("loss").values()[0], loss, FORWARD * loss, "loss");
            GoldenParityTest.compareLayers(
                    objectLayout, arrays, "grad/object/mlp/", device.read(object.gradient()), GRADIENT);
            GoldenParityTest.compareLayers(
                    motionLayout, arrays, "grad/motion/mlp/", device.read(motion.gradient()), GRADIENT);
            compareTable(arrays, "grad/object/hash", device.read(object.gradient()));
            compareTable(arrays, "grad/motion/hash", device.read(motion.gradient()));
        }
        checkSteps(p, arrays, system, spec);
    }

    /** The losses of the reference's steps, and the layers after them, from its first parameters on. */
    private static void checkSteps(JsonNode p, Map<String, NpyArray> arrays, DpcSystem system, FieldSpec spec) {
        JsonNode adam = p.get("adam");
        int steps = p.get("steps").asInt();
        Schedule objectRate = new Schedule(
                adam.get("lrObject").asDouble(),
                adam.get("decayRate").asDouble(),
                adam.get("transitionSteps").asDouble(),
                0,
                1,
                0);
        Schedule motionRate = new Schedule(
                adam.get("lrMotion").asDouble(),
                adam.get("decayRate").asDouble(),
                adam.get("transitionSteps").asDouble(),
                0,
                1,
                0);
        TrainingPlan plan = new TrainingPlan(
                steps,
                system.shots(),
                p.get("annealedEpoch").asDouble(),
                0,
                objectRate,
                motionRate,
                Schedule.FROZEN,
                List.of(),
                0);
        double[] history = arrays.get("history").values();
        int columns = arrays.get("history").shape()[1];
        try (Device device = TestDevice.open()) {
            Reconstruction reconstruction = new Reconstruction(device, system, spec, plan);
            TrainingState fresh = reconstruction.state("");
            reconstruction.restore(new TrainingState(
                    "",
                    0,
                    0,
                    begun(GoldenParityTest.pack(spec.object(), arrays, "param/object/mlp/", "param/object/hash")),
                    begun(GoldenParityTest.pack(spec.motion(), arrays, "param/motion/mlp/", "param/motion/hash")),
                    fresh.instrument(),
                    new double[0]));
            reconstruction.run(
                    (epoch, loss, terms) -> {
                        double expected = history[(epoch - 1) * columns];
                        assertEquals(expected, loss, TRAINED * expected, "loss of step " + epoch);
                    },
                    () -> false);
            assertEquals(steps, reconstruction.epoch());
            TrainingState trained = reconstruction.state("");
            GoldenParityTest.compareLayers(
                    spec.object(), arrays, "final/object/mlp/", trained.object().parameters(), TRAINED);
            GoldenParityTest.compareLayers(
                    spec.motion(), arrays, "final/motion/mlp/", trained.motion().parameters(), TRAINED);
        }
    }

    /** Parameters that no step has changed yet. */
    private static GroupState begun(float[] parameters) {
        return new GroupState(0, parameters, new float[parameters.length], new float[parameters.length], new float[0]);
    }

    /** One shot's share of the loss; its share of the gradient is added to the parameters'. */
    private static double compare(
            SpaceTimeField field, ForwardModel.Comparison comparison, Graph graph, double[] times, int shot) {
        field.setTime(0, times[shot]);
        comparison.select(shot);
        graph.step(1.0 / times.length);
        double[] terms = new double[graph.termNames().size()];
        graph.takeTerms(terms);
        return graph.loss(terms);
    }

    private static float[] joined(List<float[]> parts) {
        float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    private static Leaf parameter(Device device, float[] values) {
        return Leaf.parameter(GoldenParityTest.written(device, values), device.allocate(values.length));
    }

    private static void compareTable(Map<String, NpyArray> arrays, String name, float[] flat) {
        GoldenParityTest.close(
                name, arrays.get(name), Arrays.copyOf(flat, arrays.get(name).values().length), GRADIENT);
    }

    private static float[] channelsLast(float[] values, int channels) {
        return GoldenParityTest.transposed(values, channels, values.length / channels);
    }

    private static List<Grid2D> grids(NpyArray stack) {
        int height = stack.shape()[1];
        int width = stack.shape()[2];
        List<Grid2D> grids = new ArrayList<>();
        for (int i = 0; i < stack.shape()[0]; i++) {
            grids.add(new Grid2D(
                    height, width, Arrays.copyOfRange(stack.values(), i * height * width, (i + 1) * height * width)));
        }
        return grids;
    }

    private static float[] floats(List<Grid2D> grids) {
        return narrow(grids.stream().map(Grid2D::values).toList());
    }

    private static float[] narrow(List<double[]> parts) {
        float[] values = new float[parts.stream().mapToInt(part -> part.length).sum()];
        int at = 0;
        for (double[] part : parts) for (double value : part) values[at++] = (float) value;
        return values;
    }
}
