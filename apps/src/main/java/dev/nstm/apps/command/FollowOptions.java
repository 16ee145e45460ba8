package dev.nstm.apps.command;

import dev.nstm.apps.monitor.Monitor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How others follow a run, for commands that train. */
final class FollowOptions {
    /** How progress is told. */
    enum Form {
        TEXT,
        JSON
    }

    @Option(
            names = "--progress",
            paramLabel = "FORM",
            defaultValue = "text",
            description =
                    "text, or json: a line of JSON per update on standard output, for other programs (default: ${DEFAULT-VALUE}).")
    private Form progress = Form.TEXT;

    @Option(
            names = "--monitor",
            description =
                    "Keeps the folder monitor in DIR, in which nstm app and nstm monitor show the run while it goes on, and steer it.")
    private boolean monitored;

    /** Nobody follows. */
    static FollowOptions none() {
        return new FollowOptions();
    }

    /** Whether progress is told to a program. */
    boolean json() {
        return progress == Form.JSON;
    }

    /** Whether anybody follows. */
    boolean followed() {
        return json() || monitored;
    }

    Followers open(Path directory) throws IOException {
        return new Followers(json(), monitored ? Optional.of(new Monitor(directory)) : Optional.empty());
    }
}
