// A whole multilayer perceptron at once. A block holds one layer of a tile of points in shared memory and goes through all
// layers with it; only the hidden layers' pre-activations go to memory, for the backward pass. Rows are neurons or
// features, [row][point], stride apart in memory; n counts the points.

// The layers follow the network, the output layer last.
static __device__ const Layer& layerOf(const Perceptron* network, int index) { return reinterpret_cast<const Layer*>(network + 1)[index]; }

// A block per tile. before[layer][neuron][point] receives pre-activations without their biases, output[o][point] the
// result; either may be null.
template <int WIDTH, bool TENSOR>
static __device__ void forward(const Perceptron* network, const float* parameters, const float* features, int stride, float* before, float* output, int outputStride, int n) {
    DYNAMIC_SHARED(tile);
    float* stage = tile + WIDTH * Tile<WIDTH>::STEP;
    const int activation = network->activation;
    const int width = network->width;
    const int weightRow = network->weightRow;
    const int first = blockIdx.x * Tile<WIDTH>::POINTS;
    const int points = min(Tile<WIDTH>::POINTS, n - first);
    const RowInput encoded = {features + first, stride, points};
    for (int l = 0; l < network->depth; l++) {
        const Layer& layer = layerOf(network, l);
        const float* weights = parameters + layer.weights;
        float sums[64] = {};
        if (l > 0) {
            addProduct<WIDTH, TENSOR, false>(tile, width, weights, weightRow, width, stage, sums);
            weights += (size_t) width * weightRow;
        }
        if (l == 0 || layer.joined) {
            __syncthreads();
            fillTile<WIDTH>(encoded, network->features, eights(network->features), tile);
            addProduct<WIDTH, TENSOR, false>(tile, network->features, weights, weightRow, width, stage, sums);
        }
        replaceTile<WIDTH, TENSOR>(sums, tile);
        float* mine = before ? before + (size_t) l * width * stride + first : nullptr;
        const ActivatedTile activated = {tile, Tile<WIDTH>::STEP, parameters + layer.bias, activation, mine, stride, points};
        fillTile<WIDTH>(activated, width, width, tile);
    }
    if (!output) return;
    const Layer& last = layerOf(network, network->depth);
    const float* weights = parameters + last.weights;
    narrowProduct<WIDTH>(tile, width, weights, network->outputRow, 1, network->outputs, parameters + last.bias, false, stage, output + first, outputStride, points);
    if (!last.joined) return;
    __syncthreads();
    fillTile<WIDTH>(encoded, network->features, eights(network->features), tile);
    narrowProduct<WIDTH>(tile, network->features, weights + weightRow, network->outputRow, 1, network->outputs, nullptr, true, stage, output + first, outputStride, points);
}

