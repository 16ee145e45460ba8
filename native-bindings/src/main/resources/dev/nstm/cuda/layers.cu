// The parts of a multilayer perceptron that are no matrix products. Rows are neurons or features, [row][point]; stride is
// the distance between rows, n the points of which a thread works on one.

// value = f(z + bias of the row). gridDim.y counts the neurons; z and value may be one.
KERNEL void activate(int activation, const float* bias, const float* z, float* value, int stride, int n) {
    unsigned int point = blockIdx.x * blockDim.x + threadIdx.x;
    if (point >= (unsigned int) n) return;
    size_t at = (size_t) blockIdx.y * stride + point;
    value[at] = valueOf(activation, z[at] + bias[blockIdx.y]);
}

// gradient *= f'(z + bias of the row), and its sums over points as sumRows makes them. gridDim.y counts the neurons.
KERNEL void multiplySlope(int activation, const float* bias, const float* z, float* gradient, int stride, int n, double* sums) {
    size_t row = (size_t) blockIdx.y * stride;
    double sum = 0.0;
    for (unsigned int i = blockIdx.x * BLOCK_THREADS + threadIdx.x; i < (unsigned int) n; i += gridDim.x * BLOCK_THREADS) {
        float product = gradient[row + i] * slopeOf(activation, z[row + i] + bias[blockIdx.y]);
        gradient[row + i] = product;
        sum += product;
    }
    sum = sumOfBlock(sum);
    if (threadIdx.x == 0) sums[blockIdx.y * gridDim.x + blockIdx.x] = sum;
}

// As multiplySlope, for the last hidden layer, whose gradient is sum over o of weights[o][neuron] outputGradient[o].
KERNEL void outputSlope(int activation, const float* bias, const float* z, const float* weights, int weightRow, const float* outputGradient, int outputs, int outputStride,
        float* gradient, int stride, int n, double* sums) {
    size_t row = (size_t) blockIdx.y * stride;
    double sum = 0.0;
    for (unsigned int i = blockIdx.x * BLOCK_THREADS + threadIdx.x; i < (unsigned int) n; i += gridDim.x * BLOCK_THREADS) {
        float product = 0.0f;
        for (int o = 0; o < outputs; o++) product += weights[(size_t) o * weightRow + blockIdx.y] * outputGradient[(size_t) o * outputStride + i];
        product *= slopeOf(activation, z[row + i] + bias[blockIdx.y]);
        gradient[row + i] = product;
        sum += product;
    }
    sum = sumOfBlock(sum);
    if (threadIdx.x == 0) sums[blockIdx.y * gridDim.x + blockIdx.x] = sum;
}

// output[o] = bias[o] + sum over k of weights[o][k] input[k]; with add, += and no bias. gridDim.y counts the outputs.
KERNEL void narrowLayer(const float* weights, int weightRow, const float* bias, const float* input, int inputs, int stride, float* output, int outputStride, int add, int n) {
    unsigned int point = blockIdx.x * blockDim.x + threadIdx.x;
    if (point >= (unsigned int) n) return;
    const float* row = weights + (size_t) blockIdx.y * weightRow;
    float sum = add ? output[(size_t) blockIdx.y * outputStride + point] : bias[blockIdx.y];
    for (int k = 0; k < inputs; k++) sum += row[k] * input[(size_t) k * stride + point];
    output[(size_t) blockIdx.y * outputStride + point] = sum;
}

// inputGradient[k] = sum over o of weights[o][k] outputGradient[o]. gridDim.y counts the inputs.
KERNEL void narrowLayerInputs(const float* weights, int weightRow, const float* outputGradient, int outputs, int outputStride, float* inputGradient, int stride, int n) {
    unsigned int point = blockIdx.x * blockDim.x + threadIdx.x;
    if (point >= (unsigned int) n) return;
    float sum = 0.0f;
    for (int o = 0; o < outputs; o++) sum += weights[(size_t) o * weightRow + blockIdx.y] * outputGradient[(size_t) o * outputStride + point];
    inputGradient[(size_t) blockIdx.y * stride + point] = sum;
}
