// Products of matrices over a tile of points that a block of threads holds in shared memory, [row][point]. A layer's neurons
// and features are at most WIDTH; neurons are filled up with zeros. The large products are those of a register-blocked
// SGEMM, every thread with 8 neurons of 8 points, or with TENSOR those of the tensor cores, every warp with 32 neurons of
// 64 points, whose factors are rounded to 10 bits of mantissa.

// Rows of a tile are a little longer than its points, so that neighbouring rows begin in different banks.
template <int WIDTH> struct Tile {
    static constexpr int BITS = WIDTH == 128 ? 7 : WIDTH == 64 ? 8 : 9;
    static constexpr int POINTS = 1 << BITS;
    static constexpr int STEP = POINTS + 4;
};

static __device__ void load4(const float* from, float* values) {
    float4 loaded = *reinterpret_cast<const float4*>(from);
    values[0] = loaded.x;
    values[1] = loaded.y;
    values[2] = loaded.z;
    values[3] = loaded.w;
}

static __device__ void store4(float* to, const float* values) {
    *reinterpret_cast<float4*>(to) = make_float4(values[0], values[1], values[2], values[3]);
}

// What a tile is filled with, four points of a row at a time: load reads what lies in memory, take makes the values of it.
// Rows in memory; 0 beyond the last point.
struct RowInput {
    const float* rows;
    int stride;
    int points;

    __device__ void load(int row, int point, float* four) const { if (point < points) load4(rows + (size_t) row * stride + point, four); }
    __device__ void take(int, int point, float* four) const { for (int i = 0; i < 4; i++) if (point + i >= points) four[i] = 0.0f; }
};

// The values of a hidden layer whose pre-activations, without their biases, lie in memory; 0 beyond the last point.
struct HiddenInput {
    const float* before;
    const float* bias;
    int stride;
    int activation;
    int points;

    __device__ void load(int row, int point, float* four) const { if (point < points) load4(before + (size_t) row * stride + point, four); }
    __device__ void take(int row, int point, float* four) const {
        for (int i = 0; i < 4; i++) four[i] = point + i < points ? valueOf(activation, four[i] + bias[row]) : 0.0f;
    }
};

// The tile itself times the slopes of a hidden layer; 0 beyond the last point.
struct SlopedTile {
    HiddenInput layer;
    const float* tile;
    int step;

    __device__ void load(int row, int point, float* four) const { layer.load(row, point, four); }
    __device__ void take(int row, int point, float* four) const {
        float old[4];
        load4(tile + row * step + point, old);
        for (int i = 0; i < 4; i++) four[i] = point + i < layer.points ? old[i] * slopeOf(layer.activation, four[i] + layer.bias[row]) : 0.0f;
    }
};

// The values at the pre-activations in the tile itself; the latter go to before[row][point], unless it is null.
struct ActivatedTile {
    const float* tile;
    int step;
    const float* bias;
    int activation;
    float* before;
    int stride;
    int points;

    __device__ void load(int row, int point, float* four) const { load4(tile + row * step + point, four); }
    __device__ void take(int row, int point, float* four) const {
        if (before && point < points) store4(before + (size_t) row * stride + point, four);
        for (int i = 0; i < 4; i++) four[i] = valueOf(activation, four[i] + bias[row]);
    }
};

// The gradient with respect to the values of the last hidden layer: sum over o of weights[o][row] gradient[o][point].
struct OutputInput {
    const float* weights;
    int outputRow;
    const float* gradient;
    int step;
    int outputs;

    __device__ void load(int, int, float*) const {}
    __device__ void take(int row, int point, float* four) const {
        for (int o = 0; o < outputs; o++) {
            float given[4];
            load4(gradient + o * step + point, given);
            for (int i = 0; i < 4; i++) four[i] += weights[o * outputRow + row] * given[i];
        }
    }
};

// The tensor cores take rows by eights.
static __device__ int eights(int rows) { return (rows + 7) / 8 * 8; }

