package dev.nstm.apps;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * Headless Chromium with one page, spoken to through its debugging protocol; tests that use it skip where there is
 * none.
 */
final class Browser implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final HttpClient client;
    private final WebSocket socket;
    private final BlockingQueue<JsonNode> answers;
    private final List<String> complaints;
    private int asked;

    private Browser(
            Process process,
            HttpClient client,
            WebSocket socket,
            BlockingQueue<JsonNode> answers,
            List<String> complaints) {
        this.process = process;
        this.client = client;
        this.socket = socket;
        this.answers = answers;
        this.complaints = complaints;
    }

    /** Skips a test where there is no browser, before it does anything that takes time. */
    static void assumeInstalled() {
        assumeTrue(program().isPresent(), "no Chromium is installed");
    }

    private static Optional<String> program() {
        return Stream.of("chromium", "chromium-browser", "google-chrome")
                .filter(Browser::installed)
                .findFirst();
    }

    /** @param directory for its profile */
    static Browser open(Path directory, int width, int height) throws Exception {
        assumeInstalled();
        Path profile = Files.createDirectory(directory.resolve("profile"));
        Process process = new ProcessBuilder(
                        program().orElseThrow(),
                        "--headless",
                        "--no-sandbox",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--hide-scrollbars",
                        "--force-color-profile=srgb",
                        // Graphics without a card.
                        "--use-gl=angle",
                        "--use-angle=swiftshader",
                        "--enable-unsafe-swiftshader",
                        "--user-data-dir=" + profile,
                        "--remote-debugging-port=0",
                        "--window-size=" + width + "," + height,
                        "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("browser.log").toFile())
                .start();
        HttpClient client = HttpClient.newHttpClient();
        BlockingQueue<JsonNode> answers = new LinkedBlockingQueue<>();
        List<String> complaints = new CopyOnWriteArrayList<>();
        WebSocket socket = client.newWebSocketBuilder()
                .buildAsync(address(client, profile), new Listener(answers, complaints))
                .get(10, TimeUnit.SECONDS);
        Browser browser = new Browser(process, client, socket, answers, complaints);
        for (String domain : List.of("Runtime", "Log", "Page"))
            browser.ask(domain + ".enable", JSON.createObjectNode());
        browser.ask(
                "Emulation.setDeviceMetricsOverride",
                JSON.createObjectNode()
                        .put("width", width)
                        .put("height", height)
                        .put("deviceScaleFactor", 1)
                        .put("mobile", false));
        return browser;
    }

    private static boolean installed(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static URI address(HttpClient client, Path profile) throws Exception {
        Path portFile = profile.resolve("DevToolsActivePort");
        for (int i = 0; i < 600 && !Files.exists(portFile); i++) Thread.sleep(50);
        String port = Files.readAllLines(portFile).getFirst();
        for (int i = 0; i < 100; i++) {
            String pages = client.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/list"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
            for (JsonNode page : JSON.readTree(pages))
                if (page.get("type").asText().equals("page"))
                    return URI.create(page.get("webSocketDebuggerUrl").asText());
            Thread.sleep(50);
        }
        return fail("the browser shows no page");
    }

    /** Sorts what the browser says: answers, and complaints of the page. */
    private static final class Listener implements WebSocket.Listener {
        private final BlockingQueue<JsonNode> answers;
        private final List<String> complaints;
        private final StringBuilder text = new StringBuilder();

        private Listener(BlockingQueue<JsonNode> answers, List<String> complaints) {
            this.answers = answers;
            this.complaints = complaints;
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                sort(text.toString());
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        private void sort(String message) {
            try {
                JsonNode said = JSON.readTree(message);
                if (said.has("id")) answers.add(said);
                String method = said.path("method").asText();
                boolean wrong = method.equals("Runtime.exceptionThrown")
                        || method.equals("Log.entryAdded")
                                && said.at("/params/entry/level").asText().equals("error")
                        || method.equals("Runtime.consoleAPICalled")
                                && said.at("/params/type").asText().equals("error");
                if (wrong) complaints.add(said.path("params").toString());
            } catch (java.io.IOException notJson) {
                complaints.add(message);
            }
        }
    }

    private JsonNode ask(String method, ObjectNode parameters) throws Exception {
        int id = ++asked;
        ObjectNode question = JSON.createObjectNode().put("id", id).put("method", method);
        question.set("params", parameters);
        socket.sendText(question.toString(), true).get(10, TimeUnit.SECONDS);
        JsonNode answer = answers.poll(60, TimeUnit.SECONDS);
        assertTrue(answer != null && answer.get("id").asInt() == id, "the browser did not answer " + method);
        return answer.path("result");
    }

    /** What the page and its console complained of since the last call. */
    List<String> complaints() {
        List<String> all = List.copyOf(complaints);
        complaints.clear();
        return all;
    }

    void go(String address) throws Exception {
        ask("Page.navigate", JSON.createObjectNode().put("url", address));
        until("document.readyState === 'complete' && location.href !== 'about:blank'");
    }

    /** The value of an expression, of a promise when it is kept. */
    JsonNode evaluate(String script) throws Exception {
        JsonNode result = ask(
                "Runtime.evaluate",
                JSON.createObjectNode()
                        .put("expression", script)
                        .put("returnByValue", true)
                        .put("awaitPromise", true));
        assertTrue(result.path("exceptionDetails").isMissingNode(), result.toString());
        return result.path("result").path("value");
    }

    /** Waits until an expression is true. */
    void until(String condition) throws Exception {
        for (int i = 0; i < 1200; i++) {
            if (evaluate(condition).asBoolean()) return;
            Thread.sleep(50);
        }
        fail("a minute passed without " + condition + "; the page says: "
                + evaluate("document.body.innerText").asText());
    }

    /** Presses a button that is called so. */
    void press(String text) throws Exception {
        until("[...document.querySelectorAll('button')].some(b => b.textContent === '" + text + "' && b.offsetParent)");
        evaluate("[...document.querySelectorAll('button')].find(b => b.textContent === '" + text
                + "' && b.offsetParent).click()");
    }

    /** Changes a field, found by its label for screen readers. */
    void set(String label, String value) throws Exception {
        String field = "document.querySelector('[aria-label=\"" + label + "\"]')";
        until(field + " !== null");
        evaluate(
                "(() => { const e = " + field + "; e.value = '" + value
                        + "'; e.dispatchEvent(new Event('input', {bubbles: true})); e.dispatchEvent(new Event('change', {bubbles: true})); })()");
    }

    void key(String name) throws Exception {
        evaluate("document.body.dispatchEvent(new KeyboardEvent('keydown', {key: '" + name
                + "', bubbles: true, cancelable: true}))");
    }

    /** Moves the pointer with its button down. */
    void drag(double x0, double y0, double x1, double y1) throws Exception {
        mouse("mousePressed", x0, y0);
        for (int step = 1; step <= 4; step++) mouse("mouseMoved", x0 + (x1 - x0) * step / 4, y0 + (y1 - y0) * step / 4);
        mouse("mouseReleased", x1, y1);
    }

    private void mouse(String type, double x, double y) throws Exception {
        ask(
                "Input.dispatchMouseEvent",
                JSON.createObjectNode()
                        .put("type", type)
                        .put("x", x)
                        .put("y", y)
                        .put("button", "left")
                        .put("buttons", type.equals("mouseReleased") ? 0 : 1)
                        .put("clickCount", 1));
    }

    /** What is to be seen, written to a file too. */
    BufferedImage picture(Path file) throws Exception {
        byte[] png = Base64.getDecoder()
                .decode(ask("Page.captureScreenshot", JSON.createObjectNode().put("format", "png"))
                        .path("data")
                        .asText());
        Files.createDirectories(file.getParent());
        Files.write(file, png);
        return ImageIO.read(new ByteArrayInputStream(png));
    }

    /** Ends it with all of its processes, which would go on writing into the profile while that is deleted. */
    @Override
    public void close() throws Exception {
        socket.abort();
        client.shutdownNow();
        List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle each : all) each.onExit().get(10, TimeUnit.SECONDS);
    }
}
