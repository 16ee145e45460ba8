package dev.nstm.apps.report;

import dev.nstm.tensor.Sizes;
import java.util.List;

/**
 * Pictures in colour as screens show them: black for 0, the square root of the brightness in between.
 *
 * @param white value that is shown white
 */
public record Colours(float white) {
    /** White for the brightest value of some pictures of one colour each, but for a thousandth. */
    public static Colours of(List<float[]> pictures) {
        return new Colours(Shades.of(pictures).bright());
    }

    /** Red, green and blue of every pixel; grey where there is one colour. */
    public byte[] bytes(float[][] colours) {
        byte[] bytes = new byte[Sizes.product("colours of a picture", 3, colours[0].length)];
        for (int i = 0; i < bytes.length; i++)
            bytes[i] = (byte) Math.clamp(
                    Math.round(255 * Math.sqrt(Math.max(0, colours[i % 3 % colours.length][i / 3] / white))), 0, 255);
        return bytes;
    }
}