// to[row][point] = input from a point on, 0 beyond the rows; 2^bits points, rows are 4 longer. Two loads are under way
// before the first is used.
template <class Input>
static __device__ void fill(const Input& input, int rows, int padded, int first, int bits, float* to) {
    const int quads = padded << (bits - 2);
    const int step = (1 << bits) + 4;
    for (int t = threadIdx.x; t < quads; t += 2 * BLOCK_THREADS) {
        float four[2][4] = {};
        UNROLL for (int i = 0; i < 2; i++) {
            int quad = t + i * BLOCK_THREADS;
            int row = quad >> (bits - 2);
            if (quad < quads && row < rows) input.load(row, first + (quad << 2 & ((1 << bits) - 1)), four[i]);
        }
        UNROLL for (int i = 0; i < 2; i++) {
            int quad = t + i * BLOCK_THREADS;
            int row = quad >> (bits - 2);
            int point = quad << 2 & ((1 << bits) - 1);
            if (quad >= quads) break;
            if (row < rows) input.take(row, first + point, four[i]);
            store4(to + row * step + point, four[i]);
        }
    }
}

template <int WIDTH, class Input>
static __device__ void fillTile(const Input& input, int rows, int padded, float* tile) {
    fill(input, rows, padded, 0, Tile<WIDTH>::BITS, tile);
}

// The same of few rows that need not begin where four values can be read at once.
template <int WIDTH>
static __device__ void fillOutputs(const float* from, int stride, int rows, int points, float* outputs) {
    for (int t = threadIdx.x; t < rows * Tile<WIDTH>::POINTS; t += BLOCK_THREADS) {
        int row = t / Tile<WIDTH>::POINTS;
        int point = t % Tile<WIDTH>::POINTS;
        outputs[row * Tile<WIDTH>::STEP + point] = point < points ? from[(size_t) row * stride + point] : 0.0f;
    }
}

// stage[k][column] = weights[k][column], 0 beyond the columns and in the rows up to the next multiple of 8; rows are
// WIDTH + 4 long
template <int WIDTH>
static __device__ void stageRows(const float* weights, int weightRow, int columns, int count, float* stage) {
    for (int t = threadIdx.x; t < eights(count) * WIDTH; t += BLOCK_THREADS) {
        int k = t / WIDTH;
        int column = t % WIDTH;
        stage[k * (WIDTH + 4) + column] = k < count && column < columns ? weights[(size_t) k * weightRow + column] : 0.0f;
    }
}

// The same of weights[column columnStep + k kStep]; rows are padded + 4 long. A warp takes 8 k of 4 columns, so that both
// its reads and its writes go well together.
static __device__ void stageColumns(const float* weights, int columnStep, int kStep, int columns, int padded, int count, float* stage) {
    for (int t = threadIdx.x; t < eights(count) * padded; t += BLOCK_THREADS) {
        int k = t / (8 * padded) * 8 + t % 8;
        int column = t / 8 % padded;
        stage[k * (padded + 4) + column] = k < count && column < columns ? weights[(size_t) column * columnStep + (size_t) k * kStep] : 0.0f;
    }
}

// The 64 sums of a product over a tile that are this thread's.
template <int WIDTH, bool TENSOR> struct Place;

// 8 neurons of 4 points and 4 more.
template <int WIDTH> struct Place<WIDTH, false> {
    int firstNeuron;
    int firstPoint;

    __device__ Place() {
        int warp = threadIdx.x / 32;
        int lane = threadIdx.x % 32;
        firstNeuron = warp % (WIDTH / 32) * 32 + lane / 8 * 8;
        firstPoint = warp / (WIDTH / 32) * 64 + lane % 8 * 4;
    }

    __device__ void store(const float (&sums)[64], float* tile) const {
        UNROLL for (int i = 0; i < 16; i++) store4(tile + (firstNeuron + i / 2) * Tile<WIDTH>::STEP + firstPoint + i % 2 * 32, sums + 4 * i);
    }

    // sums += sum over k of stage[k][neuron] tile[k][point]
    __device__ void addProduct(const float* stage, const float* tile, int count, float (&sums)[64]) const {
        for (int k = 0; k < count; k++) {
            float w[8];
            float x[8];
            load4(stage + k * (WIDTH + 4) + firstNeuron, w);
            load4(stage + k * (WIDTH + 4) + firstNeuron + 4, w + 4);
            load4(tile + k * Tile<WIDTH>::STEP + firstPoint, x);
            load4(tile + k * Tile<WIDTH>::STEP + firstPoint + 32, x + 4);
            UNROLL for (int i = 0; i < 8; i++) UNROLL for (int j = 0; j < 8; j++) sums[8 * i + j] += w[i] * x[j];
        }
    }
};

