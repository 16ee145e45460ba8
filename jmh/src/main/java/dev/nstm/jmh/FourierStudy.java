package dev.nstm.jmh;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.nstm.device.Device;
import dev.nstm.device.cpu.CpuDevice;
import dev.nstm.simd.Simd;
import dev.nstm.tensor.ElementType;
import dev.nstm.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jtransforms.fft.FloatFFT_2D;
import org.jtransforms.fft.FloatFFT_3D;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.visnow.jlargearrays.ConcurrencyUtils;

/** Forward transforms of one array against FFTW and JTransforms, all with the same number of threads. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
        value = 2,
        jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public class FourierStudy {
    private static final double TOLERANCE = 1e-5;

    @Param({"256x256", "320x1000", "512x512", "1024x1024", "12x512x512"})
    private String size;

    @Param({"complex", "real"})
    private String kind;

    @Param({"1", "2"})
    private int threads;

    private final Arena arena = Arena.ofShared();
    private Device device;
    private Device.ComplexTransform complexTransform;
    private Device.RealTransform realTransform;
    private Tensor array;
    private Tensor spectrum;
    private Fftw fftw;
    private float[] java;
    private FloatFFT_2D plane;
    private FloatFFT_3D volume;
    private boolean real;

    @Setup
    public void prepare() throws Throwable {
        System.out.println("# kernels: " + Simd.describe());
        int[] extents =
                Arrays.stream(size.split("x")).mapToInt(Integer::parseInt).toArray();
        real = kind.equals("real");
        device = new CpuDevice(threads);
        polluteProfiles();
        int count = Arrays.stream(extents).reduce(1, (a, b) -> a * b);
        SplittableRandom random = new SplittableRandom(1);
        float[] values = new float[real ? count : 2 * count];
        for (int i = 0; i < values.length; i++) values[i] = (float) (random.nextDouble() - 0.5);
        if (real) {
            int[] half = extents.clone();
            half[half.length - 1] = half[half.length - 1] / 2 + 1;
            array = device.allocate(extents);
            spectrum = device.allocate(ElementType.COMPLEX64, half);
            realTransform = device.realTransform(extents.length, extents);
        } else {
            array = device.allocate(ElementType.COMPLEX64, extents);
            complexTransform = device.complexTransform(extents.length, extents);
        }
        device.write(array, values);
        ConcurrencyUtils.setNumberOfThreads(threads);
        if (extents.length == 2) plane = new FloatFFT_2D(extents[0], extents[1]);
        else volume = new FloatFFT_3D(extents[0], extents[1], extents[2]);
        java = Arrays.copyOf(values, 2 * count);
        if (NativeLibrary.find(Fftw.LIBRARY).isPresent()) {
            fftw = new Fftw(extents, real, threads, arena);
            for (int i = 0; i < values.length; i++) fftw.input().setAtIndex(JAVA_FLOAT, i, values[i]);
            fftw.execute();
            nstm();
            agree(device.read(real ? spectrum : array));
            device.write(array, values);
        }
    }

    /** Other sizes and kinds first, so that the compiler does not specialise on the one that is measured. */
    private void polluteProfiles() {
        for (int n : new int[] {60, 64, 98, 101}) {
            Tensor other = device.allocate(ElementType.COMPLEX64, n, n);
            Device.ComplexTransform transform = device.complexTransform(2, n, n);
            for (int i = 0; i < 200; i++) transform.forward(other);
        }
    }

    private void agree(float[] ours) {
        double difference = 0;
        double largest = 0;
        for (int i = 0; i < ours.length; i++) {
            float theirs = fftw.output().getAtIndex(JAVA_FLOAT, i);
            difference = Math.max(difference, Math.abs(ours[i] - theirs));
            largest = Math.max(largest, Math.abs(theirs));
        }
        if (difference > TOLERANCE * largest)
            throw new IllegalStateException(
                    "our transform of " + size + " differs from FFTW's by " + difference / largest);
    }

    @TearDown
    public void close() {
        device.close();
        arena.close();
    }

    @Benchmark
    public void nstm() {
        if (real) realTransform.forward(array, spectrum);
        else complexTransform.forward(array);
    }

    @Benchmark
    public void fftw() throws Throwable {
        if (fftw == null) throw new IllegalStateException("FFTW is not installed (" + Fftw.LIBRARY + ")");
        fftw.execute();
    }

    @Benchmark
    public void jtransforms() {
        if (plane != null && real) plane.realForwardFull(java);
        else if (plane != null) plane.complexForward(java);
        else if (real) volume.realForwardFull(java);
        else volume.complexForward(java);
    }
}
