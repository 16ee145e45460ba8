// Encodings of coordinates. Everything lies [row][point]: coordinates by axis, coordinateStep apart, features
// stride apart. n counts the points, of which a thread works on one.

// Level: one level of a multiresolution hash grid (Mueller et al., Instant Neural Graphics Primitives, 2022).

// A point's cell in a level: its lower vertex times the multipliers, and the point's distance from there in cells.
template <int AXES> struct Cell {
    unsigned int lower[AXES];
    float weight[AXES];

    // i = floor((x - lo) / cell), negative saturates to 0; w = (x - (i cell + lo)) / cell
    __device__ Cell(const Level& level, const float* coordinates, int coordinateStep, unsigned int point) {
        for (int axis = 0; axis < AXES; axis++) {
            float x = coordinates[(size_t) (level.firstAxis + axis) * coordinateStep + point];
            float index = floorf(fmaxf((x - level.low[axis]) / level.cell[axis], 0.0f));
            lower[axis] = (unsigned int) index * (unsigned int) level.multiplier[axis];
            weight[axis] = (x - (index * level.cell[axis] + level.low[axis])) / level.cell[axis];
        }
    }

    __device__ bool same(const Cell& other) const {
        for (int axis = 0; axis < AXES; axis++) if (lower[axis] != other.lower[axis]) return false;
        return true;
    }

    // Where a corner's entry begins in the tables; bit a of the corner tells the upper vertex along axis a.
    __device__ unsigned int entry(const Level& level, int corner) const {
        unsigned int place = 0;
        for (int axis = 0; axis < AXES; axis++) place ^= lower[axis] + (corner >> axis & 1 ? (unsigned int) level.multiplier[axis] : 0u);
        return (unsigned int) level.table + (place & (unsigned int) level.mask) * (unsigned int) level.features;
    }

    // The corner's share of the interpolation, without the factor of one axis if that is not -1.
    __device__ float share(int corner, int without) const {
        float share = 1.0f;
        for (int axis = 0; axis < AXES; axis++) if (axis != without) share *= corner >> axis & 1 ? weight[axis] : 1.0f - weight[axis];
        return share;
    }
};

// Calls a function for a level's number of axes, which the compiler then knows.
#define FOR_AXES_OF(level, function, ...) \
    switch ((level).axes) { \
        case 1: function<1>(__VA_ARGS__); break; \
        case 2: function<2>(__VA_ARGS__); break; \
        case 3: function<3>(__VA_ARGS__); break; \
        case 4: function<4>(__VA_ARGS__); break; \
    }

static __device__ bool closed(const Level& level, const float* window) {
    for (int f = 0; f < level.features; f++) if (window[level.firstFeature + f * level.featureStep] != 0.0f) return false;
    return true;
}

template <int AXES> static __device__ void encode(const Level& level, const float* coordinates, int coordinateStep, const float* parameters, const float* window, float* encoded, int stride, unsigned int point) {
    Cell<AXES> cell(level, coordinates, coordinateStep, point);
    for (int f = 0; f < level.features; f += 2) {
        float first = 0.0f;
        float second = 0.0f;
        bool pair = f + 1 < level.features;
        for (int corner = 0; corner < 1 << AXES; corner++) {
            const float* entry = parameters + cell.entry(level, corner) + f;
            float share = cell.share(corner, -1);
            first += share * entry[0];
            if (pair) second += share * entry[1];
        }
        int feature = level.firstFeature + f * level.featureStep;
        encoded[(size_t) feature * stride + point] = window[feature] * first;
        if (pair) encoded[(size_t) (feature + level.featureStep) * stride + point] = window[feature + level.featureStep] * second;
    }
}

// encoded[f] = window_f * interpolation of table entries; gridDim.y counts the levels
KERNEL void encodeLevels(const Level* levels, const float* coordinates, int coordinateStep, const float* parameters, const float* window, float* encoded, int stride, int n) {
    unsigned int point = blockIdx.x * blockDim.x + threadIdx.x;
    if (point >= (unsigned int) n) return;
    const Level& level = levels[blockIdx.y];
    if (closed(level, window)) {
        for (int f = 0; f < level.features; f++) encoded[(size_t) (level.firstFeature + f * level.featureStep) * stride + point] = 0.0f;
        return;
    }
    FOR_AXES_OF(level, encode, level, coordinates, coordinateStep, parameters, window, encoded, stride, point)
}

