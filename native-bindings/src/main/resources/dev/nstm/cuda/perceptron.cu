// A whole multilayer perceptron at once. A block holds one layer of a tile of points in shared memory and goes through all
// layers with it; only the hidden layers' pre-activations go to memory, for the backward pass. Rows are neurons or
// features, [row][point], stride apart in memory; n counts the points. Hidden neurons are filled up with zeros to WIDTH.
// The matrix products are those of a register-blocked SGEMM: every thread has 8 neurons of 8 points.

#define TILE_THREADS 256
// Floats of the stage, where pieces of weights or of a layer's input lie while they are multiplied.
#define STAGE 2560

// Places are counted from the first parameter of the layers, after the tables.
struct Layer {
    int weights;
    int bias;
    int joined;
};

// As dev.nstm.cuda.LayerTable writes it; the layers follow, the output layer last.
struct Perceptron {
    int activation;
    int features;
    int width;
    int depth;
    int outputs;
    int weightRow;
    int outputRow;

    __device__ const Layer& layer(int index) const { return reinterpret_cast<const Layer*>(this + 1)[index]; }
};

// Rows of a tile are a little longer than its points, so that neighbouring rows begin in different banks.
template <int WIDTH> struct Tile {
    static constexpr int POINTS = 64 * TILE_THREADS / WIDTH;
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

// What a layer sees: the values of the hidden layer before, or the features; 0 beyond the last point.
struct HiddenInput {
    const float* before;
    const float* bias;
    int stride;
    int activation;
    int points;

    __device__ float at(int row, int point) const {
        return point < points ? valueOf(activation, before[(size_t) row * stride + point] + bias[row]) : 0.0f;
    }
};

struct RowInput {
    const float* rows;
    int stride;
    int points;

    __device__ float at(int row, int point) const { return point < points ? rows[(size_t) row * stride + point] : 0.0f; }
};

template <int WIDTH, class Input>
static __device__ void fillTile(const Input& input, int rows, float* tile) {
    for (int t = threadIdx.x; t < rows * Tile<WIDTH>::POINTS; t += TILE_THREADS) {
        int row = t / Tile<WIDTH>::POINTS;
        int point = t % Tile<WIDTH>::POINTS;
        tile[row * Tile<WIDTH>::STEP + point] = input.at(row, point);
    }
}

// stage[k][column] = weights[k][column], 0 beyond the columns; rows are WIDTH + 4 long
template <int WIDTH>
static __device__ void stageRows(const float* weights, int weightRow, int columns, int count, float* stage) {
    for (int t = threadIdx.x; t < count * WIDTH; t += TILE_THREADS) {
        int k = t / WIDTH;
        int column = t % WIDTH;
        stage[k * (WIDTH + 4) + column] = column < columns ? weights[(size_t) k * weightRow + column] : 0.0f;
    }
}

// stage[k][column] = weights[column columnStep + k kStep], 0 beyond the columns; rows are padded + 4 long. A warp takes 8 k
// of 4 columns, so that both its reads and its writes go well together.
static __device__ void stageColumns(const float* weights, int columnStep, int kStep, int columns, int padded, int count, float* stage) {
    for (int t = threadIdx.x; t < (count + 7) / 8 * 8 * padded; t += TILE_THREADS) {
        int k = t / (8 * padded) * 8 + t % 8;
        int column = t / 8 % padded;
        if (k < count) stage[k * (padded + 4) + column] = column < columns ? weights[(size_t) column * columnStep + (size_t) k * kStep] : 0.0f;
    }
}

// The 8 neurons and the points point..point+3, point+32..point+35 of a tile that are this thread's in a product.
template <int WIDTH> struct Place {
    int neuron;
    int point;

    __device__ Place() {
        int warp = threadIdx.x / 32;
        int lane = threadIdx.x % 32;
        neuron = warp % (WIDTH / 32) * 32 + lane / 8 * 8;
        point = warp / (WIDTH / 32) * 64 + lane % 8 * 4;
    }
};

// sums[neuron][point] += sum over k of W[k][neuron] tile[k][point], where W is weights[k][neuron] or, TRANSPOSED,
// weights[neuron][k]. Begins with a barrier: whatever the tile and the stage were used for before is done.
template <int WIDTH, bool TRANSPOSED>
static __device__ void addProduct(const float* tile, int count, const float* weights, int weightRow, int width, float* stage, float (&sums)[8][8]) {
    const int PIECE = 2048 / WIDTH;
    Place<WIDTH> place;
    for (int first = 0; first < count; first += PIECE) {
        int rows = min(PIECE, count - first);
        __syncthreads();
        if (TRANSPOSED) stageColumns(weights + first, weightRow, 1, width, WIDTH, rows, stage);
        else stageRows<WIDTH>(weights + (size_t) first * weightRow, weightRow, width, rows, stage);
        __syncthreads();
        for (int k = 0; k < rows; k++) {
            float w[8];
            float x[8];
            load4(stage + k * (WIDTH + 4) + place.neuron, w);
            load4(stage + k * (WIDTH + 4) + place.neuron + 4, w + 4);
            load4(tile + (first + k) * Tile<WIDTH>::STEP + place.point, x);
            load4(tile + (first + k) * Tile<WIDTH>::STEP + place.point + 32, x + 4);
            for (int i = 0; i < 8; i++) for (int j = 0; j < 8; j++) sums[i][j] += w[i] * x[j];
        }
    }
}

// to[column][point] = bias[column] + sum over k of weights[column columnStep + k kStep] tile[k][point]; with add, += and no
// bias. For few columns: a thread has 8 of them of one point. Begins with a barrier.
template <int WIDTH>
static __device__ void narrowProduct(const float* tile, int count, const float* weights, int columnStep, int kStep, int columns, const float* bias, bool add, float* stage, float* to, int toStride, int points) {
    int most = (STAGE / count - 4) / 8 * 8;
    for (int first = 0; first < columns; first += most) {
        int padded = min(most, (columns - first + 7) / 8 * 8);
        __syncthreads();
        stageColumns(weights + (size_t) first * columnStep, columnStep, kStep, columns - first, padded, count, stage);
        __syncthreads();
        for (int t = threadIdx.x; t < padded / 8 * Tile<WIDTH>::POINTS; t += TILE_THREADS) {
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
                *place = sums[c] + (add ? *place : bias ? bias[known] : 0.0f);
            }
        }
    }
}