// Of 2x8 products of 16x8 values that the warp's threads share, as multiplyTensors does.
template <int WIDTH> struct Place<WIDTH, true> {
    int firstNeuron;
    int firstPoint;
    int group;
    int member;

    __device__ Place() {
        int warp = threadIdx.x / 32;
        group = threadIdx.x % 32 / 4;
        member = threadIdx.x % 4;
        firstNeuron = warp % (WIDTH / 32) * 32;
        firstPoint = warp / (WIDTH / 32) * 64;
    }

    __device__ void store(const float (&sums)[64], float* tile) const {
        UNROLL for (int i = 0; i < 32; i++) {
            float* to = tile + (firstNeuron + i / 16 * 16 + i % 2 * 8 + group) * Tile<WIDTH>::STEP + firstPoint + i / 2 % 8 * 8 + 2 * member;
            *reinterpret_cast<float2*>(to) = make_float2(sums[2 * i], sums[2 * i + 1]);
        }
    }

    // As above, k by eights. A sum may take its k in any order: pairs of neighbours, so that threads read from different banks.
    __device__ void addProduct(const float* stage, const float* tile, int count, float (&sums)[64]) const {
        const int step = WIDTH + 4;
        for (int k = 0; k < count; k += 8) {
            unsigned int a[2][4];
            UNROLL for (int m = 0; m < 2; m++) {
                const float* from = stage + (k + 2 * member) * step + firstNeuron + 16 * m + group;
                a[m][0] = tensorFloat(from[0]);
                a[m][1] = tensorFloat(from[8]);
                a[m][2] = tensorFloat(from[step]);
                a[m][3] = tensorFloat(from[step + 8]);
            }
            UNROLL for (int n = 0; n < 8; n++) {
                const float* from = tile + (k + 2 * member) * Tile<WIDTH>::STEP + firstPoint + 8 * n + group;
                unsigned int b[2] = {tensorFloat(from[0]), tensorFloat(from[Tile<WIDTH>::STEP])};
                UNROLL for (int m = 0; m < 2; m++) multiplyTensors(sums + 4 * (8 * m + n), a[m], b);
            }
        }
    }
};

// sums of this thread's place += sum over k of W[k][neuron] tile[k][point], where W is weights[k][neuron] or, TRANSPOSED,
// weights[neuron][k]. Begins with a barrier: whatever the tile and the stage were used for before is done.
template <int WIDTH, bool TENSOR, bool TRANSPOSED>
static __device__ void addProduct(const float* tile, int count, const float* weights, int weightRow, int width, float* stage, float (&sums)[64]) {
    const int PIECE = 2048 / WIDTH;
    const Place<WIDTH, TENSOR> place;
    for (int first = 0; first < count; first += PIECE) {
        int rows = min(PIECE, count - first);
        __syncthreads();
        if (TRANSPOSED) stageColumns(weights + first, weightRow, 1, width, WIDTH, rows, stage);
        else stageRows<WIDTH>(weights + (size_t) first * weightRow, weightRow, width, rows, stage);
        __syncthreads();
        place.addProduct(stage, tile + first * Tile<WIDTH>::STEP, rows, sums);
    }
}

// The tile gives way to the sums, all threads having waited for each other before and after.
template <int WIDTH, bool TENSOR>
static __device__ void replaceTile(const float (&sums)[64], float* tile) {
    const Place<WIDTH, TENSOR> place;
    __syncthreads();
    place.store(sums, tile);
    __syncthreads();
}

// to[column][point] = bias[column] + sum over k of weights[column columnStep + k kStep] tile[k][point]; with add, += and no
// bias. For few columns: a thread has 8 of them of one point. Begins with a barrier.
template <int WIDTH>
static __device__ void narrowProduct(const float* tile, int count, const float* weights, int columnStep, int kStep, int columns, const float* bias, bool add, float* stage, float* to, int toStride, int points) {
    int most = (STAGE / eights(count) - 4) / 8 * 8;
    for (int first = 0; first < columns; first += most) {
        int padded = min(most, eights(columns - first));
        __syncthreads();
        stageColumns(weights + (size_t) first * columnStep, columnStep, kStep, columns - first, padded, count, stage);
        __syncthreads();
        for (int t = threadIdx.x; t < padded / 8 * Tile<WIDTH>::POINTS; t += BLOCK_THREADS) {
            int point = t % Tile<WIDTH>::POINTS;
            int column = t / Tile<WIDTH>::POINTS * 8;
            float sums[8] = {};
            for (int k = 0; k < count; k++) {
                float w[8];
                load4(stage + k * (padded + 4) + column, w);
                load4(stage + k * (padded + 4) + column + 4, w + 4);
                float x = tile[k * Tile<WIDTH>::STEP + point];
                for (int c = 0; c < 8; c++) sums[c] += w[c] * x;
            }
            for (int c = 0; c < 8; c++) {
                int known = first + column + c;
                if (known >= columns || point >= points) continue;
                float* place = to + (size_t) known * toStride + point;
                if (add) atomicAdd(place, sums[c]);
                else *place = sums[c] + (bias ? bias[known] : 0.0f);
            }
        }
    }
}

