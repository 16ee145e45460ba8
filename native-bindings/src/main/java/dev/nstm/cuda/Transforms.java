package dev.nstm.cuda;

import dev.nstm.cuda.ffi.Cufft;
import dev.nstm.device.Device;
import dev.nstm.device.OperationChecks;
import dev.nstm.tensor.Shape;
import dev.nstm.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;

/** Fourier transforms through cuFFT. Plans are made once for each size; all of them work in the same scratch memory. */
final class Transforms implements AutoCloseable {
    private final CudaContext context;
    private final Kernels kernels;
    private final Map<PlanKey, Integer> plans = new HashMap<>();
    private MemorySegment work;

    private record PlanKey(Shape transformed, int batch, int type) {}

    Transforms(CudaContext context, Kernels kernels) {
        this.context = context;
        this.kernels = kernels;
    }

    Device.RealTransform real(int axes, int... extents) {
        OperationChecks.transformAxes(axes, extents);
        Shape shape = Shape.of(extents);
        int forward = plan(shape, axes, Cufft.CUFFT_R2C());
        int inverse = plan(shape, axes, Cufft.CUFFT_C2R());
        float scale = 1f / samples(shape, axes);
        return new Device.RealTransform() {
            @Override
            public void forward(Tensor real, Tensor spectrum) {
                OperationChecks.realTransform(shape, real, spectrum);
                context.enter();
                CudaStatus.transforms(Cufft.cufftExecR2C(forward, real.data(), spectrum.data()), "cufftExecR2C");
            }

            @Override
            public void inverse(Tensor spectrum, Tensor real) {
                OperationChecks.realTransform(shape, real, spectrum);
                context.enter();
                CudaStatus.transforms(Cufft.cufftExecC2R(inverse, spectrum.data(), real.data()), "cufftExecC2R");
                kernels.of(Kernel.SCALE)
                        .real(scale)
                        .pointer(real.data(), 0)
                        .integer(real.count())
                        .run(real.count());
            }
        };
    }

    Device.ComplexTransform complex(int axes, int... extents) {
        OperationChecks.transformAxes(axes, extents);
        Shape shape = Shape.of(extents);
        int plan = plan(shape, axes, Cufft.CUFFT_C2C());
        float scale = 1f / samples(shape, axes);
        return new Device.ComplexTransform() {
            @Override
            public void forward(Tensor array) {
                run(array, Cufft.CUFFT_FORWARD());
            }

            @Override
            public void inverse(Tensor array) {
                run(array, Cufft.CUFFT_INVERSE());
                kernels.of(Kernel.SCALE)
                        .real(scale)
                        .pointer(array.data(), 0)
                        .integer(array.floats())
                        .run(array.floats());
            }

            private void run(Tensor array, int direction) {
                OperationChecks.complexTransform(shape, array);
                context.enter();
                CudaStatus.transforms(Cufft.cufftExecC2C(plan, array.data(), array.data(), direction), "cufftExecC2C");
            }
        };
    }

    private static int samples(Shape shape, int axes) {
        int samples = 1;
        for (int axis = 1; axis <= axes; axis++) samples *= shape.extent(-axis);
        return samples;
    }

    private int plan(Shape shape, int axes, int type) {
        int[] transformed = new int[axes];
        for (int i = 0; i < axes; i++) transformed[i] = shape.extent(i - axes);
        PlanKey key = new PlanKey(Shape.of(transformed), shape.count() / samples(shape, axes), type);
        Integer known = plans.get(key);
        return known == null ? make(key) : known;
    }

    private int make(PlanKey key) {
        context.requireNotRecording();
        context.enter();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment slot = arena.allocate(ValueLayout.JAVA_INT);
            CudaStatus.transforms(Cufft.cufftCreate(slot), "cufftCreate");
            int plan = slot.get(ValueLayout.JAVA_INT, 0);
            try {
                prepare(plan, key, arena);
            } catch (RuntimeException failure) {
                Cufft.cufftDestroy(plan);
                throw failure;
            }
            plans.put(key, plan);
            return plan;
        }
    }

    private void prepare(int plan, PlanKey key, Arena arena) {
        CudaStatus.transforms(Cufft.cufftSetAutoAllocation(plan, 0), "cufftSetAutoAllocation");
        MemorySegment size = arena.allocate(ValueLayout.JAVA_LONG);
        MemorySegment extents = arena.allocateFrom(ValueLayout.JAVA_INT, key.transformed.extents());
        CudaStatus.transforms(
                Cufft.cufftMakePlanMany(
                        plan,
                        key.transformed.rank(),
                        extents,
                        MemorySegment.NULL,
                        1,
                        0,
                        MemorySegment.NULL,
                        1,
                        0,
                        key.type,
                        key.batch,
                        size),
                "cufftMakePlanMany");
        CudaStatus.transforms(Cufft.cufftSetStream(plan, context.stream()), "cufftSetStream");
        reserve(size.get(ValueLayout.JAVA_LONG, 0));
        CudaStatus.transforms(Cufft.cufftSetWorkArea(plan, work), "cufftSetWorkArea");
    }

    private void reserve(long bytes) {
        if (work != null && work.byteSize() >= bytes) return;
        MemorySegment larger = context.allocateForAll(Math.max(4, bytes));
        for (int plan : plans.values()) CudaStatus.transforms(Cufft.cufftSetWorkArea(plan, larger), "cufftSetWorkArea");
        if (work != null) context.release(work);
        work = larger;
    }

    @Override
    public void close() {
        for (int plan : plans.values()) Cufft.cufftDestroy(plan);
        plans.clear();
    }
}
