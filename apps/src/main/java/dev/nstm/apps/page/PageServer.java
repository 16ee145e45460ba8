package dev.nstm.apps.page;

import static dev.nstm.tensor.InvalidInputException.require;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.config.Systems;
import dev.nstm.apps.instrument.Instrument;
import dev.nstm.files.AtomicFile;
import dev.nstm.tensor.InvalidInputException;
import dev.nstm.viewer.PageFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * The server behind the page. It knows one person, who has the token; a virtual thread serves each request, so that
 * slow ones hold up nobody.
 */
public final class PageServer implements AutoCloseable {
    /** Parts of the page. */
    public enum Room {
        NEW,
        RUNS,
        VIEW
    }

    /**
     * How the server is reached and what it shows.
     *
     * @param address that it listens at
     * @param port 0 for any that is free
     * @param rooms parts of the page
     * @param uploadBytes of a file that is taken in, at most
     * @param command words that start this program
     */
    public record Settings(InetAddress address, int port, Set<Room> rooms, long uploadBytes, List<String> command) {}

    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; media-src blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml",
            "txt", "text/plain; charset=utf-8");
    /** Between the name of a file of shots and what is asked of its OME-Zarr. */
    private static final String WITHIN = "/~/";

    private static final int WAITING_CONNECTIONS = 1024;
    /** Until a request must have come in whole. */
    private static final int MOST_SECONDS = 3600;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Gate gate;
    private final Settings settings;
    private final List<Instrument> instruments;
    private final Folders folders;
    private final FileAnswers files;
    private final ShotAnswers shots;
    private final Results results;
    private final SetupAnswers setup;
    private final RunQueue queue;

    /** @throws InvalidInputException where it cannot listen there */
    public PageServer(Settings settings, Folders folders, Systems systems, List<Instrument> instruments) {
        this.settings = settings;
        this.instruments = List.copyOf(instruments);
        this.folders = folders;
        setLimits();
        try {
            server = HttpServer.create(new InetSocketAddress(settings.address(), settings.port()), WAITING_CONNECTIONS);
        } catch (IOException failure) {
            throw InvalidInputException.of(
                    "cannot listen at %s port %d (%s); choose another --port",
                    settings.address().getHostAddress(), settings.port(), failure.getMessage());
        }
        gate = Gate.withRandomToken(server.getAddress().getPort());
        files = new FileAnswers(folders, settings.uploadBytes());
        shots = new ShotAnswers(folders);
        results = new Results(folders, systems, instruments);
        setup = new SetupAnswers(folders, systems, instruments, settings.command());
        queue = new RunQueue(folders, settings.command());
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** The JDK's server takes these as properties only, before the first one starts. */
    private static void setLimits() {
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("sun.net.httpserver.maxReqTime", Integer.toString(MOST_SECONDS));
        System.setProperty("sun.net.httpserver.maxReqHeaders", "100");
    }

    /** What a person opens in a browser; it holds the token. */
    public URI address() {
        return address(gate.token());
    }

    /** The same for a browser that is started by this program; it works once. */
    public URI invitation() {
        return address(gate.ticket());
    }

    private URI address(String token) {
        InetAddress bound = server.getAddress().getAddress();
        String host = bound.isAnyLocalAddress() ? "127.0.0.1" : bound.getHostAddress();
        return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":"
                + server.getAddress().getPort() + "/?token=" + token);
    }

    private void handle(HttpExchange exchange) {
        try (exchange) {
            exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            exchange.getResponseHeaders().set("Referrer-Policy", "no-referrer");
            exchange.getResponseHeaders().set("Content-Security-Policy", POLICY);
            answer(exchange).send(exchange);
        } catch (IOException gone) {
            // Whoever asked does not wait for the answer any more.
        }
    }

    private Answer answer(HttpExchange exchange) {
        try {
            Optional<Answer> refusal = gate.refusal(exchange);
            return refusal.isPresent() ? refusal.get() : route(new Asked(exchange));
        } catch (InvalidInputException wrong) {
            return Answer.problem(400, wrong.getMessage());
        } catch (NoSuchFileException missing) {
            return Answer.problem(404, "there is no " + missing.getMessage());
        } catch (AccessDeniedException closed) {
            return Answer.problem(403, "this may not be read: " + closed.getMessage());
        } catch (IOException failure) {
            return Answer.problem(500, AtomicFile.reason(failure));
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            return Answer.problem(503, "the server ends");
        } catch (OutOfMemoryError full) {
            return Answer.problem(500, "out of memory: this file is too large to be looked at here");
        } catch (RuntimeException unexpected) {
            return Answer.problem(500, "unexpected error: " + unexpected);
        }
    }

    private Answer route(Asked asked) throws IOException, InterruptedException {
        String path = asked.path();
        if (path.startsWith("api/")) return api(asked, path.substring("api/".length()));
        require(asked.method("GET"), "only what begins with /api takes anything");
        if (path.startsWith("files/")) return files.file(root(path), behindRoot(path));
        if (path.startsWith("shots/")) return shotsPart(root(path), behindRoot(path));
        return page(path.isEmpty() ? PageFiles.INDEX : path);
    }

    private Answer shotsPart(int root, String rest) throws IOException {
        int end = rest.lastIndexOf(WITHIN);
        if (end < 0) throw new NoSuchFileException(rest);
        return shots.part(root, rest.substring(0, end), rest.substring(end + WITHIN.length()));
    }

    /** Of {@code files/2/a/b}: 2. */
    private static int root(String path) {
        String[] parts = path.split("/", 3);
        require(parts.length == 3 && parts[1].matches("\\d{1,6}"), "an index of a folder is expected in %s", path);
        return Integer.parseInt(parts[1]);
    }

    private static String behindRoot(String path) {
        return path.split("/", 3)[2];
    }

    private static Answer page(String name) throws IOException {
        byte[] bytes = PageFiles.read(name).orElseThrow(() -> new NoSuchFileException(name));
        String ending = name.substring(name.lastIndexOf('.') + 1);
        return Answer.bytes(200, TYPES.getOrDefault(ending, "application/octet-stream"), bytes);
    }

    private Answer api(Asked asked, String what) throws IOException, InterruptedException {
        return asked.method("GET") ? told(asked, what) : done(asked, what);
    }

    private Answer told(Asked asked, String what) throws IOException {
        return switch (what) {
            case "state" -> state();
            case "results" -> results.list();
            case "preview" -> results.preview(asked.root());
            case "waiting" -> queue.list();
            case "list" -> files.list(asked.root(), asked.parameter("path").orElse(""));
            case "keys" -> setup.keys();
            case "look" ->
                setup.look(asked.root(), asked.needed("path"), shots.shots(asked.root(), asked.needed("path")));
            default -> throw new NoSuchFileException(what);
        };
    }

    private Answer done(Asked asked, String what) throws IOException, InterruptedException {
        require(settings.rooms().contains(Room.NEW) || what.equals("ask"), "this page does not start anything");
        require(settings.rooms().contains(Room.RUNS), "this page does not steer anything");
        if (what.equals("upload")) {
            require(asked.method("PUT"), "files are sent with PUT");
            return files.take(asked);
        }
        require(asked.method("POST"), "%s is asked with POST", what);
        JsonNode told = asked.json();
        int root = asked.root();
        String name = told.path("name").asText();
        String yaml = told.path("yaml").asText();
        switch (what) {
            case "check" -> {
                return setup.check(root, yaml);
            }
            case "estimate" -> {
                return setup.estimate(root, yaml);
            }
            case "preview" -> {
                Configuration configuration = setup.parsed(root, yaml);
                queue.preview(root, yaml, hasty(configuration));
            }
            case "start" -> {
                setup.parsed(root, yaml);
                queue.start(root, name, yaml);
            }
            case "resume" -> {
                setup.parsed(root, Files.readString(folders.existing(root, name + "/" + Results.CONFIGURATION)));
                queue.resume(root, name);
            }
            case "ask" -> queue.ask(root, name, told.path("request").asText());
            default -> throw new NoSuchFileException(what);
        }
        results.renew();
        return Answer.json(JsonNodeFactory.instance.objectNode().put("done", true));
    }

    /** Few epochs, all of pictures reduced four times, without what takes more than a few seconds. */
    private List<String> hasty(Configuration configuration) {
        Map<String, String> changed = new TreeMap<>(Map.of(
                Keys.TRAINING_EPOCHS.path(), "60",
                Keys.TRAINING_COARSE_SHARES.path(), "[1, 0]"));
        if (configuration.find(Keys.LOSS_MOTION_ROUGHNESS).isEmpty())
            changed.put(Keys.LOSS_MOTION_ROUGHNESS.path(), "0.03");
        instruments.stream()
                .filter(instrument -> instrument.name().equals(configuration.get(Keys.SYSTEM)))
                .forEach(instrument -> changed.putAll(instrument.hasty()));
        return changed.entrySet().stream()
                .flatMap(setting -> Stream.of("--set", setting.getKey() + "=" + setting.getValue()))
                .toList();
    }

    private Answer state() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        settings.rooms().stream()
                .sorted()
                .forEach(room -> node.withArray("rooms").add(room.name().toLowerCase(Locale.ROOT)));
        node.put("uploadBytes", settings.uploadBytes());
        for (Path root : folders.roots())
            node.withArray("roots")
                    .add(
                            root.getFileName() == null
                                    ? root.toString()
                                    : root.getFileName().toString());
        return Answer.json(node);
    }

    @Override
    public void close() {
        queue.close();
        server.stop(0);
        threads.shutdownNow();
    }
}
