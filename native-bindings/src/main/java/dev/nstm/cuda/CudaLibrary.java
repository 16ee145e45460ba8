package dev.nstm.cuda;

import java.util.List;

/**
 * A library of CUDA 12 or 13 with the names that it has on Linux and Windows, newest first, and what is called of it.
 */
enum CudaLibrary {
    DRIVER(
            "driver",
            List.of("libcuda.so.1", "nvcuda.dll"),
            List.of(
                    "cuInit",
                    "cuDriverGetVersion",
                    "cuGetErrorName",
                    "cuGetErrorString",
                    "cuDeviceGetCount",
                    "cuDeviceGet",
                    "cuDeviceGetName",
                    "cuDeviceGetAttribute",
                    "cuDevicePrimaryCtxRetain",
                    "cuDevicePrimaryCtxRelease_v2",
                    "cuCtxSetCurrent",
                    "cuMemGetInfo_v2",
                    "cuMemAlloc_v2",
                    "cuMemFree_v2",
                    "cuMemAllocHost_v2",
                    "cuMemFreeHost",
                    "cuMemcpyHtoDAsync_v2",
                    "cuMemcpyDtoHAsync_v2",
                    "cuMemcpyDtoDAsync_v2",
                    "cuMemsetD32Async",
                    "cuStreamCreate",
                    "cuStreamDestroy_v2",
                    "cuStreamSynchronize",
                    "cuStreamBeginCapture_v2",
                    "cuStreamEndCapture",
                    "cuGraphInstantiateWithFlags",
                    "cuGraphLaunch",
                    "cuGraphDestroy",
                    "cuGraphExecDestroy",
                    "cuModuleLoadData",
                    "cuModuleUnload",
                    "cuModuleGetFunction",
                    "cuFuncSetAttribute",
                    "cuOccupancyMaxActiveBlocksPerMultiprocessor",
                    "cuLaunchKernel")),
    NVRTC(
            "run-time compiler",
            List.of("libnvrtc.so.13", "libnvrtc.so.12", "nvrtc64_130_0.dll", "nvrtc64_120_0.dll"),
            List.of(
                    "nvrtcVersion",
                    "nvrtcGetErrorString",
                    "nvrtcCreateProgram",
                    "nvrtcCompileProgram",
                    "nvrtcDestroyProgram",
                    "nvrtcGetNumSupportedArchs",
                    "nvrtcGetSupportedArchs",
                    "nvrtcGetCUBINSize",
                    "nvrtcGetCUBIN",
                    "nvrtcGetPTXSize",
                    "nvrtcGetPTX",
                    "nvrtcGetProgramLogSize",
                    "nvrtcGetProgramLog")),
    CUBLAS_LT(
            "cuBLASLt",
            List.of("libcublasLt.so.13", "libcublasLt.so.12", "cublasLt64_13.dll", "cublasLt64_12.dll"),
            List.of()),
    CUBLAS(
            "cuBLAS",
            List.of("libcublas.so.13", "libcublas.so.12", "cublas64_13.dll", "cublas64_12.dll"),
            List.of(
                    "cublasCreate_v2",
                    "cublasDestroy_v2",
                    "cublasSetStream_v2",
                    "cublasSetWorkspace_v2",
                    "cublasSetMathMode",
                    "cublasGetStatusName",
                    "cublasGetStatusString",
                    "cublasSgemm_v2")),
    CUFFT(
            "cuFFT",
            List.of("libcufft.so.12", "libcufft.so.11", "cufft64_12.dll", "cufft64_11.dll"),
            List.of(
                    "cufftCreate",
                    "cufftDestroy",
                    "cufftMakePlanMany",
                    "cufftSetAutoAllocation",
                    "cufftSetWorkArea",
                    "cufftSetStream",
                    "cufftExecC2C",
                    "cufftExecR2C",
                    "cufftExecC2R"));

    private final String title;
    private final List<String> fileNames;
    private final List<String> symbols;

    CudaLibrary(String title, List<String> fileNames, List<String> symbols) {
        this.title = title;
        this.fileNames = fileNames;
        this.symbols = symbols;
    }

    /** Name for people. */
    String title() {
        return title;
    }

    List<String> fileNames() {
        return fileNames;
    }

    /** Functions that the device calls. */
    List<String> symbols() {
        return symbols;
    }
}