// to[row][neuron] += sum over points of gradient[neuron][point] input[row][point]. Every thread has NEURONS x ROWS of
// them. Begins with a barrier.
template <int WIDTH, int NEURONS, int ROWS, class Input>
static __device__ void addWeightGradient(const float* gradient, const Input& input, int rows, int width, float* stage, float* to, int weightRow) {
    const int GROUPS = WIDTH / NEURONS;
    int rowGroups = (rows + ROWS - 1) / ROWS;
    int padded = rowGroups * ROWS;
    int bits = 2;
    while (2 << bits <= Tile<WIDTH>::POINTS && padded * ((2 << bits) + 4) <= STAGE) bits++;
    int piece = 1 << bits;
    for (int firstCell = 0; firstCell < GROUPS * rowGroups; firstCell += TILE_THREADS) {
        int cell = firstCell + (int) threadIdx.x;
        bool used = cell < GROUPS * rowGroups;
        int neuron = used ? cell % GROUPS : 0;
        int row = used ? cell / GROUPS : 0;
        float sums[NEURONS][ROWS] = {};
        for (int first = 0; first < Tile<WIDTH>::POINTS; first += piece) {
            __syncthreads();
            for (int t = threadIdx.x; t < padded << bits; t += TILE_THREADS) {
                int stagedRow = t >> bits;
                int point = t & (piece - 1);
                stage[stagedRow * (piece + 4) + point] = stagedRow < rows ? input.at(stagedRow, first + point) : 0.0f;
            }
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
            if (knownRow < rows && knownNeuron < width) to[(size_t) knownRow * weightRow + knownNeuron] += sums[i][j];
        }
    }
}

