package dev.nstm.device;

import dev.nstm.simd.AdamKernel;
import dev.nstm.simd.ComplexKernel;
import dev.nstm.simd.ElementwiseKernel;
import dev.nstm.simd.FunctionKernel;
import dev.nstm.simd.ReductionKernel;
import dev.nstm.simd.Simd;
import dev.nstm.tensor.ElementType;
import dev.nstm.tensor.Tensor;
import dev.nstm.tensor.TensorArena;
import dev.nstm.tensor.Workspace;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** The processor: kernels of {@link dev.nstm.simd} over fixed pieces of the data, shared out among a team of threads. */
public final class CpuDevice implements Device {
    private final TensorArena arena = new TensorArena();
    private final ThreadTeam team;
    private final Workspace[] scratch;
    private final RangeJob ranges = new RangeJob();

    /** @param threads threads to compute with, at least 1; the results do not depend on it */
    public CpuDevice(int threads) {
        team = new ThreadTeam(threads);
        scratch = new Workspace[threads];
        for (int i = 0; i < threads; i++) scratch[i] = new Workspace(arena, TensorArena.ALIGNMENT);
    }

    /** Scratch memory of one thread; shared by all operations, of which one runs at a time. */
    Workspace scratch(int worker) {
        return scratch[worker];
    }

    ThreadTeam team() {
        return team;
    }

    TensorArena arena() {
        return arena;
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
        return arena.allocate(type, extents);
    }

    @Override
    public long allocatedBytes() {
        return arena.bytes();
    }

    @Override
    public void write(Tensor target, float[] values) {
        target.copyFrom(values);
    }

    @Override
    public float[] read(Tensor source) {
        return source.toArray();
    }

    @Override
    public void fill(Tensor x, float value) {
        ranges.begin(Operation.FILL, value, x.floats());
        ranges.z(x, 0);
        ranges.run();
    }

    @Override
    public void fillRange(Tensor x, int first, int count, float value) {
        OperationChecks.real(x, first, count);
        ranges.begin(Operation.FILL, value, count);
        ranges.z(x, first);
        ranges.run();
    }

    @Override
    public void copy(Tensor x, int xFirst, Tensor y, int yFirst, int count) {
        OperationChecks.sameType(x, xFirst, y, yFirst, count);
        int floats = x.type().floats();
        ranges.begin(Operation.COPY, 0, Math.multiplyExact(count, floats));
        ranges.x(x, (long) xFirst * floats);
        ranges.z(y, (long) yFirst * floats);
        ranges.run();
    }

    @Override
    public void axpy(float a, Tensor x, int xFirst, Tensor y, int yFirst, int count) {
        OperationChecks.sameType(x, xFirst, y, yFirst, count);
        int floats = x.type().floats();
        ranges.begin(Operation.AXPY, a, Math.multiplyExact(count, floats));
        ranges.x(x, (long) xFirst * floats);
        ranges.z(y, (long) yFirst * floats);
        ranges.run();
    }

    @Override
    public void multiply(float a, Tensor x, int xFirst, Tensor y, int yFirst, Tensor z, int zFirst, int count, boolean add) {
        OperationChecks.real(x, xFirst, count);
        OperationChecks.real(y, yFirst, count);
        OperationChecks.real(z, zFirst, count);
        ranges.begin(add ? Operation.ADD_PRODUCT : Operation.PRODUCT, a, count);
        ranges.x(x, xFirst);
        ranges.y(y, yFirst);
        ranges.z(z, zFirst);
        ranges.run();
    }

    @Override
    public void copyBlock(Tensor x, int[] from, Tensor y, int[] to, int[] size, boolean add) {
        OperationChecks.block(x, from, size);
        OperationChecks.block(y, to, size);
        ranges.begin(add ? Operation.ADD_BLOCK : Operation.COPY_BLOCK, 1, size[0] * size[1]);
        ranges.x(x, 0);
        ranges.z(y, 0);
        ranges.from = from;
        ranges.to = to;
        ranges.size = size;
        ranges.piece = Math.max(1, RangeJob.PIECE / size[2]);
        ranges.run();
    }

    @Override
    public void apply(ElementFunction function, Tensor x, int xFirst, Tensor y, int yFirst, int count) {
        OperationChecks.real(x, xFirst, count);
        OperationChecks.real(y, yFirst, count);
        ranges.begin(Operation.APPLY, 1, count);
        ranges.function = function;
        ranges.x(x, xFirst);
        ranges.z(y, yFirst);
        ranges.run();
    }

