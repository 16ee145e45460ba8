package dev.nstm.jmh;

import dev.nstm.device.Activation;
import dev.nstm.device.Device;
import dev.nstm.device.NetworkLayout;
import dev.nstm.device.cpu.CpuDevice;
import dev.nstm.field.HashGrids;
import dev.nstm.field.NetworkInitializer;
import dev.nstm.simd.ActivationKernel;
import dev.nstm.simd.AdamKernel;
import dev.nstm.simd.Simd;
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

/** An encoded network as a whole, and the kernels of a training step that have no peer elsewhere. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 3,
        jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public class NetworkStudy {
    private static final int POINTS = 1 << 16;
    private static final int VALUES = 1 << 20;

    private Device device;
    private Tensor values;
    private Tensor slopes;
    private Tensor first;
    private Tensor second;
    private Tensor coordinates;
    private Tensor parameters;
    private Tensor gradient;
    private Tensor window;
    private Tensor output;
    private Device.NetworkEvaluator network;

    @Setup
    public void prepare() {
        System.out.println("# kernels: " + Simd.describe());
        device = new CpuDevice(Runtime.getRuntime().availableProcessors());
        SplittableRandom random = new SplittableRandom(1);
        coordinates = device.allocate(2, POINTS);
        values = device.allocate(VALUES);
        slopes = device.allocate(VALUES);
        first = device.allocate(VALUES);
        second = device.allocate(VALUES);
        for (Tensor tensor : List.of(coordinates, values, slopes)) {
            for (int i = 0; i < tensor.count(); i++) tensor.set(i, (float) random.nextDouble() * 100);
        }
        NetworkLayout layout = new NetworkLayout(
                List.of(HashGrids.geometric(
                        0, new double[] {0, 0}, new double[] {100, 100}, 8, 2, 16, new double[] {5, 5}, new double[] {
                            80, 80
                        })),
                128,
                2,
                4,
                Activation.GELU,
                2);
        parameters = device.allocate(layout.parameterCount());
        device.write(parameters, NetworkInitializer.initialize(layout, 1));
        gradient = device.allocate(layout.parameterCount());
        window = device.allocate(layout.features());
        device.fill(window, 1);
        output = device.allocate(2, POINTS);
        network = device.network(layout, POINTS, true);
    }

    @TearDown
    public void close() {
        device.close();
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

    /** GELU of a million values on one thread. */
    @Benchmark
    public void gelu() {
        ActivationKernel.gelu(values.data(), 0, values.data(), VALUES);
    }

    /** Adam's update of a million parameters on one thread. */
    @Benchmark
    public void adam() {
        AdamKernel.update(
                values.data(),
                slopes.data(),
                first.data(),
                second.data(),
                0,
                VALUES,
                1e-3f,
                0.9f,
                0.99f,
                1e-15f,
                0.5f,
                0.5f);
    }
}
