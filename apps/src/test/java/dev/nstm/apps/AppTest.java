package dev.nstm.apps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser: the whole way of a new user, and results of every instrument. */
class AppTest {
    /** Screenshots that the README shows, made by this test: with {@code -Dnstm.docs.write=true} they are renewed. */
    private static final Path PICTURES = Path.of("..", "docs", "images");

    /** Mean difference of shades, 0 to 255, of screens that show the same with other fonts. */
    private static final double SAME_SCREEN = 14;

    /** Hash of the pixels of a panel's picture. */
    private static final String PIXELS =
            "(() => { const c = document.querySelectorAll('.stack canvas:not(.above)')[%d]; const s = document.createElement('canvas'); s.width = c.width; s.height = c.height;"
                    + " const g = s.getContext('2d'); g.drawImage(c, 0, 0); const d = g.getImageData(0, 0, c.width, c.height).data;"
                    + " let h = 0, n = 0; for (let i = 0; i < d.length; i += 4) { h = (h * 31 + d[i] * 7 + d[i + 1] * 3 + d[i + 2]) | 0; if (d[i] > 60) n++; } return n > 100 ? h : 0; })()";

    @TempDir
    private Path directory;

    private Process server;
    private String address;

    private void serve(String... words) throws Exception {
        Path said = directory.resolve("said.txt");
        List<String> all = new ArrayList<>(List.of(words));
        all.add("--no-browser");
        server = CommandLineRunner.start(said, directory.resolve("wrong.txt"), all.toArray(String[]::new));
        for (int i = 0; i < 600 && !Files.readString(said).contains("Ctrl-C"); i++) Thread.sleep(50);
        String line = Files.readAllLines(said).getFirst();
        assertTrue(line.startsWith("open http://127.0.0.1:"), line);
        address = line.substring("open ".length());
    }

    @AfterEach
    void end() throws Exception {
        if (server == null) return;
        server.destroy();
        server.waitFor();
    }

    private void room(Browser page, String hash) throws Exception {
        page.go(address);
        page.evaluate("location.hash = '" + hash + "'");
    }

    private static int pixels(Browser page, int panel) throws Exception {
        return page.evaluate(PIXELS.formatted(panel)).asInt();
    }

    private static void untilDrawn(Browser page, int panels) throws Exception {
        page.until("document.querySelectorAll('.stack canvas:not(.above)').length >= " + panels);
        for (int panel = 0; panel < panels; panel++) page.until(PIXELS.formatted(panel) + " !== 0");
    }

    @Test
    void aNewUserComesFromADroppedFileToAFigure() throws Exception {
        Browser.assumeInstalled();
        Path lab = Files.createDirectory(directory.resolve("lab"));
        Path shots = directory.resolve("cells.npz");
        Path config = Files.writeString(directory.resolve("c.yaml"), """
                simulation: {height: 96, width: 128, noise: 0.01}
                optics: {wavelength: 0.525, numericalAperture: 0.25, pixelSize: 0.454}
                """);
        assertEquals(
                0,
                CommandLineRunner.run("simulate", config.toString(), "--out", shots.toString())
                        .exitCode());
        serve("app", lab.toString());
        try (Browser page = Browser.open(directory, 1280, 720)) {
            room(page, "new");
            drop(page, shots);
            untilDrawn(page, 1);
            assertTrue(Files.exists(lab.resolve("cells.npz")), "the file lies in the folder");
            page.until("document.querySelector('.verdict').textContent.includes('right')");
            aWrongValueIsToldAtOnce(page);
            page.evaluate("document.querySelectorAll('.form details').forEach(d => d.open = true)");
            page.set("training.epochs", "60");
            page.set("uncertainty.replicas", "0");
            page.evaluate("document.querySelectorAll('.form details').forEach(d => d.open = false)");
            page.until("document.querySelector('.verdict').textContent.includes('right')");
            assertTrue(page.evaluate("document.querySelector('.yaml').value")
                    .asText()
                    .contains("epochs: 60"));
            page.press("preview");
            page.until("document.body.innerText.includes('Preview after 60 of 60')");
            untilDrawn(page, 3);
            seen(page, "app-new");
            accessible(page);
            page.set("Name of the run", "first");
            page.press("start");
            page.until("document.querySelector('.state')?.innerText.includes('done')");
            untilDrawn(page, 2);
            seen(page, "app-runs");
            accessible(page);
            page.press("look at it");
            untilDrawn(page, 3);
            slidersMoveAndPixelsChange(page);
            seen(page, "app-view");
            accessible(page);
            aFigureComesOut(page);
            assertEquals(List.of(), page.complaints());
        }
        assertTrue(Files.exists(lab.resolve("first/report.html")), "the command line's results");
        assertTrue(Files.readString(lab.resolve("first.yaml")).contains("epochs: 60"), "and its configuration");
    }

