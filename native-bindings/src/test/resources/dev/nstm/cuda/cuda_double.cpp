// The driver, NVRTC, cuBLAS and cuFFT as far as the CUDA device uses them, on the processor: for tests alone. Counts what
// is taken and not given back, notices writes beyond an allocation, and fails when it is told to.
#include "on_processor.h"
#include <complex>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "kernels.inc"

#define EXPORT extern "C" __attribute__((visibility("default")))

// ---- faults and accounts ------------------------------------------------------------------------------------------

static std::string faultFunction;
static int faultCall = 0, faultStatus = 0;
static int driverVersion = 13000, deviceCount = 1;
static int sharedOfBlock = 99 << 10;
static std::map<const KernelEntry*, unsigned> sharedAllowed;
static std::size_t memoryTotal = std::size_t(8) << 30, memoryTaken = 0;
static std::map<std::uintptr_t, std::size_t> deviceMemory;
static std::set<void*> hostMemory, streams, modules, handles;
static std::set<int> plans;
static int contexts = 0, overruns = 0;

// From now on the n-th call of a function fails with this status; n = 0 lets all succeed.
EXPORT void nstm_double_fail(const char* function, int call, int status) {
    faultFunction = function;
    faultCall = call;
    faultStatus = status;
}
EXPORT void nstm_double_machine(int version, int devices, std::size_t memory) {
    driverVersion = version;
    deviceCount = devices;
    memoryTotal = memory;
}
// The most shared memory that a block can be allowed.
EXPORT void nstm_double_shared(int bytes) { sharedOfBlock = bytes; }
// Whether the tensor cores round their factors.
EXPORT void nstm_double_rounding(int on) { tensorRounding = on != 0; }
// Everything taken and not given back.
EXPORT int nstm_double_live() {
    return int(deviceMemory.size() + hostMemory.size() + streams.size() + modules.size() + handles.size() + plans.size()) + contexts;
}
// Allocations that were written to beyond their end, noticed when they were given back, and blocks' shared memory.
EXPORT int nstm_double_overruns() { return overruns + dynamicShared::overruns; }

// A process that cannot call the above says it in NSTM_DOUBLE_FAIL as function:call:status or version:NUMBER.
static const bool told = [] {
    const char* text = std::getenv("NSTM_DOUBLE_FAIL");
    if (!text) return false;
    char name[64];
    int call = 0, status = 0;
    if (std::sscanf(text, "version:%d", &call) == 1) driverVersion = call;
    else if (std::sscanf(text, "%63[^:]:%d:%d", name, &call, &status) == 3) nstm_double_fail(name, call, status);
    return true;
}();

static int fault(const char* function) {
    return faultCall > 0 && faultFunction == function && --faultCall == 0 ? faultStatus : 0;
}
#define MAY_FAIL if (int status = fault(__func__)) return status

// Work that is recorded instead of done; null while none is.
using Work = std::vector<std::function<void()>>;
static Work* recorded = nullptr;
template <class F> static int doOrRecord(F work) {
    if (recorded) recorded->push_back(work);
    else work();
    return 0;
}
#define NOT_WHILE_RECORDING if (recorded) return 900

// ---- driver -------------------------------------------------------------------------------------------------------

static const std::map<int, std::pair<const char*, const char*>> STATUS = {
    {1, {"CUDA_ERROR_INVALID_VALUE", "invalid argument"}}, {2, {"CUDA_ERROR_OUT_OF_MEMORY", "out of memory"}},
    {100, {"CUDA_ERROR_NO_DEVICE", "no CUDA-capable device is detected"}}, {200, {"CUDA_ERROR_INVALID_IMAGE", "device kernel image is invalid"}},
    {500, {"CUDA_ERROR_NOT_FOUND", "named symbol not found"}}, {700, {"CUDA_ERROR_ILLEGAL_ADDRESS", "an illegal memory access was encountered"}},
    {719, {"CUDA_ERROR_LAUNCH_FAILED", "unspecified launch failure"}}};

