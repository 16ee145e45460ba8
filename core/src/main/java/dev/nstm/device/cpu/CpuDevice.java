package dev.nstm.device.cpu;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.device.Device;
import dev.nstm.device.ElementFunction;
import dev.nstm.device.NetworkLayout;
import dev.nstm.device.OperationChecks;
import dev.nstm.device.PixelGrid;
import dev.nstm.device.cpu.ElementJob.Operation;
import dev.nstm.simd.Simd;
import dev.nstm.tensor.ElementType;
import dev.nstm.tensor.Sizes;
import dev.nstm.tensor.Tensor;
import dev.nstm.tensor.TensorArena;
import dev.nstm.tensor.Workspace;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * The processor: kernels of {@link dev.nstm.simd} over fixed pieces of the data, shared out among a team of threads.
 */
public final class CpuDevice implements Device {
    /** The device's own, and those of open scopes; the innermost first. */
    private final Deque<TensorArena> arenas = new ArrayDeque<>(List.of(new TensorArena()));

    private final ThreadTeam team;
    private final Workspace[] scratch;
    private final ElementJob elements;
    private final SumJob sums;
    private final BlockJob blocks;
    private final InteriorJob interiors;
    private final StridedJob strided;
    private final AdamJob adam;

    /** @param threads threads to compute with, at least 1; the results do not depend on it */
    public CpuDevice(int threads) {
        team = new ThreadTeam(threads);
        elements = new ElementJob(team);
        sums = new SumJob(team);
        blocks = new BlockJob(team);
        interiors = new InteriorJob(team);
        strided = new StridedJob(team);
        adam = new AdamJob(team);
        scratch = new Workspace[threads];
        for (int i = 0; i < threads; i++) scratch[i] = new Workspace(arenas.getLast(), TensorArena.ALIGNMENT);
    }

    /** Scratch memory of one thread; shared by all operations, of which one runs at a time. */
    Workspace scratch(int worker) {
        return scratch[worker];
    }

    ThreadTeam team() {
        return team;
    }

    /** Where memory is taken from now. */
    TensorArena arena() {
        return arenas.getFirst();
    }

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public String description() {
        return team.size() + (team.size() == 1 ? " thread, " : " threads, ") + Simd.describe();
    }

    @Override
    public Tensor allocate(ElementType type, int... extents) {
        return arena().allocate(type, extents);
    }

    @Override
    public long allocatedBytes() {
        return arenas.stream().mapToLong(TensorArena::bytes).sum();
    }

    @Override
    public Scope scope() {
        TensorArena opened = new TensorArena();
        arenas.addFirst(opened);
        return () -> {
            require(
                    arenas.getFirst() == opened,
                    "scopes of device memory are closed in the order opposite to that of their opening");
            arenas.removeFirst().close();
        };
    }

    @Override
    public void write(Tensor target, int first, float[] values) {
        OperationChecks.written(target, first, values);
        MemorySegment.copy(
                values,
                0,
                target.data(),
                ValueLayout.JAVA_FLOAT,
                4L * first * target.type().floats(),
                values.length);
    }

    @Override
    public float[] read(Tensor source) {
        return source.toArray();
    }

    @Override
    public void fill(Tensor x, float value) {
        elements.z(x, 0).run(Operation.FILL, value, x.floats());
    }

    @Override
    public void fillRange(Tensor x, int first, int count, float value) {
        OperationChecks.real(x, first, count);
        elements.z(x, first).run(Operation.FILL, value, count);
    }

    @Override
    public void copy(Tensor x, int xFirst, Tensor y, int yFirst, int count) {
        OperationChecks.sameType(x, xFirst, y, yFirst, count);
        int floats = x.type().floats();
        elements.x(x, (long) xFirst * floats)
                .z(y, (long) yFirst * floats)
                .run(Operation.COPY, 1, Math.multiplyExact(count, floats));
    }

    @Override
    public void axpy(float a, Tensor x, int xFirst, Tensor y, int yFirst, int count) {
        OperationChecks.sameType(x, xFirst, y, yFirst, count);
        int floats = x.type().floats();
        elements.x(x, (long) xFirst * floats)
                .z(y, (long) yFirst * floats)
                .run(Operation.AXPY, a, Math.multiplyExact(count, floats));
    }

    @Override
    public void multiply(
            float a, Tensor x, int xFirst, Tensor y, int yFirst, Tensor z, int zFirst, int count, boolean add) {
        OperationChecks.real(x, xFirst, count);
        OperationChecks.real(y, yFirst, count);
        OperationChecks.real(z, zFirst, count);
        elements.x(x, xFirst).y(y, yFirst).z(z, zFirst).run(add ? Operation.ADD_PRODUCT : Operation.PRODUCT, a, count);
    }

    @Override
    public void copyBlock(Tensor x, int[] from, Tensor y, int[] to, int[] size, boolean add) {
        OperationChecks.block(x, from, size);
        OperationChecks.block(y, to, size);
        blocks.copy(x, from, y, to, size, add);
    }

    @Override
    public void apply(ElementFunction function, Tensor x, int xFirst, Tensor y, int yFirst, int count) {
        OperationChecks.real(x, xFirst, count);
        OperationChecks.real(y, yFirst, count);
        elements.x(x, xFirst).z(y, yFirst).run(Operation.APPLY, function, count);
    }

    @Override
    public void addSlopeProduct(
            ElementFunction function, Tensor x, int xFirst, Tensor g, int gFirst, Tensor z, int zFirst, int count) {
        OperationChecks.real(x, xFirst, count);
        OperationChecks.real(g, gFirst, count);
        OperationChecks.real(z, zFirst, count);
        elements.x(x, xFirst).y(g, gFirst).z(z, zFirst).run(Operation.ADD_SLOPE, function, count);
    }