// The sum over a tile's points of x[point] y[point]; of x alone where y is null. In double precision after every 16: where
// the gradient cancels out over the picture, as it does for what the instrument does not see, the optimiser would follow
// the rounding errors.
template <int WIDTH>
static __device__ double rowSum(const float* x, const float* y) {
    double sum = 0.0;
    for (int first = 0; first < Tile<WIDTH>::POINTS; first += 16) {
        float parts[4] = {};
        for (int point = first; point < first + 16; point += 4) {
            float left[4];
            float right[4] = {1.0f, 1.0f, 1.0f, 1.0f};
            load4(x + point, left);
            if (y) load4(y + point, right);
            for (int i = 0; i < 4; i++) parts[i] += left[i] * right[i];
        }
        sum += parts[0] + parts[1] + (parts[2] + parts[3]);
    }
    return sum;
}

// to[output][row][block] += sum over points of gradient[output][point] tile[row][point]; of the gradient alone without a tile
template <int WIDTH>
static __device__ void addOutputGradient(const float* gradient, int outputs, const float* tile, int rows, double* to, int outputRow) {
    for (int t = threadIdx.x; t < outputs * rows; t += TILE_THREADS) {
        int row = t % rows;
        int output = t / rows;
        to[(size_t) (output * outputRow + row) * gridDim.x + blockIdx.x] += rowSum<WIDTH>(gradient + output * Tile<WIDTH>::STEP, tile ? tile + row * Tile<WIDTH>::STEP : nullptr);
    }
}

// to[row] += sum over points of tile[row][point]
template <int WIDTH>
static __device__ void addRowSums(const float* tile, int rows, float* to) {
    for (int row = threadIdx.x; row < rows; row += TILE_THREADS) to[row] += (float) rowSum<WIDTH>(tile + row * Tile<WIDTH>::STEP, nullptr);
}

template <int WIDTH>
static __device__ float* stageOf(const Perceptron* network, float* shared) {
    return shared + max(WIDTH, network->features) * Tile<WIDTH>::STEP;
}

// A block per tile. before[layer][neuron][point] receives pre-activations without their biases, output[o][point] the
// result; either may be null.
template <int WIDTH>
static __device__ void forward(const Perceptron* network, const float* parameters, const float* features, int stride, float* before, float* output, int outputStride, int n) {
    DYNAMIC_SHARED(tile);
    float* stage = stageOf<WIDTH>(network, tile);
    const int width = network->width;
    const int weightRow = network->weightRow;
    const int first = blockIdx.x * Tile<WIDTH>::POINTS;
    const int points = min(Tile<WIDTH>::POINTS, n - first);
    const RowInput encoded = {features + first, stride, points};
    const Place<WIDTH> place;
    for (int l = 0; l < network->depth; l++) {
        const Layer& layer = network->layer(l);
        const float* weights = parameters + layer.weights;
        float sums[8][8] = {};
        if (l > 0) {
            addProduct<WIDTH, false>(tile, width, weights, weightRow, width, stage, sums);
            weights += (size_t) width * weightRow;
        }
        if (l == 0 || layer.joined) {
            __syncthreads();
            fillTile<WIDTH>(encoded, network->features, tile);
            addProduct<WIDTH, false>(tile, network->features, weights, weightRow, width, stage, sums);
        }
        __syncthreads();
        UNROLL for (int i = 0; i < 8; i++) {
            int neuron = place.neuron + i;
            float bias = neuron < width ? parameters[layer.bias + neuron] : 0.0f;
            UNROLL for (int half = 0; half < 2; half++) {
                float* values = sums[i] + 4 * half;
                int point = place.point + 32 * half;
                if (before && neuron < width && point < points) store4(before + ((size_t) l * width + neuron) * stride + first + point, values);
                for (int j = 0; j < 4; j++) values[j] = valueOf(network->activation, values[j] + bias);
                store4(tile + neuron * Tile<WIDTH>::STEP + point, values);
            }
        }
    }
    if (!output) return;
    const Layer& last = network->layer(network->depth);
    const float* weights = parameters + last.weights;
    narrowProduct<WIDTH>(tile, width, weights, network->outputRow, 1, network->outputs, parameters + last.bias, false, stage, output + first, outputStride, points);
    if (!last.joined) return;
    __syncthreads();
    fillTile<WIDTH>(encoded, network->features, tile);
    narrowProduct<WIDTH>(tile, network->features, weights + weightRow, network->outputRow, 1, network->outputs, nullptr, true, stage, output + first, outputStride, points);
}

