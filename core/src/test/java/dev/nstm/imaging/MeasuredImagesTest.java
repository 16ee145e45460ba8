package dev.nstm.imaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nstm.Seeds;
import dev.nstm.autodiff.Graph;
import dev.nstm.autodiff.Leaf;
import dev.nstm.device.Device;
import dev.nstm.device.TestDevice;
import dev.nstm.simd.Scalar;
import dev.nstm.tensor.Tensor;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("device")
class MeasuredImagesTest {
    private static final int PLANES = 2;
    private static final int HEIGHT = 9;
    private static final int WIDTH = 13;
    private static final int MARGIN = 2;

    private final SplittableRandom random = Seeds.random();
    private final Device device = TestDevice.open();

    @AfterEach
    void close() {
        device.close();
    }

    private static boolean inside(int i) {
        int y = i / WIDTH % HEIGHT;
        int x = i % WIDTH;
        return y >= MARGIN && y < HEIGHT - MARGIN && x >= MARGIN && x < WIDTH - MARGIN;
    }

    private Leaf constant(float[] values) {
        Tensor tensor = device.allocate(PLANES, HEIGHT, WIDTH);
        device.write(tensor, values);
        return Leaf.constant(tensor);
    }

    /** The loss is the least over all brightnesses, their price included. */
    @Test
    void everyImageHasTheBrightnessThatSuitsItBest() {
        int count = PLANES * HEIGHT * WIDTH;
        float[][] images = {Scalar.random(random, count, 1), Scalar.random(random, count, 1)};
        float[] model = Scalar.random(random, count, 1);
        Leaf image = constant(model);
        MeasuredImages measured = new MeasuredImages(device, image, images, MARGIN);
        Graph graph = new Graph(device, List.of(measured.error()));
        for (int n = 1; n >= 0; n--) {
            measured.select(n);
            double least = Double.POSITIVE_INFINITY;
            for (double e = -3; e <= 3; e += 1e-3) {
                double squares = 0;
                int compared = 0;
                for (int i = 0; i < count; i++) {
                    if (!inside(i)) continue;
                    squares += Math.pow(model[i] - (1 + e) * images[n][i], 2) + 0.03 * Math.pow(e * images[n][i], 2);
                    compared++;
                }
                least = Math.min(least, squares / compared);
            }
            assertEquals(least, graph.forward(), 1e-5 * least, "image " + n);
        }
    }

    @Test
    void aDimmerImageOfTheSameIsHardlyAnError() {
        int count = PLANES * HEIGHT * WIDTH;
        float[] model = Scalar.random(random, count, 1);
        float[] dimmer = model.clone();
        for (int i = 0; i < count; i++) dimmer[i] *= 0.8f;
        MeasuredImages measured =
                new MeasuredImages(device, constant(model), new float[][] {dimmer, new float[count]}, 0);
        Graph graph = new Graph(device, List.of(measured.error()));
        measured.select(0);
        double plain = 0;
        for (float value : model) plain += Math.pow(0.2 * value, 2) / count;
        assertTrue(graph.forward() < 0.05 * plain);
        measured.select(1);
        assertEquals(25 * plain, graph.forward(), 1e-4 * plain, "a dark image explains nothing");
    }
}
