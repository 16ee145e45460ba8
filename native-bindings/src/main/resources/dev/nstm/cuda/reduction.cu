// Sums in double precision, in a fixed order: every block sums a fixed share, then one block sums the blocks' sums.

#define SUM_COLUMNS 16

// Adds up what the threads of a block found; the result is valid in thread 0.
static __device__ double sumOfBlock(double mine) {
    __shared__ double sums[BLOCK_THREADS];
    __shared__ double columns[SUM_COLUMNS];
    sums[threadIdx.x] = mine;
    __syncthreads();
    if (threadIdx.x < SUM_COLUMNS) {
        double column = 0.0;
        for (unsigned int i = threadIdx.x; i < BLOCK_THREADS; i += SUM_COLUMNS) column += sums[i];
        columns[threadIdx.x] = column;
    }
    __syncthreads();
    double sum = 0.0;
    if (threadIdx.x == 0) for (unsigned int i = 0; i < SUM_COLUMNS; i++) sum += columns[i];
    return sum;
}

KERNEL void sumValues(int which, const float* x, int n, double* sums) {
    double sum = 0.0;
    for (unsigned int i = blockIdx.x * BLOCK_THREADS + threadIdx.x; i < (unsigned int) n; i += gridDim.x * BLOCK_THREADS) {
        float v = x[i];
        sum += which == SUM_OF_SQUARES ? (double) v * v : (double) fmaxf(-v, 0.0f);
    }
    sum = sumOfBlock(sum);
    if (threadIdx.x == 0) sums[blockIdx.x] = sum;
}

KERNEL void sumProducts(const float* x, const float* y, int n, double* sums) {
    double sum = 0.0;
    for (unsigned int i = blockIdx.x * BLOCK_THREADS + threadIdx.x; i < (unsigned int) n; i += gridDim.x * BLOCK_THREADS) sum += (double) x[i] * y[i];
    sum = sumOfBlock(sum);
    if (threadIdx.x == 0) sums[blockIdx.x] = sum;
}

// y -= share * factor x
KERNEL void subtractMultiple(float share, const double* factor, const float* x, float* y, int n) {
    ELEMENT(i, n);
    y[i] -= (float) (share * *factor) * x[i];
}

// Re(conj(x) y) over full spectra given as half spectra of rows of width real values: every frequency counts twice but
// those that are their own mirror images, zero and, for even widths, the last.
KERNEL void sumHalfSpectra(const float2* x, const float2* y, int n, int width, double* sums) {
    double sum = 0.0;
    unsigned int half = width / 2 + 1;
    for (unsigned int i = blockIdx.x * BLOCK_THREADS + threadIdx.x; i < (unsigned int) n; i += gridDim.x * BLOCK_THREADS) {
        unsigned int frequency = i % half;
        float weight = frequency == 0 || 2 * frequency == (unsigned int) width ? 1.0f : 2.0f;
        sum += weight * ((double) x[i].x * y[i].x + (double) x[i].y * y[i].y);
    }
    sum = sumOfBlock(sum);
    if (threadIdx.x == 0) sums[blockIdx.x] = sum;
}

// total += factor * sum of the blocks' sums; one block
KERNEL void addSumOfSums(double factor, const double* sums, int n, double* total) {
    double sum = 0.0;
    for (unsigned int i = threadIdx.x; i < (unsigned int) n; i += BLOCK_THREADS) sum += sums[i];
    sum = sumOfBlock(sum);
    if (threadIdx.x == 0) *total += factor * sum;
}

// sums[row][block] = the block's share of the sum over points of x[row][point]; gridDim.y counts the rows, stride apart
KERNEL void sumRows(const float* x, int stride, int n, double* sums) {
    const float* row = x + (size_t) blockIdx.y * stride;
    double sum = 0.0;
    for (unsigned int i = blockIdx.x * BLOCK_THREADS + threadIdx.x; i < (unsigned int) n; i += gridDim.x * BLOCK_THREADS) sum += row[i];
    sum = sumOfBlock(sum);
    if (threadIdx.x == 0) sums[blockIdx.y * gridDim.x + blockIdx.x] = sum;
}

// target[row] += sum over blocks of sums[row][block]; a thread per row
KERNEL void addSumsOfRows(const double* sums, int blocks, float* target, int n) {
    unsigned int row = blockIdx.x * blockDim.x + threadIdx.x;
    if (row >= (unsigned int) n) return;
    double sum = 0.0;
    for (int i = 0; i < blocks; i++) sum += sums[row * blocks + i];
    target[row] += (float) sum;
}

// target[i] += sum over blocks of sums[block][i]
KERNEL void addBlocksSums(const float* sums, int blocks, float* target, int n) {
    unsigned int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= (unsigned int) n) return;
    double sum = 0.0;
    for (int block = 0; block < blocks; block++) sum += sums[(size_t) block * n + i];
    target[i] += (float) sum;
}

// largest = max(largest, |x|), as the bits of a float, which order non-negative floats, infinity and NaN above all
KERNEL void largestMagnitude(const float* x, int n, unsigned int* largest) {
    __shared__ unsigned int found[BLOCK_THREADS];
    unsigned int mine = 0;
    for (unsigned int i = blockIdx.x * BLOCK_THREADS + threadIdx.x; i < (unsigned int) n; i += gridDim.x * BLOCK_THREADS) mine = max(mine, __float_as_uint(fabsf(x[i])));
    found[threadIdx.x] = mine;
    __syncthreads();
    for (unsigned int half = BLOCK_THREADS / 2; half > 0; half /= 2) {
        if (threadIdx.x < half) found[threadIdx.x] = max(found[threadIdx.x], found[threadIdx.x + half]);
        __syncthreads();
    }
    if (threadIdx.x == 0) atomicMax(largest, found[0]);
}
