package dev.nstm.apps.own;

import dev.nstm.apps.config.Key;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.config.Vocabulary;
import java.util.List;

/** Keys of systems of a user's own; their settings stand in the section {@code own}. */
final class OwnKeys {
    /** All that their configurations may say, in the order of the documentation. */
    static final List<Key<?>> ALL = Vocabulary.bySection(
            Keys.MEASUREMENT, Keys.NETWORKS, Keys.TRAINING, List.of(Keys.TRAINING_INSTRUMENT_RATE), Keys.SIMULATION);

    private OwnKeys() {}
}