// Neighbouring points mostly share the cells of a coarse level, whose few entries all threads would have to add to one

template <int AXES, class Target> static __device__ void scatter(const Level& level, const float* coordinates, int coordinateStep, const float* window, const float* featureGradient, int stride,
        const Target& target, unsigned int first, unsigned int end) {
    for (int f = 0; f < level.features; f++) {
        int feature = level.firstFeature + f * level.featureStep;
        Cell<AXES> reached(level, coordinates, coordinateStep, first);
        typename Target::Sum sums[1 << AXES] = {};
        for (unsigned int point = first; point < end; point++) {
            Cell<AXES> cell(level, coordinates, coordinateStep, point);
            if (!cell.same(reached)) {
                for (int corner = 0; corner < 1 << AXES; corner++) {
                    target.add(reached.entry(level, corner) + f, sums[corner]);
                    sums[corner] = 0;
                }
                reached = cell;
            }
            float gradient = window[feature] * featureGradient[(size_t) feature * stride + point];
            for (int corner = 0; corner < 1 << AXES; corner++) sums[corner] += target.part(cell.share(corner, -1), gradient);
        }
        for (int corner = 0; corner < 1 << AXES; corner++) target.add(reached.entry(level, corner) + f, sums[corner]);
    }
}

// Adds to floats. The sums depend on the order in which threads come by, in the last bits.
struct FloatTarget {
    typedef float Sum;
    float* values;

    __device__ float part(float share, float gradient) const { return share * gradient; }
    __device__ void add(unsigned int entry, float sum) const { if (sum != 0.0f) atomicAdd(values + entry, sum); }
};

// The transpose of encodeLevels: tableGradient += . A thread per run, gridDim.y counts the levels.
KERNEL void scatterLevels(const Level* levels, const float* coordinates, int coordinateStep, const float* window, const float* featureGradient, int stride,
        float* tableGradient, int n) {
    unsigned int first = (blockIdx.x * blockDim.x + threadIdx.x) * RUN;
    if (first >= (unsigned int) n) return;
    const Level& level = levels[blockIdx.y];
    if (closed(level, window)) return;
    FloatTarget target = {tableGradient};
    FOR_AXES_OF(level, scatter, level, coordinates, coordinateStep, window, featureGradient, stride, target, first, min(first + RUN, (unsigned int) n))
}

// The bits of infinity; NaN has larger ones.
#define INFINITE 0x7f800000u

// Fixed-point numbers, whose sums do not depend on the order: 2^36 units make the largest gradient, and 2^26 of those
// still fit.
struct FixedTarget {
    typedef long long Sum;
    unsigned long long* values;
    double units;

    __device__ long long part(float share, float gradient) const { return llrint(units * share * gradient); }
    __device__ void add(unsigned int entry, long long sum) const { if (sum != 0) atomicAdd(values + entry, (unsigned long long) sum); }
};

static __device__ double unitsOf(const unsigned int* largest) {
    return *largest > 0 && *largest < INFINITE ? 68719476736.0 / __uint_as_float(*largest) : 0.0;
}

// As scatterLevels, in fixed-point numbers; window factors do not exceed 1.
KERNEL void scatterLevelsFixed(const Level* levels, const float* coordinates, int coordinateStep, const float* window, const float* featureGradient, int stride,
        const unsigned int* largest, unsigned long long* sums, int n) {
    unsigned int first = (blockIdx.x * blockDim.x + threadIdx.x) * RUN;
    if (first >= (unsigned int) n) return;
    const Level& level = levels[blockIdx.y];
    if (closed(level, window)) return;
    FixedTarget target = {sums, unitsOf(largest)};
    FOR_AXES_OF(level, scatter, level, coordinates, coordinateStep, window, featureGradient, stride, target, first, min(first + RUN, (unsigned int) n))
}

// tableGradient += the fixed-point sums; NaN where a gradient is infinite or NaN, as sums of floats would be
KERNEL void addFixed(const unsigned long long* sums, const unsigned int* largest, float* tableGradient, int n) {
    unsigned int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= (unsigned int) n) return;
    double units = unitsOf(largest);
    if (*largest >= INFINITE) tableGradient[i] = __uint_as_float(INFINITE | 1u);
    else if (units > 0.0) tableGradient[i] += (float) ((double) (long long) sums[i] / units);
}