EXPORT int cuGetErrorName(int status, const char** text) {
    auto known = STATUS.find(status);
    if (known == STATUS.end()) return 1;
    *text = known->second.first;
    return 0;
}
EXPORT int cuGetErrorString(int status, const char** text) {
    auto known = STATUS.find(status);
    if (known == STATUS.end()) return 1;
    *text = known->second.second;
    return 0;
}
EXPORT int cuInit(unsigned) { MAY_FAIL; return 0; }
EXPORT int cuDriverGetVersion(int* version) { MAY_FAIL; *version = driverVersion; return 0; }
EXPORT int cuDeviceGetCount(int* count) { MAY_FAIL; *count = deviceCount; return 0; }
EXPORT int cuDeviceGet(int* device, int ordinal) { MAY_FAIL; *device = ordinal; return 0; }
EXPORT int cuDeviceGetName(char* name, int length, int) { MAY_FAIL; std::snprintf(name, length, "double of a GPU"); return 0; }
EXPORT int cuDeviceGetAttribute(int* value, int attribute, int) {
    MAY_FAIL;
    *value = attribute == 75 ? 9 : attribute == 76 ? 0 : attribute == 16 ? 2 : attribute == 97 ? sharedOfBlock : 0;
    return 0;
}
EXPORT int cuDevicePrimaryCtxRetain(void** context, int) { MAY_FAIL; contexts++; *context = &contexts; return 0; }
EXPORT int cuDevicePrimaryCtxRelease_v2(int) { contexts--; return 0; }
EXPORT int cuCtxSetCurrent(void*) { MAY_FAIL; return 0; }
EXPORT int cuMemGetInfo_v2(std::size_t* free, std::size_t* total) { MAY_FAIL; *free = memoryTotal - memoryTaken; *total = memoryTotal; return 0; }

static constexpr std::size_t GUARD = 64;
EXPORT int cuMemAlloc_v2(std::uintptr_t* address, std::size_t size) {
    MAY_FAIL;
    NOT_WHILE_RECORDING;
    if (size == 0) return 1;
    if (size > memoryTotal - memoryTaken) return 2;
    char* memory = static_cast<char*>(std::aligned_alloc(256, (size + GUARD + 255) / 256 * 256));
    std::memset(memory, 0xff, size);
    std::memset(memory + size, 0xa5, GUARD);
    *address = reinterpret_cast<std::uintptr_t>(memory);
    deviceMemory[*address] = size;
    memoryTaken += size;
    return 0;
}
EXPORT int cuMemFree_v2(std::uintptr_t address) {
    MAY_FAIL;
    auto known = deviceMemory.find(address);
    if (known == deviceMemory.end()) return 1;
    const unsigned char* end = reinterpret_cast<unsigned char*>(address) + known->second;
    if (std::any_of(end, end + GUARD, [](unsigned char byte) { return byte != 0xa5; })) overruns++;
    memoryTaken -= known->second;
    deviceMemory.erase(known);
    std::free(reinterpret_cast<void*>(address));
    return 0;
}
EXPORT int cuMemAllocHost_v2(void** memory, std::size_t size) { MAY_FAIL; *memory = std::malloc(size); hostMemory.insert(*memory); return 0; }
EXPORT int cuMemFreeHost(void* memory) { hostMemory.erase(memory); std::free(memory); return 0; }
EXPORT int cuMemcpyHtoDAsync_v2(std::uintptr_t to, const void* from, std::size_t size, void*) { MAY_FAIL; NOT_WHILE_RECORDING; std::memcpy(reinterpret_cast<void*>(to), from, size); return 0; }
EXPORT int cuMemcpyDtoHAsync_v2(void* to, std::uintptr_t from, std::size_t size, void*) { MAY_FAIL; NOT_WHILE_RECORDING; std::memcpy(to, reinterpret_cast<void*>(from), size); return 0; }
EXPORT int cuMemcpyDtoDAsync_v2(std::uintptr_t to, std::uintptr_t from, std::size_t size, void*) {
    MAY_FAIL;
    return doOrRecord([=] { std::memmove(reinterpret_cast<void*>(to), reinterpret_cast<void*>(from), size); });
}
EXPORT int cuMemsetD32Async(std::uintptr_t to, unsigned value, std::size_t count, void*) {
    MAY_FAIL;
    return doOrRecord([=] { std::fill_n(reinterpret_cast<unsigned*>(to), count, value); });
}
EXPORT int cuStreamCreate(void** stream, unsigned) { MAY_FAIL; *stream = std::malloc(1); streams.insert(*stream); return 0; }
EXPORT int cuStreamDestroy_v2(void* stream) { streams.erase(stream); std::free(stream); return 0; }
EXPORT int cuStreamSynchronize(void*) { MAY_FAIL; NOT_WHILE_RECORDING; return 0; }
EXPORT int cuStreamBeginCapture_v2(void*, int) { MAY_FAIL; NOT_WHILE_RECORDING; recorded = new Work; return 0; }
EXPORT int cuStreamEndCapture(void*, Work** graph) {
    if (!recorded) return 1;
    Work* work = recorded;
    recorded = nullptr;
    if (int status = fault(__func__)) { delete work; return status; }
    *graph = work;
    handles.insert(work);
    return 0;
}
EXPORT int cuGraphInstantiateWithFlags(Work** executable, const Work* graph, unsigned long long) { MAY_FAIL; *executable = new Work(*graph); handles.insert(*executable); return 0; }
EXPORT int cuGraphLaunch(Work* executable, void*) { MAY_FAIL; for (auto& work : *executable) work(); return 0; }
EXPORT int cuGraphDestroy(Work* graph) { handles.erase(graph); delete graph; return 0; }
EXPORT int cuGraphExecDestroy(Work* executable) { handles.erase(executable); delete executable; return 0; }