// As many points, a power of two, as the stage holds of so many rows; as the power.
template <int WIDTH>
static __device__ int pieceBits(int rows) {
    int bits = 2;
    while (2 << bits <= Tile<WIDTH>::POINTS && rows * ((2 << bits) + 4) <= STAGE) bits++;
    return bits;
}

// to[row][neuron] += sum over points of gradient[neuron][point] input[row][point]. Every thread has NEURONS x ROWS of
// them. Begins with a barrier. No other thread adds to the same places: the additions are atomic because those wait for
// nothing.
template <int WIDTH, int NEURONS, int ROWS, class Input>
static __device__ void addWeightGradient(const float* gradient, const Input& input, int rows, int width, float* stage, float* to, int weightRow) {
    const int GROUPS = WIDTH / NEURONS;
    int rowGroups = (rows + ROWS - 1) / ROWS;
    int bits = pieceBits<WIDTH>(rowGroups * ROWS);
    int piece = 1 << bits;
    for (int firstCell = 0; firstCell < GROUPS * rowGroups; firstCell += BLOCK_THREADS) {
        int cell = firstCell + (int) threadIdx.x;
        bool used = cell < GROUPS * rowGroups;
        int neuron = used ? cell % GROUPS : 0;
        int row = used ? cell / GROUPS : 0;
        float sums[NEURONS][ROWS] = {};
        for (int first = 0; first < Tile<WIDTH>::POINTS; first += piece) {
            __syncthreads();
            fill(input, rows, rowGroups * ROWS, first, bits, stage);
            __syncthreads();
            for (int point = 0; point < piece; point += 4) {
                float g[NEURONS][4];
                for (int i = 0; i < NEURONS; i++) load4(gradient + (neuron + i * GROUPS) * Tile<WIDTH>::STEP + first + point, g[i]);
                for (int j = 0; j < ROWS; j++) {
                    float x[4];
                    load4(stage + (row + j * rowGroups) * (piece + 4) + point, x);
                    for (int i = 0; i < NEURONS; i++) sums[i][j] += g[i][0] * x[0] + g[i][1] * x[1] + g[i][2] * x[2] + g[i][3] * x[3];
                }
            }
        }
        if (!used) continue;
        for (int j = 0; j < ROWS; j++) for (int i = 0; i < NEURONS; i++) {
            int knownRow = row + j * rowGroups;
            int knownNeuron = neuron + i * GROUPS;
            if (knownRow < rows && knownNeuron < width) atomicAdd(to + (size_t) knownRow * weightRow + knownNeuron, sums[i][j]);
        }
    }
}