    private static void drop(Browser page, Path file) throws Exception {
        String bytes = Base64.getEncoder().encodeToString(Files.readAllBytes(file));
        page.until("document.querySelector('.drop') !== null");
        page.evaluate(
                "(() => { const data = new DataTransfer(); data.items.add(new File([Uint8Array.from(atob('" + bytes
                        + "'), c => c.charCodeAt(0))], '" + file.getFileName()
                        + "')); document.querySelector('.drop').dispatchEvent(new DragEvent('drop', {dataTransfer: data, bubbles: true, cancelable: true})); })()");
    }

    private static void aWrongValueIsToldAtOnce(Browser page) throws Exception {
        page.evaluate("document.querySelectorAll('.form details').forEach(d => d.open = true)");
        page.set("training.epochs", "-3");
        page.until("document.querySelector('.verdict.wrong')?.textContent.includes('training.epochs')");
    }

    private static void slidersMoveAndPixelsChange(Browser page) throws Exception {
        page.key("Home");
        Thread.sleep(300);
        int first = pixels(page, 0);
        int still = pixels(page, 1);
        page.set("Time", "3");
        page.until(PIXELS.formatted(0) + " !== " + first);
        assertTrue(page.evaluate("document.querySelector('.toolbar output').textContent")
                .asText()
                .startsWith("4/4"));
        assertEquals(still, pixels(page, 1), "what is conventional does not move");
        page.key("m");
        page.until(PIXELS.formatted(1) + " !== " + still);
        page.set("Motion", "arrows");
        page.set("Tool", "line");
        Thread.sleep(500);
        JsonNode box = page.evaluate(
                "(() => { const b = document.querySelector('.stack').getBoundingClientRect(); return [b.left, b.top, b.width, b.height]; })()");
        double x = box.get(0).asDouble();
        double y = box.get(1).asDouble();
        double width = box.get(2).asDouble();
        double height = box.get(3).asDouble();
        page.drag(x + 0.2 * width, y + 0.6 * height, x + 0.8 * width, y + 0.4 * height);
        page.until("document.querySelectorAll('.kymograph').length === 3");
        page.set("Tool", "point");
        page.drag(x + 0.4 * width, y + 0.5 * height, x + 0.4 * width, y + 0.5 * height);
        page.until(
                "document.body.innerText.includes('Way from the first time') || [...document.querySelectorAll('svg .title')].some(t => t.textContent.includes('Way from'))");
    }

    private static void aFigureComesOut(Browser page) throws Exception {
        page.evaluate(
                "(() => { window.saved = {}; const made = {}; const make = URL.createObjectURL; URL.createObjectURL = blob => { const url = make.call(URL, blob); made[url] = blob; return url; };"
                        + " HTMLAnchorElement.prototype.click = function() { made[this.href].slice(0, 400).arrayBuffer().then(b => saved[this.download] = String.fromCharCode(...new Uint8Array(b))); }; })()");
        page.key("p");
        page.until("saved['figure.png'] !== undefined");
        assertTrue(page.evaluate("saved['figure.png']").asText().startsWith("\u0089PNG"));
        page.key("v");
        page.until("saved['figure.svg'] !== undefined");
        assertTrue(page.evaluate("saved['figure.svg']").asText().contains("phase"));
        page.key("e");
        page.until("saved['trajectories.csv'] !== undefined");
        assertTrue(page.evaluate("saved['trajectories.csv']").asText().startsWith("point,time,y"));
        page.press("movie");
        page.until("saved['movie.png'] !== undefined");
        assertTrue(page.evaluate("saved['movie.png']").asText().contains("acTL"), "an animated PNG");
    }

