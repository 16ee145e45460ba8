package dev.nstm.apps.instrument;

import dev.nstm.apps.config.Keys;
import dev.nstm.apps.io.Calibration;
import java.util.List;

/** What is asked of every microscope. */
public final class OpticsQuestions {
    private OpticsQuestions() {}

    public static List<Question> of(Calibration calibration) {
        return List.of(
                Question.open(Keys.OPTICS_WAVELENGTH, "wavelength of the light that is seen, um")
                        .orArray("wavelength"),
                Question.open(Keys.OPTICS_NUMERICAL_APERTURE, "numerical aperture of the objective")
                        .orArray("na"),
                Question.told(Keys.OPTICS_PIXEL_SIZE, "size of a pixel in the specimen, um", calibration.pixelSize())
                        .orArray("pixel_size"));
    }
}