// The same for up to WIDTH rows by the tensor cores: a warp has M x N products of 16 neurons by 8 rows.
template <int WIDTH, class Input>
static __device__ void addWeightGradientByTensors(const float* gradient, const Input& input, int rows, int width, float* stage, float* to, int weightRow) {
    const int M = WIDTH / 64 > 1 ? 2 : 1;
    const int N = WIDTH * WIDTH / 1024 / M;
    const int WARPS = WIDTH / (16 * M);
    const int group = threadIdx.x % 32 / 4;
    const int member = threadIdx.x % 4;
    const int firstNeuron = (int) threadIdx.x / 32 % WARPS * 16 * M;
    const int firstRow = (int) threadIdx.x / 32 / WARPS * 8 * N;
    const int bits = pieceBits<WIDTH>(WIDTH);
    const int piece = 1 << bits;
    float sums[M][N][4] = {};
    for (int first = 0; first < Tile<WIDTH>::POINTS; first += piece) {
        __syncthreads();
        fill(input, rows, WIDTH, first, bits, stage);
        __syncthreads();
        for (int point = 0; point < piece; point += 8) {
            unsigned int a[M][4];
            UNROLL for (int m = 0; m < M; m++) {
                const float* from = gradient + (firstNeuron + 16 * m + group) * Tile<WIDTH>::STEP + first + point + member;
                a[m][0] = tensorFloat(from[0]);
                a[m][1] = tensorFloat(from[8 * Tile<WIDTH>::STEP]);
                a[m][2] = tensorFloat(from[4]);
                a[m][3] = tensorFloat(from[8 * Tile<WIDTH>::STEP + 4]);
            }
            UNROLL for (int n = 0; n < N; n++) {
                const float* from = stage + (firstRow + 8 * n + group) * (piece + 4) + point + member;
                unsigned int b[2] = {tensorFloat(from[0]), tensorFloat(from[4])};
                UNROLL for (int m = 0; m < M; m++) multiplyTensors(sums[m][n], a[m], b);
            }
        }
    }
    UNROLL for (int m = 0; m < M; m++) UNROLL for (int n = 0; n < N; n++) UNROLL for (int i = 0; i < 4; i++) {
        int neuron = firstNeuron + 16 * m + i / 2 * 8 + group;
        int row = firstRow + 8 * n + 2 * member + i % 2;
        if (row < rows && neuron < width) atomicAdd(to + (size_t) row * weightRow + neuron, sums[m][n][i]);
    }
}

// The sum over a tile's points of rows[row][point] factor[point], or of the rows alone where there is no factor: that of row
// t in thread t. In double precision after every 16 points: where the gradient cancels out over the picture, as it does
// for what the instrument does not see, the optimiser would follow the rounding errors. The rows are complete when it
// is called; threads wait for each other on the way.
template <int WIDTH>
static __device__ double sumOfRow(const float* rows, int count, const float* factor, float* stage) {
    const int SHARE = 64;
    double* shares = reinterpret_cast<double*>(stage);
    const int row = threadIdx.x % WIDTH;
    const int share = threadIdx.x / WIDTH * SHARE;
    double sum = 0.0;
    for (int first = share; row < count && first < share + SHARE; first += 16) {
        float parts[4] = {};
        for (int point = first; point < first + 16; point += 4) {
            float left[4];
            float right[4] = {1.0f, 1.0f, 1.0f, 1.0f};
            load4(rows + row * Tile<WIDTH>::STEP + point, left);
            if (factor) load4(factor + point, right);
            for (int i = 0; i < 4; i++) parts[i] += left[i] * right[i];
        }
        sum += parts[0] + parts[1] + (parts[2] + parts[3]);
    }
    __syncthreads();
    shares[threadIdx.x] = sum;
    __syncthreads();
    double total = 0.0;
    for (int t = threadIdx.x; t < BLOCK_THREADS; t += WIDTH) total += shares[t];
    return total;
}

// to[row] += sum over points of tile[row][point].
template <int WIDTH>
static __device__ void addRowSums(const float* tile, int rows, float* stage, float* to) {
    double sum = sumOfRow<WIDTH>(tile, rows, nullptr, stage);
    if ((int) threadIdx.x < rows) to[threadIdx.x] += (float) sum;
}

// to[output][row][block] += sum over points of gradient[output][point] tile[row][point].
template <int WIDTH>
static __device__ void addOutputWeightGradient(const float* gradient, int outputs, const float* tile, int rows, float* stage, double* to, int outputRow) {
    for (int output = 0; output < outputs; output++) {
        double sum = sumOfRow<WIDTH>(tile, rows, gradient + output * Tile<WIDTH>::STEP, stage);
        if ((int) threadIdx.x < rows) to[(size_t) (output * outputRow + threadIdx.x) * gridDim.x + blockIdx.x] += sum;
    }
}

// to[output][block] += sum over points of gradient[output][point].
template <int WIDTH>
static __device__ void addOutputBiasGradient(const float* gradient, int outputs, float* stage, double* to) {
    double sum = sumOfRow<WIDTH>(gradient, outputs, nullptr, stage);
    if ((int) threadIdx.x < outputs) to[(size_t) threadIdx.x * gridDim.x + blockIdx.x] += sum;
}