    @Override
    public void addSlopeProduct(ElementFunction function, Tensor x, int xFirst, Tensor g, int gFirst, Tensor z, int zFirst, int count) {
        OperationChecks.real(x, xFirst, count);
        OperationChecks.real(g, gFirst, count);
        OperationChecks.real(z, zFirst, count);
        ranges.begin(Operation.ADD_SLOPE, 1, count);
        ranges.function = function;
        ranges.x(x, xFirst);
        ranges.y(g, gFirst);
        ranges.z(z, zFirst);
        ranges.run();
    }

    @Override
    public void copyStrided(Tensor x, int xFirst, int xStep, Tensor y, int yFirst, int yStep, int count, boolean add) {
        OperationChecks.strided(x, xFirst, xStep, count);
        OperationChecks.strided(y, yFirst, yStep, count);
        ranges.begin(add ? Operation.ADD_STRIDED : Operation.COPY_STRIDED, 1, count);
        ranges.x(x, xFirst);
        ranges.z(y, yFirst);
        ranges.xStep = xStep;
        ranges.zStep = yStep;
        ranges.run();
    }

    @Override
    public void scaleAdd(float a, Tensor x, int xFirst, Tensor y, int yFirst, Tensor z, int zFirst, int count) {
        OperationChecks.real(x, xFirst, count);
        OperationChecks.real(y, yFirst, count);
        OperationChecks.real(z, zFirst, count);
        ranges.begin(Operation.SCALE_ADD, a, count);
        ranges.x(x, xFirst);
        ranges.y(y, yFirst);
        ranges.z(z, zFirst);
        ranges.run();
    }

    @Override
    public void interiorDifference(Tensor x, Tensor y, int margin, Tensor z) {
        OperationChecks.interior(x, y, margin, z);
        int width = x.shape().extent(-1);
        int height = x.shape().rank() > 1 ? x.shape().extent(-2) : 1;
        ranges.begin(Operation.INTERIOR_DIFFERENCE, 0, x.count() / width);
        ranges.x(x, 0);
        ranges.y(y, 0);
        ranges.z(z, 0);
        ranges.rowLength = width;
        ranges.rows = height;
        ranges.margin = margin;
        ranges.piece = Math.max(1, RangeJob.PIECE / width);
        ranges.run();
    }

    @Override
    public void negativePart(Tensor x, int xFirst, Tensor y, int yFirst, int count) {
        OperationChecks.real(x, xFirst, count);
        OperationChecks.real(y, yFirst, count);
        ranges.begin(Operation.NEGATIVE_PART, 0, count);
        ranges.x(x, xFirst);
        ranges.z(y, yFirst);
        ranges.run();
    }

    @Override
    public void addWhereNegative(float a, Tensor x, int xFirst, Tensor y, int yFirst, int count) {
        OperationChecks.real(x, xFirst, count);
        OperationChecks.real(y, yFirst, count);
        ranges.begin(Operation.ADD_WHERE_NEGATIVE, a, count);
        ranges.x(x, xFirst);
        ranges.z(y, yFirst);
        ranges.run();
    }

    @Override
    public double halfSpectrumDot(Tensor x, int xFirst, Tensor y, int yFirst, int rows, int width) {
        OperationChecks.halfSpectra(x, xFirst, y, yFirst, rows, width);
        ranges.begin(Operation.HALF_SPECTRUM_DOT, 0, rows);
        ranges.x(x, 2L * xFirst);
        ranges.y(y, 2L * yFirst);
        ranges.rowLength = width;
        ranges.piece = Math.max(1, RangeJob.PIECE / width);
        return ranges.runSum();
    }

    @Override
    public Sums sums(int count) {
        double[] sums = new double[count];
        return new Sums() {
            @Override
            public void clear() {
                Arrays.fill(sums, 0);
            }

            @Override
            public void addSquares(int index, double factor, Tensor x, int first, int count) {
                sums[index] += factor * sum(Operation.SUM_OF_SQUARES, x, first, count);
            }

            @Override
            public void addNegatives(int index, double factor, Tensor x, int first, int count) {
                sums[index] += factor * sum(Operation.NEGATIVE_SUM, x, first, count);
            }

            @Override
            public void read(double[] values) {
                System.arraycopy(sums, 0, values, 0, values.length);
            }
        };
    }

    private double sum(Operation operation, Tensor x, int first, int count) {
        OperationChecks.real(x, first, count);
        ranges.begin(operation, 0, count);
        ranges.x(x, first);
        return ranges.runSum();
    }

