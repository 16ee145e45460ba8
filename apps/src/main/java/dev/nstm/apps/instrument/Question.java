package dev.nstm.apps.instrument;

import dev.nstm.apps.config.Key;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a configuration needs to say of a recording.
 *
 * @param key that the answer is for
 * @param meaning for people
 * @param usual answer where nobody gives another; empty where there is none
 * @param told whether the recording gives the usual answer
 * @param array of an NPZ file that takes the place of the key
 */
public record Question(Key<?> key, String meaning, Optional<String> usual, boolean told, Optional<String> array) {
    /** One that must be answered. */
    public static Question open(Key<?> key, String meaning) {
        return new Question(key, meaning, Optional.empty(), false, Optional.empty());
    }

    /** One with a usual answer. */
    public static Question usually(Key<?> key, String meaning, String answer) {
        return new Question(key, meaning, Optional.of(answer), false, Optional.empty());
    }

    /** One that the recording may answer; five digits, since files keep sizes as fractions of pixels. */
    public static Question told(Key<?> key, String meaning, OptionalDouble answer) {
        if (answer.isEmpty()) return open(key, meaning);
        String digits = new BigDecimal(answer.getAsDouble())
                .round(new MathContext(5))
                .stripTrailingZeros()
                .toPlainString();
        return new Question(key, meaning, Optional.of(digits), true, Optional.empty());
    }

    /** The same where an array of an NPZ file answers it. */
    public Question orArray(String name) {
        return new Question(key, meaning, usual, told, Optional.of(name));
    }
}
