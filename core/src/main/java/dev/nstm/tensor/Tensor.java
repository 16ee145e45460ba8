package dev.nstm.tensor;

import static dev.nstm.tensor.InvalidInputException.require;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A dense row-major array of single-precision values outside the Java heap. The segment is 64-byte aligned and padded
 * with zeros to a multiple of 64 bytes, so that a kernel may read a whole vector past the last element.
 *
 * @param shape extents, outermost first
 * @param type real or complex (interleaved) elements
 * @param data the memory; on a device other than the CPU an address of that device
 */
public record Tensor(Shape shape, ElementType type, MemorySegment data) {
    public Tensor {
        long needed = (long) shape.count() * type.floats() * Float.BYTES;
        require(
                data.byteSize() >= needed,
                "a %s tensor of shape %s needs %d bytes, got %d",
                type,
                shape,
                needed,
                data.byteSize());
    }

    /** Number of elements. */
    public int count() {
        return shape.count();
    }

    /** Number of single-precision values: elements times one (real) or two (complex). */
    public int floats() {
        return shape.count() * type.floats();
    }

    /** The same memory under another shape of equal element count. */
    public Tensor reshape(int... extents) {
        Shape other = Shape.of(extents);
        require(
                other.count() == count(),
                "cannot view %s as %s: %d elements are not %d",
                shape,
                other,
                count(),
                other.count());
        return new Tensor(other, type, data);
    }

    /** The real and imaginary parts of a complex tensor as real values, one after another: the same memory. */
    public Tensor parts() {
        require(type == ElementType.COMPLEX64, "real values of shape %s have no parts", shape);
        return new Tensor(Shape.of(2 * count()), ElementType.FLOAT32, data);
    }

    /**
     * A one-dimensional view of the elements from {@code first}; only host memory can be read through it.
     *
     * @param first index of the first element
     * @param count number of elements
     */
    public Tensor slice(int first, int count) {
        require(
                first >= 0 && count > 0 && first + (long) count <= count(),
                "slice %d+%d leaves a tensor of %d elements",
                first,
                count,
                count());
        long element = (long) type.floats() * Float.BYTES;
        return new Tensor(Shape.of(count), type, data.asSlice(first * element, count * element));
    }

    /** Reads one single-precision value of host memory (complex elements count as two). */
    public float get(int index) {
        return data.getAtIndex(ValueLayout.JAVA_FLOAT, index);
    }

    /** Writes one single-precision value of host memory (complex elements count as two). */
    public void set(int index, float value) {
        data.setAtIndex(ValueLayout.JAVA_FLOAT, index, value);
    }

    /** Copies the values of host memory into a new array. */
    public float[] toArray() {
        float[] values = new float[floats()];
        MemorySegment.copy(data, ValueLayout.JAVA_FLOAT, 0, values, 0, values.length);
        return values;
    }

    /** Refuses an array that is not as long as this. */
    public void requireLength(float[] values) {
        if (values.length != floats())
            throw InvalidInputException.of(
                    "a tensor of shape %s holds %d values, got %d", shape, floats(), values.length);
    }

    /** Fills host memory from an array of the same length. */
    public void copyFrom(float[] values) {
        requireLength(values);
        MemorySegment.copy(values, 0, data, ValueLayout.JAVA_FLOAT, 0, values.length);
    }
}