    @Override
    public void copyStrided(Tensor x, int xFirst, int xStep, Tensor y, int yFirst, int yStep, int count, boolean add) {
        OperationChecks.strided(x, xFirst, xStep, count);
        OperationChecks.strided(y, yFirst, yStep, count);
        strided.copy(x, xFirst, xStep, y, yFirst, yStep, count, add);
    }

    @Override
    public void scaleAdd(float a, Tensor x, int xFirst, Tensor y, int yFirst, Tensor z, int zFirst, int count) {
        OperationChecks.real(x, xFirst, count);
        OperationChecks.real(y, yFirst, count);
        OperationChecks.real(z, zFirst, count);
        elements.x(x, xFirst).y(y, yFirst).z(z, zFirst).run(Operation.SCALE_ADD, a, count);
    }

    @Override
    public void interiorDifference(Tensor x, Tensor y, int margin, Tensor z) {
        OperationChecks.interior(x, y, margin, z);
        interiors.subtract(x, y, margin, z);
    }

    @Override
    public void removeComponents(
            float share, Tensor basis, int basisFirst, int components, Tensor x, int xFirst, int count) {
        OperationChecks.components(basis, basisFirst, components, x, xFirst, count);
        for (int i = 0; i < components; i++) {
            int row = basisFirst + i * count;
            double component = sums.dot(basis, row, x, xFirst, count);
            elements.x(basis, row).z(x, xFirst).run(Operation.AXPY, (float) (-share * component), count);
        }
    }

    @Override
    public void negativePart(Tensor x, int xFirst, Tensor y, int yFirst, int count) {
        OperationChecks.real(x, xFirst, count);
        OperationChecks.real(y, yFirst, count);
        elements.x(x, xFirst).z(y, yFirst).run(Operation.NEGATIVE_PART, 1, count);
    }

    @Override
    public void addWhereNegative(float a, Tensor x, int xFirst, Tensor y, int yFirst, int count) {
        OperationChecks.real(x, xFirst, count);
        OperationChecks.real(y, yFirst, count);
        elements.x(x, xFirst).z(y, yFirst).run(Operation.ADD_WHERE_NEGATIVE, a, count);
    }

    @Override
    public double halfSpectrumDot(Tensor x, int xFirst, Tensor y, int yFirst, int rows, int width) {
        OperationChecks.halfSpectra(x, xFirst, y, yFirst, rows, width);
        return sums.halfSpectrumDot(x, xFirst, y, yFirst, rows, width);
    }

    @Override
    public Sums sums(int count) {
        double[] totals = new double[count];
        return new Sums() {
            @Override
            public void clear() {
                Arrays.fill(totals, 0);
            }

            @Override
            public void addSquares(int index, double factor, Tensor x, int first, int count) {
                OperationChecks.real(x, first, count);
                totals[index] += factor * sums.of(SumJob.Operation.SQUARES, x, first, count);
            }

            @Override
            public void addNegatives(int index, double factor, Tensor x, int first, int count) {
                OperationChecks.real(x, first, count);
                totals[index] += factor * sums.of(SumJob.Operation.NEGATIVES, x, first, count);
            }

            @Override
            public void read(double[] values) {
                System.arraycopy(totals, 0, values, 0, values.length);
            }
        };
    }

    @Override
    public void multiplyComplex(
            Tensor h,
            int hFirst,
            Tensor x,
            int xFirst,
            Tensor z,
            int zFirst,
            int count,
            boolean conjugate,
            boolean add) {
        OperationChecks.complex(h, hFirst, count);
        OperationChecks.complex(x, xFirst, count);
        OperationChecks.complex(z, zFirst, count);
        Operation product = conjugate
                ? add ? Operation.ADD_CONJUGATE_PRODUCT : Operation.CONJUGATE_PRODUCT
                : add ? Operation.ADD_COMPLEX_PRODUCT : Operation.COMPLEX_PRODUCT;
        elements.x(h, hFirst).y(x, xFirst).z(z, zFirst).run(product, 1, count);
    }

    @Override
    public void adam(
            Tensor parameters,
            Tensor gradient,
            Tensor firstMoment,
            Tensor secondMoment,
            float rate,
            float b1,
            float b2,
            float epsilon,
            float correction1,
            float correction2) {
        OperationChecks.adam(parameters, gradient, firstMoment, secondMoment);
        adam.of(parameters, gradient, firstMoment, secondMoment)
                .update(parameters.count(), rate, b1, b2, epsilon, correction1, correction2);
    }

    @Override
    public NetworkEvaluator network(NetworkLayout layout, int points, boolean trained) {
        return new CpuNetwork(this, layout, points, null, trained);
    }

    @Override
    public PixelEvaluator pixelNetwork(NetworkLayout layout, PixelGrid grid, int reach, int pictures, boolean trained) {
        OperationChecks.pixelNetwork(layout, grid, reach, pictures);
        return new CpuNetwork(
                this,
                layout,
                Sizes.product("points of all pictures", pictures, grid.count()),
                new PixelFeatures(layout, grid.extended(reach), pictures, arena()),
                trained);
    }

    @Override
    public RealTransform realTransform(int axes, int... extents) {
        return new CpuRealTransform(this, axes, extents);
    }

    @Override
    public ComplexTransform complexTransform(int axes, int... extents) {
        return new CpuComplexTransform(this, axes, extents);
    }

    @Override
    public void close() {
        team.close();
        while (!arenas.isEmpty()) arenas.removeFirst().close();
    }
}