// From the gradient with respect to the output to that with respect to the features, and += the blocks' shares of that with
// respect to the layers' parameters: hiddenSums[block][parameter], hiddenParameters apart, to be added up by addBlocksSums,
// and outputSums[parameter][block] by addSumsOfRows. Blocks take every gridDim.x-th tile.
template <int WIDTH, bool TENSOR>
static __device__ void backward(const Perceptron* network, const float* parameters, const float* features, int stride, const float* before, const float* outputGradient, int outputStride,
        float* featureGradient, float* hiddenSums, int hiddenParameters, double* outputSums, int n) {
    DYNAMIC_SHARED(tile);
    float* stage = tile + WIDTH * Tile<WIDTH>::STEP;
    float* outputs = stage + STAGE;
    float* mine = hiddenSums + (size_t) blockIdx.x * hiddenParameters;
    const int activation = network->activation;
    const int width = network->width;
    const int weightRow = network->weightRow;
    const int outputRow = network->outputRow;
    const Layer& last = layerOf(network, network->depth);
    for (int first = blockIdx.x * Tile<WIDTH>::POINTS; first < n; first += gridDim.x * Tile<WIDTH>::POINTS) {
        const int points = min(Tile<WIDTH>::POINTS, n - first);
        const RowInput encoded = {features + first, stride, points};
        HiddenInput hidden = {before + (size_t) (network->depth - 1) * width * stride + first, parameters + layerOf(network, network->depth - 1).bias, stride, activation, points};
        __syncthreads();
        fillOutputs<WIDTH>(outputGradient + first, outputStride, network->outputs, points, outputs);
        fillTile<WIDTH>(hidden, width, width, tile);
        __syncthreads();
        addOutputBiasGradient<WIDTH>(outputs, network->outputs, stage, outputSums + (size_t) (last.bias - last.weights) * gridDim.x);
        addOutputWeightGradient<WIDTH>(outputs, network->outputs, tile, width, stage, outputSums, outputRow);
        if (last.joined) {
            narrowProduct<WIDTH>(outputs, network->outputs, parameters + last.weights + weightRow, 1, outputRow, network->features, nullptr, false, stage, featureGradient + first, stride, points);
            fillTile<WIDTH>(encoded, network->features, network->features, tile);
            __syncthreads();
            addOutputWeightGradient<WIDTH>(outputs, network->outputs, tile, network->features, stage, outputSums + (size_t) weightRow * gridDim.x, outputRow);
        }
        __syncthreads();
        const OutputInput lastGradient = {parameters + last.weights, outputRow, outputs, Tile<WIDTH>::STEP, network->outputs};
        fillTile<WIDTH>(lastGradient, width, WIDTH, tile);
        __syncthreads();
        // Here the tile holds the gradient with respect to a hidden layer's values, then to its pre-activations.
        bool begun = last.joined;
        for (int l = network->depth - 1; ; l--) {
            const Layer& layer = layerOf(network, l);
            const int joined = layer.weights + (l > 0 ? width * weightRow : 0);
            const SlopedTile sloped = {hidden, tile, Tile<WIDTH>::STEP};
            fillTile<WIDTH>(sloped, width, width, tile);
            __syncthreads();
            addRowSums<WIDTH>(tile, width, stage, mine + layer.bias);
            if (l == 0 || layer.joined) {
                addWeightGradient<WIDTH, WIDTH / 32, WIDTH / 32 < 2 ? 1 : 2>(tile, encoded, network->features, width, stage, mine + joined, weightRow);
                narrowProduct<WIDTH>(tile, width, parameters + joined, weightRow, 1, network->features, nullptr, begun, stage, featureGradient + first, stride, points);
                begun = true;
            }
            if (l == 0) break;
            hidden.before -= (size_t) width * stride;
            hidden.bias = parameters + layerOf(network, l - 1).bias;
            if (TENSOR) addWeightGradientByTensors<WIDTH>(tile, hidden, width, width, stage, mine + layer.weights, weightRow);
            else addWeightGradient<WIDTH, WIDTH / 16, WIDTH / 16>(tile, hidden, width, width, stage, mine + layer.weights, weightRow);
            float sums[64] = {};
            addProduct<WIDTH, TENSOR, true>(tile, width, parameters + layer.weights, weightRow, width, stage, sums);
            replaceTile<WIDTH, TENSOR>(sums, tile);
        }
    }
}

// A program has the kernels for one width.
#define PERCEPTRON_KERNELS(width, tensor) \
    TILE_KERNEL void KERNEL_OF(forwardPerceptron, width, tensor)(const Perceptron* network, const float* parameters, const float* features, int stride, float* before, \
            float* output, int outputStride, int n) { \
        forward<width, tensor>(network, parameters, features, stride, before, output, outputStride, n); \
    } \
    TILE_KERNEL void KERNEL_OF(backwardPerceptron, width, tensor)(const Perceptron* network, const float* parameters, const float* features, int stride, const float* before, \
            const float* outputGradient, int outputStride, float* featureGradient, float* hiddenSums, int hiddenParameters, double* outputSums, int n) { \
        backward<width, tensor>(network, parameters, features, stride, before, outputGradient, outputStride, featureGradient, hiddenSums, hiddenParameters, outputSums, n); \
    }