template <int AXES> static __device__ void addSlopes(const Level& level, const float* coordinates, int coordinateStep, const float* parameters, const float* window,
        const float* featureGradient, int stride, float* coordinateGradient, unsigned int point) {
    Cell<AXES> cell(level, coordinates, coordinateStep, point);
    float slope[AXES] = {};
    for (int corner = 0; corner < 1 << AXES; corner++) {
        const float* entry = parameters + cell.entry(level, corner);
        float value = 0.0f;
        for (int f = 0; f < level.features; f++) {
            int feature = level.firstFeature + f * level.featureStep;
            value += window[feature] * featureGradient[(size_t) feature * stride + point] * entry[f];
        }
        for (int axis = 0; axis < AXES; axis++) slope[axis] += (corner >> axis & 1 ? value : -value) * cell.share(corner, axis);
    }
    for (int axis = 0; axis < AXES; axis++) coordinateGradient[(size_t) (level.firstAxis + axis) * coordinateStep + point] += slope[axis] / level.cell[axis];
}

// coordinateGradient[axis] += of all levels of all hash grids; a thread per point
KERNEL void addLevelSlopes(const Level* levels, int count, const float* coordinates, int coordinateStep, const float* parameters, const float* window,
        const float* featureGradient, int stride, float* coordinateGradient, int n) {
    unsigned int point = blockIdx.x * blockDim.x + threadIdx.x;
    if (point >= (unsigned int) n) return;
    for (int l = 0; l < count; l++) {
        const Level& level = levels[l];
        if (closed(level, window)) continue;
        FOR_AXES_OF(level, addSlopes, level, coordinates, coordinateStep, parameters, window, featureGradient, stride, coordinateGradient, point)
    }
}

// encoded = window * coordinates, then at every frequency f first sin(pi f x) of all axes, then sin(pi f x + pi/2);
// gridDim.y counts the features
KERNEL void encodeWaves(const float* frequencies, int firstAxis, int axes, int firstFeature, const float* coordinates, int coordinateStep, const float* window,
        float* encoded, int stride, int n) {
    unsigned int point = blockIdx.x * blockDim.x + threadIdx.x;
    if (point >= (unsigned int) n) return;
    int column = blockIdx.y;
    int axis = column % axes;
    int wave = column / axes;
    float x = coordinates[(size_t) (firstAxis + axis) * coordinateStep + point];
    float value = x;
    if (wave > 0) value = sinf(3.14159265f * frequencies[(wave - 1) / 2] * x + ((wave - 1) % 2 ? 1.57079633f : 0.0f));
    encoded[(size_t) (firstFeature + column) * stride + point] = window[firstFeature + column] * value;
}

// coordinateGradient[axis] += of encodeWaves; gridDim.y counts the axes
KERNEL void addWaveSlopes(const float* frequencies, int waves, int firstAxis, int axes, int firstFeature, const float* coordinates, int coordinateStep, const float* window,
        const float* featureGradient, int stride, float* coordinateGradient, int n) {
    unsigned int point = blockIdx.x * blockDim.x + threadIdx.x;
    if (point >= (unsigned int) n) return;
    int axis = blockIdx.y;
    float x = coordinates[(size_t) (firstAxis + axis) * coordinateStep + point];
    float slope = 0.0f;
    for (int wave = 0; wave <= 2 * waves; wave++) {
        int feature = firstFeature + wave * axes + axis;
        float rate = 1.0f;
        if (wave > 0) {
            float frequency = 3.14159265f * frequencies[(wave - 1) / 2];
            rate = frequency * cosf(frequency * x + ((wave - 1) % 2 ? 1.57079633f : 0.0f));
        }
        slope += rate * window[feature] * featureGradient[(size_t) feature * stride + point];
    }
    coordinateGradient[(size_t) (firstAxis + axis) * coordinateStep + point] += slope;
}

// coordinates[axis] of samples on a pixel grid, counted through all pictures from first on; inner is the number of samples
// that share a place on this axis one after another
KERNEL void pixelPositions(double origin, double spacing, int extent, int inner, int first, float* coordinates, int n) {
    unsigned int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= (unsigned int) n) return;
    coordinates[i] = (float) (origin + (int) ((first + i) / inner % extent) * spacing);
}

// the time of every sample's picture
KERNEL void pixelTimes(const float* times, int samples, int first, float* coordinates, int n) {
    unsigned int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= (unsigned int) n) return;
    coordinates[i] = times[(first + i) / samples];
}
