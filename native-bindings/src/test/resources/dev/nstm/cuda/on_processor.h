// What the kernels' sources need to compile as C++ and run on the processor, block after block in an order that is
// another every time. The threads of a block run one after another; in kernels that wait for each other (__syncthreads)
// each has a stack of its own and hands over to the next where it waits.
#pragma once
#include <algorithm>
#include <cmath>
#include <csetjmp>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <numeric>
#include <random>
#include <ucontext.h>
#include <utility>
#include <vector>

#define KERNEL static
#define TILE_KERNEL static
#define KERNEL_OF(name, width, tensor) name##_##width##_##tensor
#define __device__
#define __shared__ static
#define DYNAMIC_SHARED(name) float* name = reinterpret_cast<float*>(dynamicShared::memory.data())
#define UNROLL

struct Index3 { unsigned int x, y, z; };
static Index3 threadIdx, blockIdx, blockDim, gridDim;

struct float2 { float x, y; };
static inline float2 make_float2(float x, float y) { return {x, y}; }
struct alignas(16) float4 { float x, y, z, w; };
static inline float4 make_float4(float x, float y, float z, float w) { return {x, y, z, w}; }
static inline unsigned int __float_as_uint(float value) { unsigned int bits; std::memcpy(&bits, &value, 4); return bits; }
static inline float __uint_as_float(unsigned int bits) { float value; std::memcpy(&value, &bits, 4); return value; }
using std::max;
using std::min;
template <class T> static inline T atomicAdd(T* where, T value) { T old = *where; *where = old + value; return old; }
template <class T> static inline T atomicMax(T* where, T value) { T old = *where; *where = std::max(old, value); return old; }

// The shared memory that a launch asks for: NaN when a block begins, and watched beyond its end.
namespace dynamicShared {
constexpr std::size_t GUARD = 16;
static std::vector<float4> memory;
static std::size_t size;
static int overruns = 0;

static void prepare(std::size_t bytes) {
    size = bytes;
    if (size > 0) memory.resize((size + 15) / 16 + GUARD);
}
static char* bytes() { return reinterpret_cast<char*>(memory.data()); }
static char* end() { return reinterpret_cast<char*>(memory.data() + memory.size()); }
static void begin() {
    if (size == 0) return;
    std::memset(bytes(), 0xff, size);
    std::memset(bytes() + size, 0xa5, end() - bytes() - size);
}
static void check() {
    if (size > 0 && std::any_of(bytes() + size, end(), [](char byte) { return byte != char(0xa5); })) overruns++;
}
}  // namespace dynamicShared

// A kernel with its arguments, to be called for the thread that threadIdx and blockIdx name.
template <class... A, std::size_t... I> static inline void callKernel(void (*kernel)(A...), void** arguments, std::index_sequence<I...>) {
    kernel(*static_cast<A*>(arguments[I])...);
}
template <class... A> static inline void callKernel(void (*kernel)(A...), void** arguments) {
    callKernel(kernel, arguments, std::index_sequence_for<A...>());
}
template <auto F> static void invoke(void** arguments) { callKernel(F, arguments); }

template <class... A> constexpr int countOf(void (*)(A...)) { return sizeof...(A); }

struct KernelEntry {
    const char* name;
    void (*run)(void**);
    int arguments;
    bool waits;
};

namespace waiting {
constexpr std::size_t STACK = 1 << 16;
struct Thread {
    std::vector<char> stack = std::vector<char>(STACK);
    ucontext_t start;
    jmp_buf resume;
    bool begun = false, done = false;
};
static std::vector<Thread> threads;
static std::size_t current;
static jmp_buf scheduler;
static const KernelEntry* kernel;
static void** arguments;

static void body() {
    kernel->run(arguments);
    threads[current].done = true;
    _longjmp(scheduler, 1);
}

// Begins the current thread or goes on with it; returns when it waits or is done. Not inlined, like yield: nothing but a
// frame that is still there lies between a jump and its target.
static void __attribute__((noinline)) step(Thread* thread) {
    if (_setjmp(scheduler)) return;
    if (thread->begun) _longjmp(thread->resume, 1);
    thread->begun = true;
    getcontext(&thread->start);
    thread->start.uc_stack.ss_sp = thread->stack.data();
    thread->start.uc_stack.ss_size = STACK;
    thread->start.uc_link = nullptr;
    makecontext(&thread->start, body, 0);
    setcontext(&thread->start);
}

static void __attribute__((noinline)) yield(Thread* thread) {
    if (!_setjmp(thread->resume)) _longjmp(scheduler, 1);
}

static void runBlock(const KernelEntry* entry, void** given) {
    kernel = entry;
    arguments = given;
    if (threads.size() < blockDim.x) threads = std::vector<Thread>(blockDim.x);
    for (std::size_t i = 0; i < blockDim.x; i++) threads[i].begun = threads[i].done = false;
    for (bool open = true; open;) {
        open = false;
        for (current = 0; current < blockDim.x; current++) {
            if (threads[current].done) continue;
            open = true;
            threadIdx.x = static_cast<unsigned int>(current);
            step(&threads[current]);
        }
    }
    kernel = nullptr;
}
}  // namespace waiting

static inline void __syncthreads() {
    if (!waiting::kernel) {
        std::fputs("a kernel waits that was not known to\n", stderr);
        std::abort();
    }
    waiting::yield(&waiting::threads[waiting::current]);
}

// The tensor cores: a warp's threads lay down what they have, wait, and compute what is theirs. Their rounding can be switched off.
static bool tensorRounding = true;
static inline unsigned int tensorFloat(float x) { return tensorRounding ? (__float_as_uint(x) + 0x1000u) & 0xffffe000u : __float_as_uint(x); }
static void multiplyTensors(float* c, const unsigned int* a, const unsigned int* b) {
    static unsigned int turn[1024], left[2][1024][4], right[2][1024][2];
    unsigned int thread = threadIdx.x, warp = thread / 32 * 32, group = thread % 32 / 4, member = thread % 4, now = turn[thread] ^= 1;
    std::copy_n(a, 4, left[now][thread]);
    std::copy_n(b, 2, right[now][thread]);
    __syncthreads();
    for (unsigned int i = 0; i < 4; i++) {
        unsigned int row = group + i / 2 * 8, column = 2 * member + i % 2;
        for (unsigned int k = 0; k < 8; k++) {
            c[i] += __uint_as_float(left[now][warp + row % 8 * 4 + k % 4][row / 8 + k / 4 * 2]) * __uint_as_float(right[now][warp + column * 4 + k % 4][k / 4]);
        }
    }
}

static std::minstd_rand chance;

static void runGrid(const KernelEntry* kernel, Index3 grid, Index3 block, std::size_t sharedBytes, void** arguments) {
    gridDim = grid;
    blockDim = block;
    dynamicShared::prepare(sharedBytes);
    std::vector<unsigned int> order(std::size_t(grid.x) * grid.y);
    std::iota(order.begin(), order.end(), 0u);
    std::shuffle(order.begin(), order.end(), chance);
    for (unsigned int index : order) {
        blockIdx.x = index % grid.x;
        blockIdx.y = index / grid.x;
        dynamicShared::begin();
        if (kernel->waits) waiting::runBlock(kernel, arguments);
        else for (threadIdx.x = 0; threadIdx.x < block.x; threadIdx.x++) kernel->run(arguments);
        dynamicShared::check();
    }
}