    @Override
    public void multiplyComplex(Tensor h, int hFirst, Tensor x, int xFirst, Tensor z, int zFirst, int count, boolean conjugate, boolean add) {
        OperationChecks.complex(h, hFirst, count);
        OperationChecks.complex(x, xFirst, count);
        OperationChecks.complex(z, zFirst, count);
        ranges.begin(add ? Operation.ADD_COMPLEX_PRODUCT : Operation.COMPLEX_PRODUCT, conjugate ? 1 : 0, count);
        ranges.x(h, hFirst);
        ranges.y(x, xFirst);
        ranges.z(z, zFirst);
        ranges.run();
    }

    @Override
    public void adam(Tensor parameters, Tensor gradient, Tensor firstMoment, Tensor secondMoment,
            float rate, float b1, float b2, float epsilon, float correction1, float correction2) {
        OperationChecks.adam(parameters, gradient, firstMoment, secondMoment);
        ranges.begin(Operation.ADAM, rate, parameters.count());
        ranges.x(gradient, 0);
        ranges.y(firstMoment, 0);
        ranges.w = secondMoment;
        ranges.z(parameters, 0);
        ranges.b1 = b1;
        ranges.b2 = b2;
        ranges.epsilon = epsilon;
        ranges.correction1 = correction1;
        ranges.correction2 = correction2;
        ranges.run();
    }

    @Override
    public NetworkEvaluator network(NetworkLayout layout, int points, boolean trained) {
        return new CpuNetwork(this, layout, points, null, trained);
    }

    @Override
    public PixelEvaluator pixelNetwork(NetworkLayout layout, PixelGrid grid, int reach, int pictures, boolean trained) {
        OperationChecks.pixelNetwork(layout, grid, reach, pictures);
        return new CpuNetwork(this, layout, Math.multiplyExact(pictures, grid.count()), new PixelFeatures(layout, grid.extended(reach), pictures, arena), trained);
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
        arena.close();
    }


    private enum Operation {
        FILL, COPY, AXPY, SCALE_ADD, PRODUCT, ADD_PRODUCT, COPY_BLOCK, ADD_BLOCK, INTERIOR_DIFFERENCE, NEGATIVE_PART, ADD_WHERE_NEGATIVE,
        NEGATIVE_SUM, HALF_SPECTRUM_DOT, SUM_OF_SQUARES, COMPLEX_PRODUCT, ADD_COMPLEX_PRODUCT, ADAM, APPLY, ADD_SLOPE,
        COPY_STRIDED, ADD_STRIDED
    }

    /** The arguments of the element by element operation under way; one object serves all, so calls allocate nothing. */
    private final class RangeJob implements ThreadTeam.Task {
        /** Elements per task; fixed, so that sums are formed in the same order whatever the number of threads. */
        private static final int PIECE = 1 << 15;

        private Operation operation;
        private float a;
        private int count;
        private int piece;
        private Tensor x;
        private Tensor y;
        private Tensor z;
        private Tensor w;
        private long xFirst;
        private long yFirst;
        private long zFirst;
        private ElementFunction function;
        private int xStep;
        private int zStep;
        private int rowLength;
        private int rows;
        private int margin;
        private int[] from;
        private int[] to;
        private int[] size;
        private float b1;
        private float b2;
        private float epsilon;
        private float correction1;
        private float correction2;
        private double[] sums = new double[64];

        private void begin(Operation operation, float a, int count) {
            this.operation = operation;
            this.a = a;
            this.count = count;
            piece = PIECE;
        }

        private void x(Tensor tensor, long first) {
            x = tensor;
            xFirst = first;
        }

        private void y(Tensor tensor, long first) {
            y = tensor;
            yFirst = first;
        }

        private void z(Tensor tensor, long first) {
            z = tensor;
            zFirst = first;
        }

        private void run() {
            team.run((count + piece - 1) / piece, this);
        }

        private double runSum() {
            int pieces = (count + piece - 1) / piece;
            if (sums.length < pieces) sums = new double[pieces];
            team.run(pieces, this);
            double total = 0;
            for (int i = 0; i < pieces; i++) total += sums[i];
            return total;
        }

