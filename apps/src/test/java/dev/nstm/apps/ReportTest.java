package dev.nstm.apps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Opens the report in headless Chromium, through its debugging protocol, and moves the time slider. */
class ReportTest {
    @TempDir
    private Path directory;

    /** Hash of the pixels of the fifth view (phase, space-time model). */
    private static final String PIXELS =
            "(() => { const c = document.querySelectorAll('#views canvas')[5]; const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
                    + " let h = 0; for (let i = 0; i < d.length; i += 4) h = (h * 31 + d[i] * 7 + d[i + 1] * 3 + d[i + 2]) | 0; return h; })()";

    @Test
    void theTimeSliderChangesThePictureAndTheKeyboardMovesIt() throws Exception {
        String chromium = Stream.of("chromium", "chromium-browser", "google-chrome")
                .filter(ReportTest::installed)
                .findFirst()
                .orElse(null);
        assumeTrue(chromium != null, "no Chromium is installed");
        Path config = Files.writeString(directory.resolve("c.yaml"), """
                optics: {wavelength: 0.525, numericalAperture: 0.25, pixelSize: 0.454}
                simulation: {height: 48, width: 64}
                training: {epochs: 60}
                object: {width: 32, log2TableSize: 10}
                """);
        Path shots = directory.resolve("shots.npz");
        assertEquals(
                0,
                CommandLineRunner.run("simulate", config.toString(), "--out", shots.toString())
                        .exitCode());
        CommandLineRunner.Result result = CommandLineRunner.run(
                "reconstruct",
                config.toString(),
                "--data",
                shots.toString(),
                "--out",
                directory.resolve("out").toString());
        assertEquals(0, result.exitCode(), result.err());
        Path report = directory.resolve("out/report.html");
        assertFalse(
                Files.readString(report).matches("(?s).*(src|href)=\"https?:.*"),
                "the report must not reach for the network");

        Path profile = Files.createDirectory(directory.resolve("profile"));
        Process browser = new ProcessBuilder(
                        chromium,
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--user-data-dir=" + profile,
                        "--remote-debugging-port=0",
                        "--window-size=1300,1000",
                        report.toUri().toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("browser.log").toFile())
                .start();
        try (Page page = Page.open(profile)) {
            for (int i = 0;
                    i < 200
                            && !page.evaluate(
                                            "document.readyState + '' + document.querySelectorAll('#views canvas').length")
                                    .asText()
                                    .equals("complete8");
                    i++) Thread.sleep(50);
            assertEquals(
                    8,
                    page.evaluate("document.querySelectorAll('#views canvas').length")
                            .asInt());
            assertEquals(
                    11,
                    page.evaluate("document.querySelectorAll('#truth tr').length")
                            .asInt());
            int first = page.evaluate(PIXELS).asInt();
            page.evaluate(
                    "(() => { const s = document.getElementById('slider'); s.value = s.max; s.dispatchEvent(new Event('input')); })()");
            int last = page.evaluate(PIXELS).asInt();
            assertNotEquals(first, last, "moving the slider must change the picture");
            assertTrue(page.evaluate("document.getElementById('time').textContent")
                    .asText()
                    .startsWith("t = 1.00"));
            page.evaluate("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowLeft', bubbles: true}))");
            assertNotEquals(last, page.evaluate(PIXELS).asInt(), "the arrow key must change the picture");
            page.evaluate(
                    "(() => { const o = document.getElementById('overlay'); o.value = 'none'; o.dispatchEvent(new Event('change')); })()");
            int plain = page.evaluate(PIXELS).asInt();
            page.evaluate(
                    "document.querySelectorAll('#views canvas')[0].dispatchEvent(new WheelEvent('wheel', {deltaY: -400, ctrlKey: true, clientX: 200, clientY: 300, bubbles: true, cancelable: true}))");
            assertNotEquals(plain, page.evaluate(PIXELS).asInt(), "zooming one view must zoom the others");
            aPanelHasItsOwnContrastAndCanBeCompared(page);
            assertEquals(
                    "",
                    page.evaluate(
                                    "[...document.querySelectorAll('canvas')].filter(c => !c.hidden && (c.width < 60 || c.height < 30)).map(c => c.id).join()")
                            .asText(),
                    "canvases without size");
        } finally {
            end(browser);
        }
    }