// A module is what its program ends with: _width_tensor of a perceptron's kernels, else nothing.
static const char MAGIC[] = "code of the double";
EXPORT int cuModuleLoadData(std::string** module, const char* image) {
    MAY_FAIL;
    if (std::memcmp(image, MAGIC, sizeof MAGIC) != 0) return 200;
    *module = new std::string(image + sizeof MAGIC);
    modules.insert(*module);
    return 0;
}
EXPORT int cuModuleUnload(std::string* module) { modules.erase(module); delete module; return 0; }
EXPORT int cuModuleGetFunction(const KernelEntry** function, const std::string* module, const char* name) {
    MAY_FAIL;
    for (const KernelEntry& kernel : KERNELS) {
        if (kernel.name != name + *module) continue;
        *function = &kernel;
        return 0;
    }
    return 500;
}
EXPORT int cuFuncSetAttribute(const KernelEntry* kernel, int attribute, int value) {
    MAY_FAIL;
    if (attribute != 8 || value > sharedOfBlock) return 1;
    sharedAllowed[kernel] = unsigned(value);
    return 0;
}
static bool sharedFits(const KernelEntry* kernel, std::size_t bytes) { return bytes <= std::max(48u << 10, sharedAllowed[kernel]); }
EXPORT int cuOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, const KernelEntry* kernel, int, std::size_t sharedBytes) {
    MAY_FAIL;
    *blocks = sharedFits(kernel, sharedBytes) ? 2 : 0;
    return 0;
}
#ifndef WITHOUT_LAUNCH
EXPORT int cuLaunchKernel(const KernelEntry* kernel, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned sharedBytes, void*, void** arguments, void**) {
    MAY_FAIL;
    if (gx == 0 || gy == 0 || gy > 65535 || gz != 1 || bx == 0 || bx > 1024 || by != 1 || bz != 1 || !sharedFits(kernel, sharedBytes)) return 1;
    std::vector<std::uint64_t> values(kernel->arguments);
    for (int i = 0; i < kernel->arguments; i++) std::memcpy(&values[i], arguments[i], 8);
    return doOrRecord([=]() mutable {
        std::vector<void*> places(values.size());
        for (std::size_t i = 0; i < values.size(); i++) places[i] = &values[i];
        runGrid(kernel, {gx, gy, gz}, {bx, by, bz}, sharedBytes, places.data());
    });
}
#endif

// ---- NVRTC --------------------------------------------------------------------------------------------------------

