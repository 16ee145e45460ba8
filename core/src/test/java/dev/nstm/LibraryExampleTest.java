package dev.nstm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nstm.device.Activation;
import dev.nstm.device.CpuDevice;
import dev.nstm.device.Device;
import dev.nstm.device.NetworkLayout;
import dev.nstm.field.Annealing;
import dev.nstm.field.FieldSpec;
import dev.nstm.field.HashGrids;
import dev.nstm.imaging.DpcSystem;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.Microscope;
import dev.nstm.optics.Pupils;
import dev.nstm.training.Reconstruction;
import dev.nstm.training.SceneRenderer;
import dev.nstm.training.Schedule;
import dev.nstm.training.TrainingPlan;
import dev.nstm.training.TrainingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The README's library example, run as it stands there. */
class LibraryExampleTest {
    private static List<Grid2D> readShots() {
        SplittableRandom random = new SplittableRandom(1);
        return IntStream.range(0, 4).mapToObj(shot -> {
            Grid2D image = new Grid2D(32, 40);
            for (int i = 0; i < image.values().length; i++) image.values()[i] = 0.1 * random.nextGaussian();
            return image;
        }).toList();
    }

    private static SceneRenderer.Moment reconstruct() {
        // begin of the example
        List<Grid2D> shots = readShots();                        // relative deviation from the background
        int height = shots.getFirst().height(), width = shots.getFirst().width();
        var microscope = new Microscope(0.525, 0.25, 0.454, 1);  // wavelength, NA, pixel size (um), medium
        var lights = Stream.of(0, 90, 180, 270).map(angle -> Pupils.halfSource(microscope, 0, angle, height, width)).toList();
        var system = new DpcSystem(shots, DpcSystem.transfers(lights, microscope), new double[] {-1, -0.33, 0.33, 1},
                new DpcSystem.Loss(5, 1e-4, 2.5e-5, 0.07, 0.5));
        var objectGrid = HashGrids.geometric(0, new double[] {-0.5 * height, -0.5 * width}, new double[] {1.5 * height, 1.5 * width},
                8, 2, 16, new double[] {height / 10.0, width / 10.0}, new double[] {1.4 * height, 1.4 * width});
        var motionGrid = HashGrids.geometric(0, new double[] {0, 0, -1}, new double[] {height, width, 1},
                8, 2, 12, new double[] {1, 1, 1}, new double[] {5, 5, 3});
        var field = new FieldSpec(new NetworkLayout(List.of(objectGrid), 128, 2, 4, Activation.GELU, 2),
                new NetworkLayout(List.of(motionGrid), 32, 2, 6, Activation.ELU, 2), new double[] {256, 256}, Annealing.PUBLISHED);
        var plan = new TrainingPlan(20, 4, 10, 1, new Schedule(5e-3, 0.1, 20, 0, 1, 0), new Schedule(1e-3, 0.1, 20, 0, 1, 0), Schedule.FROZEN, List.of(), 0);
        try (Device device = new CpuDevice(2)) {
            var reconstruction = new Reconstruction(device, system, field, plan);
            reconstruction.run((epoch, loss, terms) -> System.out.println(epoch + " " + loss), () -> false);
            TrainingState state = reconstruction.state("my run");
            var renderer = new SceneRenderer(device, field, system.samples(), new double[] {system.channelUnit(0), system.channelUnit(1)}, true,
                    state.object().parameters(), state.motion().parameters());
            return renderer.at(0.5);                             // scene and motion half-way to the last shot
        }
        // end of the example
    }

    @Test
    void theReadmeExampleRunsAsItStandsThere() throws IOException {
        SceneRenderer.Moment moment = reconstruct();
        assertEquals(2 * 32 * 40, moment.scene().length);
        String source = Files.readString(Path.of("src/test/java/dev/nstm/LibraryExampleTest.java"));
        // The marks are put together here so that these two lines are not found instead of them.
        String begin = "// begin of " + "the example\n";
        String end = "// end of " + "the example";
        String example = source.substring(source.indexOf(begin) + begin.length(), source.lastIndexOf('\n', source.indexOf(end))).stripIndent() + '\n';
        assertTrue(Files.readString(Path.of("../README.md")).contains("```java\n" + example + "```\n"), "the README's example differs from this one:\n" + example);
    }
}