// From the gradient with respect to the output to that with respect to the features, and += the blocks' shares of that with
// respect to the layers' parameters: hiddenSums[block][parameter], hiddenParameters apart, to be added up by addBlocksSums,
// and outputSums[parameter][block] by addSumsOfRows. Blocks take every gridDim.x-th tile.
template <int WIDTH>
static __device__ void backward(const Perceptron* network, const float* parameters, const float* features, int stride, const float* before, const float* outputGradient, int outputStride,
        float* featureGradient, float* hiddenSums, int hiddenParameters, double* outputSums, int n) {
    DYNAMIC_SHARED(tile);
    float* stage = stageOf<WIDTH>(network, tile);
    float* outputs = stage + STAGE;
    float* mine = hiddenSums + (size_t) blockIdx.x * hiddenParameters;
    const int activation = network->activation;
    const int width = network->width;
    const int weightRow = network->weightRow;
    const int outputRow = network->outputRow;
    const int step = Tile<WIDTH>::STEP;
    const Layer& last = network->layer(network->depth);
    const Place<WIDTH> place;
    for (int first = blockIdx.x * Tile<WIDTH>::POINTS; first < n; first += gridDim.x * Tile<WIDTH>::POINTS) {
        const int points = min(Tile<WIDTH>::POINTS, n - first);
        const RowInput encoded = {features + first, stride, points};
        const float* lastBefore = before + (size_t) (network->depth - 1) * width * stride + first;
        const float* lastBias = parameters + network->layer(network->depth - 1).bias;
        __syncthreads();
        const RowInput given = {outputGradient + first, outputStride, points};
        fillTile<WIDTH>(given, network->outputs, outputs);
        const HiddenInput lastHidden = {lastBefore, lastBias, stride, activation, points};
        fillTile<WIDTH>(lastHidden, width, tile);
        __syncthreads();
        addOutputGradient<WIDTH>(outputs, network->outputs, nullptr, 1, outputSums + (size_t) (last.bias - last.weights) * gridDim.x, 1);
        addOutputGradient<WIDTH>(outputs, network->outputs, tile, width, outputSums, outputRow);
        if (last.joined) {
            narrowProduct<WIDTH>(outputs, network->outputs, parameters + last.weights + weightRow, 1, outputRow, network->features, nullptr, false, stage, featureGradient + first, stride, points);
            fillTile<WIDTH>(encoded, network->features, tile);
            __syncthreads();
            addOutputGradient<WIDTH>(outputs, network->outputs, tile, network->features, outputSums + (size_t) weightRow * gridDim.x, outputRow);
        }
        __syncthreads();
        for (int t = threadIdx.x; t < WIDTH * Tile<WIDTH>::POINTS; t += TILE_THREADS) {
            int neuron = t / Tile<WIDTH>::POINTS;
            int point = t % Tile<WIDTH>::POINTS;
            float gradient = 0.0f;
            if (neuron < width && point < points) {
                for (int o = 0; o < network->outputs; o++) gradient += parameters[last.weights + o * outputRow + neuron] * outputs[o * step + point];
                gradient *= slopeOf(activation, lastBefore[(size_t) neuron * stride + point] + lastBias[neuron]);
            }
            tile[neuron * step + point] = gradient;
        }
        // From here on the tile holds the gradient with respect to a hidden layer's pre-activations.
        bool begun = last.joined;
        for (int l = network->depth - 1; l >= 0; l--) {
            const Layer& layer = network->layer(l);
            const int joined = layer.weights + (l > 0 ? width * weightRow : 0);
            const float* inputBefore = before + (size_t) (l - 1) * width * stride + first;
            const float* inputBias = parameters + (l > 0 ? network->layer(l - 1).bias : 0);
            __syncthreads();
            addRowSums<WIDTH>(tile, width, mine + layer.bias);
            if (l == 0 || layer.joined) {
                addWeightGradient<WIDTH, WIDTH / 32, WIDTH / 32 < 2 ? 1 : 2>(tile, encoded, network->features, width, stage, mine + joined, weightRow);
                narrowProduct<WIDTH>(tile, width, parameters + joined, weightRow, 1, network->features, nullptr, begun, stage, featureGradient + first, stride, points);
                begun = true;
            }
            if (l == 0) break;
            const HiddenInput input = {inputBefore, inputBias, stride, activation, points};
            addWeightGradient<WIDTH, WIDTH / 16, WIDTH / 16>(tile, input, width, width, stage, mine + layer.weights, weightRow);
            float products[8][8] = {};
            addProduct<WIDTH, true>(tile, width, parameters + layer.weights, weightRow, width, stage, products);
            __syncthreads();
            UNROLL for (int i = 0; i < 8; i++) {
                int neuron = place.neuron + i;
                UNROLL for (int half = 0; half < 2; half++) {
                    float* values = products[i] + 4 * half;
                    int point = place.point + 32 * half;
                    float z[4] = {};
                    if (neuron < width && point < points) load4(inputBefore + (size_t) neuron * stride + point, z);
                    for (int j = 0; j < 4; j++) values[j] = neuron < width && point + j < points ? values[j] * slopeOf(activation, z[j] + inputBias[neuron]) : 0.0f;
                    store4(tile + neuron * step + point, values);
                }
            }
        }
    }
}