struct Program { std::string source, log; };
EXPORT const char* nvrtcGetErrorString(int status) { return status == 0 ? "NVRTC_SUCCESS" : status == 6 ? "NVRTC_ERROR_COMPILATION" : "NVRTC_ERROR_OUT_OF_MEMORY"; }
EXPORT int nvrtcVersion(int* major, int* minor) { MAY_FAIL; *major = 13; *minor = 0; return 0; }
EXPORT int nvrtcCreateProgram(Program** program, const char* source, const char*, int, const char* const*, const char* const*) {
    MAY_FAIL;
    *program = new Program{source, ""};
    handles.insert(*program);
    return 0;
}
EXPORT int nvrtcDestroyProgram(Program** program) { handles.erase(*program); delete *program; *program = nullptr; return 0; }
EXPORT int nvrtcCompileProgram(Program* program, int, const char* const* options) {
    if (int status = fault(__func__)) {
        program->log = std::string("nstm.cu(1): error: told to fail with ") + options[0] + "\n";
        return status;
    }
    return 0;
}
static const int ARCHITECTURES[] = {75, 80, 86, 90};
EXPORT int nvrtcGetNumSupportedArchs(int* count) { MAY_FAIL; *count = 4; return 0; }
EXPORT int nvrtcGetSupportedArchs(int* architectures) { MAY_FAIL; std::copy_n(ARCHITECTURES, 4, architectures); return 0; }
static std::string compiled(const Program* program) {
    std::string ending;
    int width;
    char tensor[8];
    std::size_t at = program->source.find("\nPERCEPTRON_KERNELS(");
    if (at != std::string::npos && std::sscanf(program->source.c_str() + at, "\nPERCEPTRON_KERNELS(%d, %7[a-z])", &width, tensor) == 2) ending = "_" + std::to_string(width) + "_" + tensor;
    return std::string(MAGIC, sizeof MAGIC) + ending + '\0';
}
static void copy(const std::string& code, char* to) { std::memcpy(to, code.data(), code.size()); }
EXPORT int nvrtcGetPTXSize(Program* program, std::size_t* size) { MAY_FAIL; *size = compiled(program).size(); return 0; }
EXPORT int nvrtcGetPTX(Program* program, char* code) { MAY_FAIL; copy(compiled(program), code); return 0; }
EXPORT int nvrtcGetCUBINSize(Program* program, std::size_t* size) { MAY_FAIL; *size = compiled(program).size(); return 0; }
EXPORT int nvrtcGetCUBIN(Program* program, char* code) { MAY_FAIL; copy(compiled(program), code); return 0; }
EXPORT int nvrtcGetProgramLogSize(Program* program, std::size_t* size) { MAY_FAIL; *size = program->log.size() + 1; return 0; }
EXPORT int nvrtcGetProgramLog(Program* program, char* text) { MAY_FAIL; std::strcpy(text, program->log.c_str()); return 0; }

// ---- cuBLAS -------------------------------------------------------------------------------------------------------

EXPORT int cublasCreate_v2(void** handle) { MAY_FAIL; *handle = std::malloc(1); handles.insert(*handle); return 0; }
EXPORT int cublasDestroy_v2(void* handle) { handles.erase(handle); std::free(handle); return 0; }
EXPORT int cublasSetStream_v2(void*, void*) { MAY_FAIL; return 0; }
EXPORT int cublasSetWorkspace_v2(void*, void*, std::size_t) { MAY_FAIL; return 0; }
EXPORT int cublasSetMathMode(void*, int) { MAY_FAIL; return 0; }
EXPORT const char* cublasGetStatusName(int) { return "CUBLAS_STATUS_EXECUTION_FAILED"; }
EXPORT const char* cublasGetStatusString(int) { return "the GPU program failed to execute"; }

