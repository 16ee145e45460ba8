// Operations on every element of ranges; a thread each. Ranges begin at the pointers given.

// The index of this thread, and only for those that have an element.
#define ELEMENT(i, n) unsigned int i = blockIdx.x * blockDim.x + threadIdx.x; if (i >= (unsigned int) (n)) return

// y += a x
KERNEL void axpy(float a, const float* x, float* y, int n) {
    ELEMENT(i, n);
    y[i] += a * x[i];
}

// z = a x + y
KERNEL void scaleAdd(float a, const float* x, const float* y, float* z, int n) {
    ELEMENT(i, n);
    z[i] = a * x[i] + y[i];
}

// x = a x
KERNEL void scale(float a, float* x, int n) {
    ELEMENT(i, n);
    x[i] *= a;
}

// z = a x y, or z += a x y
KERNEL void multiply(float a, const float* x, const float* y, float* z, int n, int add) {
    ELEMENT(i, n);
    float product = a * x[i] * y[i];
    z[i] = add ? z[i] + product : product;
}

// z = h x, or z += h x, complex; with conjugate, conj(h) takes the place of h
KERNEL void multiplyComplex(const float2* h, const float2* x, float2* z, int n, int conjugate, int add) {
    ELEMENT(i, n);
    float2 left = h[i];
    float2 right = x[i];
    if (conjugate) left.y = -left.y;
    float2 product = make_float2(left.x * right.x - left.y * right.y, left.x * right.y + left.y * right.x);
    if (add) {
        float2 old = z[i];
        product.x += old.x;
        product.y += old.y;
    }
    z[i] = product;
}

// y[i yStep] = x[i xStep], or +=
KERNEL void copyStrided(const float* x, int xStep, float* y, int yStep, int n, int add) {
    ELEMENT(i, n);
    size_t to = (size_t) i * yStep;
    float value = x[(size_t) i * xStep];
    y[to] = add ? y[to] + value : value;
}

// A block of depth x height x width samples; pointers are to its first sample, strides are those of rows and planes.
KERNEL void copyBlock(const float* x, int xRow, int xPlane, float* y, int yRow, int yPlane, int height, int width, int n, int add) {
    ELEMENT(i, n);
    unsigned int column = i % width;
    unsigned int row = i / width % height;
    unsigned int plane = i / width / height;
    size_t to = (size_t) plane * yPlane + (size_t) row * yRow + column;
    float value = x[(size_t) plane * xPlane + (size_t) row * xRow + column];
    y[to] = add ? y[to] + value : value;
}

// z = x - y, zero within the margin of the borders of every picture
KERNEL void interiorDifference(const float* x, const float* y, float* z, int height, int width, int margin, int n) {
    ELEMENT(i, n);
    int column = i % width;
    int row = i / width % height;
    bool inside = column >= margin && column < width - margin && row >= margin && row < height - margin;
    z[i] = inside ? x[i] - y[i] : 0.0f;
}

// y = min(x, 0)
KERNEL void negativePart(const float* x, float* y, int n) {
    ELEMENT(i, n);
    y[i] = fminf(x[i], 0.0f);
}

// y += a where x < 0
KERNEL void addWhereNegative(float a, const float* x, float* y, int n) {
    ELEMENT(i, n);
    if (x[i] < 0.0f) y[i] += a;
}

// y = f(x)
KERNEL void applyFunction(int function, const float* x, float* y, int n) {
    ELEMENT(i, n);
    float v = x[i];
    switch (function) {
        case FUNCTION_ELU: v = v > 0.0f ? v : expm1f(v); break;
        case FUNCTION_SQUARE: v = v * v; break;
        case FUNCTION_ABSOLUTE: v = fabsf(v); break;
        case FUNCTION_SQUARE_ROOT: v = sqrtf(fmaxf(v, 0.0f)); break;
        case FUNCTION_EXPONENTIAL: v = expf(v); break;
        case FUNCTION_SINE: v = sinf(v); break;
        case FUNCTION_COSINE: v = cosf(v); break;
        case FUNCTION_LOGISTIC: v = 1.0f / (1.0f + expf(-v)); break;
    }
    y[i] = v;
}

// z += f'(x) g
KERNEL void addSlopeProduct(int function, const float* x, const float* g, float* z, int n) {
    ELEMENT(i, n);
    float v = x[i];
    float slope = 0.0f;
    switch (function) {
        case FUNCTION_ELU: slope = v > 0.0f ? 1.0f : expf(v); break;
        case FUNCTION_SQUARE: slope = 2.0f * v; break;
        case FUNCTION_ABSOLUTE: slope = v > 0.0f ? 1.0f : v < 0.0f ? -1.0f : 0.0f; break;
        case FUNCTION_SQUARE_ROOT: slope = v > 0.0f ? 0.5f / sqrtf(v) : 0.0f; break;
        case FUNCTION_EXPONENTIAL: slope = expf(v); break;
        case FUNCTION_SINE: slope = cosf(v); break;
        case FUNCTION_COSINE: slope = -sinf(v); break;
        case FUNCTION_LOGISTIC: {
            float small = expf(-fabsf(v));
            slope = small / ((1.0f + small) * (1.0f + small));
            break;
        }
    }
    z[i] += slope * g[i];
}

// One Adam update: m = b1 m + (1 - b1) g, v = b2 v + (1 - b2) g^2, p -= rate (m / correction1) / (sqrt(v / correction2) + epsilon)
KERNEL void adam(float* parameters, const float* gradient, float* firstMoment, float* secondMoment, int n,
        float rate, float b1, float b2, float epsilon, float correction1, float correction2) {
    ELEMENT(i, n);
    float slope = gradient[i];
    float first = firstMoment[i] * b1 + slope * (1.0f - b1);
    float second = secondMoment[i] * b2 + slope * slope * (1.0f - b2);
    firstMoment[i] = first;
    secondMoment[i] = second;
    parameters[i] -= first / correction1 / (sqrtf(second / correction2) + epsilon) * rate;
}
