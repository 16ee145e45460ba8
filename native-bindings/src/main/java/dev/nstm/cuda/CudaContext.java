package dev.nstm.cuda;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.cuda.ffi.CudaDriver;
import dev.nstm.device.Device;
import dev.nstm.device.DeviceException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The first GPU, one stream of work on it, and the memory taken there. All of it is given back by {@link #close}. Work
 * is queued and runs in order; what is read back has been waited for. One thread at a time.
 */
final class CudaContext implements AutoCloseable {
    /** CUDA 12.0, the oldest driver that runs what we compile. */
    private static final int OLDEST_DRIVER = 12000;

    private static final long STAGING_BYTES = 1 << 20;
    private static final int NAME_BYTES = 256;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment slot = arena.allocate(16);
    private final long memoryLimit;
    private final Map<Long, Long> allocations = new LinkedHashMap<>();
    /** What was allocated in each open scope; the innermost first. */
    private final Deque<List<MemorySegment>> scopes = new ArrayDeque<>();

    private int device = -1;
    private MemorySegment context;
    private MemorySegment stream;
    private MemorySegment staging;
    private String name;
    private int driverVersion;
    private int capability;
    private int processors;
    private int sharedBytesOfBlock;
    private Thread current;
    private long bytes;
    private long releases;
    private boolean recording;

    /** @param memoryLimit bytes that may be taken */
    CudaContext(long memoryLimit) {
        this.memoryLimit = memoryLimit;
        try {
            open();
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    private void open() {
        CudaStatus.driver(CudaDriver.cuInit(0), "cuInit");
        CudaStatus.driver(CudaDriver.cuDriverGetVersion(slot), "cuDriverGetVersion");
        driverVersion = slot.get(ValueLayout.JAVA_INT, 0);
        if (driverVersion < OLDEST_DRIVER)
            throw new DeviceException(
                    "the NVIDIA driver is for CUDA " + driver() + "; CUDA 12.0 or newer is needed, update the driver");
        CudaStatus.driver(CudaDriver.cuDeviceGetCount(slot), "cuDeviceGetCount");
        if (slot.get(ValueLayout.JAVA_INT, 0) == 0) throw new DeviceException("the NVIDIA driver finds no GPU");
        CudaStatus.driver(CudaDriver.cuDeviceGet(slot, 0), "cuDeviceGet");
        int first = slot.get(ValueLayout.JAVA_INT, 0);
        MemorySegment text = arena.allocate(NAME_BYTES);
        CudaStatus.driver(CudaDriver.cuDeviceGetName(text, NAME_BYTES, first), "cuDeviceGetName");
        name = text.getString(0, StandardCharsets.UTF_8);
        capability = 10 * attribute(CudaDriver.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR(), first)
                + attribute(CudaDriver.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR(), first);
        processors = attribute(CudaDriver.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT(), first);
        sharedBytesOfBlock = attribute(CudaDriver.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN(), first);
        CudaStatus.driver(CudaDriver.cuDevicePrimaryCtxRetain(slot, first), "cuDevicePrimaryCtxRetain");
        device = first;
        context = slot.get(ValueLayout.ADDRESS, 0);
        enter();
        CudaStatus.driver(CudaDriver.cuStreamCreate(slot, CudaDriver.CU_STREAM_NON_BLOCKING()), "cuStreamCreate");
        stream = slot.get(ValueLayout.ADDRESS, 0);
        CudaStatus.driver(CudaDriver.cuMemAllocHost_v2(slot, STAGING_BYTES), "cuMemAllocHost");
        staging = slot.get(ValueLayout.ADDRESS, 0).reinterpret(STAGING_BYTES);
    }

    private String driver() {
        return driverVersion / 1000 + "." + driverVersion % 1000 / 10;
    }

    /** @param libraries major version of the CUDA libraries, which a driver for an older one refuses in many ways */
    void requireDriverFor(int libraries) {
        if (libraries > driverVersion / 1000) {
            throw new DeviceException(
                    "the NVIDIA driver is for CUDA " + driver() + ", the libraries found are those of CUDA " + libraries
                            + "; update the driver or name a folder with older ones in NSTM_CUDA_PATH");
        }
    }

    private int attribute(int which, int ordinal) {
        CudaStatus.driver(CudaDriver.cuDeviceGetAttribute(slot, which, ordinal), "cuDeviceGetAttribute");
        return slot.get(ValueLayout.JAVA_INT, 0);
    }

    /** Makes the GPU known to this thread, which the driver's functions rely on. */
    void enter() {
        Thread thread = Thread.currentThread();
        if (thread == current) return;
        CudaStatus.driver(CudaDriver.cuCtxSetCurrent(context), "cuCtxSetCurrent");
        current = thread;
    }

    String name() {
        return name;
    }

    /** Compute capability times ten: 90 for 9.0. */
    int capability() {
        return capability;
    }

    /** Multiprocessors. */
    int processors() {
        return processors;
    }

    /** Shared memory that a block can be allowed. */
    int sharedBytesOfBlock() {
        return sharedBytesOfBlock;
    }

    MemorySegment stream() {
        return stream;
    }

    /** Bytes of device memory that are taken. */
    long bytes() {
        return bytes;
    }

    /** Bytes that can still be taken. */
    long available() {
        enter();
        CudaStatus.driver(CudaDriver.cuMemGetInfo_v2(slot, slot.asSlice(8)), "cuMemGetInfo");
        return Math.min(slot.get(ValueLayout.JAVA_LONG, 0), memoryLimit - bytes);
    }

    /** How often memory was given back before the end. */
    long releases() {
        return releases;
    }

    /** While work is recorded, whatever cannot be recorded throws {@link NotRecordable}. */
    void recording(boolean on) {
        recording = on;
    }

    /** For what takes memory, gives it back or waits. */
    void requireNotRecording() {
        if (recording) throw new NotRecordable();
    }

    /** Takes device memory, zeroed, which is given back with the innermost scope. */
    MemorySegment allocate(long size) {
        MemorySegment memory = allocateForAll(size);
        if (!scopes.isEmpty()) scopes.getFirst().add(memory);
        return memory;
    }

    /** See {@link dev.nstm.device.Device#scope}. */
    Device.Scope scope() {
        List<MemorySegment> opened = new ArrayList<>();
        scopes.addFirst(opened);
        return () -> {
            require(
                    scopes.getFirst() == opened,
                    "scopes of device memory are closed in the order opposite to that of their opening");
            scopes.removeFirst().forEach(this::release);
        };
    }

    /** Takes device memory, zeroed, whatever scope is open: for what serves several scopes. */
    MemorySegment allocateForAll(long size) {
        requireNotRecording();
        enter();
        if (size > memoryLimit - bytes)
            throw new DeviceException(shortage(size) + "; " + megabytes(memoryLimit) + " are allowed by --gpu-memory");
        int status = CudaDriver.cuMemAlloc_v2(slot, size);
        if (status == CudaDriver.CUDA_ERROR_OUT_OF_MEMORY())
            throw new DeviceException(shortage(size) + "; use a smaller field (patches.size) or --device cpu");
        CudaStatus.driver(status, "cuMemAlloc");
        long address = slot.get(ValueLayout.JAVA_LONG, 0);
        allocations.put(address, size);
        bytes += size;
        MemorySegment memory = MemorySegment.ofAddress(address).reinterpret(size);
        fill(memory, 0, size / 4, 0);
        return memory;
    }

    private String shortage(long size) {
        return name + " has no memory left: " + megabytes(size) + " were asked for, " + megabytes(bytes)
                + " are in use";
    }

    private static String megabytes(long size) {
        return (size + 999_999) / 1_000_000 + " MB";
    }

    /** Gives memory back before the end. */
    void release(MemorySegment memory) {
        requireNotRecording();
        enter();
        waitForAll();
        releases++;
        Long size = allocations.remove(memory.address());
        CudaStatus.driver(CudaDriver.cuMemFree_v2(memory.address()), "cuMemFree");
        bytes -= size;
    }

    /** Sets {@code count} 32-bit values. */
    void fill(MemorySegment memory, long offsetBytes, long count, int bits) {
        enter();
        CudaStatus.driver(
                CudaDriver.cuMemsetD32Async(memory.address() + offsetBytes, bits, count, stream), "cuMemsetD32Async");
    }

    /** Copies within the device. */
    void copy(MemorySegment from, long fromBytes, MemorySegment to, long toBytes, long size) {
        enter();
        CudaStatus.driver(
                CudaDriver.cuMemcpyDtoDAsync_v2(to.address() + toBytes, from.address() + fromBytes, size, stream),
                "cuMemcpyDtoDAsync");
    }

    /** Copies from the heap or other host memory to the device, through page-locked memory. */
    void write(MemorySegment from, MemorySegment to) {
        requireNotRecording();
        enter();
        for (long at = 0; at < from.byteSize(); at += STAGING_BYTES) {
            long size = Math.min(STAGING_BYTES, from.byteSize() - at);
            MemorySegment.copy(from, at, staging, 0, size);
            CudaStatus.driver(
                    CudaDriver.cuMemcpyHtoDAsync_v2(to.address() + at, staging, size, stream), "cuMemcpyHtoDAsync");
            waitForAll();
        }
    }

    /** Copies from the device to the heap or other host memory. */
    void read(MemorySegment from, MemorySegment to) {
        requireNotRecording();
        enter();
        for (long at = 0; at < to.byteSize(); at += STAGING_BYTES) {
            long size = Math.min(STAGING_BYTES, to.byteSize() - at);
            CudaStatus.driver(
                    CudaDriver.cuMemcpyDtoHAsync_v2(staging, from.address() + at, size, stream), "cuMemcpyDtoHAsync");
            waitForAll();
            MemorySegment.copy(staging, 0, to, at, size);
        }
    }

    private void waitForAll() {
        CudaStatus.driver(CudaDriver.cuStreamSynchronize(stream), "cuStreamSynchronize");
    }

    /**
     * Called before anything made on the GPU is given back: makes the GPU known to this thread and waits until it is
     * idle. Failures are ignored.
     */
    void settle() {
        if (device < 0) return;
        CudaDriver.cuCtxSetCurrent(context);
        CudaDriver.cuStreamSynchronize(stream);
    }

    /** Gives everything back; what fails then fails in silence, for there is nothing left to do about it. */
    @Override
    public void close() {
        if (device >= 0) {
            if (stream != null) settle();
            for (long address : allocations.keySet()) CudaDriver.cuMemFree_v2(address);
            allocations.clear();
            bytes = 0;
            if (staging != null) CudaDriver.cuMemFreeHost(staging);
            if (stream != null) CudaDriver.cuStreamDestroy_v2(stream);
            CudaDriver.cuDevicePrimaryCtxRelease_v2(device);
            device = -1;
        }
        if (arena.scope().isAlive()) arena.close();
    }
}