TILE_KERNEL void forwardPerceptron32(const Perceptron* network, const float* parameters, const float* features, int stride, float* before, float* output, int outputStride, int n) {
    forward<32>(network, parameters, features, stride, before, output, outputStride, n);
}

TILE_KERNEL void forwardPerceptron64(const Perceptron* network, const float* parameters, const float* features, int stride, float* before, float* output, int outputStride, int n) {
    forward<64>(network, parameters, features, stride, before, output, outputStride, n);
}

TILE_KERNEL void forwardPerceptron128(const Perceptron* network, const float* parameters, const float* features, int stride, float* before, float* output, int outputStride, int n) {
    forward<128>(network, parameters, features, stride, before, output, outputStride, n);
}

TILE_KERNEL void backwardPerceptron32(const Perceptron* network, const float* parameters, const float* features, int stride, const float* before, const float* outputGradient, int outputStride,
        float* featureGradient, float* hiddenSums, int hiddenParameters, double* outputSums, int n) {
    backward<32>(network, parameters, features, stride, before, outputGradient, outputStride, featureGradient, hiddenSums, hiddenParameters, outputSums, n);
}

TILE_KERNEL void backwardPerceptron64(const Perceptron* network, const float* parameters, const float* features, int stride, const float* before, const float* outputGradient, int outputStride,
        float* featureGradient, float* hiddenSums, int hiddenParameters, double* outputSums, int n) {
    backward<64>(network, parameters, features, stride, before, outputGradient, outputStride, featureGradient, hiddenSums, hiddenParameters, outputSums, n);
}

TILE_KERNEL void backwardPerceptron128(const Perceptron* network, const float* parameters, const float* features, int stride, const float* before, const float* outputGradient, int outputStride,
        float* featureGradient, float* hiddenSums, int hiddenParameters, double* outputSums, int n) {
    backward<128>(network, parameters, features, stride, before, outputGradient, outputStride, featureGradient, hiddenSums, hiddenParameters, outputSums, n);
}

// target[i] += sum over blocks of sums[block][i]
KERNEL void addBlocksSums(const float* sums, int blocks, float* target, int n) {
    unsigned int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= (unsigned int) n) return;
    double sum = 0.0;
    for (int block = 0; block < blocks; block++) sum += sums[(size_t) block * n + i];
    target[i] += (float) sum;
}
