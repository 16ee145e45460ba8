package dev.nstm.apps;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nstm.apps.io.NpyArray;
import dev.nstm.autodiff.Graph;
import dev.nstm.autodiff.Leaf;
import dev.nstm.autodiff.ShutteredFilterBank;
import dev.nstm.device.Device;
import dev.nstm.device.TestDevice;
import dev.nstm.optics.Diffuser;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.HalfSpectrum;
import dev.nstm.optics.Shutter;
import dev.nstm.tensor.ElementType;
import dev.nstm.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Golden values of the rolling-shutter camera. */
final class GoldenLensless {
    private static final double FORWARD = 1e-5;
    private static final double GRADIENT = 1e-4;

    private GoldenLensless() {}

    static void check(JsonNode p, Map<String, NpyArray> arrays) {
        int height = p.get("dimYx").get(0).asInt();
        int width = p.get("dimYx").get(1).asInt();
        Shutter shutter =
                new Shutter(Shutter.Kind.DUAL, height, p.get("exposureLines").asInt());
        checkShutter(shutter, arrays, height, width);
        int[] moments = IntStream.range(0, arrays.get("timeIndex").values().length)
                .map(i -> (int) arrays.get("timeIndex").values()[i])
                .toArray();
        double[] psf = arrays.get("psf").values();
        List<Grid2D> colours = new ArrayList<>();
        for (int c = 0; c < 3; c++) {
            Grid2D colour = new Grid2D(height, width);
            for (int i = 0; i < height * width; i++) colour.values()[i] = psf[i * 3 + c];
            colours.add(colour);
        }
        // The reference's scene is padded to twice the sensor already, and so are its transforms.
        Diffuser diffuser = new Diffuser(colours, 2 * height, 2 * width, new int[] {2 * height, 2 * width});
        int pixels = 4 * height * width;
        try (Device device = TestDevice.open()) {
            int bins = 2 * height * (width + 1);
            Tensor filters = device.allocate(ElementType.COMPLEX64, 3, bins);
            Tensor one = device.allocate(ElementType.COMPLEX64, bins);
            for (int c = 0; c < 3; c++) {
                device.write(one, HalfSpectrum.hermitian(diffuser.transfer(c)).values());
                device.copy(one, 0, filters, c * bins, bins);
            }
            Tensor scene = device.allocate(3, moments.length, pixels);
            Tensor gradient = device.allocate(3, moments.length, pixels);
            device.write(scene, channelsFirst(arrays.get("x").values(), moments.length * pixels));
            ShutteredFilterBank camera = new ShutteredFilterBank(
                    device,
                    Leaf.parameter(scene, gradient),
                    filters,
                    3,
                    moments.length,
                    new ShutteredFilterBank.Geometry(
                            new int[] {2 * height, 2 * width},
                            new int[2],
                            new int[] {height, width},
                            new int[] {height / 2, width / 2},
                            diffuser.transform()));
            for (int i = 0; i < moments.length; i++)
                camera.open(
                        i,
                        shutter.open(moments[i]).stream()
                                .flatMapToInt(run -> IntStream.of(run.first(), run.count()))
                                .toArray());
            Tensor cotangent = device.allocate(3, height, width);
            device.write(cotangent, channelsFirst(arrays.get("cotangent").values(), height * width));
            Graph graph = new Graph(device, List.of(new GoldenSim.Product(device, camera, cotangent)));
            graph.forward();
            graph.backward();
            GoldenParityTest.close(
                    "y",
                    array(channelsFirst(arrays.get("y").values(), height * width)),
                    device.read(camera.value()),
                    FORWARD);
            GoldenParityTest.close(
                    "gradX",
                    array(channelsFirst(arrays.get("gradX").values(), moments.length * pixels)),
                    device.read(gradient),
                    GRADIENT);
        }
    }

    private static void checkShutter(Shutter shutter, Map<String, NpyArray> arrays, int height, int width) {
        double[] expected = arrays.get("shutter").values();
        double[] halved = arrays.get("shutterHalfTime").values();
        assertEquals(expected.length, shutter.moments() * height * width);
        double[] open = new double[expected.length];
        for (int moment = 0; moment < shutter.moments(); moment++) {
            for (Shutter.Run run : shutter.open(moment)) {
                for (int i = run.first() * width; i < (run.first() + run.count()) * width; i++)
                    open[moment * height * width + i] = 1;
            }
        }
        for (int i = 0; i < open.length; i++) assertEquals(expected[i], open[i], "shutter " + i);
        for (int i = 0; i < halved.length; i++) {
            int pair = 2 * (i / (height * width)) * height * width + i % (height * width);
            assertEquals(halved[i], (open[pair] + open[pair + height * width]) / 2, "shutterHalfTime " + i);
        }
    }

    private static float[] channelsFirst(double[] values, int points) {
        float[] first = new float[values.length];
        for (int i = 0; i < values.length; i++) first[i % 3 * points + i / 3] = (float) values[i];
        return first;
    }

    private static NpyArray array(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) wide[i] = values[i];
        return NpyArray.of(wide);
    }
}
