package dev.nstm.apps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
        Browser.assumeInstalled();
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

        try (Browser page = Browser.open(directory, 1300, 1000)) {
            page.go(report.toUri().toString());
            page.until("document.querySelectorAll('#views canvas').length === 8");
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
            assertEquals(List.of(), page.complaints());
        }
    }

    private static void aPanelHasItsOwnContrastAndCanBeCompared(Browser page) throws Exception {
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
}
