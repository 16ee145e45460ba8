package dev.nstm.cuda;

import dev.nstm.device.Device;
import dev.nstm.device.DeviceSettings;
import dev.nstm.device.ElementFunction;
import dev.nstm.device.NetworkLayout;
import dev.nstm.device.OperationChecks;
import dev.nstm.device.PixelGrid;
import dev.nstm.tensor.ElementType;
import dev.nstm.tensor.Shape;
import dev.nstm.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * An NVIDIA GPU: our kernels, cuBLAS and cuFFT. Operations are queued in the order of the calls; those that return a
 * number wait for it.
 */
final class CudaDevice implements Device {
    private static final int SUM_BLOCKS = 512;
    /** Compute capability, times ten, from which on tensor cores take factors of 10 bits of mantissa. */
    private static final int TENSOR_FLOAT_CAPABILITY = 80;

    private final DeviceSettings settings;
    private final KernelCompiler compiler;
    private final Map<Program, Kernels> programs = new HashMap<>();
    private CudaContext context;
    private Kernels kernels;
    private Matrices matrices;
    private Transforms transforms;
    private Recordings recordings;
    private Scratch scratch;
    /** Sums of blocks, then their total. */
    private MemorySegment sums;

    /** @param cache folder of compiled kernels */
    CudaDevice(DeviceSettings settings, Path cache) {
        this.settings = settings;
        compiler = new KernelCompiler(cache);
        try {
            context = new CudaContext(settings.memoryLimit());
            context.requireDriverFor(KernelCompiler.version()[0]);
            kernels = kernels(Program.operations());
            matrices = new Matrices(context, settings.tensorFloat32());
            transforms = new Transforms(context, kernels);
            recordings = new Recordings(context);
            scratch = new Scratch(context);
            sums = context.allocate(8L * (SUM_BLOCKS + 1));
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    CudaContext context() {
        return context;
    }

    Kernels kernels() {
        return kernels;
    }

    /** Those of a program, which is compiled when it is first asked for. */
    Kernels kernels(Program program) {
        return programs.computeIfAbsent(
                program, fresh -> new Kernels(context, fresh, compiler.compile(fresh, context.capability())));
    }

    Matrices matrices() {
        return matrices;
    }

    Scratch scratch() {
        return scratch;
    }

    /** Small networks take one kernel, large ones a chain of products. */
    Layers layers(NetworkLayout layout, int points, boolean trained) {
        return FusedLayers.suit(context, layout)
                ? new FusedLayers(this, layout, points, trained, tensorCores())
                : new ChainedLayers(this, layout, trained);
    }

    /** Whether products of matrices shall run on the tensor cores, and this GPU's can do it. */
    boolean tensorCores() {
        return settings.tensorFloat32() && context.capability() >= TENSOR_FLOAT_CAPABILITY;
    }

    boolean deterministic() {
        return settings.deterministic();
    }

    @Override
    public String name() {
        return "cuda";
    }

    @Override
    public String description() {
        return String.format(
                Locale.ROOT,
                "%s, compute capability %d.%d, %d multiprocessors, %s%s",
                context.name(),
                context.capability() / 10,
                context.capability() % 10,
                context.processors(),
                settings.tensorFloat32() ? "tf32" : "fp32",
                settings.deterministic() ? ", deterministic" : "");
    }

    @Override
    public Tensor allocate(ElementType type, int... extents) {
        Shape shape = Shape.of(extents);
        return new Tensor(shape, type, context.allocate((long) shape.count() * type.floats() * Float.BYTES));
    }

    @Override
    public long allocatedBytes() {
        return context.bytes();
    }

    @Override
    public Scope scope() {
        return context.scope();
    }

    @Override
    public void write(Tensor target, int first, float[] values) {
        OperationChecks.written(target, first, values);
        context.write(
                MemorySegment.ofArray(values),
                target.data().asSlice(4L * first * target.type().floats()));
    }

    @Override
    public float[] read(Tensor source) {
        float[] values = new float[source.floats()];
        context.read(source.data(), MemorySegment.ofArray(values));
        return values;
    }

    @Override
    public void fill(Tensor x, float value) {
        context.fill(x.data(), 0, x.floats(), Float.floatToRawIntBits(value));
    }

    @Override
    public void fillRange(Tensor x, int first, int count, float value) {
        OperationChecks.real(x, first, count);
        context.fill(x.data(), 4L * first, count, Float.floatToRawIntBits(value));
    }

    @Override
    public void copy(Tensor x, int xFirst, Tensor y, int yFirst, int count) {
        OperationChecks.sameType(x, xFirst, y, yFirst, count);
        long bytes = 4L * x.type().floats();
        context.copy(x.data(), xFirst * bytes, y.data(), yFirst * bytes, count * bytes);
    }

    @Override
    public void axpy(float a, Tensor x, int xFirst, Tensor y, int yFirst, int count) {
        OperationChecks.sameType(x, xFirst, y, yFirst, count);
        int floats = x.type().floats();
        kernels.of(Kernel.AXPY)
                .real(a)
                .pointer(x.data(), 4L * floats * xFirst)
                .pointer(y.data(), 4L * floats * yFirst)
                .integer(count * floats)
                .run(count * floats);
    }

    @Override
    public void scaleAdd(float a, Tensor x, int xFirst, Tensor y, int yFirst, Tensor z, int zFirst, int count) {
        OperationChecks.real(x, xFirst, count);
        OperationChecks.real(y, yFirst, count);
        OperationChecks.real(z, zFirst, count);
        kernels.of(Kernel.SCALE_ADD)
                .real(a)
                .pointer(x.data(), 4L * xFirst)
                .pointer(y.data(), 4L * yFirst)
                .pointer(z.data(), 4L * zFirst)
                .integer(count)
                .run(count);
    }

    @Override
    public void multiply(
            float a, Tensor x, int xFirst, Tensor y, int yFirst, Tensor z, int zFirst, int count, boolean add) {
        OperationChecks.real(x, xFirst, count);
        OperationChecks.real(y, yFirst, count);
        OperationChecks.real(z, zFirst, count);
        kernels.of(Kernel.MULTIPLY)
                .real(a)
                .pointer(x.data(), 4L * xFirst)
                .pointer(y.data(), 4L * yFirst)
                .pointer(z.data(), 4L * zFirst)
                .integer(count)
                .integer(add ? 1 : 0)
                .run(count);
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
        kernels.of(Kernel.MULTIPLY_COMPLEX)
                .pointer(h.data(), 8L * hFirst)
                .pointer(x.data(), 8L * xFirst)
                .pointer(z.data(), 8L * zFirst)
                .integer(count)
                .integer(conjugate ? 1 : 0)
                .integer(add ? 1 : 0)
                .run(count);
    }

    @Override
    public void copyBlock(Tensor x, int[] from, Tensor y, int[] to, int[] size, boolean add) {
        OperationChecks.block(x, from, size);
        OperationChecks.block(y, to, size);
        int count = size[0] * size[1] * size[2];
        kernels.of(Kernel.COPY_BLOCK)
                .pointer(x.data(), corner(x, from))
                .integer(x.shape().extent(-1))
                .integer(x.shape().extent(-1) * x.shape().extent(-2))
                .pointer(y.data(), corner(y, to))
                .integer(y.shape().extent(-1))
                .integer(y.shape().extent(-1) * y.shape().extent(-2))
                .integer(size[1])
                .integer(size[2])
                .integer(count)
                .integer(add ? 1 : 0)
                .run(count);
    }

    private static long corner(Tensor tensor, int[] first) {
        return 4
                * (((long) first[0] * tensor.shape().extent(-2) + first[1])
                                * tensor.shape().extent(-1)
                        + first[2]);
    }

    @Override
    public void apply(ElementFunction function, Tensor x, int xFirst, Tensor y, int yFirst, int count) {
        OperationChecks.real(x, xFirst, count);
        OperationChecks.real(y, yFirst, count);
        kernels.of(Kernel.APPLY_FUNCTION)
                .integer(function.ordinal())
                .pointer(x.data(), 4L * xFirst)
                .pointer(y.data(), 4L * yFirst)
                .integer(count)
                .run(count);
    }

    @Override
    public void addSlopeProduct(
            ElementFunction function, Tensor x, int xFirst, Tensor g, int gFirst, Tensor z, int zFirst, int count) {
        OperationChecks.real(x, xFirst, count);
        OperationChecks.real(g, gFirst, count);
        OperationChecks.real(z, zFirst, count);
        kernels.of(Kernel.ADD_SLOPE_PRODUCT)
                .integer(function.ordinal())
                .pointer(x.data(), 4L * xFirst)
                .pointer(g.data(), 4L * gFirst)
                .pointer(z.data(), 4L * zFirst)
                .integer(count)
                .run(count);
    }

    @Override
    public void copyStrided(Tensor x, int xFirst, int xStep, Tensor y, int yFirst, int yStep, int count, boolean add) {
        OperationChecks.strided(x, xFirst, xStep, count);
        OperationChecks.strided(y, yFirst, yStep, count);
        kernels.of(Kernel.COPY_STRIDED)
                .pointer(x.data(), 4L * xFirst)
                .integer(xStep)
                .pointer(y.data(), 4L * yFirst)
                .integer(yStep)
                .integer(count)
                .integer(add ? 1 : 0)
                .run(count);
    }

    @Override
    public void interiorDifference(Tensor x, Tensor y, int margin, Tensor z) {
        OperationChecks.interior(x, y, margin, z);
        int height = x.shape().rank() > 1 ? x.shape().extent(-2) : 1;
        kernels.of(Kernel.INTERIOR_DIFFERENCE)
                .pointer(x.data(), 0)
                .pointer(y.data(), 0)
                .pointer(z.data(), 0)
                .integer(height)
                .integer(x.shape().extent(-1))
                .integer(margin)
                .integer(x.count())
                .run(x.count());
    }

    @Override
    public void removeComponents(
            float share, Tensor basis, int basisFirst, int components, Tensor x, int xFirst, int count) {
        OperationChecks.components(basis, basisFirst, components, x, xFirst, count);
        int blocks = Kernels.sumBlocks(count, SUM_BLOCKS);
        for (int i = 0; i < components; i++) {
            long row = 4L * (basisFirst + i * count);
            kernels.of(Kernel.SUM_PRODUCTS)
                    .pointer(basis.data(), row)
                    .pointer(x.data(), 4L * xFirst)
                    .integer(count)
                    .pointer(sums, 0)
                    .runBlocks(blocks, 1);
            MemorySegment component = total(blocks);
            kernels.of(Kernel.SUBTRACT_MULTIPLE)
                    .real(share)
                    .pointer(component, 0)
                    .pointer(basis.data(), row)
                    .pointer(x.data(), 4L * xFirst)
                    .integer(count)
                    .run(count);
        }
    }

    @Override
    public void negativePart(Tensor x, int xFirst, Tensor y, int yFirst, int count) {
        OperationChecks.real(x, xFirst, count);
        OperationChecks.real(y, yFirst, count);
        kernels.of(Kernel.NEGATIVE_PART)
                .pointer(x.data(), 4L * xFirst)
                .pointer(y.data(), 4L * yFirst)
                .integer(count)
                .run(count);
    }

    @Override
    public void addWhereNegative(float a, Tensor x, int xFirst, Tensor y, int yFirst, int count) {
        OperationChecks.real(x, xFirst, count);
        OperationChecks.real(y, yFirst, count);
        kernels.of(Kernel.ADD_WHERE_NEGATIVE)
                .real(a)
                .pointer(x.data(), 4L * xFirst)
                .pointer(y.data(), 4L * yFirst)
                .integer(count)
                .run(count);
    }

    @Override
    public Sums sums(int count) {
        MemorySegment totals = context.allocate(8L * count);
        return new Sums() {
            @Override
            public void clear() {
                context.fill(totals, 0, 2L * count, 0);
            }

            @Override
            public void addSquares(int index, double factor, Tensor x, int first, int count) {
                addSum(Definitions.Sum.SQUARES, x, first, count, factor, totals, index);
            }

            @Override
            public void addNegatives(int index, double factor, Tensor x, int first, int count) {
                addSum(Definitions.Sum.NEGATIVES, x, first, count, factor, totals, index);
            }

            @Override
            public void read(double[] values) {
                context.read(totals, MemorySegment.ofArray(values));
            }
        };
    }

    private void addSum(
            Definitions.Sum which, Tensor x, int first, int count, double factor, MemorySegment totals, int index) {
        OperationChecks.real(x, first, count);
        int blocks = Kernels.sumBlocks(count, SUM_BLOCKS);
        kernels.of(Kernel.SUM_VALUES)
                .integer(which.ordinal())
                .pointer(x.data(), 4L * first)
                .integer(count)
                .pointer(sums, 0)
                .runBlocks(blocks, 1);
        addBlocks(blocks, factor, totals, index);
    }

    /** Where the sum of the blocks' sums is put. */
    private MemorySegment total(int blocks) {
        MemorySegment total = sums.asSlice(8L * SUM_BLOCKS);
        context.fill(total, 0, 2, 0);
        addBlocks(blocks, 1, total, 0);
        return total;
    }

    private void addBlocks(int blocks, double factor, MemorySegment totals, int index) {
        kernels.of(Kernel.ADD_SUM_OF_SUMS)
                .real(factor)
                .pointer(sums, 0)
                .integer(blocks)
                .pointer(totals, 8L * index)
                .runBlocks(1, 1);
    }

    @Override
    public double halfSpectrumDot(Tensor x, int xFirst, Tensor y, int yFirst, int rows, int width) {
        OperationChecks.halfSpectra(x, xFirst, y, yFirst, rows, width);
        int count = rows * (width / 2 + 1);
        int blocks = Kernels.sumBlocks(count, SUM_BLOCKS);
        kernels.of(Kernel.SUM_HALF_SPECTRA)
                .pointer(x.data(), 8L * xFirst)
                .pointer(y.data(), 8L * yFirst)
                .integer(count)
                .integer(width)
                .pointer(sums, 0)
                .runBlocks(blocks, 1);
        MemorySegment total = total(blocks);
        double[] value = new double[1];
        context.read(total, MemorySegment.ofArray(value));
        return value[0];
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
        kernels.of(Kernel.ADAM)
                .pointer(parameters.data(), 0)
                .pointer(gradient.data(), 0)
                .pointer(firstMoment.data(), 0)
                .pointer(secondMoment.data(), 0)
                .integer(parameters.count())
                .real(rate)
                .real(b1)
                .real(b2)
                .real(epsilon)
                .real(correction1)
                .real(correction2)
                .run(parameters.count());
    }

    @Override
    public NetworkEvaluator network(NetworkLayout layout, int points, boolean trained) {
        return new CudaNetwork(this, layout, points, null, trained);
    }

    @Override
    public PixelEvaluator pixelNetwork(NetworkLayout layout, PixelGrid grid, int reach, int pictures, boolean trained) {
        OperationChecks.pixelNetwork(layout, grid, reach, pictures);
        return new CudaNetwork(this, layout, Math.multiplyExact(pictures, grid.count()), grid.extended(reach), trained);
    }

    @Override
    public RealTransform realTransform(int axes, int... extents) {
        return transforms.real(axes, extents);
    }

    @Override
    public ComplexTransform complexTransform(int axes, int... extents) {
        return transforms.complex(axes, extents);
    }

    @Override
    public boolean records() {
        return true;
    }

    @Override
    public void repeat(Object key, Runnable work) {
        recordings.repeat(key, work);
    }

    @Override
    public void close() {
        if (context != null) context.settle();
        if (recordings != null) recordings.close();
        if (transforms != null) transforms.close();
        if (matrices != null) matrices.close();
        programs.values().forEach(Kernels::close);
        if (context != null) context.close();
    }
}