static void multiply(int transA, int transB, int m, int n, int k, float alpha, const float* a, int lda, const float* b, int ldb, float beta, float* c, int ldc) {
    for (int j = 0; j < n; j++) for (int i = 0; i < m; i++) {
        float& value = c[i + std::size_t(j) * ldc];
        value = beta == 0 ? 0 : beta * value;
    }
    constexpr int BLOCK = 1024, LANES = 16;
    if (transA) {
        for (int first = 0; first < k; first += BLOCK) {
            int last = std::min(k, first + BLOCK);
            for (int j = 0; j < n; j++) for (int i = 0; i < m; i++) {
                const float* x = a + std::size_t(i) * lda;
                float sums[LANES] = {};
                int l = first;
                if (!transB) {
                    const float* y = b + std::size_t(j) * ldb;
                    for (; l + LANES <= last; l += LANES) for (int lane = 0; lane < LANES; lane++) sums[lane] += x[l + lane] * y[l + lane];
                }
                float sum = 0;
                for (float part : sums) sum += part;
                for (; l < last; l++) sum += x[l] * (transB ? b[j + std::size_t(l) * ldb] : b[l + std::size_t(j) * ldb]);
                c[i + std::size_t(j) * ldc] += alpha * sum;
            }
        }
        return;
    }
    for (int first = 0; first < m; first += BLOCK) {
        int last = std::min(m, first + BLOCK);
        for (int j = 0; j < n; j++) for (int l = 0; l < k; l++) {
            float factor = alpha * (transB ? b[j + std::size_t(l) * ldb] : b[l + std::size_t(j) * ldb]);
            const float* x = a + std::size_t(l) * lda;
            float* y = c + std::size_t(j) * ldc;
            for (int i = first; i < last; i++) y[i] += factor * x[i];
        }
    }
}
EXPORT int cublasSgemm_v2(void*, int transA, int transB, int m, int n, int k, const float* alpha, const float* a, int lda, const float* b, int ldb, const float* beta, float* c, int ldc) {
    MAY_FAIL;
    if (lda < (transA ? k : m) || ldb < (transB ? n : k) || ldc < m) return 7;
    float factor = *alpha, kept = *beta;
    return doOrRecord([=] { multiply(transA, transB, m, n, k, factor, a, lda, b, ldb, kept, c, ldc); });
}

// ---- cuFFT --------------------------------------------------------------------------------------------------------

using Complex = std::complex<double>;
struct Plan { std::vector<int> extents; int type = 0, batch = 0; bool workArea = false; };
static std::map<int, Plan> known;
static int nextPlan = 1;
enum { R2C = 0x2a, C2R = 0x2c, C2C = 0x29 };

// sum over x of in[x step] exp(sign 2 pi i k x / n), by the smallest factor of n.
static void transform(const Complex* in, std::size_t step, Complex* out, int n, int sign) {
    if (n == 1) { out[0] = in[0]; return; }
    int factor = 2;
    while (n % factor != 0) factor++;
    int part = n / factor;
    std::vector<Complex> parts(n);
    for (int f = 0; f < factor; f++) transform(in + f * step, step * factor, parts.data() + f * part, part, sign);
    for (int k = 0; k < n; k++) {
        Complex sum = 0;
        for (int f = 0; f < factor; f++) sum += std::polar(1.0, sign * 2 * M_PI * (double(f) * k / n - std::floor(double(f) * k / n))) * parts[f * part + k % part];
        out[k] = sum;
    }
}
static void transformAxis(std::vector<Complex>& values, int outer, int n, int inner, int sign) {
    std::vector<Complex> line(n);
    for (int o = 0; o < outer; o++) for (int i = 0; i < inner; i++) {
        Complex* first = values.data() + std::size_t(o) * n * inner + i;
        transform(first, inner, line.data(), n, sign);
        for (int k = 0; k < n; k++) first[std::size_t(k) * inner] = line[k];
    }
}
static void transformAll(std::vector<Complex>& values, const std::vector<int>& extents, int sign) {
    int inner = 1, total = 1;
    for (int extent : extents) total *= extent;
    for (int axis = int(extents.size()) - 1; axis >= 0; axis--) {
        transformAxis(values, total / extents[axis] / inner, extents[axis], inner, sign);
        inner *= extents[axis];
    }
}

