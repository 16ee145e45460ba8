// The tensor cores, from compute capability 8.0 on. A factor as they take it: rounded to 10 bits of mantissa, halves away
// from zero.
static __device__ unsigned int tensorFloat(float x) {
    unsigned int bits = 0;
#if __CUDA_ARCH__ >= 800
    asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(bits) : "f"(x));
#endif
    return bits;
}

// c += a b by all threads of a warp, of which every one has a few values: thread t = 4 g + i of c[16][8] those at (g, 2i),
// (g, 2i+1), (g+8, 2i), (g+8, 2i+1), of a[16][8] those at (g, i), (g+8, i), (g, i+4), (g+8, i+4), and of b[8][8] those at (i, g),
// (i+4, g) (PTX ISA, mma.m16n8k8 with .tf32).
static __device__ void multiplyTensors(float* c, const unsigned int* a, const unsigned int* b) {
#if __CUDA_ARCH__ >= 800
    asm("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
            : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3]) : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
#else
    __trap();
#endif
}
