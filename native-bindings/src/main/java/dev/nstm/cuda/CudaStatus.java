package dev.nstm.cuda;

import dev.nstm.cuda.ffi.Cublas;
import dev.nstm.cuda.ffi.CudaDriver;
import dev.nstm.cuda.ffi.Cufft;
import dev.nstm.cuda.ffi.Nvrtc;
import dev.nstm.device.DeviceException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Turns the status that a CUDA function returns into an exception that names function, status and meaning. */
final class CudaStatus {
    private CudaStatus() {}

    /** @throws DeviceException unless the driver's function succeeded */
    static void driver(int status, String function) {
        if (status != CudaDriver.CUDA_SUCCESS()) throw failure(function, driverName(status));
    }

    /** Name and meaning of a status of the driver. */
    static String driverName(int status) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(ValueLayout.ADDRESS);
            String name = CudaDriver.cuGetErrorName(status, text) == 0
                    ? string(text.get(ValueLayout.ADDRESS, 0))
                    : "status " + status;
            String meaning = CudaDriver.cuGetErrorString(status, text) == 0
                    ? " (" + string(text.get(ValueLayout.ADDRESS, 0)) + ")"
                    : "";
            return name + meaning;
        }
    }

    static void compiler(int status, String function) {
        if (status != Nvrtc.NVRTC_SUCCESS()) throw failure(function, string(Nvrtc.nvrtcGetErrorString(status)));
    }

    static void matrices(int status, String function) {
        if (status != Cublas.CUBLAS_STATUS_SUCCESS())
            throw failure(
                    function,
                    string(Cublas.cublasGetStatusName(status)) + " (" + string(Cublas.cublasGetStatusString(status))
                            + ")");
    }

    static void transforms(int status, String function) {
        if (status != Cufft.CUFFT_SUCCESS()) throw failure(function, transformName(status));
    }

    /** cuFFT has no function that tells. */
    private static String transformName(int status) {
        if (status == Cufft.CUFFT_INVALID_PLAN()) return "CUFFT_INVALID_PLAN";
        if (status == Cufft.CUFFT_ALLOC_FAILED()) return "CUFFT_ALLOC_FAILED (no memory for the transform)";
        if (status == Cufft.CUFFT_INVALID_TYPE()) return "CUFFT_INVALID_TYPE";
        if (status == Cufft.CUFFT_INVALID_VALUE()) return "CUFFT_INVALID_VALUE";
        if (status == Cufft.CUFFT_INTERNAL_ERROR()) return "CUFFT_INTERNAL_ERROR";
        if (status == Cufft.CUFFT_EXEC_FAILED()) return "CUFFT_EXEC_FAILED (the transform did not run)";
        if (status == Cufft.CUFFT_SETUP_FAILED()) return "CUFFT_SETUP_FAILED (the library did not start)";
        if (status == Cufft.CUFFT_INVALID_SIZE()) return "CUFFT_INVALID_SIZE";
        if (status == Cufft.CUFFT_NO_WORKSPACE()) return "CUFFT_NO_WORKSPACE";
        if (status == Cufft.CUFFT_NOT_SUPPORTED()) return "CUFFT_NOT_SUPPORTED";
        return "cuFFT status " + status;
    }

    private static DeviceException failure(String function, String status) {
        return new DeviceException("CUDA: " + function + " failed with " + status);
    }

    private static String string(MemorySegment address) {
        return address.address() == 0
                ? "an unknown status"
                : address.reinterpret(Long.MAX_VALUE).getString(0);
    }
}
