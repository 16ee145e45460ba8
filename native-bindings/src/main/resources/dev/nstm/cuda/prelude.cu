// Begins the program that the kernels are compiled to.
#define KERNEL extern "C" __global__
// One that works on tiles in shared memory. Two blocks shall fit on a multiprocessor that has shared memory for them.
#define TILE_KERNEL extern "C" __global__ __launch_bounds__(BLOCK_THREADS, 2)
#define KERNEL_OF(name, width, tensor) name
// The shared memory that a launch asks for.
#define DYNAMIC_SHARED(name) extern __shared__ float4 dynamicShared[]; float* name = reinterpret_cast<float*>(dynamicShared)
// Where an array is to stay in registers.
#define UNROLL _Pragma("unroll")