        @Override
        public void run(int index, int worker) {
            int first = index * piece;
            int n = Math.min(piece, count - first);
            switch (operation) {
                case FILL -> ElementwiseKernel.fill(z.data(), zFirst + first, a, n);
                case COPY -> MemorySegment.copy(x.data(), (xFirst + first) * 4, z.data(), (zFirst + first) * 4, n * 4L);
                case AXPY -> ElementwiseKernel.axpy(a, x.data(), xFirst + first, z.data(), zFirst + first, n);
                case SCALE_ADD -> ElementwiseKernel.scaleAdd(a, x.data(), xFirst + first, y.data(), yFirst + first, z.data(), zFirst + first, n);
                case PRODUCT -> ElementwiseKernel.product(a, x.data(), xFirst + first, y.data(), yFirst + first, z.data(), zFirst + first, n, false);
                case ADD_PRODUCT -> ElementwiseKernel.product(a, x.data(), xFirst + first, y.data(), yFirst + first, z.data(), zFirst + first, n, true);
                case COPY_BLOCK, ADD_BLOCK -> blockRows(first, n);
                case ADD_WHERE_NEGATIVE -> ElementwiseKernel.addWhereNegative(a, x.data(), xFirst + first, z.data(), zFirst + first, n);
                case NEGATIVE_SUM -> sums[index] = ReductionKernel.negativeSum(x.data(), xFirst + first, n);
                case HALF_SPECTRUM_DOT -> sums[index] = halfSpectrumRows(first, n);
                case INTERIOR_DIFFERENCE -> interiorRows(first, n);
                case NEGATIVE_PART -> ElementwiseKernel.negativePart(x.data(), xFirst + first, z.data(), zFirst + first, n);
                case SUM_OF_SQUARES -> sums[index] = ReductionKernel.sumOfSquares(x.data(), xFirst + first, n);
                case COMPLEX_PRODUCT -> ComplexKernel.multiply(x.data(), xFirst + first, y.data(), yFirst + first, z.data(), zFirst + first, n, a != 0, false);
                case ADD_COMPLEX_PRODUCT -> ComplexKernel.multiply(x.data(), xFirst + first, y.data(), yFirst + first, z.data(), zFirst + first, n, a != 0, true);
                case APPLY -> ElementFunctions.apply(function, x.data(), xFirst + first, z.data(), zFirst + first, n);
                case ADD_SLOPE -> ElementFunctions.addSlope(function, x.data(), xFirst + first, y.data(), yFirst + first, z.data(), zFirst + first, n);
                case COPY_STRIDED -> FunctionKernel.copyStrided(x.data(), xFirst + (long) first * xStep, xStep, z.data(), zFirst + (long) first * zStep, zStep, n, false);
                case ADD_STRIDED -> FunctionKernel.copyStrided(x.data(), xFirst + (long) first * xStep, xStep, z.data(), zFirst + (long) first * zStep, zStep, n, true);
                case ADAM -> AdamKernel.update(z.data(), x.data(), y.data(), w.data(), first, n, a, b1, b2, epsilon, correction1, correction2);
            }
        }

        private void blockRows(int firstRow, int rowCount) {
            for (int row = firstRow; row < firstRow + rowCount; row++) {
                long source = rowStart(x, from, row);
                long target = rowStart(z, to, row);
                if (operation == Operation.ADD_BLOCK) ElementwiseKernel.axpy(1, x.data(), source, z.data(), target, size[2]);
                else MemorySegment.copy(x.data(), source * 4, z.data(), target * 4, size[2] * 4L);
            }
        }

        private long rowStart(Tensor tensor, int[] corner, int row) {
            long plane = corner[0] + row / size[1];
            return (plane * tensor.shape().extent(-2) + corner[1] + row % size[1]) * tensor.shape().extent(-1) + corner[2];
        }

        /** All frequencies count twice but those that are their own mirror images along the row: zero and, for even widths, the last. */
        private double halfSpectrumRows(int firstRow, int rowCount) {
            int half = rowLength / 2 + 1;
            int doubled = (rowLength - 1) / 2;
            double sum = 0;
            for (int row = firstRow; row < firstRow + rowCount; row++) {
                long left = xFirst + 2L * row * half;
                long right = yFirst + 2L * row * half;
                sum += 2 * ReductionKernel.dot(x.data(), left + 2, y.data(), right + 2, 2 * doubled) + ReductionKernel.dot(x.data(), left, y.data(), right, 2);
                if (rowLength % 2 == 0) sum += ReductionKernel.dot(x.data(), left + rowLength, y.data(), right + rowLength, 2);
            }
            return sum;
        }

        private void interiorRows(int firstRow, int rowCount) {
            for (int row = firstRow; row < firstRow + rowCount; row++) {
                long start = (long) row * rowLength;
                int inImage = row % rows;
                if (inImage < margin || inImage >= rows - margin) {
                    ElementwiseKernel.fill(z.data(), start, 0, rowLength);
                    continue;
                }
                ElementwiseKernel.fill(z.data(), start, 0, margin);
                ElementwiseKernel.subtract(x.data(), start + margin, y.data(), start + margin, z.data(), start + margin, rowLength - 2 * margin);
                ElementwiseKernel.fill(z.data(), start + rowLength - margin, 0, margin);
            }
        }
    }
}
