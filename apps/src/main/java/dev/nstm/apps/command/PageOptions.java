package dev.nstm.apps.command;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.page.Folders;
import dev.nstm.apps.page.PageServer;
import dev.nstm.tensor.InvalidInputException;
import java.awt.Desktop;
import java.awt.GraphicsEnvironment;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Option;

/** Where the page is served, for commands that serve it. */
final class PageOptions {
    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "0",
            description = "Port to listen at; any that is free by default.")
    private int port;

    @Option(
            names = "--bind",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description =
                    "Address to listen at (default: ${DEFAULT-VALUE}, which other machines cannot reach). What is sent is not encrypted: beyond a network that you trust, use an SSH tunnel.")
    private String bind;

    @Option(names = "--no-browser", description = "Prints the address only, even where there is a desktop.")
    private boolean noBrowser;

    /**
     * Serves until the program is ended.
     *
     * @param uploadMegabytes of a file that is taken in
     */
    void serve(List<Path> folders, Set<PageServer.Room> rooms, long uploadMegabytes)
            throws IOException, InterruptedException {
        require(port >= 0 && port <= 65535, "--port must be 0 to 65535, got %d", port);
        PageServer.Settings settings =
                new PageServer.Settings(address(), port, rooms, uploadMegabytes << 20, OwnCommand.words());
        try (PageServer server =
                new PageServer(settings, Folders.of(folders), Instruments.SYSTEMS, Instruments.BUILT_IN)) {
            System.out.println("open " + server.address());
            System.out.println("end with Ctrl-C");
            if (!noBrowser) show(server.invitation());
            new CountDownLatch(1).await();
        }
    }

    private InetAddress address() {
        try {
            return InetAddress.getByName(bind);
        } catch (UnknownHostException unknown) {
            throw new InvalidInputException("--bind: there is no address " + bind, unknown);
        }
    }

    /** Opens it where there is a desktop; it is printed in any case. */
    private static void show(URI address) {
        if (GraphicsEnvironment.isHeadless() || !Desktop.isDesktopSupported()) return;
        try {
            if (Desktop.getDesktop().isSupported(Desktop.Action.BROWSE))
                Desktop.getDesktop().browse(address);
        } catch (IOException none) {
            StandardError.tell("no browser could be opened; open the address yourself");
        }
    }
}
