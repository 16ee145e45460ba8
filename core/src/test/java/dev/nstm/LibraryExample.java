package dev.nstm;

import dev.nstm.device.Activation;
import dev.nstm.device.Device;
import dev.nstm.device.NetworkLayout;
import dev.nstm.device.cpu.CpuDevice;
import dev.nstm.field.Annealing;
import dev.nstm.field.FieldSpec;
import dev.nstm.field.HashGrids;
import dev.nstm.imaging.DpcSystem;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.Microscope;
import dev.nstm.optics.Pupils;
import dev.nstm.training.Reconstruction;
import dev.nstm.training.SceneRenderer;
import dev.nstm.training.TrainingPlan;
import dev.nstm.training.TrainingState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

public final class LibraryExample {
    public static void main(String[] arguments) throws IOException {
        SceneRenderer.Moment moment = reconstruct(readShots(Path.of("shots.raw"), 4, 128, 160), 400);
        System.out.println("phase in the middle: " + moment.scene()[128 * 160 + 64 * 160 + 80] + " rad");
    }

    /** Relative deviations from the background, as numpy's img.astype("<f4").tofile("shots.raw") writes them. */
    static List<Grid2D> readShots(Path file, int shots, int height, int width) throws IOException {
        FloatBuffer values = ByteBuffer.wrap(Files.readAllBytes(file))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        return IntStream.range(0, shots)
                .mapToObj(shot -> new Grid2D(
                        height,
                        width,
                        IntStream.range(0, height * width)
                                .mapToDouble(i -> values.get(shot * height * width + i))
                                .toArray()))
                .toList();
    }

    /** Scene and motion at the third shot; any other time between -1 and 1 may be shown too. */
    static SceneRenderer.Moment reconstruct(List<Grid2D> shots, int epochs) {
        int height = shots.getFirst().height();
        int width = shots.getFirst().width();
        var microscope = new Microscope(0.525, 0.25, 0.454, 1); // wavelength, NA, pixel size (um), medium
        var lights = Stream.of(0, 90, 180, 270)
                .map(angle -> Pupils.halfSource(microscope, 0, angle, height, width))
                .toList();
        // margin, weights of negative absorption and of phase, whitening: its floor and from which share of the epochs
        var loss = new DpcSystem.Loss(5, 1e-4, 2.5e-5, 0.07, 0);
        var system = new DpcSystem(
                shots, DpcSystem.transfers(lights, microscope), new double[] {-1, -1 / 3.0, 1 / 3.0, 1}, loss);
        // 12 levels of 2 features in 2^16 entries, cells of 150 to 1.4 pixels over twice the picture
        var scene = HashGrids.geometric(
                0,
                new double[] {-0.5 * height, -0.5 * width},
                new double[] {1.5 * height, 1.5 * width},
                12,
                2,
                16,
                new double[] {2 * height / 150.0, 2 * width / 150.0},
                new double[] {2 * height / 1.4, 2 * width / 1.4});
        // rows, columns and time: cells down to 28 pixels and the time between two shots
        var motion = HashGrids.geometric(
                0,
                new double[] {0, 0, -1},
                new double[] {height, width, 1},
                8,
                2,
                16,
                new double[] {1, 1, 1},
                new double[] {Math.max(1, height / 28), Math.max(1, width / 28), 3});
        var field = new FieldSpec(
                new NetworkLayout(List.of(scene), 128, 2, 4, Activation.GELU, 2),
                new NetworkLayout(List.of(motion), 32, 2, 6, Activation.ELU, 2),
                new double[] {256, 256},
                Annealing.PUBLISHED);
        try (Device device = new CpuDevice(Runtime.getRuntime().availableProcessors())) {
            var reconstruction = new Reconstruction(device, system, field, TrainingPlan.defaults(epochs, shots.size()));
            reconstruction.run((epoch, value, terms) -> System.out.println(epoch + " " + value), () -> false);
            TrainingState state = reconstruction.state("my run");
            var renderer = new SceneRenderer(
                    device,
                    field,
                    system.samples(),
                    new double[] {system.channelUnit(0), system.channelUnit(1)},
                    true,
                    state.object().parameters(),
                    state.motion().parameters());
            return renderer.at(1 / 3.0);
        }
    }
}