EXPORT int cufftCreate(int* plan) { MAY_FAIL; *plan = nextPlan++; plans.insert(*plan); known[*plan] = {}; return 0; }
EXPORT int cufftDestroy(int plan) { plans.erase(plan); known.erase(plan); return 0; }
EXPORT int cufftSetAutoAllocation(int, int) { MAY_FAIL; return 0; }
EXPORT int cufftMakePlanMany(int plan, int rank, const int* extents, const int*, int, int, const int*, int, int, int type, int batch, std::size_t* size) {
    MAY_FAIL;
    known[plan] = {std::vector<int>(extents, extents + rank), type, batch};
    *size = 1024;
    return 0;
}
EXPORT int cufftSetStream(int, void*) { MAY_FAIL; return 0; }
EXPORT int cufftSetWorkArea(int plan, void* area) { MAY_FAIL; known[plan].workArea = area != nullptr; return 0; }

static int size(const Plan& plan) {
    int count = 1;
    for (int extent : plan.extents) count *= extent;
    return count;
}
EXPORT int cufftExecC2C(int id, const float* in, float* out, int direction) {
    MAY_FAIL;
    const Plan plan = known.at(id);
    if (plan.type != C2C || !plan.workArea) return 1;
    return doOrRecord([=] {
        int count = size(plan);
        for (int b = 0; b < plan.batch; b++) {
            std::vector<Complex> values(count);
            for (int i = 0; i < count; i++) values[i] = {in[2 * (std::size_t(b) * count + i)], in[2 * (std::size_t(b) * count + i) + 1]};
            transformAll(values, plan.extents, direction);
            for (int i = 0; i < count; i++) {
                out[2 * (std::size_t(b) * count + i)] = float(values[i].real());
                out[2 * (std::size_t(b) * count + i) + 1] = float(values[i].imag());
            }
        }
    });
}
EXPORT int cufftExecR2C(int id, const float* in, float* out) {
    MAY_FAIL;
    const Plan plan = known.at(id);
    if (plan.type != R2C || !plan.workArea) return 1;
    return doOrRecord([=] {
        int count = size(plan), width = plan.extents.back(), half = width / 2 + 1;
        for (int b = 0; b < plan.batch; b++) {
            std::vector<Complex> values(in + std::size_t(b) * count, in + std::size_t(b + 1) * count);
            transformAll(values, plan.extents, -1);
            for (int row = 0; row < count / width; row++) for (int k = 0; k < half; k++) {
                float* target = out + 2 * ((std::size_t(b) * (count / width) + row) * half + k);
                target[0] = float(values[std::size_t(row) * width + k].real());
                target[1] = float(values[std::size_t(row) * width + k].imag());
            }
        }
    });
}
// As the library, takes the last axis for the half of a real row's spectrum, and destroys its input.
EXPORT int cufftExecC2R(int id, float* in, float* out) {
    MAY_FAIL;
    const Plan plan = known.at(id);
    if (plan.type != C2R || !plan.workArea) return 1;
    return doOrRecord([=] {
        int count = size(plan), width = plan.extents.back(), half = width / 2 + 1, rows = count / width;
        std::vector<int> others(plan.extents.begin(), plan.extents.end() - 1);
        for (int b = 0; b < plan.batch; b++) {
            float* spectrum = in + 2 * std::size_t(b) * rows * half;
            std::vector<Complex> values(std::size_t(rows) * half);
            for (std::size_t i = 0; i < values.size(); i++) values[i] = {spectrum[2 * i], spectrum[2 * i + 1]};
            for (int axis = int(others.size()) - 1, inner = half; axis >= 0; inner *= others[axis--]) transformAxis(values, rows * half / others[axis] / inner, others[axis], inner, 1);
            std::vector<Complex> full(width), line(width);
            for (int row = 0; row < rows; row++) {
                for (int k = 0; k < width; k++) full[k] = k < half ? values[std::size_t(row) * half + k] : std::conj(values[std::size_t(row) * half + width - k]);
                full[0] = full[0].real();
                if (width % 2 == 0) full[width / 2] = full[width / 2].real();
                transform(full.data(), 1, line.data(), width, 1);
                for (int x = 0; x < width; x++) out[(std::size_t(b) * rows + row) * width + x] = float(line[x].real());
            }
            std::fill_n(spectrum, 2 * std::size_t(rows) * half, NAN);
        }
    });
}
