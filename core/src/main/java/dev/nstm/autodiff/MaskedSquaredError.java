package dev.nstm.autodiff;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.device.Device;
import dev.nstm.tensor.Tensor;

/**
 * Mean over the compared pixels of the squared difference from a target, after the difference is freed of what a few
 * smooth fields explain of it. With d the masked difference and the rows of B the fields, orthonormal over the mask,
 *
 * <pre>min over c of |d - B'c|^2 + p |c|^2 = |d|^2 - |B d|^2 / (1 + p),</pre>
 *
 * divided by the number of pixels: the fields' coefficients are eliminated (variable projection, Golub and Pereyra,
 * SIAM J. Numer. Anal. 10, 413 (1973)) rather than trained.
 */
public final class MaskedSquaredError extends LossTerm {
    private final Device device;
    private final Tensor target;
    private final Tensor masks;
    private final Tensor fields;
    private final int components;
    private final float freedShare;
    private final Tensor difference;
    private final Tensor freed;
    private int mask;
    private double pixels;
    private int firstField;

    /**
     * @param target what the input should be; may change between runs
     * @param masks {@code [mask][pixel]}: 1 where a pixel is compared, else 0
     * @param fields {@code [field][pixel]}, zero where nothing is compared; null for none
     * @param components fields that belong to a mask
     * @param price p, what a field's squared coefficient costs
     */
    public MaskedSquaredError(
            Device device,
            String name,
            Node input,
            double weight,
            Tensor target,
            Tensor masks,
            Tensor fields,
            int components,
            double price) {
        super(name, input, weight);
        require(
                target.shape().equals(input.value().shape()) && masks.count() % target.count() == 0,
                "%s: the shapes of values, target and masks differ, %s, %s and %s",
                name,
                input.value().shape(),
                target.shape(),
                masks.shape());
        require(price >= 0, "%s: the price of a field cannot be negative, got %s", name, price);
        this.device = device;
        this.target = target;
        this.masks = masks;
        this.fields = fields;
        this.components = fields == null ? 0 : components;
        // |(1 - h B'B) d|^2 with (1 - h)^2 = 1 - 1 / (1 + p) is what is summed.
        freedShare = (float) (1 - Math.sqrt(price / (1 + price)));
        difference = device.allocate(input.value().shape().extents());
        freed = this.components == 0
                ? null
                : device.allocate(input.value().shape().extents());
    }

    /**
     * Chooses what is compared.
     *
     * @param index of the mask
     * @param compared how many pixels it has
     * @param first index of the first of its fields
     */
    public void select(int index, int compared, int first) {
        mask = index;
        pixels = compared;
        firstField = first;
    }

    /**
     * What remained of the difference when the term was last computed: d - B'c with the best coefficients c, zero
     * outside the mask.
     */
    public Tensor difference() {
        return components == 0 ? difference : remaining();
    }

    @Override
    protected void forward(Device.Sums sums, int index, double share) {
        int count = difference.count();
        device.scaleAdd(-1, target, 0, input().value(), 0, difference, 0, count);
        device.multiply(1, difference, 0, masks, mask * count, difference, 0, count, false);
        free(difference);
        sums.addSquares(index, share / pixels, difference, 0, count);
    }

    @Override
    protected void backward(double share) {
        int count = difference.count();
        float factor = (float) (2 * share * weight() / pixels);
        if (components == 0) {
            device.axpy(factor, difference, input().gradient());
            return;
        }
        device.multiply(factor, remaining(), 0, masks, mask * count, input().gradient(), 0, count, true);
    }

    /** {@code (1 - h B'B)^2 d}: freed of the fields once more than what is summed. */
    private Tensor remaining() {
        device.copy(difference, 0, freed, 0, difference.count());
        free(freed);
        return freed;
    }

    private void free(Tensor values) {
        int count = values.count();
        if (components > 0)
            device.removeComponents(freedShare, fields, firstField * count, components, values, 0, count);
    }
}
