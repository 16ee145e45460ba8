package dev.nstm.jmh;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.nstm.simd.MatrixKernel;
import dev.nstm.simd.PeakKernel;
import dev.nstm.simd.Simd;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.ejml.data.FMatrixRMaj;
import org.ejml.dense.row.CommonOps_FDRM;
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
import org.openjdk.jmh.annotations.Warmup;

/** The three products of a layer of 128 neurons at 4096 points on one thread, against OpenBLAS and EJML. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
        value = 2,
        jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public class DenseStudy {
    static final String OPENBLAS = "libopenblas.so.0";
    static final int POINTS = 4096;
    static final int WIDTH = 128;
    /** Operations of each product. */
    static final double OPERATIONS = 2.0 * POINTS * WIDTH * WIDTH;

    private static final int TILE = 192;
    private static final int ROW_MAJOR = 101;
    private static final int PLAIN = 111;
    private static final int TRANSPOSED = 112;
    private static final double TOLERANCE = 1e-3;

    /** forward: Y = X W; inputGradient: Y = X W'; weightGradient: W = X' Y. */
    @Param({"forward", "inputGradient", "weightGradient"})
    private String product;

    private MemorySegment points;
    private MemorySegment weights;
    private MemorySegment rows;
    private MemorySegment scratch;
    private MemorySegment result;
    private MethodHandle sgemm;
    private FMatrixRMaj left;
    private FMatrixRMaj right;
    private FMatrixRMaj ejml;

    @Setup
    public void prepare() throws Throwable {
        System.out.println("# kernels: " + Simd.describe());
        SplittableRandom random = new SplittableRandom(1);
        points = random(random, POINTS * WIDTH);
        boolean weightGradient = product.equals("weightGradient");
        weights = random(random, weightGradient ? POINTS * WIDTH : WIDTH * WIDTH);
        rows = Arena.global().allocate(4L * TILE * WIDTH, 64);
        scratch = Arena.global().allocate(4L * MatrixKernel.TRANSPOSE_SCRATCH, 64);
        result = Arena.global().allocate(4L * POINTS * WIDTH, 64);
        left = new FMatrixRMaj(POINTS, WIDTH, true, byPoints(points));
        right = weightGradient
                ? new FMatrixRMaj(POINTS, WIDTH, true, byPoints(weights))
                : new FMatrixRMaj(WIDTH, WIDTH, true, values(weights, WIDTH * WIDTH));
        if (product.equals("forward")) CommonOps_FDRM.transpose(right);
        ejml = new FMatrixRMaj(weightGradient ? WIDTH : POINTS, WIDTH);
        NativeLibrary.find(OPENBLAS).ifPresent(this::bind);
        polluteProfiles();
        nstm();
        float[] ours = weightGradient ? values(result, WIDTH * WIDTH) : byPoints(result);
        ejml();
        for (int i = 0; i < ours.length; i++) {
            if (Math.abs(ours[i] - ejml.data[i]) > TOLERANCE)
                throw new IllegalStateException("our " + product + " differs from EJML's");
        }
    }

    private void bind(NativeLibrary library) {
        try {
            library.function("openblas_set_num_threads", FunctionDescriptor.ofVoid(JAVA_INT))
                    .invokeExact(1);
        } catch (Throwable failure) {
            throw new IllegalStateException("OpenBLAS refuses to run on one thread", failure);
        }
        sgemm = library.function(
                "cblas_sgemm",
                FunctionDescriptor.ofVoid(
                        JAVA_INT,
                        JAVA_INT,
                        JAVA_INT,
                        JAVA_INT,
                        JAVA_INT,
                        JAVA_INT,
                        JAVA_FLOAT,
                        ADDRESS,
                        JAVA_INT,
                        ADDRESS,
                        JAVA_INT,
                        JAVA_FLOAT,
                        ADDRESS,
                        JAVA_INT));
    }

    /** Other shapes first, so that the compiler does not specialise on the one that is measured. */
    private void polluteProfiles() {
        for (int i = 0; i < 2000; i++) {
            MatrixKernel.multiplyAdd(points, 0, 32, 1, weights, 0, 32, result, 0, 32, 37, 32, 19);
            MatrixKernel.multiplyAdd(points, 0, 1, 64, weights, 0, 64, result, 0, 64, 16, 64, 50);
        }
    }

    private static MemorySegment random(SplittableRandom random, int count) {
        MemorySegment segment = Arena.global().allocate(4L * count, 64);
        for (int i = 0; i < count; i++) segment.setAtIndex(JAVA_FLOAT, i, (float) (random.nextDouble() - 0.5));
        return segment;
    }

    private static float[] values(MemorySegment segment, int count) {
        return segment.asSlice(0, 4L * count).toArray(JAVA_FLOAT);
    }

    /** Values that lie tile by tile, {@code [tile][neuron][point]}, as {@code [point][neuron]}. */
    private static float[] byPoints(MemorySegment tiles) {
        float[] byPoints = new float[POINTS * WIDTH];
        for (int point = 0; point < POINTS; point++) {
            int first = point / TILE * TILE;
            int count = Math.min(TILE, POINTS - first);
            for (int neuron = 0; neuron < WIDTH; neuron++)
                byPoints[point * WIDTH + neuron] =
                        tiles.getAtIndex(JAVA_FLOAT, (long) first * WIDTH + (long) neuron * count + point - first);
        }
        return byPoints;
    }

    /** Tile by tile, as the training step does it. */
    @Benchmark
    public void nstm() {
        result.asSlice(0, 4L * (product.equals("weightGradient") ? WIDTH : POINTS) * WIDTH)
                .fill((byte) 0);
        for (int first = 0; first < POINTS; first += TILE) {
            long at = (long) first * WIDTH;
            int count = Math.min(TILE, POINTS - first);
            switch (product) {
                // Forward with weights that were transposed once a step, backward with the weights as they are.
                case "forward", "inputGradient" ->
                    MatrixKernel.multiplyAdd(
                            weights, 0, WIDTH, 1, points, at, count, result, at, count, WIDTH, count, WIDTH);
                default -> {
                    MatrixKernel.transpose(weights, at, count, rows, 0, WIDTH, WIDTH, count, scratch);
                    MatrixKernel.multiplyAdd(
                            points, at, count, 1, rows, 0, WIDTH, result, 0, WIDTH, WIDTH, WIDTH, count);
                }
            }
        }
    }

    @Benchmark
    public void openblas() throws Throwable {
        if (sgemm == null) throw new IllegalStateException("OpenBLAS is not installed (" + OPENBLAS + ")");
        boolean weightGradient = product.equals("weightGradient");
        sgemm.invokeExact(
                ROW_MAJOR,
                weightGradient ? TRANSPOSED : PLAIN,
                product.equals("inputGradient") ? TRANSPOSED : PLAIN,
                weightGradient ? WIDTH : POINTS,
                WIDTH,
                weightGradient ? POINTS : WIDTH,
                1f,
                points,
                WIDTH,
                weights,
                WIDTH,
                0f,
                result,
                WIDTH);
    }

    @Benchmark
    public void ejml() {
        switch (product) {
            case "forward" -> CommonOps_FDRM.mult(left, right, ejml);
            case "inputGradient" -> CommonOps_FDRM.multTransB(left, right, ejml);
            default -> CommonOps_FDRM.multTransA(left, right, ejml);
        }
    }

    /** As many multiply-adds as a product has, and nothing else: the machine's floor. */
    @Benchmark
    public float floor() {
        return PeakKernel.run((int) (OPERATIONS / PeakKernel.OPERATIONS), 1f);
    }
}
