package dev.nstm.jmh;

import dev.nstm.device.Activation;
import dev.nstm.device.CpuDevice;
import dev.nstm.device.Device;
import dev.nstm.device.NetworkLayout;
import dev.nstm.field.HashGrids;
import dev.nstm.field.NetworkInitializer;
import dev.nstm.simd.MatrixKernel;
import dev.nstm.simd.Simd;
import dev.nstm.tensor.ElementType;
import dev.nstm.tensor.Tensor;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The three things a training step is made of: dense layers, encoded networks, transforms. Runs on all processors. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public class KernelBenchmarks {
    private static final int POINTS = 1 << 16;

    private Device device;
    private Tensor matrices;
    private Tensor coordinates;
    private Tensor parameters;
    private Tensor gradient;
    private Tensor window;
    private Tensor output;
    private Device.NetworkEvaluator network;
    private Tensor picture;
    private Tensor spectrum;
    private Device.RealTransform transform;

    @Setup
    public void prepare() {
        System.out.println("# kernels: " + Simd.describe());
        device = new CpuDevice(Runtime.getRuntime().availableProcessors());
        SplittableRandom random = new SplittableRandom(1);
        matrices = device.allocate(3 * 128 * 128);
        coordinates = device.allocate(2, POINTS);
        for (Tensor tensor : List.of(matrices, coordinates)) {
            for (int i = 0; i < tensor.count(); i++) tensor.set(i, (float) random.nextDouble() * 100);
        }
        NetworkLayout layout = new NetworkLayout(List.of(HashGrids.geometric(0, new double[] {0, 0}, new double[] {100, 100}, 8, 2, 16,
                new double[] {5, 5}, new double[] {80, 80})), 128, 2, 4, Activation.GELU, 2);
        parameters = device.allocate(layout.parameterCount());
        device.write(parameters, NetworkInitializer.initialize(layout, 1));
        gradient = device.allocate(layout.parameterCount());
        window = device.allocate(layout.features());
        device.fill(window, 1);
        output = device.allocate(2, POINTS);
        network = device.network(layout, POINTS, true);
        picture = device.allocate(4, 320, 1000);
        for (int i = 0; i < picture.count(); i++) picture.set(i, (float) random.nextDouble());
        spectrum = device.allocate(ElementType.COMPLEX64, 4, 320, 501);
        transform = device.realTransform(2, 4, 320, 1000);
    }

    @TearDown
    public void close() {
        device.close();
    }

    /** One 128x128x128 product on one thread: 4.2 MFLOP. */
    @Benchmark
    public void matrixProduct() {
        MatrixKernel.multiplyAdd(matrices.data(), 0, 128, 1, matrices.data(), 128 * 128, 128, matrices.data(), 2 * 128 * 128, 128, 128, 128, 128);
    }

    /** The published scene network at 65536 points. */
    @Benchmark
    public void networkForward() {
        network.forward(coordinates, parameters, window, output);
    }

    /** Its gradients with respect to parameters. */
    @Benchmark
    public void networkBackward() {
        network.backward(coordinates, parameters, window, output, gradient, null);
    }

    /** Real transforms of four pictures of 320x1000. */
    @Benchmark
    public void realTransform() {
        transform.forward(picture, spectrum);
    }
}