    /** Screens look as they did, but for fonts and noise; the README shows them. */
    private static void seen(Browser page, String name) throws Exception {
        Thread.sleep(700);
        BufferedImage now = page.picture(Path.of("target", "screens", name + ".png"));
        Path kept = PICTURES.resolve(name + ".png");
        if (Boolean.getBoolean("nstm.docs.write")) {
            Files.createDirectories(PICTURES);
            Files.copy(Path.of("target", "screens", name + ".png"), kept, StandardCopyOption.REPLACE_EXISTING);
        }
        double difference = difference(ImageIO.read(kept.toFile()), now);
        assertTrue(difference < SAME_SCREEN, name + " looks other than " + kept + ": by " + difference);
    }

    private static double difference(BufferedImage a, BufferedImage b) {
        int[] first = small(a);
        int[] second = small(b);
        double sum = 0;
        for (int i = 0; i < first.length; i++) sum += Math.abs(first[i] - second[i]);
        return sum / first.length;
    }

    /** Shades of a picture of few pixels. */
    private static int[] small(BufferedImage picture) {
        BufferedImage small = new BufferedImage(64, 36, BufferedImage.TYPE_BYTE_GRAY);
        Graphics2D draw = small.createGraphics();
        draw.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        draw.drawImage(picture.getScaledInstance(64, 36, java.awt.Image.SCALE_AREA_AVERAGING), 0, 0, null);
        draw.dispose();
        return small.getData().getSamples(0, 0, 64, 36, 0, (int[]) null);
    }

    /** What axe-core finds that is serious. */
    private static void accessible(Browser page) throws Exception {
        Path axe = Path.of("target", "node_modules", "axe-core", "axe.min.js");
        if (!Files.exists(axe)) return;
        page.evaluate(Files.readString(axe, StandardCharsets.UTF_8) + "; 0");
        JsonNode found = page.evaluate(
                "axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.filter(v => ['serious', 'critical'].includes(v.impact)).map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ') + ' ' + n.failureSummary).join('; ')))");
        assertEquals("[]", found.toString());
    }

    @Test
    void resultsOfEveryInstrumentAreShown() throws Exception {
        Browser.assumeInstalled();
        Path sim = directory.resolve("sim");
        Path lensless = directory.resolve("lensless");
        demo("sim", sim, "training.epochs=3", "simulation.height=48", "simulation.width=48");
        demo("lensless", lensless, "training.epochs=1");
        serve(
                "view",
                sim.toString(),
                lensless.toString(),
                sim.resolve("recon.ome.zarr").toString());
        try (Browser page = Browser.open(directory, 1280, 720)) {
            room(page, "view?result=sim");
            untilDrawn(page, 3);
            int middle = pixels(page, 0);
            page.set("Plane", "1");
            page.until(PIXELS.formatted(0) + " !== " + middle);
            for (String projection : List.of("xz", "yz", "max", "fourier")) {
                int before = pixels(page, 0);
                page.set("Projection", projection);
                page.until(PIXELS.formatted(0) + " !== " + before);
            }
            room(page, "view?result=lensless");
            untilDrawn(page, 3);
            int first = pixels(page, 0);
            page.key("End");
            page.until(PIXELS.formatted(0) + " !== " + first);
            for (String mode : List.of("swipe", "blink", "beside")) page.set("Compare", mode);
            assertTrue(page.evaluate("document.querySelector('.panel figcaption b').textContent")
                    .asText()
                    .contains("colours"));
            room(page, "view?result=recon.ome.zarr");
            untilDrawn(page, 2);
            assertEquals(List.of(), page.complaints());
        }
    }

    private static void demo(String name, Path out, String... settings) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("demo", name, "--out", out.toString()));
        for (String setting : settings) words.addAll(List.of("--set", setting));
        CommandLineRunner.Result result = CommandLineRunner.run(words.toArray(String[]::new));
        assertEquals(0, result.exitCode(), result.err());
    }
}