    private static void aPanelHasItsOwnContrastAndCanBeCompared(Page page) throws Exception {
        String panel = "document.querySelectorAll('#views figure')[5]";
        int plain = page.evaluate(PIXELS).asInt();
        for (String mode : List.of("blink", "wipe")) {
            page.evaluate("(() => { const c = document.getElementById('compare'); c.value = '" + mode
                    + "'; blinking = true; c.dispatchEvent(new Event('change')); })()");
            assertNotEquals(plain, page.evaluate(PIXELS).asInt(), mode + " must show the conventional picture");
        }
        page.evaluate(
                "(() => { const c = document.getElementById('compare'); c.value = 'beside'; c.dispatchEvent(new Event('change')); })()");
        assertEquals(plain, page.evaluate(PIXELS).asInt());
        page.evaluate("(() => { const s = " + panel
                + ".querySelector('select'); s.value = 'magma'; s.dispatchEvent(new Event('change')); })()");
        int coloured = page.evaluate(PIXELS).asInt();
        assertNotEquals(plain, coloured, "colours");
        page.evaluate("(() => { const s = " + panel
                + ".querySelectorAll('input')[1]; s.value = 128; s.dispatchEvent(new Event('input')); })()");
        assertNotEquals(coloured, page.evaluate(PIXELS).asInt(), "contrast");
        page.evaluate("window.saved = ''; HTMLAnchorElement.prototype.click = function() { saved = this.download; }; "
                + panel + ".querySelector('button').click()");
        for (int i = 0; i < 100 && page.evaluate("saved").asText().isEmpty(); i++) Thread.sleep(50);
        assertTrue(
                page.evaluate("saved").asText().matches("phase-space-time-model\\.png"),
                page.evaluate("saved").asText());
    }

    /** With all of its processes, which would go on writing into the profile while that is deleted. */
    private static void end(Process browser) throws Exception {
        List<ProcessHandle> all = Stream.concat(browser.descendants(), Stream.of(browser.toHandle()))
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle process : all) process.onExit().get(10, TimeUnit.SECONDS);
    }

    private static boolean installed(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /** A page of a browser, spoken to through the debugging protocol. */
    private record Page(HttpClient client, WebSocket socket, BlockingQueue<String> messages) implements AutoCloseable {
        private static final ObjectMapper JSON = new ObjectMapper();

        static Page open(Path profile) throws Exception {
            Path portFile = profile.resolve("DevToolsActivePort");
            for (int i = 0; i < 600 && !Files.exists(portFile); i++) Thread.sleep(50);
            List<String> lines = Files.readAllLines(portFile);
            HttpClient client = HttpClient.newHttpClient();
            String address = null;
            for (int i = 0; i < 100 && address == null; i++) {
                String pages = client.send(
                                HttpRequest.newBuilder(
                                                URI.create("http://127.0.0.1:" + lines.getFirst() + "/json/list"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .body();
                for (JsonNode page : JSON.readTree(pages))
                    if (page.get("type").asText().equals("page"))
                        address = page.get("webSocketDebuggerUrl").asText();
                if (address == null) Thread.sleep(50);
            }
            assertTrue(address != null, "the browser shows no page");
            BlockingQueue<String> messages = new LinkedBlockingQueue<>();
            WebSocket socket = client.newWebSocketBuilder()
                    .buildAsync(URI.create(address), new WebSocket.Listener() {
                        private final StringBuilder text = new StringBuilder();

                        @Override
                        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
                            text.append(data);
                            if (last) {
                                messages.add(text.toString());
                                text.setLength(0);
                            }
                            socket.request(1);
                            return null;
                        }
                    })
                    .get(10, TimeUnit.SECONDS);
            return new Page(client, socket, messages);
        }

        JsonNode evaluate(String script) throws Exception {
            socket.sendText(
                            JSON.writeValueAsString(JSON.createObjectNode()
                                    .put("id", 1)
                                    .put("method", "Runtime.evaluate")
                                    .set(
                                            "params",
                                            JSON.createObjectNode()
                                                    .put("expression", script)
                                                    .put("returnByValue", true))),
                            true)
                    .get(10, TimeUnit.SECONDS);
            String answer = messages.poll(20, TimeUnit.SECONDS);
            assertTrue(answer != null, "the browser did not answer");
            JsonNode result = JSON.readTree(answer).path("result");
            assertTrue(result.path("exceptionDetails").isMissingNode(), answer);
            return result.path("result").path("value");
        }

        @Override
        public void close() {
            socket.abort();
            client.shutdownNow();
        }
    }
}
