package dev.nstm.cuda;

import dev.nstm.device.Activation;
import dev.nstm.device.DeviceSettings;
import dev.nstm.device.Encoding;
import dev.nstm.device.NetworkLayout;
import dev.nstm.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Times the layers of the published networks for one shot of 320x1000, forward and backward: all in one kernel, and as
 * products of cuBLAS.
 */
public final class LayersComparison {
    private static final int POINTS = 320 * 1000;
    private static final int WARM_UP = 3;
    private static final int PASSES = 20;

    private LayersComparison() {}

    public static void main(String[] arguments) {
        CudaLibraries.load(new LibrarySearch(System.getenv()));
        Encoding features = new Encoding.Identity(0, 16);
        compare("object", new NetworkLayout(List.of(features), 128, 2, 4, Activation.GELU, 2));
        compare("motion", new NetworkLayout(List.of(features), 32, 2, 6, Activation.ELU, 2));
    }

    private static void compare(String name, NetworkLayout layout) {
        for (boolean tensorCores : new boolean[] {false, true}) {
            System.out.printf(
                    "layers of the %s network, %s: one kernel %.3f ms, chain of products %.3f ms%n",
                    name,
                    tensorCores ? "tf32" : "fp32",
                    1e3 * run(layout, POINTS, true, tensorCores).seconds,
                    1e3 * run(layout, POINTS, false, tensorCores).seconds);
        }
    }

    /**
     * What came of it.
     *
     * @param seconds of one pass
     * @param gradient of the parameters after all
     */
    record Run(double seconds, float[] gradient) {}

    static Run run(NetworkLayout layout, int points, boolean fused, boolean tensorCores) {
        try (CudaDevice device = new CudaDevice(
                new DeviceSettings(1, Long.MAX_VALUE, tensorCores, false),
                KernelCompiler.usualCache(System.getenv()))) {
            Layers layers = fused
                    ? new FusedLayers(device, layout, points, true, device.tensorCores())
                    : new ChainedLayers(device, layout, true);
            Tensor parameters = device.allocate(layout.parameterCount());
            device.fill(parameters, 0.01f);
            Tensor gradient = device.allocate(layout.parameterCount());
            Rows features = rows(device, layout.features(), points);
            Rows memory = rows(device, layers.forwardRows(), points);
            Rows output = rows(device, layout.outputs(), points);
            Rows featureGradient = rows(device, layout.features(), points);
            Rows work = rows(device, Math.max(1, layers.backwardRows()), points);
            long start = 0;
            for (int pass = 0; pass < WARM_UP + PASSES; pass++) {
                if (pass == WARM_UP) {
                    device.read(gradient);
                    start = System.nanoTime();
                }
                layers.forward(parameters, features, memory, output, points);
                layers.backward(parameters, features, memory, output, gradient, featureGradient, work, points);
            }
            float[] summed = device.read(gradient);
            return new Run(1e-9 * (System.nanoTime() - start) / PASSES, summed);
        }
    }

    private static Rows rows(CudaDevice device, long count, int points) {
        MemorySegment memory = device.context().allocate(4 * count * points);
        return new Rows(memory, 0, points);
    }
}
