// The functions of hidden layers.

// The tanh approximation of gelu: z g, g = 1 / (1 + exp(-2u)), u = sqrt(2/pi) (z + 0.044715 z^3)
#define GELU_ROOT 0.79788456f
#define GELU_CUBIC 0.044715f

static __device__ float valueOf(int activation, float x) {
    if (activation == ACTIVATION_GELU) return x / (1.0f + expf(-2.0f * GELU_ROOT * x * (1.0f + GELU_CUBIC * x * x)));
    return x > 0.0f ? x : expm1f(x);
}

static __device__ float slopeOf(int activation, float x) {
    if (activation != ACTIVATION_GELU) return x > 0.0f ? 1.0f : expf(x);
    // gelu'(z) = g + z g (1 - g) 2 u'; where exp(-2u) overflows both terms are 0
    float e = expf(-2.0f * GELU_ROOT * x * (1.0f + GELU_CUBIC * x * x));
    float gate = 1.0f / (1.0f + e);
    return gate == 0.0f ? 0.0f : gate + x * gate * (e * gate) * 2.0f * GELU_ROOT * (1.0f + 3.0f * GELU_CUBIC * x * x);
}
