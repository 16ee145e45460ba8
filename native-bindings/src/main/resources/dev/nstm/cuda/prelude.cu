// Begins the program that the kernels are compiled to.
#define KERNEL extern "C" __global__
