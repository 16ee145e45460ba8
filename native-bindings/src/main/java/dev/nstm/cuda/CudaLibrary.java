package dev.nstm.cuda;

import java.util.List;

/** A library of CUDA 12 or 13 with the names that it has on Linux and Windows, newest first. */
enum CudaLibrary {
    DRIVER("driver", "libcuda.so.1", "nvcuda.dll"),
    NVRTC("run-time compiler", "libnvrtc.so.13", "libnvrtc.so.12", "nvrtc64_130_0.dll", "nvrtc64_120_0.dll"),
    CUBLAS("cuBLAS", "libcublas.so.13", "libcublas.so.12", "cublas64_13.dll", "cublas64_12.dll"),
    CUBLAS_LT("cuBLASLt", "libcublasLt.so.13", "libcublasLt.so.12", "cublasLt64_13.dll", "cublasLt64_12.dll"),
    CUFFT("cuFFT", "libcufft.so.12", "libcufft.so.11", "cufft64_12.dll", "cufft64_11.dll");

    private final String title;
    private final List<String> fileNames;

    CudaLibrary(String title, String... fileNames) {
        this.title = title;
        this.fileNames = List.of(fileNames);
    }

    /** Name for people. */
    String title() {
        return title;
    }

    List<String> fileNames() {
        return fileNames;
    }
}
